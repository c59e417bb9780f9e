"""Tangents touch their function where they were taken and are nowhere above it, from whatever scenarios they come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.hedging.solver.problem import TailRule, cvar_problem
from hedgedesk.hedging.solver.tangents import MANY, Deviation, TailMean, tail_weights_of

N = 4
SCENARIOS = MANY + 1_000


@pytest.fixture(scope="module")
def problem():
    random = np.random.default_rng(3)
    payoff = random.standard_normal((SCENARIOS, N))
    cost = 9.0 + payoff @ [1.0, 2.0, 0.0, 3.0] + random.pareto(2.2, SCENARIOS)
    return cvar_problem(cost, payoff, 0.95, 3.0, -5.0, 5.0, 0.0, None, None)


@pytest.fixture(scope="module")
def path():
    random = np.random.default_rng(4)
    slope = random.standard_normal((SCENARIOS, 3, N)).cumsum(axis=1).astype(np.float32)
    return TailRule("path", random.standard_normal((SCENARIOS, 3)), slope, 0.975, 0.0, floor=0.5)


positions = st.lists(st.floats(-5.0, 5.0), min_size=N, max_size=N).map(np.array)


@given(positions, positions)
@settings(max_examples=40, deadline=None)
def test_a_tangent_of_the_objective_touches_it_and_is_nowhere_above(problem, here, there):
    function = TailMean.of(problem)
    touch = function.whole(here)
    (constant,), (slope,) = function.lifted(np.array([touch.constant]), touch.slope[None, :])
    assert touch.value == pytest.approx(problem.objective(here), rel=1e-10)
    assert constant - slope @ here == pytest.approx(touch.value, rel=1e-10)
    assert constant - slope @ there <= problem.objective(there) * (1 + 1e-12)


@given(positions, positions)
@settings(max_examples=40, deadline=None)
def test_a_price_from_the_worst_scenarios_alone_is_never_too_high(problem, here, there):
    function = TailMean.of(problem)
    function.whole(here)
    touch = function.near(there)
    assert touch.value <= problem.objective(there) * (1 + 1e-12)
    assert function.near(here).value == pytest.approx(problem.objective(here), rel=1e-6)


@given(positions, positions)
@settings(max_examples=40, deadline=None)
def test_a_tangent_of_a_path_is_nowhere_above_its_tail_mean(path, here, there):
    function = TailMean.of_rule(path)
    touch = function.whole(here)
    assert touch.value == pytest.approx(path.tail_mean(here), rel=1e-10)
    assert touch.constant - touch.slope @ there <= path.tail_mean(there) * (1 + 1e-12)
    assert function.near(there).value <= path.tail_mean(there) * (1 + 1e-12)


def test_a_path_that_rests_at_its_floor_costs_the_floor(path):
    low = TailRule("low", path.base - 1e3, path.slope, 0.975, 0.0, floor=0.5)
    touch = TailMean.of_rule(low).whole(np.zeros(N))
    assert touch.value == pytest.approx(0.5)
    assert np.all(touch.slope == 0.0)


@given(positions, positions)
@settings(max_examples=40, deadline=None)
def test_a_tangent_of_the_deviation_is_nowhere_above_it(problem, here, there):
    function = Deviation(problem)
    touch = function.whole(here)
    assert touch.value == pytest.approx((problem.cost - problem.payoff @ here).std(), rel=1e-9)
    assert touch.constant - touch.slope @ there <= (problem.cost - problem.payoff @ there).std() * (1 + 1e-9)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 7.0]), min_size=1, max_size=40), st.floats(0.01, 0.99))
@settings(deadline=None)
def test_tail_weights_add_to_one_and_none_is_above_its_cap(losses, share):
    loss, count = np.array(losses), share * len(losses)
    weights = tail_weights_of(loss, count)
    assert weights.sum() == pytest.approx(1.0)
    assert np.all(weights >= 0.0)
    assert np.all(weights <= 1.0 / count + 1e-12)
    order = np.sort(loss)[::-1]
    left = np.clip(count - np.arange(loss.size), 0.0, 1.0)
    assert weights @ loss == pytest.approx(order @ left / count)


@pytest.mark.parametrize("size", [1e-30, 1e30, 1e60])
def test_numbers_that_do_not_fit_into_half_the_bits_are_judged_with_all_of_them(problem, size):
    large = cvar_problem(problem.cost * size, problem.payoff * size, 0.95, 3.0, -5.0, 5.0, 0.0, None, None)
    function, here = TailMean.of(large), np.ones(N)
    function.whole(here)
    assert function.near(here).value == pytest.approx(large.objective(here), rel=1e-9)
