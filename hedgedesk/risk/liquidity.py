"""Liquidity at risk: the cash that margin may call for beyond what is deposited today."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import FuturesContract, fx_factor
from hedgedesk.domain.results import HedgePlan
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.market.margin import margin_rate
from hedgedesk.risk.measures import var

AT_ONCE = 1_024
"""Scenarios whose futures prices are turned to float64 together."""


def liquidity_at_risk(plan: HedgePlan, scenarios: ScenarioSet) -> float | None:
    """The plan's level of the worst cash need on each path, in the programme's currency.

    q_a over paths of max over dates of [initial margin - today's + variation loss so far], at least 0: today nothing
    is called. The lots after trading are held to final settlement, and a contract's initial margin is released once
    that is paid. 642 lots of 50 Mtok, long at a price of 900 that stays there while the rate rises from 12% over 20% to
    30%, need 5,200,200 beyond the 3,466,800 deposited.

    Parameters
    ----------
    scenarios
        Between the dates they keep nothing is looked at: a finer grid finds a need at least about as large.

    Returns
    -------
    float or None
        None: the scenarios keep no futures prices.
    """
    if scenarios.futures_per_mtok is None or scenarios.margin_dates is None:
        return None
    return var(worst_calls(plan, scenarios), plan.program.level)


def worst_calls(plan: HedgePlan, scenarios: ScenarioSet) -> Floats:
    """(S,) the most cash each path needs beyond today's initial margin, in the programme's currency.

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
    size = plan.position * plan.mtok_per_lot
    deposit = np.abs(size) * _rates(plan.contracts, dates)
    today = float(scenarios.curve.price_per_mtok @ size)
    worst = np.empty(scenarios.count)
    for start in range(0, scenarios.count, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        prices = futures[part].astype(np.float64)
        rate = _rate_on(dates, scenarios, part, plan.program.currency)
        value = prices @ size
        lost = -np.cumsum(np.diff(value, axis=1, prepend=today) * rate, axis=1)
        margin = np.einsum("sdk,dk->sd", prices, deposit) * rate
        need = margin - plan.initial_margin.sum() + lost
        worst[part] = np.maximum(need.max(axis=1), 0.0)
    return worst


def _rates(contracts: tuple[FuturesContract, ...], dates: Dates) -> Floats:
    """(D, K) rate of initial margin on each date; 0 after the one on which a contract's settlement is paid."""
    rates = np.zeros((dates.size, len(contracts)))
    for k, contract in enumerate(contracts):
        paid = int(np.searchsorted(dates, contract.last_trading_day))
        for d, date in enumerate(dates[: paid + 1]):
            rates[d, k] = margin_rate(contract.spec, date, contract.last_trading_day)
    return rates


def _rate_on(dates: Dates, scenarios: ScenarioSet, part: slice, currency: str) -> Floats | float:
    """(n, D) one unit of the curve's currency in ``currency``: the average of each date's month."""
    source = scenarios.curve.currency
    if source == currency or scenarios.cny_per_usd is None:
        return fx_factor(scenarios.cny_per_usd, source, currency)
    month = (dates.astype("datetime64[M]") - scenarios.months[0]).astype(np.int64)
    column = np.clip(month, 0, scenarios.months.size - 1)
    return fx_factor(scenarios.cny_per_usd[part][:, column], source, currency)
