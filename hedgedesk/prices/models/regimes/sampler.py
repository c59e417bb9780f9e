"""The sampler of a log price whose changes depend on a hidden regime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.regimes.chain import RegimeChain, positions


class RegimeSampler:
    """Walks regimes step by step and the price from date to date (protocol :class:`hedgedesk.prices.model.Sampler`).

    Between two dates lie the end of one step, whole steps, and the beginning of another: given the regimes the change
    is normal, with the sums of their means and variances, so one normal per path and date is enough.

    Parameters
    ----------
    chain
        Of the regimes.
    steps
        (N,) position of each date, in steps from the newest price.
    level
        (N,) what is added to the sum of the changes at each date.
    ahead
        Position of, and level at, a number of years after a date; -1 is the beginning.
    size
        Largest block.
    precision
        float32 or float64, of the log price.
    """

    normals = 1

    def __init__(
        self,
        chain: RegimeChain,
        steps: Floats,
        level: Floats,
        ahead: Callable[[int, float], tuple[float, float]],
        size: int,
        precision: np.dtype[Any],
    ) -> None:
        self.direction = np.ones((steps.size, 1))
        self._chain, self._ahead = chain, ahead
        self._plan = _plan(steps)
        self._position = [*steps.tolist(), 0.0]
        self._level = level.tolist()
        self._mean, self._variance = chain.mean.astype(precision), (chain.sd**2).astype(precision)
        # Row i: chance of a regime up to number i after each regime.
        self._upto = np.cumsum(chain.transition, axis=0)[:-1]
        self._regime, self._next = np.empty(size, np.int64), np.empty(size, np.int64)
        self._sum, self._spread, self._work = (np.empty(size, precision) for _ in range(3))
        self._uniform, self._bound = np.empty(size), np.empty(size)
        self._above = np.empty(size, np.bool_)

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths; ``events`` draws the regimes, the first from what the history shows."""
        self._events, self._size, self._date = events, size, -1
        self._sum[:size] = 0.0
        uniform, regime = self._uniform[:size], self._regime[:size]
        events.random(out=uniform)
        regime[:] = 0
        for bound in np.cumsum(self._chain.start)[:-1]:
            np.add(regime, np.greater(uniform, bound, out=self._above[:size]), out=regime)

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` and write the log prices (n,) into ``log_price``; ``normals`` (1, n) stay."""
        total, spread, work = (row[: self._size] for row in (self._sum, self._spread, self._work))
        spread[:] = 0.0
        for begins, part in self._plan[date]:
            if begins:
                self._switch()
            for of_regime, row in ((self._mean, total), (self._variance, spread)):
                np.take(of_regime * part, self._regime[: self._size], out=work, mode="clip")
                np.add(row, work, out=row)
        np.sqrt(spread, out=spread)
        np.multiply(spread, normals[0], out=spread)
        np.add(total, spread, out=total)
        self._date = date
        np.add(total, self._level[date], out=log_price)

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date, given price and regime, into ``out`` (n,)."""
        position, level = self._ahead(self._date, years)
        now = self._position[self._date]
        growth = self._chain.log_growth_ahead(now, position - now) + level
        np.take(growth.astype(out.dtype), self._regime[: self._size], out=out, mode="clip")
        np.add(out, self._sum[: self._size], out=out)

    def _switch(self) -> None:
        """Draw the regime of the next step of every path."""
        regime, following = self._regime[: self._size], self._next[: self._size]
        uniform, bound = self._uniform[: self._size], self._bound[: self._size]
        above = self._above[: self._size]
        self._events.random(out=uniform)
        following[:] = 0
        for upto in self._upto:
            np.take(upto, regime, out=bound, mode="clip")
            np.greater(uniform, bound, out=above)
            np.add(following, above, out=following)
        regime[:] = following


def _plan(steps: Floats) -> list[list[tuple[bool, float]]]:
    """For each date the steps on the way to it: whether each begins there, and how much of it lies there."""
    whole, part = positions(steps)
    plan, last, done = [], -1, 1.0
    for number, until in zip(whole.tolist(), part.tolist(), strict=True):
        way: list[tuple[bool, float]] = []
        if last == number:
            way.append((False, until - done))
        else:
            if done < 1.0:
                way.append((False, 1.0 - done))
            way += [(True, 1.0)] * (number - last - 1)
            way.append((True, until))
        plan.append(way)
        last, done = number, until
    return plan
