"""The dates on which prices live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import Dates, Floats, Months

DATES_PER_MONTH = 4
"""Prices live on four dates a month, so that the month's average and a final settlement differ as in life."""
TRADING_DAYS_PER_MONTH = 21
"""Dates a month where margin is called daily."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The dates on which prices live, equally many in each month."""

    months: Months
    """(M,) from the first month of the exposure to the last month or delivery."""
    years: Floats
    """(M * per_month,) from ``as_of``."""
    dates: Dates
    """(M * per_month,) datetime64[D]."""
    per_month: int

    @classmethod
    def over(
        cls, as_of: np.datetime64, first: np.datetime64, last: np.datetime64, per_month: int = DATES_PER_MONTH
    ) -> Grid:
        """Spread the dates evenly over each month; the last one is the month's last day."""
        months = np.arange(first, last + np.timedelta64(1, "M"), dtype="datetime64[M]")
        starts = months.astype("datetime64[D]")
        length = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - starts
        step = np.arange(1, per_month + 1)
        offset = length.astype(np.int64)[:, None] * step // per_month - 1
        dates = (starts[:, None] + offset.astype("timedelta64[D]")).ravel()
        return cls(months, years_between(as_of, dates), dates, per_month)

    def prints(self, contract: FuturesContract) -> slice:
        """The dates whose mean is the contract's final settlement: its last ones, all of them within its month."""
        end = (int((contract.delivery_month - self.months[0]).astype(np.int64)) + 1) * self.per_month
        return slice(end - min(contract.spec.final_settlement, self.per_month), end)
