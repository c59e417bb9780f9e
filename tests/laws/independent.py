"""The whole problem stated once more, without cvxpy and without the product's own code: HiGHS by scipy, or Clarabel."""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp


@dataclass
class Answer:
    status: str
    """optimal, infeasible or other."""
    objective: float = np.nan
    position: np.ndarray | None = None


class Statement:
    """Columns: what is bought, what is sold, then VaR and the excess over it of the objective and of each tail rule."""

    def __init__(self, problem):
        p, self.problem = problem, problem
        self.money = p.cost.std() or 1.0
        moved = p.payoff.std(axis=0)
        self.unit = self.money / np.where(moved > 0, moved, self.money)
        self.n, self.count = p.lower.size, 2 * p.lower.size
        self.low = [*np.maximum(p.lower / self.unit, 0.0), *np.maximum(-p.upper / self.unit, 0.0)]
        self.high = [*np.maximum(p.upper / self.unit, 0.0), *np.maximum(-p.lower / self.unit, 0.0)]
        fees = np.zeros(self.n) if p.variance else p.transaction_cost * self.unit / self.money
        gains = -p.payoff.mean(axis=0) * self.unit / self.money * (0.0 if p.variance else p.mean_weight)
        self.costs, self.rows, self.limits = [*(gains + fees), *(fees - gains)], [], []
        if p.cvar_weight and not p.variance:
            at = self._tail(p.cost[:, None] / self.money, (p.payoff * self.unit / self.money)[:, None, :])
            self.costs[at], many = p.cvar_weight, p.cost.size
            self.costs[at + 1 : at + 1 + many] = [p.cvar_weight / ((1.0 - p.level) * many)] * many
        for rule in p.tails:
            self._tail_rule(rule)
        self._linear()

    def _columns(self, many, low):
        at = self.count
        self.count += many
        self.low += [low] * many
        self.high += [np.inf] * many
        self.costs += [0.0] * many
        return at

    def _tail(self, base, slope, floor=-np.inf):
        """Add VaR and excess, and their rows; the number of the column of VaR."""
        many = len(base)
        at = self._columns(1, -np.inf)
        excess = self._columns(many, 0.0)
        eye, one = -sparse.eye(many), -np.ones((many, 1))
        for d in range(base.shape[1]):
            self.rows.append({0: np.hstack([-slope[:, d], slope[:, d]]), at: one, excess: eye})
            self.limits.append(-base[:, d])
        if np.isfinite(floor):
            self.rows.append({at: one, excess: eye})
            self.limits.append(np.full(many, -floor))
        return at

    def _tail_rule(self, rule):
        size = abs(rule.limit) + np.abs(rule.base).max() + 1e-300
        many = len(rule.base)
        at = self._tail(rule.base / size, rule.slope * self.unit / size, rule.floor / size)
        fee = np.zeros(self.n) if rule.fee is None else rule.fee * self.unit / size
        cap = np.full((1, many), 1.0 / ((1.0 - rule.level) * many))
        self.rows.append({0: np.concatenate([fee, fee])[None, :], at: np.ones((1, 1)), at + 1: cap})
        self.limits.append(np.array([rule.limit / size]))

    def _linear(self):
        p, unit = self.problem, self.unit
        left = [np.hstack([p.A * unit, -p.A * unit])]
        right = [p.b]
        if p.traded is not None:
            left.append(np.hstack([p.bought * unit, p.sold * unit]))
            right.append(p.traded)
        left, right = np.vstack(left), np.concatenate(right)
        sizes = np.maximum(np.abs(left).max(axis=1, initial=0.0), 1e-300)
        if right.size:
            self.rows.append({0: left / sizes[:, None]})
            self.limits.append(right / sizes)

    def matrices(self):
        """A_ub, b_ub, A_eq, b_eq."""
        blocks = []
        for row in self.rows:
            height = next(iter(row.values())).shape[0]
            parts, at = [], 0
            for start, block in sorted(row.items()):
                parts += [sparse.csr_array((height, start - at)), sparse.csr_array(block)]
                at = start + block.shape[1]
            blocks.append(sparse.hstack([*parts, sparse.csr_array((height, self.count - at))]))
        E = np.hstack([self.problem.E * self.unit, -self.problem.E * self.unit])
        sizes = np.maximum(np.abs(E).max(axis=1, initial=0.0), 1e-300)
        equal = sparse.hstack(
            [sparse.csr_array(E / sizes[:, None]), sparse.csr_array((len(E), self.count - 2 * self.n))]
        )
        left = sparse.vstack(blocks) if blocks else sparse.csr_array((0, self.count))
        return left, np.concatenate(self.limits) if blocks else np.empty(0), equal, self.problem.e / sizes

    def position(self, x):
        return (x[: self.n] - x[self.n : 2 * self.n]) * self.unit


