"""The bound that proves a plan: the Lagrangian of the programme at repaired dual values.

Any weights q with ``0 <= q_s <= 1/((1-alpha) S)`` and ``sum q = 1`` give ``q.L <= CVaR(L)``, for the objective as for
every tail rule, so with multipliers of the rules the smallest value of the Lagrangian over the box is a bound that no
plan can beat. A solver's dual values break these conditions by rounding; they are mended here before anything is
believed.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.cuts import Cuts, Mixed, Multipliers
from hedgedesk.hedging.solver.problem import CvarProblem, SolverAnswer, TailRule
from hedgedesk.hedging.solver.tangents import Touch

WIDE = 1e3
"""A coordinate without any bound is certified inside a box this many times wider than the answer."""


@dataclass(frozen=True, eq=False)
class Proof:
    """A bound, the mix of cuts that makes it, and their multipliers."""

    bound: float
    cuts: Cuts
    mixed: Mixed
    by: Multipliers


def lagrangian_bound(problem: CvarProblem, position: Floats, answer: SolverAnswer) -> float:
    """Smallest value of the Lagrangian over the box: a bound that holds whatever the solver did.

    ``position`` only places the wide box of coordinates that nothing bounds.
    """
    found = proof([problem], [0.0], position, answer)
    return -np.inf if found is None else found.bound


def proof(
    problems: Sequence[CvarProblem], offsets: Sequence[float], position: Floats, answer: SolverAnswer
) -> Proof | None:
    """The bound that a solver's dual values prove, of one problem or of the largest of several less their offsets.

    None: the dual values prove nothing.
    """
    problem, cuts = problems[0], Cuts(problems[0], problems[1:], offsets)
    by = _taken(problems, cuts, answer)
    mixed = cuts.mixed(by)
    if mixed is None:
        return None
    return Proof(mixed.least(*wide_box(problem, position)), cuts, mixed, by)


def _taken(problems: Sequence[CvarProblem], cuts: Cuts, answer: SolverAnswer) -> Multipliers:
    """Give ``cuts`` the tangent that each function's dual values stand for; the multipliers of these tangents."""
    prices = []
    for pool, tail, dual in zip(cuts.rules, cuts.tails, answer.tails, strict=True):
        rows = np.maximum(dual, 0.0)
        prices.append(float(rows.sum()))
        pool.take(_rule_tangent(tail, rows))
    traded = np.empty(0) if answer.traded is None else answer.traded
    by = Multipliers((), tuple(np.array([price]) for price in prices), answer.mu, answer.nu, traded)
    rest = cuts.ruled(by)
    tails, spreads = (answer.tail, *answer.others), (answer.spread, *answer.other_spreads)
    for problem, pool, q, spread in zip(problems, cuts.objectives, tails, spreads, strict=True):
        pool.take(_objective_tangent(problem, q, spread, rest if len(problems) == 1 else None))
    shares = np.ones(1) if answer.shares is None else answer.shares
    return dataclasses.replace(by, shares=tuple(np.array([share]) for share in shares))


def _objective_tangent(
    problem: CvarProblem, tail: Floats, spread: tuple[float, Floats] | None, rest: Mixed | None
) -> Touch:
    if problem.variance:
        constant, slope = (0.0, np.zeros(problem.lower.size)) if spread is None else spread
        return Touch(0.0, constant, slope)
    q = _onto_weights(tail, problem.cap)
    q = q if rest is None else _repaired(problem, q, rest)
    return Touch(0.0, float(q @ problem.cost), q @ problem.payoff)


def _rule_tangent(tail: TailRule, rows: Floats) -> Touch:
    """Of the weights (S, D + 1), the floor last: each scenario's is mended, and shared among its dates as before."""
    count, total = (1.0 - tail.level) * len(rows), rows.sum(axis=1)
    if not total.sum() > 0:
        total, rows = np.ones(len(rows)), np.ones_like(rows)
    rows = rows if np.isfinite(tail.floor) else np.column_stack([rows[:, :-1], np.zeros(len(rows))])
    whole = rows.sum(axis=1)
    rows = np.where(whole[:, None] > 0, rows / np.maximum(whole, 1e-300)[:, None], _first_date(rows))
    weights = _onto_weights(total / total.sum(), 1.0 / count)[:, None] * rows
    floored = float(weights[:, -1].sum()) * tail.floor if np.isfinite(tail.floor) else 0.0
    on_dates = weights[:, :-1]
    slope = np.einsum("sd,sdn->n", on_dates, tail.slope)
    return Touch(0.0, float((on_dates * tail.base).sum()) + floored, slope)


