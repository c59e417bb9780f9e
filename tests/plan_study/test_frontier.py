"""The frontier is convex, efficient and within the rules, and the plan of the run lies on it."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.strategies import Frontier, FrontierPoint
from hedgedesk.hedging.cvar import certified
from hedgedesk.plan_study.frontier import efficient, frontier
from hedgedesk.plan_study.judged import point, statement_of, weighted
from hedgedesk.risk.measures import cvar


@pytest.fixture(scope="module")
def curve(planned: HedgeRun) -> Frontier:
    return frontier(planned, planned.scenarios)


def simple(mean: float, tail: float) -> FrontierPoint:
    return FrontierPoint(0.0, mean, tail, 0.0, 0.0, 0.0, ())


def test_it_has_25_plans_from_the_cheapest_to_the_safest(curve):
    assert len(curve.points) == 25
    for left, right in pairwise(curve.points):
        assert left.mean < right.mean
        assert left.cvar > right.cvar


def test_each_step_towards_safety_costs_at_least_as_much_as_the_one_before(curve):
    slopes = [(right.mean - left.mean) / (left.cvar - right.cvar) for left, right in pairwise(curve.points)]
    # Each end is proved to 1e-6 of the cost's deviation, and a step is at least a thousandth of the whole curve.
    for slope, steeper in pairwise(slopes):
        assert steeper >= slope - 0.01 * max(abs(slope), abs(steeper))


def test_every_plan_keeps_every_rule(curve, planned):
    statement = statement_of(planned, planned.scenarios)
    for each in curve.points:
        assert statement.keeps(np.array(each.position) - statement.columns.held)


def test_no_plan_of_the_rules_beats_a_point_at_its_own_weight(curve, planned):
    statement = statement_of(planned, planned.scenarios)
    for each in curve.points[1:-1:6]:
        best = certified(weighted(statement, each.risk_weight)).objective
        assert each.mean + each.risk_weight * each.cvar == pytest.approx(best, abs=2e-6 * curve.open.standard_deviation)


def test_the_plan_in_fractions_lies_on_the_curve_and_in_whole_lots_never_below(curve, planned):
    statement = statement_of(planned, planned.scenarios)
    trades = certified(weighted(statement, 1.0)).position
    own = point(statement, trades, 1.0)
    least = min(each.mean + each.cvar for each in curve.points)
    same = 2e-6 * curve.open.standard_deviation
    # The curve is the lower hull of its points: the best weighted sum over them is that of the plan, up to a chord.
    assert own.mean + own.cvar <= least + same
    assert curve.proposed.mean + curve.proposed.cvar >= own.mean + own.cvar - same


def test_the_marks_are_the_costs_of_the_report_and_of_the_book_alone(curve, planned):
    report, scenarios = planned.report, planned.scenarios
    assert curve.proposed.mean == pytest.approx(report.hedged.mean, rel=1e-12)
    assert curve.proposed.cvar == pytest.approx(report.hedged.cvar, rel=1e-12)
    assert curve.proposed.standard_deviation == pytest.approx(report.hedged.standard_deviation, rel=1e-9)
    assert curve.proposed.initial_margin == pytest.approx(report.margin.initial, rel=1e-12)
    assert curve.open.mean == pytest.approx(report.unhedged.mean, rel=1e-12)
    assert curve.open.cvar == pytest.approx(report.unhedged.cvar, rel=1e-12)
    assert (curve.open.lots, curve.open.initial_margin) == (0.0, 0.0)
    assert curve.book.lots == 6.0
    plan = planned.plan
    gain = scenarios.gain_per_lot("USD") @ plan.held_lots + plan.held_gain
    cost = scenarios.cost_by_month(planned.exposure, "USD").sum(axis=1) - gain
    assert curve.book.cvar == pytest.approx(cvar(cost, curve.level), rel=1e-12)


def test_a_run_that_may_trade_nothing_has_one_plan(planned):
    still = dataclasses.replace(planned.plan.program, instruments=(), bands=())
    run = dataclasses.replace(planned, plan=dataclasses.replace(planned.plan, program=still))
    found = frontier(run, planned.scenarios)
    assert len(found.points) == 1
    assert found.points[0].mean == pytest.approx(found.book.mean)


def test_dominated_plans_are_left_out():
    cheap, safe, worse, tied = simple(1.0, 9.0), simple(3.0, 2.0), simple(3.5, 4.0), simple(1.0, 8.0)
    assert efficient([safe, cheap, worse, tied], same=1e-9) == (tied, safe)
