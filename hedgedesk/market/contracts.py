"""Which contracts can be traded, and which months of the exposure each one covers."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import ContractSpec, FuturesContract, MarketSnapshot
from hedgedesk.domain.units import month_end, month_of
from hedgedesk.domain.values import Dates, Floats, Months
from hedgedesk.domain.venue import LastTradingDay
from hedgedesk.market.calendar import TradingCalendar, trading_calendar, unknown_years

MONDAY = np.datetime64("1970-01-05")
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def delivery_months(market: MarketSnapshot) -> Months:
    """Delivery months ahead of ``as_of``, datetime64[M].

    Those of the newest quotes; without quotes, the template's ``months`` up to ``listed_months`` ahead.
    """
    today = month_of(market.as_of)
    if market.curve is not None:
        quoted = market.curve.delivery_months
        return quoted[quoted > today]
    ahead = today + np.arange(1, market.contract.listed_months + 1).astype("timedelta64[M]")
    calendar_month = ahead.astype(np.int64) % 12 + 1
    return ahead[np.isin(calendar_month, market.contract.months)]


def contracts_for(market: MarketSnapshot, months: Months) -> tuple[FuturesContract, ...]:
    """The contracts that cover at least one of the exposure's ``months``, by delivery month.

    A contract covers the months after the previous delivery month up to its own, so one that is delivered after a
    contract beyond the last month has nothing to cover.

    Raises
    ------
    InputError
        The contract's calendar does not know the holidays of a year in which one of them is delivered, or no day of a
        delivery month fits the rule of its last trading day.
    """
    deliveries = covering_months(market, months)
    calendar = calendar_of(market, deliveries)
    return tuple(futures_contract(market.contract, month, calendar) for month in deliveries)


def covering_months(market: MarketSnapshot, months: Months) -> Months:
    """Delivery months of :func:`contracts_for`, datetime64[M], whatever is known of their trading days."""
    listed = delivery_months(market)
    past_the_end = np.flatnonzero(listed >= months[-1])
    return listed[: past_the_end[0] + 1] if past_the_end.size else listed


def calendar_of(market: MarketSnapshot, deliveries: Months) -> TradingCalendar:
    """Trading days of the contract's venue from the year before ``as_of`` to the last delivery.

    Raises
    ------
    InputError
        It does not know the holidays of a year in which a contract is delivered, naming all of these years.
    """
    name, first = market.contract.calendar, int(market.as_of.astype("datetime64[Y]").astype(np.int64)) + 1969
    years = np.unique(deliveries.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
    calendar = trading_calendar(name, first, max(years, default=first + 1), market.holidays)
    missing = [year for year in years if year in calendar.unknown]
    if missing:
        raise InputError(faults=[unknown_years(calendar.name, missing)])
    return calendar


def futures_contract(spec: ContractSpec, month: np.datetime64, calendar: TradingCalendar) -> FuturesContract:
    """A delivery month with its last trading day and the days on which its margin and its limits change.

    Raises
    ------
    InputError
        As :func:`contracts_for`.
    """
    last = last_trading_day(spec, month, calendar)
    return FuturesContract(
        spec,
        month,
        last,
        margin_from=tuple(
            # A step is booked at the clearing of the day before it takes effect.
            calendar.before(last, step.days_before_last + 1)
            for step in spec.margin_schedule
            if step.days_before_last is not None
        ),
        nearby_from=calendar.before(last, spec.quota_windows.nearby_from),
    )


def last_trading_day(spec: ContractSpec, month: np.datetime64, calendar: TradingCalendar) -> np.datetime64:
    """The day that the contract's rule means; without a rule the month's last trading day, of weekdays its last day.

    Raises
    ------
    InputError
        As :func:`contracts_for`.
    """
    if spec.last_day is None:
        return month_end(month) if spec.calendar is None else calendar.of_month(month)[-1]
    days = np.arange(month, month + np.timedelta64(1, "M"), dtype="datetime64[D]")
    fitting = _fitting(spec.last_day, calendar.of_month(month) if spec.last_day.closed == "skipped" else days)
    place = spec.last_day.which - 1 if spec.last_day.which > 0 else spec.last_day.which
    if not -fitting.size <= place < fitting.size:
        found = f"{month} has {fitting.size} days that fit"
        raise InputError(faults=[Fault("market/contract.toml", None, "last_trading_day", found, "a day of each month")])
    return calendar.before(calendar.after(fitting[place], 0), spec.last_day.trading_days_before)


def _fitting(rule: LastTradingDay, days: Dates) -> Dates:
    if rule.weekday is None:
        return days
    weekday = (days - MONDAY).astype(np.int64) % 7
    found: Dates = days[weekday == WORKDAYS.index(rule.weekday)]
    return found


def cover_share(delivery: Months, months: Months, open_mtok: Floats) -> Floats:
    """a_kt, month t's share of the open volume that contract k covers.

    Parameters
    ----------
    delivery
        (K,) rising delivery months.
    months
        (T,) months of the exposure.
    open_mtok
        (T,) expected open volume.

    Returns
    -------
    (K, T); a row adds to 1 where its contract covers any month, and shares equally where nothing is open.
    """
    covering = np.searchsorted(delivery, months)
    covers = covering[None, :] == np.arange(delivery.size)[:, None]
    volume = np.where(covers, open_mtok, 0.0)
    nothing_open = volume.sum(axis=1, keepdims=True) <= 0
    volume = np.where(nothing_open, covers.astype(np.float64), volume)
    total = volume.sum(axis=1, keepdims=True)
    share: Floats = np.divide(volume, total, out=np.zeros_like(volume), where=total > 0)
    return share
