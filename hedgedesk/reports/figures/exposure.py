"""Open volume by month, in tokens, the contract's unit or money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.open_volume import MONEY, OpenVolume, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.cover import month_ticks, tick_step
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import Cut, cut

if TYPE_CHECKING:
    import numpy as np

    from hedgedesk.domain.run import HedgeRun


def open_by_month(run: HedgeRun, measure: str) -> Chart:
    """Each month's volume: at a fixed price, hedged by futures held and proposed, and what is left open."""
    volume, months = open_volume(run, measure), run.report.months.months
    shown = cut(run, volume)
    top = max(shown.scale.of(float(volume.whole.max())), 1e-9) * 1.09
    return Chart(
        "bar",
        say("figure.open.title"),
        _unit(volume, shown),
        _open_alt(volume, months, shown),
        _open_bars(volume, months, shown),
        tuple(_legend(volume)),
        x=Axis(-0.6, months.size - 0.4, month_ticks(months, tick_step(months.size))),
        y=Axis(0.0, top, ticks(0.0, top)),
        right=98,
        left=44,
    )


def _unit(volume: OpenVolume, shown: Cut) -> str:
    if not volume.known:
        return say("volume.unknown")
    return say("figure.open.unit_money" if volume.measure == MONEY else "figure.open.unit", unit=shown.unit)


PARTS = (
    ("fixed", "bar", "slate", 1.0),
    ("held", "bar", "teal", 1.0),
    ("bought", "outline", "teal", 1.0),
    ("left", "bar", "amber", 0.9),
)
"""From the axis up: part of :class:`OpenVolume`, kind of mark, tone, strength."""


def _open_bars(volume: OpenVolume, months: np.ndarray, shown: Cut) -> tuple[Mark, ...]:
    x: list[object] = list(range(months.size))
    base = [0.0] * months.size
    marks = []
    for part, kind, tone, strength in PARTS:
        whole = getattr(volume, part)
        values = [shown.scale.of(v) for v in whole.tolist()]
        what = say(f"figure.open.{part}")
        told = [f"{fmt.month(t)}: {what} {shown.text(v)}" for t, v in zip(months, whole.tolist(), strict=True)]
        if whole.any() or part == "left":
            marks.append(Mark(kind, what, x, list(values), tone, base=list(base), told=told, strength=strength))
        base = [b + v for b, v in zip(base, values, strict=True)]
    return tuple(marks)


def _legend(volume: OpenVolume) -> list[Label]:
    keys = {"fixed": "slate", "held": "teal", "bought": "outline", "left": "amber"}
    shown = [part for part, *_ in PARTS if getattr(volume, part).any() or part == "left"]
    return [
        Label(say(f"figure.open.{part}"), 1.0, 0.0, "corner_right", "left", keys[part], lift=8 + 17 * row)
        for row, part in enumerate(shown)
    ]


def _open_alt(volume: OpenVolume, months: np.ndarray, shown: Cut) -> str:
    most = int(volume.left.argmax())
    return say(
        "figure.open.alt",
        span=fmt.span(months[0], months[-1]),
        unit=shown.unit,
        open=shown.scale.text(float((volume.held + volume.bought + volume.left).sum())),
        left=shown.scale.text(float(volume.left.sum())),
        month=fmt.month(months[most]),
        most=shown.scale.text(float(volume.left[most])),
    )
