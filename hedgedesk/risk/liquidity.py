"""Liquidity at risk: the cash that margin may call for beyond what is deposited today."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.market.margin import deposit_rates, rate_on
from hedgedesk.risk.choices import called, setting_of
from hedgedesk.risk.measures import var

AT_ONCE = 1_024
"""Scenarios whose futures prices are turned to float64 together."""


def liquidity_at_risk(plan: HedgePlan, scenarios: ScenarioSet, exposure: Exposure | None = None) -> float | None:
    """The plan's level of the worst cash need on each path, in the programme's currency.

    q_a over paths of max over dates of [initial margin - today's + variation loss so far], at least 0: today nothing
    is called. The lots after trading are held to final settlement, and a contract's initial margin is released once
    that is paid. 642 lots of 50 Mtok, long at a price of 900 that stays there while the rate rises from 12% over 20% to
    30%, need 5,200,200 beyond the 3,466,800 deposited.

    Parameters
    ----------
    scenarios
        Between the dates they keep nothing is looked at: a finer grid finds a need at least about as large.
    exposure
        What the plan's instruments beside the futures are valued with; None: their margin is left out.

    Returns
    -------
    float or None
        None: the scenarios keep no futures prices.
    """
    if scenarios.futures_per_mtok is None or scenarios.margin_dates is None:
        return None
    return var(worst_calls(plan, scenarios, exposure), plan.program.level)


def worst_calls(plan: HedgePlan, scenarios: ScenarioSet, exposure: Exposure | None = None) -> Floats:
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
    deposit = np.abs(size) * deposit_rates(plan.contracts, dates)
    today = float(scenarios.curve.price_per_mtok @ size)
    others = None if exposure is None else called(plan, setting_of(exposure, plan, scenarios))
    worst = np.empty(scenarios.count)
    for start in range(0, scenarios.count, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        prices = futures[part].astype(np.float64)
        rate = rate_on(dates, scenarios, part, plan.program.currency)
        value = prices @ size
        lost = -np.cumsum(np.diff(value, axis=1, prepend=today) * rate, axis=1)
        margin = np.einsum("sdk,dk->sd", prices, deposit) * rate
        need = margin - plan.initial_margin.sum() + lost
        if others is not None:
            need += others[part]
        worst[part] = np.maximum(need.max(axis=1), 0.0)
    return worst
