"""The window's draft on this page: found again, shown, kept or thrown away. It is the same draft as on Inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.pages.exposure import forecast_grid, importing, places
from hedgedesk.dashboard.pages.inputs import preview
from hedgedesk.dashboard.pages.inputs.desk_card import changed, require_press
from hedgedesk.dashboard.pages.inputs.drafting import (
    Held,
    copy_of_open,
    current,
    held,
    preview_of,
    reading,
    standing,
)
from hedgedesk.dashboard.pages.inputs.editing import keep
from hedgedesk.dashboard.pages.inputs.loading import failure, waiting
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import Preview

SCRIPT = "inputs"
"""The browser's part: Inputs has it, and follows this page's names."""
BORROWED = (
    "preview.className",
    "preview-title.children",
    "preview-note.children",
    "preview-faults.children",
    "preview-notices.children",
    "bar.hidden",
    "bar.className",
    "bar-words.children",
    "bar-note.children",
    "confirm.children",
    "confirm.disabled",
    "confirm.variant",
    "confirm.style",
    "keep-new.style",
    "keep-new.disabled",
    "undo.disabled",
)
"""What Inputs shows of a draft too, under this page's names."""
PREVIEWED: tuple[str, ...] = (
    *(f"{places.NAME}-{leaf}" for leaf in BORROWED),
    f"{places.PREVIEW}.hidden",
    f"{places.PREVIEW_FILES}.children",
)
SHOWN = (
    *PREVIEWED,
    *forecast_grid.LEAVES,
    f"{places.READING}.children",
    f"{places.REFUSED}.children",
    f"{places.TITLE}.value",
)
CHANGED = (
    Output(places.DRAFT, "data", allow_duplicate=True),
    Output(places.TITLE, "value", allow_duplicate=True),
    Output(places.SAID, "children", allow_duplicate=True),
)


def bar() -> Component:
    """What keeps the draft or throws it away; hidden while there is nothing to keep."""
    name = dmc.TextInput(id=places.TITLE, label=say("inputs.name"), size="xs", inputProps={"maxLength": 80})
    words = html.Div([html.Strong(id=places.BAR_WORDS), html.Span(id=places.BAR_NOTE)], className="hd-bar-words")
    words.role = "status"
    return html.Section(
        id=places.BAR,
        className="hd-draft-bar",
        hidden=True,
        children=[
            words,
            name,
            dmc.Button(say("inputs.discard"), id=places.DISCARD, variant="default", className="hd-button"),
            dmc.Button(
                say("inputs.keep_new"),
                id=places.KEEP_NEW,
                variant="default",
                className="hd-button",
                style=preview.AWAY,
            ),
            dmc.Button(
                say("inputs.confirm"), id=places.CONFIRM, variant="default", className="hd-button", disabled=True
            ),
        ],
        **{"aria-label": say("inputs.draft")},
    )


def settle(desk: Desk, mine: Held | None, section: str) -> Held | None:
    """The draft to show: the forecast always has one, the other parts only one that holds something to keep."""
    if section == places.FORECAST:
        return current(desk, mine)
    if mine is None or reading(desk, mine):
        return mine.again() if mine is not None else None
    read = preview_of(desk, mine)
    return mine.again() if read is not None and (mine.kind == "import" or read.changes) else None


def show(desk: Desk, mine: Held | None, section: str, title: str | None) -> dict[str, Any]:
    """Every leaf of the draft."""
    unchanged: dict[str, Any] = dict.fromkeys(SHOWN, no_update)
    hidden = {f"{places.PREVIEW}.hidden": True, f"{places.BAR}.hidden": True, f"{places.READING}.children": ""}
    if mine is None:
        return unchanged | hidden
    if reading(desk, mine):
        return unchanged | hidden | {f"{places.READING}.children": waiting(desk, mine)}
    read = preview_of(desk, mine)
    if read is None:
        return unchanged | hidden | {f"{places.REFUSED}.children": failure(desk, mine)}
    grid = forecast_grid.of_draft(desk, mine.draft) if section == places.FORECAST else {}
    named = {f"{places.TITLE}.value": title or standing(desk, mine, read).name, f"{places.READING}.children": ""}
    return unchanged | previewed(desk, mine, read) | grid | named


