"""Scaled positions, and the columns that the two small programmes decide on.

Positions are y = h / unit, so that every one moves the loss about equally and a change of currency or lot changes no
digit that matters. Where the two sides of a position are paid for differently, each side is a column of its own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.solver.cuts import Pool
from hedgedesk.hedging.solver.problem import LARGEST, CvarProblem

ROUNDING = 1e-12
"""A cost that spreads by less than this share of itself is certain."""
CERTAIN = 1e-5
"""Beside a certain cost a gap is relative to the objective, but to no less than this share of a unit's payoff."""
ON_RULES = 1e-8
"""A linear rule is kept when it is broken by less than this, relative to its largest coefficient and its limit."""
LOOKED_AT = 2_000
"""Scenarios that the size of a position is judged by, where there are many."""


@dataclass(frozen=True, eq=False)
class Frame(ArrayHolder):
    """Bounds and linear rules of a problem over N columns x, with ``y = x[:n]`` less the short sides ``x[n:]``."""

    scale: float
    """Money that values are told in."""
    unit: Floats
    """(n,)."""
    split: NDArray[np.intp]
    """(N - n,) positions with two sides."""
    long: Floats
    """(N,) what a column adds to max(y, 0); 0 for both sides where nothing is paid for either."""
    short: Floats
    """(N,) what it adds to max(-y, 0)."""
    least: Floats
    """(N,) ends of the columns."""
    most: Floats
    rows: Floats
    """(r, N) rules at most ``limits``: the inequalities, then the rules on what is traded."""
    limits: Floats
    sizes: Floats
    """(r,) that each row was divided by."""
    inequalities: int
    """How many of the rows are the problem's inequalities."""
    equal: Floats
    """(p, N)."""
    equal_to: Floats
    equal_sizes: Floats

    @classmethod
    def of(cls, problem: CvarProblem, lower: Floats, upper: Floats, fees: Floats) -> Frame | None:
        """The frame between finite ``lower`` and ``upper``; None: the numbers are too large or small to be scaled.

        Parameters
        ----------
        fees
            (n,) above 0 where any function charges a fee.
        """
        scale, unit = spread_of(problem), units(problem)
        if not np.all(np.isfinite(unit) & (unit > 0)):
            return None
        bought, sold, traded = _traded(problem)
        paid = (fees > 0) | (bought > 0).any(axis=0) | (sold > 0).any(axis=0)
        split = np.flatnonzero(paid & (lower < 0) & (upper > 0))
        low, high = lower / unit, upper / unit
        n = unit.size
        long = np.concatenate([np.where(lower >= 0, 1.0, 0.0), np.zeros(split.size)])
        short = np.concatenate([np.where((upper <= 0) & (lower < 0), -1.0, 0.0), np.ones(split.size)])
        long[split] = 1.0
        least = np.concatenate([low, np.zeros(split.size)])
        least[split] = 0.0
        most = np.concatenate([high, -low[split]])
        owner = np.concatenate([np.arange(n), split])
        sign = np.concatenate([np.ones(n), -np.ones(split.size)])
        ruled = (problem.A * unit)[:, owner] * sign
        turned = (bought * unit)[:, owner] * long + (sold * unit)[:, owner] * short
        rows, limits, sizes = _normalised(np.vstack([ruled, turned]), np.concatenate([problem.b, traded]))
        equal, equal_to, equal_sizes = _normalised((problem.E * unit)[:, owner] * sign, problem.e)
        m = problem.b.size
        return cls(scale, unit, split, long, short, least, most, rows, limits, sizes, m, equal, equal_to, equal_sizes)

    @property
    def n(self) -> int:
        """Positions."""
        return self.unit.size

    def position(self, columns: Floats) -> Floats:
        """(n,) h of the columns (N,)."""
        y = columns[: self.n].copy()
        y[self.split] -= columns[self.n :]
        return np.asarray(y * self.unit)

    def columns(self, position: Floats) -> Floats:
        """(N,) of h (n,)."""
        y = position / self.unit
        x = np.concatenate([y, np.maximum(-y[self.split], 0.0)])
        x[self.split] = np.maximum(y[self.split], 0.0)
        return x

    def folds(self, position: Floats, reach: float) -> NDArray[np.int8]:
        """(N - n,) the side of each split position (n,) that is farther than ``reach``, scaled, from 0; else 0."""
        y = (position / self.unit)[self.split]
        return np.where(np.abs(y) <= reach, 0, np.sign(y)).astype(np.int8)

    def folded(self, sides: NDArray[np.int8]) -> Frame:
        """The frame with one column for each position that keeps its side, as :meth:`folds` tells.

        Its fee goes on as on its side of 0, beyond 0 too: what is bounded from below is too low there, and nothing
        else changes. Where rules count what is traded, which must be kept, nothing is folded.
        """
        both, n = sides == 0, self.n
        if both.all() or self.limits.size > self.inequalities:
            return self
        columns = np.concatenate([np.arange(n), n + np.flatnonzero(both)])
        one = self.split[~both]
        least, long, short = self.least[columns], self.long[columns], self.short[columns]
        least[one], long[one], short[one] = -self.most[n:][~both], sides[~both] > 0, -1.0 * (sides[~both] < 0)
        return dataclasses.replace(
            self,
            split=self.split[both],
            long=long,
            short=short,
            least=least,
            most=self.most[columns],
            rows=self.rows[:, columns],
            equal=self.equal[:, columns],
        )

    def keeps_rules(self, position: Floats) -> bool:
        """Whether h (n,) keeps the linear rules; its bounds it keeps by being cut off at them."""
        x = self.columns(position)
        over, off = self.rows @ x - self.limits, np.abs(self.equal @ x - self.equal_to)
        kept = np.all(over <= ON_RULES * (1.0 + np.abs(self.limits)))
        return bool(kept and np.all(off <= ON_RULES * (1.0 + np.abs(self.equal_to))))

    def has_position(self) -> bool:
        """Whether any position keeps bounds and linear rules."""
        from scipy.optimize import linprog

        rules: dict[str, Any] = {"bounds": np.column_stack([self.least, self.most])}
        if self.limits.size:
            rules |= {"A_ub": self.rows, "b_ub": self.limits}
        if self.equal_to.size:
            rules |= {"A_eq": self.equal, "b_eq": self.equal_to}
        return int(linprog(np.zeros(self.least.size), **rules).status) == 0

    def on_columns(self, slopes: Floats) -> Floats:
        """(K, N) of slopes (K, n) in h."""
        scaled = slopes * self.unit
        return np.hstack([scaled, -scaled[:, self.split]])

    def cuts(self, pool: Pool, first: int = 0) -> tuple[Floats, Floats]:
        """Constants (K,) and rows (K, N) of the cuts of ``pool`` from ``first`` on: value >= constant + row @ x."""
        constants, slopes = pool.cuts(first)
        return constants, self.fee_on_columns(pool.fee) - self.on_columns(slopes)

    def fee_on_columns(self, fee: Floats) -> Floats:
        """(N,) of a fee (n,) per unit of abs(h)."""
        scaled = fee * self.unit
        return np.concatenate([scaled, scaled[self.split]]) * (self.long + self.short)

    def prices(self, dual: Floats, equal_dual: Floats) -> tuple[Floats, Floats, Floats]:
        """(m,), (q,) and (p,) multipliers in the problem's own units, of the duals of ``rows`` and ``equal``."""
        own = dual * self.scale / self.sizes
        return own[: self.inequalities], own[self.inequalities :], equal_dual * self.scale / self.equal_sizes


