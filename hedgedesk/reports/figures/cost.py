"""The distribution of the horizon's cost."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule
from hedgedesk.reports.figures.axes import kept
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport

HEADROOM = 1.28
"""Height of the chart over its tallest bar: room for the names of the series."""


def cost_distribution(report: RiskReport, beside: RiskReport | None = None) -> Chart:
    """Cost of the horizon with the plan (bars) and without hedges (steps), against the budget and both tail means.

    Parameters
    ----------
    beside
        Of the run that a what-if is against: its unit and its axes are kept. None, or in another currency: its own.
    """
    other = beside if beside is not None and beside.currency == report.currency else report
    scale, d = page_scale(other), report.distribution
    edges = [scale.of(float(e)) for e in d.edges]
    centres = [(a + b) / 2 for a, b in pairwise(edges)]
    budget = None if report.hedged.budget is None else scale.of(report.hedged.budget)
    hedged, unhedged = d.hedged.tolist(), d.unhedged.tolist()
    _, top = kept(0.0, _top(report), (0.0, _top(other)))
    bars = Mark(
        "bar",
        say("chart.plan"),
        list(centres),
        hedged,
        "teal",
        told=_told(report, scale),
        strength=[0.85 if budget is None or c <= budget else 0.5 for c in centres],
    )
    steps = Mark(
        "step",
        say("chart.unhedged"),
        list(edges),
        [*unhedged, unhedged[-1]],
        "amber",
    )
    own = other.distribution.edges
    low, high = kept(edges[0], edges[-1], (scale.of(float(own[0])), scale.of(float(own[-1]))))
    labels, rules = _distribution_marks(report, scale, budget, (low, high), top)
    unit = scale.unit(report.currency)
    return Chart(
        "histogram",
        say("figure.distribution.title", months=report.months.months.size),
        say("figure.distribution.unit", unit=unit),
        _distribution_alt(report, scale),
        (bars, steps),
        labels,
        rules,
        x=Axis(low, high),
        y=Axis(0.0, top, _share_ticks(top)),
    )


def _top(report: RiskReport) -> float:
    return float(max(report.distribution.hedged.max(), report.distribution.unhedged.max())) * HEADROOM


def _told(report: RiskReport, scale: fmt.Scale) -> list[str]:
    """What each bin says: its range and both shares."""
    d = report.distribution
    return [
        say(
            "chart.bin",
            low=scale.text(float(low)),
            high=scale.text(float(high)),
            plan=fmt.share(float(hedged), 1),
            unhedged=fmt.share(float(unhedged), 1),
        )
        for (low, high), hedged, unhedged in zip(pairwise(d.edges), d.hedged, d.unhedged, strict=True)
    ]


def _distribution_marks(
    report: RiskReport, scale: fmt.Scale, budget: float | None, span: tuple[float, float], top: float
) -> tuple[tuple[Label, ...], tuple[Rule, ...]]:
    low, high = span
    labels: list[Label] = []
    rules: list[Rule] = []
    # The tail of costs is to the right, so the corner with room is the left one unless the budget stands there.
    early = budget is not None and (budget - low) < 0.4 * (high - low)
    corner = (0.99, "right") if early else (0.01, "left")
    for row, (key, words) in enumerate((("teal", say("chart.plan")), ("-amber", say("chart.unhedged")))):
        labels.append(Label(words, corner[0], 1.0, "corner", corner[1], key, bold=True, lift=-8 - 16 * row))
    if budget is not None and low <= budget <= high:
        rules.append(Rule(budget))
        right = budget > low + 0.7 * (high - low)
        words = say("chart.budget", amount=scale.text(report.hedged.budget))
        labels.append(Label(words, budget, top, "data", "right" if right else "left", bold=True, lift=-8))
    for cost, tone, height in ((report.hedged, "teal", 0.62), (report.unhedged, "amber", 0.44)):
        place = scale.of(cost.cvar)
        rules.append(Rule(place, tone, "dot", height * top))
        words = say("chart.tail", amount=scale.text(cost.cvar))
        # Beside its line, on the side that has room.
        anchor = "left" if place < low + 0.76 * (high - low) else "right"
        labels.append(Label(words, place, height * top, anchor=anchor, lift=-6))
    return tuple(labels), tuple(rules)


def _distribution_alt(report: RiskReport, scale: fmt.Scale) -> str:
    months, unit = report.months.months, scale.unit(report.currency)
    budget = ""
    if report.hedged.budget is not None:
        budget = say("figure.distribution.alt_budget", budget=scale.text(report.hedged.budget), unit=unit)
    return say(
        "figure.distribution.alt",
        span=fmt.span(months[0], months[-1]),
        scenarios=fmt.number(report.scenarios),
        unit=unit,
        hedged=scale.text(report.hedged.mean),
        hedged_tail=scale.text(report.hedged.cvar),
        unhedged=scale.text(report.unhedged.mean),
        unhedged_tail=scale.text(report.unhedged.cvar),
        budget=budget,
    ).strip()


def _share_ticks(top: float) -> tuple[tuple[object, str], ...]:
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if top / s <= 4), 1.0)
    count = int(top / step)
    return tuple((k * step, fmt.share(k * step)) for k in range(count + 1))
