"""The best plan under the programme's rules."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.errors import Infeasible
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import Certificate, HedgePlan, LimitUse
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.cvar import CvarSolution, certified
from hedgedesk.hedging.lots import whole_lots
from hedgedesk.hedging.problem import CvarProblem, cvar_problem
from hedgedesk.hedging.rules import SHORT, Rule, contradiction, margin_per_lot, rules_of

SAME_LOT = 1e-6
"""Trades below this share of a lot are none at all."""


@dataclass(frozen=True, eq=False)
class Held(ArrayHolder):
    """The lots held before trading."""

    lots: Floats
    """(K,)."""
    gain: float
    """So far against the prices paid, in the programme's currency."""

    @classmethod
    def of(cls, book: HedgeBook, scenarios: ScenarioSet, currency: str) -> Held:
        """What of ``book`` is not yet settled."""
        open_book = book.after(scenarios.as_of)
        lots = open_book.lots(scenarios.delivery_months)
        entry = open_book.entry_gain_per_mtok(scenarios.delivery_months, scenarios.curve.price_per_mtok)
        return cls(lots, scenarios.accrued_gain(entry, currency))


def optimise(
    exposure: Exposure,
    scenarios: ScenarioSet,
    program: HedgeProgram,
    book: HedgeBook | Held,
    *,
    tick: Tick = silent,
) -> HedgePlan:
    """Lots to trade now so that mean + risk_weight x CVaR of the horizon's cost is least within every rule.

    The cost includes the gains of the lots held and traded and the transaction cost; cover, margin and limits count
    the lots held.

    Parameters
    ----------
    exposure
        Of the same desk as ``scenarios``; months before ``scenarios.as_of`` are set aside.
    book
        The positions held, or what an earlier plan has already found of them.

    Raises
    ------
    Infeasible
        The rules contradict one another; names those that would have to give and by how much.
    SolverInaccurate
        No solver's answer is proved.
    BookError
        A position is in a contract that is not listed.
    """
    exposure = exposure.after(scenarios.as_of)
    held = book if isinstance(book, Held) else Held.of(book, scenarios, program.currency)
    rules = rules_of(program, exposure, scenarios)
    tick(0.05, "Finding the best plan")
    try:
        problem = _problem(exposure, scenarios, program, held, rules)
        continuous = certified(problem)
    except Infeasible:
        raise contradiction(rules, whole=False) from None
    tick(0.80, "Rounding to whole lots" if program.lots == "whole" else "Checking every limit")
    trades, objective = _rounded(problem, program, continuous, rules)
    return _plan(scenarios, program, held, rules, continuous, trades, objective)


def _problem(
    exposure: Exposure, scenarios: ScenarioSet, program: HedgeProgram, held: Held, rules: list[Rule]
) -> CvarProblem:
    """The programme over trades: the lots held are part of the cost and of every limit."""
    payoff = scenarios.gain_per_lot(program.currency)
    cost = scenarios.cost_by_month(exposure, program.currency).sum(axis=1) - payoff @ held.lots - held.gain
    row = np.array([rule.row for rule in rules]).reshape(len(rules), held.lots.size)
    left = np.array([rule.limit for rule in rules]) - row @ held.lots
    lower, upper, several = _bounds(row, left)
    # A fee is certain, so it counts in the mean and once more in the weighted CVaR: both are of the cost with fees.
    weight = 1.0 if program.risk_weight is None else 1.0 + program.risk_weight
    return cvar_problem(
        cost,
        payoff,
        program.level,
        program.risk_weight,
        lower,
        upper,
        weight * program.transaction_cost_per_mtok * scenarios.mtok_per_lot,
        (row[several], left[several]) if several.any() else None,
        None,
    )