def units(problem: CvarProblem) -> Floats:
    """(n,) units of each position that move the loss by one deviation of the cost."""
    scale = spread_of(problem)
    return scale / _moves(problem, scale)


def is_certain(problem: CvarProblem) -> bool:
    """Whether the cost is the same in every scenario, but for rounding."""
    return not float(problem.cost.std()) > ROUNDING * float(np.abs(problem.cost).max())


def spread_of(problem: CvarProblem) -> float:
    """Money that decides between plans: the cost's deviation; of a certain cost, the largest payoff of one unit."""
    if not is_certain(problem):
        return float(problem.cost.std())
    return max(float(problem.payoff.max(initial=0.0)), -float(problem.payoff.min(initial=0.0))) or 1.0


def _moves(problem: CvarProblem, scale: float) -> Floats:
    """(n,) how much one unit of each position moves the loss; ``scale`` where it moves nothing."""
    some = problem.payoff[:: max(1, problem.cost.size // LOOKED_AT)]
    moves = some.std(axis=0)
    for j in np.flatnonzero(~(moves > 0)):
        column = problem.payoff[:, j]
        moves[j] = column.std() or np.abs(column).max()
    return np.where(moves > scale / LARGEST, moves, scale)


def _traded(problem: CvarProblem) -> tuple[Floats, Floats, Floats]:
    if problem.bought is None or problem.sold is None or problem.traded is None:
        none = np.empty((0, problem.lower.size))
        return none, none, np.empty(0)
    return problem.bought, problem.sold, problem.traded


def _normalised(left: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Each row by its largest coefficient; a row without any says what it says."""
    sizes = np.abs(left).max(axis=1, initial=0.0)
    sizes = np.where(sizes > 0, sizes, 1.0)
    return left / sizes[:, None], right / sizes, sizes
