"""The level bundle gives the answer of the programme with a row a scenario, or none at all."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, PlanError, SolverInaccurate
from hedgedesk.hedging import cvar
from hedgedesk.hedging.lots import whole_lots
from hedgedesk.hedging.solver.bundle import search, solve
from hedgedesk.hedging.solver.cuts import Cuts, Multipliers
from hedgedesk.hedging.solver.problem import CvarProblem, cvar_problem

TAILS = ("normal", "pareto", "cauchy", "rounded")
WEIGHTS = (None, 0.0, 0.3, 1.0, 40.0)


def scenarios(random: np.random.Generator, tail: str, many: int, n: int):
    """Cost (S,) and payoff (S, n) of positions of very different sizes; ``rounded`` ones have many ties."""
    payoff = random.standard_normal((many, n))
    noise = {
        "normal": random.standard_normal,
        "pareto": lambda k: random.pareto(1.8, k),
        "cauchy": lambda k: np.clip(random.standard_cauchy(k), -1e3, 1e3),
        "rounded": random.standard_normal,
    }[tail](many)
    cost = payoff @ random.uniform(-1.0, 3.0, n) + noise
    if tail == "rounded":
        return np.round(cost), np.round(payoff), np.ones(n)
    size = 10.0 ** random.uniform(-3, 3, n)
    return cost, payoff * size, size


def instance(seed: int) -> CvarProblem:
    """A random programme: heavy tails, ties, fees, tight and slack rules, equalities, a currency of any size."""
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 9))
    cost, payoff, size = scenarios(random, TAILS[seed % 4], int(random.choice([200, 600, 1_500])), n)
    if n > 2 and seed % 5 == 0:
        payoff[:, 0], size[0] = payoff[:, 1], size[1]  # two contracts that are one
    lower, upper = random.choice([0.0, -1.0, 0.5], n), random.uniform(1.0, 4.0, n)
    inside = random.uniform(lower, upper)
    left = random.uniform(-0.2, 1.0, (int(random.integers(0, 3)), n))
    right = left @ inside + random.choice([0.0, 0.3, 5.0], len(left))
    equal = random.uniform(0.1, 1.0, (1, n))
    money = 10.0 ** float(random.integers(-3, 8))
    return cvar_problem(
        money * cost,
        money * payoff,
        float(random.choice([0.5, 0.9, 0.95, 0.987])),
        WEIGHTS[seed % 5],
        lower / size,
        upper / size,
        money * random.choice([0.0, 0.02, 0.2], n) * size,
        (left * size, right) if len(left) else None,
        (equal * size, equal @ inside) if seed % 3 == 0 and n > 2 else None,
    )


@pytest.mark.parametrize("seed", range(30))
def test_it_agrees_with_the_programme_of_a_row_a_scenario_to_a_millionth(seed):
    problem = instance(seed)
    slow = cvar.certified(problem, solver="highs")
    quick = cvar.certified(problem, solver="bundle")
    scale = max(abs(slow.objective), float(problem.cost.std()))
    assert abs(quick.objective - slow.objective) <= 1e-6 * scale
    assert quick.objective - quick.lower_bound <= 1e-6 * scale
    # A row a scenario keeps its rules to eight digits, so its own objective is no sharper than that.
    assert quick.lower_bound <= slow.objective + 1e-7 * scale


@pytest.fixture(scope="module")
def large() -> CvarProblem:
    """Enough scenarios for the bundle to be chosen; ten contracts under one cash line."""
    random = np.random.default_rng(11)
    payoff = random.standard_normal((cvar.MANY, 10)) @ random.uniform(0.0, 1.0, (10, 10))
    cost = payoff @ random.uniform(0.0, 5.0, 10) + random.pareto(2.5, cvar.MANY)
    return cvar_problem(cost, payoff, 0.95, 1.0, 0.0, 9.0, 0.05, (np.ones((1, 10)), [20.0]), None)


def test_many_scenarios_are_answered_by_the_bundle_and_proved(large):
    found = cvar.certified(large)
    assert found.solver == "level bundle"
    assert 0.0 <= found.gap <= 1e-6
    assert found.objective == large.objective(found.position)
    assert np.ones(10) @ found.position <= 20.0 * (1 + 1e-9)


def test_every_cut_is_below_the_objective_everywhere(large):
    cuts = cvar.certified(large).cuts
    tried = np.random.default_rng(3).uniform(0.0, 9.0, (200, 10))
    for h in tried:
        free_of_fees = large.objective(h) - large.transaction_cost @ np.abs(h)
        assert np.all(cuts.constants - cuts.slopes @ h <= free_of_fees + 1e-9 * abs(free_of_fees))


def test_whatever_multipliers_are_given_the_bound_holds(large):
    found = cvar.certified(large)
    random = np.random.default_rng(4)
    for _ in range(50):
        shares, mu = random.normal(size=found.cuts.count), random.normal(size=1)
        assert bound(large, found.cuts, shares, mu) <= found.objective + 1e-9
    assert found.cuts.mixed(multipliers(np.zeros(found.cuts.count), mu)) is None


def multipliers(shares, mu) -> Multipliers:
    return Multipliers((shares,), (), mu, np.empty(0), np.empty(0))


def bound(problem, cuts, shares, mu) -> float:
    return cuts.mixed(multipliers(shares, mu)).least(problem.lower, problem.upper)


def test_a_few_dozen_passes_over_the_scenarios_are_enough(large):
    answer = solve.solve(large, large.lower, large.upper, 1e-6)
    assert answer.passes.whole <= 3
    assert answer.passes.near <= 60


def test_rules_that_contradict_one_another_are_named_as_by_the_other_solver(large):
    contrary = dataclasses.replace(large, A=np.vstack([large.A, -large.A]), b=np.array([20.0, -30.0]))
    told = []
    for solver in ("clarabel", "highs", "bundle"):
        with pytest.raises(Infeasible) as raised:
            cvar.certified(contrary, solver=solver)
        told.append(raised.value)
    assert len({str(one) for one in told}) == 1
    assert told[0].shortfalls == told[1].shortfalls == told[2].shortfalls


def test_a_position_that_only_a_rule_bounds_is_boxed_by_it(large):
    open_ended = dataclasses.replace(large, upper=np.full(10, np.inf))
    found = cvar.certified(open_ended)
    assert found.solver == "level bundle"
    assert found.objective == pytest.approx(cvar.certified(open_ended, solver="highs").objective, rel=1e-6)


def test_a_position_that_nothing_bounds_is_found_within_ends_that_move_out(large):
    nothing = dataclasses.replace(
        large, lower=np.full(10, -np.inf), upper=np.full(10, np.inf), A=np.empty((0, 10)), b=np.empty(0)
    )
    quick, slow = (cvar.certified(nothing, solver=solver) for solver in ("bundle", "highs"))
    assert quick.gap <= 1e-6
    assert quick.objective == pytest.approx(slow.objective, rel=1e-6)


def test_a_loss_that_falls_without_end_is_no_plan(large):
    endless = dataclasses.replace(
        large, payoff=np.abs(large.payoff) + 1.0, upper=np.full(10, np.inf), A=np.empty((0, 10)), b=np.empty(0)
    )
    with pytest.raises(PlanError, match="without end"):
        cvar.certified(endless, solver="bundle")


def test_what_is_not_proved_is_left_to_the_other_solver_or_no_plan(large, monkeypatch):
    monkeypatch.setattr(search, "PASSES", 3)
    assert solve.solve(large, large.lower, large.upper, 1e-6) == "unproved"
    assert cvar.certified(large).solver == "CLARABEL"
    with pytest.raises(SolverInaccurate, match="level bundle: unproved"):
        cvar.certified(large, solver="bundle")


def test_a_proposal_that_cannot_be_found_is_replaced_by_the_corner_of_the_bound(large):
    narrow = dataclasses.replace(large, payoff=large.payoff[:, :2], A=large.A[:, :2], **{
        name: getattr(large, name)[:2] for name in ("lower", "upper", "transaction_cost")
    }, E=np.empty((0, 2)))  # fmt: skip
    answer = solve.solve(narrow, narrow.lower, narrow.upper, 1e-6, master=lambda _: None)
    assert answer.value - answer.lower_bound <= 1e-6 * abs(answer.value)


def test_whole_lots_are_the_same_with_the_cuts_of_the_way_and_without(large):
    found = cvar.certified(large)
    rich, poor = whole_lots(large, found.position, found.cuts), whole_lots(large, found.position)
    assert rich.objective == pytest.approx(poor.objective, rel=1e-5)
    assert rich.lower_bound <= rich.objective
    assert rich.objective == pytest.approx(large.objective(rich.position), rel=1e-12)


def test_where_the_cost_is_certain_no_position_is_taken(large):
    certain = dataclasses.replace(large, cost=np.full(cvar.MANY, 3e7), transaction_cost=np.zeros(10))
    found = cvar.certified(certain)
    # The gap is proved to a millionth of ten spreads of the payoffs, so a position to a little more than that.
    assert found.position == pytest.approx(np.zeros(10), abs=1e-4)
    assert found.solver == "level bundle"


def test_a_spread_that_one_scenario_makes_alone_is_proved_relative_to_the_objective(large):
    cost = large.payoff[:, 0].copy()
    cost[0] = 1e9
    found = cvar.certified(dataclasses.replace(large, cost=cost))
    assert found.gap <= 1e-6


def test_a_cut_touches_the_objective_where_it_was_taken(large):
    cuts, h = Cuts(large), np.linspace(0.0, 4.0, 10)
    assert cuts.add(h) == pytest.approx(large.objective(h), rel=1e-12)
