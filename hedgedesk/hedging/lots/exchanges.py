"""Exchanges of lots: a lot more or less of up to three contracts, screened by the cuts before any is priced."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.cuts import Cuts, Pool
from hedgedesk.hedging.solver.problem import CvarProblem

WIDEST = 20_000
"""Exchanges screened at once; among more contracts only those of fewer of them are."""
KEPT = 1e-9
"""A rule is kept when it is broken by less than this, relative to its own terms."""
BETTER = 1e-9
"""Less than this, relative to the objective, is no improvement."""


class Exchanges:
    """Search among the neighbours of a whole-number position.

    Parameters
    ----------
    cuts
        Every pricing adds to them.
    lower, upper
        (n,) whole numbers.
    """

    def __init__(self, problem: CvarProblem, cuts: Cuts, lower: Floats, upper: Floats) -> None:
        self._problem, self._cuts, self._lower, self._upper = problem, cuts, lower, upper
        self._limits = np.array([tail.limit for tail in cuts.tails])
        self._sizes = np.maximum(np.abs(self._limits), 1e-300)

    def best_from(self, start: Floats, best: Floats | None, value: float) -> tuple[Floats, float] | None:
        """Price ``start`` (n,) and go from neighbour to better neighbour; None: nothing better than ``value`` is met.

        Parameters
        ----------
        best, value
            Position within every rule that is known already, and its objective.
        """
        known, at = value, start
        if self._allowed(start[None, :])[0]:
            value, best = self._priced(start, value, best)
        for depth in (2, 3):
            while True:
                step = self._next(at, depth, value)
                if step is None:
                    break
                better, kept = self._priced(step, value, best)
                if better < value:
                    value, best, at = better, kept, step
        return (best, value) if best is not None and value < known else None

    def _priced(self, position: Floats, value: float, best: Floats | None) -> tuple[float, Floats | None]:
        """Objective and position of the better of the two, over all scenarios; the cuts there are added."""
        found, sides = self._cuts.price(position)
        broken = np.any(sides > self._limits + KEPT * self._sizes)
        return (value, best) if broken or found >= value - BETTER * abs(value) else (found, position)

    def _next(self, at: Floats, depth: int, value: float) -> Floats | None:
        """The neighbour that the cuts promise most of; None: they prove that none is better than ``value``."""
        near = at + _moves(at.size, depth)
        near = near[np.all((near >= self._lower) & (near <= self._upper), axis=1)]
        near = near[self._allowed(near)]
        if not len(near):
            return None
        promise = self._promise(near)
        first = int(np.argmin(promise))
        enough = value - 2.0 * BETTER * abs(value) if np.isfinite(value) else np.inf
        return near[first] if promise[first] < enough else None

    def _promise(self, near: Floats) -> Floats:
        """(K,) least objective that the cuts allow at each of ``near`` (K, n); infinite: a tail rule is broken."""
        sizes = np.abs(near)
        promise = np.full(len(near), -np.inf)
        for pool, offset in zip(self._cuts.objectives, self._cuts.offsets, strict=True):
            promise = np.maximum(promise, _least(pool, near, sizes) - offset)
        for pool, limit, size in zip(self._cuts.rules, self._limits, self._sizes, strict=True):
            promise[_least(pool, near, sizes) > limit + KEPT * size] = np.inf
        return promise

    def _allowed(self, near: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(K,) which of ``near`` (K, n) keep the linear rules and those on what is traded."""
        p = self._problem
        allowed = np.ones(len(near), dtype=bool)
        if p.b.size:
            allowed &= np.all(near @ p.A.T <= p.b + KEPT * (np.abs(near) @ np.abs(p.A.T) + np.abs(p.b)), axis=1)
        if p.e.size:
            allowed &= np.all(np.abs(near @ p.E.T - p.e) <= KEPT * (np.abs(near) @ np.abs(p.E.T) + np.abs(p.e)), axis=1)
        if p.traded is not None and p.bought is not None and p.sold is not None:
            used = np.maximum(near, 0.0) @ p.bought.T + np.maximum(-near, 0.0) @ p.sold.T
            allowed &= np.all(used <= p.traded + KEPT * np.abs(p.traded), axis=1)
        return allowed


def _least(pool: Pool, near: Floats, sizes: Floats) -> Floats:
    constants, slopes = pool.cuts()
    if not constants.size:
        return np.full(len(near), -np.inf)
    return np.asarray((constants - near @ slopes.T).max(axis=1) + sizes @ pool.fee)


@cache
def _moves(n: int, depth: int) -> Floats:
    """(K, n) every exchange of ``depth`` contracts, and of one where ``depth`` is 2; none where they are too many."""
    found = []
    for many in (1, 2) if depth == 2 else (depth,):
        signs = list(product((1.0, -1.0), repeat=many))
        chosen = list(combinations(range(n), many))
        if len(signs) * len(chosen) > WIDEST:
            break
        rows = np.zeros((len(signs) * len(chosen), n))
        for i, (which, sign) in enumerate(product(chosen, signs)):
            rows[i, list(which)] = sign
        found.append(rows)
    return np.vstack(found) if found else np.empty((0, n))
