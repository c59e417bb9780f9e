"""Whole lots: the same as a programme with a row a scenario finds, proved by its own bound."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.benchmark.instance import instance
from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.hedging import cvar
from hedgedesk.hedging.lots import tree, whole_lots

from ...laws import independent, programmes  # noqa: TID252 - the random programmes of the laws

SEEDS = range(24)


@pytest.fixture(scope="module")
def hedge():
    """24 contracts, a fee, a budget of lots and a credit line that binds."""
    problem = instance(3_000)
    return problem, cvar.certified(problem, solver="bundle")


@pytest.mark.parametrize("seed", SEEDS)
def test_no_whole_number_position_is_better_than_what_is_found(seed):
    problem, _ = programmes.programme(seed, whole=True)
    continuous = cvar.certified(problem)
    found = whole_lots(problem, continuous.position, continuous.cuts)
    scale = max(abs(found.objective), float(problem.cost.std()))
    assert found.lower_bound <= found.objective
    assert found.objective - found.lower_bound <= tree.TOLERANCE * scale
    assert np.array_equal(found.position, np.round(found.position))
    for tail in problem.tails:
        assert tail.tail_mean(found.position) <= tail.limit + 1e-8 * (abs(tail.limit) + np.abs(tail.base).max())
    if not problem.variance:
        other = independent.solved_whole(problem, 1e-7)
        assert found.objective <= other.objective + tree.TOLERANCE * scale
        assert found.lower_bound <= other.objective + 1e-7 * scale


def test_a_hedge_of_24_contracts_is_certified_and_keeps_its_credit_line(hedge):
    problem, continuous = hedge
    found = whole_lots(problem, continuous.position, continuous.cuts)
    assert found.objective - found.lower_bound <= tree.TOLERANCE * found.objective
    assert found.lower_bound >= continuous.lower_bound * (1 - 1e-5)
    assert found.objective == problem.objective(found.position)
    (line,) = problem.tails
    assert line.tail_mean(found.position) <= line.limit * (1 + 1e-8)
    assert found.position.sum() <= problem.b[0]


def test_no_exchange_of_three_lots_is_better_than_what_is_found(hedge):
    """Tried one by one, without the cuts, on a part of all exchanges drawn at random."""
    problem, continuous = hedge
    found = whole_lots(problem, continuous.position, continuous.cuts)
    random = np.random.default_rng(6)
    for _ in range(300):
        step = np.zeros(24)
        step[random.choice(24, 3, replace=False)] = random.choice([-1.0, 1.0], 3)
        near = found.position + step
        inside = np.all((near >= problem.lower) & (near <= problem.upper)) and near.sum() <= problem.b[0]
        if inside and problem.tails[0].tail_mean(near) <= problem.tails[0].limit:
            assert problem.objective(near) >= found.objective * (1 - 2e-9)


def test_the_cuts_of_the_way_only_spare_time(hedge):
    problem, continuous = hedge
    rich = whole_lots(problem, continuous.position, continuous.cuts)
    poor = whole_lots(problem, continuous.position)
    assert rich.objective == pytest.approx(poor.objective, rel=2 * tree.TOLERANCE)


def test_no_whole_number_between_the_bounds_is_no_plan(hedge):
    problem, continuous = hedge
    narrow = dataclasses.replace(problem, lower=np.full(24, 0.2), upper=np.full(24, 0.8))
    assert whole_lots(narrow, continuous.position) is None


def test_rules_that_only_fractions_keep_are_no_plan():
    problem, _ = programmes.programme(3, whole=True)
    n = problem.lower.size
    even = dataclasses.replace(
        problem, A=np.vstack([2.0 * np.ones(n), -2.0 * np.ones(n)]), b=np.array([3.0, -3.0]), tails=(), traded=None
    )
    even = dataclasses.replace(even, lower=np.zeros(n), upper=np.full(n, 2.0))
    assert whole_lots(even, np.full(n, 1.5 / n)) is None


def test_a_search_that_ends_early_tells_the_gap_that_it_has_proved(hedge, monkeypatch):
    problem, continuous = hedge
    monkeypatch.setattr(tree, "MOST", 1)
    found = whole_lots(problem, continuous.position, continuous.cuts, tolerance=1e-9)
    assert continuous.lower_bound * (1 - 1e-5) <= found.lower_bound < found.objective


def test_a_deviation_of_many_contracts_is_bounded_as_well_as_can_be_had(hedge):
    problem = dataclasses.replace(hedge[0], variance=True, tails=())
    continuous = cvar.certified(problem)
    found = whole_lots(problem, continuous.position, continuous.cuts)
    assert continuous.lower_bound - 1e-6 * problem.cost.std() <= found.lower_bound <= found.objective
    # Rounded down, every limit is kept.
    assert found.objective <= problem.objective(np.floor(continuous.position))


def test_a_search_that_finds_nothing_says_so(hedge, monkeypatch):
    problem, continuous = hedge
    monkeypatch.setattr(tree, "FIRST", 0)
    monkeypatch.setattr(tree.Exchanges, "best_from", lambda *_: None)
    with pytest.raises(SolverInaccurate, match="no whole-lot plan is found"):
        whole_lots(problem, continuous.position, continuous.cuts)