def previewed(desk: Desk, mine: Held, read: Preview) -> dict[str, Any]:
    """Leaves of a draft that has been read: as on Inputs, with the exports one by one."""
    told = preview.view(read, mine, standing(desk, mine, read), "consumption")
    came = bool(importing.exports_of(read))
    own = told["inputs-preview-files.children"]
    if came:
        own = importing.files(importing.listed(read), desk.drafts.exports(mine.draft))
    notes = (places.PREVIEW_NOTE, places.BAR_NOTE) if came and not read.ready else ()
    mend = {f"{place}.children": say("usage.mend") for place in notes}
    return {
        **{f"{places.NAME}-{leaf}": told[f"inputs-{leaf}"] for leaf in BORROWED},
        f"{places.PREVIEW}.hidden": mine.kind != "import",
        f"{places.PREVIEW_FILES}.children": own,
        **mend,
    }


def after(desk: Desk, section: str) -> dict[str, Any] | None:
    """The draft once another was kept or thrown away: the forecast needs a new copy of the open desk."""
    return copy_of_open(desk).record() if section == places.FORECAST else None


def register(app: Dash, desk: Desk) -> None:
    """Find the draft, show it, keep it, throw it away."""

    def found(recalled: Any, section: str, _told: Any, _seen: Any, record: Any) -> Any:
        mine = settle(desk, held(record) or held(recalled), section)
        return mine.record() if mine is not None else no_update

    def shown(record: Any, section: str, title: str | None) -> dict[str, Any]:
        return show(desk, held(record), section, title)

    def discard(clicks: int | None, record: Any, section: str) -> tuple[Any, ...]:
        require_press(clicks)
        mine = held(record)
        if mine is not None:
            desk.drafts.discard(mine.draft)
        return after(desk, section), "", say("inputs.discarded")

    draft, section = State(places.DRAFT, "data"), State(places.SECTION, "value")
    causes = Input(places.RECALLED, "data"), Input(places.SECTION, "value"), Input(ids.DONE, "data")
    app.callback(Output(places.DRAFT, "data"), *causes, Input(ids.FOCUS, "data"), draft, prevent_initial_call=True)(
        found
    )
    app.callback(
        output=outputs(SHOWN, SHOWN),
        inputs={"record": Input(places.DRAFT, "data")},
        state={"section": section, "title": State(places.TITLE, "value")},
        prevent_initial_call=True,
    )(shown)
    app.callback(*CHANGED, Input(places.DISCARD, "n_clicks"), draft, section, prevent_initial_call=True)(discard)
    _keeps(app, desk)
    _in_the_browser(app)


def _keeps(app: Dash, desk: Desk) -> None:
    def kept(confirm: int | None, again: int | None, record: Any, title: str | None, section: str) -> tuple[Any, ...]:
        require_press(confirm, again)
        mine = held(record)
        if mine is None:
            raise PreventUpdate
        if not (title or "").strip():
            return *[no_update] * 5, say("inputs.name_needed")
        try:
            return *keep_and_study(desk, mine, str(title), section, new=ctx.triggered_id == places.KEEP_NEW), ""
        except HedgeDeskError as error:
            return mine.again().record(), *[no_update] * 4, str(error).splitlines()[0]

    started = Output(ids.DESK, "data", allow_duplicate=True), Output(ids.JOB, "data", allow_duplicate=True)
    pressed = Input(places.CONFIRM, "n_clicks"), Input(places.KEEP_NEW, "n_clicks")
    known = State(places.DRAFT, "data"), State(places.TITLE, "value"), State(places.SECTION, "value")
    app.callback(*CHANGED, *started, Output(places.TITLE, "error"), *pressed, *known, prevent_initial_call=True)(kept)


def keep_and_study(desk: Desk, mine: Held, title: str, section: str, *, new: bool) -> tuple[Any, ...]:
    """Keep the draft; where exports came with it, study the usage at once: draft, name, words, desk, job.

    Raises
    ------
    HedgeDeskError
        As :func:`~hedgedesk.dashboard.pages.inputs.editing.keep`.
    """
    read = preview_of(desk, mine)
    studied = read is not None and bool(importing.exports_of(read))
    said = keep(desk, mine, title, new=new)
    words = say("usage.kept", name=desk.opened().name) if studied else said
    job = desk.usages.start() if studied else no_update
    return after(desk, section), "", words, changed(desk, mine), job


def _in_the_browser(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "recall"), Output(places.RECALLED, "data"), Input(places.DROP, "id")
    )
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "remember"), Input(places.DRAFT, "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction(SCRIPT, "answered"), Input(places.ANSWER, "data"), prevent_initial_call=True
    )
