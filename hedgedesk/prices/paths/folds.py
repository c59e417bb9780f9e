"""What is kept of a block while it walks: folds see every date in the cache and store only what they are for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.joint import JointDrivers
from hedgedesk.prices.paths.tokens import Token

LINE = 16
"""Single numbers in a cache line."""


def rows_apart(count: int, size: int, precision: np.dtype[Any]) -> Any:
    """Empty rows (count, size) that do not start a power of two apart.

    Such rows share the same few places of the cache, and reading across them, as gathering does, costs many times more.
    """
    return np.empty((count, size + LINE), precision)[:, :size]


@dataclass(slots=True)
class Present:
    """The state of a block on one date; arrays (n,) are views that the next date overwrites."""

    date: int
    log_price: Any
    """Of the index."""
    price: Any
    """The index."""
    paid: Any
    """What a token costs: the index, and what peak hours put on it."""
    token: Token
    joint: JointDrivers | None


class Fold(Protocol):
    """Looks at each date of a block in turn, in buffers that it keeps between blocks."""

    def start(self, size: int) -> None:
        """Begin a block of ``size`` paths."""
        ...

    def see(self, now: Present) -> None:
        """Take what is wanted from the present date."""
        ...


class MonthAverages:
    """Average of ``look`` over the dates of each month: ``rows`` (T, n)."""

    def __init__(
        self, look: Callable[[Present], Any], months: int, per_month: int, size: int, precision: np.dtype[Any]
    ) -> None:
        self._look, self._per_month = look, per_month
        self._whole = rows_apart(months, size, precision)
        self.start(size)

    def start(self, size: int) -> None:
        """Begin a block of ``size`` paths."""
        self.rows = self._whole[:, :size]

    def see(self, now: Present) -> None:
        """Add the present date to its month; months past the horizon are not kept."""
        month, place = divmod(now.date, self._per_month)
        if month >= len(self.rows):
            return
        row = self.rows[month]
        if place == 0:
            np.copyto(row, self._look(now))
            return
        np.add(row, self._look(now), out=row)
        if place == self._per_month - 1:
            np.multiply(row, 1.0 / self._per_month, out=row)


class Settlements:
    """Final settlement of each contract, the mean of its prints: ``rows`` (K, n).

    Until a contract's last print its row is the sum of the prints so far.
    """

    def __init__(self, prints: Sequence[slice], size: int, precision: np.dtype[Any]) -> None:
        self.prints = prints
        self._whole = rows_apart(len(prints), size, precision)
        self.start(size)

    def start(self, size: int) -> None:
        """Begin a block of ``size`` paths."""
        self.rows = self._whole[:, :size]
        self.rows.fill(0.0)

    def see(self, now: Present) -> None:
        """Add the present date to the contracts that print on it."""
        for cut, row in zip(self.prints, self.rows, strict=True):
            if cut.start <= now.date < cut.stop:
                np.add(row, now.price, out=row)
                if now.date == cut.stop - 1:
                    np.multiply(row, 1.0 / (cut.stop - cut.start), out=row)


class FuturesPrices:
    """Each contract's futures price on some dates, what margin is called on: ``rows`` (D, K, n) float32.

    The mean of what its prints are expected to be; those that have been printed count as they were, and from the last
    one on it is the final settlement.

    Parameters
    ----------
    dates
        D rising numbers of the grid.
    years
        (N,) of the grid.
    settlements
        Of the same block; must see each date before this fold does.
    """

    def __init__(
        self, dates: Sequence[int], years: Floats, settlements: Settlements, size: int, precision: np.dtype[Any]
    ) -> None:
        self._places = {date: place for place, date in enumerate(dates)}
        self._years = years.tolist()
        self._settlements = settlements
        self._whole = np.empty((len(dates), len(settlements.prints), size), np.float32)
        self._sum, self._print = np.empty((2, size), precision)
        self.start(size)

    def start(self, size: int) -> None:
        """Begin a block of ``size`` paths."""
        self.rows = self._whole[:, :, :size]

    def see(self, now: Present) -> None:
        """Value every contract, if the present date is one of those kept."""
        place = self._places.get(now.date)
        if place is None:
            return
        for k, cut in enumerate(self._settlements.prints):
            settled = self._settlements.rows[k]
            if now.date >= cut.stop - 1:
                np.copyto(self.rows[place, k], settled, casting="same_kind")
            else:
                self._value(now, cut, settled, self.rows[place, k])

    def _value(self, now: Present, cut: slice, so_far: Any, out: Any) -> None:
        total, expected = self._sum[: out.size], self._print[: out.size]
        np.copyto(total, so_far)
        for later in range(max(cut.start, now.date + 1), cut.stop):
            now.token.log_futures(now.date, later, expected)
            if now.joint is not None:
                now.joint.add_to_futures(self._years[later] - self._years[now.date], expected)
            np.exp(expected, out=expected)
            np.add(total, expected, out=total)
        np.multiply(total, 1.0 / (cut.stop - cut.start), out=out, casting="same_kind")