def solved(problem) -> Answer:
    """Optimum by HiGHS; of a variance by Clarabel."""
    stated = Statement(problem)
    if problem.variance:
        return _by_clarabel(stated)
    left, limits, equal, to = stated.matrices()
    found = linprog(
        stated.costs,
        A_ub=left if limits.size else None,
        b_ub=limits if limits.size else None,
        A_eq=equal if to.size else None,
        b_eq=to if to.size else None,
        bounds=list(zip(stated.low, stated.high, strict=True)),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
    )
    if found.status != 0:
        return Answer("infeasible" if found.status == 2 else "other")
    position = stated.position(found.x)
    return Answer("optimal", problem.objective(position), position)


def solved_whole(problem, gap) -> Answer:
    """Whole-number optimum by HiGHS, a row a scenario."""
    stated = Statement(problem)
    left, limits, equal, to = stated.matrices()
    # Columns of lots, not of scaled positions, so that they can be asked to be whole.
    scale = sparse.diags_array(
        np.concatenate([1.0 / stated.unit, 1.0 / stated.unit, np.ones(stated.count - 2 * stated.n)])
    )
    size = np.concatenate([stated.unit, stated.unit, np.ones(stated.count - 2 * stated.n)])
    rules = [LinearConstraint(left @ scale, -np.inf, limits)] if limits.size else []
    rules += [LinearConstraint(equal @ scale, to, to)] if to.size else []
    found = milp(
        np.array(stated.costs) / size,
        constraints=rules,
        bounds=Bounds(np.array(stated.low) * size, np.array(stated.high) * size),
        integrality=np.concatenate([np.ones(2 * stated.n), np.zeros(stated.count - 2 * stated.n)]),
        options={"mip_rel_gap": gap},
    )
    if found.x is None:
        return Answer("infeasible" if found.status == 2 else "other")
    position = np.round(found.x[: stated.n] - found.x[stated.n : 2 * stated.n])
    return Answer("optimal", problem.objective(position), position)


def _by_clarabel(stated):
    p, n = stated.problem, stated.n
    left, limits, equal, to = stated.matrices()
    root = np.column_stack([p.payoff * stated.unit, p.cost]) / stated.money
    root = (root - root.mean(axis=0)) / np.sqrt(len(root))
    wide = np.hstack([-root[:, :n], root[:, :n]])
    # Least deviation: a cone of its norm, one more column for it.
    bounds_low, bounds_high = np.array(stated.low), np.array(stated.high)
    eye = sparse.eye_array(stated.count, format="csr")
    low, high = np.isfinite(bounds_low), np.isfinite(bounds_high)
    rows = sparse.vstack([equal, left, eye[high], -eye[low]])
    right = np.concatenate([to, limits, bounds_high[high], -bounds_low[low]])
    rows = sparse.hstack([rows, sparse.csr_array((rows.shape[0], 1))])
    cone = sparse.vstack(
        [
            sparse.csr_array(([-1.0], ([0], [stated.count])), shape=(1, stated.count + 1)),
            sparse.hstack([sparse.csr_array(-wide), sparse.csr_array((len(wide), stated.count - 2 * n + 1))]),
        ]
    )
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    found = clarabel.DefaultSolver(
        sparse.csc_array((stated.count + 1, stated.count + 1)),
        np.append(np.zeros(stated.count), 1.0),
        sparse.csc_array(sparse.vstack([rows, cone])),
        np.concatenate([right, [0.0], root[:, n]]),
        [
            clarabel.ZeroConeT(to.size),
            clarabel.NonnegativeConeT(right.size - to.size),
            clarabel.SecondOrderConeT(1 + len(root)),
        ],
        settings,
    ).solve()
    if str(found.status) != "Solved":
        return Answer("infeasible" if "Infeasible" in str(found.status) else "other")
    position = stated.position(np.array(found.x))
    return Answer("optimal", p.objective(position), position)
