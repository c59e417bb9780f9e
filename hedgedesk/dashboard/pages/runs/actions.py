"""What is done with stored runs: listed, opened, named, removed, told about and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages.leaves import Leaves, outputs
from hedgedesk.dashboard.pages.runs import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.desk import Desk


def register(app: Dash, desk: Desk) -> None:
    """Fill the grids; open, name, remove, tell about and report the selected run."""

    def fill(shown: str | None, _done: object, _changed: object) -> Leaves:
        return stored.view(desk.runs(), desk.deeds(), desk.opened().key, shown)

    listening = {
        "shown": Input(ids.RUN, "data"),
        "_done": Input(ids.DONE, "data"),
        "_changed": Input(stored.CHANGED, "data"),
    }
    app.callback(output=outputs(stored.LEAVES), inputs=listening)(fill)
    _change_the_selected(app, desk)
    _show_the_selected(app, desk)
    _in_the_browser(app)


def _change_the_selected(app: Dash, desk: Desk) -> None:
    def rename(_clicks: int | None, _entered: int | None, name: str, rows: list[dict[str, Any]]) -> tuple[Any, ...]:
        desk.name_run(chosen(rows), name.strip())
        return False, f"named {name} {chosen(rows)}"

    def remove(clicks: int | None, rows: list[dict[str, Any]], shown: str | None) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        run_id = chosen(rows)
        desk.remove_run(run_id)
        return False, f"removed {run_id}", [], desk.newest() if run_id == shown else no_update

    rows, changed = State(stored.GRID, "selectedRows"), Output(stored.CHANGED, "data", allow_duplicate=True)
    closed = [Output(panel, "opened", allow_duplicate=True) for panel in (stored.RENAME_PANEL, stored.REMOVE_PANEL)]
    named = (Input(stored.SAVE, "n_clicks"), Input(stored.NAME_FIELD, "n_submit"), State(stored.NAME_FIELD, "value"))
    app.callback(closed[0], changed, *named, rows, prevent_initial_call=True)(rename)
    selected, run = Output(stored.GRID, "selectedRows"), Output(ids.RUN, "data", allow_duplicate=True)
    app.callback(
        closed[1],
        changed,
        selected,
        run,
        Input(stored.REMOVE, "n_clicks"),
        rows,
        State(ids.RUN, "data"),
        prevent_initial_call=True,
    )(remove)


def _show_the_selected(app: Dash, desk: Desk) -> None:
    def manifest(clicks: int | None, rows: list[dict[str, Any]]) -> Leaves:
        if not clicks:
            raise PreventUpdate
        run_id = chosen(rows)
        return stored.sheet(desk.result(run_id), desk.run_line(run_id))

    leaves = (f"{stored.SHEET_TITLE}.children", f"{stored.SHEET_BODY}.children", f"{stored.SHEET}.hidden")
    rows = State(stored.GRID, "selectedRows")
    pressed = {"clicks": Input(on(stored.NAME, "manifest"), "n_clicks"), "rows": rows}
    app.callback(output=outputs(leaves), inputs=pressed, prevent_initial_call=True)(manifest)
    for suffix in ("html", "xlsx"):

        def report(clicks: int | None, rows: list[dict[str, Any]], ending: str = f".{suffix}") -> str:
            if not clicks:
                raise PreventUpdate
            return desk.papers.start_report(chosen(rows), ending)

        job = Output(ids.JOB, "data", allow_duplicate=True)
        app.callback(job, Input(on(stored.NAME, suffix), "n_clicks"), rows, prevent_initial_call=True)(report)


def chosen(rows: Sequence[dict[str, Any]] | None) -> str:
    """Run id of the one row that is selected."""
    if not rows or len(rows) != 1:
        raise PreventUpdate
    return str(rows[0]["id"])


def _in_the_browser(app: Dash) -> None:
    rows = State(stored.GRID, "selectedRows")
    tools = [on(stored.NAME, name) for name in (*stored.ONE, "compare")]
    app.clientside_callback(
        ClientsideFunction("runs", "allowed"),
        *(Output(tool, "disabled") for tool in tools),
        Input(stored.GRID, "selectedRows"),
    )
    run = Output(ids.RUN, "data", allow_duplicate=True)
    app.clientside_callback(
        ClientsideFunction("runs", "open"),
        run,
        Input(on(stored.NAME, "open"), "n_clicks"),
        rows,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "copy"),
        Output(on(stored.NAME, "said"), "children"),
        Input(on(stored.NAME, "copy"), "n_clicks"),
        rows,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "rename"),
        Output(stored.RENAME_PANEL, "opened", allow_duplicate=True),
        Output(stored.NAME_FIELD, "value"),
        Input(on(stored.NAME, "rename"), "n_clicks"),
        rows,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "remove"),
        Output(stored.REMOVE_PANEL, "opened", allow_duplicate=True),
        Input(on(stored.NAME, "remove"), "n_clicks"),
        Input(stored.KEEP, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "opened"),
        Input(stored.SHEET, "hidden"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "shut"),
        Output(stored.SHEET, "hidden", allow_duplicate=True),
        Input(on(stored.NAME, "sheet-drawer-close"), "n_clicks"),
        prevent_initial_call=True,
    )
