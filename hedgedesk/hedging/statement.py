"""The programme as arrays for the solver, and where each of its rules went, so that its price can be read again.

What is decided are trades: lots bought or sold now of each future, and the quantity taken of each offer. The lots held
are part of the cost and of every limit.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Fault, Infeasible, InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram, contradictions
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.columns import Columns, Held, columns_of
from hedgedesk.hedging.memory import Memory
from hedgedesk.hedging.problem import CvarProblem, cvar_problem
from hedgedesk.hedging.rules import Rule, TailLimit, contradiction, rules_of, tail_limits
from hedgedesk.hedging.rules.rule import POSITION, TRADED

if TYPE_CHECKING:
    from hedgedesk.hedging.cvar import CvarSolution

SAME = 1e-9
"""Bounds closer than this share of themselves are the same: giving one alone then saves nothing."""


@dataclass(frozen=True, eq=False)
class Statement(ArrayHolder):
    """A programme over its columns, as rules and as the solver's problem."""

    program: HedgeProgram
    columns: Columns
    rules: tuple[Rule, ...]
    tails: tuple[TailLimit, ...]
    problem: CvarProblem
    """Over trades (n,)."""

    def keeps(self, trades: Floats) -> bool:
        """Whether ``trades`` (n,) are within every rule."""
        held, c = self.columns.held, self.columns
        inside = bool(np.all((trades >= c.lower - SAME) & (trades <= c.upper + SAME)))
        return (
            inside
            and all(rule.keeps(held, trades) for rule in self.rules)
            and all(tail.keeps(trades) for tail in self.tails)
        )

    def shadow_values(self, solution: CvarSolution) -> tuple[list[float | None], list[float | None]]:
        """What one unit more of each rule's and each tail's limit would save; None: the solver told no prices."""
        places = _places(self.rules, self.columns)
        prices = _Prices.of(solution)
        if prices is None:
            return [None] * len(self.rules), [None] * len(self.tails)
        return [places.price(i, prices) for i in range(len(self.rules))], prices.tails


def stated(
    exposure: Exposure,
    scenarios: ScenarioSet,
    program: HedgeProgram,
    book: HedgeBook | Held,
    *,
    memory: Memory | None = None,
) -> Statement:
    """State ``program`` over everything that may be traded.

    Parameters
    ----------
    exposure
        Of the same desk as ``scenarios``; months before ``scenarios.as_of`` are set aside.
    book
        The positions held, or what an earlier plan has already found of them.
    memory
        Of the last programme stated on these scenarios.

    Raises
    ------
    InputError
        The programme contradicts itself, or an instrument's terms do not fit.
    Infeasible
        The rules of one column alone contradict one another.
    BookError
        A position is in a contract that is not listed.
    """
    _check(program, scenarios)
    exposure = exposure.after(scenarios.as_of)
    held = book if isinstance(book, Held) else Held.of(book, scenarios, program.currency)
    memory = memory or Memory()
    columns = columns_of(program, scenarios, held, memory.payoffs(program, exposure, scenarios))
    rules = rules_of(program, exposure, scenarios, columns)
    cost = scenarios.cost_by_month(exposure, program.currency).sum(axis=1)
    cost = cost - columns.payoff[:, : held.lots.size] @ held.lots - held.gain
    tails = tail_limits(program, exposure, scenarios, columns, cost, memory.cash)
    try:
        problem = _problem(program, columns, rules, tails, cost)
    except Infeasible as error:
        raise contradiction(rules, columns, whole=False) or error from None
    return Statement(program, columns, rules, tails, problem)


def _check(program: HedgeProgram, scenarios: ScenarioSet) -> None:
    """Refuse a programme that contradicts itself, and a contract that can no longer be traded."""
    faults = [Fault("programme", None, each.key, each.found, each.expected) for each in contradictions(program)]
    faults += [
        Fault(
            "contract", None, contract.code, f"expired on {contract.last_trading_day}", f"one after {scenarios.as_of}"
        )
        for contract in scenarios.contracts
        if contract.last_trading_day <= scenarios.as_of
    ]
    if faults:
        raise InputError(faults=faults)


def _problem(
    program: HedgeProgram, columns: Columns, rules: tuple[Rule, ...], tails: tuple[TailLimit, ...], cost: Floats
) -> CvarProblem:
    places = _places(rules, columns)
    rows, traded = places.rows, places.traded
    problem = cvar_problem(
        cost,
        columns.payoff,
        program.level,
        program.risk_weight,
        places.lower,
        places.upper,
        _fee_weight(program) * columns.fee,
        (np.array([rules[i].row for i in rows]), places.left[rows]) if rows else None,
        None,
    )
    return dataclasses.replace(problem, **_beyond(program, rules, traded), tails=tuple(t.tail for t in tails))


