"""Rules of a venue as data: what a contract's terms say of dates, limits, quotas, fees and settlement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Dates

LAST = -1
"""The last one of a month, where the first is 1."""


@dataclass(frozen=True, slots=True)
class LastTradingDay:
    """Which day of the delivery month a contract trades last.

    Example: ``LastTradingDay(LAST, "monday")`` is the last Monday on which the venue trades.
    """

    which: int = LAST
    """1 for the first ... 5; :data:`LAST` for the last."""
    weekday: str | None = None
    """monday ... friday; None: any trading day."""
    trading_days_before: int = 0
    """Trading days before the day so found."""
    closed: str = "skipped"
    """skipped: only weekdays on which the venue trades are counted; before: every one is, and where the venue is closed
    on the one found, the trading day before it stands for it."""


@dataclass(frozen=True, slots=True)
class LimitLock:
    """What follows days on which the price closed at its limit; rates are added to the ordinary price limit."""

    second_day: float = 0.03
    """The limit of the day after the first locked one is the ordinary one plus this."""
    margin_above: float = 0.02
    """Initial margin is charged at the clearing of a locked day at the next day's limit plus this."""
    third_day: float = 0.05
    """The limit of the day after the second locked one is the ordinary one plus this."""
    afterwards: str = "suspended"
    """After the third: suspended, widened or reduced (positions are cut by force); the venue decides."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What the venue charges on a trade of either side; both parts add up."""

    turnover: float = 0.0
    """Share of the trade's value (0.00001 is 0.001%)."""
    per_lot: float = 0.0
    """Of the contract's currency."""
    day_close_free: bool = False
    """Whether closing a position on the day it was opened costs nothing."""


@dataclass(frozen=True, slots=True)
class OpeningLimit:
    """Most lots that may be opened in one contract on one day."""

    lots: float
    hedging_exempt: bool = True
    """Whether approved hedging may open more."""
    ban_days: int = 3
    """Trading days without opening that follow a breach."""


@dataclass(frozen=True, slots=True)
class QuotaWindows:
    """Regular and nearby months of position limit and hedging quota."""

    nearby_from: int = 7
    """The nearby month begins this many trading days before the last one."""
    nearby_limit: float | None = None
    """Position limit of a contract in its nearby month, lots; None: the ordinary one."""


@dataclass(frozen=True, slots=True)
class SettlementRules:
    """What settles where a print or a day's trades are missing."""

    missing_print: str = "exchange"
    """exchange: it decides, and the user types its decision; last: the last published one stands for it;
    published: the mean of those published."""
    no_trades: str = "previous"
    """previous: yesterday's settlement stands; quotes: the middle of the best bid and offer."""


@dataclass(frozen=True, eq=False)
class Holidays(ArrayHolder):
    """Days without trading that the user has named, by calendar; they extend what a calendar knows."""

    calendars: tuple[str, ...]
    """(n,)."""
    dates: Dates
    """(n,) datetime64[D]."""
    names: tuple[str, ...]
    """(n,) what is celebrated, or why it is assumed; may be empty."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless every column has one length."""
        if len({len(self.calendars), self.dates.size, len(self.names)}) != 1:
            raise ValueError("holidays need a calendar, a date and a name each")

    def of(self, calendar: str) -> Dates:
        """Days of one calendar, rising, each once."""
        mine = np.array([name == calendar for name in self.calendars], dtype=bool)
        return np.unique(self.dates[mine])
