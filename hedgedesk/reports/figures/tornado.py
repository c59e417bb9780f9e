"""What each stress adds to the cost of the plan, or takes from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale
from hedgedesk.reports.tables.risk import sorted_changes

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport, StressResult

ROOM = 0.30
"""Of the span of changes, at either end: for the values beside the bars."""


def stress_tornado(report: RiskReport) -> Chart:
    """Change of the expected cost with the plan under each stress; teal lowers it, amber raises it."""
    scale = page_scale(report)
    rows = sorted_changes(report)
    amounts = [scale.of(change) for _, change in rows]
    low, high = min(0.0, *amounts, 0.0), max(0.0, *amounts, 0.0)
    room = ROOM * (high - low) or 1.0
    names = tuple((k, stress.name) for k, (stress, _) in enumerate(rows))
    unit = scale.unit(report.currency)
    low, high = low - (room if low < 0 else 0.12 * room), high + (room if high > 0 else 0.12 * room)
    return Chart(
        "tornado",
        say("figure.tornado.title"),
        say("figure.tornado.unit", unit=unit),
        _alt(rows, scale, unit),
        tuple(_bars(rows, scale, unit)),
        tuple(_values(amounts, scale)),
        (Rule(0.0, "control"),),
        x=Axis(low, high, ticks(low, high, _signed)),
        y=Axis(len(rows) - 0.5, -0.5, names),
        left=24 + 6 * max((len(name) for _, name in names), default=0),
    )


def _signed(value: float, decimals: int) -> str:
    return fmt.number(value, decimals, signed=True)


def _bars(rows: list[tuple[StressResult, float]], scale: fmt.Scale, unit: str) -> list[Mark]:
    marks = []
    for name, tone, sign in (("lowers", "teal", -1.0), ("raises", "amber", 1.0)):
        places = [k for k, (_, change) in enumerate(rows) if change * sign > 0]
        told = [
            f"{rows[k][0].name}: {scale.text(rows[k][1], signed=True)}{fmt.SPACE}{unit}, {rows[k][0].shock}"
            for k in places
        ]
        amounts: list[object] = [scale.of(rows[k][1]) for k in places]
        if places:
            words = say(f"figure.tornado.{name}")
            marks.append(Mark("across", words, amounts, [float(k) for k in places], tone, told=told, breadth=0.62))
    return marks


def _values(amounts: list[float], scale: fmt.Scale) -> list[Label]:
    return [
        Label(
            fmt.number(amount, scale.decimals, signed=True),
            amount,
            k,
            anchor="right" if amount < 0 else "left",
            bold=True,
        )
        for k, amount in enumerate(amounts)
    ]


def _alt(rows: list[tuple[StressResult, float]], scale: fmt.Scale, unit: str) -> str:
    told = "; ".join(f"{stress.name} {scale.text(change, signed=True)}" for stress, change in rows)
    return say("figure.tornado.alt", unit=unit, stresses=told)
