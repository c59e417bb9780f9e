"""What a solve is asked, what counts as its answer, and what it tells when there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import Infeasible, Shortfall
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.solver.bundle.frame import CERTAIN, spread_of
from hedgedesk.hedging.solver.bundle.start import Warm
from hedgedesk.hedging.solver.concessions import least_concessions
from hedgedesk.hedging.solver.cuts import Cuts, Mixed, Multipliers
from hedgedesk.hedging.solver.problem import CvarProblem, cvar_of

HALF = 0.5
"""Where no tail rule is broken by more than the tolerance, those broken by half as much as the worst are named."""
KEPT = 1e-7
"""A rule is kept when it is broken by no more than this share of its terms, however small a gap is asked for."""
ROUNDING = 1e-9
"""Share of what a unit pays below which an objective is 0 but for rounding."""


@dataclass(frozen=True, eq=False)
class CvarSolution(ArrayHolder):
    """A certified position."""

    position: Floats
    """(n,)."""
    objective: float
    """mean + w CVaR + transaction cost at ``position``, over all scenarios."""
    lower_bound: float
    """No position within the rules has a lower objective."""
    gap: float
    """(objective - lower_bound) / abs(objective); 0 when both are 0, and as good as 0 where both are but rounding."""
    var: float
    """Of ``cost - payoff @ position``, without transaction cost."""
    cvar: float
    solver: str
    status: str
    rule_prices: Floats | None = None
    """(m,) what one more unit of b saves, at least 0: the dual of each inequality; None: the solver told none."""
    lower_prices: Floats | None = None
    """(n,) what one unit less of the lower bound saves, at least 0."""
    upper_prices: Floats | None = None
    """(n,) what one unit more of the upper bound saves, at least 0."""
    traded_prices: Floats | None = None
    """(q,) of the rules on what is traded."""
    tail_prices: Floats | None = None
    """(len(tails),) of the tail rules' limits."""
    cuts: Cuts | None = None
    """Underestimates of objective and tail rules found on the way; None: there was nothing to find."""
    warm: Warm | None = None
    """What the next solve may start from; None: nothing."""


@dataclass(frozen=True, eq=False)
class Proved:
    """A position and the bound that belongs to it."""

    position: Floats
    lower_bound: float
    cuts: Cuts
    mixed: Mixed
    by: Multipliers
    inside: Floats | None = None
    """(n,) a position that keeps every tail rule with room; None: none is known."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One problem, or several whose largest objective less offset counts, and the gap that is accepted."""

    problems: tuple[CvarProblem, ...]
    offsets: tuple[float, ...]
    tolerance: float

    @property
    def problem(self) -> CvarProblem:
        """The first, whose bounds and linear rules hold."""
        return self.problems[0]

    @property
    def rows(self) -> int:
        """Of the statement with a row a scenario, and one more for each date of a tail rule."""
        return sum(problem.cost.size + sum(tail.base.size for tail in problem.tails) for problem in self.problems)

    def solution(self, found: Proved, solver: str) -> CvarSolution:
        """The position judged over all scenarios, with what each rule's unit is worth."""
        worst, objective, loss = self._judged(found.position)
        bound = min(found.lower_bound, objective)
        below, above = found.mixed.bound_prices(self.problem.lower, self.problem.upper)
        return CvarSolution(
            position=found.position,
            objective=objective,
            lower_bound=bound,
            gap=self._gap(objective, bound),
            var=_quantile(loss, worst.level),
            cvar=cvar_of(loss, worst.level),
            solver=solver,
            status="optimal",
            rule_prices=np.maximum(found.by.mu, 0.0),
            lower_prices=np.where(np.isfinite(self.problem.lower), below, 0.0),
            upper_prices=np.where(np.isfinite(self.problem.upper), above, 0.0),
            traded_prices=np.maximum(found.by.traded, 0.0),
            tail_prices=np.array([float(np.maximum(prices, 0.0).sum()) for prices in found.by.limits]),
            cuts=found.cuts,
            warm=Warm.of(found.position, self.problems, found.cuts, found.inside),
        )

    def _judged(self, position: Floats) -> tuple[CvarProblem, float, Floats]:
        """The problem that counts, its objective less its offset, and its loss (S,)."""
        judged = []
        for problem, offset in zip(self.problems, self.offsets, strict=True):
            loss = problem.cost - problem.payoff @ position
            judged.append((problem, problem.objective_of(loss, position) - offset, loss))
        return max(judged, key=lambda one: one[1])

    def without_positions(self) -> CvarSolution:
        """Nothing can be decided: the cost is what it is."""
        nothing = np.empty(0)
        broken = self.broken_tails(nothing)
        if broken:
            raise Infeasible("no position keeps all bounds and rules", broken)
        worst, objective, loss = self._judged(nothing)
        cvar = cvar_of(loss, worst.level)
        return CvarSolution(nothing, objective, objective, 0.0, _quantile(loss, worst.level), cvar, "none", "optimal")

    def proved(self, found: CvarSolution) -> bool:
        """Whether gap and rules are kept to the tolerance."""
        gap, size = found.objective - found.lower_bound, self._size(found.objective)
        return gap <= self.tolerance * size and self.worst_violation(found.position) <= max(self.tolerance, KEPT)

    def _gap(self, objective: float, bound: float) -> float:
        """Relative to the objective; beside one that is nothing but rounding, to what a proof is measured by."""
        nothing = abs(objective) <= ROUNDING * self._unit_payoff
        return (
            0.0 if objective == bound else (objective - bound) / (self._size(objective) if nothing else abs(objective))
        )

    def _size(self, objective: float) -> float:
        """What a gap is relative to."""
        return max(abs(objective), *(float(p.cost.std()) for p in self.problems), CERTAIN * self._unit_payoff)

    @property
    def _unit_payoff(self) -> float:
        return max(spread_of(problem) for problem in self.problems)

    def worst_violation(self, position: Floats) -> float:
        """Largest break of a rule relative to the size of its own terms."""
        problem, held = self.problem, np.abs(position)
        over = np.maximum(problem.A @ position - problem.b, 0.0)
        off = np.abs(problem.E @ position - problem.e)
        size = np.abs(problem.A) @ held + np.abs(problem.b) + 1e-300
        size_equal = np.abs(problem.E) @ held + np.abs(problem.e) + 1e-300
        tails = [max(0.0, short) for short in self._tail_breaks(position)]
        return float(max([0.0, *(over / size), *(off / size_equal), *self._traded_breaks(position), *tails]))

    def _traded_breaks(self, position: Floats) -> list[float]:
        problem = self.problem
        if problem.traded is None or problem.bought is None or problem.sold is None:
            return []
        used = problem.bought @ np.maximum(position, 0.0) + problem.sold @ np.maximum(-position, 0.0)
        return list((used - problem.traded) / (used + np.abs(problem.traded) + 1e-300))

    def _tail_breaks(self, position: Floats) -> list[float]:
        """By how much each tail rule is broken relative to its limit and the spread of its own loss."""
        breaks = []
        for tail in (tail for problem in self.problems for tail in problem.tails):
            mean, spread = tail.tail_mean_and_spread(position)
            breaks.append((mean - tail.limit) / (abs(tail.limit) + spread + 1e-300))
        return breaks

    def broken_tails(self, position: Floats, *, proved: bool = False) -> list[Shortfall]:
        """The tail rules that ``position`` breaks, with the limit that each would need.

        ``proved``: it is proved that one is broken wherever all others are kept, and be it by less than the tolerance.
        """
        tails = [tail for problem in self.problems for tail in problem.tails]
        breaks = self._tail_breaks(position)
        return [
            Shortfall(tail.name, tail.limit, tail.tail_mean(position), "")
            for tail, short in zip(tails, breaks, strict=True)
            if short > (min(self.tolerance, HALF * max(breaks)) if proved else self.tolerance)
        ]


