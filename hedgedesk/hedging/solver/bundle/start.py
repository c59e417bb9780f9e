"""Where a search starts: from an earlier answer, or from the answer for a few of the scenarios."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.cuts import Cuts, Pool
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule

FEW = 2_000
"""Scenarios of the first draw."""
SPARED = 3_000
"""From this many on a first draw spares passes."""
SECOND = 20_000
"""Scenarios of a second draw, where there are a million."""
MILLION = 1_000_000
TIGHTER = 0.5
"""Deviations of the loss over the root of the tail by which a draw's limit is tightened: its answer then holds."""
REMEMBERED = 150
"""Tangents of each function that an answer remembers."""


@dataclass(frozen=True, eq=False)
class Warm:
    """An answer that the next one starts from.

    Its tangents are used again where cost, payoffs and level are the same: they hold for every risk weight, bound,
    fee, rule and limit. Where they are not, the position alone is used.
    """

    position: Floats
    """(n,)."""
    problems: tuple[CvarProblem, ...] = ()
    """Whose answer it is."""
    stored: tuple[tuple[Floats, Floats], ...] = ()
    """Tangents of each objective, then of each tail rule of every problem."""
    inside: Floats | None = None
    """(n,) a position that keeps every tail rule with room; None: there are none, or none is known."""

    @classmethod
    def of(cls, position: Floats, problems: Sequence[CvarProblem], cuts: Cuts, inside: Floats | None = None) -> Warm:
        """What to remember of ``cuts``: the last tangents found, which are those that decided."""
        stored = (
            (constants[-REMEMBERED:], slopes[-REMEMBERED:]) for constants, slopes in (p.stored for p in cuts.pools)
        )
        return cls(position, tuple(problems), tuple(stored), inside)

    def fits(self, problem: CvarProblem) -> bool:
        """Whether ``problem`` has as many positions, and every one of these is a number."""
        known = [self.position] if self.inside is None else [self.position, self.inside]
        return all(one.size == problem.lower.size and bool(np.isfinite(one).all()) for one in known)

    def lend(self, problems: Sequence[CvarProblem], cuts: Cuts) -> None:
        """Give ``cuts`` of ``problems`` every tangent that holds there too."""
        mine: list[CvarProblem | TailRule] = [*self.problems, *(t for one in self.problems for t in one.tails)]
        for pool, noun in _nouns(problems, cuts):
            found = next((kept for own, kept in zip(mine, self.stored, strict=True) if _same_function(own, noun)), None)
            if found is not None and found[0].size:
                pool.adopt(found)


def _nouns(problems: Sequence[CvarProblem], cuts: Cuts) -> list[tuple[Pool, CvarProblem | TailRule]]:
    nouns: list[CvarProblem | TailRule] = [*problems, *cuts.tails]
    return list(zip(cuts.pools, nouns, strict=True))


def _same_function(a: CvarProblem | TailRule, b: CvarProblem | TailRule) -> bool:
    """Whether the tangents stored for ``a`` are tangents of ``b`` before lifting."""
    if isinstance(a, CvarProblem) and isinstance(b, CvarProblem):
        told = a.variance == b.variance and a.level == b.level and bool(a.cvar_weight) == bool(b.cvar_weight)
        return told and _same(a.cost, b.cost) and _same(a.payoff, b.payoff)
    if isinstance(a, TailRule) and isinstance(b, TailRule):
        return (a.level, a.floor) == (b.level, b.floor) and _same(a.base, b.base) and _same(a.slope, b.slope)
    return False


def _same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return a is b or (a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b))


def draws(scenarios: int) -> list[int]:
    """How many scenarios are drawn first, and again, before all of them are asked."""
    if scenarios <= SPARED:
        return []
    return [FEW] if scenarios < MILLION else [FEW, SECOND]


def drawn(problem: CvarProblem, count: int, near: Floats) -> CvarProblem:
    """The problem of ``count`` scenarios drawn at random, its tail rules a little tighter; ``near`` is a position."""
    rows = np.random.default_rng(count).choice(problem.cost.size, count, replace=False)
    rows.sort()
    return dataclasses.replace(
        problem,
        cost=_locked(problem.cost[rows]),
        payoff=_locked(problem.payoff[rows]),
        tails=tuple(_tighter(tail, rows, near) for tail in problem.tails),
    )


def _tighter(tail: TailRule, rows: NDArray[np.intp], near: Floats) -> TailRule:
    part = dataclasses.replace(tail, base=_locked(tail.base[rows]), slope=_locked(tail.slope[rows]))
    room = TIGHTER * deviation(part, near) / np.sqrt(max(1.0, (1.0 - tail.level) * rows.size))
    return dataclasses.replace(part, limit=tail.limit - room)


def deviation(tail: TailRule, position: Floats) -> float:
    """Standard deviation of the left side's loss over some of the scenarios."""
    step = max(1, len(tail.base) // FEW)
    path = tail.base[::step] - tail.slope[::step].astype(np.float64, copy=False) @ position
    return float(np.maximum(path.max(axis=1), tail.floor).std())


def _locked(values: NDArray[Any]) -> NDArray[Any]:
    """Marked as final, so that the noun does not copy it."""
    values.setflags(write=False)
    return values
