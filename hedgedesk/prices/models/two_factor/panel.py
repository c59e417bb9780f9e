"""From quotes by delivery month to a panel by nearness, as the two-factor likelihood wants it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import FuturesHistory
from hedgedesk.domain.units import DAYS_PER_YEAR, month_end, years_between
from hedgedesk.domain.values import ArrayHolder, Dates, Floats

LEAST_DATES = 52
LEAST_MATURITIES = 2
MOST_COLUMNS = 6
"""More maturities cost time and add little: two factors are seen from a few."""
EXPIRING_DAYS = 7
"""Quotes nearer to expiry are left out: they carry the squeeze of settlement, not the curve."""


@dataclass(frozen=True, eq=False)
class NearbyPanel(ArrayHolder):
    """Log futures prices by rank of nearness."""

    dates: Dates
    """(T,) with at least one usable quote."""
    ranks: tuple[int, ...]
    """(K,) 1 = nearest contract at least 7 days before its month's last day."""
    log_prices: Floats
    """(T, K), NaN where fewer contracts are quoted."""
    maturities_years: Floats
    """(T, K) to the delivery month's last day, NaN likewise."""

    @property
    def steps_years(self) -> float | Floats:
        """Years from date to date: one number where all are equal, else (T - 1,), so that no date is made up."""
        steps = np.diff(years_between(self.dates[0], self.dates))
        return float(steps[0]) if np.ptp(np.diff(self.dates).astype(np.int64)) == 0 else steps


def nearby_panel(history: FuturesHistory) -> NearbyPanel:
    """Rank the quotes of each date by delivery month and keep at most 6 ranks, evenly spread over those usual.

    A rank is usual when at least half of the dates quote it.

    Raises
    ------
    ModelError
        Fewer than 52 dates, or fewer than 2 maturities a date on average.
    """
    years = _maturities(history)
    usable = np.isfinite(history.settlement_per_mtok) & (years >= EXPIRING_DAYS / DAYS_PER_YEAR)
    quotes = usable.sum(axis=1)
    kept = quotes > 0
    _require_history(int(kept.sum()), float(quotes[kept].mean()) if kept.any() else 0.0)
    depth = int(np.sum([np.mean(quotes[kept] > rank) >= 0.5 for rank in range(quotes.max())]))
    ranks = np.unique(np.linspace(0, depth - 1, min(MOST_COLUMNS, depth)).round().astype(int))
    column, found = _contract_by_rank(usable[kept], ranks)
    return NearbyPanel(
        dates=history.dates[kept],
        ranks=tuple(int(rank) + 1 for rank in ranks),
        log_prices=np.where(found, np.log(np.take_along_axis(history.settlement_per_mtok[kept], column, 1)), np.nan),
        maturities_years=np.where(found, np.take_along_axis(years[kept], column, 1), np.nan),
    )


def _maturities(history: FuturesHistory) -> Floats:
    """(T, C) years from each date to the last day of each delivery month."""
    start = history.dates[0]
    ends = years_between(start, np.array([month_end(month) for month in history.delivery_months]))
    return ends[None, :] - years_between(start, history.dates)[:, None]


def _contract_by_rank(usable: NDArray[np.bool_], ranks: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.bool_]]:
    """Column of the contract that has each rank on each date (T, K), and whether there is one."""
    order = np.where(usable, np.cumsum(usable, axis=1) - 1, -1)
    matches = order[:, :, None] == ranks[None, None, :]
    return matches.argmax(axis=1), matches.any(axis=1)


def _require_history(dates: int, average: float) -> None:
    if dates < LEAST_DATES or average < LEAST_MATURITIES:
        raise ModelError(
            f"TwoFactor needs a futures history of at least {LEAST_DATES} dates with {LEAST_MATURITIES} or more "
            f"maturities each, {EXPIRING_DAYS} or more days before expiry; found {dates} dates with {average:.1f} on "
            "average. RandomWalk needs the index alone"
        )
