"""The programme as arrays for the solver.

What is decided are trades: lots bought or sold now of each future, and the quantity taken of each offer. The lots held
are part of the cost and of every limit.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Fault, Infeasible, InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import LOT_WORDS, OBJECTIVES, HedgeProgram, contradictions
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.programme.columns import Columns, Held, columns_of
from hedgedesk.hedging.programme.memory import Memory
from hedgedesk.hedging.programme.places import SAME, Prices, places_of
from hedgedesk.hedging.programme.rules import Rule, TailLimit, contradiction, rules_of, tail_limits
from hedgedesk.hedging.programme.rules.rule import TRADED
from hedgedesk.hedging.solver.problem import CvarProblem, cvar_problem

if TYPE_CHECKING:
    from hedgedesk.hedging.cvar import CvarSolution


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
        places = places_of(self.rules, self.columns)
        prices = Prices.of(solution)
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
    """Refuse a programme that cannot be read or contradicts itself, and a contract that can no longer be traded."""
    faults = _unreadable(program)
    faults += [Fault("programme", None, each.key, each.found, each.expected) for each in contradictions(program)]
    faults += [
        Fault(
            "contract", None, contract.code, f"expired on {contract.last_trading_day}", f"one after {scenarios.as_of}"
        )
        for contract in scenarios.contracts
        if contract.last_trading_day <= scenarios.as_of
    ]
    if faults:
        raise InputError(faults=faults)


def _unreadable(program: HedgeProgram) -> list[Fault]:
    """Words that are not known and numbers that are none: no file brings them, a programme made by hand may."""
    faults = []
    for key, known in (("objective", OBJECTIVES), ("lots", LOT_WORDS)):
        if getattr(program, key) not in known:
            faults.append(Fault("programme", None, key, getattr(program, key), f"one of {', '.join(known)}"))
    for field in dataclasses.fields(program):
        value = getattr(program, field.name)
        numbers = value.items() if isinstance(value, dict) else [("", value)]
        for month, number in numbers:
            if isinstance(number, float) and math.isnan(number):
                faults.append(Fault("programme", None, f"{field.name} {month}".rstrip(), "NaN", "a number"))
    return faults


def _problem(
    program: HedgeProgram, columns: Columns, rules: tuple[Rule, ...], tails: tuple[TailLimit, ...], cost: Floats
) -> CvarProblem:
    places = places_of(rules, columns)
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
