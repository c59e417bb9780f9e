"""The forecast, month by month: cells are edited, many at once multiplied, or all filled from what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.pages.exposure import drafts, forecast_grid, places
from hedgedesk.dashboard.pages.exposure.forecast_grid import FILE
from hedgedesk.dashboard.pages.inputs.desk_card import require_press
from hedgedesk.dashboard.pages.inputs.drafting import Held, held, preview_of
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk

EDITED = (*drafts.PREVIEWED, *forecast_grid.LEAVES, f"{places.ANSWER}.data")
EXPORTS, OWN = "exports", "own"
"""Names of teams: as the exports have them, or as the forecast has them already."""
GROWN = (
    Output(places.DRAFT, "data", allow_duplicate=True),
    Output(places.SAID, "children", allow_duplicate=True),
    Output(places.GROW_PERCENT, "error"),
)


def skeleton() -> list[Component]:
    """Multiplier, grid, what is wrong."""
    grid = dag.AgGrid(
        id=places.GRID,
        columnDefs=[],
        rowData=[],
        getRowId="params.data.id",
        dashGridOptions=forecast_grid.options(),
        style={"height": "160px"},
    )
    tools = [
        _teams(),
        _button(places.ADOPT, say("usage.adopt")),
        _button(places.UNDO, [say("forecast.undo"), html.Kbd("Ctrl Z")], disabled=True),
    ]
    head = html.Div([_multiplier(), html.Div(tools, className="hd-edit-tools")], className="hd-forecast-head")
    faults = html.Div(id=places.TABLE_FAULTS, className="hd-table-faults")
    body = [head, html.Div(grid, className="hd-grid hd-forecast-grid"), faults]
    return [parts.card(say("forecast.title"), body, of=places.TABLE_NOTE)]


def _teams() -> Component:
    """Whose names of teams the forecast from usage has."""
    choices = [{"value": whose, "label": say(f"usage.teams.{whose}")} for whose in (EXPORTS, OWN)]
    told = {"aria-label": say("usage.teams.label")}
    return dmc.Select(id=places.ADOPT_TEAMS, data=choices, value=EXPORTS, size="xs", w=176, allowDeselect=False, **told)


def _button(place: str, text: Any, *, disabled: bool = False) -> Component:
    return dmc.Button(text, id=place, variant="default", className="hd-button", disabled=disabled)


def _multiplier() -> Component:
    every = say("forecast.every")
    fields = [
        _choice(places.GROW_TEAM, say("forecast.team"), every, 112),
        _choice(places.GROW_MODEL, say("forecast.model"), every, 152),
        _choice(places.GROW_FIRST, say("forecast.first"), every, 100),
        _choice(places.GROW_LAST, say("forecast.last"), every, 100),
        dmc.TextInput(id=places.GROW_PERCENT, label=say("forecast.percent"), size="xs", w=76, value="10"),
        _button(places.GROW, say("forecast.apply")),
    ]
    return html.Div(fields, className="hd-multiplier", role="group", **{"aria-label": say("forecast.change")})


def _choice(place: str, label: str, every: str, width: int) -> Component:
    return dmc.Select(id=place, label=label, data=[], size="xs", w=width, clearable=True, placeholder=every)


def edit(desk: Desk, mine: Held, asked: dict[str, Any]) -> dict[str, Any]:
    """Make the edits that the browser asked for; the leaves that change.

    Raises
    ------
    HedgeDeskError
        An edit that cannot be done; the draft is as before.
    """
    from hedgedesk.reports.tables.forecast import edits_of

    table = desk.drafts.table(mine.draft, FILE)
    read = desk.drafts.edit(mine.draft, table.name, edits_of(asked["edits"], table))
    shown = drafts.previewed(desk, mine, read)
    return {**shown, **forecast_grid.of_draft(desk, mine.draft), f"{places.ANSWER}.data": asked["at"]}


def refused(desk: Desk, mine: Held, asked: dict[str, Any], error: HedgeDeskError) -> dict[str, Any]:
    """The leaves after an edit that was refused: why, and the cells as the draft has them."""
    unchanged: dict[str, Any] = dict.fromkeys(EDITED, no_update)
    told = {f"{places.TABLE_FAULTS}.children": [html.P(str(error), className="hd-file-refused")]}
    return unchanged | forecast_grid.of_draft(desk, mine.draft) | told | {f"{places.ANSWER}.data": asked["at"]}


def grow(desk: Desk, mine: Held, percent: float, chosen: dict[str, str]) -> str:
    """Multiply part of the forecast; what is then said.

    Raises
    ------
    HedgeDeskError
        Nothing fits.
    """
    _, cells = desk.drafts.grow(mine.draft, percent / 100.0, **chosen)
    return say("forecast.applied_one" if cells == 1 else "forecast.applied", count=cells, percent=signed(percent))


def adopt(desk: Desk, mine: Held, *, keep_teams: bool) -> str:
    """Take the forecast from usage into the draft; what is then said, first of all of teams that it did not have.

    Raises
    ------
    HedgeDeskError
        There is none to take.
    """
    from hedgedesk.reports.tables.forecast import changes_words

    changes = desk.usages.adoption_changes(mine.draft)
    desk.usages.adopt(mine.draft, keep_teams=keep_teams)
    words = changes_words(changes, kept=keep_teams)
    return " ".join((say("usage.adopted"), *([words] if words else [])))


def signed(percent: float) -> str:
    """``+10%``."""
    return fmt.share(percent / 100.0, 0 if percent == round(percent) else 1, signed=True)


def percent_of(text: str | None) -> float | None:
    """A change as it is typed; None: it is none."""
    typed = (text or "").replace("%", "").replace("−", "-").replace(",", ".").strip()
    try:
        value = float(typed)
    except ValueError:
        return None
    return value if -100.0 <= value <= 1_000_000.0 else None


def register(app: Dash, desk: Desk) -> None:
    """Edit, multiply, fill from usage."""
    for part in (_edits, _grows, _adopts):
        part(app, desk)
    app.clientside_callback(
        ClientsideFunction("exposure", "edited"), Input(places.GRID, "cellValueChanged"), prevent_initial_call=True
    )


def _edits(app: Dash, desk: Desk) -> None:
    def edited(asked: dict[str, Any] | None, record: Any) -> dict[str, Any]:
        mine = held(record)
        if not isinstance(asked, dict) or not {"edits", "at"} <= set(asked) or mine is None:
            raise PreventUpdate
        try:
            return edit(desk, mine, asked)
        except HedgeDeskError as error:
            return refused(desk, mine, asked, error)

    asked, record = {"asked": Input(places.EDITS, "data")}, State(places.DRAFT, "data")
    app.callback(output=outputs(EDITED, EDITED), inputs=asked, state={"record": record}, prevent_initial_call=True)(
        edited
    )


def _grows(app: Dash, desk: Desk) -> None:
    def grown(clicks: int | None, record: Any, text: str | None, *chosen: str | None) -> tuple[Any, ...]:
        require_press(clicks)
        mine, percent = held(record), percent_of(text)
        if mine is None or percent is None:
            return no_update, "", say("forecast.percent_wrong")
        names = dict(zip(("team", "model", "first", "last"), (name or "" for name in chosen), strict=True))
        try:
            return mine.again().record(), grow(desk, mine, percent, names), ""
        except HedgeDeskError as error:
            return no_update, str(error), ""

    fields = (places.GROW_PERCENT, places.GROW_TEAM, places.GROW_MODEL, places.GROW_FIRST, places.GROW_LAST)
    known = State(places.DRAFT, "data"), *(State(field, "value") for field in fields)
    app.callback(*GROWN, Input(places.GROW, "n_clicks"), *known, prevent_initial_call=True)(grown)


def _adopts(app: Dash, desk: Desk) -> None:
    def adopted(clicks: int | None, record: Any, teams: str | None) -> tuple[Any, ...]:
        require_press(clicks)
        mine = held(record)
        if mine is None or preview_of(desk, mine) is None:
            raise PreventUpdate
        try:
            return mine.again().record(), adopt(desk, mine, keep_teams=teams == OWN)
        except HedgeDeskError as error:
            return no_update, str(error)

    told = Output(places.DRAFT, "data", allow_duplicate=True), Output(places.SAID, "children", allow_duplicate=True)
    pressed = Input(places.ADOPT, "n_clicks"), State(places.DRAFT, "data"), State(places.ADOPT_TEAMS, "value")
    app.callback(*told, *pressed, prevent_initial_call=True)(adopted)
