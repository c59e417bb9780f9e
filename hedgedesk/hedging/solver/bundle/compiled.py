"""The bundle's quadratic programme stated in cvxpy, compiled once per shape and solved again with other numbers.

Everything but the shape is a parameter, and the programme keeps to the rules of disciplined parametrised programming:
cvxpy reduces it once to matrices that are linear in the parameters, and new numbers then cost one sparse product. Rows
that are not used are padded with a row of zeros and a finite right side; the solver is not given them.

References
----------
Agrawal, Verschueren, Diamond and Boyd (2018), A rewriting system for convex optimization problems, Journal of Control
and Decision 5(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.level import SMALL, LevelSet, Quadratic, binding, has_piqp, minimum

STEP, STEP_OF_SIDES = 40, 8
"""Rows, and short sides, are padded to a multiple of this."""
SHAPES = 16
"""Compiled programmes that are kept."""


def compiled(asked: LevelSet) -> Floats | None:
    """Columns (N,) of the position nearest to the centre; None: the solver found none."""
    f = asked.frame
    rows, limits = binding(asked)
    padded = STEP * -(-max(1, limits.size) // STEP)
    sides = STEP_OF_SIDES * -(-f.split.size // STEP_OF_SIDES)
    programme = _programme(f.n, sides, padded, f.equal_to.size)
    answer = minimum(programme.filled(asked, rows, limits))
    if answer is None:
        return None
    y = answer[programme.places]
    x = np.concatenate([y, np.maximum(-y[f.split], 0.0)])
    x[f.split] = np.maximum(y[f.split], 0.0)
    return x


@lru_cache(maxsize=SHAPES)
def _programme(n: int, sides: int, rows: int, equal: int) -> _Programme:
    return _Programme(n, sides, rows, equal)


@dataclass(frozen=True, eq=False)
class _Programme:
    """Minimise the squared distance of y (n,) to the centre, within rows and ends; e (sides,) is ``max(-y, 0)``."""

    n: int
    sides: int
    rows: int
    equal: int

    @cached_property
    def _stated(self) -> tuple[cp.Problem, cp.Variable, dict[str, cp.Parameter]]:
        y, e = cp.Variable(self.n), cp.Variable(max(1, self.sides))
        told = {
            "rows": cp.Parameter((self.rows, self.n)),
            "short rows": cp.Parameter((self.rows, e.size)),
            "limits": cp.Parameter(self.rows),
            "sides": cp.Parameter((e.size, self.n)),
            "least": cp.Parameter(self.n),
            "most": cp.Parameter(self.n),
            "aim": cp.Parameter(self.n),
        }
        kept = [told["rows"] @ y + told["short rows"] @ e <= told["limits"], e + told["sides"] @ y >= 0, e >= 0]
        kept += [y >= told["least"], y <= told["most"]]
        if self.equal:
            told |= {"equal": cp.Parameter((self.equal, self.n)), "equal to": cp.Parameter(self.equal)}
            kept.append(told["equal"] @ y == told["equal to"])
        distance = 0.5 * cp.sum_squares(y) + told["aim"] @ y + 0.5 * SMALL * cp.sum_squares(e)
        return cp.Problem(cp.Minimize(distance), kept), y, told

    @cached_property
    def _reduced(self) -> Any:
        """The programme as cvxpy hands it to a solver, linear in the parameters."""
        programme, _, told = self._stated
        for parameter in told.values():
            parameter.value = np.zeros(parameter.shape)
        return programme.get_problem_data("PIQP" if has_piqp() else "OSQP")[0]["param_prob"]

    @cached_property
    def _curved(self) -> Floats:
        return np.asarray(self._reduced.apply_parameters(quad_obj=True)[0].toarray())

    @cached_property
    def places(self) -> slice:
        """Of y among the solver's unknowns."""
        first = int(self._reduced.var_id_to_col[self._stated[1].id])
        return slice(first, first + self.n)

    def filled(self, asked: LevelSet, rows: Floats, limits: Floats) -> Quadratic:
        """The reduced programme with the numbers of ``asked``, without the rows of zeros."""
        reduced = self._reduced
        told = self._vector(self._values(asked, rows, limits))
        both = (reduced.A @ told).reshape(-1, reduced.x.size + 1, order="F")
        equal, kept = both[: self.equal], both[self.equal :]
        kept = kept[kept[:, :-1].any(axis=1) | (kept[:, -1] < 0)]
        return Quadratic(
            curved=self._curved,
            aim=(reduced.q @ told)[:-1],
            rows=-kept[:, :-1],
            limits=kept[:, -1],
            equal=equal[:, :-1],
            equal_to=-equal[:, -1],
        )

    def _vector(self, values: dict[str, Floats]) -> Floats:
        """Every parameter where cvxpy's reduction looks for it, column by column, and the constant 1."""
        reduced, vector = self._reduced, np.zeros(self._reduced.total_param_size + 1)
        vector[-1] = 1.0
        for name, parameter in self._stated[2].items():
            first = reduced.param_id_to_col[parameter.id]
            vector[first : first + parameter.size] = values[name].ravel(order="F")
        return vector

    def _values(self, asked: LevelSet, rows: Floats, limits: Floats) -> dict[str, Floats]:
        f = asked.frame
        n, split, used = f.n, f.split, f.split.size
        padded, short = np.zeros((self.rows, n)), np.zeros((self.rows, max(1, self.sides)))
        padded[: limits.size], short[: limits.size, :used] = rows[:, :n], rows[:, split] + rows[:, n:]
        room = np.ones(self.rows)
        room[: limits.size] = limits
        least, sides = f.least[:n].copy(), np.zeros((max(1, self.sides), n))
        least[split], sides[np.arange(used), split] = -f.most[n:], 1.0
        values = {"rows": padded, "short rows": short, "limits": room, "sides": sides}
        values |= {"least": least, "most": f.most[:n], "aim": -asked.centre}
        return values | {"equal": f.equal[:, :n], "equal to": f.equal_to} if self.equal else values
