"""Events that several prices share: jumps with a known law, and a price's upward ones as others are hit by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats

NODES = 32
AT_ONCE = 4_096
"""Jumps drawn at a time, so that no array of them outgrows the cache however often the price jumps."""


@dataclass(frozen=True, slots=True)
class JumpLaw:
    """Jumps of a log price: compound Poisson, each fading with the price's own reversion.

    Example: 0.5 jumps a year of x 2 raise a mean level by 0.5 (2 - 1) = 50% a year, which is taken off the path of
    a price that is stated to stay where it is.
    """

    sides: tuple[tuple[float, float, float], ...]
    """(rate a year, mean, standard deviation) of the normal log sizes of each kind."""

    @property
    def rate(self) -> float:
        """Jumps a year."""
        return sum(rate for rate, _, _ in self.sides)

    @property
    def mean(self) -> float:
        """Log size of a jump of any kind."""
        return sum(rate * mean for rate, mean, _ in self.sides) / self.rate if self.rate else 0.0

    def scaled(self, factor: float) -> JumpLaw:
        """The same jumps, each ``factor`` times as large in logarithms."""
        return JumpLaw(tuple((rate, mean * factor, abs(factor) * spread) for rate, mean, spread in self.sides))

    def log_growth(self, years: float, speed: float) -> float:
        """Logarithm of what the jumps multiply the mean level by over ``years``; see :func:`log_growth`."""
        if speed > 0:
            return float(log_growth(self.sides, speed, years))
        return float(years * sum(rate * np.expm1(mean + 0.5 * spread**2) for rate, mean, spread in self.sides))

    def drift_over(self, years: float, speed: float) -> float:
        """Mean that the jumps leave in the log after ``years``."""
        held = -float(np.expm1(-speed * years)) / speed if speed > 0 else years
        return self.rate * self.mean * held

    def compensation(self, years: float, speed: float) -> float:
        """What is taken off the log so that the jumps leave alone what is stated of the price.

        That is the mean level of one that never returns, and the mean log of one that does.
        """
        return self.drift_over(years, speed) if speed > 0 else self.log_growth(years, speed)


def log_growth(sides: Iterable[tuple[Any, Any, Any]], kappa: Any, years: Any, nodes: int = NODES) -> Any:
    """Logarithm of what jumps multiply the mean price by over ``years``, shaped like it.

    lambda integral_0^T [M(exp(-kappa u)) - 1] du over the jumps of each side, M(a) = exp(a m + a^2 s^2 / 2). With
    a = exp(-kappa u) the integral is that of (M(a) - 1) / (kappa a) from exp(-kappa T) to 1: smooth whatever
    kappa is, so that 32 Gauss-Legendre nodes are exact to rounding, where u itself would need more for a large kappa.
    ``kappa`` is above 0. Parameters are numbers, or arrays that broadcast against ``years``.
    """
    places, weights = _gauss_legendre(nodes)
    width = -np.expm1(-kappa * np.asarray(years, dtype=np.float64))
    left = 1.0 - width[..., None] * places
    total = np.zeros_like(left)
    for rate, mean, spread in sides:
        rate, mean, spread = (np.asarray(part)[..., None] for part in (rate, mean, spread))
        total = total + rate * np.expm1(left * mean + 0.5 * (left * spread) ** 2) / left
    return (total @ weights) * width / kappa


@cache
def _gauss_legendre(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights on 0 to 1."""
    places, weights = np.polynomial.legendre.leggauss(nodes)
    return 0.5 * (places + 1.0), 0.5 * weights


def drawn(
    random: np.random.Generator, side: tuple[float, float, float], years: float, paths: int
) -> Iterator[tuple[NDArray[np.int64], Floats, Floats]]:
    """Jumps of one kind on all paths of a block in a step of ``years``: (count,) path, log size and share of the step.

    All paths together jump Poisson(rate years n) times, each time on any path with equal chance: the same law as a
    Poisson number for every path, drawn only for those that jump. The share, uniform, is of the time from the jump to
    the end of the step. At most :data:`AT_ONCE` come together.
    """
    rate, mean, spread = side
    left = int(random.poisson(rate * years * paths))
    while left > 0:
        count = min(left, AT_ONCE)
        sizes = random.standard_normal(count)
        sizes *= spread
        sizes += mean
        since = random.random(count)
        yield random.integers(paths, size=count), sizes, since
        left -= count


@runtime_checkable
class Rising(Protocol):
    """What the sampler of a model with jumps offers besides: those upward, which hit more than the token."""

    rises: JumpLaw
    """Of the upward jumps."""

    def watch_rises(self, speed: float) -> None:
        """Keep the upward jumps of each step from now on, as what fades at ``speed`` a year has left of them."""
        ...

    @property
    def risen(self) -> Any:
        """(n,) sum of the upward jumps of the present step since as_of; 0 where there was none.

        A view that the next step overwrites, and whoever reads it may.
        """
        ...


@dataclass(frozen=True, slots=True)
class Following:
    """How another price is hit by a token's upward jumps."""

    share: float
    """Of the token's log jump."""
    speed: float
    """At which that price forgets, per year; 0: never."""


class Risen:
    """The upward jumps of a block in its present step, kept for who follows them.

    Parameters
    ----------
    speed
        At which a jump fades for who follows, per year.
    years
        (N,) of each step that count: what jumped before as_of is in everybody's price already.
    size
        Largest block.
    precision
        float32 or float64.
    """

    def __init__(self, speed: float, years: Floats, size: int, precision: np.dtype[Any]) -> None:
        self._speed, self._years = speed, years.tolist()
        self._row = np.zeros(size, precision)
        self.log_size = self._row
        """(n,) of the present step."""

    def start(self, size: int) -> None:
        """Begin a block of ``size`` paths."""
        self.log_size = self._row[:size]

    def begin(self) -> None:
        """Begin a step, in which nothing has jumped yet."""
        self.log_size.fill(0.0)

    def take(self, date: int, paths: Any, sizes: Any, ago: Any) -> None:
        """Add jumps (count,) of the step to date number ``date`` that fell ``ago`` years before it."""
        left = sizes * np.exp(-self._speed * ago)
        left *= ago <= self._years[date]
        np.add.at(self.log_size, paths, left.astype(self._row.dtype))
