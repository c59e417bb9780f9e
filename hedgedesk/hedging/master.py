"""The two small programmes over cuts: the linear one that bounds, the quadratic one that proposes.

Both live in scaled positions and values, so that a change of currency or lot changes no digit that matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import clarabel
import highspy
import numpy as np
from scipy import sparse

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.cuts import Cuts
from hedgedesk.hedging.problem import CvarProblem

ROUNDING = 1e-12
"""A cost that spreads by less than this share of itself is certain."""
FEASIBILITY = 1e-9
"""Of the rules in the linear programme, relative to each row's largest coefficient."""


@dataclass(frozen=True, eq=False)
class Scaled(ArrayHolder):
    """The rules, box and fees of a problem in scaled positions y = h / unit and values / scale."""

    scale: float
    unit: Floats
    """(n,)."""
    lower: Floats
    upper: Floats
    fee: Floats
    """(n,) per unit of abs(y)."""
    A: Floats
    b: Floats
    sizes: Floats
    """(m,) that each row of A was divided by."""
    E: Floats
    e: Floats
    equal_sizes: Floats

    @classmethod
    def of(cls, problem: CvarProblem, lower: Floats, upper: Floats) -> Scaled | None:
        """None: the numbers are too large or too small to be scaled."""
        spread_of_cost, level = float(problem.cost.std()), float(np.abs(problem.cost).max())
        certain = spread_of_cost <= ROUNDING * level
        scale = float(np.abs(problem.payoff).max(initial=0.0)) or 1.0 if certain else spread_of_cost
        spread = problem.payoff.std(axis=0)
        spread = np.where(spread > 0, spread, np.abs(problem.payoff).max(axis=0))
        unit = scale / np.where(spread > 0, spread, scale)
        if not np.all(np.isfinite(unit) & (unit > 0)):
            return None
        A, b, sizes = _rows(problem.A * unit, problem.b)
        E, e, equal_sizes = _rows(problem.E * unit, problem.e)
        fee = problem.transaction_cost * unit / scale
        return cls(scale, unit, lower / unit, upper / unit, fee, A, b, sizes, E, e, equal_sizes)

    @property
    def split(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Positions that may be bought or sold and pay for either: abs(y) is a variable of its own there."""
        return np.flatnonzero((self.fee > 0) & (self.lower < 0) & (self.upper > 0))

    @property
    def one_sided_fee(self) -> Floats:
        """(n,) fee of the positions that can only be bought (+) or only be sold (-), 0 of the others."""
        return np.where(self.lower >= 0, self.fee, np.where(self.upper <= 0, -self.fee, 0.0))

    def absolute_rows(self) -> Floats:
        """(2 m, n + m) rows that must stay at or below 0, so that m variables behind y are at least abs(y)."""
        count = self.split.size
        pick = np.eye(self.unit.size)[self.split]
        return np.vstack([np.hstack([pick, -np.eye(count)]), np.hstack([-pick, -np.eye(count)])])


def _rows(left: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    sizes = np.maximum(np.abs(left).max(axis=1, initial=0.0), 1e-300)
    return left / sizes[:, None], right / sizes, sizes


@dataclass(frozen=True, eq=False)
class Bound(ArrayHolder):
    """Answer of the linear programme."""

    position: Floats
    """(n,) scaled."""
    shares: Floats
    """(K,) dual of the cuts."""
    mu: Floats
    """(m,) in the problem's own units."""
    nu: Floats


class LinearMaster:
    """Least value of the largest cut within rules and box: HiGHS, kept warm while cuts are added.

    Parameters
    ----------
    centre
        Value that scaled cuts are told from.
    """

    def __init__(self, scaled: Scaled, centre: float) -> None:
        self._scaled, self._centre = scaled, centre
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("presolve", "off"),
            ("threads", 1),
            ("solver", "simplex"),
            ("primal_feasibility_tolerance", FEASIBILITY),
            ("dual_feasibility_tolerance", FEASIBILITY),
        ):
            self._highs.setOptionValue(name, value)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._infeasible = highspy.HighsModelStatus.kInfeasible
        self._unknown = np.arange(scaled.unit.size + scaled.split.size + 1, dtype=np.int32)
        self._state()
        self._cuts = 0

    def _state(self) -> None:
        s, infinite = self._scaled, np.inf
        behind = s.split.size
        costs = np.concatenate([s.one_sided_fee, s.fee[s.split], [1.0]])
        low = np.concatenate([s.lower, np.zeros(behind), [-infinite]])
        high = np.concatenate([s.upper, np.full(behind + 1, infinite)])
        for cost, least, most in zip(costs, low, high, strict=True):
            self._highs.addCol(float(cost), float(least), float(most), 0, np.empty(0, np.int32), np.empty(0))
        for row, right in zip(s.A, s.b, strict=True):
            self._row(-infinite, float(right), row)
        for row, right in zip(s.E, s.e, strict=True):
            self._row(float(right), float(right), row)
        for row in s.absolute_rows():
            self._row(-infinite, 0.0, row)
        self._fixed = s.b.size + s.e.size + 2 * behind

    def _row(self, least: float, most: float, row: Floats) -> None:
        used = np.flatnonzero(row).astype(np.int32)
        self._highs.addRow(least, most, used.size, used, np.ascontiguousarray(row[used]))

    def take(self, cuts: Cuts) -> None:
        """Add the cuts that are new since the last time."""
        s = self._scaled
        last = s.unit.size + s.split.size
        for constant, slope in zip(cuts.constants[self._cuts :], cuts.slopes[self._cuts :], strict=True):
            row = np.zeros(last + 1)
            row[: s.unit.size], row[last] = slope * s.unit / s.scale, 1.0
            self._row((constant - self._centre) / s.scale, np.inf, row)
        self._cuts = cuts.count

    def solve(self) -> Bound | str:
        """The answer, or the word ``infeasible`` or ``failed``."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != self._optimal:
            return "infeasible" if status == self._infeasible else "failed"
        s, found = self._scaled, self._highs.getSolution()
        dual, m, p = np.array(found.row_dual), self._scaled.b.size, self._scaled.e.size
        return Bound(
            position=np.array(found.col_value)[: s.unit.size],
            shares=dual[self._fixed :],
            mu=-dual[:m] * s.scale / s.sizes,
            nu=-dual[m : m + p] * s.scale / s.equal_sizes,
        )


def nearest_below(scaled: Scaled, constants: Floats, slopes: Floats, level: float, centre: Floats) -> Floats | None:
    """Position (n,) nearest to ``centre`` where no cut with its fee exceeds ``level``; None: the solver found none.

    Parameters
    ----------
    constants, slopes
        (K,) and (K, n) of the cuts, scaled.
    level
        Scaled value.
    centre
        (n,) scaled.
    """
    s, n, behind = scaled, scaled.unit.size, scaled.split.size
    wide = n + behind
    fees = np.concatenate([s.one_sided_fee, s.fee[s.split]])
    box = np.eye(n, wide)
    rows = [
        (np.hstack([s.E, np.zeros((s.e.size, behind))]), s.e),
        (np.hstack([s.A, np.zeros((s.b.size, behind))]), s.b),
        (s.absolute_rows(), np.zeros(2 * behind)),
        (box, s.upper),
        (-box, -s.lower),
        (np.hstack([-slopes, np.zeros((len(slopes), behind))]) + fees, level - constants),
    ]
    left, right = np.vstack([row for row, _ in rows]), np.concatenate([limit for _, limit in rows])
    curvature = sparse.diags_array(np.concatenate([np.ones(n), np.full(behind, 1e-9)])).tocsc()
    cones = [clarabel.ZeroConeT(s.e.size), clarabel.NonnegativeConeT(right.size - s.e.size)]
    aim = np.concatenate([-centre, np.zeros(behind)])
    solver: Any = clarabel.DefaultSolver(curvature, aim, sparse.csc_array(left), right, cones, _quiet())
    answer = solver.solve()
    if str(answer.status) not in ("Solved", "AlmostSolved"):
        return None
    return np.array(answer.x)[:n]


def _quiet() -> Any:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    return settings