def _bounds(row: Floats, left: Floats) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Rules of one contract alone become bounds; the others stay rows."""
    several = np.count_nonzero(row, axis=1) > 1
    lower, upper = np.full(row.shape[1], -np.inf), np.full(row.shape[1], np.inf)
    for i in np.flatnonzero(~several):
        k = int(np.flatnonzero(row[i])[0])
        limit = left[i] / row[i, k]
        if row[i, k] > 0:
            upper[k] = min(upper[k], limit)
        else:
            lower[k] = max(lower[k], limit)
    return lower, upper, several


def _rounded(
    problem: CvarProblem, program: HedgeProgram, continuous: CvarSolution, rules: list[Rule]
) -> tuple[Floats, float]:
    """Trades and their objective: whole lots where the programme asks for them."""
    if program.lots == "fractional" or continuous.position.size == 0:
        tiny = np.abs(continuous.position) < SAME_LOT
        return np.where(tiny, 0.0, continuous.position), continuous.objective
    whole = whole_lots(problem, continuous.position, continuous.cuts)
    if whole is None:
        raise contradiction(rules, whole=True)
    return whole.position, whole.objective


def _plan(
    scenarios: ScenarioSet,
    program: HedgeProgram,
    held: Held,
    rules: list[Rule],
    continuous: CvarSolution,
    trades: Floats,
    objective: float,
) -> HedgePlan:
    position = held.lots + trades
    limits = tuple(rule.use(position, whole=program.lots == "whole") for rule in rules)
    shares = scenarios.cover_share > 0
    covered = [{str(m) for m in scenarios.months[shares[k]]} for k in range(len(scenarios.contracts))]
    return HedgePlan(
        program=program,
        contracts=scenarios.contracts,
        lots=trades + 0.0,
        held_lots=held.lots,
        continuous_lots=continuous.position,
        price_per_mtok=scenarios.curve.price_per_mtok,
        transaction_cost=program.transaction_cost_per_mtok * scenarios.mtok_per_lot * np.abs(trades),
        held_gain=held.gain,
        certificate=_certificate(continuous),
        rounding_cost=max(0.0, objective - continuous.objective),
        initial_margin=margin_per_lot(program, scenarios) * np.abs(position),
        limits=limits,
        reasons=tuple(
            _reason(contract.code, trades[k], covered[k], limits) for k, contract in enumerate(scenarios.contracts)
        ),
        indicative=scenarios.curve.indicative,
        notices=_past_the_last_contract(scenarios),
        rate_today=float(scenarios.money_today(1.0, program.currency)),
    )


def _certificate(solution: CvarSolution) -> Certificate:
    names = [field.name for field in dataclasses.fields(Certificate)]
    return Certificate(**{name: getattr(solution, name) for name in names})


def _reason(contract: str, trade: float, months: set[str], limits: tuple[LimitUse, ...]) -> str:
    """Why this many lots: the limits that stop the trade, or the tail it takes away."""
    stops = {"band_min"} if trade >= 0 else {"band_max", "over_hedge", "open_volume", "position_limit"}
    floor = [use for use in limits if use.binds and use.rule in stops and use.where in months | {contract}]
    caps = [
        use
        for use in limits
        if use.binds and use.rule not in {"band_min", "no_short"} and use.where in months | {contract, ""}
    ]
    if floor:
        return f"{SHORT[floor[0].rule]} {floor[0].where}".rstrip()
    if trade == 0:
        return f"stopped by {SHORT[caps[0].rule]}" if caps else "no trade lowers the objective"
    purpose = "lowers the tail" if trade > 0 else "no longer worth its place"
    return f"{purpose}, up to the {SHORT[caps[0].rule]}" if caps and trade > 0 else purpose


def _past_the_last_contract(scenarios: ScenarioSet) -> tuple[str, ...]:
    beyond = scenarios.months[~scenarios.hedgeable]
    if beyond.size == 0:
        return ()
    if not scenarios.contracts:
        return ("no contract is listed for any of the months: nothing can be hedged and no band binds",)
    span = str(beyond[0]) if beyond.size == 1 else f"{beyond[0]} to {beyond[-1]}"
    return (f"past the last contract: {span} cannot be hedged and no band binds there",)
