"""The linear programme over the cuts: no position within the rules has a lower objective than its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.frame import Frame
from hedgedesk.hedging.solver.cuts import Cuts, Multipliers

FEASIBILITY = 1e-9
"""Of every row, relative to its largest coefficient."""
SETTINGS: dict[str, Any] = {
    "output_flag": False,
    "presolve": "off",
    "threads": 1,
    "solver": "simplex",
    "primal_feasibility_tolerance": FEASIBILITY,
    "dual_feasibility_tolerance": FEASIBILITY,
}


@dataclass(frozen=True, eq=False)
class Corner:
    """Answer of the linear programme: a position (n,) and the least that the cuts promise."""

    position: Floats
    value: float


class LinearMaster:
    """HiGHS, kept warm while cuts are added; all cuts are kept.

    Parameters
    ----------
    centre
        Value that the scaled objective is told from.
    """

    def __init__(self, frame: Frame, cuts: Cuts, centre: float) -> None:
        self._frame, self._cuts, self._centre = frame, cuts, centre
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in SETTINGS.items():
            self._highs.setOptionValue(name, value)
        self._count = 0
        self._rows: list[list[int]] = [[] for _ in cuts.pools]
        self._sizes: list[list[float]] = [[] for _ in cuts.pools]
        self._columns = np.arange(frame.least.size + 1, dtype=np.int32)
        self._state()

    def _state(self) -> None:
        f = self._frame
        nothing, none = np.empty(0, np.int32), np.empty(0)
        for least, most in zip(f.least, f.most, strict=True):
            self._highs.addCol(0.0, float(least), float(most), 0, nothing, none)
        self._highs.addCol(1.0, -np.inf, np.inf, 0, nothing, none)
        for row, limit in zip(f.rows, f.limits, strict=True):
            self._row(-np.inf, float(limit), np.append(row, 0.0))
        for row, value in zip(f.equal, f.equal_to, strict=True):
            self._row(float(value), float(value), np.append(row, 0.0))

    def _row(self, least: float, most: float, row: Floats) -> None:
        self._highs.addRow(least, most, row.size, self._columns, row)
        self._count += 1

    def take(self) -> None:
        """Add the cuts that are new since the last time."""
        scale, goals = self._frame.scale, len(self._cuts.objectives)
        for i, pool in enumerate(self._cuts.pools):
            constants, rows = self._frame.cuts(pool, first=len(self._rows[i]))
            for constant, row in zip(constants, rows, strict=True):
                self._rows[i].append(self._count)
                if i < goals:
                    self._sizes[i].append(1.0)
                    above = (constant - self._cuts.offsets[i] - self._centre) / scale
                    self._row(float(above), np.inf, np.append(-row / scale, 1.0))
                else:
                    size = float(np.abs(row).max(initial=0.0)) or 1.0
                    self._sizes[i].append(size / scale)
                    room = (self._cuts.limits[i - goals] - constant) / size
                    self._row(-np.inf, float(room), np.append(row / size, 0.0))

    def solve(self) -> Corner | str:
        """The answer, or the word ``infeasible`` or ``failed``."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            return "infeasible" if status == highspy.HighsModelStatus.kInfeasible else "failed"
        x = np.array(self._highs.getSolution().col_value)
        return Corner(self._frame.position(x[:-1]), float(x[-1]) * self._frame.scale + self._centre)

    def multipliers(self) -> Multipliers:
        """Whose mix of cuts is the value of the last answer."""
        f, found = self._frame, self._highs.getSolution()
        dual, r, p = np.array(found.row_dual), self._frame.limits.size, self._frame.equal_to.size
        mu, traded, nu = f.prices(-dual[:r], -dual[r : r + p])
        goals = len(self._cuts.objectives)
        of = [dual[rows] / np.array(sizes) for rows, sizes in zip(self._rows, self._sizes, strict=True)]
        limits = tuple(-weights for weights in of[goals:])
        return Multipliers(shares=tuple(of[:goals]), limits=limits, mu=mu, nu=nu, traded=traded)
