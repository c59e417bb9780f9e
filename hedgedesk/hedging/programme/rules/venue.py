"""Rules of the venue and of the programme contract by contract: direction, position, quota, opening, depth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgedesk.domain.instruments import THROUGH
from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.program import FUTURES, HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.programme.columns import LOTS, Columns
from hedgedesk.hedging.programme.rules.rule import BOUGHT, TRADED, Rule
from hedgedesk.market.limits import limit_to_expiry, most_opened, nearby_from


def venue_rules(program: HedgeProgram, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """A consumer is never short, never above limit or quota, and trades no more than the market takes."""
    for k, contract in enumerate(scenarios.contracts):
        one, code = columns.one(k), contract.code
        yield Rule("no_short", code, -one, 0.0, LOTS, least=True)
        if not program.allows(FUTURES):
            yield Rule("allowed", code, one, 0.0, LOTS, over=TRADED)
        for name, lots in most_held(program, contract, scenarios.as_of).items():
            yield Rule(name, code, _holding(columns, code), lots, LOTS)
        yield from _traded(program, contract, _holding(columns, code, today=True))


def _holding(columns: Columns, code: str, *, today: bool = False) -> Floats:
    """(n,) lots of a contract that a unit of each column holds at any time, or ``today``; a stack goes through many."""
    row = columns.one(columns.contracts.index(code))
    for j, offer in enumerate(columns.offers, start=columns.futures):
        through = offer.words.get(THROUGH, "").split()
        row[j] = float(code in (through[:1] if today else through))
    return row


def most_held(program: HedgeProgram, contract: FuturesContract, as_of: np.datetime64) -> dict[str, float]:
    """Most lots of a contract that may be held from ``as_of`` to its settlement, by the rule that says so.

    What accounts under common control hold is taken off limit and quota where the venue counts them together.
    """
    others = program.common_control_lots.get(contract.code, 0.0)
    quota, own = program.quota_of(contract.code), program.limit_of(contract.code)
    nearby = program.nearby_quota_of(contract.code)
    venue = limit_to_expiry(contract, as_of, quota=quota, nearby_quota=nearby, common_control_lots=others)
    taken = others if contract.spec.aggregation else 0.0
    replaced = nearby is not None and as_of >= nearby_from(contract)
    asked = {"position_limit": own, "quota": None if replaced else quota}
    most = {name: max(lots - taken, 0.0) for name, lots in asked.items() if lots is not None}
    if venue is not None:
        name = "position_limit" if venue.rule == "position_limit" else "quota"
        most[name] = min(venue.lots, most.get(name, np.inf))
    return most


def _traded(program: HedgeProgram, contract: FuturesContract, one: Floats) -> Iterator[Rule]:
    """What venue and market take within the days of trading."""
    if program.trading_days is None:
        return
    code, days = contract.code, program.trading_days
    opened = most_opened(contract.spec, days, hedging=program.quota_of(code) is not None)
    if opened is not None:
        yield Rule("opening", code, one, opened, LOTS, over=BOUGHT)
    if program.average_daily_lots is not None:
        deep = days * program.depth_share * program.average_daily_lots
        yield Rule("depth", code, one, deep, LOTS, over=TRADED)


def capacity_rules(columns: Columns) -> Iterator[Rule]:
    """How much of each offer can be had."""
    for j, offer in enumerate(columns.offers, start=columns.futures):
        if np.isfinite(offer.upper):
            yield Rule("capacity", offer.code, columns.one(j), offer.upper, offer.unit)
