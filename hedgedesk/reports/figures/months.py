"""Cost of each month with the plan as quantiles, beside its mean without hedges and its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.cover import month_ticks, tick_step
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import months_scale

if TYPE_CHECKING:
    from hedgedesk.domain.results import MonthlyRisk, RiskReport

HALF = 0.34
"""Half the length of a month's ticks, in places of the axis."""


def cost_by_month(report: RiskReport) -> Chart:
    """Each month's cost: 90% of the scenarios (light), half of them (strong), median, mean without hedges, budget."""
    m, scale = report.months, months_scale(report)
    unit = scale.unit(report.currency)
    top = scale.of(max(_tops(m))) * 1.08 or 1.0
    return Chart(
        "bar",
        say("figure.month_cost.title"),
        say("figure.month_cost.unit", unit=unit),
        _alt(report, scale, unit),
        tuple(_marks(report, scale)),
        tuple(_legend(m)),
        x=Axis(-0.6, m.months.size - 0.4, month_ticks(m.months, tick_step(m.months.size))),
        y=Axis(0.0, top, ticks(0.0, top)),
        right=118,
        left=44,
    )


def _tops(m: MonthlyRisk) -> list[float]:
    budgets = m.budget[np.isfinite(m.budget)]
    return [float(m.hedged_p95.max()), float(m.unhedged_mean.max()), float(budgets.max(initial=0.0)), 1e-9]


def _marks(report: RiskReport, scale: fmt.Scale) -> list[Mark]:
    m = report.months
    x: list[object] = list(range(m.months.size))
    told = [_told(report, t, scale) for t in range(m.months.size)]
    marks = [_range("figure.month_cost.wide", x, m.hedged_p05, m.hedged_p95, scale, told, 0.32, 0.5)]
    if m.levels.size:
        low, middle, high = m.hedged_quantile[1], m.hedged_quantile[2], m.hedged_quantile[-2]
        marks.append(_range("figure.month_cost.half", x, low, high, scale, told, 0.85, 0.5))
        marks.append(_level("figure.month_cost.median", middle, scale, "ink"))
    marks.append(_level("figure.month_cost.unhedged", m.unhedged_mean, scale, "amber"))
    if np.isfinite(m.budget).any():
        marks.append(_level("figure.month_cost.budget", m.budget, scale, "slate"))
    return marks


def _range(
    key: str,
    x: list[object],
    low: np.ndarray,
    high: np.ndarray,
    scale: fmt.Scale,
    told: list[str],
    strength: float,
    breadth: float,
) -> Mark:
    base = [scale.of(v) for v in low.tolist()]
    height: list[float | None] = [scale.of(v) for v in (high - low).tolist()]
    return Mark("bar", say(key), x, height, "teal", base=base, told=told, strength=strength, breadth=breadth)


def _level(key: str, values: np.ndarray, scale: fmt.Scale, tone: str) -> Mark:
    """A short line across each month; a month without a value has none."""
    x: list[object] = []
    y: list[float | None] = []
    for t, value in enumerate(values.tolist()):
        if not fmt.missing(value):
            x += [t - HALF, t + HALF, None]
            y += [scale.of(value), scale.of(value), None]
    return Mark("line", say(key), x, y, tone, width=2.0)


def _told(report: RiskReport, t: int, scale: fmt.Scale) -> str:
    m = report.months
    mean, low, high, without = (float(v[t]) for v in (m.hedged_mean, m.hedged_p05, m.hedged_p95, m.unhedged_mean))
    return say(
        "figure.month_cost.told",
        month=fmt.month(m.months[t]),
        mean=scale.text(mean),
        low=scale.text(low),
        high=scale.text(high),
        unhedged=scale.text(without),
    )


def _legend(m: MonthlyRisk) -> list[Label]:
    rows = [("pale", "wide")]
    if m.levels.size:
        rows += [("teal", "half"), ("-ink", "median")]
    rows.append(("-amber", "unhedged"))
    if np.isfinite(m.budget).any():
        rows.append(("-slate", "budget"))
    return [
        Label(say(f"figure.month_cost.{key}"), 1.0, 0.0, "corner_right", "left", tone, lift=8 + 17 * row)
        for row, (tone, key) in enumerate(rows)
    ]


def _alt(report: RiskReport, scale: fmt.Scale, unit: str) -> str:
    m = report.months
    worst = int(m.hedged_p95.argmax())
    return say(
        "figure.month_cost.alt",
        span=fmt.span(m.months[0], m.months[-1]),
        unit=unit,
        month=fmt.month(m.months[worst]),
        mean=scale.text(float(m.hedged_mean[worst])),
        low=scale.text(float(m.hedged_p05[worst])),
        high=scale.text(float(m.hedged_p95[worst])),
        total=scale.text(float(m.hedged_mean.sum())),
    )
