"""Rules of a state-owned enterprise: annual share of new volume, longest tenor, no net position above exposure.

References
----------
State-owned Assets Supervision and Administration Commission (2020), Notice No. 8 on the management of financial
derivatives by central enterprises.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.program import HedgeProgram, StateRules
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import million_of
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.rule import BOUGHT, Rule

YEAR = 12
ROLLED = "stack_and_roll"
"""Held for months through contracts that each end sooner."""


def state_rules(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """The live checks, where the programme asks for them."""
    rules = program.state_rules
    if rules is None or not columns.derivative.any():
        return
    yield _annual_share(rules, exposure, scenarios, columns)
    yield from _tenor(rules, scenarios, columns)
    yield from _net_position(exposure, scenarios, columns)


def _annual_share(rules: StateRules, exposure: Exposure, scenarios: ScenarioSet, columns: Columns) -> Rule:
    """New volume of the calendar year of the trade, what was traded before included.

    The year's physical volume is twelve times the mean month of the next twelve, or of those forecast (assumption):
    what has passed of the year need not be in the forecast.
    """
    unit = scenarios.unit
    physical = YEAR * float(exposure.forecast_in(unit)[:YEAR].mean())
    before = rules.traded_mtok.get(str(scenarios.as_of.astype("datetime64[Y]")), 0.0)
    times = _times_opened(scenarios, columns) if rules.rolls_count else np.ones(columns.count)
    row = columns.derivative * columns.mtok_per_unit * times
    limit = max(rules.annual_share * physical - before, 0.0)
    return Rule("annual_share", "", row, limit, million_of(unit.name), over=BOUGHT)


def _times_opened(scenarios: ScenarioSet, columns: Columns) -> Floats:
    """(n,) how often this calendar year a unit is opened: once, and again at each of its rolls."""
    year = scenarios.as_of.astype("datetime64[Y]")
    times = np.ones(columns.count)
    for j, offer in enumerate(columns.offers, start=columns.futures):
        if offer.kind == ROLLED:
            passed = [c for c in scenarios.contracts if c.code < offer.contract]
            times[j] += sum(c.last_trading_day.astype("datetime64[Y]") == year for c in passed)
    return times


def _tenor(rules: StateRules, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """Nothing is opened that is held longer."""
    last = str(scenarios.as_of.astype("datetime64[M]") + np.timedelta64(rules.tenor_months, "M"))
    ends = [*columns.contracts, *(_held_until(offer) for offer in columns.offers)]
    for k in np.flatnonzero(columns.derivative).tolist():
        if ends[k] > last:
            unit = "lots" if k < columns.futures else columns.offers[k - columns.futures].unit
            yield Rule("tenor", columns.names[k], columns.one(k), 0.0, unit, over=BOUGHT)


def _held_until(offer: Offer) -> str:
    """YYYY-MM until which an offer is held; empty: no longer than the contracts it is rolled through."""
    return "" if offer.kind == ROLLED else offer.contract or offer.words.get("last_month", "")


def _net_position(exposure: Exposure, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """At the start of each month, what is then held is at most what is then still to be bought.

    A derivative counts in full until its delivery month; a purchase at a fixed price as its months pass.
    """
    unit = scenarios.unit
    open_ahead = np.cumsum(exposure.open_in(unit)[::-1])[::-1]
    cover_ahead = np.cumsum(columns.cover_mtok[:, ::-1], axis=1)[:, ::-1]
    delivery = np.array(columns.delivery, dtype=str)
    for t, month in enumerate(exposure.months):
        whole = columns.derivative & (delivery >= str(month)) & (columns.cover_mtok.sum(axis=1) > 0)
        row = np.where(whole, columns.mtok_per_unit, cover_ahead[:, t])
        if row.any():
            yield Rule("net_position", str(month), row, float(open_ahead[t]), million_of(unit.name))
