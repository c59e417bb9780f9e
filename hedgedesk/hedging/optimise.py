"""The best plan under the programme's rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Infeasible
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentChoice
from hedgedesk.domain.plan import Certificate, HedgePlan, LimitUse
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.cvar import CvarSolution, certified
from hedgedesk.hedging.lots.rounding import Rounded, rounded
from hedgedesk.hedging.lots.whole import TOLERANCE
from hedgedesk.hedging.programme.columns import Held
from hedgedesk.hedging.programme.memory import Memory
from hedgedesk.hedging.programme.reasons import choice_reason, trade_reason
from hedgedesk.hedging.programme.rules import contradiction
from hedgedesk.hedging.programme.statement import Statement, stated
from hedgedesk.hedging.programme.venue_notices import report_notices, unlisted_notices

LOOKED_AT = 100
"""Scenarios looked at to see whether a column counts in a rule on tails."""

__all__ = ["Held", "optimise", "plan_of", "stated"]


def optimise(
    exposure: Exposure,
    scenarios: ScenarioSet,
    program: HedgeProgram,
    book: HedgeBook | Held,
    *,
    solver: str = "auto",
    memory: Memory | None = None,
    tick: Tick = silent,
) -> HedgePlan:
    """Trade now what makes the programme's objective least within every rule.

    The cost includes the gains of the lots held and of all that is traded, and the transaction cost; cover, margin and
    limits count the lots held.

    Parameters
    ----------
    exposure
        Of the same desk as ``scenarios``; months before ``scenarios.as_of`` are set aside.
    book
        The positions held, or what an earlier plan has already found of them.
    solver
        One of :data:`hedgedesk.domain.run.SOLVERS`; the answer is proved either way.
    memory
        What an earlier programme on the same scenarios has left; it keeps what this one leaves.

    Raises
    ------
    InputError
        The programme contradicts itself, or an instrument's terms do not fit.
    Infeasible
        The rules contradict one another; names those that would have to give and by how much.
    SolverInaccurate
        No solver's answer is proved.
    BookError
        A position is in a contract that is not listed.
    """
    tick(0.05, "Finding the best plan")
    memory = memory or Memory()
    statement = stated(exposure, scenarios, program, book, memory=memory)
    held = book if isinstance(book, Held) else Held.of(book, scenarios, program.currency)
    try:
        continuous = certified(statement.problem, start=memory.warm, solver=solver)
    except Infeasible as error:
        raise _why(statement, error) from None
    memory.warm = continuous.warm
    tick(0.80, "Rounding to whole lots" if program.lots == "whole" else "Checking every limit")
    try:
        found = rounded(statement, continuous)
    except Infeasible as error:
        raise _named(statement, error) from None
    return plan_of(statement, scenarios, continuous, found, held.gain)


def _why(statement: Statement, error: Infeasible) -> Infeasible:
    """The programme's own words for what a solver found impossible."""
    linear = contradiction(statement.rules, statement.columns, whole=False)
    if linear is not None:
        return _named(statement, linear)
    needed = {short.name or short.rule: short.needed for short in error.shortfalls}
    told = [tail.shortfall(needed[tail.name]) for tail in statement.tails if tail.name in needed]
    if not told:
        return error
    return Infeasible("no plan keeps every rule; one becomes possible when the following gives:", told, together=False)


def _named(statement: Statement, error: Infeasible) -> Infeasible:
    """The error, headed by the cause where one lot alone is too dear."""
    cause = below_one_lot(statement)
    if cause is None:
        return error
    headline = str(error).splitlines()[0]
    return Infeasible(f"{cause}; {headline}", error.shortfalls, together=error.together)


def plan_of(
    statement: Statement,
    scenarios: ScenarioSet,
    continuous: CvarSolution,
    found: Rounded,
    held_gain: float = 0.0,
) -> HedgePlan:
    """The plan that the trades ``found`` are, beside the ``continuous`` answer."""
    program, columns, trades = statement.program, statement.columns, found.trades
    k = columns.futures
    limits = _limits(statement, continuous, trades)
    venue = (
        *unlisted_notices(program, scenarios.contracts),
        *report_notices(program, scenarios.contracts, columns.held[:k] + trades[:k], scenarios.as_of),
    )
    return HedgePlan(
        program=program,
        contracts=scenarios.contracts,
        lots=trades[:k],
        held_lots=columns.held[:k],
        continuous_lots=continuous.position[:k],
        price_per_mtok=scenarios.curve.price_per_mtok,
        transaction_cost=(columns.fee * np.abs(trades))[:k],
        held_gain=held_gain,
        certificate=_certificate(continuous),
        rounding_cost=max(0.0, found.objective - continuous.objective),
        initial_margin=(columns.margin * np.abs(columns.held + trades))[:k],
        limits=limits,
        reasons=tuple(trade_reason(trades[i], _counting(statement, limits, i)) for i in range(k)),
        indicative=scenarios.curve.indicative,
        notices=(*_past_the_last_contract(scenarios), *_told(statement, found), *venue),
        choices=_choices(statement, continuous, trades, limits),
        rate_today=float(scenarios.money_today(1.0, program.currency)),
    )


