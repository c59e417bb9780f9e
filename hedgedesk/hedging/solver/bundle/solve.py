"""From a problem to a certified position: draw, find a position that keeps the tail rules, search, prove."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.frame import CERTAIN, Frame, is_certain
from hedgedesk.hedging.solver.bundle.level import LevelSet, Master, direct
from hedgedesk.hedging.solver.bundle.search import INSIDE, LEAST_SPREADS, Goal, Mark, Passes, Search
from hedgedesk.hedging.solver.bundle.start import Warm, deviation, drawn, draws
from hedgedesk.hedging.solver.cuts import Cuts, Mixed, Multipliers
from hedgedesk.hedging.solver.problem import CvarProblem

DRAWN = 1e-3
"""Tolerance of the answer for a draw."""
ENOUGH = 0.9
"""Share of the tolerance that ends a search; the rest is for the rounding of the last check."""
FAILED = "failed"
DEEP = 0.02
"""A position that keeps every tail rule by this share of its size is far enough inside."""
MEASURED = 4
"""How often the least broken position is sought, each time measured by the spread at the one before."""
NEARLY = 0.5
"""A size that falls by no more than this changes nothing."""
LEAST = 1e-3
"""A size falls to no less than this share of what it was: where nothing is held nothing spreads."""
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
    start = start if start is not None and start.fits(problem) else None
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
        if start is not None:
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
        self.sizes = self._sizes_at(first)
        self.sizes = np.where(self.sizes > 0, self.sizes, 1.0)
        search, ended = self._search([first] if inside is None else [inside, first], INSIDE)
        if ended not in ("outside", "infeasible") or not self.sizes.size:
            return self._told(search, ended)
        found = self._towards_none(search) or self._inside(first)
        if not isinstance(found, tuple):
            return found
        again, ended = self._search([found[0], first], found[1])
        again.passes.whole += search.passes.whole
        again.passes.near += search.passes.near
        return self._told(again, ended)

    def _sizes_at(self, position: Floats) -> Floats:
        """(rules,) what a break of each tail rule is relative to, at ``position`` (n,)."""
        return np.array([abs(tail.limit) + deviation(tail, position) for tail in self.cuts.tails])

    def _search(self, firsts: Sequence[Floats], depth: float) -> tuple[Search, str]:
        search = Search(self.cuts, self.frame, self.box, firsts, self.sizes, self.master, depth)
        return search, search.run(self._goal())

    def _goal(self) -> Goal:
        least = CERTAIN if all(is_certain(problem) for problem in self.problems) else LEAST_SPREADS
        return Goal(ENOUGH * self.tolerance, self.frame.scale, least=least)

    def _towards_none(self, search: Search) -> tuple[Floats, float] | None:
        """On the way from the first position to holding nothing, where every tail rule is kept by :data:`DEEP`.

        Convexity promises it where holding nothing keeps every rule by more; None: it does not, or is not known to.
        """
        none = self.onto_rules(np.zeros(self.frame.n))
        if isinstance(none, str) or not search.early:
            return None
        sides = np.array([pool.price(none, whole=True) for pool in self.cuts.rules])
        room, first = (sides - self.cuts.limits) / self.sizes, search.early[0]
        if np.any(room > -2.0 * DEEP):
            return None
        near = first.excess > -DEEP
        over, room = first.excess[near], room[near]
        share = float(np.max((over + DEEP) / (over - room), initial=0.0))
        return (1.0 - share) * first.position + share * none, INSIDE

    def _inside(self, first: Floats) -> tuple[Floats, float] | Broken | str:
        """A position that keeps every tail rule, and how deep; or proof that there is none."""
        least = LEAST * self.sizes
        for measured in range(1, MEASURED + 1):
            search, ended = self._least_broken(first)
            best = search.best
            if best is None or ended not in ("proved", "reached"):
                return FAILED if ended == "infeasible" else ended
            if best.value < -INSIDE:
                return best.position, INSIDE
            # The loss may spread far less there: measured by that, the rule is broken more.
            there = np.clip(self._sizes_at(best.position), least, self.sizes)
            if measured == MEASURED or np.all(there > NEARLY * self.sizes):
                return self._touching(best, search.lower_bound)
            self.sizes, first = there, best.position
        return FAILED  # pragma: no cover - the last measure returns

    def _touching(self, best: Mark, lower_bound: float) -> tuple[Floats, float] | Broken:
        """The position that breaks the tail rules least, these let go so that it is inside; or that it breaks them."""
        if lower_bound > TOUCHING:
            sides = np.array([tail.tail_mean(best.position) for tail in self.cuts.tails])
            return Broken(best.position, sides, self.cuts.limits)
        self.cuts.limits = self.cuts.limits + (max(best.value, 0.0) + 2.0 * TOUCHING) * self.sizes
        return best.position, TOUCHING

    def _least_broken(self, first: Floats) -> tuple[Search, str]:
        """The search for the position that breaks the tail rules least; what it finds of them joins the cuts."""
        violations = self.cuts.violations(self.sizes)
        frame = dataclasses.replace(self.frame, scale=1.0)
        search = Search(violations, frame, self.box, [first], np.ones(0), self.master)
        ended = search.run(Goal(TOUCHING, 1.0, reached=-DEEP))
        for pool, used in zip(self.cuts.rules, violations.objectives, strict=True):
            pool.adopt(used.stored)
        return search, ended

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
