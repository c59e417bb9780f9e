"""The amounts of a run that every writer of a report must show alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports.headlines import YEAR
from hedgedesk.reports.tables.choices import trading_cost

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun

CENT = 0.005
"""Money closer than this is the same money."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts that every writer must show alike, to the cent; in ``currency``."""

    currency: str
    unhedged_mean: float
    hedged_mean: float
    unhedged_cvar: float
    hedged_cvar: float
    budget: float | None
    transaction_cost: float
    hedge_cost: float
    """Hedged less unhedged mean: what the hedge is expected to cost, trading included; below 0 it is a gain."""
    initial_margin: float
    liquidity_at_risk: float | None
    credit_line: float | None
    in_no_month: float
    """Part of the hedged mean that no month has; 0 unless a contract covers no month."""
    unhedged_in_no_month: float
    unhedged_chance: float | None
    """Of breaking the budget; None without one."""
    hedged_chance: float | None
    cover: float
    """Of the first ``cover_months`` months together."""
    cover_months: int


def totals(run: HedgeRun) -> Totals:
    """The amounts that must be equal wherever they stand."""
    report, months = run.report, run.report.months
    return Totals(
        currency=report.currency,
        unhedged_mean=report.unhedged.mean,
        hedged_mean=report.hedged.mean,
        unhedged_cvar=report.unhedged.cvar,
        hedged_cvar=report.hedged.cvar,
        budget=report.hedged.budget,
        transaction_cost=trading_cost(run.plan),
        hedge_cost=report.hedged.mean - report.unhedged.mean,
        initial_margin=report.margin.initial,
        liquidity_at_risk=report.margin.liquidity_at_risk,
        credit_line=report.margin.credit_line,
        in_no_month=_rest(report.hedged.mean, months.hedged_mean.tolist()),
        unhedged_in_no_month=_rest(report.unhedged.mean, months.unhedged_mean.tolist()),
        unhedged_chance=report.unhedged.probability_over_budget,
        hedged_chance=report.hedged.probability_over_budget,
        cover=months.cover_of_first(YEAR)[0],
        cover_months=min(YEAR, months.months.size),
    )


def _rest(whole: float, parts: list[float]) -> float:
    rest = whole - sum(parts)
    return rest if abs(rest) >= CENT else 0.0
