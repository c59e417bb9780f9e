"""The five numbers of what could still hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.headlines import Headline, change, headlines, standard_error
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun


def risk_headlines(run: HedgeRun) -> dict[str, Headline]:
    """VaR, CVaR, budget at risk, initial margin against the credit line, the worst regret."""
    report = run.report
    scale = page_scale(report)
    return {
        "var": _var(report, scale),
        "tail": headlines(run)["tail"],
        "budget": _budget(report, scale),
        "margin": _margin(report),
        "regret": _regret(report, scale),
    }


def _var(report: RiskReport, scale: fmt.Scale) -> Headline:
    cost = report.hedged
    return Headline(
        say("kpi.var", level=fmt.share(report.level)),
        scale.text(cost.var),
        scale.unit(report.currency),
        fmt.money(cost.var, report.currency),
        *change(cost.var, report.unhedged.var, scale),
        say("kpi.against_none"),
        standard_error(cost.var_standard_error, report.currency),
    )


def _budget(report: RiskReport, scale: fmt.Scale) -> Headline:
    cost, label = report.hedged, say("kpi.budget_at_risk", level=fmt.share(report.level))
    if cost.budget is None or cost.budget_at_risk is None:
        return Headline(label, fmt.DASH, note=say("kpi.no_budget"))
    above = cost.budget_at_risk > 0
    return Headline(
        label,
        scale.text(abs(cost.budget_at_risk)),
        scale.unit(report.currency),
        fmt.money(cost.budget_at_risk, report.currency),
        say("kpi.budget_above" if above else "kpi.budget_below"),
        "under" if above else "accent",
        say("kpi.budget", amount=scale.text(cost.budget)),
        say("kpi.break_chance", chance=fmt.chance(cost.probability_over_budget)),
    )


def _margin(report: RiskReport) -> Headline:
    """How much of the credit line the lots tie up; without a line what they tie up."""
    margin = report.margin
    scale = fmt.money_scale(margin.credit_line, margin.initial)
    unit, full = scale.unit(report.currency), fmt.money(margin.initial, report.currency)
    label, more = say("kpi.initial_margin"), _liquidity(report)
    if margin.credit_line is None:
        return Headline(label, scale.text(margin.initial), unit, full, note=say("kpi.no_line"), more=more)
    used = margin.initial / margin.credit_line if margin.credit_line > 0 else 1.0
    line = f"{scale.text(margin.credit_line)}{fmt.SPACE}{unit}"
    return Headline(
        say("kpi.line_share"),
        fmt.chance(used) if used <= 1.0 else fmt.share(used),
        "",
        full,
        note=say("kpi.used_of_line", used=scale.text(margin.initial), line=line),
        more=more,
        band=(min(used, 1.0), None, None, "in" if used <= 1.0 else "over"),
    )


def _liquidity(report: RiskReport) -> str:
    """What later calls may need beyond the initial margin; empty where no margin dates were kept."""
    cash = report.margin.liquidity_at_risk
    if cash is None:
        return ""
    amount = fmt.money_scale(cash).full(cash, report.currency)
    return say("kpi.liquidity_at_risk", level=fmt.share(report.level), amount=amount)


def _regret(report: RiskReport, scale: fmt.Scale) -> Headline:
    label = say("kpi.regret")
    if not report.stresses:
        return Headline(label, fmt.DASH, note=say("kpi.no_stress"))
    worst = max(report.stresses, key=lambda stress: stress.regret)
    dearer = worst.regret > 0
    return Headline(
        label,
        scale.text(worst.regret),
        scale.unit(report.currency),
        fmt.money(worst.regret, report.currency),
        note=say("kpi.regret_dearer" if dearer else "kpi.regret_none"),
        more=worst.name,
    )
