"""Trading days: weekdays less the days on which a venue is closed; a year that nobody knows is an error."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.values import Dates
from hedgedesk.domain.venue import Holidays

CALENDARS = {"cn_exchange": "XSHG", "us_exchange": "XNYS", "us_futures": "CMES", "ice_us": "IEPA"}
"""Names that ``contract.toml`` may give, and what the package ``exchange_calendars`` calls their venues."""
WEEKDAYS = "weekdays"
"""The calendar that knows no holidays: only where nothing else is named, or where it is asked for."""

FURTHEST = 2200
"""No rule of holidays is asked for beyond this year."""

_DAY, _YEAR = "datetime64[D]", "datetime64[Y]"


@dataclass(frozen=True, slots=True)
class TradingCalendar:
    """Trading days of one venue over some years."""

    name: str = WEEKDAYS
    unknown: tuple[int, ...] = ()
    """Years of those asked for whose holidays nobody has named."""
    days: np.busdaycalendar = field(default_factory=np.busdaycalendar, compare=False, repr=False)

    def require(self, days: Dates | np.datetime64) -> None:
        """Raise unless the years of all ``days`` are known.

        Raises
        ------
        InputError
            Naming the years and where to name their holidays.
        """
        years = {int(year) for year in np.unique(np.asarray(days, dtype=_YEAR).astype(np.int64) + 1970)}
        missing = sorted(years & set(self.unknown))
        if missing:
            raise InputError(faults=[unknown_years(self.name, missing)])

    def is_trading(self, days: Dates) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """(n,) whether the venue trades on each of ``days``."""
        self.require(days)
        return np.is_busday(days, busdaycal=self.days)

    def of_month(self, month: np.datetime64) -> Dates:
        """Trading days of a month, rising."""
        days = np.arange(month, month + np.timedelta64(1, "M"), dtype=_DAY)
        found: Dates = days[self.is_trading(days)]
        return found

    def before(self, day: np.datetime64, count: int) -> np.datetime64:
        """The trading day ``count`` trading days before ``day``.

        A ``day`` without trading counts as the next trading day, so that what is due on a weekend is met before it.
        """
        found: np.datetime64 = np.busday_offset(day, -count, roll="forward", busdaycal=self.days)
        self.require(np.array([found, day]).astype(_DAY))
        return found

    def after(self, day: np.datetime64, count: int) -> np.datetime64:
        """The trading day ``count`` trading days after ``day``; after one without trading, from the last one on."""
        found: np.datetime64 = np.busday_offset(day, count, roll="backward", busdaycal=self.days)
        self.require(np.array([found, day]).astype(_DAY))
        return found

    def count(self, first: np.datetime64, last: np.datetime64) -> int:
        """Trading days from ``first`` to ``last``, both included; 0 where ``last`` is earlier."""
        self.require(np.arange(first, last + np.timedelta64(1, "D"), dtype=_DAY))
        return max(int(np.busday_count(first, last + np.timedelta64(1, "D"), busdaycal=self.days)), 0)


def trading_calendar(
    name: str | None, first_year: int, last_year: int, holidays: Holidays | None = None
) -> TradingCalendar:
    """Trading days of ``first_year`` to ``last_year``.

    Parameters
    ----------
    name
        A name of :data:`CALENDARS`, :data:`WEEKDAYS`, or one that ``holidays`` uses; None: weekdays.
    holidays
        The user's own: added in years that the calendar knows, and all that is known of the others. A year is known as
        soon as one of its days is named.
    """
    if name is None or name == WEEKDAYS:
        return TradingCalendar()
    own = np.array([], dtype=_DAY) if holidays is None else holidays.of(name)
    named = set((own.astype(_YEAR).astype(np.int64) + 1970).tolist())
    closed, known_to = _closed(CALENDARS[name], first_year, last_year) if name in CALENDARS else (own[:0], 0)
    unknown = tuple(year for year in range(first_year, last_year + 1) if year > known_to and year not in named)
    days = np.busdaycalendar(holidays=np.union1d(closed, own))
    return TradingCalendar(name, unknown, days)


def unknown_years(name: str, years: Iterable[int], row: int | None = None) -> Fault:
    """What to tell of years whose holidays nobody has named."""
    told = ", ".join(str(year) for year in years)
    cure = f"at least one row of calendar {name} for each of these years in market/holidays.csv: calendar, date, name"
    if name not in CALENDARS:
        cure = f"one of {', '.join((*CALENDARS, WEEKDAYS))}, or {cure}"
    return Fault("market/contract.toml", row, "calendar", f"{name}: its holidays of {told} are not known", cure)


@lru_cache(maxsize=32)
def _closed(code: str, first_year: int, last_year: int) -> tuple[Dates, int]:
    """Weekdays without trading, and the last of the years that the package knows."""
    from exchange_calendars import get_calendar

    last = min(last_year, FURTHEST)
    with warnings.catch_warnings():
        # The package calls pandas in ways that pandas will change; what it answers is tested here.
        warnings.simplefilter("ignore", DeprecationWarning)
        bound = _last_known(code)
        last = last if bound is None else min(last, bound)
        if last < first_year:
            return np.array([], dtype=_DAY), last
        sessions = get_calendar(code, start=f"{first_year}-01-01", end=f"{last}-12-31").sessions
    traded = sessions.to_numpy().astype(_DAY)
    days = np.arange(f"{first_year}-01-01", f"{last + 1}-01-01", dtype=_DAY)
    return np.setdiff1d(days[np.is_busday(days)], traded), last


def _last_known(code: str) -> int | None:
    """The last whole year whose holidays the package has recorded; None: it has rules for every year."""
    from exchange_calendars import get_calendar

    bound = get_calendar(code, start="2020-01-01", end="2020-12-31").bound_max()
    if bound is None:
        return None
    return int(bound.year) if (bound.month, bound.day) == (12, 31) else int(bound.year) - 1
