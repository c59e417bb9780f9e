"""The mean-CVaR programme in arrays, and a solver's answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.errors import Infeasible, InputError, Shortfall
from hedgedesk.domain.values import ArrayHolder, Floats, Singles

Rules = tuple[Any, Any] | None
"""(A, b), or None where there are no such rules."""
LARGEST = 1e100
"""Beyond this a square no longer fits in a float."""
BLOCK = 1 << 16
"""Numbers of a path that are brought to float64 at a time: the copy stays in the cache."""


@dataclass(frozen=True, eq=False)
class TailRule(ArrayHolder):
    """CVaR of ``max(floor, max over d of base[s, d] - slope[s, d] @ h)`` plus ``fee @ abs(h)`` stays within ``limit``.

    One date is a plain tail rule (a budget), several are a path: the most cash that margin calls for on it.
    """

    name: str
    base: Floats
    """(S, D)."""
    slope: Floats | Singles
    """(S, D, n); float32 where it is a path of prices."""
    level: float
    limit: float
    floor: float = -np.inf
    fee: Floats | None = None
    """(n,) per unit of abs(h); None: none."""

    def tail_mean(self, position: Floats) -> float:
        """The left side at ``position`` (n,), over all scenarios."""
        return self.tail_mean_and_spread(position)[0]

    def tail_mean_and_spread(self, position: Floats) -> tuple[float, float]:
        """The left side at ``position`` (n,), and the standard deviation of the loss in it."""
        loss = np.empty(len(self.base))
        step = max(1, BLOCK // max(1, self.base.shape[1] * position.size))
        for first in range(0, loss.size, step):
            part = slice(first, first + step)
            base = self.base[part]
            slope = self.slope[part].astype(np.float64, copy=False).reshape(base.size, position.size)
            path = base - (slope @ position).reshape(base.shape)
            np.maximum(path.max(axis=1), self.floor, out=loss[part])
        fee = 0.0 if self.fee is None else float(self.fee @ np.abs(position))
        return cvar_of(loss, self.level) + fee, float(loss.std())


@dataclass(frozen=True, eq=False)
class CvarProblem(ArrayHolder):
    """The programme in arrays: n positions, S scenarios."""

    cost: Floats
    """(S,)."""
    payoff: Floats
    """(S, n)."""
    level: float
    mean_weight: float
    cvar_weight: float
    lower: Floats
    """(n,), -inf where there is none."""
    upper: Floats
    transaction_cost: Floats
    """(n,) per unit of abs(h)."""
    A: Floats
    """(m, n), A @ h <= b."""
    b: Floats
    E: Floats
    """(p, n), E @ h == e."""
    e: Floats
    bought: Floats | None = None
    """(q, n) at least 0: ``bought @ max(h, 0) + sold @ max(-h, 0) <= traded``; None: no rule on what is traded."""
    sold: Floats | None = None
    """(q, n) at least 0."""
    traded: Floats | None = None
    """(q,)."""
    tails: tuple[TailRule, ...] = ()
    variance: bool = False
    """True: the objective is the standard deviation of the loss alone, without mean, CVaR or transaction cost."""

    @property
    def cap(self) -> float:
        """Largest weight of one scenario in CVaR."""
        return 1.0 / ((1.0 - self.level) * self.cost.size)

    def objective(self, position: Floats) -> float:
        """Mean + w CVaR + transaction cost."""
        return self.objective_of(self.cost - self.payoff @ position, position)

    def objective_of(self, loss: Floats, position: Floats) -> float:
        """The same of ``position`` whose loss (S,) is known."""
        if self.variance:
            return float(loss.std())
        tail = cvar_of(loss, self.level) if self.cvar_weight else 0.0
        trade = float(self.transaction_cost @ np.abs(position))
        return float(self.mean_weight * loss.mean() + self.cvar_weight * tail + trade)

    def tail_weights(self, loss: Floats) -> Floats:
        """(S,) the weights of :func:`tail_weights` at the problem's level."""
        return tail_weights(loss, self.level)


def cvar_of(loss: Floats, level: float) -> float:
    """Mean of the worst 1 - level of ``loss`` (S,): the same as ``tail_weights(loss, level) @ loss``."""
    count = (1.0 - level) * loss.size
    rank = min(loss.size, int(np.ceil(count - 1e-12)))
    worst = np.partition(loss, loss.size - rank)[loss.size - rank :]
    # The least of the worst is the first; it counts by what is left of a whole scenario.
    return float((worst.sum() - max(0.0, rank - count) * worst[0]) / count)


def tail_weights(loss: Floats, level: float) -> Floats:
    """(S,) the weights q with q.loss = CVaR: the cap above VaR, the rest at VaR shared equally among ties."""
    count = (1.0 - level) * loss.size
    rank = min(loss.size, int(np.ceil(count - 1e-12)))
    threshold = np.partition(loss, loss.size - rank)[loss.size - rank]
    weights = np.where(loss > threshold, 1.0 / count, 0.0)
    tied = loss == threshold
    weights[tied] = (1.0 - weights.sum()) / tied.sum()
    return weights


