"""The readable statement of the problem in cvxpy: one row a scenario."""

from __future__ import annotations

import warnings
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.problem import CvarProblem, SolverAnswer

STATUS = {
    cp.OPTIMAL: "optimal",
    cp.INFEASIBLE: "infeasible",
    cp.UNBOUNDED: "unbounded",
    "infeasible_or_unbounded": "infeasible",
}


def solve(problem: CvarProblem, solver: str) -> SolverAnswer:
    """Solve once with a solver of cvxpy; ``status`` is ``optimal`` only where the solver says so without reserve.

    The problem is solved in the scale of its own cost, so that a change of currency changes no digit that matters.
    """
    scale = float(problem.cost.std()) or float(np.abs(problem.payoff).max()) or 1.0
    size = _sizes(problem.payoff, scale)
    unit = scale / size
    if not np.all(np.isfinite(unit) & (unit > 0)):
        return _no_answer("failed (numbers too large or too small to be solved)")
    y = cp.Variable(unit.size)
    z = cp.Variable()
    u = cp.Variable(problem.cost.size, nonneg=True)
    loss = (problem.cost - problem.cost.mean()) / scale - (problem.payoff / size) @ y
    tail = u >= loss - z
    objective = problem.mean_weight * cp.sum(loss) / problem.cost.size
    objective += (problem.transaction_cost * unit / scale) @ cp.abs(y)
    constraints: list[Any] = []
    if problem.cvar_weight:
        objective += problem.cvar_weight * (z + problem.cap * cp.sum(u))
        constraints.append(tail)
    rules, sizes = _rows(problem.A, problem.b, unit, y, equal=False)
    equals, equal_sizes = _rows(problem.E, problem.e, unit, y, equal=True)
    constraints += [*rules, *equals, *_bounds(problem, unit, y)]
    programme = cp.Problem(cp.Minimize(objective), constraints)
    status = _solve_quietly(programme, solver)
    if status != "optimal":
        return _no_answer(status)
    weight = problem.cvar_weight
    return SolverAnswer(
        status=status,
        position=np.asarray(y.value) * unit,
        tail=np.asarray(tail.dual_value) / weight if weight else np.full(problem.cost.size, 1.0 / problem.cost.size),
        mu=_dual(rules, sizes, scale),
        nu=_dual(equals, equal_sizes, scale),
    )


def _no_answer(status: str) -> SolverAnswer:
    nothing = np.empty(0)
    return SolverAnswer(status, nothing, nothing, nothing, nothing)


def _sizes(payoff: Floats, scale: float) -> Floats:
    """(n,) how much each position moves the loss: its deviation, else its level; one that does nothing counts as is."""
    sizes = payoff.std(axis=0)
    sizes = np.where(sizes > 0, sizes, np.abs(payoff).max(axis=0))
    return np.where(sizes > 0, sizes, scale)


def _rows(left: Floats, right: Floats, unit: Floats, y: cp.Variable, *, equal: bool) -> tuple[list[Any], Floats]:
    """The rules in the scaled variable, each row divided by its largest coefficient."""
    if right.size == 0:
        return [], np.empty(0)
    scaled = left * unit
    sizes = np.maximum(np.abs(scaled).max(axis=1), 1e-300)
    rows = (scaled / sizes[:, None]) @ y
    return [rows == right / sizes if equal else rows <= right / sizes], sizes


def _dual(rules: list[Any], sizes: Floats, scale: float) -> Floats:
    if not rules:
        return np.empty(0)
    dual: Floats = np.atleast_1d(np.asarray(rules[0].dual_value)) * scale / sizes
    return dual


def _bounds(problem: CvarProblem, unit: Floats, y: cp.Variable) -> list[Any]:
    low, high = np.flatnonzero(np.isfinite(problem.lower)), np.flatnonzero(np.isfinite(problem.upper))
    bounds = []
    if low.size:
        bounds.append(y[low] >= problem.lower[low] / unit[low])
    if high.size:
        bounds.append(y[high] <= problem.upper[high] / unit[high])
    return bounds


def _solve_quietly(programme: cp.Problem, solver: str) -> str:
    with warnings.catch_warnings():
        # An inaccurate status is read below and never becomes a plan; cvxpy also warns of it.
        warnings.simplefilter("ignore")
        try:
            programme.solve(solver=solver)
        except (cp.SolverError, ValueError) as error:  # cvxpy raises ValueError on a status it does not know
            return f"failed ({error})"
    return STATUS.get(programme.status, str(programme.status))
