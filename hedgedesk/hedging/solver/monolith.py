"""The readable statement of the whole problem in cvxpy: one row a scenario, and one more for each date of a path.

What it answers is not believed either: its dual values come along, so that the bound can be computed again.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
Krokhmal, Palmquist and Uryasev (2002), Portfolio optimization with conditional value-at-risk objective and constraints,
Journal of Risk 4(2) (CVaR as a limit).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.problem import CvarProblem, SolverAnswer
from hedgedesk.hedging.solver.scaled import (
    Scale,
    bound_dual,
    bound_rows,
    loss_of,
    rule_dual,
    rule_rows,
    scale_of,
    spread_cut,
    tail_dual,
    tail_of,
    traded_rows,
    weights_of,
)

STATUS = {
    cp.OPTIMAL: "optimal",
    cp.INFEASIBLE: "infeasible",
    cp.UNBOUNDED: "unbounded",
    "infeasible_or_unbounded": "infeasible",
}
QUADRATIC = ("HIGHS", "OSQP", "PIQP")
"""Solvers that know squares but no cones: they minimise the variance where others minimise its root."""


def solve(problem: CvarProblem, solver: str, *, whole: bool = False, **options: Any) -> SolverAnswer:
    """Solve once with a solver of cvxpy; ``status`` is ``optimal`` only where the solver says so without reserve.

    The problem is solved in the scale of its own cost, so that a change of currency changes no digit that matters.

    Parameters
    ----------
    solver
        Any that cvxpy has; the variance needs one of :data:`QUADRATIC` or one that knows cones.
    whole
        Whole-number positions; the answer then has no dual values.
    options
        The solver's own, such as ``mip_rel_gap``.
    """
    return _solved([problem], [0.0], solver, whole=whole, options=options)


def solve_least_bad(problems: Sequence[CvarProblem], offsets: Sequence[float], solver: str) -> SolverAnswer:
    """Least over h of the largest ``objective_m(h) - offset_m``.

    Bounds, rules and fees on what is traded are the first problem's; the tail rules of every one hold.
    """
    return _solved(problems, offsets, solver, whole=False, options={})


def _solved(
    problems: Sequence[CvarProblem], offsets: Sequence[float], solver: str, *, whole: bool, options: dict[str, Any]
) -> SolverAnswer:
    scale = scale_of(problems, whole=whole)
    if scale is None:
        return _no_answer("failed (numbers too large or too small to be solved)")
    statement = _Statement(problems, offsets, scale, squared=len(problems) == 1 and solver in QUADRATIC)
    status = _solve_quietly(statement.programme, solver, options)
    if status != "optimal":
        return _no_answer(status)
    position = np.asarray(scale.y.value) * scale.unit
    return _no_answer(status, np.round(position)) if whole else statement.answer(position)


class _Statement:
    """Objective and rows of one problem, or of the largest of several, and how to read the answer."""

    def __init__(
        self, problems: Sequence[CvarProblem], offsets: Sequence[float], scale: Scale, *, squared: bool
    ) -> None:
        self.first, self.problems, self.scale, self.squared = problems[0], problems, scale, squared
        self.losses = [loss_of(problem, scale, squared=squared) for problem in problems]
        self.rules, self.sizes = rule_rows(self.first.A, self.first.b, scale, equal=False)
        self.equals, self.equal_sizes = rule_rows(self.first.E, self.first.e, scale, equal=True)
        self.low, self.high = (
            bound_rows(self.first.lower, scale, below=True),
            bound_rows(self.first.upper, scale, below=False),
        )
        self.traded, self.traded_sizes = traded_rows(self.first, scale)
        self.tails = [tail_of(rule, scale) for problem in problems for rule in problem.tails]
        self.largest: list[Any] = []
        rows = [*self.rules, *self.equals, *self.low, *self.high, *self.traded]
        rows += [row for tail in self.tails for row in (*tail.rows, tail.limit)]
        rows += [row for loss in self.losses for row in loss.rows]
        self.programme = cp.Problem(cp.Minimize(self._objective(offsets)), [*rows, *self.largest])

    def _objective(self, offsets: Sequence[float]) -> Any:
        if len(self.losses) == 1:
            return self.losses[0].value
        top, money = cp.Variable(), self.scale.money
        reference = self.losses[0].centre - offsets[0]
        for loss, offset in zip(self.losses, offsets, strict=True):
            self.largest.append(loss.value + (loss.centre - offset - reference) / money <= top)
        return top

    def answer(self, position: Floats) -> SolverAnswer:
        """Position and dual values in the problem's own units."""
        # The root of a variance moves by 1 / (2 root) of what the variance moves.
        steep = 1.0 / max(2.0 * self._root_at(position) / self.scale.money, 1e-300) if self.squared_variance else 1.0
        money = self.scale.money * steep
        shares = np.array([float(row.dual_value) for row in self.largest]) if self.largest else np.ones(1)
        tails = [weights_of(p, loss, s) for p, loss, s in zip(self.problems, self.losses, shares, strict=True)]
        spreads = [spread_cut(loss, position) for loss in self.losses]
        n = position.size
        return SolverAnswer(
            status="optimal",
            position=position,
            tail=tails[0],
            mu=rule_dual(self.rules, self.sizes, money),
            nu=rule_dual(self.equals, self.equal_sizes, money),
            lower=bound_dual(self.low, self.first.lower, self.scale.unit, money, n),
            upper=bound_dual(self.high, self.first.upper, self.scale.unit, money, n),
            traded=rule_dual(self.traded, self.traded_sizes, money),
            tails=tuple(tail_dual(tail, money) for tail in self.tails),
            spread=spreads[0],
            shares=shares / max(float(shares.sum()), 1e-300),
            others=tuple(tails[1:]),
            other_spreads=tuple(spreads[1:]),
        )

    @property
    def squared_variance(self) -> bool:
        return self.squared and self.first.variance

    def _root_at(self, position: Floats) -> float:
        root = self.losses[0].root
        assert root is not None  # noqa: S101 - asked only of a variance
        return float(np.linalg.norm(root @ np.append(-position, 1.0)))


def _no_answer(status: str, position: Floats | None = None) -> SolverAnswer:
    nothing = np.empty(0)
    return SolverAnswer(status, nothing if position is None else position, nothing, nothing, nothing)


def _solve_quietly(programme: cp.Problem, solver: str, options: dict[str, Any]) -> str:
    with warnings.catch_warnings():
        # An inaccurate status is read below and never becomes a plan; cvxpy also warns of it.
        warnings.simplefilter("ignore")
        try:
            programme.solve(solver=solver, **options)
        except (cp.SolverError, ValueError) as error:  # cvxpy raises ValueError on a status it does not know
            return f"failed ({error})"
    return STATUS.get(programme.status, str(programme.status))
