"""The level bundle: a few dozen passes over the worst scenarios, and two or three over all of them.

A linear programme over the cuts found so far gives the bound. The next position is the one nearest to the best so far
whose cuts promise part of what is left between the two. Most positions are priced over the scenarios that were bad at
the last whole pricing, which may be too low; only pricings over all scenarios, in float64, decide and certify.

References
----------
Lemaréchal, Nemirovskii and Nesterov (1995), New variants of bundle methods, Mathematical Programming 69.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.frame import Frame
from hedgedesk.hedging.solver.bundle.level import LevelSet, Master
from hedgedesk.hedging.solver.bundle.linear import Corner, LinearMaster
from hedgedesk.hedging.solver.cuts import Cuts, Mixed, Multipliers

LEVEL = 0.4
"""Share of the gap that a proposal leaves open."""
PASSES = 600
WITHIN = 1e-9
"""A tail rule is kept when it is broken by less than this share of its size."""
INSIDE = 1e-3
"""A position may be mixed with when it keeps every tail rule by this share of its size."""
AIM = 0.8
"""Share of the tolerance that is aimed at on the candidates."""
LEAST_SPREADS, MOST_SPREADS = 0.1, 10.0
"""Gaps are relative to the objective, but to no less and, where they are aimed at, no more spreads of the cost."""
REACH = 0.25
"""Share of the way to the corner within which a position may turn from long to short."""
PATIENCE = 12
"""Pricings of candidates within which their gap must halve; else all scenarios are asked again."""


@dataclass(frozen=True, eq=False)
class Mark:
    """A position (n,), its objective, and by how much it breaks each tail rule, relative to the rule's size."""

    position: Floats
    value: float
    excess: Floats
    """(rules,) below 0 where there is room."""

    def mixed_with(self, inside: Mark) -> Mark:
        """The nearest position towards ``inside`` that keeps every tail rule; convexity bounds its objective."""
        broken = self.excess > 0
        share = float(np.max(self.excess[broken] / (self.excess[broken] - inside.excess[broken]), initial=0.0))
        return Mark(
            (1.0 - share) * self.position + share * inside.position,
            (1.0 - share) * self.value + share * inside.value,
            (1.0 - share) * self.excess + share * inside.excess,
        )


@dataclass
class Passes:
    """How often scenarios were priced."""

    whole: int = 0
    near: int = 0


@dataclass(frozen=True)
class Goal:
    """When a search may end."""

    tolerance: float
    """Gap that is enough over all scenarios, relative to the value, but to no less than a part of the spread."""
    spread: float
    """Of the cost, in money: it decides between plans, however large the cost itself is."""
    reached: float = -np.inf
    """An objective below this ends the search at once."""
    least: float = LEAST_SPREADS
    """Spreads that a gap is relative to at least."""

    def aimed(self, gap: float, value: float) -> bool:
        """Whether ``gap`` on the candidates is small enough."""
        return gap <= AIM * self.tolerance * min(self._size(value), MOST_SPREADS * self.spread)

    def proved(self, gap: float, value: float) -> bool:
        """Whether ``gap`` over all scenarios is small enough."""
        return gap <= self.tolerance * self._size(value)

    def _size(self, value: float) -> float:
        return max(abs(value), self.least * self.spread)


