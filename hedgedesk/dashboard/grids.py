"""Tables on the screen: the grid for results, plain HTML for what is short."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from hedgedesk.reports.tables.table import Cell, Column, Table

GRID_THEME = (
    "themeQuartz.withParams({fontFamily: 'inherit', fontSize: 12, headerFontSize: 12, headerFontWeight: 550, "
    "backgroundColor: 'var(--hd-surface)', foregroundColor: 'var(--hd-text)', headerTextColor: 'var(--hd-text-3)', "
    "headerBackgroundColor: 'var(--hd-sunken)', borderColor: 'var(--hd-line)', rowHoverColor: 'var(--hd-hover)', "
    "oddRowBackgroundColor: 'var(--hd-surface)', accentColor: 'var(--hd-accent)', "
    "tooltipBackgroundColor: 'var(--hd-surface)', tooltipTextColor: 'var(--hd-text)', "
    "rowHeight: 'var(--hd-row)', headerHeight: 28, cellHorizontalPadding: 8, "
    "wrapperBorder: false, pinnedColumnBorder: false, wrapperBorderRadius: 0, "
    "headerColumnResizeHandleColor: 'transparent'})"
)


def grid(grid_id: str) -> Component:
    """A table that the grid draws; its columns, rows and options come from :func:`grid_leaves`."""
    return html.Div(
        dag.AgGrid(id=grid_id, columnDefs=[], rowData=[], dashGridOptions=options({}), style={"height": None}),
        className="hd-grid",
    )


def grid_leaves(grid_id: str, table: Table) -> dict[str, Any]:
    """Leaf props of a grid that shows ``table``."""
    return {
        f"{grid_id}.columnDefs": _columns(table.columns),
        f"{grid_id}.rowData": [_row(row) for row in table.rows],
        f"{grid_id}.dashGridOptions": options(table.total),
    }


def options(total: dict[str, Cell] | None = None) -> dict[str, Any]:
    """How every grid behaves; ``total`` is the row pinned below."""
    return {
        "theme": {"function": GRID_THEME},
        "domLayout": "autoHeight",
        "suppressMovableColumns": True,
        "suppressColumnVirtualisation": True,
        "animateRows": False,
        "tooltipShowDelay": 300,
        "suppressNoRowsOverlay": True,
        "pinnedBottomRowData": [_row(total)] if total else [],
    }


def _columns(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The first stays in view when a narrow table scrolls, and so does a state at its end."""
    shown = [_column(column) for column in columns]
    shown[0] |= {"pinned": "left", "width": columns[0].width}
    if columns[-1].kind == "state":
        shown[-1] |= {"pinned": "right", "width": columns[-1].width}
    return shown


def _column(column: Column) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "field": column.key,
        "headerName": column.title,
        "minWidth": column.width,
        "flex": column.width,
        "headerTooltip": column.help or column.title,
        "valueFormatter": {"function": "hdText(params)"},
        "tooltipValueGetter": {"function": "hdFull(params)"},
        "cellClass": {"function": "hdTone(params)"},
        "resizable": False,
    }
    if column.kind == "number":
        shown["type"] = "rightAligned"
        shown["cellClass"] = {"function": "hdNumber(params)"}
    if column.kind in ("cover", "state"):
        shown["cellRenderer"] = {"cover": "HdCover", "state": "HdState"}[column.kind]
        shown.pop("cellClass")
    return shown


def _row(cells: dict[str, Cell]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, cell in cells.items():
        row[key] = cell.text if cell.value is None else cell.value
        row[f"{key}_text"] = cell.text
        row[f"{key}_full"] = cell.full or None
        row[f"{key}_tone"] = cell.tone
        if cell.cover is not None:
            cover = cell.cover
            scale = max(1.0, cover.share)
            state = {"share": cover.share, "low": cover.low, "high": cover.high, "state": cover.state, "scale": scale}
            row[f"{key}_cover"] = state
    return row


def plain_table(table: Table) -> Component:
    """A short table as plain HTML."""

    def css(column: Column) -> str:
        return {"number": "hd-number", "name": "hd-whole"}.get(column.kind, "")

    head = html.Tr([html.Th(column.title, scope="col", className=css(column)) for column in table.columns])
    rows = [
        html.Tr([html.Td(row[c.key].text, className=f"{css(c)} hd-{row[c.key].tone}".strip()) for c in table.columns])
        for row in table.rows
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="hd-table")
