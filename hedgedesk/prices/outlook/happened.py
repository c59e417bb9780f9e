"""What the list prices say of the days around a jump of the index."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.price_models import JumpRecord
from hedgedesk.domain.values import Dates

MOST_TOLD = 6
"""Changes told of one jump; the smaller ones beyond are counted."""
LATE_DAYS = 3
"""An index may print a change some days after it took effect, and its sources report it some days late."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """A model's list prices on the day they changed; prices in currency per Mtok of raw tokens."""

    date: np.datetime64
    provider: str
    model: str
    moves: tuple[tuple[str, float, float], ...]
    """Meter, price before, price after."""

    @property
    def size(self) -> float:
        """Largest absolute log change among the meters; infinite to or from free."""
        return max(_log_move(before, after) for _, before, after in self.moves)

    def told(self, currency: str) -> str:
        """The change in a sentence."""
        parts = [
            f"{meter.replace('_', ' ')} from {before:g} to {after:g}{_share(before, after)}"
            for meter, before, after in self.moves
        ]
        return f"{self.date}: {self.provider} moved {self.model}: {', '.join(parts)} {currency} per Mtok"


def with_happenings(
    jumps: tuple[JumpRecord, ...], index_dates: Dates, prices: ListPrices | None
) -> tuple[JumpRecord, ...]:
    """The jumps with what the list prices say of the days between the index's print before and the one that shows it.

    Parameters
    ----------
    jumps
        As a model has found them.
    index_dates
        (n,) of the index's prices, rising.
    prices
        None: nothing is on record.
    """
    if prices is None or not jumps:
        return jumps
    changes = list_changes(prices)
    return tuple(replace(jump, happened=_told(jump.date, index_dates, changes, prices.currency)) for jump in jumps)


def list_changes(prices: ListPrices) -> tuple[ListChange, ...]:
    """Every change of a standard list price, by date; a model's first price is none.

    Of several sources that report one price on one day the first in the file counts.
    """
    before: dict[tuple[str, str, str], float] = {}
    moves: dict[tuple[np.datetime64, str, str], dict[str, tuple[float, float]]] = {}
    for row in np.argsort(prices.effective_dates, kind="stable"):
        if prices.modes[row] != STANDARD_MODE:
            continue
        provider, model, meter = prices.providers[row], prices.models[row], prices.meters[row]
        price, known = float(prices.price_per_mtok[row]), before.get((provider, model, meter))
        day = moves.setdefault((prices.effective_dates[row], provider, model), {})
        if known is not None and price != known and meter not in day:
            day[meter] = (known, price)
        before[provider, model, meter] = price
    return tuple(
        ListChange(date, provider, model, tuple((meter, *move) for meter, move in day.items()))
        for (date, provider, model), day in moves.items()
        if day
    )


def _told(date: np.datetime64, index_dates: Dates, changes: tuple[ListChange, ...], currency: str) -> tuple[str, ...]:
    place = int(np.searchsorted(index_dates, date))
    before = index_dates[place - 1] if place > 0 else date - np.timedelta64(1, "D")
    first = before - np.timedelta64(LATE_DAYS, "D")
    around = sorted(
        (c for c in changes if first < c.date <= date), key=lambda c: (-c.size, c.date, c.provider, c.model)
    )
    told = [change.told(currency) for change in around[:MOST_TOLD]]
    if len(around) > MOST_TOLD:
        told.append(f"and {len(around) - MOST_TOLD} smaller changes")
    return tuple(told)


def _log_move(before: float, after: float) -> float:
    return abs(float(np.log(after / before))) if before > 0 and after > 0 else float("inf")


def _share(before: float, after: float) -> str:
    return f" ({after / before - 1.0:+.0%})" if before > 0 else ""
