"""Whole lots: the best integer plan by outer approximation.

CVaR is the upper envelope of linear cuts, one for each set of tail weights. A small integer programme over the cuts
found so far proposes lots and a lower bound; one full evaluation prices the proposal and adds the cut it was missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.concessions import PROVED_INFEASIBLE
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


def whole_lots(problem: CvarProblem, continuous: Floats) -> WholeLots | None:
    """Best whole-number position of ``problem``; None where no whole numbers keep its rules.

    Parameters
    ----------
    problem
        With finite bounds and inequalities only.
    continuous
        (n,) the continuous optimum, where the first cuts are taken.
    """
    cuts = _Cuts(problem)
    for start in (continuous, np.round(continuous), np.floor(continuous), np.ceil(continuous)):
        cuts.add(start)
    best: tuple[float, Floats] | None = None
    bound = -np.inf
    for _ in range(ROUNDS):
        proposal = cuts.best_whole()
        if proposal is None:
            return None
        bound = max(bound, proposal[0])
        value = problem.objective(proposal[1])
        if best is None or value < best[0]:
            best = (value, proposal[1])
        if best[0] - bound <= TOLERANCE * max(abs(best[0]), float(problem.cost.std())):
            break
        cuts.add(proposal[1])
        cuts.add(0.5 * (proposal[1] + continuous))
    return None if best is None else WholeLots(best[1], best[0], min(bound, best[0]))


class _Cuts:
    """Linear underestimates of the objective without transaction cost: value >= constant - slope @ h."""

    def __init__(self, problem: CvarProblem) -> None:
        self.problem = problem
        self.scale = float(problem.cost.std()) or 1.0
        self.centre = float(problem.cost.mean()) * (problem.mean_weight + problem.cvar_weight)
        self.constants: list[float] = []
        self.slopes: list[Floats] = []

    def add(self, position: Floats) -> None:
        problem = self.problem
        weights = np.full(problem.cost.size, problem.mean_weight / problem.cost.size)
        if problem.cvar_weight:
            weights += problem.cvar_weight * problem.tail_weights(problem.cost - problem.payoff @ position)
        self.constants.append((float(weights @ problem.cost) - self.centre) / self.scale)
        self.slopes.append(weights @ problem.payoff / self.scale)

    def best_whole(self) -> tuple[float, Floats] | None:
        """Lower bound and minimiser over whole numbers of the largest cut plus transaction cost."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        problem, n = self.problem, self.problem.lower.size
        size = np.maximum(np.abs(problem.A).max(axis=1, initial=0.0), 1e-300)
        eye, none = np.eye(n), np.zeros((n, 1))
        rows = [
            (
                np.column_stack([-np.array(self.slopes), np.zeros((len(self.slopes), n)), -np.ones(len(self.slopes))]),
                -np.array(self.constants),
            ),
            (np.hstack([eye, -eye, none]), np.zeros(n)),
            (np.hstack([-eye, -eye, none]), np.zeros(n)),
            (np.hstack([problem.A / size[:, None], np.zeros((len(size), n + 1))]), problem.b / size),
        ]
        found = milp(
            np.concatenate([np.zeros(n), problem.transaction_cost / self.scale, [1.0]]),
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
        return bound * self.scale + self.centre, np.round(found.x[:n])
