"""A programme with some of its positions fixed: what is left to decide of the others."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule


def restricted(problem: CvarProblem, free: NDArray[np.bool_], position: Floats) -> CvarProblem:
    """The problem over the ``free`` positions (n,), the others held where ``position`` (n,) has them.

    Objectives and limits keep their values: what the fixed positions gain, pay and use is in cost and right sides.
    """
    fixed = np.where(free, 0.0, position)
    fee = float(problem.transaction_cost @ np.abs(fixed))
    weight = problem.mean_weight + problem.cvar_weight
    # A fee is certain; in the cost it counts with the weights of mean and CVaR.
    paid = fee / weight if weight and not problem.variance else 0.0
    return dataclasses.replace(
        problem,
        cost=problem.cost - problem.payoff @ fixed + paid,
        payoff=np.ascontiguousarray(problem.payoff[:, free]),
        lower=problem.lower[free],
        upper=problem.upper[free],
        transaction_cost=problem.transaction_cost[free],
        A=problem.A[:, free],
        b=problem.b - problem.A @ fixed,
        E=problem.E[:, free],
        e=problem.e - problem.E @ fixed,
        **_traded(problem, free, fixed),
        tails=tuple(_tail(tail, free, fixed) for tail in problem.tails),
    )


def _traded(problem: CvarProblem, free: NDArray[np.bool_], fixed: Floats) -> dict[str, Any]:
    if problem.bought is None or problem.sold is None or problem.traded is None:
        return {}
    used = problem.bought @ np.maximum(fixed, 0.0) + problem.sold @ np.maximum(-fixed, 0.0)
    return {"bought": problem.bought[:, free], "sold": problem.sold[:, free], "traded": problem.traded - used}


def _tail(tail: TailRule, free: NDArray[np.bool_], fixed: Floats) -> TailRule:
    paid = 0.0 if tail.fee is None else float(tail.fee @ np.abs(fixed))
    return dataclasses.replace(
        tail,
        base=tail.base - tail.slope @ fixed.astype(tail.slope.dtype),
        slope=tail.slope[..., free].copy(),
        limit=tail.limit - paid,
        fee=None if tail.fee is None else tail.fee[free],
    )
