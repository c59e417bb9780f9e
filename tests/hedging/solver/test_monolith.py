"""The programme with a row a scenario: tails, paths, rules on what is traded, variances, the largest of several."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.hedging.solver.certificate import lagrangian_bound
from hedgedesk.hedging.solver.monolith import solve, solve_least_bad
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule
from hedgedesk.hedging.solver.scaled import spread_root

from ...laws import independent  # noqa: TID252 - the random programmes of the laws

MILLIONTH = 1e-6


def plain(seed=1, many=400, n=4, **fields) -> CvarProblem:
    """A cost that four contracts offset in part, with a fee, under one limit on their sum."""
    random = np.random.default_rng(seed)
    payoff = random.standard_normal((many, n)) @ random.uniform(0.0, 1.0, (n, n))
    cost = 50.0 + payoff @ random.uniform(1.0, 4.0, n) + random.pareto(2.5, many)
    whole = {
        "cost": cost,
        "payoff": payoff,
        "level": 0.9,
        "mean_weight": 1.0,
        "cvar_weight": 2.0,
        "lower": np.full(n, -1.0),
        "upper": np.full(n, 3.0),
        "transaction_cost": np.full(n, 0.05),
        "A": np.ones((1, n)),
        "b": np.array([6.0]),
        "E": np.empty((0, n)),
        "e": np.empty(0),
    }
    return CvarProblem(**(whole | fields))


def path_rule(problem, limit, *, floor=0.0, fee=None) -> TailRule:
    """Cash that falling prices call for on three dates."""
    random = np.random.default_rng(9)
    slope = problem.payoff[:, None, :] * np.array([0.3, 0.7, 1.0])[:, None] + 0.2 * random.standard_normal(
        (problem.cost.size, 3, problem.lower.size)
    )
    return TailRule("credit line", np.zeros((problem.cost.size, 3)), slope, 0.95, limit, floor, fee)


@pytest.fixture(scope="module")
def bound_by_everything() -> CvarProblem:
    """Tail rules on a path and on a budget, a rule on what is traded and one on the sum: all of them bind somewhere."""
    problem = plain()
    free = solve(problem, "CLARABEL").position
    path = path_rule(problem, 0.8 * path_rule(problem, 0.0).tail_mean(free), fee=np.full(4, 0.1))
    budget = TailRule("budget", problem.cost[:, None], problem.payoff[:, None, :], 0.8, 60.0)
    return dataclasses.replace(
        problem,
        tails=(path, budget),
        bought=np.ones((1, 4)),
        sold=np.full((1, 4), 0.5),
        traded=np.array([4.5]),
    )


@pytest.mark.parametrize("solver", ["CLARABEL", "HIGHS", "PIQP"])
def test_every_solver_gives_what_an_independent_statement_gives(bound_by_everything, solver):
    found, other = solve(bound_by_everything, solver), independent.solved(bound_by_everything)
    assert found.status == other.status == "optimal"
    assert bound_by_everything.objective(found.position) == pytest.approx(other.objective, rel=MILLIONTH)
    for tail in bound_by_everything.tails:
        assert tail.tail_mean(found.position) <= tail.limit + MILLIONTH * abs(tail.limit)


def test_its_dual_values_prove_it(bound_by_everything):
    found = solve(bound_by_everything, "CLARABEL")
    bound = lagrangian_bound(bound_by_everything, found.position, found)
    objective = bound_by_everything.objective(found.position)
    assert 0.0 <= objective - bound <= MILLIONTH * objective


@pytest.mark.parametrize("rule", ["credit line", "traded", "sum", "upper"])
def test_a_price_is_what_a_little_more_room_saves(bound_by_everything, rule):
    """By two solves: a hundred-thousandth of room moves the objective by its price, to first order."""
    problem = bound_by_everything
    if rule == "sum":
        problem = dataclasses.replace(problem, b=np.array([3.0]))
    found = solve(problem, "CLARABEL")
    step = 1e-4
    path = dataclasses.replace(problem.tails[0], limit=problem.tails[0].limit + step)
    room = {
        "credit line": {"tails": (path, problem.tails[1])},
        "traded": {"traded": problem.traded + step},
        "sum": {"b": problem.b + step},
        "upper": {"upper": problem.upper + step},
    }[rule]
    more = solve(dataclasses.replace(problem, **room), "CLARABEL")
    saved = (problem.objective(found.position) - problem.objective(more.position)) / step
    price = {
        "credit line": found.tails[0].sum(),
        "traded": found.traded.sum(),
        "sum": found.mu.sum(),
        "upper": found.upper.sum(),
    }[rule]
    assert saved == pytest.approx(price, rel=0.02, abs=1e-3)


def test_a_rule_that_binds_has_a_price_and_one_that_does_not_has_none():
    problem = plain()
    tight, slack = (
        solve(dataclasses.replace(problem, tails=(path_rule(problem, limit),)), "CLARABEL") for limit in (1.0, 1e4)
    )
    assert tight.tails[0].sum() > 0.01
    assert slack.tails[0].sum() < 1e-6


def test_a_path_below_its_floor_asks_for_nothing_more_than_the_floor():
    problem = plain(tails=())
    rule = path_rule(problem, 0.5, floor=0.6)
    assert solve(dataclasses.replace(problem, tails=(rule,)), "CLARABEL").status == "infeasible"
    kept = dataclasses.replace(rule, limit=0.61)
    found = solve(dataclasses.replace(problem, tails=(kept,)), "CLARABEL")
    assert kept.tail_mean(found.position) == pytest.approx(0.61, abs=1e-5)


@pytest.mark.parametrize("solver", ["CLARABEL", "HIGHS", "PIQP"])
def test_the_least_deviation_is_that_of_the_independent_cone_programme(bound_by_everything, solver):
    problem = dataclasses.replace(bound_by_everything, variance=True)
    found, other = solve(problem, solver), independent.solved(problem)
    assert problem.objective(found.position) == pytest.approx(other.objective, rel=MILLIONTH)
    bound = lagrangian_bound(problem, found.position, found)
    assert problem.objective(found.position) - bound <= MILLIONTH * problem.cost.std()


def test_without_rules_the_least_deviation_is_the_regression():
    problem = plain(
        variance=True, lower=np.full(4, -np.inf), upper=np.full(4, np.inf), A=np.empty((0, 4)), b=np.empty(0)
    )
    columns = problem.payoff - problem.payoff.mean(axis=0)
    slope = np.linalg.lstsq(columns, problem.cost - problem.cost.mean(), rcond=None)[0]
    assert solve(problem, "CLARABEL").position == pytest.approx(slope, abs=1e-5)


def test_a_cost_that_contracts_undo_altogether_is_left_without_deviation():
    problem = plain(variance=True)
    certain = dataclasses.replace(problem, cost=7.0 + problem.payoff @ np.array([1.0, 0.5, 2.0, 0.0]))
    found = solve(certain, "CLARABEL")
    assert certain.objective(found.position) <= MILLIONTH * certain.cost.std()


def test_the_root_of_the_spread_gives_the_deviation_anywhere():
    problem = plain()
    root = spread_root(problem)
    for h in np.random.default_rng(2).normal(size=(20, 4)):
        assert np.linalg.norm(root @ np.append(-h, 1.0)) == pytest.approx((problem.cost - problem.payoff @ h).std())


def test_the_least_bad_plan_is_the_lowest_of_the_largest():
    """Over a grid of one position the largest of the two objectives is nowhere below what is found."""
    problems = [plain(seed, n=1, A=np.empty((0, 1)), b=np.empty(0)) for seed in (1, 2)]
    best = [problem.objective(solve(problem, "CLARABEL").position) for problem in problems]

    def worst(h):
        return max(p.objective(np.array([h])) - off for p, off in zip(problems, best, strict=True))

    found = solve_least_bad(problems, best, "CLARABEL")
    grid = [worst(h) for h in np.linspace(-1.0, 3.0, 2_001)]
    assert worst(found.position[0]) <= min(grid) + MILLIONTH
    assert found.shares.sum() == pytest.approx(1.0)
    assert len(found.others) == 1


def test_the_least_bad_of_equal_problems_is_the_best_of_one(bound_by_everything):
    one = solve(bound_by_everything, "CLARABEL")
    both = solve_least_bad([bound_by_everything] * 2, [0.0, 0.0], "CLARABEL")
    assert bound_by_everything.objective(both.position) == pytest.approx(
        bound_by_everything.objective(one.position), rel=MILLIONTH
    )
    assert len(both.tails) == 4


def test_whole_numbers_are_those_of_the_independent_statement(bound_by_everything):
    found = solve(bound_by_everything, "HIGHS", whole=True, mip_rel_gap=1e-7)
    assert np.array_equal(found.position, np.round(found.position))
    other = independent.solved_whole(bound_by_everything, 1e-7)
    assert bound_by_everything.objective(found.position) == pytest.approx(other.objective, rel=MILLIONTH)


def test_a_solver_that_cannot_says_so(bound_by_everything):
    assert solve(bound_by_everything, "NONE").status.startswith("failed")
    tiny = dataclasses.replace(plain(), payoff=np.full((400, 4), 1e-320))
    assert solve(tiny, "CLARABEL").status.startswith("failed")
