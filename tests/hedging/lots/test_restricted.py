"""Fixing positions changes nothing but what is left to decide."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.hedging.lots.restricted import restricted
from hedgedesk.hedging.solver.problem import TailRule, cvar_problem


@pytest.fixture
def problem():
    random = np.random.default_rng(4)
    cost, payoff = 100.0 + 10.0 * random.standard_normal(300), random.standard_normal((300, 4))
    rules = random.standard_normal((2, 4)), np.array([3.0, 5.0])
    plain = cvar_problem(cost, payoff, 0.9, 2.0, -5.0, 5.0, 0.3, rules, (np.ones((1, 4)), [2.0]))
    path = random.standard_normal((300, 3, 4)).astype(np.float32)
    tails = (TailRule("path", np.zeros((300, 3)), path, 0.95, 40.0, fee=np.full(4, 0.1)),)
    used = {"bought": np.ones((1, 4)), "sold": np.full((1, 4), 0.5), "traded": np.array([9.0])}
    return dataclasses.replace(plain, tails=tails, **used)


@pytest.mark.parametrize("variance", [False, True])
def test_a_position_is_worth_and_uses_the_same_in_the_part_as_in_the_whole(problem, variance):
    problem = dataclasses.replace(problem, variance=variance)
    position, free = np.array([1.5, -2.0, 0.5, 3.0]), np.array([True, False, True, False])
    part = restricted(problem, free, position)
    own = position[free]
    assert part.objective(own) == pytest.approx(problem.objective(position), rel=1e-12)
    assert part.A @ own - part.b == pytest.approx(problem.A @ position - problem.b)
    assert part.E @ own - part.e == pytest.approx(problem.E @ position - problem.e)
    whole, left = problem.tails[0], part.tails[0]
    assert left.tail_mean(own) - left.limit == pytest.approx(whole.tail_mean(position) - whole.limit, rel=1e-5)
    bought, sold = np.maximum(position, 0.0), np.maximum(-position, 0.0)
    over = problem.bought @ bought + problem.sold @ sold - problem.traded
    assert part.bought @ np.maximum(own, 0.0) + part.sold @ np.maximum(-own, 0.0) - part.traded == pytest.approx(over)
    assert (part.lower.size, part.payoff.shape) == (2, (300, 2))
