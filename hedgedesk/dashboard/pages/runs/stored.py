"""The grid of stored runs with its buttons and dialogues, the manifest of one, and the audit log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages.leaves import Leaves, grid_leaves
from hedgedesk.dashboard.tools import icon
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.workspace import Deed, RunLine

NAME = "runs"
GRID, LOG = on(NAME, "stored"), on(NAME, "log")
CHANGED = on(NAME, "changed")
"""Any new value: the list of runs is another one."""
ONE = ("open", "rename", "copy", "manifest", "html", "xlsx", "remove")
"""What is done with one run, in the order of the buttons."""
RENAME_PANEL, NAME_FIELD, SAVE = on(NAME, "rename-panel"), on(NAME, "name"), on(NAME, "save")
REMOVE_PANEL, REMOVE_TEXT = on(NAME, "remove-panel"), on(NAME, "remove-text")
REMOVE, KEEP = on(NAME, "remove-now"), on(NAME, "keep")
SHEET, SHEET_TITLE, SHEET_BODY = on(NAME, "sheet"), on(NAME, "sheet-title"), on(NAME, "sheet-body")
PAGE_OF = 20
"""Rows a page of a long list."""
LEAVES = (
    *grid_leaves(GRID),
    *grid_leaves(LOG),
    f"{GRID}-unit.children",
    f"{LOG}-unit.children",
    f"{on(NAME, 'filled')}.hidden",
    f"{on(NAME, 'empty')}.hidden",
)


def skeleton() -> list[Component]:
    """The card of runs with its buttons, what stands there while there is none, and the two dialogues."""
    rows = [html.Div(_tools(), className="hd-run-tools"), _selectable(GRID)]
    card = parts.card(say("runs.stored"), rows, of=f"{GRID}-unit", export="desk.runs")
    return [
        html.Div(card, id=on(NAME, "filled"), className="hd-row", hidden=True),
        html.Div(_empty(), id=on(NAME, "empty"), hidden=True),
        _rename_panel(),
        _remove_panel(),
    ]


def _selectable(grid_id: str) -> Component:
    grid = grids.grid(grid_id)
    grid.children.getRowId = "params.data.id"
    return grid


def _tools() -> list[Component]:
    def tool(name: str) -> Component:
        return dmc.Button(
            say(f"runs.{name}"), id=on(NAME, name), variant="default", className="hd-button", disabled=True
        )

    return [
        *(tool(name) for name in ONE),
        html.Div(className="hd-grow"),
        html.Span(id=on(NAME, "said"), className="hd-of", role="status", **{"data-said": say("runs.copied")}),
        tool("compare"),
    ]


def _empty() -> Component:
    words = html.P(say("runs.none_text")), dcc.Link(say("runs.open_overview"), href="/", className="hd-link")
    return parts.empty_card(say("runs.none"), *words)


def log_card() -> Component:
    """The audit log."""
    return parts.card(say("runs.deeds"), [grids.grid(LOG)], of=f"{LOG}-unit", export="desk.deeds")


def _rename_panel() -> Component:
    return _panel(
        RENAME_PANEL,
        say("runs.rename"),
        [
            # debounce: Enter brings the text with it; else a quick one may overtake the last letters.
            dmc.TextInput(
                id=NAME_FIELD, label=say("runs.name"), value="", debounce=True, size="xs", **{"data-autofocus": True}
            ),
            html.Div(dmc.Button(say("runs.save"), id=SAVE, className="hd-button"), className="hd-panel-tools"),
        ],
    )


def _remove_panel() -> Component:
    tools = [
        dmc.Button(say("runs.keep"), id=KEEP, variant="default", className="hd-button", **{"data-autofocus": True}),
        dmc.Button(say("runs.remove"), id=REMOVE, className="hd-button"),
    ]
    text = html.P(say("runs.remove_text"), id=REMOVE_TEXT)
    return _panel(REMOVE_PANEL, say("runs.remove"), [text, html.Div(tools, className="hd-panel-tools")])


def _panel(panel_id: str, title: str, children: list[Component]) -> Component:
    close = {"aria-label": say("app.close")}
    return dmc.Modal(id=panel_id, title=title, opened=False, closeButtonProps=close, children=children)


def manifest_drawer() -> Component:
    """Where the selected run comes from, at the right edge; Escape closes it."""
    close = html.Button(
        icon("close"), id=on(NAME, "sheet-drawer-close"), className="hd-plain", **{"aria-label": say("app.close")}
    )
    return html.Aside(
        id=SHEET,
        hidden=True,
        className="hd-drawer",
        **{"aria-labelledby": SHEET_TITLE},
        children=[
            html.Header([html.H2(say("runs.manifest"), id=SHEET_TITLE), close]),
            html.Div(id=SHEET_BODY),
        ],
    )


def view(lines: Sequence[RunLine], deeds: Sequence[Deed], key: str, shown: str | None) -> Leaves:
    """Every leaf of both grids."""
    from hedgedesk.reports import format as fmt
    from hedgedesk.reports.tables.runs import deeds_table, runs_table

    runs, log = grids.grid_leaves(GRID, runs_table(lines, key, shown)), grids.grid_leaves(LOG, deeds_table(deeds))
    runs[f"{GRID}.dashGridOptions"] |= _selection() | _pages(len(lines))
    log[f"{LOG}.dashGridOptions"] |= _pages(len(deeds))
    count = say("runs.one_stored") if len(lines) == 1 else say("runs.stored_unit", count=fmt.number(len(lines)))
    done = {0: say("runs.no_deeds"), 1: say("runs.deeds_one")}.get(
        len(deeds), say("runs.deeds_unit", count=fmt.number(len(deeds)))
    )
    return {
        **runs,
        **log,
        f"{GRID}-unit.children": count,
        f"{LOG}-unit.children": done,
        f"{on(NAME, 'filled')}.hidden": not lines,
        f"{on(NAME, 'empty')}.hidden": bool(lines),
    }


def _selection() -> dict[str, Any]:
    chosen = {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False, "enableClickSelection": True}
    return {
        "rowSelection": chosen,
        "selectionColumnDef": {"width": 60, "pinned": "left", "headerName": say("runs.select")},
    }


def _pages(rows: int) -> dict[str, Any]:
    return {"pagination": True, "paginationPageSize": PAGE_OF} if rows > PAGE_OF else {}


def sheet(run: HedgeRun, line: RunLine | None) -> Leaves:
    """The manifest of a run."""
    from hedgedesk.reports.manifest import notes, title

    body = [
        html.Div(
            [html.H3(note.heading), *(html.P(text) for text in note.lines)], className="hd-fixed" if note.fixed else ""
        )
        for note in notes(run, line)
    ]
    return {f"{SHEET_TITLE}.children": title(run, line), f"{SHEET_BODY}.children": body, f"{SHEET}.hidden": False}