def _fee_weight(program: HedgeProgram) -> float:
    """A fee is certain, so it counts in the mean and once more in the weighted CVaR: both are of the cost with fees."""
    if program.objective == "mean_cvar" and program.risk_weight is not None:
        return 1.0 + program.risk_weight
    return 0.0 if program.objective == "variance" else 1.0


def _beyond(program: HedgeProgram, rules: tuple[Rule, ...], traded: list[int]) -> dict[str, Any]:
    """What the objective asks beside mean and CVaR, and the rules on what is traded."""
    fields: dict[str, Any] = {}
    if program.objective == "variance":
        fields["variance"] = True
    if program.objective == "cheapest":
        fields |= {"mean_weight": 1.0, "cvar_weight": 0.0}
    if traded:
        fields["bought"] = np.array([rules[i].row for i in traded])
        fields["sold"] = np.array([rules[i].row * (rules[i].over == TRADED) for i in traded])
        fields["traded"] = np.array([rules[i].limit for i in traded])
    return fields


@dataclass(frozen=True, eq=False)
class _Places(ArrayHolder):
    """Rules of one column alone are bounds of it; the others stay rows."""

    rules: tuple[Rule, ...]
    lower: Floats
    upper: Floats
    own_lower: Floats
    own_upper: Floats
    left: Floats
    """(R,) what of each rule's limit the lots held leave."""
    rows: list[int]
    traded: list[int]

    def price(self, i: int, prices: _Prices) -> float | None:
        """What one unit more of rule ``i`` saves."""
        if i in self.rows:
            return float(prices.rows[self.rows.index(i)])
        if i in self.traded:
            return float(prices.traded[self.traded.index(i)])
        return self._price_of_bound(i, prices)

    def _price_of_bound(self, i: int, prices: _Prices) -> float:
        """Of a bound: shared by no other rule, or giving this one alone saves nothing."""
        saved = 0.0
        for side, k, end, size in _ends(self.rules[i], self.left[i]):
            bound = (self.upper if side > 0 else self.lower)[k]
            if abs(end - bound) <= SAME * max(1.0, abs(bound)) and self._alone(i, side, k, bound):
                saved += float((prices.upper if side > 0 else prices.lower)[k]) / size
        return saved

    def _alone(self, i: int, side: int, k: int, bound: float) -> bool:
        own = (self.own_upper if side > 0 else self.own_lower)[k]
        ends = [
            end
            for other, rule in enumerate(self.rules)
            if other != i and other not in self.rows and other not in self.traded and rule.name != "capacity"
            for at, column, end, _ in _ends(rule, self.left[other])
            if at == side and column == k
        ]
        if self.rules[i].name != "capacity":
            ends.append(float(own))
        return all(abs(end - bound) > SAME * max(1.0, abs(bound)) for end in ends)


@dataclass(frozen=True, eq=False)
class _Prices(ArrayHolder):
    rows: Floats
    lower: Floats
    upper: Floats
    traded: Floats
    tails: list[float | None]

    @classmethod
    def of(cls, solution: CvarSolution) -> _Prices | None:
        """None: the solver told none."""
        if solution.lower_prices is None or solution.upper_prices is None:
            return None
        none = np.empty(0)
        return cls(
            none if solution.rule_prices is None else solution.rule_prices,
            solution.lower_prices,
            solution.upper_prices,
            none if solution.traded_prices is None else solution.traded_prices,
            [] if solution.tail_prices is None else [float(price) for price in solution.tail_prices],
        )


def _places(rules: tuple[Rule, ...], columns: Columns) -> _Places:
    left = np.array([r.limit - (r.row @ columns.held if r.over == POSITION else 0.0) for r in rules])
    lower, upper = columns.lower.copy(), columns.upper.copy()
    rows: list[int] = []
    traded: list[int] = []
    for i, rule in enumerate(rules):
        if np.count_nonzero(rule.row) > 1:
            (rows if rule.over == POSITION else traded).append(i)
            continue
        for side, k, end, _ in _ends(rule, left[i]):
            if side > 0:
                upper[k] = min(upper[k], end)
            else:
                lower[k] = max(lower[k], end)
    return _Places(rules, lower, upper, columns.lower, columns.upper, left, rows, traded)


def _ends(rule: Rule, left: float) -> list[tuple[int, int, float, float]]:
    """Which ends of which column a rule of one column sets: side, column, end, size of its coefficient."""
    at = np.flatnonzero(rule.row)
    if at.size != 1:
        return []
    k = int(at[0])
    size = abs(float(rule.row[k]))
    side = 1 if rule.row[k] > 0 else -1
    ends = [(side, k, side * left / size, size)]
    if rule.over == TRADED:
        ends.append((-side, k, -side * left / size, size))
    return ends
