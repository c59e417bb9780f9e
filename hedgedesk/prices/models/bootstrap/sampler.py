"""The sampler of resampled changes, block of paths by block of paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.bootstrap.blocks import BlockChain


class BlockSampler:
    """Walks paths through the history's changes (protocol :class:`hedgedesk.prices.model.Sampler`).

    Parameters
    ----------
    chain
        What is drawn.
    steps
        (N,) changes drawn until each date.
    level
        (N,) what is added to their sum at each date.
    ahead
        Changes until, and level at, a number of years after a date; -1 is the beginning.
    size
        Largest block.
    precision
        float32 or float64, of the log price.
    """

    normals = 0

    def __init__(
        self,
        chain: BlockChain,
        steps: Floats,
        level: Floats,
        ahead: Callable[[int, float], tuple[int, float]],
        size: int,
        precision: np.dtype[Any],
    ) -> None:
        self.direction = np.empty((steps.size, 0))
        self._chain, self._ahead = chain, ahead
        self._draws = np.diff(steps.astype(np.int64), prepend=0).tolist()
        self._drawn = [*steps.astype(np.int64).tolist(), 0]
        self._level = level.tolist()
        self._changes = chain.changes.astype(precision)
        self._sum = np.empty(size, precision)
        self._move = np.empty(size, precision)
        self._last = np.empty(size, np.int64)
        self._uniform = np.empty(size)
        self._fresh = np.empty(size, np.bool_)

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths; ``events`` draws the changes."""
        self._events, self._size, self._date, self._begun = events, size, -1, False
        self._sum[:size] = 0.0
        self._last[:size] = self._changes.size

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Draw the changes until date number ``date`` and write the log prices (n,) into ``log_price``."""
        total = self._sum[: self._size]
        move = self._move[: self._size]
        for _ in range(self._draws[date]):
            np.take(self._changes, self._advanced(), out=move, mode="clip")
            np.add(total, move, out=total)
        self._date = date
        np.add(total, self._level[date], out=log_price)

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date, given each path's last change, into ``out`` (n,)."""
        steps, level = self._ahead(self._date, years)
        growth = self._chain.log_growth(steps - self._drawn[self._date]) + level
        np.take(growth.astype(out.dtype), self._last[: self._size], out=out, mode="clip")
        np.add(out, self._sum[: self._size], out=out)

    def _advanced(self) -> Any:
        """The next change of each path: the following one, or any where a new block begins."""
        last, uniform = self._last[: self._size], self._uniform[: self._size]
        fresh, count = self._fresh[: self._size], self._changes.size
        self._events.random(out=uniform)
        # Below p a block begins, and the same number over p says with which change; the first change begins one always.
        restart = self._chain.restart if self._begun else 1.0
        self._begun = True
        np.less(uniform, restart, out=fresh)
        np.multiply(uniform, count / restart, out=uniform)
        np.add(last, 1, out=last)
        np.copyto(last, uniform, where=fresh, casting="unsafe")
        np.remainder(last, count, out=last)
        return last
