"""Open volume by month and by model or team, as cells with their numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.open_volume import MONEY, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.cover import month_ticks, tick_step
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import MODEL, Row, cut, open_rows

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.open_volume import Cut

MOST_ROWS = 8
"""The smallest beyond are told together."""
LONGEST_NAME = 20
MOST_NUMBERED = 24
"""Months up to which a cell has room for its number."""
STRENGTH = 0.4
"""Of a cell with a number in it: the words stay readable on the fullest one, on both themes."""


def open_by_model(run: HedgeRun, measure: str) -> Chart:
    """Open volume of each model in each month, before futures; the stronger the cell, the more is open."""
    return open_map(run, measure, MODEL)


def open_map(run: HedgeRun, measure: str, by: str) -> Chart:
    """Open volume of each model or team (``by``) in each month, before futures.

    Parameters
    ----------
    measure
        tokens, standard or money.
    """
    volume, months = open_volume(run, measure), run.report.months.months
    shown, rows = cut(run, volume), map_rows(run, measure, by)
    numbered = months.size <= MOST_NUMBERED
    names = tuple((k, f"{short(name)}{fmt.SPACE}{fmt.SPACE}") for k, (name, _) in enumerate(rows))
    title = say(f"figure.map.{by}")
    unit = say("figure.map.unit_money" if measure == MONEY else "figure.map.unit", unit=shown.unit)
    return Chart(
        "heatmap",
        title,
        unit if volume.known else say("volume.unknown"),
        _alt(rows, shown, by),
        (_heat(title, rows, months, shown, numbered),),
        (*_totals(rows, shown), *(_numbers(rows, shown) if numbered else ())),
        x=Axis(-0.5, months.size - 0.5, month_ticks(months, tick_step(months.size))),
        y=Axis(len(rows) - 0.5, -0.5, names),
        right=64,
        left=24 + 6 * max((len(words) for _, words in names), default=0),
    )


def map_rows(run: HedgeRun, measure: str, by: str) -> list[Row]:
    """Models or teams and their (T,) open volume, the largest first; past :data:`MOST_ROWS` one row for the rest."""
    rows = sorted(open_rows(run, measure, by), key=lambda row: -float(row[1].sum()))
    if len(rows) <= MOST_ROWS:
        return rows
    rest = rows[MOST_ROWS - 1 :]
    together = np.sum([values for _, values in rest], axis=0)
    return [*rows[: MOST_ROWS - 1], (say("figure.map.rest", count=len(rest)), together)]


def short(name: str) -> str:
    """The name, or its beginning and its end: versions of one model differ at the end."""
    if len(name) <= LONGEST_NAME:
        return name
    end = LONGEST_NAME // 2
    return f"{name[: LONGEST_NAME - 1 - end]}…{name[-end:]}"


def _heat(title: str, rows: list[Row], months: np.ndarray, shown: Cut, numbered: bool) -> Mark:
    """The cells; a last row of all smaller ones together does not set the tone of the others."""
    cells = [[shown.scale.of(v) for v in values.tolist()] for _, values in rows]
    told = [
        [f"{name}, {fmt.month(t)}: {shown.text(v)}" for t, v in zip(months, values.tolist(), strict=True)]
        for name, values in rows
    ]
    alone = cells[:-1] if len(rows) == MOST_ROWS else cells
    full = max((max(row) for row in alone), default=0.0)
    return Mark(
        "heat",
        title,
        list(range(months.size)),
        [float(k) for k in range(len(rows))],
        "amber",
        cells=cells,
        told_cells=told,
        full=full or None,
        strength=STRENGTH if numbered else 1.0,
    )


def _numbers(rows: list[Row], shown: Cut) -> list[Label]:
    """Three digits or so: what fits a narrow cell; the whole number is told when it is pointed at."""
    most = max((shown.scale.of(float(values.max(initial=0.0))) for _, values in rows), default=0.0)
    decimals = 0 if most >= 100 else 1 if most >= 10 else 2
    return [
        Label(fmt.number(shown.scale.of(value), decimals), t, k)
        for k, (_, values) in enumerate(rows)
        for t, value in enumerate(values.tolist())
    ]


def _totals(rows: list[Row], shown: Cut) -> list[Label]:
    return [
        Label(shown.scale.text(float(values.sum())), 1.0, k, "edge", "left", bold=True)
        for k, (_, values) in enumerate(rows)
    ]


def _alt(rows: list[Row], shown: Cut, by: str) -> str:
    told = ", ".join(f"{name} {shown.scale.text(float(values.sum()))}" for name, values in rows)
    return say(f"figure.map.alt_{by}", unit=shown.unit, rows=told)
