"""Scenarios as rows: their losses at a position, and what a weighted mix of them costs and gains.

Rows that are kept to be read again and again judge losses in float32, which only chooses the tail; every mix of rows,
and so every value and every tangent, is made in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats, Singles

BLOCK = 1 << 16
"""Numbers of a path that are brought to float64 at a time: the copy stays in the cache."""


TAME = 1e20
"""Sizes between this and its inverse, and their products, fit into float32."""


def _kind(*arrays: NDArray[Any]) -> type[Any]:
    """float32 where the numbers fit into it."""
    sizes = [max(float(array.max(initial=0.0)), -float(array.min(initial=0.0))) for array in arrays]
    return np.float32 if all(size == 0.0 or 1.0 / TAME < size < TAME for size in sizes) else np.float64


class Losses(Protocol):
    """Losses of scenarios that are linear in the position, or the largest of several that are."""

    @property
    def size(self) -> int:
        """Scenarios."""
        ...

    @property
    def n(self) -> int:
        """Positions."""
        ...

    def losses(self, position: Floats) -> tuple[NDArray[Any], NDArray[np.intp] | None]:
        """(R,) losses at ``position`` (n,), and which date made each; -1: the floor, None: there is one date.

        Of kept rows in float32, told from any centre.
        """
        ...

    def weighted(self, weights: Floats, which: NDArray[np.intp] | None) -> tuple[float, Floats]:
        """Constant and slope (n,) of the mix by ``weights`` (R,) of the rows ``which``."""
        ...

    def taken(self, rows: NDArray[np.intp]) -> Losses:
        """Those scenarios alone."""
        ...

    def mean(self) -> tuple[float, Floats]:
        """Constant and slope of the mean over all scenarios."""
        ...


@dataclass(frozen=True, eq=False)
class PlainRows:
    """Loss ``cost - payoff @ h``."""

    cost: Floats
    """(R,)."""
    payoff: Floats
    """(R, n)."""

    @property
    def size(self) -> int:
        """Scenarios."""
        return self.cost.size

    @property
    def n(self) -> int:
        """Positions."""
        return int(self.payoff.shape[1])

    def losses(self, position: Floats) -> tuple[Floats, None]:
        """(R,)."""
        loss = self.payoff @ position
        np.subtract(self.cost, loss, out=loss)
        return loss, None

    def weighted(self, weights: Floats, which: NDArray[np.intp] | None) -> tuple[float, Floats]:
        """Of rows that a tail leaves out most are skipped without being read."""
        if 4 * np.count_nonzero(weights) > weights.size:
            return float(weights @ self.cost), weights @ self.payoff
        rows = np.flatnonzero(weights)
        return float(weights[rows] @ self.cost[rows]), weights[rows] @ self.payoff[rows]

    def taken(self, rows: NDArray[np.intp]) -> KeptRows:
        """Those scenarios alone, kept to be read again and again."""
        return KeptRows(self.cost[rows], self.payoff[rows])

    def mean(self) -> tuple[float, Floats]:
        """Of the cost and of each payoff."""
        return float(self.cost.mean()), np.full(self.size, 1.0 / self.size) @ self.payoff

    def covariance(self) -> tuple[float, Floats, Floats]:
        """Variance of the cost, its covariance (n,) with the payoffs, and theirs (n, n), each over S."""
        cost, payoff = self.mean()
        total, among = np.zeros(self.n), np.zeros((self.n, self.n))
        for first in range(0, self.size, BLOCK):
            gain = self.payoff[first : first + BLOCK] - payoff
            total += (self.cost[first : first + BLOCK] - cost) @ gain
            among += gain.T @ gain
        return float(self.cost.var()), total / self.size, among / self.size


class KeptRows(PlainRows):
    """Rows whose losses are judged in float32, column by column."""

    @cached_property
    def _quick(self) -> tuple[Singles, Singles]:
        cost = self.cost - self.cost.mean()
        kind = _kind(cost, self.payoff)
        return cost.astype(kind), np.asfortranarray(self.payoff, dtype=kind)

    def losses(self, position: Floats) -> tuple[NDArray[Any], None]:
        """(R,) float32 less the mean cost."""
        cost, payoff = self._quick
        loss = payoff @ position.astype(payoff.dtype)
        return np.subtract(cost, loss, out=loss), None


@dataclass(frozen=True, eq=False)
class PathRows:
    """Loss ``max(floor, max over d of base[s, d] - slope[s, d] @ h)``."""

    base: Floats
    """(R, D)."""
    slope: Any
    """(R, D, n), float32 or float64."""
    floor: float

    @property
    def size(self) -> int:
        """Scenarios."""
        return len(self.base)

    @property
    def n(self) -> int:
        """Positions."""
        return int(self.slope.shape[2])

    def losses(self, position: Floats) -> tuple[Floats, NDArray[np.intp]]:
        """(R,), and the worst date of each."""
        loss, which = np.empty(self.size), np.empty(self.size, dtype=np.intp)
        step = max(1, BLOCK // max(1, self.base.shape[1] * self.n))
        for first in range(0, self.size, step):
            part = slice(first, first + step)
            base = self.base[part]
            slope = self.slope[part].astype(np.float64, copy=False).reshape(base.size, self.n)
            path = base - (slope @ position).reshape(base.shape)
            which[part] = path.argmax(axis=1)
            loss[part] = np.take_along_axis(path, which[part, None], axis=1)[:, 0]
        low = loss < self.floor
        loss[low], which[low] = self.floor, -1
        return loss, which

    def weighted(self, weights: Floats, which: NDArray[np.intp] | None) -> tuple[float, Floats]:
        """Each row at its worst date, or at the floor."""
        dates = np.zeros(self.size, dtype=np.intp) if which is None else which
        above = np.flatnonzero((weights != 0) & (dates >= 0))
        share, date = weights[above], dates[above]
        resting = float(weights.sum() - share.sum()) * self.floor if above.size < np.count_nonzero(weights) else 0.0
        slope = share @ self.slope[above, date].astype(np.float64, copy=False)
        return resting + float(share @ self.base[above, date]), slope

    def taken(self, rows: NDArray[np.intp]) -> KeptPaths:
        """Those scenarios alone, kept to be read again and again."""
        return KeptPaths(self.base[rows], self.slope[rows], self.floor)

    def mean(self) -> tuple[float, Floats]:
        """Of a single date without a floor."""
        return float(self.base[:, 0].mean()), np.asarray(self.slope[:, 0].mean(axis=0, dtype=np.float64))


class KeptPaths(PathRows):
    """Paths whose losses are judged in float32, column by column."""

    @cached_property
    def _quick(self) -> tuple[float, Singles, Singles]:
        centre = float(self.base.mean())
        base, flat = self.base - centre, self.slope.reshape(-1, self.n)
        kind = _kind(base, flat)
        return centre, base.astype(kind), np.asfortranarray(flat, dtype=kind)

    def losses(self, position: Floats) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """(R,) float32 less the mean base, and the worst date of each."""
        centre, base, slope = self._quick
        path = base - (slope @ position.astype(slope.dtype)).reshape(base.shape)
        which = path.argmax(axis=1)
        loss = np.take_along_axis(path, which[:, None], axis=1)[:, 0]
        low = loss < self.floor - centre
        loss[low], which[low] = self.floor - centre, -1
        return loss, which
