"""Initial margin of a contract."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import FuturesContract, fx_factor
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Dates, Floats, Singles
from hedgedesk.market.calendar import TradingCalendar


def margin_rate(contract: FuturesContract, today: np.datetime64) -> float:
    """Rate in force after the clearing of ``today``, a fraction of notional."""
    return float(margin_rates(contract, np.array([today], dtype="datetime64[D]"))[0])


def margin_rates(contract: FuturesContract, days: Dates) -> Floats:
    """(D,) rate in force after the clearing of each of ``days``, a fraction of notional.

    A step is booked at the clearing of the trading day before it takes effect. A contract that no calendar has seen
    counts weekdays.
    """
    schedule = contract.spec.margin_schedule
    rates = np.full(days.shape, schedule[0].rate)
    steps = [step for step in schedule if step.days_before_last is not None]
    for step, booked in zip(steps, _booked(contract), strict=True):
        rates = np.where(days >= booked, step.rate, rates)
    return rates


def _booked(contract: FuturesContract) -> tuple[np.datetime64, ...]:
    if contract.margin_from:
        return contract.margin_from
    weekdays, last = TradingCalendar(), contract.last_trading_day.astype("datetime64[D]")
    days = [step.days_before_last for step in contract.spec.margin_schedule if step.days_before_last is not None]
    return tuple(weekdays.before(last, count + 1) for count in days)


def initial_margin_per_lot(
    contracts: tuple[FuturesContract, ...], price_per_mtok: Floats, today: np.datetime64
) -> Floats:
    """(K,) initial margin of one lot of either side, in the contract's currency: rate x price x Mtok per lot."""
    rates = [margin_rate(c, today) for c in contracts]
    sizes = [c.spec.mtok_per_lot for c in contracts]
    margin: Floats = np.array(rates) * price_per_mtok * np.array(sizes)
    return margin


def deposit_rates(contracts: tuple[FuturesContract, ...], dates: Dates) -> Floats:
    """(D, K) rate of initial margin on each date; 0 after the one on which a contract's settlement is paid."""
    rates = np.zeros((dates.size, len(contracts)))
    for k, contract in enumerate(contracts):
        paid = int(np.searchsorted(dates, contract.last_trading_day))
        rates[: paid + 1, k] = margin_rates(contract, dates[: paid + 1])
    return rates


def rate_on(dates: Dates, scenarios: ScenarioSet, part: slice, currency: str) -> Floats | float:
    """(n, D) one unit of the curve's currency in ``currency``: the average of each date's month."""
    source = scenarios.curve.currency
    if source == currency or scenarios.cny_per_usd is None:
        return fx_factor(scenarios.cny_per_usd, source, currency)
    month = (dates.astype("datetime64[M]") - scenarios.months[0]).astype(np.int64)
    column = np.clip(month, 0, scenarios.months.size - 1)
    return fx_factor(scenarios.cny_per_usd[part][:, column], source, currency)


def calls_per_lot(scenarios: ScenarioSet, currency: str, *, part: slice = slice(None), side: float = 1.0) -> Singles:
    """(S, D, K) cash that a lot of each contract needs by each margin date beyond its initial margin of today.

    Initial margin on the date less today's, and the variation margin lost on the way, in ``currency``. A lot is held
    to final settlement; then its initial margin is released, and what it lost stays lost.

    Parameters
    ----------
    part
        Which scenarios.
    side
        1 of a long lot, -1 of a short one.

    Raises
    ------
    ValueError
        The scenarios keep no futures prices.
    CurrencyMismatch
        A conversion is needed and no rate is at hand.
    """
    futures, dates = scenarios.futures_per_mtok, scenarios.margin_dates
    if futures is None or dates is None:
        raise ValueError("the scenarios keep no futures prices to call margin on")
    price, size = futures[part].astype(np.float64), scenarios.mtok_per_lot
    rate = np.asarray(rate_on(dates, scenarios, part, currency))[..., None]
    today = np.broadcast_to(scenarios.curve.price_per_mtok, (len(price), 1, size.size))
    calls = -side * np.cumsum(np.diff(price, axis=1, prepend=today) * rate, axis=1)
    price *= deposit_rates(scenarios.contracts, dates) * rate
    calls += price
    deposited = initial_margin_per_lot(scenarios.contracts, scenarios.curve.price_per_mtok, scenarios.as_of)
    calls *= size
    calls -= np.asarray(scenarios.money_today(deposited, currency))
    return calls.astype(np.float32)
