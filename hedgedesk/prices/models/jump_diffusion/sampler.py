"""Exact draws of log prices whose first factor jumps: a Gaussian step, then the few jumps of the block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.events import JumpLaw, Risen, drawn
from hedgedesk.prices.models.jump_diffusion.jumps import SIDES, SignedJumps, log_growth


@dataclass(frozen=True, eq=False)
class JumpSteps(ArrayHolder):
    """What a sampler needs of a model: ln S is the sum of its factors and of a fixed path.

    Factors start at 0 and revert each at its own speed; the first one jumps.
    """

    years: Floats
    """(N,) dates after as_of, rising."""
    elapsed: Floats
    """(N,) years stepped to each date."""
    speeds: Floats
    """(F,) kappa of each factor; 0: it does not revert."""
    roots: Floats
    """(N, F, F) lower triangular root of the covariance of the Gaussian shocks of each step."""
    jumps: SignedJumps

    @property
    def direction(self) -> Floats:
        """(N, F) unit vectors: what the normals of a step do to the log price."""
        gathered = self.roots.sum(axis=1)
        length = np.linalg.norm(gathered, axis=1, keepdims=True)
        first = np.eye(1, gathered.shape[1])
        return np.asarray(np.where(length > 0, gathered / np.where(length > 0, length, 1.0), first))


class JumpSampler:
    """Walks blocks of paths; see :class:`hedgedesk.prices.model.Sampler`.

    Parameters
    ----------
    steps
        Dates, speeds, shocks and jumps.
    path
        ln S at given years after as_of, less the sum of the factors: a function of (N,) years.
    variance
        Gaussian variance of ln S gathered over given years, the factors being known at their start.
    size
        Largest block.
    precision
        float32 or float64.
    """

    def __init__(
        self,
        steps: JumpSteps,
        path: Callable[[Floats], Floats],
        variance: Callable[[float], float],
        size: int,
        precision: np.dtype[Any],
    ) -> None:
        self.normals = steps.speeds.size
        self.direction = steps.direction
        self._steps = steps
        self._gaps = np.diff(steps.elapsed, prepend=0.0)
        self._path, self._offsets = path, path(steps.years)
        self._variance = variance
        self._growth: dict[float, float] = {}
        self._buffer = np.empty((self.normals + 1, size), precision)
        self._date = 0
        self._risen: Risen | None = None

    @property
    def rises(self) -> JumpLaw:
        """The jumps upward (protocol :class:`hedgedesk.prices.events.Rising`)."""
        return JumpLaw((self._steps.jumps.sides[SIDES.index("up")],))

    def watch_rises(self, speed: float) -> None:
        """Keep the upward jumps of each step, as what fades at ``speed`` a year has left of them."""
        years = np.diff(self._steps.years, prepend=0.0)
        self._risen = Risen(speed, years, self._buffer.shape[1], self._buffer.dtype)

    @property
    def risen(self) -> Any:
        """(n,) upward jumps of the present step, where they are watched."""
        return None if self._risen is None else self._risen.log_size

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths; ``events`` draws the jumps."""
        self._events = events
        self._factors, self._work = self._buffer[:-1, :size], self._buffer[-1, :size]
        self._factors.fill(0.0)
        if self._risen is not None:
            self._risen.start(size)

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` and write the log prices."""
        root, gap = self._steps.roots[date], self._gaps[date]
        for i, factor in enumerate(self._factors):
            factor *= float(np.exp(-self._steps.speeds[i] * gap))
            for j in range(i + 1):
                np.multiply(normals[j], float(root[i, j]), out=self._work)
                factor += self._work
        self._jump(date)
        np.add(self._factors[0], float(self._offsets[date]), out=log_price)
        for factor in self._factors[1:]:
            log_price += factor
        self._date = date

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date given the factors: exact, so that it obeys the tower law."""
        for i, factor in enumerate(self._factors):
            left = float(np.exp(-self._steps.speeds[i] * years))
            np.multiply(factor, left, out=out if i == 0 else self._work)
            if i:
                out += self._work
        later = np.array([self._steps.years[self._date] + years])
        out += float(self._path(later)[0]) + self._convexity(years)

    def sample(self, generator: np.random.Generator) -> Floats:
        """Draw one block of the largest size: (size, N) log prices."""
        size = self._buffer.shape[1]
        paths = np.empty((self._gaps.size, size), self._buffer.dtype)
        self.start(generator, size)
        for date in range(self._gaps.size):
            self.step(date, generator.standard_normal((self.normals, size), self._buffer.dtype), paths[date])
        return paths.T

    def _convexity(self, years: float) -> float:
        if years not in self._growth:
            jumped = log_growth(self._steps.jumps, float(self._steps.speeds[0]), years)
            self._growth[years] = 0.5 * self._variance(years) + float(jumped)
        return self._growth[years]

    def _jump(self, date: int) -> None:
        """Add the jumps of one step to the paths they fall on; those upward are told to who follows them."""
        factor, gap, risen = self._factors[0], float(self._gaps[date]), self._risen
        if risen is not None:
            risen.begin()
        for sign, side in zip(SIDES, self._steps.jumps.sides, strict=True):
            for paths, sizes, since in drawn(self._events, side, gap, factor.size):
                if risen is not None and sign == "up":
                    risen.take(date, paths, sizes, gap * since)
                sizes *= np.exp(-self._steps.speeds[0] * gap * since)
                np.add.at(factor, paths, sizes.astype(factor.dtype))
