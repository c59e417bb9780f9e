"""Which rules contradict one another, and the least each would have to give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.values import Floats

PROVED_INFEASIBLE = 2
"""Status of scipy's integer solver."""


def least_concessions(
    A: Floats,
    b: Floats,
    lower: Floats,
    upper: Floats,
    *,
    movable: NDArray[np.bool_] | None = None,
    whole: bool | NDArray[np.bool_] = False,
) -> Floats | None:
    """(m,) how far each rule of ``A @ h <= b`` must move so that some h inside the bounds keeps all of them.

    The sum of the moves, each relative to the size of its own rule, is least; zeros where the rules already agree.
    None: no move of the movable rules makes them agree.

    Parameters
    ----------
    A, b
        (m, n) and (m,).
    lower, upper
        (n,) bounds that do not move.
    movable
        (m,) which rules may move; None: all.
    whole
        h must be whole numbers: all of it, or (n,) which.

    Raises
    ------
    SolverInaccurate
        The solver came to no answer.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rules, positions = A.shape
    if rules == 0:
        return np.zeros(0)
    size = np.abs(A).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    left, right = A / size[:, None], b / size
    weight = 1.0 / np.maximum(np.abs(right), 1.0)
    room = np.where(np.ones(rules, dtype=bool) if movable is None else movable, np.inf, 0.0)
    found = milp(
        np.concatenate([np.zeros(positions), weight]),
        constraints=LinearConstraint(np.hstack([left, -np.eye(rules)]), -np.inf, right),
        bounds=Bounds(np.concatenate([lower, np.zeros(rules)]), np.concatenate([upper, room])),
        integrality=np.concatenate([np.broadcast_to(np.asarray(whole, dtype=np.int64), (positions,)), np.zeros(rules)]),
    )
    if found.status == PROVED_INFEASIBLE:
        return None
    if found.x is None:
        raise SolverInaccurate(f"the rules contradict one another, but not even which could be found: {found.message}")
    slack = found.x[positions:] * size
    return np.where(slack > 1e-9 * np.maximum(np.abs(b), size), slack, 0.0)
