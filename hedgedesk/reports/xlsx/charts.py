"""Native charts of the workbook, drawn by Excel from the cells of the sheet they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgedesk.reports.messages import say
from hedgedesk.reports.paint import TONES
from hedgedesk.reports.xlsx.cells import FIRST, HEADER, Leaf

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

SIZE = {"width": 660, "height": 280}
MARKED = (("teal", "diamond"), ("slate", "circle"), ("amber", "circle"))
"""How the last rows of the frontier are marked: the plan, the book, no hedge."""
LONG = 36
"""Rows of a table that leave no room below it on a screen."""
DATES = {"date_axis": True, "num_format": "mmm yy", "major_unit": 3, "major_unit_type": "months"}
QUIET = {"name": "Calibri", "size": 9, "color": "#48525F"}
FAN = {"5%": ("teal", 0.75), "25%": ("teal", 1.5), "50%": ("teal", 2.5), "75%": ("teal", 1.5), "95%": ("teal", 0.75)}
"""Quantiles that are drawn, and how strongly."""


def insert(book: Workbook, sheet: Worksheet, leaf: Leaf, row: int) -> None:
    """Put a leaf's charts below its table, side by side, with ``row`` as the first free row; beside a long table."""
    if not leaf.blocks[0].rows or leaf.key not in _CHARTS:
        return
    long = len(leaf.blocks[0].rows) > LONG
    at = (HEADER, len(leaf.blocks[0].lanes) + 1) if long else (row, 0)
    for number, chart in enumerate(_CHARTS[leaf.key](book, leaf)):
        sheet.insert_chart(*at, chart, {"x_offset": 4 + number * (SIZE["width"] + 12), "y_offset": 4})


def _months(book: Workbook, leaf: Leaf) -> list[Chart]:
    cost = _chart(book, "column", say("report.chart.months"), DATES, "#,##0")
    for column, tone in (("L", "amber"), ("M", "teal")):
        cost.add_series(_series(leaf, column) | {"fill": {"color": TONES[tone]}, "gap": 60})
    cover = _chart(book, "line", say("report.chart.cover"), DATES, "0%")
    for column, tone, dash in (("H", "teal", "solid"), ("I", "slate", "dash"), ("J", "slate", "dash")):
        cover.add_series(_series(leaf, column) | {"line": {"color": TONES[tone], "width": 1.75, "dash_type": dash}})
    return [cost, cover]


def _distribution(book: Workbook, leaf: Leaf) -> list[Chart]:
    axis = {"num_format": "#,##0.0", "interval_unit": 8}
    chart = _chart(book, "column", say("report.chart.distribution"), axis, "0%")
    chart.add_series(_series(leaf, "D", "C") | {"fill": {"color": TONES["teal"]}, "gap": 8})
    line = book.add_chart({"type": "line"})
    line.add_series(_series(leaf, "E", "C") | {"line": {"color": TONES["amber"], "width": 1.75}})
    chart.combine(line)
    return [chart]


def _prices(book: Workbook, leaf: Leaf) -> list[Chart]:
    chart = _chart(book, "line", say("report.chart.prices", unit=leaf.unit), DATES, "0.00")
    titles = [lane.title.partition(",")[0] for lane in leaf.blocks[0].lanes]
    for at, title in enumerate(titles):
        if title in FAN:
            tone, width = FAN[title]
            chart.add_series(_series(leaf, _letter(at)) | {"line": {"color": TONES[tone], "width": width}})
    curve = {"line": {"color": "#12171E", "width": 2}, "marker": {"type": "circle", "size": 4}}
    chart.add_series(_series(leaf, _letter(len(titles) - 1)) | curve)
    chart.show_blanks_as("gap")
    return [chart]


def _frontier(book: Workbook, leaf: Leaf) -> list[Chart]:
    """Mean up, CVaR across: the best plans as a line, the plan and no hedge as points; the last three rows."""
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    last = leaf.last - len(MARKED)
    line = {"line": {"color": TONES["slate"], "width": 1.5}, "marker": {"type": "circle", "size": 4}}
    chart.add_series(_place(leaf, FIRST, last, line))
    for k, (tone, sign) in enumerate(MARKED):
        look = {"type": sign, "size": 9, "fill": {"color": TONES[tone]}, "border": {"none": True}}
        marked = {"line": {"none": True}, "marker": look}
        chart.add_series(_place(leaf, last + 1 + k, last + 1 + k, marked))
    chart.set_title({"name": say("report.chart.frontier", unit=leaf.unit), "name_font": {**QUIET, "size": 11}})
    chart.set_x_axis({"num_format": "#,##0", "num_font": QUIET})
    chart.set_y_axis({"num_format": "#,##0", "num_font": QUIET})
    chart.set_legend({"position": "bottom", "font": QUIET})
    chart.set_size(SIZE)
    return [chart]


def _place(leaf: Leaf, first: int, last: int, look: dict[str, Any]) -> dict[str, Any]:
    """Rows of the frontier's sheet: CVaR in its fourth column, mean in its third."""
    name = say("figure.frontier.line") if last > first else f"='{leaf.name}'!$A${first}"
    cells = {"categories": "D", "values": "C"}
    return {"name": name, **{key: f"='{leaf.name}'!${at}${first}:${at}${last}" for key, at in cells.items()}, **look}


_CHARTS: dict[str, Callable[[Workbook, Leaf], list[Chart]]] = {
    "months": _months,
    "distribution": _distribution,
    "prices": _prices,
    "frontier": _frontier,
}


def _chart(book: Workbook, kind: str, title: str, x: dict[str, Any], numbers: str) -> Chart:
    chart = book.add_chart({"type": kind})
    chart.set_title({"name": title, "name_font": {**QUIET, "size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis({**x, "num_font": QUIET, "line": {"color": "#7C8694"}})
    grid = {"visible": True, "line": {"color": "#DDE2E8", "width": 0.75}}
    chart.set_y_axis({"num_format": numbers, "num_font": QUIET, "line": {"none": True}, "major_gridlines": grid})
    chart.set_legend({"position": "bottom", "font": QUIET})
    chart.set_size(SIZE)
    return chart


def _series(leaf: Leaf, values: str, categories: str = "A") -> dict[str, Any]:
    """Cells of a column, named by its header; a chart reads them, so they follow when a formula does."""
    last = leaf.last
    return {
        "name": f"='{leaf.name}'!${values}${HEADER + 1}",
        "categories": f"='{leaf.name}'!${categories}${FIRST}:${categories}${last}",
        "values": f"='{leaf.name}'!${values}${FIRST}:${values}${last}",
    }


def _letter(at: int) -> str:
    return chr(ord("A") + at)
