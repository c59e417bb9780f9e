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
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.problem import CvarProblem, SolverAnswer, TailRule

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


@dataclass(frozen=True)
class _Scale:
    """Money in ``money`` and positions in ``unit`` (n,), so that every column moves the loss about equally."""

    money: float
    unit: Floats
    y: Any
    """(n,) variable: h = y x unit."""

    @property
    def h(self) -> Any:
        return cp.multiply(self.unit, self.y)


@dataclass(frozen=True)
class _Loss:
    """One problem's objective: its value above its own centre, and the rows that define it."""

    value: Any
    centre: float
    """Money that ``value`` leaves out."""
    rows: list[Any]
    root: Floats | None
    """(n + 1, n + 1) with ``loss.std() = norm(root @ (-h, 1))``."""


@dataclass(frozen=True)
class _Tail:
    """One tail rule: the row of its limit, and the rows of its dates and floor."""

    rows: list[Any]
    limit: Any
    money: float
    floored: bool


def _solved(
    problems: Sequence[CvarProblem], offsets: Sequence[float], solver: str, *, whole: bool, options: dict[str, Any]
) -> SolverAnswer:
    scale = _scale_of(problems, whole=whole)
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
        self, problems: Sequence[CvarProblem], offsets: Sequence[float], scale: _Scale, *, squared: bool
    ) -> None:
        self.first, self.problems, self.scale, self.squared = problems[0], problems, scale, squared
        self.losses = [_loss(problem, scale, squared=squared) for problem in problems]
        self.rules, self.sizes = _rows(self.first.A, self.first.b, scale, equal=False)
        self.equals, self.equal_sizes = _rows(self.first.E, self.first.e, scale, equal=True)
        self.low, self.high = _bound(self.first.lower, scale, below=True), _bound(self.first.upper, scale, below=False)
        self.traded, self.traded_sizes = _traded(self.first, scale)
        self.tails = [_tail(rule, scale) for problem in problems for rule in problem.tails]
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
        tails = [_weights(p, loss, s) for p, loss, s in zip(self.problems, self.losses, shares, strict=True)]
        spreads = [_spread_cut(loss, position) for loss in self.losses]
        n = position.size
        return SolverAnswer(
            status="optimal",
            position=position,
            tail=tails[0],
            mu=_dual(self.rules, self.sizes, money),
            nu=_dual(self.equals, self.equal_sizes, money),
            lower=_bound_dual(self.low, self.first.lower, self.scale.unit, money, n),
            upper=_bound_dual(self.high, self.first.upper, self.scale.unit, money, n),
            traded=_dual(self.traded, self.traded_sizes, money),
            tails=tuple(_tail_dual(tail, money) for tail in self.tails),
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


def _scale_of(problems: Sequence[CvarProblem], *, whole: bool) -> _Scale | None:
    """None: the numbers are too large or too small to be scaled."""
    first = problems[0]
    money = float(first.cost.std()) or float(np.abs(first.payoff).max(initial=0.0)) or 1.0
    with np.errstate(over="ignore"):
        unit = np.ones(first.lower.size) if whole else money / _sizes(first.payoff, money)
    if not np.all(np.isfinite(unit) & (unit > 0)):
        return None
    return _Scale(money, unit, cp.Variable(unit.size, integer=whole))


def _sizes(payoff: Floats, money: float) -> Floats:
    """(n,) how much each position moves the loss: its deviation, else its level; one that does nothing counts as is."""
    sizes: Floats = payoff.std(axis=0)
    sizes = np.where(sizes > 0, sizes, np.abs(payoff).max(axis=0))
    return np.where(sizes > 0, sizes, money)


def _loss(problem: CvarProblem, scale: _Scale, *, squared: bool) -> _Loss:
    if problem.variance:
        return _deviation(problem, scale, squared=squared)
    count, money = problem.cost.size, scale.money
    centre = float(problem.cost.mean())
    loss = (problem.cost - centre) / money - (problem.payoff * scale.unit / money) @ scale.y
    value = problem.mean_weight * cp.sum(loss) / count
    value += (problem.transaction_cost * scale.unit / money) @ cp.abs(scale.y)
    rows: list[Any] = []
    if problem.cvar_weight:
        z, u = cp.Variable(), cp.Variable(count, nonneg=True)
        rows.append(u >= loss - z)
        value += problem.cvar_weight * (z + problem.cap * cp.sum(u))
    return _Loss(value, centre * (problem.mean_weight + problem.cvar_weight), rows, None)


def _deviation(problem: CvarProblem, scale: _Scale, *, squared: bool) -> _Loss:
    """Standard deviation of the loss, or the variance for a solver that knows no cones."""
    root = spread_root(problem)
    scaled = (root * np.append(scale.unit, 1.0)) / scale.money
    vector = scaled[:, -1] - scaled[:, :-1] @ scale.y
    if squared:
        return _Loss(cp.sum_squares(vector), 0.0, [], root)
    spread = cp.Variable()
    return _Loss(spread, 0.0, [cp.SOC(spread, vector)], root)


def spread_root(problem: CvarProblem) -> Floats:
    """(k, n + 1) with ``loss.std() = norm(root @ (-h, 1))``, k the smaller of S and n + 1."""
    columns = np.column_stack([problem.payoff, problem.cost])
    columns = (columns - columns.mean(axis=0)) / np.sqrt(len(columns))
    return np.asarray(np.linalg.qr(columns, mode="r"))


def _tail(rule: TailRule, scale: _Scale) -> _Tail:
    """CVaR of the largest of the dates, and of the floor, with its fee, within the limit; in money of its own size."""
    money = _tail_money(rule, scale)
    z, u = cp.Variable(), cp.Variable(len(rule.base), nonneg=True)
    cap = 1.0 / ((1.0 - rule.level) * len(rule.base))
    rows = []
    for base, slope in zip(rule.base.T, np.moveaxis(rule.slope, 1, 0), strict=True):
        rows.append(u >= base / money - (slope * scale.unit / money) @ scale.y - z)
    floored = bool(np.isfinite(rule.floor))
    if floored:
        rows.append(u >= rule.floor / money - z)
    cost = 0.0 if rule.fee is None else (rule.fee * scale.unit / money) @ cp.abs(scale.y)
    return _Tail(rows, z + cap * cp.sum(u) + cost <= rule.limit / money, money, floored)


def _tail_money(rule: TailRule, scale: _Scale) -> float:
    moved = float((np.abs(rule.slope).max(axis=(0, 1)) * scale.unit).max(initial=0.0))
    return max(abs(rule.limit), float(np.abs(rule.base).max()), moved) or 1.0


def _traded(problem: CvarProblem, scale: _Scale) -> tuple[list[Any], Floats]:
    if problem.bought is None or problem.sold is None or problem.traded is None or problem.traded.size == 0:
        return [], np.empty(0)
    bought, sold = problem.bought * scale.unit, problem.sold * scale.unit
    sizes = np.maximum(np.maximum(bought, sold).max(axis=1, initial=0.0), 1e-300)
    used = (bought / sizes[:, None]) @ cp.pos(scale.y) + (sold / sizes[:, None]) @ cp.neg(scale.y)
    return [used <= problem.traded / sizes], sizes


def _rows(left: Floats, right: Floats, scale: _Scale, *, equal: bool) -> tuple[list[Any], Floats]:
    """The rules in the scaled variable, each row divided by its largest coefficient."""
    if right.size == 0:
        return [], np.empty(0)
    scaled = left * scale.unit
    sizes = np.maximum(np.abs(scaled).max(axis=1, initial=0.0), 1e-300)
    rows = (scaled / sizes[:, None]) @ scale.y
    return [rows == right / sizes if equal else rows <= right / sizes], sizes


def _bound(bound: Floats, scale: _Scale, *, below: bool) -> list[Any]:
    bounded = np.flatnonzero(np.isfinite(bound))
    if bounded.size == 0:
        return []
    end, y = bound[bounded] / scale.unit[bounded], scale.y[bounded]
    return [y >= end if below else y <= end]


def _dual(rules: list[Any], sizes: Floats, money: float) -> Floats:
    if not rules:
        return np.empty(0)
    dual: Floats = np.atleast_1d(np.asarray(rules[0].dual_value)) * money / sizes
    return dual


def _bound_dual(rules: list[Any], bound: Floats, unit: Floats, money: float, n: int) -> Floats:
    dual = np.zeros(n)
    if rules:
        bounded = np.isfinite(bound)
        dual[bounded] = np.maximum(np.atleast_1d(rules[0].dual_value), 0.0) * money / unit[bounded]
    return dual


def _tail_dual(tail: _Tail, money: float) -> Floats:
    """(S, D + 1) dual of the rows, in money of the objective for one of the limit."""
    rows = np.maximum(np.column_stack([row.dual_value for row in tail.rows]), 0.0) * (money / tail.money)
    return rows if tail.floored else np.column_stack([rows, np.zeros(len(rows))])


def _weights(problem: CvarProblem, loss: _Loss, share: float) -> Floats:
    """(S,) tail weights that the dual values of the loss's rows stand for; equal ones where nothing tells them."""
    if problem.variance or not problem.cvar_weight or not share > 0:
        return np.full(problem.cost.size, 1.0 / problem.cost.size)
    return np.asarray(loss.rows[0].dual_value) / (problem.cvar_weight * share)


def _spread_cut(loss: _Loss, position: Floats) -> tuple[float, Floats] | None:
    """Any direction of length 1 bounds the norm from below; the dual of the cone's or else the vector's own is best."""
    if loss.root is None:
        return None
    direction = np.asarray(loss.rows[0].dual_value[1]).ravel() * -1.0 if loss.rows else None
    if direction is None or not np.linalg.norm(direction) > 0:
        direction = loss.root @ np.append(-position, 1.0)
    direction = direction / max(float(np.linalg.norm(direction)), 1e-300)
    row = direction @ loss.root
    return float(row[-1]), np.asarray(row[:-1])


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