def _first_date(rows: Floats) -> Floats:
    """Where no date is told, any may be taken."""
    first = np.zeros(rows.shape[1])
    first[0] = 1.0
    return first


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


def _repaired(problem: CvarProblem, q: Floats, rest: Mixed) -> Floats:
    """Make the slope of every unbounded coordinate vanish, moving only weights strictly inside their range.

    Without a bound on h_j the Lagrangian falls without end unless its slope in h_j is within the fees; ``rest`` is the
    part of it that the rules make.
    """
    up, down = np.isinf(problem.upper), np.isinf(problem.lower)
    free = up | down
    if not free.any() or not problem.cvar_weight:
        return q
    payoff, fee = problem.payoff[:, free], problem.transaction_cost[free]
    slope = rest.slope[free] - problem.mean_weight * payoff.mean(axis=0) - problem.cvar_weight * (q @ payoff)
    # A slope may push against a bound that is there; only towards a side that is open must it vanish.
    miss = np.where(up[free], np.minimum(slope + rest.long[free] + fee, 0.0), 0.0)
    miss += np.where(down[free], np.maximum(slope - rest.short[free] - fee, 0.0), 0.0)
    room = np.minimum(q, problem.cap - q)
    columns = np.column_stack([problem.cvar_weight * payoff, np.ones(q.size)])
    system = columns.T @ (room[:, None] * columns)
    step = room * (columns @ np.linalg.lstsq(system, np.append(miss, 0.0), rcond=None)[0])
    mended = q + step
    return mended if np.all((mended >= 0) & (mended <= problem.cap)) else q


def implied_ends(problem: CvarProblem) -> tuple[Floats, Floats]:
    """Bounds (n,) that hold for every position within bounds and linear rules; infinite where nothing ends it."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    if problem.traded is not None and problem.bought is not None and problem.sold is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.where(problem.bought > 0, problem.traded[:, None] / problem.bought, np.inf).min(
                axis=0, initial=np.inf
            )
            least = np.where(problem.sold > 0, -problem.traded[:, None] / problem.sold, -np.inf).max(
                axis=0, initial=-np.inf
            )
        upper = np.where(np.isinf(upper), np.maximum(most, 0.0), upper)
        lower = np.where(np.isinf(lower), np.minimum(least, 0.0), lower)
    for ends, sign in ((lower, 1.0), (upper, -1.0)):
        for j in np.flatnonzero(np.isinf(ends)):
            ends[j] = _implied_bound(problem, int(j), sign)
    return lower, upper


def wide_box(problem: CvarProblem, position: Floats) -> tuple[Floats, Floats]:
    """The implied ends, and a wide box around ``position`` where nothing ends a coordinate."""
    lower, upper = implied_ends(problem)
    reach = WIDE * max(1.0, float(np.abs(position).max(initial=0.0)))
    lower = np.where(np.isinf(lower), np.minimum(position - reach, upper), lower)
    return lower, np.where(np.isinf(upper), np.maximum(position + reach, lower), upper)


def _implied_bound(problem: CvarProblem, j: int, sign: float) -> float:
    """Least (sign 1) or greatest (sign -1) h_j that bounds and rules allow; infinite: they allow any."""
    from scipy.optimize import linprog

    if not (problem.A.size or problem.E.size):
        return -sign * np.inf
    direction = np.zeros(problem.lower.size)
    direction[j] = sign
    found = linprog(direction, **_linear_rules(problem))
    return sign * float(found.fun) if found.status == 0 else -sign * np.inf


def _linear_rules(problem: CvarProblem) -> dict[str, Any]:
    rules: dict[str, Any] = {"bounds": np.column_stack([problem.lower, problem.upper])}
    if problem.b.size:
        rules |= {"A_ub": problem.A, "b_ub": problem.b}
    if problem.e.size:
        rules |= {"A_eq": problem.E, "b_eq": problem.e}
    return rules
