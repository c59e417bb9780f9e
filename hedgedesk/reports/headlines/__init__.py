"""The five numbers above a page: each with its unit, what it is compared with, and a band where a policy rules it.

Here: the noun, what the pages share, and the five of the overview. Beside: ``exposure``, ``market`` and ``risk``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale
from hedgedesk.reports.tables.table import BAND_TOLERANCE

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun

YEAR = 12


@dataclass(frozen=True, slots=True)
class Headline:
    """One number and what it is measured against."""

    label: str
    value: str
    unit: str = ""
    full: str = ""
    """The full figure, for the tooltip."""
    delta: str = ""
    tone: str = ""
    """accent (better for us), under (worse) or over."""
    note: str = ""
    more: str = ""
    """A second comparison, where there is one."""
    band: tuple[float, float | None, float | None, str] | None = None
    """Share, lower and upper end of its range, state."""


def headlines(run: HedgeRun) -> dict[str, Headline]:
    """Expected cost, tail, chance of breaking the budget, cover, margin."""
    report = run.report
    scale = page_scale(report)
    return {
        "mean": _mean(report, scale),
        "tail": _tail(report, scale),
        "chance": _chance(report, scale),
        "cover": _cover(report),
        "margin": _margin(report),
    }


def change(now: float, before: float, scale: fmt.Scale) -> tuple[str, str]:
    """A cost's change as arrow and amount, and its tone: dearer is worse for a buyer."""
    return arrow(now - before, scale.text(abs(now - before)))


def arrow(change: float, text: str) -> tuple[str, str]:
    """A change told without its sign, after its arrow, and its tone: more is worse for a buyer."""
    if fmt.reads_as_nothing(text):
        return f"±{text}", ""
    return (f"▼ {text}", "accent") if change < 0 else (f"▲ {text}", "under")


def _mean(report: RiskReport, scale: fmt.Scale) -> Headline:
    cost = report.hedged
    delta, tone = change(cost.mean, report.unhedged.mean, scale)
    budget = say("kpi.no_budget") if cost.budget is None else say("kpi.budget", amount=scale.text(cost.budget))
    label = say("kpi.mean", months=report.months.months.size)
    return _money(label, cost.mean, report.currency, scale, (delta, tone), budget)


def _tail(report: RiskReport, scale: fmt.Scale) -> Headline:
    cost = report.hedged
    delta, tone = change(cost.cvar, report.unhedged.cvar, scale)
    label = say("kpi.tail", share=fmt.share(1.0 - report.level), level=fmt.share(report.level))
    error = standard_error(cost.cvar_standard_error, report.currency)
    return _money(label, cost.cvar, report.currency, scale, (delta, tone), error)


def standard_error(amount: float, currency: str) -> str:
    """``s.e. 8.12 USD k``, on a scale of its own: on the amount's it may read 0.00."""
    scale = fmt.money_scale(amount)
    shown = fmt.number(scale.of(amount), 0 if scale.of(amount) >= 10 else 1)
    return say("kpi.error", amount=f"{shown}{fmt.SPACE}{scale.unit(currency)}")


def _money(label: str, amount: float, currency: str, scale: fmt.Scale, moved: tuple[str, str], more: str) -> Headline:
    full, note = fmt.money(amount, currency), say("kpi.against_none")
    return Headline(label, scale.text(amount), scale.unit(currency), full, *moved, note, more)


def _chance(report: RiskReport, scale: fmt.Scale) -> Headline:
    cost, open_cost = report.hedged, report.unhedged
    label = say("kpi.chance_blank")
    if cost.probability_over_budget is None or open_cost.probability_over_budget is None:
        return Headline(label, fmt.DASH, note=say("kpi.no_budget"))
    moved = cost.probability_over_budget - open_cost.probability_over_budget
    delta, tone = arrow(moved, fmt.points(abs(moved)))
    note = say("kpi.unhedged_chance", chance=fmt.chance(open_cost.probability_over_budget))
    amount = scale.full(cost.expected_overrun, report.currency)
    overrun = say("kpi.overrun", amount=amount)
    value, full = fmt.chance(cost.probability_over_budget), f"{fmt.share(cost.probability_over_budget, 2)}, {overrun}"
    return Headline(label, value, "", full, delta, tone, note)


def _cover(report: RiskReport) -> Headline:
    months = min(YEAR, report.months.months.size)
    share, low, high = report.months.cover_of_first(months)
    label, value, full = say("kpi.cover", months=months), fmt.share(share), fmt.share(share, 2)
    if fmt.missing(low) or fmt.missing(high):
        return Headline(label, value, full=full, note=say("kpi.no_policy"), band=(min(share, 1.0), None, None, "in"))
    policy = say("kpi.policy", low=fmt.number(100 * low), high=fmt.share(high))
    state, delta = "in", say("kpi.inside")
    if share < low - BAND_TOLERANCE:
        state, delta = "under", f"▼ {say('kpi.below', points=fmt.points(low - share))}"
    elif share > high + BAND_TOLERANCE:
        state, delta = "over", f"▲ {say('kpi.above', points=fmt.points(share - high))}"
    tone = "accent" if state == "in" else state
    return Headline(label, value, "", full, delta, tone, policy, band=(min(share, 1.0), low, high, state))


def _margin(report: RiskReport) -> Headline:
    margin, label = report.margin, say("kpi.margin_blank")
    scale = fmt.money_scale(margin.credit_line, margin.initial)
    money = scale.unit(report.currency)
    initial = say("kpi.initial", amount=scale.text(margin.initial))
    if margin.credit_line is None:
        return Headline(label, fmt.DASH, note=say("kpi.no_line"), more=f"{initial}{fmt.SPACE}{money}")
    left = margin.credit_line - margin.initial
    own = _headroom_scale(left)
    unit = own.unit(report.currency)
    line = scale.text(margin.credit_line)
    if unit != money:  # the number above speaks for its own unit only
        line, initial = f"{line}{fmt.SPACE}{money}", f"{initial}{fmt.SPACE}{money}"
    used = margin.initial / margin.credit_line if margin.credit_line > 0 else 1.0
    note, full = say("kpi.line", amount=line), fmt.money(left, report.currency)
    return Headline(label, own.text(left), unit, full, note=note, more=initial, band=(min(used, 1.0), None, None, "in"))


def _headroom_scale(left: float) -> fmt.Scale:
    """A scale of its own: what is left can be thousands of times smaller than the line; no cents from ten up."""
    return fmt.Scale(1.0, "", 0) if 10.0 <= abs(left) < 1e3 else fmt.money_scale(left)
