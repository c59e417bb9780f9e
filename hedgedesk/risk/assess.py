"""The risk report: cost with and without the plan."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.results import (
    CostDistribution,
    CostRisk,
    Effectiveness,
    HedgeBacktest,
    Margin,
    MonthlyRisk,
    RiskReport,
)
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.risk import measures
from hedgedesk.risk.choices import choices_by_month, covered, initial_margin, setting_of
from hedgedesk.risk.liquidity import liquidity_at_risk
from hedgedesk.risk.stress import stress_table

LEVELS = np.array([0.05, 0.25, 0.50, 0.75, 0.95])
"""Of the quantiles of each month's cost; the first and last are told by themselves too."""
BINS = 56
FEW_IN_TAIL = 20
"""Below this many scenarios in the tail its mean is hardly an estimate (assumption)."""
BELOW, ABOVE = 0.001, 0.01
"""Share of scenarios beyond the ends of the distribution's axis; a fat tail would else flatten all that matters."""
TAIL_ROOM = 1.1
"""The axis reaches beyond the tail means, which are marked on it."""


def assess(
    exposure: Exposure,
    plan: HedgePlan,
    scenarios: ScenarioSet,
    *,
    backtest: HedgeBacktest | None = None,
) -> RiskReport:
    """Judge ``plan`` on ``scenarios``.

    Hedged cost = physical cost - gains of the lots held (from the prices paid) and traded (from today's) - what the
    other instruments pay + transaction cost.

    Parameters
    ----------
    exposure
        Months before ``scenarios.as_of`` are set aside.
    backtest
        How the hedge did on real changes, where a futures history exists.
    """
    exposure = exposure.after(scenarios.as_of)
    program = plan.program
    unhedged = scenarios.cost_by_month(exposure, program.currency)
    hedged = unhedged - _hedge_gain_by_month(exposure, plan, scenarios)
    budget = program.total_budget(exposure.months)
    without, having = unhedged.sum(axis=1), hedged.sum(axis=1)
    return RiskReport(
        currency=program.currency,
        level=program.level,
        scenarios=scenarios.count,
        unhedged=cost_risk(without, program.level, budget),
        hedged=cost_risk(having, program.level, budget),
        months=_months(exposure, plan, scenarios, unhedged, hedged),
        distribution=_distribution(without, having, program.level),
        stresses=stress_table(exposure, plan, scenarios, budget),
        effectiveness=_effectiveness(without, having, backtest),
        margin=Margin(initial_margin(plan), program.credit_line, liquidity_at_risk(plan, scenarios, exposure)),
        indicative=plan.indicative,
        notices=_notices(exposure, plan, scenarios),
    )


def cost_risk(cost: Floats, level: float, budget: float | None) -> CostRisk:
    """Mean, quantiles, VaR, CVaR with standard errors, and what they mean for the budget.

    Parameters
    ----------
    cost
        (S,) of the whole horizon.
    """
    cost = np.sort(cost)
    p05, p50, p95 = (measures.var(cost, q) for q in (0.05, 0.50, 0.95))
    at_risk = measures.var(cost, level)
    deviation = float(cost.std(ddof=1)) if cost.size > 1 else 0.0
    over = None if budget is None else np.maximum(cost - budget, 0.0)
    return CostRisk(
        mean=float(cost.mean()),
        standard_error=deviation / float(np.sqrt(cost.size)),
        p05=p05,
        p50=p50,
        p95=p95,
        standard_deviation=deviation,
        var=at_risk,
        var_standard_error=measures.var_standard_error(cost, level),
        cvar=measures.cvar(cost, level),
        cvar_standard_error=measures.cvar_standard_error(cost, level),
        budget=budget,
        budget_at_risk=None if budget is None else at_risk - budget,
        probability_over_budget=None if over is None else float((over > 0).mean()),
        expected_overrun=None if over is None else float(over.mean()),
    )


def hedged_by_month(exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet) -> Floats:
    """(S, T) cost of each month with ``plan`` in the programme's currency; the months are those of ``scenarios``."""
    cost = scenarios.cost_by_month(exposure.after(scenarios.as_of), plan.program.currency)
    return cost - _hedge_gain_by_month(exposure, plan, scenarios)


