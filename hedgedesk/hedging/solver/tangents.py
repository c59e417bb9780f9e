"""Convex functions of a position that are known by their tangents: the mean and CVaR of a loss, its deviation.

CVaR is the largest mean of the loss over tail weights ``0 <= q_s <= 1 / ((1 - alpha) S)`` that add to 1. The weights
that price one position are such weights everywhere else, so each pricing gives a tangent that is nowhere above the
function; and so do the weights of any part of the scenarios that is not smaller than the tail.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule
from hedgedesk.hedging.solver.rows import KeptPaths, Losses, PathRows, PlainRows

KEPT, KEPT_OF_MANY = 2.0, 1.6
"""The worst scenarios that are kept for the next pricings, as a multiple of the tail; a long tail moves less."""
LONG_TAIL = 20_000
"""Scenarios in a tail that is long."""
FEW = 0.7
"""Keeping more than this share of the scenarios spares nothing."""
MANY = 3_000
"""Fewer scenarios are priced at once: it costs less than the programmes that propose."""


@dataclass(frozen=True, eq=False)
class Touch:
    """Value of a function at a position, and the tangent there: ``value >= constant - slope @ h`` before lifting."""

    value: float
    """Without fees."""
    constant: float
    slope: Floats
    """(n,)."""


class Convex(Protocol):
    """A convex function of the position, fees left out."""

    def whole(self, position: Floats) -> Touch:
        """Price ``position`` (n,) over all scenarios."""
        ...

    def near(self, position: Floats) -> Touch:
        """Price it over the scenarios that were bad at the last whole pricing: perhaps too low, never too high."""
        ...

    @property
    def whole_is_near(self) -> bool:
        """Whether both pricings are one and the same."""
        ...

    def lifted(self, constants: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Tangents as stored (K,), (K, n) to tangents of the function."""
        ...


