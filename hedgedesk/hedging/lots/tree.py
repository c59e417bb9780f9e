"""Whole lots: the best whole-number position, by a search tree over the cuts with exchanges at its leaves.

A linear programme over the cuts bounds every branch. A leaf is priced over all scenarios, which adds the cuts it was
missing, and its neighbours, a lot more or less of up to three contracts, are screened by the same cuts: only those
that promise to be better are priced. The tree therefore proves what the exchanges find.

References
----------
Duran and Grossmann (1986), An outer-approximation algorithm for a class of mixed-integer nonlinear programs,
Mathematical Programming 36. Quesada and Grossmann (1992), An LP/NLP based branch and bound algorithm for convex MINLP
optimization problems, Computers and Chemical Engineering 16 (the single tree).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.lots.exchanges import Exchanges
from hedgedesk.hedging.lots.whole import TOLERANCE, WholeLots
from hedgedesk.hedging.solver.bundle.frame import Frame
from hedgedesk.hedging.solver.bundle.linear import LinearMaster
from hedgedesk.hedging.solver.certificate import wide_box
from hedgedesk.hedging.solver.cuts import Cuts
from hedgedesk.hedging.solver.problem import CvarProblem

FINE = 1e-6
"""Aimed at as long as it costs no more than :data:`POLISH` branches."""
POLISH, MOST, FIRST = 60, 400, 20_000
"""Branches looked at for more than the tolerance, for the tolerance, and for any plan at all."""
DIVE, CUTS = 20, 300
"""Branches before cuts are added at positions that are not whole, and cuts up to which they are."""
WHOLE = 1e-6
"""A position this near to a whole number is one."""
ROUNDS = 60
"""Cuts added at the root before branching."""


def whole_lots(
    problem: CvarProblem, continuous: Floats, cuts: Cuts | None = None, *, tolerance: float = TOLERANCE
) -> WholeLots | None:
    """Best whole-number position of ``problem``; None where no whole numbers keep its rules.

    Parameters
    ----------
    continuous
        (n,) the continuous optimum.
    cuts
        Found on the way to it, of this problem or of the largest of several; None: they are made around it.
    tolerance
        Gap searched for, relative to the larger of the objective and the cost's standard deviation. Where some hundred
        branches do not prove it, as for a deviation of many contracts, the answer has a wider gap, proved all the same.

    Raises
    ------
    SolverInaccurate
        The search ended before it found any.
    """
    search = _Tree(problem, continuous, cuts or Cuts(problem), tolerance)
    search.run()
    if search.best is None:
        return None
    position = search.best + 0.0
    objective = problem.objective(position) if len(search.cuts.objectives) == 1 else search.value
    return WholeLots(position, objective, min(search.bound, objective))


@dataclass(frozen=True, eq=False)
class _Branch:
    lower: Floats
    upper: Floats
    bound: float
    """Of the branch it was cut from."""


class _Tree:
    def __init__(self, problem: CvarProblem, continuous: Floats, cuts: Cuts, tolerance: float) -> None:
        lower, upper = wide_box(problem, continuous)
        self.problem, self.cuts, self.tolerance = problem, cuts, tolerance
        self.lower, self.upper = np.ceil(lower - WHOLE), np.floor(upper + WHOLE)
        self.best: Floats | None = None
        self.value, self.bound = np.inf, -np.inf
        self.spread = float(problem.cost.std())
        self.continuous, self.branches = continuous, 0
        self.pruned = np.inf
        self.exchanges = Exchanges(problem, cuts, self.lower, self.upper)

    def run(self) -> None:
        """Search until the best position is proved, or as well as can be had."""
        if np.any(self.lower > self.upper):
            return
        relaxed = self._rooted()
        if relaxed is None:
            return
        self._try_around(np.clip(np.round(self.continuous), self.lower, self.upper))
        stack = [_Branch(self.lower, self.upper, -np.inf)]
        while stack:
            self.bound = min(self.value, self.pruned, min(branch.bound for branch in stack))
            if self._enough():
                return
            self.branches += 1
            self._visit(relaxed, stack)
        self.bound = min(self.value, self.pruned)

    def _rooted(self) -> _Relaxation | None:
        """The relaxation with cuts enough to know the continuous optimum; None: the rules leave nothing."""
        value, _ = self.cuts.price(self.continuous)
        fees = np.sum([pool.fee for pool in self.cuts.pools], axis=0)
        frame = Frame.of(self.problem, self.lower, self.upper, fees)
        if frame is None:
            raise SolverInaccurate("numbers too large or too small for whole lots")
        relaxed = _Relaxation(frame, self.cuts, value)
        for _ in range(ROUNDS):
            found = relaxed.between(self.lower, self.upper)
            if found is None:
                return None
            if found[0] >= value - 0.1 * self.tolerance * self._size(value):
                break
            for share in (1.0, 0.3, 0.1):
                self.cuts.price(share * found[1] + (1.0 - share) * self.continuous)
        return relaxed

    def _size(self, value: float) -> float:
        return max(abs(value), self.spread)

    def _enough(self) -> bool:
        if self.best is None:
            if self.branches >= FIRST:
                raise SolverInaccurate(f"no whole-lot plan is found in {FIRST:,} branches")
            return False
        if self.branches >= MOST:
            return True
        gap = (self.value - self.bound) / max(self._size(self.value), 1e-300)
        return gap <= FINE or (gap <= self.tolerance and self.branches >= POLISH)

    def _visit(self, relaxed: _Relaxation, stack: list[_Branch]) -> None:
        branch = stack.pop()
        found = relaxed.between(branch.lower, branch.upper)
        few = self.branches > DIVE and self.cuts.count < CUTS
        if found is not None and few and _away(found[1]).max(initial=0.0) > WHOLE:
            # One cut where the branch is lowest saves most of the branches below it.
            self.cuts.price(found[1], whole=False)
            found = relaxed.between(branch.lower, branch.upper)
        if found is None:
            return
        bound, position = max(found[0], branch.bound), found[1]
        if bound >= self.value - self._slack():
            self.pruned = min(self.pruned, bound)
            return
        branch = _Branch(branch.lower, branch.upper, bound)
        away = _away(position)
        if away.max(initial=0.0) <= WHOLE:
            self._leaf(np.round(position), branch, stack)
        else:
            # What is nearly whole is settled first; what is left over at the end makes the fine steps.
            stack.extend(_halves(branch, position, int(np.argmin(np.where(away > WHOLE, away, np.inf)))))

    def _slack(self) -> float:
        """How much better than the best a branch must promise to be."""
        share = FINE if self.branches <= POLISH else 0.5 * self.tolerance
        return share * self._size(self.value) if np.isfinite(self.value) else -np.inf

    def _leaf(self, position: Floats, branch: _Branch, stack: list[_Branch]) -> None:
        """Price a whole-number proposal; the branch is looked at again with the cuts that it was missing."""
        known = self.cuts.count
        before = self.value
        self._try_around(position)
        if self.cuts.count > known or self.value < before:
            stack.append(branch)

    def _try_around(self, position: Floats) -> None:
        found = self.exchanges.best_from(position, self.best, self.value)
        if found is not None:
            self.best, self.value = found


def _away(position: Floats) -> Floats:
    """(n,) distance from the nearest whole number."""
    return np.abs(position - np.round(position))


def _halves(branch: _Branch, position: Floats, j: int) -> list[_Branch]:
    """The branch below and above ``position`` in its coordinate ``j``, the nearer of them last."""
    below, above = branch.upper.copy(), branch.lower.copy()
    below[j], above[j] = np.floor(position[j]), np.floor(position[j]) + 1.0
    sides = [_Branch(branch.lower, below, branch.bound), _Branch(above, branch.upper, branch.bound)]
    return sides if position[j] - below[j] > 0.5 else sides[::-1]


class _Relaxation(LinearMaster):
    """The linear programme over the cuts, between ends that change."""

    def between(self, lower: Floats, upper: Floats) -> tuple[float, Floats] | None:
        """Value and position (n,) of its minimum; None: nothing lies between them."""
        f = self._frame
        low, high = lower / f.unit, upper / f.unit
        least = np.concatenate([low, np.maximum(-high[f.split], 0.0)])
        most = np.concatenate([high, np.maximum(-low[f.split], 0.0)])
        least[f.split], most[f.split] = np.maximum(low[f.split], 0.0), np.maximum(high[f.split], 0.0)
        self._highs.changeColsBounds(least.size, self._columns[:-1], least, most)
        self.take()
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverInaccurate(f"a branch of the whole lots is not solved: {status}")
        columns = np.array(self._highs.getSolution().col_value)
        return float(columns[-1]) * f.scale + self._centre, f.position(columns[:-1])
