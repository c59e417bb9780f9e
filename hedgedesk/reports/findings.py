"""What of a result needs a decision: months outside their band, a budget in danger, rules that bind, notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import cover_of, page_scale
from hedgedesk.reports.tables.plan import place, rule_title, used_of_limit
from hedgedesk.reports.tables.table import Cover

if TYPE_CHECKING:
    from hedgedesk.domain.plan import HedgePlan, LimitUse
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to decide on: what, and the number that says how much."""

    kind: str
    """under, over, budget, limit or note."""
    title: str
    detail: str = ""

    @property
    def label(self) -> str:
        """Word of its badge."""
        return say(f"finding.{self.kind}")


def findings(run: HedgeRun) -> tuple[Finding, ...]:
    """Everything found, the gravest kind first."""
    return (
        *_outside(run.report, "under"),
        *_outside(run.report, "over"),
        *_budget(run.report),
        *_limits(run.plan),
        *_notices(run),
    )


def _outside(report: RiskReport, state: str) -> Iterator[Finding]:
    """Neighbouring months outside their band as one finding."""
    months = report.months.months
    covers = [cover_of(report, t) for t in range(months.size)]
    start = 0
    while start < months.size:
        end = start
        while end < months.size and covers[end].state == state:
            end += 1
        if end > start:
            worst = max(range(start, end), key=lambda t: _beyond(covers[t]))
            detail = say("finding.worst", month=fmt.month(months[worst]), points=covers[worst].words)
            yield Finding(state, say(f"finding.{state}_title", span=fmt.span(months[start], months[end - 1])), detail)
        start = max(end, start + 1)


def _beyond(cover: Cover) -> float:
    return max((cover.low or 0.0) - cover.share, cover.share - (cover.high or 1.0))


def _budget(report: RiskReport) -> Iterator[Finding]:
    """A budget that breaks more often than the programme's level allows."""
    cost = report.hedged
    if cost.probability_over_budget is None or cost.budget_at_risk is None:
        return
    if cost.probability_over_budget <= 1.0 - report.level:
        return
    scale = page_scale(report)
    yield Finding(
        "budget",
        say("finding.budget_title", chance=fmt.chance(cost.probability_over_budget)),
        say(
            "finding.budget_detail",
            budget=scale.text(cost.budget),
            level=fmt.share(report.level),
            excess=scale.text(cost.budget_at_risk),
            unit=scale.unit(report.currency),
        ),
    )


def _limits(plan: HedgePlan) -> Iterator[Finding]:
    """Rules that stop the plan, one finding a rule; that nobody is short is no news."""
    binding: dict[str, list[LimitUse]] = {}
    for use in plan.limits:
        if use.binds and use.rule not in ("no_short", "open_volume"):
            binding.setdefault(use.rule, []).append(use)
    for rule, uses in binding.items():
        key = "finding.limit_title" if len(uses) == 1 else "finding.limit_title_many"
        places = ", ".join(place(use.where) for use in uses[:3]) + (", …" if len(uses) > 3 else "")
        detail = used_of_limit(uses[0]) if len(uses) == 1 else places
        if len(uses) == 1 and uses[0].where:
            detail = f"{place(uses[0].where)}: {detail}"
        yield Finding("limit", say(key, rule=rule_title(rule), count=len(uses)), detail)


def _notices(run: HedgeRun) -> Iterator[Finding]:
    seen = dict.fromkeys((*run.exposure.notices, *run.plan.notices, *run.report.notices))
    for notice in seen:
        yield Finding("note", notice[:1].upper() + notice[1:])
