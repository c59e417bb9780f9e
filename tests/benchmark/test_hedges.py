"""The rows on plans at a size that takes no time: what is measured is right, and what is not comparable says so."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.benchmark import hedges, portfolios
from hedgedesk.benchmark.hedges import Rival, compared
from hedgedesk.benchmark.instance import BUDGET_SHARE, CREDIT_SHARE, instance
from hedgedesk.hedging.cvar import certified
from hedgedesk.hedging.lots import WholeLots


@pytest.fixture
def small(monkeypatch):
    for name, size in {"MANY": 2_000, "MOST": 6_000, "FEW": 300, "MONTHS": 6, "ROUNDS": 1, "ROUNDS_OF_MOST": 1}.items():
        monkeypatch.setattr(hedges, name, size)
    monkeypatch.setattr(portfolios, "SCENARIOS", 1_000)
    monkeypatch.setattr(portfolios, "ROUNDS", 1)


def test_the_instance_is_that_of_the_definition_path_by_path():
    """One path followed by hand with the same normals."""
    problem = instance(3, 6, seed=4)
    random, path = np.random.default_rng(4), 1
    fast = slow = currency = cost = 0.0
    for month in range(1, 7):
        z = random.standard_normal((4, 3))[:, path]
        fast = np.exp(-0.1) * fast + 0.13 * z[0]
        slow += 0.052 * (0.3 * z[0] + 0.954 * z[1])
        currency += 0.03 * z[2]
        spot = 3.0 * np.exp(fast + slow)
        cost += (10.0 + 0.05 * month) * np.exp(0.15 * z[3] + 0.25 * currency) * spot
        assert problem.payoff[path, month - 1] == pytest.approx(spot - 3.0 * np.exp(-0.02 * month / 12))
        if month == 3:
            ahead = 3.0 * np.exp(np.exp(-0.2) * fast + slow - 0.02 * 2 / 12) - 3.0 * np.exp(-0.02 * 5 / 12)
            assert problem.tails[0].slope[path, 0, 4] == pytest.approx(ahead)
            assert problem.tails[0].slope[path, 0, 1] == pytest.approx(problem.payoff[path, 1])
    assert problem.cost[path] == pytest.approx(cost)


def test_its_limits_are_shares_of_what_full_positions_would_need():
    problem = instance(500)
    assert problem.upper.tolist() == [6.0 if j % 5 == 0 else 13.0 for j in range(1, 25)]
    assert problem.b.tolist() == [pytest.approx(BUDGET_SHARE * problem.upper.sum())]
    (line,) = problem.tails
    assert line.limit == pytest.approx(CREDIT_SHARE * line.tail_mean(BUDGET_SHARE * problem.upper))


def test_a_plan_is_measured_beside_each_solver_and_both_masters(small):
    rows = hedges.ratio_rows(["cvar100k_vs_piqp", "cvar100k_dpp_vs_piqp"])
    assert [row.skipped for row in rows] == [None, None]
    assert all(row.ratio > 0 and row.better == "higher" for row in rows)


def test_the_largest_plan_is_told_in_evaluations(small):
    (row,) = hedges.passes_rows(["cvar1m_passes"])
    assert row.ratio > 1
    assert row.better == "lower"


def test_an_evaluation_prices_objective_and_credit_line():
    problem = instance(2_000, 6)
    assert hedges._evaluation(problem)() == 1


def test_memory_counts_the_scenarios_themselves(small):
    row = hedges.memory_row()
    assert row.ratio > 2.0  # payoff and margin alone


def test_whole_lots_are_measured_at_the_same_gap(small):
    row = hedges.lots_row()
    assert row.skipped is None
    assert row.ratio > 0


def test_a_bound_that_another_plan_beats_is_no_measurement():
    ours = WholeLots(np.zeros(1), 100.0, 99.999)
    assert hedges._judged([ours], Rival(1.0, "optimal", 99.0)) == "HiGHS' plan is below our bound"
    assert hedges._judged([ours], Rival(1.0, "optimal", 100.0)) == ""
    assert hedges._judged([ours], Rival(1.0, "user_limit", np.nan)) == "HiGHS ended user_limit"
    loose = dataclasses.replace(ours, lower_bound=90.0)
    assert hedges._judged([loose], Rival(1.0, "optimal", 100.0)) == "ours is not certified"
    assert hedges._judged([], Rival(1.0, "optimal", 100.0)) == "ours is not certified"


def test_two_solvers_that_found_different_things_are_not_compared():
    row = compared("row", 10.0, "unit", Rival(5.0, "optimal", 100.0), [1.0, 2.0, 1.0], 100.0)
    assert (row.ratio, row.spread) == (5.0, 2.5)
    assert "differ" in compared("row", 10.0, "unit", Rival(5.0, "optimal", 101.0), [1.0], 100.0).skipped
    assert "ended infeasible" in compared("row", 10.0, "unit", Rival(5.0, "infeasible", np.nan), [1.0], 100.0).skipped


def least_cvar(returns):
    """What a portfolio library should find."""
    n = returns.shape[1]
    return portfolios.minimise_cvar(
        np.zeros(len(returns)), returns, level=0.95, lower=0.0, upper=1.0, equalities=(np.ones((1, n)), [1.0])
    ).position


def test_a_library_that_finds_the_same_portfolio_gives_a_ratio(small, monkeypatch):
    monkeypatch.setitem(portfolios.LIBRARIES, "cvar_vs_skfolio", ("json", least_cvar))
    (row,) = portfolios.portfolio_rows(["cvar_vs_skfolio"])
    assert row.ratio > 0


def test_a_library_that_finds_another_portfolio_gives_none(small, monkeypatch):
    equal = lambda returns: np.full(returns.shape[1], 1.0 / returns.shape[1])  # noqa: E731
    monkeypatch.setitem(portfolios.LIBRARIES, "cvar_vs_skfolio", ("json", equal))
    (row,) = portfolios.portfolio_rows(["cvar_vs_skfolio"])
    assert row.ratio is None
    assert "differ" in row.skipped


def test_a_library_that_is_absent_or_does_not_run_is_skipped_with_its_reason(small, monkeypatch):
    def broken(_returns):
        raise AttributeError("no such thing any more")

    monkeypatch.setitem(portfolios.LIBRARIES, "cvar_vs_skfolio", ("json", broken))
    monkeypatch.setitem(portfolios.LIBRARIES, "cvar_vs_pypfopt", ("no_such_library", broken))
    runs_not, absent = portfolios.portfolio_rows(["cvar_vs_skfolio", "cvar_vs_pypfopt"])
    assert "does not run with what is installed: no such thing any more" in runs_not.skipped
    assert absent.skipped == "no_such_library is not installed; the extra hedgedesk[benchmark] names it"


@pytest.mark.parametrize("name", ["cvar_vs_riskfolio", "cvar_vs_skfolio", "cvar_vs_pypfopt"])
def test_a_library_that_is_installed_finds_our_portfolio(small, name):
    (row,) = portfolios.portfolio_rows([name])
    if row.skipped is not None:
        pytest.skip(row.skipped)
    assert row.ratio > 0


def test_the_bundle_certifies_the_instance_at_every_weight():
    problem = instance(2_000, 12)
    for weight in (0.3, 4.0, 40.0):
        weighted = dataclasses.replace(problem, cvar_weight=weight)
        found = certified(weighted, 1e-6, solver="bundle")
        assert found.objective - found.lower_bound <= 1e-6 * max(abs(found.objective), problem.cost.std())