class TailMean:
    """``mean_weight x mean + tail_weight x CVaR`` of the losses of ``rows``."""

    def __init__(self, rows: Losses, level: float, mean_weight: float = 0.0, tail_weight: float = 1.0) -> None:
        self.rows, self._count = rows, (1.0 - level) * rows.size
        self._mean_weight, self._tail_weight = mean_weight, tail_weight
        self._mean = rows.mean() if mean_weight else (0.0, np.zeros(rows.n))
        self._kept: Losses | None = None

    @classmethod
    def of(cls, problem: CvarProblem) -> TailMean:
        """The objective of ``problem`` without its fees."""
        rows = PlainRows(problem.cost, problem.payoff)
        return cls(rows, problem.level, problem.mean_weight, problem.cvar_weight)

    @classmethod
    def of_rule(cls, rule: TailRule, *, rough: bool = False) -> TailMean:
        """The left side of ``rule`` without its fees; ``rough``: a path may be judged in float32."""
        slope: Any = rule.slope
        if rule.base.shape[1] == 1 and rule.floor == -np.inf and slope.dtype == np.float64:
            return cls(PlainRows(rule.base[:, 0], slope[:, 0, :]), rule.level)
        return cls((KeptPaths if rough else PathRows)(rule.base, slope, rule.floor), rule.level)

    @property
    def whole_is_near(self) -> bool:
        """Whether no scenario is spared."""
        return not self._tail_weight or self.rows.size < MANY or self._few >= FEW * self.rows.size

    @property
    def _few(self) -> int:
        return max(1, int((KEPT if self._count < LONG_TAIL else KEPT_OF_MANY) * self._count))

    def whole(self, position: Floats) -> Touch:
        """Price ``position`` over all scenarios, and keep the worst of them."""
        if not self._tail_weight:
            return self._touch(position, 0.0, np.zeros(self.rows.n))
        loss, which = self.rows.losses(position)
        if self.whole_is_near:
            self._kept = self.rows
            return self._priced(position, self.rows, loss, which)
        worst = np.flatnonzero(loss >= np.partition(loss, loss.size - self._few)[loss.size - self._few])
        # Many ties at the edge would keep nearly everything; any part that holds the tail will do.
        self._kept = self.rows if worst.size > FEW * loss.size else self.rows.taken(worst)
        if self._kept is self.rows:
            return self._priced(position, self.rows, loss, which)
        return self._priced(position, self._kept, loss[worst], None if which is None else which[worst])

    def near(self, position: Floats) -> Touch:
        """Price ``position`` over the scenarios kept."""
        if self._kept is None or not self._tail_weight:
            return self.whole(position)
        return self._priced(position, self._kept, *self._kept.losses(position))

    def _priced(self, position: Floats, rows: Losses, loss: Floats, which: NDArray[np.intp] | None) -> Touch:
        return self._touch(position, *rows.weighted(tail_weights_of(loss, self._count), which))

    def _touch(self, position: Floats, constant: float, slope: Floats) -> Touch:
        mean, tail = self._mean[0] - float(self._mean[1] @ position), constant - float(slope @ position)
        return Touch(self._mean_weight * mean + self._tail_weight * tail, constant, slope)

    def lifted(self, constants: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Tangents of CVaR to those of the weighted sum."""
        return (
            self._mean_weight * self._mean[0] + self._tail_weight * constants,
            self._mean_weight * self._mean[1] + self._tail_weight * slopes,
        )


def tail_weights_of(loss: Floats, count: float) -> Floats:
    """(R,) tail weights among ``loss`` (R,) when the tail holds ``count`` scenarios; ties share equally."""
    rank = min(loss.size, int(np.ceil(count - 1e-12)))
    threshold = np.partition(loss, loss.size - rank)[loss.size - rank]
    above = loss > threshold
    tied = loss == threshold
    weights = above / count
    weights[tied] = max(0.0, 1.0 - np.count_nonzero(above) / count) / np.count_nonzero(tied)
    return np.asarray(weights)


class Deviation:
    """Standard deviation of ``cost - payoff @ h`` from the covariance, worked out once."""

    whole_is_near = True

    def __init__(self, problem: CvarProblem) -> None:
        rows = PlainRows(problem.cost, problem.payoff)
        self._variance, self._with_cost, self._among = rows.covariance()

    def whole(self, position: Floats) -> Touch:
        """Deviation at ``position`` and its tangent; a perfect hedge is a kink, where 0 is a tangent."""
        pull = self._among @ position
        variance = self._variance - 2.0 * float(self._with_cost @ position) + float(position @ pull)
        deviation = float(np.sqrt(max(variance, 0.0)))
        if deviation <= 3e-7 * float(np.sqrt(self._variance)):
            return Touch(deviation, 0.0, np.zeros(position.size))
        slope = (self._with_cost - pull) / deviation
        return Touch(deviation, deviation + float(slope @ position), slope)

    def near(self, position: Floats) -> Touch:
        """The same."""
        return self.whole(position)

    def lifted(self, constants: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """As they are."""
        return constants, slopes


@dataclass(frozen=True, eq=False)
class Divided:
    """A function over ``size``; its tangents are stored as those of the function."""

    function: Convex
    size: float

    @property
    def whole_is_near(self) -> bool:
        """As the function."""
        return self.function.whole_is_near

    def whole(self, position: Floats) -> Touch:
        """Over all scenarios."""
        return self._over(self.function.whole(position))

    def near(self, position: Floats) -> Touch:
        """Over those kept."""
        return self._over(self.function.near(position))

    def _over(self, touch: Touch) -> Touch:
        return Touch(touch.value / self.size, touch.constant, touch.slope)

    def lifted(self, constants: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Those of the function, divided."""
        lifted, steep = self.function.lifted(constants, slopes)
        return lifted / self.size, steep / self.size


def objective_of(problem: CvarProblem) -> TailMean | Deviation:
    """The function that ``problem`` minimises, fees left out."""
    return Deviation(problem) if problem.variance else TailMean.of(problem)
