"""The bundle's quadratic programme stated in cvxpy, compiled once per shape and solved again with other numbers.

Everything but the shape is a parameter, and the programme keeps to the rules of disciplined parametrised programming,
so that a solve only fills in numbers. Rows that are not used are padded with a row of zeros and a finite right side.

References
----------
Agrawal, Verschueren, Diamond and Boyd (2018), A rewriting system for convex optimization problems, Journal of Control
and Decision 5(1).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.bundle.frame import Frame
from hedgedesk.hedging.bundle.level import ACCURACY, LevelSet, has_piqp

STEP = 40
"""Rows are padded to a multiple of this."""
SHAPES = 8
"""Compiled programmes that are kept."""


def compiled(asked: LevelSet) -> Floats | None:
    """Columns (N,) of the position nearest to the centre; None: the solver found none."""
    f = asked.frame
    rows = np.vstack([asked.goal_rows, asked.guard_rows, f.rows])
    limits = np.concatenate([asked.goal_limits, asked.guard_limits, f.limits])
    padded = STEP * -(-max(1, limits.size) // STEP)
    return _programme(f.n, tuple(f.split), padded, f.equal_to.size).nearest(f, rows, limits, asked.centre)


@lru_cache(maxsize=SHAPES)
def _programme(n: int, split: tuple[int, ...], rows: int, equal: int) -> _Programme:
    return _Programme(n, split, rows, equal)


@dataclass(frozen=True, eq=False)
class _Programme:
    """Minimise the squared distance of ``y = x[:n] - short sides`` to the centre, within rows and ends of x."""

    n: int
    split: tuple[int, ...]
    rows: int
    equal: int

    @cached_property
    def _stated(self) -> tuple[cp.Problem, dict[str, Any]]:
        columns = self.n + len(self.split)
        x = cp.Variable(columns)
        told = {
            "rows": cp.Parameter((self.rows, columns)),
            "limits": cp.Parameter(self.rows),
            "least": cp.Parameter(columns),
            "most": cp.Parameter(columns),
            "centre": cp.Parameter(self.n),
        }
        sides = np.eye(self.n, columns)
        sides[list(self.split), self.n + np.arange(len(self.split))] = -1.0
        kept = [told["rows"] @ x <= told["limits"], x >= told["least"], x <= told["most"]]
        if self.equal:
            told |= {"equal": cp.Parameter((self.equal, columns)), "equal_to": cp.Parameter(self.equal)}
            kept.append(told["equal"] @ x == told["equal_to"])
        programme = cp.Problem(cp.Minimize(cp.sum_squares(sides @ x - told["centre"])), kept)
        return programme, told | {"x": x}

    def nearest(self, frame: Frame, rows: Floats, limits: Floats, centre: Floats) -> Floats | None:
        """Fill in the numbers and solve."""
        programme, told = self._stated
        unused = self.rows - limits.size
        told["rows"].value = np.vstack([rows, np.zeros((unused, rows.shape[1]))])
        told["limits"].value = np.concatenate([limits, np.ones(unused)])
        told["least"].value, told["most"].value, told["centre"].value = frame.least, frame.most, centre
        if self.equal:
            told["equal"].value, told["equal_to"].value = frame.equal, frame.equal_to
        solver = _SOLVERS["PIQP" if has_piqp() else "OSQP"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an inaccurate answer is only a proposal that is priced
            try:
                programme.solve(**solver)
            except (cp.SolverError, ValueError):  # cvxpy raises ValueError on a status it does not know
                return None
        x: Any = told["x"].value
        return None if programme.status != cp.OPTIMAL else np.asarray(x)


_SOLVERS: dict[str, dict[str, Any]] = {
    "PIQP": {
        "solver": "PIQP",
        "backend": "dense",
        "num_threads": 1,
        "eps_abs": ACCURACY,
        "eps_rel": ACCURACY,
        "check_duality_gap": False,
    },
    "OSQP": {"solver": "OSQP", "eps_abs": 1e-7, "eps_rel": 1e-7, "max_iter": 4_000, "polishing": True},
}
