"""Open volume by month and by model, in tokens, the contract's unit or money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.open_volume import MONEY, OpenVolume, open_by_line, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.cover import month_ticks, tick_step
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import Cut, cut

if TYPE_CHECKING:
    import numpy as np

    from hedgedesk.domain.run import HedgeRun

MOST_MODELS = 8
"""A row each; the smallest beyond are told together."""
LONGEST_NAME = 20


def open_by_month(run: HedgeRun, measure: str) -> Chart:
    """Each month's volume: at a fixed price, hedged by futures held and proposed, and what is left open."""
    volume, months = open_volume(run, measure), run.report.months.months
    shown = cut(run, volume)
    top = max(shown.scale.of(float(volume.whole.max())), 1e-9) * 1.09
    return Chart(
        "bar",
        say("figure.open.title"),
        _unit("open", volume, shown),
        _open_alt(volume, months, shown),
        _open_bars(volume, months, shown),
        tuple(_legend(volume)),
        x=Axis(-0.6, months.size - 0.4, month_ticks(months, tick_step(months.size))),
        y=Axis(0.0, top, ticks(0.0, top)),
        right=98,
        left=44,
    )


def _unit(figure: str, volume: OpenVolume, shown: Cut) -> str:
    if not volume.known:
        return say("volume.unknown")
    return say(f"figure.{figure}.unit_money" if volume.measure == MONEY else f"figure.{figure}.unit", unit=shown.unit)


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


def open_by_model(run: HedgeRun, measure: str) -> Chart:
    """Open volume of each model in each month, before futures; the stronger the cell, the more is open."""
    volume, months = open_volume(run, measure), run.report.months.months
    shown = cut(run, volume)
    rows = model_rows(run, measure)
    count = len(rows)
    cells = [[shown.scale.of(v) for v in values.tolist()] for _, values in rows]
    told = [
        [f"{name}, {fmt.month(t)}: {shown.text(v)}" for t, v in zip(months, values.tolist(), strict=True)]
        for name, values in rows
    ]
    places: list[object] = list(range(months.size))
    title = say("figure.models.title")
    names = tuple((k, f"{_short(name)}{fmt.SPACE}{fmt.SPACE}") for k, (name, _) in enumerate(rows))
    step = -(-months.size // 5)
    return Chart(
        "heatmap",
        title,
        _unit("models", volume, shown),
        _models_alt(rows, shown),
        (_heat(title, places, cells, told, len(rows) == MOST_MODELS),),
        tuple(_totals(rows, shown)),
        x=Axis(-0.5, months.size - 0.5, month_ticks(months, step)),
        y=Axis(count - 0.5, -0.5, names),
        right=64,
        left=24 + 6 * max(len(words) for _, words in names),
    )


def _heat(title: str, places: list[object], cells: list[list[float]], told: list[list[str]], gathered: bool) -> Mark:
    """The cells; a last row of all smaller models together does not set the tone of the others."""
    down: list[float | None] = [float(k) for k in range(len(cells))]
    full = max((max(row) for row in cells[:-1]), default=0.0) if gathered else 0.0
    return Mark("heat", title, places, down, "amber", cells=cells, told_cells=told, full=full or None)


def model_rows(run: HedgeRun, measure: str) -> list[tuple[str, np.ndarray]]:
    """Models and their (T,) open volume, the largest first; past :data:`MOST_MODELS` one row for all the rest."""
    by_line = open_by_line(run, measure)
    models = list(dict.fromkeys(run.exposure.models))
    rows = [(model, by_line[:, [m == model for m in run.exposure.models]].sum(axis=1)) for model in models]
    rows.sort(key=lambda row: -float(row[1].sum()))
    if len(rows) > MOST_MODELS:
        rest = rows[MOST_MODELS - 1 :]
        rows = [
            *rows[: MOST_MODELS - 1],
            (say("figure.models.rest", count=len(rest)), sum(values for _, values in rest)),
        ]
    return rows


def _totals(rows: list[tuple[str, np.ndarray]], shown: Cut) -> list[Label]:
    return [
        Label(shown.scale.text(float(values.sum())), 1.0, k, "edge", "left", bold=True)
        for k, (_, values) in enumerate(rows)
    ]


def _short(name: str) -> str:
    """The name, or its beginning and its end: versions of one model differ at the end."""
    if len(name) <= LONGEST_NAME:
        return name
    end = LONGEST_NAME // 2
    return f"{name[: LONGEST_NAME - 1 - end]}…{name[-end:]}"


def _models_alt(rows: list[tuple[str, np.ndarray]], shown: Cut) -> str:
    told = ", ".join(f"{name} {shown.scale.text(float(values.sum()))}" for name, values in rows)
    return say("figure.models.alt", unit=shown.unit, models=told)
