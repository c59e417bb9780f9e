"""Where the year ends: what was paid month by month, what the rest may cost, and the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.cover import month_ticks
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.study import Landing
    from hedgedesk.domain.values import Floats

HALF = 0.34
"""Half the length of a month's budget tick, in places of the axis."""


def year_landing(landing: Landing) -> Chart:
    """Months paid, months expected with their 90% range, and each month's budget; the year's sum in the unit line."""
    scale = landing_scale(landing)
    whole = fmt.money_scale(landing.mean, landing.high)
    top = scale.of(_top(landing)) * 1.12
    told = {
        "unit": scale.unit(landing.currency),
        "mean": whole.full(landing.mean, landing.currency),
        "low": whole.text(landing.low),
        "high": whole.text(landing.high),
    }
    return Chart(
        "bar",
        say("figure.landing.title", year=landing.year),
        say("figure.landing.unit", **told),
        say("figure.landing.alt", year=landing.year, **told, paid=whole.full(landing.paid, landing.currency)),
        tuple(_marks(landing, scale)),
        tuple(_legend(landing)),
        x=Axis(-0.6, landing.months.size - 0.4, month_ticks(landing.months, 2)),
        y=Axis(0.0, top, ticks(0.0, top)),
        right=112,
        left=44,
    )


def landing_scale(landing: Landing) -> fmt.Scale:
    """How the months' amounts are cut."""
    return fmt.money_scale(_top(landing))


def _top(landing: Landing) -> float:
    parts = (landing.actual, landing.expected, landing.p95, landing.budget)
    return max(*(float(np.nanmax(part, initial=0.0)) for part in parts), 1e-9)


def _marks(landing: Landing, scale: fmt.Scale) -> list[Mark]:
    marks = [
        _bars(landing, "actual", landing.actual, "slate", scale),
        _bars(landing, "expected", landing.expected, "teal", scale),
        _range(landing, scale),
        _budget(landing, scale),
    ]
    return [mark for mark in marks if mark.x]


def _bars(landing: Landing, name: str, values: Floats, tone: str, scale: fmt.Scale) -> Mark:
    places = np.flatnonzero(np.isfinite(values)).tolist()
    heights: list[float | None] = [scale.of(float(values[t])) for t in places]
    told = [_told(landing, t, name, scale) for t in places]
    x: list[object] = list(places)
    return Mark("bar", say(f"figure.landing.{name}"), x, heights, tone, base=[0.0] * len(x), told=told)


def _told(landing: Landing, t: int, name: str, scale: fmt.Scale) -> str:
    amount = scale.text(float(getattr(landing, name)[t]))
    text = f"{fmt.month(landing.months[t])}: {say(f'figure.landing.{name}')} {amount}"
    low, high = float(landing.p05[t]), float(landing.p95[t])
    if fmt.missing(low) or name == "actual":
        return text
    return f"{text}, {say('figure.landing.between', low=scale.text(low), high=scale.text(high))}"


def _range(landing: Landing, scale: fmt.Scale) -> Mark:
    """An upright stroke with ends from the 5% to the 95% quantile of each month ahead."""
    x: list[object] = []
    y: list[float | None] = []
    for t in np.flatnonzero(np.isfinite(landing.p05)).tolist():
        low, high = scale.of(float(landing.p05[t])), scale.of(float(landing.p95[t]))
        x += [t - 0.1, t + 0.1, None, t, t, None, t - 0.1, t + 0.1, None]
        y += [low, low, None, low, high, None, high, high, None]
    return Mark("line", say("figure.landing.range"), x, y, "ink", width=1.4)


def _budget(landing: Landing, scale: fmt.Scale) -> Mark:
    x: list[object] = []
    y: list[float | None] = []
    for t in np.flatnonzero(np.isfinite(landing.budget)).tolist():
        level = scale.of(float(landing.budget[t]))
        x += [t - HALF, t + HALF, None]
        y += [level, level, None]
    return Mark("line", say("figure.landing.budget"), x, y, "amber", width=2.0)


def _legend(landing: Landing) -> list[Label]:
    rows = [
        ("slate", "actual", landing.actual),
        ("teal", "expected", landing.expected),
        ("-ink", "range", landing.p05),
        ("-amber", "budget", landing.budget),
    ]
    shown = [(tone, name) for tone, name, values in rows if np.isfinite(values).any()]
    return [
        Label(say(f"figure.landing.{name}"), 1.0, 0.0, "corner_right", "left", tone, lift=8 + 17 * row)
        for row, (tone, name) in enumerate(shown)
    ]
