"""Rules on tails: the cost above the budget, the cash that margin calls for along a path."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hedgedesk.domain.errors import Fault, InputError, NeedsScenarios
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats, Singles
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.rule import TailLimit
from hedgedesk.hedging.solver.problem import TailRule
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.market.margin import calls_per_lot


def tail_limits(
    program: HedgeProgram,
    exposure: Exposure,
    scenarios: ScenarioSet,
    columns: Columns,
    cost: Floats,
    remembered: Callable[[Callable[[], Singles]], Singles] = lambda work_out: work_out(),
) -> tuple[TailLimit, ...]:
    """Every tail rule of the programme.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).
    cost
        (S,) of the horizon with the lots held and no trade.
    remembered
        Gives what was worked out for the same columns before, or works it out.

    Raises
    ------
    InputError
        A budget is missing that a rule is measured from.
    NeedsScenarios
        Margin is limited along the path, and the scenarios keep no futures prices.
    """
    limits = []
    if program.budget_at_risk is not None:
        limits.append(_budget_at_risk(program, scenarios, columns, cost))
    if program.credit_line_level is not None and columns.margin.any():
        setting = Setting(exposure, scenarios, program.currency)
        limits.append(_liquidity(program, columns, remembered(lambda: cash_gained(setting, columns))))
    return tuple(limits)


def _budget_at_risk(program: HedgeProgram, scenarios: ScenarioSet, columns: Columns, cost: Floats) -> TailLimit:
    """CVaR - budget stays within what may be at risk.

    The CVaR is never below the VaR and, unlike it, convex: a plan that keeps this keeps VaR - budget too.
    """
    budget = program.total_budget(scenarios.months)
    if budget is None:
        without = [str(month) for month in scenarios.months if str(month) not in program.budget_by_month]
        found = f"no budget for {', '.join(without)}"
        expected = "a budget for every month, because budget_at_risk is measured from all of it"
        raise InputError(faults=[Fault("programme", None, "budget", found, expected)])
    tail = TailRule(
        name="budget_at_risk",
        base=cost[:, None],
        slope=columns.payoff[:, None, :],
        level=program.level,
        limit=budget + float(program.budget_at_risk or 0.0),
        fee=columns.fee,
    )
    return TailLimit("budget_at_risk", tail, program.currency, offset=budget)


def _liquidity(program: HedgeProgram, columns: Columns, gained: Singles) -> TailLimit:
    """The most cash that a path needs, today's initial margin included, stays within the credit line in the tail.

    No position is short, so the need of each date is linear in the lots after trading.
    """
    tail = TailRule(
        name="liquidity",
        base=-(gained @ columns.held.astype(np.float32)).astype(np.float64),
        slope=gained,
        level=float(program.credit_line_level or 0.0),
        limit=float(program.credit_line or 0.0),
    )
    return TailLimit("liquidity", tail, program.currency)


def cash_gained(setting: Setting, columns: Columns) -> Singles:
    """(S, 1 + D, n) cash that a unit of each column gains today and by each margin date, initial margin taken off."""
    scenarios = setting.scenarios
    if scenarios.futures_per_mtok is None or scenarios.margin_dates is None:
        raise NeedsScenarios("credit_line_level limits margin along the path, and these scenarios keep no margin dates")
    need = np.zeros((scenarios.count, 1 + scenarios.margin_dates.size, columns.count), dtype=np.float32)
    k = columns.futures
    if k:
        need[:, 1:, :k] = calls_per_lot(scenarios, setting.currency)
    if columns.offers:
        from hedgedesk.market.instruments import calls

        for j, offer in enumerate(columns.offers, start=k):
            beyond = calls(offer, setting)
            if beyond is not None:
                need[:, 1:, j] = beyond
    need += columns.margin.astype(np.float32)
    np.negative(need, out=need)
    need.setflags(write=False)
    return need
