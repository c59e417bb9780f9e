"""Cells are changed, rows come and go; the draft is kept as a desk or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard.pages.inputs import editor, places, preview, steps
from hedgedesk.dashboard.pages.inputs.desk_card import CHANGED, changed, require_press
from hedgedesk.dashboard.pages.inputs.drafting import Held, copy_of_open, held, standing
from hedgedesk.dashboard.pages.inputs.loading import SCRIPT
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import inputs as input_tables

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.workspace import OpenDesk

EDITED = (*preview.LEAVES, *editor.CELLS, *editor.MARKED, f"{places.ANSWER}.data")


def edit(desk: Desk, mine: Held, asked: dict[str, Any]) -> dict[str, Any]:
    """Make the edits that the browser asked for; the leaves that change.

    The cells are sent back only where rows came or went, a column was renamed, or many cells changed at once: an edited
    cell shows its text already.
    """
    file = file_of(desk, mine, str(asked["table"]))
    edits = editor.edits_of(asked["edits"], desk.drafts.table(mine.draft, file))
    read = desk.drafts.edit(mine.draft, file, edits)
    table = desk.drafts.table(mine.draft, file)
    again = asked.get("redraw") or any(edit.kind != "cell" or edit.line == 0 for edit in edits)
    cells = editor.cells(table) if again else dict.fromkeys(editor.CELLS, no_update)
    shown = preview.view(read, mine, standing(desk, mine, read), input_tables.stem(file))
    return {**shown, **cells, **editor.marked(table), f"{places.ANSWER}.data": asked["at"]}


def file_of(desk: Desk, mine: Held, stem: str) -> str:
    """The place of a table in the draft by its stem."""
    tabs = {tab.stem: tab.file for tab in input_tables.tabs(desk.drafts.preview(mine.draft), stem)}
    return tabs.get(stem, stem)


def refused(desk: Desk, mine: Held, asked: dict[str, Any], error: HedgeDeskError) -> dict[str, Any]:
    """The leaves after an edit that was refused: why, and the cells as the draft has them."""
    unchanged: dict[str, Any] = dict.fromkeys(EDITED, no_update)
    told = {f"{places.TABLE_FAULTS}.children": [html.P(str(error), className="hd-file-refused")]}
    try:
        cells = editor.cells(desk.drafts.table(mine.draft, file_of(desk, mine, str(asked["table"]))))
    except HedgeDeskError:
        cells = {}
    return {**unchanged, **cells, **told, f"{places.ANSWER}.data": asked["at"]}


def keep(desk: Desk, mine: Held, title: str, *, new: bool) -> str:
    """Keep the draft as a desk or as the open one's next revision; what is then said.

    Raises
    ------
    HedgeDeskError
        The open desk has changed since the draft was made, and it is not to be a new desk; or the draft has a fault.
    """
    opened = desk.confirmed(mine.draft) or _confirm(desk, mine, title, new=new)
    key = "inputs.kept" if opened.revision == 1 else "inputs.saved"
    return say(key, name=opened.name, revision=opened.revision or 0)


def _confirm(desk: Desk, mine: Held, title: str, *, new: bool) -> OpenDesk:
    stand = standing(desk, mine, desk.drafts.preview(mine.draft))
    if not new and stand.conflict:
        raise HedgeDeskError(f"{say('inputs.conflict')} {say('inputs.conflict_note')}")
    return desk.confirm(mine.draft, title, new=new or stand.follows is None)


def register(app: Dash, desk: Desk) -> None:
    """Edit, undo, keep, throw away."""

    def edited(asked: dict[str, Any] | None, record: Any) -> dict[str, Any]:
        mine = held(record)
        if not isinstance(asked, dict) or not {"table", "edits", "at"} <= set(asked) or mine is None:
            raise PreventUpdate
        try:
            return edit(desk, mine, asked)
        except HedgeDeskError as error:
            return refused(desk, mine, asked, error)

    def discard(clicks: int | None, record: Any) -> tuple[Any, ...]:
        require_press(clicks)
        mine = held(record)
        if mine is not None:
            desk.drafts.discard(mine.draft)
        return copy_of_open(desk).record(), "", no_update, say("inputs.discarded")

    def kept(confirm: int | None, keep_new: int | None, record: Any, title: str | None) -> tuple[Any, ...]:
        require_press(confirm, keep_new)
        mine = held(record)
        if mine is None:
            raise PreventUpdate
        if not (title or "").strip():
            return *[no_update] * 4, say("inputs.name_needed")
        try:
            said = keep(desk, mine, str(title), new=ctx.triggered_id == places.KEEP_NEW)
        except HedgeDeskError as error:
            return mine.again().record(), *[no_update] * 3, str(error).splitlines()[0]
        now = copy_of_open(desk)
        return now.record(), "", changed(desk, now), said, ""

    draft, title = State(places.DRAFT, "data"), State(places.DESK_TITLE, "value")
    wrong = Output(places.DESK_TITLE, "error")
    asked = {"asked": Input(places.EDITS, "data")}
    app.callback(output=outputs(EDITED, EDITED), inputs=asked, state={"record": draft}, prevent_initial_call=True)(
        edited
    )
    steps.register(app, desk, undone=places.UNDO, left=places.LEAVE, draft=places.DRAFT)
    app.callback(*CHANGED, Input(places.DISCARD, "n_clicks"), draft, prevent_initial_call=True)(discard)
    pressed = Input(places.CONFIRM, "n_clicks"), Input(places.KEEP_NEW, "n_clicks")
    app.callback(*CHANGED, wrong, *pressed, draft, title, prevent_initial_call=True)(kept)
    _in_the_browser(app)


def _in_the_browser(app: Dash) -> None:
    changed = Input(places.GRID, "cellValueChanged")
    app.clientside_callback(ClientsideFunction(SCRIPT, "changed"), changed, prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "answered"), Input(places.ANSWER, "data"), prevent_initial_call=True
    )
    app.clientside_callback(ClientsideFunction(SCRIPT, "mark"), Input(places.MARKS, "data"), prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "row"),
        Input(places.ADD, "n_clicks"),
        Input(places.REMOVE, "n_clicks"),
        prevent_initial_call=True,
    )
