"""The hedge that plans are measured on: many months under a budget of lots and a credit line for one margin date.

Every month buys at a spot price of two factors, times a currency; one contract settles in each month. The plan pays a
fee, keeps its positions within their ends and their sum within a budget, and the CVaR of the cash that margin asks for
half-way through within a credit line.
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule, tail_weights

SPOT = 3.0
LEVEL, RISK_WEIGHT, FEE = 0.95, 4.0, 0.01
LEAST, MOST, MOST_OF_FIFTHS = -2.0, 13.0, 6.0
"""Ends of a position, and the upper one of every fifth contract."""
BUDGET_SHARE, CREDIT_SHARE = 0.8, 0.6


def instance(scenarios: int, months: int = 24, seed: int = 1) -> CvarProblem:
    """The programme in arrays, drawn anew from ``seed``."""
    cost, payoff, margin = _walked(scenarios, months, np.random.default_rng(seed))
    upper = np.where(np.arange(1, months + 1) % 5 == 0, MOST_OF_FIFTHS, MOST)
    called = -margin @ (BUDGET_SHARE * upper)
    credit = CREDIT_SHARE * float(tail_weights(called, LEVEL) @ called)
    return CvarProblem(
        cost=cost,
        payoff=payoff,
        level=LEVEL,
        mean_weight=1.0,
        cvar_weight=RISK_WEIGHT,
        lower=np.full(months, LEAST),
        upper=upper,
        transaction_cost=np.full(months, FEE),
        A=np.ones((1, months)),
        b=np.array([BUDGET_SHARE * upper.sum()]),
        E=np.empty((0, months)),
        e=np.empty(0),
        tails=(TailRule("credit line", np.zeros((scenarios, 1)), margin[:, None, :], LEVEL, credit),),
    )


def _walked(scenarios: int, months: int, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Cost (S,), gain of a lot of each contract (S, n), and its gain by the margin date (S, n)."""
    fast, slow, currency = np.zeros((3, scenarios))
    cost = np.zeros(scenarios)
    payoff, margin = np.empty((scenarios, months)), np.empty((scenarios, months))
    agreed = SPOT * np.exp(-0.02 * np.arange(1, months + 1) / 12.0)
    for month in range(1, months + 1):
        z = random.standard_normal((4, scenarios))
        fast = np.exp(-0.1) * fast + 0.13 * z[0]
        slow = slow + 0.052 * (0.3 * z[0] + 0.954 * z[1])
        currency = currency + 0.03 * z[2]
        spot = SPOT * np.exp(fast + slow)
        cost += (10.0 + 0.05 * month) * np.exp(0.15 * z[3] + 0.25 * currency) * spot
        payoff[:, month - 1] = spot - agreed[month - 1]
        if month == months // 2:
            ahead = np.arange(1, months + 1) - month
            for j in range(months):
                curve = np.exp(-0.1 * ahead[j]) * fast + slow - 0.02 * ahead[j] / 12.0
                margin[:, j] = payoff[:, j] if ahead[j] <= 0 else SPOT * np.exp(curve) - agreed[j]
    return cost, payoff, margin
