"""Cuts and multipliers make a bound that holds, whatever the multipliers are."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.hedging.solver.cuts import Cuts, Mixed, Multipliers
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule

N = 3


@pytest.fixture(scope="module")
def problem() -> CvarProblem:
    random = np.random.default_rng(2)
    payoff = random.standard_normal((400, N))
    cost = payoff @ [1.0, 2.0, 3.0] + random.standard_exponential(400)
    rule = TailRule("margin", np.zeros((400, 1)), payoff[:, None, :].copy(), 0.9, 4.0, fee=np.full(N, 0.1))
    return CvarProblem(
        cost=cost,
        payoff=payoff,
        level=0.95,
        mean_weight=1.0,
        cvar_weight=1.0,
        lower=np.full(N, -1.0),
        upper=np.full(N, 2.0),
        transaction_cost=np.full(N, 0.05),
        A=np.ones((1, N)),
        b=np.array([3.0]),
        E=np.array([[1.0, 0.0, -1.0]]),
        e=np.array([-0.5]),
        bought=np.ones((1, N)),
        sold=np.ones((1, N)),
        traded=np.array([4.0]),
        tails=(rule,),
    )


def test_no_multipliers_make_a_bound_above_a_position_that_keeps_the_rules(problem):
    random = np.random.default_rng(8)
    cuts = Cuts(problem)
    for h in random.uniform(-1.0, 2.0, (12, N)):
        cuts.add(h)
    kept = [np.array([x, y, x + 0.5]) for x, y in random.uniform(-1.0, 1.2, (60, 2))]
    kept = [h for h in kept if h.sum() <= 3.0 and np.abs(h).sum() <= 4.0 and problem.tails[0].tail_mean(h) <= 4.0]
    assert len(kept) > 10
    least = min(problem.objective(h) for h in kept)
    for _ in range(100):
        by = Multipliers(
            (random.normal(size=12),), (random.normal(size=12),), random.normal(size=1), random.normal(size=1),
            random.normal(size=1),
        )  # fmt: skip
        mixed = cuts.mixed(by)
        assert mixed is None or mixed.least(problem.lower, problem.upper) <= least + 1e-9


def test_a_pool_grows_and_keeps_every_cut(problem):
    cuts = Cuts(problem)
    tried = np.random.default_rng(1).uniform(-1.0, 2.0, (200, N))
    values = [cuts.add(h) for h in tried]
    assert cuts.count == 200
    fees = np.abs(tried) @ problem.transaction_cost
    touched = cuts.constants - np.einsum("kn,kn->k", cuts.slopes, tried) + fees
    assert touched == pytest.approx(np.array(values), rel=1e-12)


def test_the_worst_of_several_problems_is_priced_with_its_offset(problem):
    cuts = Cuts(problem, [problem], [0.0, -10.0])
    h = np.ones(N)
    assert cuts.add(h) == pytest.approx(problem.objective(h) + 10.0)
    assert cuts.count == 2


def test_a_break_of_a_tail_rule_is_priced_relative_to_its_size(problem):
    broken = Cuts(problem).violations(np.array([2.0]))
    h = np.full(N, 1.5)
    assert broken.add(h) == pytest.approx((problem.tails[0].tail_mean(h) - 4.0) / 2.0)


@pytest.mark.parametrize(
    ("slope", "lower", "upper", "below", "above"),
    [
        (3.0, 1.0, 2.0, 3.5, 0.0),  # held at the lower bound above 0: a unit less saves slope and fee
        (3.0, -1.0, 2.0, 2.5, 0.0),  # below 0 the fee is paid for going down
        (-3.0, -1.0, 2.0, 0.0, 2.5),
        (-3.0, -2.0, -1.0, 0.0, 3.5),
        (0.2, -1.0, 1.0, 0.0, 0.0),  # within the fee nothing is traded
    ],
)
def test_what_a_unit_of_a_bound_saves_counts_the_fee_of_the_side_it_opens(slope, lower, upper, below, above):
    fee = np.array([0.5])
    mixed = Mixed(0.0, np.array([slope]), fee, fee)
    prices = mixed.bound_prices(np.array([lower]), np.array([upper]))
    assert prices[0][0] == pytest.approx(below)
    assert prices[1][0] == pytest.approx(above)
