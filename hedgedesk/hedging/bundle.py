"""The mean-CVaR programme by a level bundle: a few dozen passes over the scenarios instead of one row a scenario.

A linear programme over the cuts found so far gives the bound. The next position is the one nearest to the best so far
whose cuts promise part of what is left between the two. Every value and every cut comes from all scenarios in float64.

References
----------
Lemaréchal, Nemirovskii and Nesterov (1995), New variants of bundle methods, Mathematical Programming 69.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.cuts import Cuts
from hedgedesk.hedging.master import LinearMaster, Scaled, nearest_below
from hedgedesk.hedging.problem import CvarProblem

LEVEL = 0.3
"""Share of the gap that a proposal leaves open."""
PASSES = 400
ENOUGH = 0.3
"""Share of the tolerance that is aimed at; the rest is for the rounding of the last check."""
PATIENCE = 10
"""Passes within which a gap that is already small enough must halve, or the search rests."""


@dataclass(frozen=True, eq=False)
class Bundled(ArrayHolder):
    """The best position found and the bound that the cuts prove."""

    position: Floats
    lower_bound: float
    cuts: Cuts


def solve(problem: CvarProblem, lower: Floats, upper: Floats, tolerance: float) -> Bundled | str:
    """The position, or a word of why there is none: ``infeasible``, ``failed`` or ``unproved``.

    Parameters
    ----------
    lower, upper
        (n,) finite ends that hold for every position within the rules.
    tolerance
        Aimed at is this distance of value and bound relative to the spread of the cost, which decides between plans.
        Where rounding stops that, it is enough relative to the larger of value and spread.
    """
    scaled = Scaled.of(problem, lower, upper)
    if scaled is None:
        return "failed"
    search = _Search(problem, scaled, lower, upper)
    for _ in range(PASSES):
        ended = search.step(tolerance * ENOUGH)
        if ended:
            return Bundled(search.best, search.lower_bound, search.cuts) if ended == "proved" else ended
    return "unproved"


class _Search:
    def __init__(self, problem: CvarProblem, scaled: Scaled, lower: Floats, upper: Floats) -> None:
        self.problem, self.scaled, self.lower, self.upper = problem, scaled, lower, upper
        self.cuts = Cuts(problem)
        self.lower_bound, self.value = -np.inf, np.inf
        self.best = np.clip(np.zeros_like(lower), lower, upper)
        self.spread = scaled.scale
        self.gaps: list[float] = []
        self.middle = self.cuts.add(self.best)
        self.master = LinearMaster(scaled, self.middle)

    def step(self, tolerance: float) -> str:
        """Bound, test, propose and price once; a word when it is over."""
        self.master.take(self.cuts)
        found = self.master.solve()
        if isinstance(found, str):
            return found
        proved = self.cuts.bound(found.shares, found.mu, found.nu, self.lower, self.upper)
        self.lower_bound = max(self.lower_bound, proved)
        if self._proved(tolerance):
            return "proved"
        self._price(self._proposal(found.position) if np.isfinite(self.value) else found.position)
        return ""

    def _proved(self, tolerance: float) -> bool:
        gap = self.value - self.lower_bound
        self.gaps.append(gap)
        if gap <= tolerance * self.spread:
            return True
        rests = len(self.gaps) > PATIENCE and gap > 0.5 * self.gaps[-1 - PATIENCE]
        return rests and gap <= tolerance * max(abs(self.value), self.spread)

    def _proposal(self, corner: Floats) -> Floats:
        level = self.lower_bound + LEVEL * (self.value - self.lower_bound)
        s = self.scaled
        constants = (self.cuts.constants - self.middle) / s.scale
        slopes = self.cuts.slopes * s.unit / s.scale
        near = nearest_below(s, constants, slopes, (level - self.middle) / s.scale, self.best / s.unit)
        return corner if near is None else near

    def _price(self, proposal: Floats) -> None:
        position = np.clip(proposal * self.scaled.unit, self.lower, self.upper)
        value = self.cuts.add(position)
        if value < self.value:
            self.value, self.best = value, position
