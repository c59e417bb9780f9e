"""The quadratic programme that proposes: the position nearest to the centre whose cuts promise enough.

Its answer is only a proposal, so that a low accuracy costs nothing but a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.frame import Frame
from hedgedesk.hedging.solver.cuts import Cuts, Pool

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
        sizes = np.abs(guard_rows).max(axis=1, initial=0.0)
        sizes = np.where(sizes > 0, sizes, 1.0)
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


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Minimise ``x @ curved @ x / 2 + aim @ x`` with rows at most ``limits``, equalities, and ends where there are."""

    curved: Floats
    aim: Floats
    rows: Floats
    limits: Floats
    equal: Floats
    equal_to: Floats
    ends: tuple[Floats, Floats] | None = None

    @classmethod
    def of(cls, asked: LevelSet) -> Quadratic:
        """The programme of ``asked`` in its columns."""
        f = asked.frame
        rows, limits = binding(asked)
        ends = (f.least, f.most)
        return cls(curvature(f), aim(f, asked.centre), rows, limits, f.equal, f.equal_to, ends)


def direct(asked: LevelSet) -> Floats | None:
    """PIQP on dense arrays with exactly the rows there are; OSQP where PIQP has no wheel."""
    return minimum(Quadratic.of(asked))


def by_osqp(asked: LevelSet) -> Floats | None:
    """The same by OSQP."""
    return _by_osqp(Quadratic.of(asked))


def minimum(asked: Quadratic) -> Floats | None:
    """(N,) by PIQP, or by OSQP where PIQP has no wheel; None: the solver found none."""
    return _by_piqp(asked) if has_piqp() else _by_osqp(asked)


@cache
def has_piqp() -> bool:
    """Whether PIQP is installed."""
    try:
        import piqp  # noqa: F401
    except ImportError:  # pragma: no cover - every platform that is tested has a wheel
        return False
    return True


def _by_piqp(asked: Quadratic) -> Floats | None:
    import piqp

    solver: Any = piqp.DenseSolver()
    settings = solver.settings
    settings.verbose, settings.num_threads, settings.check_duality_gap = False, 1, False
    settings.eps_abs = settings.eps_rel = ACCURACY
    equal = (asked.equal, asked.equal_to) if asked.equal_to.size else (None, None)
    least = np.full(asked.limits.size, -np.inf)
    solver.setup(asked.curved, asked.aim, *equal, asked.rows, least, asked.limits, *(asked.ends or (None, None)))
    return np.array(solver.result.x) if solver.solve() == piqp.PIQP_SOLVED else None


def _by_osqp(asked: Quadratic) -> Floats | None:
    import osqp
    from scipy import sparse

    low, high = asked.ends or (np.empty(0), np.empty(0))
    left = sparse.csc_matrix(np.vstack([asked.rows, asked.equal, np.eye(low.size, asked.aim.size)]))
    solver: Any = osqp.OSQP()
    solver.setup(
        sparse.csc_matrix(np.triu(asked.curved)),
        asked.aim,
        left,
        np.concatenate([np.full(asked.limits.size, -np.inf), asked.equal_to, low]),
        np.concatenate([asked.limits, asked.equal_to, high]),
        verbose=False,
        eps_abs=ACCURACY,
        eps_rel=ACCURACY,
        max_iter=4_000,
        polishing=True,
    )
    answer = solver.solve(raise_error=False)
    return np.array(answer.x) if answer.info.status in ("solved", "solved inaccurate") else None


def binding(asked: LevelSet) -> tuple[Floats, Floats]:
    """Rows (R, N) and limits (R,) without those that nothing between the ends of the columns can break."""
    f = asked.frame
    rows = np.vstack([asked.goal_rows, asked.guard_rows, f.rows])
    limits = np.concatenate([asked.goal_limits, asked.guard_limits, f.limits])
    most = np.maximum(rows * f.least, rows * f.most).sum(axis=1)
    kept = most > limits
    return rows[kept], limits[kept]
