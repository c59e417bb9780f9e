"""The pieces of the readable statement in scaled money and positions: losses, tails, rules, and the dual of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.bundle.frame import spread_of
from hedgedesk.hedging.solver.problem import CvarProblem, TailRule


@dataclass(frozen=True)
class Scale:
    """Money in ``money`` and positions in ``unit`` (n,), so that every column moves the loss about equally."""

    money: float
    unit: Floats
    y: Any
    """(n,) variable: h = y x unit."""


@dataclass(frozen=True)
class Loss:
    """One problem's objective: its value above its own centre, and the rows that define it."""

    value: Any
    centre: float
    """Money that ``value`` leaves out."""
    rows: list[Any]
    root: Floats | None
    """(n + 1, n + 1) with ``loss.std() = norm(root @ (-h, 1))``."""


@dataclass(frozen=True)
class Tail:
    """One tail rule: the row of its limit, and the rows of its dates and floor."""

    rows: list[Any]
    limit: Any
    money: float
    floored: bool


def scale_of(problems: Sequence[CvarProblem], *, whole: bool) -> Scale | None:
    """None: the numbers are too large or too small to be scaled."""
    first = problems[0]
    money = spread_of(first)
    with np.errstate(over="ignore"):
        unit = np.ones(first.lower.size) if whole else money / _sizes(first.payoff, money)
    if not np.all(np.isfinite(unit) & (unit > 0)):
        return None
    return Scale(money, unit, cp.Variable(unit.size, integer=whole))


def _sizes(payoff: Floats, money: float) -> Floats:
    """(n,) how much each position moves the loss: its deviation, else its level; one that does nothing counts as is."""
    sizes: Floats = payoff.std(axis=0)
    sizes = np.where(sizes > 0, sizes, np.abs(payoff).max(axis=0))
    return np.where(sizes > 0, sizes, money)


def loss_of(problem: CvarProblem, scale: Scale, *, squared: bool) -> Loss:
    """One problem's objective; ``squared`` is for a solver that knows no cones."""
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
    return Loss(value, centre * (problem.mean_weight + problem.cvar_weight), rows, None)


def _deviation(problem: CvarProblem, scale: Scale, *, squared: bool) -> Loss:
    """Standard deviation of the loss, or the variance for a solver that knows no cones."""
    root = spread_root(problem)
    scaled = (root * np.append(scale.unit, 1.0)) / scale.money
    vector = scaled[:, -1] - scaled[:, :-1] @ scale.y
    if squared:
        return Loss(cp.sum_squares(vector), 0.0, [], root)
    spread = cp.Variable()
    return Loss(spread, 0.0, [cp.SOC(spread, vector)], root)


def spread_root(problem: CvarProblem) -> Floats:
    """(k, n + 1) with ``loss.std() = norm(root @ (-h, 1))``, k the smaller of S and n + 1."""
    columns = np.column_stack([problem.payoff, problem.cost])
    columns = (columns - columns.mean(axis=0)) / np.sqrt(len(columns))
    return np.asarray(np.linalg.qr(columns, mode="r"))


def tail_of(rule: TailRule, scale: Scale) -> Tail:
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
    return Tail(rows, z + cap * cp.sum(u) + cost <= rule.limit / money, money, floored)


def _tail_money(rule: TailRule, scale: Scale) -> float:
    moved = float((np.abs(rule.slope).max(axis=(0, 1)) * scale.unit).max(initial=0.0))
    return max(abs(rule.limit), float(np.abs(rule.base).max()), moved) or 1.0


def traded_rows(problem: CvarProblem, scale: Scale) -> tuple[list[Any], Floats]:
    """The rules on what is bought and sold, each divided by its largest coefficient, and those (q,)."""
    if problem.bought is None or problem.sold is None or problem.traded is None or problem.traded.size == 0:
        return [], np.empty(0)
    bought, sold = problem.bought * scale.unit, problem.sold * scale.unit
    sizes = _largest(np.maximum(bought, sold))
    used = (bought / sizes[:, None]) @ cp.pos(scale.y) + (sold / sizes[:, None]) @ cp.neg(scale.y)
    return [used <= problem.traded / sizes], sizes


def _largest(rows: Floats) -> Floats:
    """(m,) of each row; 1 where a row is nothing but noughts."""
    largest = rows.max(axis=1, initial=0.0)
    return np.where(largest > 0, largest, 1.0)


def rule_rows(left: Floats, right: Floats, scale: Scale, *, equal: bool) -> tuple[list[Any], Floats]:
    """The rules in the scaled variable, each row divided by its largest coefficient."""
    if right.size == 0:
        return [], np.empty(0)
    scaled = left * scale.unit
    sizes = _largest(np.abs(scaled))
    rows = (scaled / sizes[:, None]) @ scale.y
    return [rows == right / sizes if equal else rows <= right / sizes], sizes


def bound_rows(bound: Floats, scale: Scale, *, below: bool) -> list[Any]:
    """The finite ones of the bounds (n,)."""
    bounded = np.flatnonzero(np.isfinite(bound))
    if bounded.size == 0:
        return []
    end, y = bound[bounded] / scale.unit[bounded], scale.y[bounded]
    return [y >= end if below else y <= end]


def rule_dual(rules: list[Any], sizes: Floats, money: float) -> Floats:
    """(m,) dual of the rules that were divided by ``sizes``, in money."""
    if not rules:
        return np.empty(0)
    dual: Floats = np.atleast_1d(np.asarray(rules[0].dual_value)) * money / sizes
    return dual


def bound_dual(rules: list[Any], bound: Floats, unit: Floats, money: float, n: int) -> Floats:
    """(n,) dual of the bounds, in money; 0 where there is none."""
    dual = np.zeros(n)
    if rules:
        bounded = np.isfinite(bound)
        dual[bounded] = np.maximum(np.atleast_1d(rules[0].dual_value), 0.0) * money / unit[bounded]
    return dual


def tail_dual(tail: Tail, money: float) -> Floats:
    """(S, D + 1) dual of the rows, in money of the objective for one of the limit."""
    rows = np.maximum(np.column_stack([row.dual_value for row in tail.rows]), 0.0) * (money / tail.money)
    return rows if tail.floored else np.column_stack([rows, np.zeros(len(rows))])


def weights_of(problem: CvarProblem, loss: Loss, share: float) -> Floats:
    """(S,) tail weights that the dual values of the loss's rows stand for; equal ones where nothing tells them."""
    if problem.variance or not problem.cvar_weight or not share > 0:
        return np.full(problem.cost.size, 1.0 / problem.cost.size)
    return np.asarray(loss.rows[0].dual_value) / (problem.cvar_weight * share)


def spread_cut(loss: Loss, position: Floats) -> tuple[float, Floats] | None:
    """Any direction of length 1 bounds the norm from below; the dual of the cone's or else the vector's own is best."""
    if loss.root is None:
        return None
    direction = np.asarray(loss.rows[0].dual_value[1]).ravel() * -1.0 if loss.rows else None
    if direction is None or not np.linalg.norm(direction) > 0:
        direction = loss.root @ np.append(-position, 1.0)
    direction = direction / max(float(np.linalg.norm(direction)), 1e-300)
    row = direction @ loss.root
    return float(row[-1]), np.asarray(row[:-1])
