"""Mean and CVaR of a loss by replications, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import TailMeasure
from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.sampling.points import Loss, PlainPoints, SobolPoints, tail_shift
from hedgedesk.prices.sampling.rotation import Rotation, States, rotation
from hedgedesk.prices.sampling.tail import at_risk, tail_mean_from

REPLICATIONS = 16
"""Independent ones; their spread is the standard error, to about a fifth of itself."""
FEWEST_POINTS = 256
"""Of a replication: fewer leave its tail to a handful."""
PER_CALL = 8_192
"""Most normals given to a loss at once, so that its work stays in the cache."""
DISAGREE = 4.0
"""Standard errors between importance sampling and Sobol points beyond which the former is not believed. An error told
by 16 replications is uncertain itself: at 2 of them every sixth good answer is refused; a missed peak is tens away."""
POINTS, SHIFTED, ROTATION = 0, 1_000_000, 2_000_000
"""Numbers of the streams of a measurement's replications, plain or Sobol and shifted, and of its rotation."""

_Points = Callable[[np.random.Generator], PlainPoints | SobolPoints]


@dataclass(frozen=True, slots=True)
class Target:
    """How sharply to measure, and with how much work at most."""

    level: float = 0.95
    """Of the CVaR."""
    scenarios: int = 65_536
    """Most of them, over all replications of one way of sampling."""
    relative_error: float | None = None
    """Standard error as a share of the estimate at which drawing stops; None: use all ``scenarios``."""
    seed: int = 1

    @property
    def points(self) -> int:
        """Most points of a replication: a power of 2."""
        return max(FEWEST_POINTS, 1 << (max(self.scenarios // REPLICATIONS, 1).bit_length() - 1))


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A number, its standard error, and what it took."""

    value: float
    standard_error: float
    scenarios: int
    reached: bool


def measured(
    loss: Loss, dimensions: int, sampling: str, target: Target, *, states: States | None = None, tick: Tick = silent
) -> TailMeasure:
    """Mean and CVaR of ``loss`` over ``dimensions`` independent standard normals.

    Every round doubles the points of each of the 16 replications, until the standard error is small enough. By
    importance sampling the CVaR comes from shifted points and the mean from Sobol points of their own; where the two
    disagree on the CVaR by more than 4 standard errors (a tail with a second peak, which a shift towards the first one
    misses), or the shift only made it worse, Sobol points measure both.

    Parameters
    ----------
    loss
        From normals (D, n) to losses (n,).
    dimensions
        D.
    sampling
        plain, sobol or importance.
    states
        What the loss is made of, in logarithms, for the principal directions; None: only gradients lead.

    Returns
    -------
    TailMeasure
        ``sampling`` is what has measured the CVaR in the end.
    """
    run = _Runs(loss, dimensions, target, tick)
    if sampling == "plain":
        return _told("plain", run.both(lambda random: PlainPoints(dimensions, random), POINTS))
    turned = rotation(loss, dimensions, run.events, states)

    def unshifted(random: np.random.Generator) -> SobolPoints:
        return SobolPoints(turned.basis, 0.0, random)

    if sampling == "importance" and not turned.flat:
        mean, rough = run.both(unshifted, POINTS, mean_decides=True)
        tail = run.tail(_shifted(turned, target.level), SHIFTED)
        if _believed(tail, rough):
            return _told("importance", (mean, tail))
    return _told("sobol", run.both(unshifted, POINTS))


def _shifted(turned: Rotation, level: float) -> _Points:
    """Points moved along the gradient into the tail, were the loss linear."""
    shift = tail_shift(level)
    return lambda random: SobolPoints(turned.basis, shift, random)


def _believed(shifted: _Estimate, plain: _Estimate) -> bool:
    apart = abs(shifted.value - plain.value)
    error = float(np.hypot(shifted.standard_error, plain.standard_error))
    return apart <= DISAGREE * error and shifted.standard_error <= plain.standard_error


def _told(sampling: str, estimates: tuple[_Estimate, _Estimate]) -> TailMeasure:
    mean, tail = estimates
    return TailMeasure(
        sampling=sampling,
        scenarios=mean.scenarios + (tail.scenarios if sampling == "importance" else 0),
        replications=REPLICATIONS,
        mean=mean.value,
        mean_standard_error=mean.standard_error,
        cvar=tail.value,
        cvar_standard_error=tail.standard_error,
        reached=mean.reached and tail.reached,
    )


class _Runs:
    """Rounds of replications of one loss."""

    def __init__(self, loss: Loss, dimensions: int, target: Target, tick: Tick) -> None:
        self._loss, self._dimensions, self._target, self._tick = loss, dimensions, target, tick

    def events(self) -> np.random.Generator:
        """The same generator each time, for differences."""
        return generator(self._target.seed, Stream.SAMPLING, ROTATION)

    def both(self, points: _Points, stream: int, *, mean_decides: bool = False) -> tuple[_Estimate, _Estimate]:
        """Mean and CVaR of unweighted points, drawn until both are sharp enough, or the mean is."""
        mean, tail = self._until_sharp(points, stream, (_means, self._tails), decisive=1 if mean_decides else 2)
        return mean, tail

    def tail(self, points: _Points, stream: int) -> _Estimate:
        """CVaR of weighted points."""
        return self._until_sharp(points, stream, (self._tails,), decisive=1)[0]

    def _tails(self, replications: Sequence[_Replication]) -> list[float]:
        """CVaR of each from the loss at risk of all together, so that their mean is the CVaR of all together.

        From a loss at risk of its own each would lie closer to the others than all of them lie to the truth.
        """
        level = self._target.level
        weights = [r.weights for r in replications if r.weights is not None]
        start = at_risk(
            np.concatenate([r.losses for r in replications]), level, np.concatenate(weights) if weights else None
        )
        return [tail_mean_from(start, r.losses, level, r.weights) for r in replications]

    def _until_sharp(
        self, points: _Points, stream: int, estimators: tuple[_Estimator, ...], *, decisive: int
    ) -> tuple[_Estimate, ...]:
        seed, most = self._target.seed, self._target.points
        replications = [
            _Replication(self._loss, points, generator(seed, Stream.SAMPLING, stream + i)) for i in range(REPLICATIONS)
        ]
        upto = most if self._target.relative_error is None else FEWEST_POINTS
        while True:
            for i, replication in enumerate(replications):
                replication.extend(upto)
                self._tick(upto * (i + 1) / (most * REPLICATIONS), "Measuring the plan")
            found = tuple(self._estimate(replications, estimator) for estimator in estimators)
            if upto >= most or all(estimate.reached for estimate in found[:decisive]):
                return found
            upto *= 2

    def _estimate(self, replications: Sequence[_Replication], estimator: _Estimator) -> _Estimate:
        each = estimator(replications)
        value, error = float(np.mean(each)), float(np.std(each, ddof=1) / np.sqrt(len(each)))
        scenarios = sum(r.losses.size for r in replications)
        asked = self._target.relative_error
        return _Estimate(value, error, scenarios, asked is None or error <= asked * abs(value))


class _Replication:
    """One independent set of points that can be drawn on."""

    def __init__(self, loss: Loss, points: _Points, random: np.random.Generator) -> None:
        self._loss, self._points, self._random = loss, points(random), random
        self.losses: Floats = np.empty(0)
        self.weights: Floats | None = None

    def extend(self, upto: int) -> None:
        """Draw until there are ``upto`` points, a power of 2."""
        losses, weights = [self.losses], [] if self.weights is None else [self.weights]
        done = self.losses.size
        while done < upto:
            normals, counted = self._points.next(min(PER_CALL, max(done, FEWEST_POINTS), upto - done))
            losses.append(self._loss(normals, self._random))
            weights += [] if counted is None else [counted]
            done += losses[-1].size
        self.losses = np.concatenate(losses)
        self.weights = np.concatenate(weights) if weights else None


_Estimator = Callable[[Sequence[_Replication]], list[float]]
"""One estimate a replication."""


def _means(replications: Sequence[_Replication]) -> list[float]:
    return [float(r.losses.mean()) for r in replications]