def _limits(statement: Statement, continuous: CvarSolution, trades: Floats) -> tuple[LimitUse, ...]:
    columns = statement.columns
    whole = columns.whole & (statement.program.lots == "whole")
    of_rules, of_tails = statement.shadow_values(continuous)
    rules = (rule.use(columns.held, trades, whole, of_rules[i]) for i, rule in enumerate(statement.rules))
    return (*rules, *(tail.use(trades, of_tails[i]) for i, tail in enumerate(statement.tails)))


def _counting(statement: Statement, limits: tuple[LimitUse, ...], k: int) -> list[LimitUse]:
    """The limits in which column ``k`` counts."""
    counts = [bool(rule.row[k]) for rule in statement.rules]
    counts += [bool(tail.tail.slope[:LOOKED_AT, :, k].any()) for tail in statement.tails]
    return [use for use, counting in zip(limits, counts, strict=True) if counting]


def _choices(
    statement: Statement,
    continuous: CvarSolution,
    trades: Floats,
    limits: tuple[LimitUse, ...],
) -> tuple[InstrumentChoice, ...]:
    columns, k = statement.columns, statement.columns.futures
    taken: NDArray[np.intp] = np.flatnonzero(trades[k:]) + k
    gains = columns.payoff[:, taken].mean(axis=0) * trades[taken]
    return tuple(
        InstrumentChoice(
            offer=columns.offers[j - k],
            quantity=float(trades[j]),
            continuous=float(continuous.position[j]),
            premium=float(columns.premium[j] * trades[j]),
            transaction_cost=float(columns.fee[j] * abs(trades[j])),
            initial_margin=float(columns.margin[j] * abs(trades[j])),
            mean_gain=float(gain),
            cover_mtok=float(columns.cover_mtok[j].sum() * trades[j]),
            reason=choice_reason(columns.offers[j - k], float(gain), _counting(statement, limits, j)),
        )
        for j, gain in zip(taken.tolist(), gains, strict=True)
    )


def _certificate(solution: CvarSolution) -> Certificate:
    names = [field.name for field in dataclasses.fields(Certificate)]
    return Certificate(**{name: getattr(solution, name) for name in names})


def _past_the_last_contract(scenarios: ScenarioSet) -> tuple[str, ...]:
    beyond = scenarios.months[~scenarios.hedgeable]
    if beyond.size == 0:
        return ()
    if not scenarios.contracts:
        return ("no contract is listed for any of the months: nothing can be hedged and no band binds",)
    span = str(beyond[0]) if beyond.size == 1 else f"{beyond[0]} to {beyond[-1]}"
    return (f"past the last contract: {span} cannot be hedged and no band binds there",)


def _told(statement: Statement, found: Rounded) -> Iterator[str]:
    """What a reader of the plan should know of its lots."""
    if (line := below_one_lot(statement)) is not None:
        yield line
    away, size = found.objective - found.lower_bound, float(statement.problem.cost.std())
    if away > TOLERANCE * max(abs(found.objective), size):
        yield f"whole lots are proved to within {away:,.0f} {statement.program.currency} of the best there may be"


def below_one_lot(statement: Statement) -> str | None:
    """In words that the credit line is below the margin of a lot of any contract; None: it is not."""
    program, columns = statement.program, statement.columns
    margin = columns.margin[: columns.futures]
    if program.credit_line is None or program.lots == "fractional" or not margin.any():
        return None
    if program.credit_line >= margin.min():
        return None
    return (
        f"the credit line of {program.credit_line:,.0f} {program.currency} is below the initial margin of one lot, "
        f"{margin.min():,.0f} {program.currency}: no lot can be held"
    )
