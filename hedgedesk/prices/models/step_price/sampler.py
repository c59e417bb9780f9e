"""The sampler of a price that stands still between its steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.events import AT_ONCE, JumpLaw, Risen


class StepSampler:
    """Walks a compound Poisson log price (protocol :class:`hedgedesk.prices.model.Sampler`).

    All steps of all paths between two dates are drawn together: their number is Poisson, each falls to any path. So
    only paths that move are touched.

    Parameters
    ----------
    sizes
        (m,) log sizes a step can have.
    rates
        (m,) how often each of them comes a year.
    gaps
        (N,) years between the dates.
    level
        (N,) what is added to the sum of the steps at each date; its first entry is at the beginning, so (N + 1,).
    growth
        Of the mean price per year.
    size
        Largest block.
    precision
        float32 or float64, of the log price.
    stale
        Years of the first gap before as_of.
    """

    normals = 0

    def __init__(
        self,
        sizes: Floats,
        rates: Floats,
        gaps: Floats,
        level: Floats,
        growth: float,
        size: int,
        precision: np.dtype[Any],
        stale: float = 0.0,
    ) -> None:
        self.direction = np.empty((gaps.size, 0))
        self._sizes = sizes.astype(precision)
        self._chances = np.cumsum(rates) / max(rates.sum(), np.finfo(float).tiny)
        self._expected = (rates.sum() * gaps).tolist()
        self._level = level.tolist()
        self._growth = growth
        self._sum = np.empty(size, precision)
        self._gaps, self._stale = gaps, stale
        up = sizes > 0
        self.rises = JumpLaw(tuple((rate, step, 0.0) for rate, step in zip(rates[up], sizes[up], strict=True)))
        """The steps upward (protocol :class:`hedgedesk.prices.events.Rising`)."""
        self._risen: Risen | None = None

    def watch_rises(self, speed: float) -> None:
        """Keep the upward steps of each gap, as what fades at ``speed`` a year has left of them."""
        years = np.concatenate([self._gaps[:1] - self._stale, self._gaps[1:]])
        self._risen = Risen(speed, years, self._sum.size, self._sum.dtype)

    @property
    def risen(self) -> Any:
        """(n,) upward steps of the present gap, where they are watched."""
        return None if self._risen is None else self._risen.log_size

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths; ``events`` draws the steps."""
        self._events, self._size, self._date = events, size, 0
        self._sum[:size] = 0.0
        if self._risen is not None:
            self._risen.start(size)

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Draw the steps until date number ``date`` and write the log prices (n,) into ``log_price``."""
        total = self._sum[: self._size]
        self._date = date + 1
        if self._risen is not None:
            self._risen.begin()
        left = int(self._events.poisson(self._expected[date] * self._size))
        while left > 0:
            count = min(left, AT_ONCE)
            chance = self._events.random(count)
            which = np.searchsorted(self._chances, chance, side="right")
            paths = self._events.integers(self._size, size=count)
            np.add.at(total, paths, self._sizes[which])
            if self._risen is not None:
                self._take_risen(self._risen, date, paths, which, chance)
            left -= count
        np.add(total, self._level[self._date], out=log_price)

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date, given the price, into ``out`` (n,)."""
        np.add(self._sum[: self._size], self._level[self._date] + self._growth * years, out=out)

    def _take_risen(self, risen: Risen, date: int, paths: Any, which: Any, chance: Any) -> None:
        # Where a number lies in the part that chose the step is uniform again, whatever was chosen: its time.
        ends = np.concatenate([[0.0], self._chances])
        since = (chance - ends[which]) / (ends[which + 1] - ends[which])
        risen.take(date, paths, np.maximum(self._sizes[which], 0.0), since * self._gaps[date])
