"""Whole lots in rounds: never better than the bound, as good as counting, and within every rule on tails."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from hedgedesk.hedging.cvar import certified
from hedgedesk.hedging.lots import whole_lots
from hedgedesk.hedging.lots.restricted import restricted
from hedgedesk.hedging.lots.rounds import lots_in_rounds
from hedgedesk.hedging.solver.problem import TailRule, cvar_problem


def instance(seed, n=3, most=4.0, scenarios=400, **limits):
    random = np.random.default_rng(seed)
    payoff = random.standard_t(4, (scenarios, n)) + 0.1
    cost = 50.0 + payoff @ random.uniform(0.5, 3.5, n) + random.standard_normal(scenarios)
    rules = limits.get("rules") or (random.uniform(0.0, 1.0, (1, n)), [0.55 * most * n / 2])
    return cvar_problem(cost, payoff, 0.9, 1.0, -1.0, most, 0.05, rules, limits.get("equal"))


def counted(problem):
    """The best whole-number position by trying all of them."""
    ranges = [np.arange(np.ceil(a), b + 0.5) for a, b in zip(problem.lower, problem.upper, strict=True)]
    best = np.inf
    for each in itertools.product(*ranges):
        position = np.array(each)
        bought, sold = np.maximum(position, 0.0), np.maximum(-position, 0.0)
        kept = np.all(problem.A @ position <= problem.b + 1e-9) and np.all(abs(problem.E @ position - problem.e) < 1e-9)
        if problem.traded is not None:
            kept &= bool(np.all(problem.bought @ bought + problem.sold @ sold <= problem.traded + 1e-9))
        if kept and all(tail.tail_mean(position) <= tail.limit * (1 + 1e-7) for tail in problem.tails):
            best = min(best, problem.objective(position))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_they_are_as_good_as_trying_every_position(seed):
    problem = instance(seed)
    found = lots_in_rounds(problem, certified(problem).position)
    best = counted(problem)
    assert found.objective <= best + 1e-4 * abs(best)
    assert found.lower_bound <= best + 1e-9 * abs(best)
    assert np.array_equal(found.position, np.round(found.position))


@pytest.mark.parametrize("seed", range(4))
def test_rules_on_tails_and_on_what_is_traded_are_kept(seed):
    plain = instance(seed, scenarios=200)
    random = np.random.default_rng(100 + seed)
    path = np.abs(random.standard_normal((200, 3, 3))).astype(np.float32)
    tail = TailRule("path", np.zeros((200, 3)), -path, 0.9, 9.0, fee=np.full(3, 0.1))
    used = {"bought": np.ones((1, 3)), "sold": np.ones((1, 3)), "traded": np.array([6.0])}
    problem = dataclasses.replace(plain, tails=(tail,), **used)
    found = lots_in_rounds(problem, certified(problem).position)
    best = counted(problem)
    assert tail.tail_mean(found.position) <= 9.0 * (1 + 1e-7)
    assert np.abs(found.position).sum() <= 6.0
    assert found.objective == pytest.approx(best, rel=1e-4)
    assert found.lower_bound <= best + 1e-9 * abs(best)


def test_equal_inputs_give_equal_lots_and_the_tree_agrees():
    problem = instance(9, n=6)
    answer = certified(problem)
    first, again = (lots_in_rounds(problem, answer.position) for _ in range(2))
    assert np.array_equal(first.position, again.position)
    assert first.objective == pytest.approx(whole_lots(problem, answer.position).objective, rel=2e-4)


def test_where_no_whole_numbers_keep_the_rules_there_are_none():
    between = np.array([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0]]), np.array([2.6, -2.4])
    problem = instance(1, rules=between)
    assert lots_in_rounds(problem, certified(problem).position) is None
    narrow = dataclasses.replace(instance(1), lower=np.full(3, 0.2), upper=np.full(3, 0.8))
    assert lots_in_rounds(narrow, np.full(3, 0.5)) is None


def test_equalities_hold_in_whole_numbers():
    problem = instance(2, equal=(np.array([[1.0, 1.0, 1.0]]), [4.0]))
    found = lots_in_rounds(problem, certified(problem).position)
    assert found.position.sum() == 4.0
    assert found.objective == pytest.approx(counted(problem), rel=1e-4)


def test_amounts_beside_lots_are_not_cut_to_whole_numbers():
    problem, whole = instance(3), np.array([True, False, True])
    found = lots_in_rounds(problem, certified(problem).position, whole=whole)
    assert np.array_equal(found.position[whole], np.round(found.position[whole]))
    # Between the whole numbers and what is not whole at all.
    assert certified(problem).lower_bound <= found.objective <= counted(problem) * (1 + 1e-4)
    best = min(
        certified(restricted(problem, ~whole, np.array([first, 0.0, last]))).objective
        for first in range(-1, 5)
        for last in range(-1, 5)
        if least_use(problem, first, last) <= problem.b[0]
    )
    assert found.lower_bound <= best * (1 + 1e-6)
    assert found.objective == pytest.approx(best, rel=1e-4)


def least_use(problem, first, last):
    """Of the one rule, whose coefficients are above 0: the middle position at its lower bound."""
    return float(problem.A[0] @ np.array([first, problem.lower[1], last]))
