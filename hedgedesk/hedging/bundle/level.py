"""The quadratic programme that proposes: the position nearest to the centre whose cuts promise enough.

Its answer is only a proposal, so that a low accuracy costs nothing but a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.bundle.frame import Frame
from hedgedesk.hedging.cuts import Cuts, Pool

ACTIVE = 60
"""Cuts of each function that the programme keeps: the highest at the centre."""
ACCURACY = 1e-10
"""Of its rules, which nothing mends afterwards."""
SMALL = 1e-6
"""Curvature of the short sides, which the distance itself leaves flat."""


@dataclass(frozen=True, eq=False)
class LevelSet:
    """``rows @ x <= limits`` are the cuts at the asked level and the rules; the aim is ``centre``."""

    frame: Frame
    goal_rows: Floats
    """(K, N) cuts of the objectives, by the spread of the cost."""
    goal_limits: Floats
    guard_rows: Floats
    """(L, N) cuts of the tail rules, each by its largest coefficient."""
    guard_limits: Floats
    centre: Floats
    """(n,) scaled."""

    @classmethod
    def of(cls, frame: Frame, cuts: Cuts, level: float, centre: Floats) -> LevelSet:
        """Where objective cuts are at most ``level`` and tail cuts at most their limits; ``centre`` (n,) is h."""
        at = frame.columns(centre)
        goals = [
            _active(frame, pool, at, level + offset) for pool, offset in zip(cuts.objectives, cuts.offsets, strict=True)
        ]
        guards = [_active(frame, pool, at, float(limit)) for pool, limit in zip(cuts.rules, cuts.limits, strict=True)]
        guard_rows = np.concatenate([np.empty((0, at.size)), *(rows for rows, _ in guards)])
        sizes = np.maximum(np.abs(guard_rows).max(axis=1, initial=0.0), 1e-300)
        return cls(
            frame,
            np.concatenate([rows for rows, _ in goals]) / frame.scale,
            np.concatenate([room for _, room in goals]) / frame.scale,
            guard_rows / sizes[:, None],
            np.concatenate([np.empty(0), *(room for _, room in guards)]) / sizes,
            centre / frame.unit,
        )

    @classmethod
    def of_rules(cls, frame: Frame, centre: Floats) -> LevelSet:
        """Bounds and linear rules alone."""
        none = np.empty((0, frame.least.size))
        return cls(frame, none, np.empty(0), none, np.empty(0), centre / frame.unit)


def _active(frame: Frame, pool: Pool, at: Floats, limit: float) -> tuple[Floats, Floats]:
    """Rows and room below ``limit`` of the cuts of ``pool`` that are highest at the columns ``at``."""
    constants, rows = frame.cuts(pool)
    if constants.size > ACTIVE:
        height = constants + rows @ at
        kept = np.argpartition(-height, ACTIVE)[:ACTIVE]
        constants, rows = constants[kept], rows[kept]
    return rows, limit - constants


class Master(Protocol):
    """Something that solves the quadratic programme."""

    def __call__(self, asked: LevelSet) -> Floats | None:
        """Columns (N,) of the nearest position; None: none was found."""
        ...


def curvature(frame: Frame) -> Floats:
    """(N, N) of half the squared distance in y."""
    n, split = frame.n, frame.split
    square = np.diag(np.concatenate([np.ones(n), np.full(split.size, 1.0 + SMALL)]))
    short = n + np.arange(split.size)
    square[split, short] = square[short, split] = -1.0
    square[split, split] += SMALL
    return square


def aim(frame: Frame, centre: Floats) -> Floats:
    """(N,) linear part of half the squared distance to ``centre`` (n,) in y."""
    return np.concatenate([-centre, centre[frame.split]])


def direct(asked: LevelSet) -> Floats | None:
    """PIQP on dense arrays with exactly the rows there are; OSQP where PIQP has no wheel."""
    return _by_piqp(asked) if has_piqp() else by_osqp(asked)


@cache
def has_piqp() -> bool:
    """Whether PIQP is installed."""
    try:
        import piqp  # noqa: F401
    except ImportError:  # pragma: no cover - every platform that is tested has a wheel
        return False
    return True


def _by_piqp(asked: LevelSet) -> Floats | None:
    import piqp

    f = asked.frame
    rows, limits = _all_rows(asked)
    solver: Any = piqp.DenseSolver()
    settings = solver.settings
    settings.verbose, settings.num_threads, settings.check_duality_gap = False, 1, False
    settings.eps_abs = settings.eps_rel = ACCURACY
    equal = (f.equal, f.equal_to) if f.equal_to.size else (None, None)
    least = np.full(limits.size, -np.inf)
    solver.setup(curvature(f), aim(f, asked.centre), *equal, rows, least, limits, f.least, f.most)
    return np.array(solver.result.x) if solver.solve() == piqp.PIQP_SOLVED else None


def by_osqp(asked: LevelSet) -> Floats | None:
    """The same by OSQP."""
    import osqp
    from scipy import sparse

    f = asked.frame
    rows, limits = _all_rows(asked)
    left = sparse.csc_matrix(np.vstack([rows, f.equal, np.eye(f.least.size)]))
    low = np.concatenate([np.full(limits.size, -np.inf), f.equal_to, f.least])
    high = np.concatenate([limits, f.equal_to, f.most])
    solver: Any = osqp.OSQP()
    solver.setup(
        sparse.csc_matrix(np.triu(curvature(f))), aim(f, asked.centre), left, low, high,
        verbose=False, eps_abs=ACCURACY, eps_rel=ACCURACY, max_iter=4_000, polishing=True,
    )  # fmt: skip
    answer = solver.solve(raise_error=False)
    return np.array(answer.x) if answer.info.status in ("solved", "solved inaccurate") else None


def _all_rows(asked: LevelSet) -> tuple[Floats, Floats]:
    f = asked.frame
    return (
        np.vstack([asked.goal_rows, asked.guard_rows, f.rows]),
        np.concatenate([asked.goal_limits, asked.guard_limits, f.limits]),
    )
