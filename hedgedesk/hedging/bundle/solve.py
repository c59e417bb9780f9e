"""From a problem to a certified position: draw, find a position that keeps the tail rules, search, prove."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.bundle.frame import Frame
from hedgedesk.hedging.bundle.level import LevelSet, Master, direct
from hedgedesk.hedging.bundle.search import INSIDE, Goal, Passes, Search
from hedgedesk.hedging.bundle.start import Warm, deviation, drawn, draws
from hedgedesk.hedging.cuts import Cuts, Mixed, Multipliers
from hedgedesk.hedging.problem import CvarProblem

DRAWN = 1e-5
"""Tolerance of the answer for a draw."""
ENOUGH = 0.9
"""Share of the tolerance that ends a search; the rest is for the rounding of the last check."""
FAILED = "failed"
DEEP = 0.02
"""A position that keeps every tail rule by this share of its size is far enough inside."""
TOUCHING = 1e-7
"""Tail rules that can only just be kept are let go by this share of their size, so that a position is inside."""


@dataclass(frozen=True, eq=False)
class Bundled:
    """The best position found and what proves it."""

    position: Floats
    """(n,)."""
    value: float
    """Objective over all scenarios, offsets taken off; of a mix: a bound of it."""
    lower_bound: float
    cuts: Cuts
    passes: Passes
    proof: Mixed
    by: Multipliers
    inside: Floats | None
    """(n,) a position that keeps every tail rule with room; None: there are none to keep."""


@dataclass(frozen=True, eq=False)
class Broken:
    """Proof that no position keeps every tail rule: at the least bad ``position``, its left sides (rules,)."""

    position: Floats
    sides: Floats
    limits: Floats


def solve(
    problem: CvarProblem,
    lower: Floats,
    upper: Floats,
    tolerance: float,
    *,
    others: Sequence[CvarProblem] = (),
    offsets: Sequence[float] = (0.0,),
    start: Warm | None = None,
    master: Master = direct,
    rough: bool = False,
) -> Bundled | Broken | str:
    """The position, proof that there is none, or a word: ``infeasible`` (the linear rules), ``failed``, ``unproved``.

    Parameters
    ----------
    lower, upper
        (n,) finite ends that hold for every position within the rules.
    tolerance
        Largest gap, relative to the larger of the objective and the spread of the cost.
    others, offsets
        Further problems whose largest objective less offset counts; their tail rules hold too.
    rough
        The answer is only a start: paths may be judged in float32.
    """
    cuts = Cuts(problem, others, offsets, rough=rough)
    fees = np.sum([pool.fee for pool in cuts.pools], axis=0)
    frame = Frame.of(problem, lower, upper, fees)
    if frame is None:
        return FAILED
    run = _Run((problem, *others), cuts, frame, (lower, upper), master, tolerance)
    first = run.first_position(start)
    if isinstance(first, str):
        return first
    inside = None if start is None or start.inside is None else run.onto_rules(start.inside)
    return run.answer(first, None if isinstance(inside, str) else inside)


class _Run:
    def __init__(
        self,
        problems: tuple[CvarProblem, ...],
        cuts: Cuts,
        frame: Frame,
        box: tuple[Floats, Floats],
        master: Master,
        tolerance: float,
    ) -> None:
        self.problems, self.cuts, self.frame, self.box = problems, cuts, frame, box
        self.master, self.tolerance = master, tolerance
        self.sizes = np.ones(len(cuts.rules))

    def first_position(self, start: Warm | None) -> Floats | str:
        """(n,) within bounds and linear rules; the tangents of ``start`` join the cuts."""
        if start is not None and start.fits(self.problems[0]):
            start.lend(self.problems, self.cuts)
            return self.onto_rules(start.position)
        at = self.onto_rules(np.clip(0.3 * self.box[1], *self.box))
        if isinstance(at, str):
            return at
        for count in draws(max(one.cost.size for one in self.problems)):
            some = [drawn(one, min(count, one.cost.size), at) for one in self.problems]
            found = solve(
                some[0],
                *self.box,
                DRAWN,
                others=some[1:],
                offsets=self.cuts.offsets,
                start=Warm(at),
                master=self.master,
                rough=True,
            )
            at = found.position if isinstance(found, Bundled | Broken) else at
        return at

    def onto_rules(self, position: Floats) -> Floats | str:
        """The nearest position (n,) within bounds and linear rules, or the word that there is none."""
        position = np.clip(position, *self.box)
        if self.frame.keeps_rules(position):
            return position
        near = self.master(LevelSet.of_rules(self.frame, position))
        if near is not None:
            return np.clip(self.frame.position(near), *self.box)
        return FAILED if self.frame.has_position() else "infeasible"

    def answer(self, first: Floats, inside: Floats | None) -> Bundled | Broken | str:
        """Search from ``first``; where nothing known is inside the tail rules, find a position that is."""
        self.sizes = np.array([abs(tail.limit) + deviation(tail, first) for tail in self.cuts.tails])
        self.sizes = np.where(self.sizes > 0, self.sizes, 1.0)
        search, ended = self._search([first] if inside is None else [inside, first], INSIDE)
        if ended not in ("outside", "infeasible") or not self.sizes.size:
            return self._told(search, ended)
        found = self._inside(first)
        if not isinstance(found, tuple):
            return found
        again, ended = self._search([found[0], first], found[1])
        again.passes.whole += search.passes.whole
        again.passes.near += search.passes.near
        return self._told(again, ended)

    def _search(self, firsts: Sequence[Floats], depth: float) -> tuple[Search, str]:
        search = Search(self.cuts, self.frame, self.box, firsts, self.sizes, self.master, depth)
        return search, search.run(self._goal())

    def _goal(self) -> Goal:
        return Goal(ENOUGH * self.tolerance, self.frame.scale)

    def _inside(self, first: Floats) -> tuple[Floats, float] | Broken | str:
        """A position that keeps every tail rule, and how deep; or proof that there is none."""
        frame = dataclasses.replace(self.frame, scale=1.0)
        violations = self.cuts.violations(self.sizes)
        search = Search(violations, frame, self.box, [first], np.ones(0), self.master)
        ended = search.run(Goal(TOUCHING, 1.0, reached=-DEEP))
        for pool, used in zip(self.cuts.rules, violations.objectives, strict=True):
            pool.adopt(used.stored)
        best = search.best
        if best is None or ended not in ("proved", "reached"):
            return FAILED if ended == "infeasible" else ended
        if best.value < -INSIDE:
            return best.position, INSIDE
        if search.lower_bound > TOUCHING:
            sides = np.array([tail.tail_mean(best.position) for tail in self.cuts.tails])
            return Broken(best.position, sides, self.cuts.limits)
        self.cuts.limits = self.cuts.limits + (max(best.value, 0.0) + 2.0 * TOUCHING) * self.sizes
        return best.position, TOUCHING

    def _told(self, search: Search, ended: str) -> Bundled | str:
        if ended != "proved" or search.best is None or search.proof is None or search.by is None:
            # That there is no position is proved before the search or not at all.
            return FAILED if ended in ("proved", "infeasible", "outside") else ended
        best = search.best
        return Bundled(
            best.position,
            best.value,
            search.lower_bound,
            self.cuts,
            search.passes,
            search.proof,
            search.by,
            None if search.inside is None else search.inside.position,
        )
