"""The bound that proves a plan: the Lagrangian of the mean-CVaR programme at repaired dual values.

Any weights q with ``0 <= q_s <= 1/((1-alpha) S)`` and ``sum q = 1`` give ``q.L <= CVaR(L)``, so with multipliers
``mu >= 0`` and ``nu`` of the rules the smallest value of the Lagrangian over the box is a bound that no plan can beat.
A solver's dual values break these conditions by rounding; they are mended here before anything is believed.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.problem import CvarProblem, SolverAnswer

WIDE = 1e3
"""A coordinate without any bound is certified inside a box this many times wider than the answer."""


def lagrangian_bound(problem: CvarProblem, position: Floats, answer: SolverAnswer) -> float:
    """Smallest value of the Lagrangian over the box: a bound that holds whatever the solver did.

    ``position`` only places the wide box of coordinates that nothing bounds.
    """
    lower, upper = _finite_box(problem, position)
    mu, nu = np.maximum(answer.mu, 0.0), answer.nu
    q = _repaired(problem, _onto_weights(answer.tail, problem.cap), mu, nu)
    gain = problem.mean_weight * problem.payoff.mean(axis=0) + problem.cvar_weight * (q @ problem.payoff)
    slope = problem.A.T @ mu + problem.E.T @ nu - gain
    constant = problem.mean_weight * problem.cost.mean() + problem.cvar_weight * (q @ problem.cost)
    constant -= mu @ problem.b + nu @ problem.e
    corners = np.stack([lower, upper, np.clip(np.zeros_like(lower), lower, upper)])
    values = slope * corners + problem.transaction_cost * np.abs(corners)
    return float(constant + values.min(axis=0).sum())


def _onto_weights(raw: Floats, cap: float) -> Floats:
    """Shift and clip ``raw`` until 0 <= q <= cap and sum q = 1."""
    low, high = -cap - raw.max(), cap - raw.min()
    for _ in range(200):
        middle = 0.5 * (low + high)
        if np.clip(raw + middle, 0.0, cap).sum() < 1.0:
            low = middle
        else:
            high = middle
    q: Floats = np.clip(raw + high, 0.0, cap)
    inside = (q > 0) & (q < cap)
    if inside.any():
        q[inside] += (1.0 - q.sum()) / inside.sum()
    return np.clip(q, 0.0, cap) / max(1.0, float(np.clip(q, 0.0, cap).sum()))


def _repaired(problem: CvarProblem, q: Floats, mu: Floats, nu: Floats) -> Floats:
    """Make the slope of every unbounded coordinate 0, moving only weights strictly inside their range.

    Without a bound on h_j the Lagrangian falls without end unless its slope in h_j is within the transaction cost.
    """
    free = np.isinf(problem.lower) | np.isinf(problem.upper)
    if not free.any() or not problem.cvar_weight:
        return q
    payoff = problem.payoff[:, free]
    rules = (problem.A.T @ mu + problem.E.T @ nu)[free]
    miss = rules - problem.mean_weight * payoff.mean(axis=0) - problem.cvar_weight * (q @ payoff)
    fee = problem.transaction_cost[free]
    # A slope may push against a bound that is there; only towards a side that is open must it vanish.
    up, down = np.isinf(problem.lower[free]), np.isinf(problem.upper[free])
    miss = np.where(up, np.maximum(miss - fee, 0.0), 0.0) + np.where(down, np.minimum(miss + fee, 0.0), 0.0)
    room = np.minimum(q, problem.cap - q)
    columns = np.column_stack([problem.cvar_weight * payoff, np.ones(q.size)])
    system = columns.T @ (room[:, None] * columns)
    step = room * (columns @ np.linalg.lstsq(system, np.append(miss, 0.0), rcond=None)[0])
    mended = q + step
    return mended if np.all((mended >= 0) & (mended <= problem.cap)) else q


def implied_box(problem: CvarProblem) -> tuple[Floats, Floats] | None:
    """Finite bounds that hold for every position within bounds and rules; None: some coordinate has none."""
    ends = problem.lower.copy(), problem.upper.copy()
    for bounds, sign in zip(ends, (1.0, -1.0), strict=True):
        for j in np.flatnonzero(np.isinf(bounds)):
            implied = _implied_bound(problem, int(j), sign)
            if implied is None:
                return None
            bounds[j] = implied
    return ends


def _finite_box(problem: CvarProblem, position: Floats) -> tuple[Floats, Floats]:
    """Bounds that hold for every position within the rules; a wide box where the rules leave a coordinate free."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    open_ended = np.flatnonzero(np.isinf(lower) | np.isinf(upper))
    if open_ended.size == 0:
        return lower, upper
    reach = WIDE * max(1.0, float(np.abs(position).max()))
    for j in open_ended:
        for bounds, sign in ((lower, 1.0), (upper, -1.0)):
            if np.isinf(bounds[j]):
                implied = _implied_bound(problem, int(j), sign)
                bounds[j] = position[j] - sign * reach if implied is None else implied
    return lower, upper


def _implied_bound(problem: CvarProblem, j: int, sign: float) -> float | None:
    """Least (sign 1) or greatest (sign -1) h_j that bounds and rules allow; None: they allow any."""
    from scipy.optimize import linprog

    if not (problem.A.size or problem.E.size):
        return None
    direction = np.zeros(problem.lower.size)
    direction[j] = sign
    found = linprog(direction, **_linear_rules(problem))
    return sign * float(found.fun) if found.status == 0 else None


def _linear_rules(problem: CvarProblem) -> dict[str, Any]:
    rules: dict[str, Any] = {"bounds": np.column_stack([problem.lower, problem.upper])}
    if problem.b.size:
        rules |= {"A_ub": problem.A, "b_ub": problem.b}
    if problem.e.size:
        rules |= {"A_eq": problem.E, "b_eq": problem.e}
    return rules