@dataclass(frozen=True, eq=False)
class SolverAnswer(ArrayHolder):
    """What a solver said of the programme with a row a scenario, in the problem's own units."""

    status: str
    position: Floats
    """(n,)."""
    tail: Floats
    """(S,) dual of the tail rows, about q; of the first problem where there are several."""
    mu: Floats
    """(m,) of the inequalities."""
    nu: Floats
    """(p,) of the equalities."""
    lower: Floats | None = None
    """(n,) at least 0, of the lower bounds; 0 where there is none. None in an answer without a position."""
    upper: Floats | None = None
    traded: Floats | None = None
    """(q,) of the rules on what is traded."""
    tails: tuple[Floats, ...] = ()
    """(S, D + 1) of each tail rule: price of its limit x weight of scenario and date, the floor last."""
    spread: tuple[float, Floats] | None = None
    """Constant and slope (n,) with ``loss.std() >= constant - slope @ h`` everywhere: the cut at the minimum."""
    shares: Floats | None = None
    """(M,) of each problem in the largest of several; they add to 1."""
    others: tuple[Floats, ...] = ()
    """(S,) each: ``tail`` of the problems after the first."""
    other_spreads: tuple[tuple[float, Floats] | None, ...] = ()
    """``spread`` of the problems after the first."""


def cvar_problem(
    cost: Floats,
    payoff: Floats,
    level: float,
    risk_weight: float | None,
    lower: Any,
    upper: Any,
    transaction_cost: Any,
    inequalities: Rules,
    equalities: Rules,
) -> CvarProblem:
    """Check and complete the arguments of :func:`hedgedesk.hedging.cvar.minimise_cvar`.

    Raises
    ------
    InputError, Infeasible
        As told there.
    """
    cost, payoff = np.asarray(cost, dtype=float), np.asarray(payoff, dtype=float)
    if cost.ndim != 1 or payoff.ndim != 2 or len(payoff) != cost.size or cost.size == 0:
        raise InputError(f"cost must be (S,) and payoff (S, n), found {cost.shape} and {payoff.shape}")
    if not 0 < level < 1:
        raise InputError(f"level must lie between 0 and 1, found {level}")
    if risk_weight is not None and not 0 <= risk_weight < np.inf:
        raise InputError(f"risk_weight must be at least 0, found {risk_weight}")
    n = payoff.shape[1]
    A, b = _rows(inequalities, n, "inequalities")
    E, e = _rows(equalities, n, "equalities")
    problem = CvarProblem(
        cost=cost,
        payoff=payoff,
        level=level,
        mean_weight=0.0 if risk_weight is None else 1.0,
        cvar_weight=1.0 if risk_weight is None else risk_weight,
        lower=_bound(lower, n, -np.inf),
        upper=_bound(upper, n, np.inf),
        transaction_cost=_bound(transaction_cost, n, 0.0),
        A=A,
        b=b,
        E=E,
        e=e,
    )
    for name in ("cost", "payoff", "transaction_cost", "A", "b", "E", "e"):
        values = getattr(problem, name)
        # Without a second array of the payoffs' size; not a number is neither above nor below.
        if values.size and not (values.min() > -LARGEST and values.max() < LARGEST):
            raise InputError(f"{name} has a value that is not a finite number below {LARGEST:g}")
    if np.isnan(problem.lower).any() or np.isnan(problem.upper).any():
        raise InputError("a bound is not a number; None is no bound")
    if np.any(problem.transaction_cost < 0):
        raise InputError("transaction_cost must be at least 0")
    if np.any(problem.lower > problem.upper):
        j = int(np.argmax(problem.lower - problem.upper))
        raise Infeasible(
            "bounds cross",
            [Shortfall(f"upper bound of position {j}", problem.upper[j], problem.lower[j], "units")],
        )
    return problem


def check_limits(problem: CvarProblem) -> None:
    """Refuse limits that are none: a rule without an end is to be left out.

    Raises
    ------
    InputError
        Naming the first limit that is not a finite number.
    """
    limits: list[tuple[str, Any]] = [("b", problem.b), ("e", problem.e), ("traded", problem.traded)]
    limits += [(f"the limit of {tail.name}", tail.limit) for tail in problem.tails]
    for name, value in limits:
        if value is not None and not np.all(np.abs(value) < LARGEST):
            raise InputError(f"{name} has a value that is not a finite number below {LARGEST:g}; leave the rule out")


def _bound(value: Any, n: int, missing: float) -> Floats:
    if value is None:
        return np.full(n, missing)
    return np.broadcast_to(np.asarray(value, dtype=float), (n,)).copy()


def _rows(rules: Rules, n: int, name: str) -> tuple[Floats, Floats]:
    if rules is None:
        return np.empty((0, n)), np.empty(0)
    left, right = np.atleast_2d(np.asarray(rules[0], dtype=float)), np.atleast_1d(np.asarray(rules[1], dtype=float))
    if left.shape != (right.size, n):
        raise InputError(f"{name} must be (m, {n}) and (m,), found {left.shape} and {right.shape}")
    return left, right
