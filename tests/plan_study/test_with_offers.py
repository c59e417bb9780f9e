"""Instruments beside the futures are in every study: as columns, in costs, rules and models."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.run import HedgeRun
from hedgedesk.plan_study import across_models, frontier, strategies

CAP = InstrumentTerms("ceiling", "cap", numbers={"strike": 10.0})


@pytest.fixture(scope="module")
def optioned(make_desk, quoted_market, held_book) -> HedgeRun:
    program = HedgeProgram(
        currency="USD",
        budget=900_000.0,
        risk_weight=1.0,
        credit_line=30_000.0,
        lots="fractional",
        transaction_cost_per_mtok=0.005,
        instruments=("futures", "ceiling"),
        terms=(CAP,),
    )
    return pipeline.run(make_desk(market=quoted_market, book=held_book, program=program))


def test_the_plan_takes_caps_where_the_credit_line_ends_the_futures(optioned):
    assert optioned.plan.choices
    assert sum(choice.premium for choice in optioned.plan.choices) > 0.0


def test_the_frontier_has_a_position_of_every_offer(optioned):
    found = frontier(optioned, optioned.scenarios)
    names = len(optioned.plan.contracts) + len(found.points[0].position[len(optioned.plan.contracts) :])
    assert {len(each.position) for each in (*found.points, found.proposed, found.book, found.open)} == {names}
    assert found.proposed.cvar == pytest.approx(optioned.report.hedged.cvar, rel=1e-9)
    assert found.proposed.initial_margin == pytest.approx(optioned.report.margin.initial)
    taken = np.array(found.proposed.position[len(optioned.plan.contracts) :])
    assert taken.sum() == pytest.approx(sum(choice.quantity for choice in optioned.plan.choices))


def test_strategies_count_what_caps_pay_and_cover(optioned):
    lines = {line.name: line for line in strategies(optioned, optioned.scenarios).lines}
    assert lines["proposed"].cvar == pytest.approx(optioned.report.hedged.cvar, rel=1e-12)
    assert lines["proposed"].regret == tuple(stress.regret for stress in optioned.report.stresses)
    assert lines["proposed"].keeps_rules
    futures_alone = optioned.plan.position.sum() * optioned.plan.mtok_per_lot[0]
    forecast = optioned.report.months.forecast_mtok[optioned.report.months.hedgeable].sum()
    assert lines["proposed"].cover > futures_alone / forecast


def test_every_model_is_offered_the_same_caps_at_the_same_premium(optioned, quoted_market):
    found = across_models(optioned, quoted_market, names=("RandomWalk", "Bootstrap"))
    assert set(found.models) == {"RandomWalk", "Bootstrap"}
    assert found.positions.shape[1] == len(found.columns) > len(optioned.plan.contracts)
    assert all(name.startswith("ceiling") for name in found.columns[len(optioned.plan.contracts) :])
    report = optioned.report.hedged
    proposed = found.objective[found.plans.index("proposed"), 0]
    assert proposed == pytest.approx(report.mean + report.cvar, rel=1e-9)