class Search:
    """One search for the least objective of ``cuts`` within ``frame``.

    Parameters
    ----------
    firsts
        (n,) each: positions that keep bounds and linear rules, priced over all scenarios before any is proposed.
    sizes
        (rules,) that a break of each tail rule is relative to.
    depth
        A position may be mixed with when it keeps every tail rule by this share of its size.
    """

    def __init__(
        self,
        cuts: Cuts,
        frame: Frame,
        box: tuple[Floats, Floats],
        firsts: Sequence[Floats],
        sizes: Floats,
        master: Master,
        depth: float = INSIDE,
    ) -> None:
        self.cuts, self.frame, self.box, self.sizes, self.depth = cuts, frame, box, sizes, depth
        self.best: Mark | None = None
        self.lower_bound = -np.inf
        self.proof: Mixed | None = None
        self.by: Multipliers | None = None
        self.passes = Passes()
        self._master = master
        self._next, self._whole = firsts[0], True
        self._firsts = list(firsts[1:])
        self.early: list[Mark] = []
        """The first ones, as long as none is inside."""
        self.inside: Mark | None = None
        self._centre: Mark | None = None
        self._linear: LinearMaster | None = None
        self._frames: dict[bytes, Frame] = {}
        self._spares = not all(pool.function.whole_is_near for pool in cuts.pools)
        self._gaps: list[float] = []
        self._at_corner = False

    def run(self, goal: Goal) -> str:
        """``proved``, ``reached``, ``unproved``, ``infeasible``, ``failed``, or ``outside``: no first one is inside."""
        for _ in range(PASSES):
            ended = self._step(goal)
            if ended:
                return ended
        return "unproved"

    def _step(self, goal: Goal) -> str:
        mark = self._priced()
        self._note(mark)
        if self.inside is None and self.sizes.size:
            self.early.append(mark)
        if self._firsts:
            self._next = self._firsts.pop(0)
            return ""
        if self.inside is None and self.sizes.size:
            return "outside"
        while self.early:
            self._note(self.early.pop())
        if self._centre is None:
            return "outside"
        if self.best is not None and self.best.value <= goal.reached:
            return "reached"
        corner = self._bounded()
        if isinstance(corner, str):
            return corner
        if self._whole and self.best is not None and goal.proved(self.best.value - corner.value, self.best.value):
            self._prove()
            if goal.proved(self.best.value - self.lower_bound, self.best.value):
                return "proved"
        self._choose(self._centre, corner, goal)
        return ""

    def _priced(self) -> Mark:
        self.passes.whole += self._whole
        self.passes.near += not self._whole
        value, sides = self.cuts.price(self._next, whole=self._whole)
        return Mark(self._next, value, (sides - self.cuts.limits) / self.sizes)

    def _note(self, mark: Mark) -> None:
        """Let the mark, or its mix with one inside, be the centre where it is better; the best, where it is sure."""
        if self._whole:
            self._centre = self.best
            if np.all(mark.excess < -self.depth) and (self.inside is None or mark.value < self.inside.value):
                self.inside = mark
        if np.any(mark.excess > WITHIN):
            if self.inside is None:
                return
            mark = mark.mixed_with(self.inside)
        if self._centre is None or mark.value < self._centre.value:
            self._centre = mark
            if self._whole and self.frame.keeps_rules(mark.position):
                self.best = mark

    def _bounded(self) -> Corner | str:
        if self._linear is None:
            self._linear = LinearMaster(self.frame, self.cuts, self._centre.value if self._centre else 0.0)
        self._linear.take()
        return self._linear.solve()

    def _prove(self) -> None:
        """The bound computed again from the multipliers in float64, whatever the solver did."""
        if self._linear is None:
            return
        by = self._linear.multipliers()
        mixed = self.cuts.mixed(by)
        bound = -np.inf if mixed is None else mixed.least(*self.box)
        if bound > self.lower_bound:
            self.lower_bound, self.proof, self.by = bound, mixed, by

    def _choose(self, centre: Mark, corner: Corner, goal: Goal) -> None:
        """The next position, and whether all scenarios price it."""
        gap = centre.value - corner.value
        if not self._whole and goal.aimed(gap, centre.value):
            return self._ask_all(centre.position)
        if self._rests(gap):
            # Once the bound is the answer, its corner is too; else the candidates no longer tell the tail.
            self._at_corner = not self._at_corner
            return self._ask_all(corner.position if self._at_corner or self._whole else centre.position)
        frame = self._folded(centre, corner)
        near = self._master(LevelSet.of(frame, self.cuts, corner.value + LEVEL * gap, centre.position))
        self._next = np.clip(corner.position if near is None else frame.position(near), *self.box)
        self._whole = not self._spares
        return None

    def _folded(self, centre: Mark, corner: Corner) -> Frame:
        """The frame for positions near the centre: none that is nearest lies farther from it than the corner."""
        reach = REACH * float(np.linalg.norm((corner.position - centre.position) / self.frame.unit))
        sides = self.frame.folds(centre.position, reach)
        known = sides.tobytes()
        if known not in self._frames:
            self._frames[known] = self.frame.folded(sides)
        return self._frames[known]

    def _ask_all(self, position: Floats) -> None:
        self._next, self._whole = np.clip(position, *self.box), True
        self._gaps.clear()

    def _rests(self, gap: float) -> bool:
        """Whether the gap has not halved for a while."""
        self._gaps.append(gap)
        return len(self._gaps) > PATIENCE and gap > 0.5 * self._gaps[-1 - PATIENCE]
