"""Files come in: from the browser to a draft, from the draft to the page."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages.inputs import editor, places, preview
from hedgedesk.dashboard.pages.inputs.drafting import Held, Standing, current, held, preview_of, reading, standing
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import inputs as input_tables

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import Preview

SCRIPT = "inputs"
SHOWN = (
    *preview.LEAVES,
    *editor.CELLS,
    *editor.MARKED,
    f"{places.READING}.children",
    f"{places.REFUSED}.children",
    f"{places.TAB}.value",
    f"{places.DESK_TITLE}.value",
)


def settle(desk: Desk, mine: Held | None, told: dict[str, Any] | None) -> tuple[Any, ...]:
    """The draft to show, an emptied name where it is another one, the table with the first fault after an import."""
    now = current(desk, mine)
    another = mine is None or now.draft != mine.draft
    imported = told is not None and told.get("kind") == "import" and not reading(desk, now)
    return now.record(), "" if another else no_update, first_fault(desk, now) if imported else no_update


def first_fault(desk: Desk, mine: Held) -> Any:
    """Stem of the first table with a fault; no change where there is none."""
    read = preview_of(desk, mine)
    faulty = [tab.stem for tab in input_tables.tabs(read) if tab.faults] if read is not None else []
    return faulty[0] if faulty else no_update


def show(desk: Desk, mine: Held, chosen: str, title: str | None) -> dict[str, Any]:
    """Every leaf of the draft and of its table ``chosen``."""
    unchanged: dict[str, Any] = dict.fromkeys(SHOWN, no_update)
    if reading(desk, mine):
        return unchanged | {f"{places.READING}.children": waiting(desk, mine)}
    read = preview_of(desk, mine)
    if read is None:
        return unchanged | {f"{places.READING}.children": "", f"{places.REFUSED}.children": failure(desk, mine)}
    stand = standing(desk, mine, read)
    shown = table_leaves(desk, mine, read, stand, chosen)
    said = {f"{places.READING}.children": "", f"{places.REFUSED}.children": no_update}
    # A name that stands there may be typed on while this answer is under way: it is never sent back.
    return shown | said | {f"{places.DESK_TITLE}.value": no_update if title else stand.name}


def table_leaves(desk: Desk, mine: Held, read: Preview, stand: Standing, chosen: str) -> dict[str, Any]:
    """Leaf props of the draft, its tabs and the chosen table."""
    tabs = {tab.stem: tab for tab in input_tables.tabs(read, chosen)}
    tab = tabs.get(chosen) or tabs[input_tables.EDITED[0]]
    return {
        **preview.view(read, mine, stand, tab.stem),
        **editor_leaves(desk, mine, tab.file),
        f"{places.TAB}.value": tab.stem if tab.stem != chosen else no_update,
    }


def editor_leaves(desk: Desk, mine: Held, file: str) -> dict[str, Any]:
    """Leaf props of a table in the editor; of one whose cells cannot be shown, why."""
    try:
        table = desk.drafts.table(mine.draft, file)
    except HedgeDeskError as error:
        return editor.unreadable(file, str(error))
    return {**editor.cells(table), **editor.marked(table)}


def waiting(desk: Desk, mine: Held) -> str:
    """What is said while the files are read, or wait for a run to end."""
    state = desk.job(mine.job)
    return say("inputs.queued" if state is not None and state.status == "waiting" else "inputs.reading")


def failure(desk: Desk, mine: Held) -> str:
    """Why the files could not be read at all."""
    state = desk.job(mine.job) if mine.job else None
    if state is not None and state.failure is not None:
        return state.failure.text
    return say("inputs.draft_gone")


def receive(desk: Desk, sent: list[dict[str, str]], mine: Held | None) -> Held:
    """A draft of the files that the browser sent, completed from the open desk, and the job that reads it.

    Raises
    ------
    HedgeDeskError
        They are no files that can be read.
    """
    try:
        files = [(str(file["name"]), base64.b64decode(file["content"], validate=True)) for file in sent]
    except (KeyError, TypeError, binascii.Error) as error:
        raise HedgeDeskError(say("inputs.garbled")) from error
    opened = desk.opened()
    draft = desk.drafts.receive(files, opened.folder)
    if mine is not None:
        desk.drafts.discard(mine.draft)
    return Held(draft, "import", opened.key, desk.drafts.start_reading(draft))


def register(app: Dash, desk: Desk) -> None:
    """Find the window's draft, take files, show what is there."""

    def found(recalled: Any, told: dict[str, Any] | None, _seen: Any, record: Any) -> tuple[Any, ...]:
        mine = held(record)
        # Dash drops the answer under way when it asks again, so a page without its draft yet is never told "no change".
        if mine is not None and ctx.triggered_id == ids.DONE and (not told or told.get("kind") != "import"):
            raise PreventUpdate
        if mine is not None and ctx.triggered_id == ids.FOCUS and mine.base == desk.opened().key:
            raise PreventUpdate
        mine = mine or held(recalled)
        return settle(desk, mine, told if ctx.triggered_id == ids.DONE else None)

    def take(sent: dict[str, Any] | None, record: Any) -> tuple[Any, ...]:
        if not sent:
            raise PreventUpdate
        try:
            mine = receive(desk, sent["files"], held(record))
        except HedgeDeskError as error:
            return no_update, no_update, no_update, str(error), None
        return mine.record(), mine.job, "", no_update, None

    def shown(record: dict[str, Any] | None, chosen: str, title: str | None) -> dict[str, Any]:
        mine = held(record)
        if mine is None:
            raise PreventUpdate
        return show(desk, mine, chosen, title)

    draft, tab, title = (places.DRAFT, "data"), (places.TAB, "value"), (places.DESK_TITLE, "value")
    sources = Input(places.RECALLED, "data"), Input(ids.DONE, "data"), Input(ids.FOCUS, "data"), State(*draft)
    app.callback(
        Output(*draft),
        Output(*title),
        Output(*tab, allow_duplicate=True),
        *sources,
        prevent_initial_call="initial_duplicate",
    )(found)
    app.callback(
        Output(*draft, allow_duplicate=True),
        Output(ids.JOB, "data", allow_duplicate=True),
        Output(*title, allow_duplicate=True),
        Output(places.REFUSED, "children", allow_duplicate=True),
        Output(places.FILES, "data"),
        Input(places.FILES, "data"),
        State(*draft),
        prevent_initial_call=True,
    )(take)
    parts = {"record": Input(*draft), "chosen": Input(*tab)}
    app.callback(output=outputs(SHOWN, SHOWN), inputs=parts, state={"title": State(*title)}, prevent_initial_call=True)(
        shown
    )
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "recall"), Output(places.RECALLED, "data"), Input(places.DROP, "id")
    )
    app.clientside_callback(ClientsideFunction(SCRIPT, "remember"), Input(*draft), prevent_initial_call=True)