def _hedge_gain_by_month(exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet) -> Floats:
    """(S, T) gains less transaction cost, each contract's shared over the months it covers."""
    gain = scenarios.gain_per_lot(plan.program.currency) * plan.position - plan.transaction_cost
    by_month = gain @ scenarios.cover_share
    if plan.held_gain:
        # What the lots held have gained so far belongs to the months they cover, in proportion to the lots.
        weight = np.abs(plan.held_lots) @ scenarios.cover_share
        by_month += plan.held_gain * weight / weight.sum()
    if plan.choices:
        by_month += choices_by_month(plan, setting_of(exposure, plan, scenarios))
    return by_month


def _months(
    exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet, unhedged: Floats, hedged: Floats
) -> MonthlyRisk:
    unit = scenarios.unit
    size = scenarios.mtok_per_lot
    low, high = _bands(plan.program, scenarios)
    levels = np.append(LEVELS, plan.program.level)
    without, having = (measures.var_by_column(cost, levels) for cost in (unhedged, hedged))
    by_choices = covered(plan, setting_of(exposure, plan, scenarios))
    return MonthlyRisk(
        months=exposure.months,
        forecast_mtok=exposure.forecast_in(unit),
        fixed_mtok=exposure.fixed_in(unit),
        open_mtok=exposure.open_in(unit),
        held_mtok=(plan.held_lots * size) @ scenarios.cover_share,
        hedged_mtok=(plan.position * size) @ scenarios.cover_share + by_choices,
        raw_forecast_mtok=exposure.raw_forecast,
        raw_open_mtok=exposure.raw_open,
        band_min=low,
        band_max=high,
        unhedged_mean=unhedged.mean(axis=0),
        unhedged_p95=without[LEVELS.size - 1],
        hedged_mean=hedged.mean(axis=0),
        hedged_p05=having[0],
        hedged_p95=having[LEVELS.size - 1],
        hedged_var=having[-1],
        budget=plan.program.month_budgets(exposure.months),
        hedgeable=scenarios.hedgeable,
        open_value=_open_value(exposure, plan, scenarios),
        levels=LEVELS,
        unhedged_quantile=without[:-1],
        hedged_quantile=having[:-1],
        choices_mtok=by_choices,
    )


def _open_value(exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet) -> Floats:
    """(T,) open volume at today's curve in the programme's currency; without a contract at the scenarios' mean."""
    price = scenarios.curve.price_of(exposure.months)
    if not scenarios.contracts:
        price = scenarios.price_per_mtok.mean(axis=0)
    value: Floats = np.asarray(scenarios.money_today(price * exposure.open_in(scenarios.unit), plan.program.currency))
    return value


def _bands(program: HedgeProgram, scenarios: ScenarioSet) -> tuple[Floats, Floats]:
    bands = [program.band(t + 1) if hedgeable else None for t, hedgeable in enumerate(scenarios.hedgeable)]
    low = np.array([np.nan if band is None else band.min for band in bands])
    return low, np.array([np.nan if band is None else band.max for band in bands])


def _distribution(unhedged: Floats, hedged: Floats, level: float) -> CostDistribution:
    both = (unhedged, hedged)
    low = min(float(np.quantile(cost, BELOW)) for cost in both)
    high = max(max(float(np.quantile(cost, 1.0 - ABOVE)), TAIL_ROOM * measures.cvar(cost, level)) for cost in both)
    high = min(high, max(float(cost.max()) for cost in both))
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, BINS + 1)
    shares = [np.histogram(cost, edges)[0] / cost.size for cost in (unhedged, hedged)]
    return CostDistribution(edges, shares[0], shares[1])


def _effectiveness(unhedged: Floats, hedged: Floats, backtest: HedgeBacktest | None) -> Effectiveness:
    open_variance = float(unhedged.var())
    in_sample = 1.0 - float(hedged.var()) / open_variance if open_variance > 0 else 0.0
    if backtest is None:
        return Effectiveness(in_sample)
    return Effectiveness(
        in_sample=in_sample,
        out_of_sample=backtest.effectiveness,
        ratio=backtest.ratio,
        ratio_standard_error=backtest.ratio_standard_error,
        changes=backtest.judged_on,
        note=backtest.note,
    )


def _notices(exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet) -> tuple[str, ...]:
    notices = exposure.notices + plan.notices
    if scenarios.count * (1.0 - plan.program.level) < FEW_IN_TAIL:
        notices += (
            f"{scenarios.count:,} scenarios leave fewer than {FEW_IN_TAIL} beyond "
            f"{plan.program.level:.1%}: the tail is hardly estimated",
        )
    return notices
