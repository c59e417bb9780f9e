"""Whoever solves it, the answer and the worth of every rule are the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, InputError, SolverInaccurate
from hedgedesk.hedging import cvar
from hedgedesk.hedging.solver.bundle import search
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule

N, FEW = 3, 400


@pytest.fixture(scope="module")
def small() -> CvarProblem:
    random = np.random.default_rng(6)
    payoff = random.standard_normal((FEW, N))
    cost = 20.0 + payoff @ [2.0, 1.0, 3.0] + random.standard_exponential(FEW)
    path = np.stack([0.5 * payoff, payoff], axis=1)
    return CvarProblem(
        cost=cost,
        payoff=payoff,
        level=0.9,
        mean_weight=1.0,
        cvar_weight=2.0,
        lower=np.zeros(N),
        upper=np.array([1.5, 4.0, 4.0]),
        transaction_cost=np.full(N, 0.05),
        A=np.array([[1.0, 1.0, 1.0]]),
        b=np.array([4.5]),
        E=np.empty((0, N)),
        e=np.empty(0),
        tails=(TailRule("margin", np.zeros((FEW, 2)), path, 0.9, 4.0, 0.0, np.full(N, 0.1)),),
    )


@pytest.mark.parametrize("solver", ["auto", "bundle", "Clarabel", "HIGHS", "piqp"])
def test_every_solver_gives_the_same_answer_and_the_same_worth_of_each_rule(small, solver):
    found, best = cvar.certified(small, solver=solver), cvar.certified(small, 1e-9, solver="highs")
    assert found.objective == pytest.approx(best.objective, rel=2e-6)
    assert found.tail_prices == pytest.approx(best.tail_prices, rel=1e-2)
    assert found.tail_prices[0] > 0.0
    assert found.upper_prices == pytest.approx(best.upper_prices, abs=1e-2)
    assert found.warm is not None


def test_a_few_rows_are_solved_directly_and_many_by_the_bundle(small, monkeypatch):
    assert cvar.certified(small).solver == "CLARABEL"
    monkeypatch.setattr(cvar, "MANY", 3 * FEW)
    assert cvar.certified(small).solver == "level bundle"


def test_too_many_rows_are_not_solved_directly_unasked(small, monkeypatch):
    monkeypatch.setattr(cvar, "TOO_MANY", FEW)
    monkeypatch.setattr(search, "PASSES", 1)
    with pytest.raises(SolverInaccurate, match="level bundle: unproved"):
        cvar.certified(small)
    assert cvar.certified(small, solver="clarabel").gap <= 1e-6


@pytest.mark.parametrize("asked", [{"solver": "gurobi"}, {"master": "excel"}])
def test_a_solver_or_master_that_is_not_offered_is_refused(small, asked):
    with pytest.raises(InputError, match="must be one of"):
        cvar.certified(small, **asked)


@pytest.mark.parametrize("solver", ["bundle", "clarabel"])
def test_the_least_bad_of_several_is_the_same_by_both_ways(small, solver):
    other = dataclasses.replace(small, cost=small.cost + 3.0 * small.payoff[:, 1], tails=())
    best = [cvar.certified(one, 1e-8, solver="highs").objective for one in (small, other)]
    found = cvar.least_bad([small, other], best, solver=solver)
    assert found.objective == pytest.approx(cvar.least_bad([small, other], best).objective, abs=1e-4)
    assert found.objective >= 0.0
    assert found.lower_bound <= found.objective


@pytest.mark.parametrize("offsets", [[], [0.0, 0.0]])
def test_every_problem_needs_its_offset(small, offsets):
    with pytest.raises(InputError, match="needs its offset"):
        cvar.least_bad([small], offsets)


def test_problems_of_other_positions_cannot_be_weighed_against_each_other(small):
    other = dataclasses.replace(small, tails=(), lower=np.zeros(2))
    with pytest.raises(InputError, match="same positions"):
        cvar.least_bad([small, other], [0.0, 0.0])


@pytest.mark.parametrize("solver", ["auto", "bundle", "highs"])
def test_a_tail_rule_that_cannot_be_kept_is_named_by_every_solver(small, solver):
    rule = TailRule("budget", small.cost[:, None].copy(), small.payoff[:, None, :].copy(), 0.9, 1.0)
    with pytest.raises(Infeasible) as raised:
        cvar.certified(dataclasses.replace(small, tails=(rule,)), solver=solver)
    (short,) = raised.value.shortfalls
    assert short.rule == "budget"
    assert short.needed > short.limit


def test_without_positions_a_tail_rule_is_kept_or_named(small):
    none = {name: np.empty(0) for name in ("lower", "upper", "transaction_cost")}
    rule = TailRule("budget", small.cost[:, None].copy(), np.empty((FEW, 1, 0)), 0.9, 1.0)
    bare = dataclasses.replace(
        small, payoff=np.empty((FEW, 0)), A=np.empty((0, 0)), b=np.empty(0), E=np.empty((0, 0)), tails=(rule,), **none
    )
    with pytest.raises(Infeasible, match="budget"):
        cvar.certified(bare)
    kept = cvar.certified(dataclasses.replace(bare, tails=(dataclasses.replace(rule, limit=1e3),)))
    assert kept.objective == bare.objective(np.empty(0))
