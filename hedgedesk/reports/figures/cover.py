"""Cover of each month against its policy band."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Zone
from hedgedesk.reports.figures.axes import kept
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import cover_of
from hedgedesk.reports.tables.table import Cover

if TYPE_CHECKING:
    import numpy as np

    from hedgedesk.domain.results import MonthlyRisk, RiskReport

MANY_MONTHS = 14
"""More months than this have no room for a label each."""


def cover_by_month(report: RiskReport, beside: RiskReport | None = None) -> Chart:
    """Fixed, held and proposed cover of each month, share of its forecast, inside the policy band.

    Parameters
    ----------
    beside
        Of the run that a what-if is against: its axis is kept.
    """
    m = report.months
    count = m.months.size
    covers = [cover_of(report, t) for t in range(count)]
    many = count > MANY_MONTHS
    own = covers if beside is None else [cover_of(beside, t) for t in range(beside.months.months.size)]
    _, top = kept(0.0, _top(covers), (0.0, _top(own)))
    outside = sum(c.state in ("under", "over") for c in covers)
    return Chart(
        "bar",
        say("figure.cover.title"),
        say("figure.cover.unit_many" if many else "figure.cover.unit"),
        say("figure.cover.alt", count=outside, months=count),
        _cover_bars(m, covers),
        (*_cover_labels(covers, many), *_cover_legend(m), *_out_of_reach(m)),
        zones=tuple(Zone(t, c.low, c.high) for t, c in enumerate(covers) if c.low is not None and c.high is not None),
        x=Axis(-0.6, count - 0.4, month_ticks(m.months, tick_step(count))),
        y=Axis(0.0, top, tuple((k / 4, fmt.number(25.0 * k)) for k in range(5))),
        right=98,
    )


def _top(covers: list[Cover]) -> float:
    return max(1.0, *(c.share for c in covers), *(c.high or 0.0 for c in covers)) * 1.09


def _cover_bars(m: MonthlyRisk, covers: list[Cover]) -> tuple[Mark, ...]:
    def shares(volume: np.ndarray) -> list[float]:
        pairs = zip(volume.tolist(), m.forecast_mtok.tolist(), strict=True)
        return [v / forecast if forecast > 0 else 0.0 for v, forecast in pairs]

    x: list[object] = list(range(m.months.size))
    others_mtok = other_instruments(m)
    fixed, held, others = shares(m.fixed_mtok), shares(m.held_mtok), shares(others_mtok)
    futures = shares(m.hedged_mtok - others_mtok)
    kept = [min(h, g) for h, g in zip(held, futures, strict=True)]
    bought = [max(g - h, 0.0) for h, g in zip(held, futures, strict=True)]
    sold = [max(h - g, 0.0) for h, g in zip(held, futures, strict=True)]
    below = [f + k for f, k in zip(fixed, kept, strict=True)]
    under = [b + o for b, o in zip(below, others, strict=True)]

    def told(what: str, values: list[float]) -> list[str]:
        ends = [f"{fmt.share(c.share)}, {c.words}" for c in covers]
        parts = zip(m.months, values, ends, strict=True)
        return [say("chart.part", month=fmt.month(t), what=what, share=fmt.share(v), cover=c) for t, v, c in parts]

    def mark(kind: str, key: str, values: list[float], tone: str, base: list[float]) -> Mark:
        return Mark(kind, say(key), x, list(values), tone, base=base, told=told(say(key), values))

    marks = [
        mark("bar", "chart.fixed", fixed, "slate", [0.0] * len(x)),
        mark("bar", "chart.futures", kept, "teal", fixed),
        mark("outline", "chart.proposed", bought, "teal", under),
    ]
    if any(others):
        marks.insert(2, dataclasses.replace(mark("bar", "chart.others", others, "teal", below), strength=0.45))
    return (*marks, mark("outline", "chart.sold", sold, "amber", under)) if any(sold) else tuple(marks)


def other_instruments(m: MonthlyRisk) -> np.ndarray:
    """(T,) volume that instruments beside the futures cover; nothing in a record made before they were told apart."""
    return m.choices_mtok if m.choices_mtok.size else 0.0 * m.hedged_mtok


def _cover_labels(covers: list[Cover], many: bool) -> list[Label]:
    labels = []
    for t, cover in enumerate(covers):
        if cover.state not in ("under", "over"):
            continue
        beyond = max((cover.low or 0.0) - cover.share, cover.share - (cover.high or 1.0))
        sign, tone = ("▼", "amber") if cover.state == "under" else ("▲", "violet")
        digits = "" if many else fmt.number(100.0 * beyond)
        labels.append(Label(digits, t, max(cover.share, cover.high or 0.0), key=f"{sign}{tone}", bold=True, lift=10))
    return labels


def _cover_legend(m: MonthlyRisk) -> list[Label]:
    rows = [("slate", "chart.fixed")] if bool((m.fixed_mtok > 0).any()) else []
    if bool((m.held_mtok > 0).any()):
        rows.append(("teal", "chart.futures"))
    if bool(other_instruments(m).any()):
        rows.append(("pale", "chart.others"))
    rows.append(("outline", "chart.proposed"))
    if bool((m.held_mtok > m.hedged_mtok).any()):
        rows.append(("sold", "chart.sold"))
    if any(not fmt.missing(low) for low in m.band_min.tolist()):
        rows.append(("zone", "chart.band"))
    return [
        Label(say(key), 1.0, 0.04 + 0.11 * row, "corner_right", "left", tone) for row, (tone, key) in enumerate(rows)
    ]


def _out_of_reach(m: MonthlyRisk) -> list[Label]:
    beyond = [t for t in range(m.months.size) if not m.hedgeable[t]]
    if not beyond:
        return []
    return [Label(say("chart.out_of_reach"), (beyond[0] + beyond[-1]) / 2, 0.94)]


def tick_step(count: int) -> int:
    """How many months lie between two ticks of an axis of ``count`` months."""
    return next((step for step in (1, 2, 3, 6) if count <= step * MANY_MONTHS), 12)


def month_ticks(months: np.ndarray, step: int) -> tuple[tuple[object, str], ...]:
    """Every ``step``-th month at its place from 0, with its year where that is new."""
    ticks: list[tuple[object, str]] = []
    year = ""
    for t in range(0, months.size, step):
        name, this = fmt.month_name(months[t]), fmt.year_of(months[t])
        ticks.append((t, name if this == year else f"{name}\n{this}"))
        year = this
    return tuple(ticks)
