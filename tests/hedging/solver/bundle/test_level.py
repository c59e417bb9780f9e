"""The programme that proposes: both masters find the same position, and folding only lets go of a fee beyond 0."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.benchmark.instance import instance
from hedgedesk.hedging.solver.bundle import solve as rooms
from hedgedesk.hedging.solver.bundle.compiled import compiled
from hedgedesk.hedging.solver.bundle.frame import Frame
from hedgedesk.hedging.solver.bundle.level import LevelSet, direct
from hedgedesk.hedging.solver.bundle.solve import Bundled, solve
from hedgedesk.hedging.solver.bundle.start import Warm
from hedgedesk.hedging.solver.cuts import Cuts

MONTHS = 9


@pytest.fixture(scope="module")
def problem():
    return instance(2_000, MONTHS)


@pytest.fixture(scope="module")
def near():
    """Two positions short, one at 0, the others long."""
    return np.array([2.0, -1.0, 0.0, 3.0, 0.5, -0.5, 4.0, 1.0, 2.0])


@pytest.fixture(scope="module")
def cuts(problem, near):
    found = Cuts(problem)
    for share in (0.2, 0.6, 1.0):
        found.price(share * near)
    return found


def framed(problem) -> Frame:
    frame = Frame.of(problem, problem.lower, problem.upper, problem.transaction_cost)
    assert frame is not None
    return frame


@pytest.mark.parametrize("rules", ["none", "equality", "trades"])
@pytest.mark.parametrize("reach", [np.inf, 0.01])
def test_both_masters_find_the_same_nearest_position(problem, cuts, near, rules, reach):
    if rules == "equality":
        problem = dataclasses.replace(problem, E=np.eye(1, MONTHS) + np.eye(1, MONTHS, 1), e=np.array([1.5]))
    if rules == "trades":
        ones = np.ones((1, MONTHS))
        problem = dataclasses.replace(problem, bought=ones, sold=2.0 * ones, traded=np.array([15.0]))
    frame = framed(problem)
    frame = frame.folded(frame.folds(near, reach))
    asked = LevelSet.of(frame, cuts, problem.objective(near) * 0.99, near)
    found, stated = direct(asked), compiled(asked)
    assert found is not None
    assert stated is not None
    assert frame.position(stated) == pytest.approx(frame.position(found), abs=1e-3)
    assert np.abs(frame.position(found) - near).max() > 0.1


def test_folding_changes_no_cut_on_its_own_side_of_0_and_lowers_it_beyond(problem, cuts, near):
    frame = framed(problem)
    folded = frame.folded(frame.folds(near, 1e-6))
    assert list(folded.split) == [2]
    for h, same in ((near, True), (0.1 * near, True), (-0.1 * near, False)):
        (high, rows), (_, fewer) = frame.cuts(cuts.objectives[0]), folded.cuts(cuts.objectives[0])
        whole, relaxed = high + rows @ frame.columns(h), high + fewer @ folded.columns(h)
        assert np.all(relaxed < whole - 1e-6) if not same else relaxed == pytest.approx(whole, rel=1e-12)
    assert folded.position(folded.columns(near)) == pytest.approx(near, abs=1e-12)


def test_nothing_is_folded_where_trades_are_counted(problem, near):
    ones = np.ones((1, MONTHS))
    frame = framed(dataclasses.replace(problem, bought=ones, sold=ones, traded=np.array([20.0])))
    assert frame.folded(frame.folds(near, 1e-6)) is frame


def test_a_start_that_breaks_the_tail_rule_is_drawn_towards_holding_nothing(problem, monkeypatch):
    def searched(*_):
        raise AssertionError("holding nothing keeps the credit line: no position need be searched for")

    monkeypatch.setattr(rooms._Run, "_inside", searched)
    start = 0.75 * problem.upper
    tail = problem.tails[0]
    assert tail.tail_mean(start) > 1.1 * tail.limit
    assert problem.A @ start < problem.b
    found = solve(problem, problem.lower, problem.upper, 1e-6, start=Warm(start))
    assert isinstance(found, Bundled)
    assert tail.tail_mean(found.position) <= tail.limit * (1 + 1e-8)
    assert found.value - found.lower_bound <= 1e-6 * found.value