def row_shortfalls(problem: CvarProblem) -> list[Shortfall]:
    """The smallest total concession, relative to each rule's size, that would make the linear rules agree."""
    n = problem.lower.size
    two_sided = np.hstack([np.eye(n), -np.eye(n)])
    left, right, names, sign = _stated(problem)
    lower = np.concatenate([np.maximum(problem.lower, 0.0), np.maximum(-problem.upper, 0.0)])
    upper = np.concatenate([np.maximum(problem.upper, 0.0), np.maximum(-problem.lower, 0.0)])
    rows = left @ two_sided
    if problem.traded is not None and problem.bought is not None and problem.sold is not None:
        rows = np.vstack([rows, np.hstack([problem.bought, problem.sold])])
        right, sign = np.concatenate([right, problem.traded]), np.concatenate([sign, np.ones(problem.traded.size)])
        names += [f"traded {i}" for i in range(problem.traded.size)]
    gaps = least_concessions(rows, right, lower, upper)
    if gaps is None:  # pragma: no cover - every rule may move, and crossed bounds were refused before
        return []
    return [
        Shortfall(names[i], float(sign[i] * right[i]), float(sign[i] * (right[i] + gap)), "")
        for i, gap in enumerate(gaps)
        if gap > 0
    ]


def _stated(problem: CvarProblem) -> tuple[Floats, Floats, list[str], Floats]:
    """Rows at most their right sides, with the names and signs in which they were stated."""
    names = [f"inequality {i}" for i in range(problem.b.size)]
    names += [f"equality {i}" for i in range(problem.e.size)] * 2
    sign = np.concatenate([np.ones(problem.b.size + problem.e.size), -np.ones(problem.e.size)])
    return (
        np.vstack([problem.A, problem.E, -problem.E]),
        np.concatenate([problem.b, problem.e, -problem.e]),
        names,
        sign,
    )


def _quantile(loss: Floats, level: float) -> float:
    """The k-th smallest loss, k = ceil(level S); a level that is whole but for binary rounding counts as whole."""
    k = max(1, int(np.ceil(level * loss.size * (1.0 - 1e-12))))
    return float(np.partition(loss, k - 1)[k - 1])
