"""The editor as leaf props: the shown table's columns and cells, what is wrong with them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard.grids import plain_table
from hedgedesk.dashboard.pages.inputs import places
from hedgedesk.domain.draft import CellEdit, RawTable
from hedgedesk.domain.errors import InputError
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import faults_table
from hedgedesk.reports.tables import inputs as input_tables

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.domain.errors import Fault
    from hedgedesk.reports.tables.inputs import EditColumn

CELLS = (f"{places.GRID}.columnDefs", f"{places.GRID}.rowData", f"{places.GRID}.style")
"""What changes when another table is shown, or rows come and go."""
MARKED = (f"{places.MARKS}.data", f"{places.TABLE_FAULTS}.children", f"{places.TABLE_NOTE}.children")
"""What changes with every edit."""
LEAST_ROWS, MOST_ROWS = 4, 14
HEADER = 44
"""Pixels of the header and a scroll bar."""


def cells(table: RawTable) -> dict[str, Any]:
    """Columns, rows and height of the grid."""
    shown = min(MOST_ROWS, max(LEAST_ROWS, len(table.rows)))
    values = (
        _columns(table),
        input_tables.rows_for_editing(table),
        {"height": f"calc({HEADER}px + {shown} * var(--hd-row))"},
    )
    return dict(zip(CELLS, values, strict=True))


def marked(table: RawTable) -> dict[str, Any]:
    """Marks of the grid's cells, and the faults of the table as text below it."""
    note = input_tables.count("inputs.rows", len(table.rows))
    shown = {"table": input_tables.stem(table.name), "lines": input_tables.marks(table)}
    values = (shown, faults_below(table.faults), f"{table.name} · {note}")
    return dict(zip(MARKED, values, strict=True))


def unreadable(name: str, why: str) -> dict[str, Any]:
    """Of a table whose cells cannot be shown: no cell, and the reason below."""
    empty = RawTable(name, (), (), ())
    told = {f"{places.TABLE_FAULTS}.children": [html.P(why, className="hd-file-refused")]}
    return {**cells(empty), **marked(empty), **told, f"{places.TABLE_NOTE}.children": name}


def faults_below(faults: tuple[Fault, ...]) -> list[Component]:
    """The faults of a table in words; a press on one leads to its cell."""
    if not faults:
        return []
    table = plain_table(faults_table(faults))
    label = {"aria-label": say("inputs.faults_here")}
    return [html.Div(table, className="hd-scroll hd-pick", tabIndex=0, role="region", **label)]


def _columns(table: RawTable) -> list[dict[str, Any]]:
    line = {
        "field": "shown",
        "headerName": say("inputs.line"),
        "headerTooltip": say("inputs.line_note"),
        "pinned": "left",
        "width": 64,
        "type": "rightAligned",
        "cellClass": "ag-right-aligned-cell hd-line-number",
        "resizable": False,
        "sortable": False,
    }
    shown = [line, *(_column(column) for column in input_tables.edit_columns(table))]
    if table.meanings:
        shown.append(
            {
                "field": "meaning",
                "headerName": say("inputs.meaning"),
                "flex": 3,
                "minWidth": 240,
                "tooltipField": "meaning",
                "cellClass": "hd-quiet",
                "sortable": False,
            }
        )
    return shown


def _column(column: EditColumn) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "field": column.key,
        "headerName": column.title,
        "editable": {"function": "hdMayEdit(params)"} if column.editable else False,
        "minWidth": column.width,
        "flex": 1,
        "sortable": False,
        "cellDataType": "text",
        "cellClassRules": {"hd-cell-fault": "hdWrong(params)"},
        "tooltipValueGetter": {"function": "hdMark(params)"},
    }
    if column.numeric:
        shown["type"] = "rightAligned"
    return shown


def edits_of(asked: list[dict[str, Any]], table: RawTable) -> list[CellEdit]:
    """The edits that the browser asked for; what names no column of the table is left out.

    Raises
    ------
    InputError
        They are no edits at all.
    """
    try:
        return _edits_of(asked, table)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(say("inputs.garbled_edit")) from error


def _edits_of(asked: list[dict[str, Any]], table: RawTable) -> list[CellEdit]:
    edits = []
    for edit in asked:
        kind, line = str(edit.get("kind")), int(edit.get("line", 0))
        if kind == "remove":
            edits.append(CellEdit(kind, line))
        elif kind == "add":
            edits.append(CellEdit(kind, line, text=str(edit.get("text") or "")))
        elif kind == "cell" and 0 <= int(edit.get("column", -1)) < len(table.header):
            edits.append(CellEdit(kind, line, table.header[int(edit["column"])], str(edit.get("text") or "")))
    return edits
