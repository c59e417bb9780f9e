"""Where forecasts are made and judged: one print of the index a month, counted back from the newest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import TokenIndex
from hedgedesk.domain.units import month_end
from hedgedesk.domain.values import Dates

HORIZONS = (1, 3, 6, 12)
"""Months ahead."""
LEAST_PRINTS = 20
"""Prices known at the first origin: a volatility then has a standard error of a sixth of itself."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A day on which the future is forecast, and the prints that later tell what it was."""

    month: int
    """Months since the first, without gaps even where a month has no print."""
    day: np.datetime64
    targets: dict[int, int]
    """Horizon in months to the place of its print in the index; only those that are known by now."""


def rolling_origins(index: TokenIndex, horizons: tuple[int, ...] = HORIZONS) -> tuple[Origin, ...]:
    """Every month's origin with its targets, oldest first; the last is the newest print and has no target yet.

    Months are counted back from the newest print's day: its month is the last print up to that day of each earlier
    month and after that of the month before, so that forecasts one month ahead neither overlap nor leave a gap.
    """
    prints = _monthly_prints(index.dates)
    known = {month: place for month, place in enumerate(prints) if place is not None}
    return tuple(
        Origin(month, index.dates[place], {h: known[month + h] for h in horizons if month + h in known})
        for month, place in known.items()
        if place + 1 >= LEAST_PRINTS
    )


def apart(months: list[int], gap: int) -> list[int]:
    """Places in rising ``months`` that are at least ``gap`` apart, the earliest first: forecasts without an overlap."""
    chosen: list[int] = []
    for place, month in enumerate(months):
        if not chosen or month - months[chosen[-1]] >= gap:
            chosen.append(place)
    return chosen


def months(horizon: int) -> str:
    """A horizon in words."""
    return "1 month" if horizon == 1 else f"{horizon} months"


def _monthly_prints(dates: Dates) -> list[int | None]:
    """Place of each month's print, oldest month first; None where a month has none."""
    newest = dates[-1]
    count = int((newest.astype("datetime64[M]") - dates[0].astype("datetime64[M]")).astype(np.int64))
    days = np.array([_months_before(newest, back) for back in range(count, -1, -1)])
    last = np.searchsorted(dates, days, side="right") - 1
    before = np.concatenate([[-1], last[:-1]])
    return [int(place) if place > earlier else None for place, earlier in zip(last, before, strict=True)]


def _months_before(day: np.datetime64, back: int) -> np.datetime64:
    """The same day of an earlier month, or that month's last where it is shorter."""
    month = day.astype("datetime64[M]")
    place = day - month.astype("datetime64[D]")
    earlier = month - np.timedelta64(back, "M")
    return min(earlier.astype("datetime64[D]") + place, month_end(earlier))
