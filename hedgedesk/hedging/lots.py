"""Whole lots: the best integer plan by outer approximation.

A small integer programme over the cuts found so far proposes lots and a lower bound; one full evaluation prices the
proposal and adds the cut it was missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.concessions import PROVED_INFEASIBLE
from hedgedesk.hedging.cuts import Cuts
from hedgedesk.hedging.problem import CvarProblem

TOLERANCE = 1e-5
"""Stop when the best plan is within this share of the bound."""
ROUNDS = 40


@dataclass(frozen=True, eq=False)
class WholeLots(ArrayHolder):
    """The best whole-lot position found, and the bound that no whole-lot position can beat."""

    position: Floats
    objective: float
    lower_bound: float


def whole_lots(problem: CvarProblem, continuous: Floats, cuts: Cuts | None = None) -> WholeLots | None:
    """Best whole-number position of ``problem``; None where no whole numbers keep its rules.

    Parameters
    ----------
    problem
        With finite bounds and inequalities only.
    continuous
        (n,) the continuous optimum.
    cuts
        Found on the way to it; None: the first ones are taken around it.
    """
    cuts = cuts or Cuts(problem)
    for start in (continuous, np.round(continuous), np.floor(continuous), np.ceil(continuous)):
        cuts.add(start)
    best: tuple[float, Floats] | None = None
    bound = -np.inf
    for _ in range(ROUNDS):
        proposal = _best_whole(cuts)
        if proposal is None:
            return None
        bound = max(bound, proposal[0])
        value = cuts.add(proposal[1])
        if best is None or value < best[0]:
            best = (value, proposal[1])
        if best[0] - bound <= TOLERANCE * max(abs(best[0]), float(problem.cost.std())):
            break
        cuts.add(0.5 * (proposal[1] + continuous))
    if best is None:
        return None
    objective = problem.objective(best[1])
    return WholeLots(best[1], objective, min(bound, objective))


def _best_whole(cuts: Cuts) -> tuple[float, Floats] | None:
    """Lower bound and minimiser over whole numbers of the largest cut plus transaction cost."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    problem, n = cuts.problem, cuts.problem.lower.size
    scale = float(problem.cost.std()) or 1.0
    centre = float(problem.cost.mean()) * (problem.mean_weight + problem.cvar_weight)
    size = np.maximum(np.abs(problem.A).max(axis=1, initial=0.0), 1e-300)
    eye, none, many = np.eye(n), np.zeros((n, 1)), cuts.count
    rows = [
        (
            np.column_stack([-cuts.slopes / scale, np.zeros((many, n)), -np.ones(many)]),
            (centre - cuts.constants) / scale,
        ),
        (np.hstack([eye, -eye, none]), np.zeros(n)),
        (np.hstack([-eye, -eye, none]), np.zeros(n)),
        (np.hstack([problem.A / size[:, None], np.zeros((len(size), n + 1))]), problem.b / size),
    ]
    found = milp(
        np.concatenate([np.zeros(n), problem.transaction_cost / scale, [1.0]]),
        constraints=[LinearConstraint(left, -np.inf, right) for left, right in rows if right.size],
        bounds=Bounds(
            np.concatenate([np.ceil(problem.lower - 1e-9), np.zeros(n), [-np.inf]]),
            np.concatenate([np.floor(problem.upper + 1e-9), np.full(n + 1, np.inf)]),
        ),
        integrality=np.concatenate([np.ones(n), np.zeros(n + 1)]),
        options={"mip_rel_gap": 1e-6, "time_limit": 5.0},
    )
    if found.status == PROVED_INFEASIBLE:
        return None
    if found.x is None:
        raise SolverInaccurate(f"no whole-lot plan found: {found.message}")
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return bound * scale + centre, np.round(found.x[:n])
