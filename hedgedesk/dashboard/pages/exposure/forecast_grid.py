"""The forecast of a draft as leaf props: its grid by month, the choices of the multiplier, what is wrong. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard.pages.exposure import places
from hedgedesk.dashboard.pages.inputs.editor import faults_below
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.inputs import count

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import RawTable
    from hedgedesk.reports.tables.forecast import Pivot

FILE = "consumption.csv"
LEAVES = (
    f"{places.GRID}.columnDefs",
    f"{places.GRID}.rowData",
    f"{places.GRID}.dashGridOptions",
    f"{places.GRID}.style",
    f"{places.TABLE_NOTE}.children",
    f"{places.TABLE_FAULTS}.children",
    f"{places.GROW_TEAM}.data",
    f"{places.GROW_MODEL}.data",
    f"{places.GROW_FIRST}.data",
    f"{places.GROW_LAST}.data",
)
LEAST_ROWS, MOST_ROWS = 4, 16
CHROME = 58
"""Pixels of the header, the row of totals' line and a scroll bar."""


def options(totals: dict[str, Any] | None = None) -> dict[str, Any]:
    """Of the grid, with its row of totals."""
    from hedgedesk.dashboard.grids import GRID_THEME

    return {
        "theme": {"function": GRID_THEME},
        "suppressMovableColumns": True,
        "animateRows": False,
        "tooltipShowDelay": 200,
        "enterNavigatesVertically": True,
        "enterNavigatesVerticallyAfterEdit": True,
        "stopEditingWhenCellsLoseFocus": True,
        "suppressNoRowsOverlay": True,
        "pinnedBottomRowData": [totals] if totals else [],
    }


def of_draft(desk: Desk, draft: str) -> dict[str, Any]:
    """Leaves of the forecast of ``draft``; of one that cannot be laid out, why."""
    from hedgedesk.reports.tables.forecast import pivot

    try:
        table = desk.drafts.table(draft, FILE)
        return leaves(table, pivot(table))
    except HedgeDeskError as error:
        return refused(str(error))


def leaves(table: RawTable, laid: Pivot) -> dict[str, Any]:
    """Leaves of a forecast that can be laid out."""
    shown = min(MOST_ROWS, max(LEAST_ROWS, len(laid.rows))) + 1
    months = [{"value": month, "label": _title(month)} for month in laid.months]
    values = (
        _columns(laid),
        list(laid.rows),
        options(laid.totals),
        {"height": f"calc({CHROME}px + {shown} * var(--hd-row))"},
        f"{table.name} · {count('forecast.row_note', len(table.rows))} · {say('forecast.note')}",
        faults_below(table.faults),
        _choices(laid.named("team")),
        _choices(laid.named("model")),
        months,
        months,
    )
    return dict(zip(LEAVES, values, strict=True))


def refused(why: str) -> dict[str, Any]:
    """Leaves of a forecast that cannot be shown: nothing to edit, and the reason."""
    told = [html.P(why, className="hd-file-refused")]
    values: tuple[Any, ...] = ([], [], options(), {"height": "120px"}, FILE, told, [], [], [], [])
    return dict(zip(LEAVES, values, strict=True))


def _choices(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": name, "label": name} for name in names]


def _title(month: str) -> str:
    from hedgedesk.reports.tables.forecast import month_title

    return month_title(month)


def _columns(laid: Pivot) -> list[dict[str, Any]]:
    names = [
        _name("model", say("lines.column.model"), 168, "model"),
        _name("meter_text", say("forecast.meter"), 116, "meter"),
    ]
    if laid.named("team"):
        names.append(_name("team", say("forecast.team"), 104, "team"))
    return [*names, *(_month(f"m{k}", month) for k, month in enumerate(laid.months))]


def _name(field: str, title: str, width: int, tooltip: str) -> dict[str, Any]:
    shown = {"field": field, "headerName": title, "pinned": "left", "width": width, "tooltipField": tooltip}
    return shown | {"sortable": False, "resizable": False, "suppressMovable": True}


def _month(field: str, month: str) -> dict[str, Any]:
    return {
        "field": field,
        "headerName": _title(month),
        "headerTooltip": month,
        "context": {"month": month},
        "editable": {"function": "hdMayEditMonth(params)"},
        "cellDataType": "text",
        "type": "rightAligned",
        "minWidth": 84,
        "flex": 1,
        "sortable": False,
        "cellClassRules": {"hd-cell-fault": "hdMonthWrong(params)"},
        "valueFormatter": {"function": "hdMonthText(params)"},
        "tooltipValueGetter": {"function": "hdMonthMark(params)"},
    }
