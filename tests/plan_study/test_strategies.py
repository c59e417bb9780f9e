"""Strategies are judged by one report on common scenarios; what they break of the programme is said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.program import Band
from hedgedesk.domain.run import HedgeRun, RunSettings
from hedgedesk.domain.strategies import Strategies, StrategyLine
from hedgedesk.plan_study.frontier import frontier
from hedgedesk.plan_study.layered import Ladder
from hedgedesk.plan_study.strategies import strategies

NAMES = ["nothing", "everything", "layered", "minimum_variance", "proposed"]


@pytest.fixture(scope="module")
def compared(planned: HedgeRun) -> Strategies:
    return strategies(planned, planned.scenarios)


@pytest.fixture(scope="module")
def lines(compared: Strategies) -> dict[str, StrategyLine]:
    return {line.name: line for line in compared.lines}


def test_five_ways_stand_side_by_side_on_the_scenarios_of_the_run(compared):
    assert [line.name for line in compared.lines] == NAMES
    assert compared.scenarios == 2_000
    assert compared.stresses[0] == "Price war"
    assert {len(line.regret) for line in compared.lines} == {len(compared.stresses)}


def test_nothing_and_proposed_are_the_two_costs_of_the_report(lines, planned):
    report = planned.report
    for name, cost in (("nothing", report.unhedged), ("proposed", report.hedged)):
        line = lines[name]
        told = (line.mean, line.standard_deviation, line.p95, line.var, line.cvar, line.budget_at_risk)
        assert told == (cost.mean, cost.standard_deviation, cost.p95, cost.var, cost.cvar, cost.budget_at_risk)
    assert (lines["nothing"].lots, lines["nothing"].initial_margin) == (0.0, 0.0)
    assert lines["proposed"].initial_margin == report.margin.initial
    assert lines["proposed"].regret == tuple(stress.regret for stress in report.stresses)


def test_who_hedges_nothing_regrets_nothing_and_who_hedges_more_regrets_a_price_war_more(lines):
    war = {name: line.regret[0] for name, line in lines.items()}
    assert lines["nothing"].regret == (0.0,) * len(lines["nothing"].regret)
    assert war["everything"] > war["proposed"] > 0.0
    assert war["everything"] > war["layered"] > 0.0


def test_everything_covers_the_open_volume_but_for_parts_of_a_lot(lines, planned):
    scenarios = planned.scenarios
    open_mtok = planned.exposure.open_in(scenarios.unit)[scenarios.hedgeable].sum()
    size = scenarios.mtok_per_lot
    assert 0.0 <= open_mtok - lines["everything"].lots * size[0] < size.sum()
    assert lines["everything"].cover == pytest.approx(1.0, abs=0.05)


def test_what_a_strategy_breaks_is_named(lines):
    assert lines["proposed"].keeps_rules
    assert not lines["everything"].keeps_rules
    assert "band ceiling" in lines["everything"].note
    assert not lines["nothing"].keeps_rules
    assert "band floor" in lines["nothing"].note


def test_least_variance_varies_less_than_every_other_way(lines, planned):
    scenarios = planned.scenarios
    # Whole lots rounded down cost at most the deviation of a lot's gain for each contract.
    lot = scenarios.gain_per_lot("USD").std(axis=0).sum()
    least = lines["minimum_variance"].standard_deviation
    assert least <= min(line.standard_deviation for line in lines.values()) + lot
    assert lines["minimum_variance"].note.startswith("no limit but the open volume; breaks")


def test_least_variance_is_the_ratio_of_least_squares_for_one_contract(planned):
    """One contract and no other: Cov(cost, gain) / Var(gain), where that is within the open volume."""
    plan, scenarios = planned.plan, planned.scenarios
    one = slice(0, 1)
    alone = dataclasses.replace(
        scenarios,
        contracts=scenarios.contracts[one],
        curve=dataclasses.replace(
            scenarios.curve,
            delivery_months=scenarios.curve.delivery_months[one],
            price_per_mtok=scenarios.curve.price_per_mtok[one],
        ),
        cover_share=scenarios.cover_share[one],
        settlement_per_mtok=scenarios.settlement_per_mtok[:, one],
        volume_mtok=scenarios.volume_mtok * np.array([0.5, 0.5] + [0.0] * 10),
        open_mtok=scenarios.open_mtok * np.array([0.5, 0.5] + [0.0] * 10),
    )
    small = {name: getattr(plan, name)[one] for name in ("lots", "held_lots", "continuous_lots", "price_per_mtok")}
    small |= {name: getattr(plan, name)[one] for name in ("transaction_cost", "initial_margin")}
    program = dataclasses.replace(plan.program, lots="fractional")
    run = dataclasses.replace(
        planned,
        plan=dataclasses.replace(
            plan, program=program, contracts=plan.contracts[one], reasons=(), limits=(), held_gain=0.0, **small
        ),
    )
    found = {line.name: line for line in strategies(run, alone).lines}
    cost, gain = alone.cost_by_month(planned.exposure, "USD").sum(axis=1), alone.gain_per_lot("USD")[:, 0]
    ratio = np.cov(cost, gain)[0, 1] / gain.var(ddof=1)
    assert found["minimum_variance"].lots == pytest.approx(ratio, rel=1e-3)


def test_layers_never_sell_what_is_held(planned):
    flat = Ladder("none", (Band(1, 36, 0.0, 0.0),))
    found = {line.name: line for line in strategies(planned, planned.scenarios, ladder=flat).lines}
    assert found["layered"].lots == planned.plan.held_lots.sum()
    assert found["layered"].note.startswith("none")


def test_progress_ends_at_one(planned):
    told = []
    strategies(planned, planned.scenarios, tick=lambda done, _text: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert np.all(np.array(told) > 0.0)


def test_without_a_contract_every_way_is_the_same(make_desk, small_market):
    unlisted = dataclasses.replace(small_market, contract=dataclasses.replace(small_market.contract, listed_months=1))
    run = pipeline.run(make_desk(market=unlisted, settings=RunSettings(scenarios=500, seed=7)))
    assert run.plan.contracts == ()
    found = strategies(run, run.scenarios)
    assert {line.cvar for line in found.lines} == {run.report.unhedged.cvar}
    assert {line.lots for line in found.lines} == {0.0}
    assert [line.cover for line in found.lines] == [0.0] * 5
    assert len(frontier(run, run.scenarios).points) == 1
