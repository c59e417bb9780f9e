"""The skeleton of the page: desk, load, templates, preview, editor, and the bar that keeps or throws away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_ag_grid as dag
from dash import dcc, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.grids import GRID_THEME
from hedgedesk.dashboard.pages.inputs import places, zone
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.inputs import RULES, TABLES

if TYPE_CHECKING:
    from dash.development.base_component import Component

SUFFIXES = (".csv", ".xlsx", ".toml", ".zip", ".tsv", ".txt", ".gz", ".parquet")
"""What can be loaded."""
LARGEST = 11_500_000
"""Bytes of all files that come at once: a third more on the way (base64), and the server takes 16 MB."""
VENUES = ("shanghai", "us", "otc")
"""Styles of venue with a contract to copy."""


def page(path: str) -> Component:
    """The whole page without data."""
    return html.Div(
        className="hd-page hd-inputs",
        children=[
            *parts.heading(places.NAME, path),
            _desk(),
            html.Div(className="hd-row hd-seven-five", children=[_load(), _templates()]),
            _preview(),
            _editor(),
            _bar(),
            *(dcc.Store(id=place) for place in STORES),
            parts.drawer(places.NAME),
        ],
    )


STORES = (
    places.RECALLED,
    places.DRAFT,
    places.FILES,
    places.LEAVE,
    places.EDITS,
    places.ANSWER,
    places.MARKS,
    places.VENDOR,
)


def _button(place: str, text: str, *, primary: bool = False, hidden: bool = False, disabled: bool = False) -> Component:
    return dmc.Button(
        text,
        id=place,
        variant="filled" if primary else "default",
        className="hd-button",
        disabled=disabled,
        style={"display": "none"} if hidden else {},
    )


def _desk() -> Component:
    told = html.Div(
        className="hd-desk-told",
        children=[
            html.Strong(fmt.DASH, id=places.DESK_NAME),
            html.Span(id=places.DESK_KIND, className="hd-badge"),
            html.Span(id=places.DESK_AS_OF),
            html.Span(id=places.DESK_WHERE, className="hd-path"),
        ],
    )
    kept = dmc.Select(
        id=places.DESK_KEPT,
        data=[],
        size="xs",
        w=180,
        searchable=True,
        placeholder=say("inputs.choose_one"),
        nothingFoundMessage=say("inputs.none_kept"),
    )
    actions = html.Div(
        className="hd-actions",
        children=[
            html.Label(say("inputs.open_kept"), htmlFor=places.DESK_KEPT),
            kept,
            _button(places.DESK_SAMPLE, say("inputs.open_sample")),
            html.A(say("inputs.zip"), href="/download/desk.zip", download="", className="hd-as-button"),
            _button(places.DESK_UNDO, say("inputs.undo_revision"), disabled=True),
        ],
    )
    said = html.Div(id=places.SAID, role="status", className="hd-said")
    return html.Section([told, actions, said], className="hd-card hd-desk-card", **{"aria-label": say("inputs.desk")})


def _load() -> Component:
    limit = fmt.number(LARGEST / 1e6, 1)
    told = zone.words(SUFFIXES, LARGEST, say("inputs.types"), say("inputs.choose_row"))
    drop = html.Div(
        id=places.DROP,
        className="hd-drop",
        children=[
            html.P(say("inputs.drop"), className="hd-lead"),
            html.P(say("inputs.limits", limit=limit)),
            html.Div(
                className="hd-actions",
                children=[
                    _button(places.CHOOSE, say("inputs.choose")),
                    _button(places.CHOOSE_FOLDER, say("inputs.choose_folder")),
                ],
            ),
        ],
        **told,
    )
    said = zone.said(places.REFUSED, places.LEFT_OUT, places.READING)
    return parts.card(say("inputs.load"), [drop, *said])


def _templates() -> Component:
    rows = [html.Li([html.Span(say(f"inputs.table.{name}")), html.Span(_links(name))]) for name in TABLES]
    styles = [html.Span(say("inputs.venues")), html.Span([_of_venue(venue) for venue in VENUES])]
    rows.append(html.Li(styles, className="hd-whole-row"))
    note = html.P(say("inputs.templates_note"), className="hd-note")
    return parts.card(say("inputs.templates"), [note, html.Ul(rows, className="hd-templates")])


def _links(name: str) -> list[Component]:
    links: list[Component] = []
    for suffix in ("toml",) if name in RULES else ("csv", "xlsx"):
        label = say("inputs.template", table=say(f"inputs.table.{name}"), format=suffix.upper())
        href = f"/download/template/{name.removesuffix('_toml')}.{suffix}"
        links.append(html.A(suffix.upper(), href=href, download="", className="hd-link", **{"aria-label": label}))
    return links


def _of_venue(venue: str) -> Component:
    style = say(f"inputs.venue.{venue}")
    label = say("inputs.template", table=say("inputs.venue_contract", venue=style), format="TOML")
    href = f"/download/template/contract_{venue}.toml"
    return html.A(style, href=href, download="", className="hd-link", **{"aria-label": label})


def _preview() -> Component:
    body = (places.PREVIEW_FAULTS, places.PREVIEW_FILES, places.PREVIEW_NOTICES)
    return zone.preview(places.PREVIEW, places.PREVIEW_TITLE, places.PREVIEW_NOTE, body)


def _editor() -> Component:
    tools = html.Div(
        className="hd-edit-tools",
        children=[
            _button(places.ADD, say("inputs.add_row")),
            _button(places.REMOVE, say("inputs.remove_row")),
            dmc.Button(
                [say("inputs.undo_edit"), html.Kbd("Ctrl Z")],
                id=places.UNDO,
                variant="default",
                className="hd-button",
                disabled=True,
            ),
        ],
    )
    choice = html.Div(
        dmc.SegmentedControl(id=places.TAB, data=[], value="consumption", size="xs"),
        className="hd-tabs",
        role="group",
        **{"aria-label": say("inputs.editor")},
    )
    grid = dag.AgGrid(
        id=places.GRID,
        columnDefs=[],
        rowData=[],
        getRowId="params.data.line",
        dashGridOptions=GRID_OPTIONS | {"localeText": {"noRowsToShow": say("inputs.empty")}},
        style={"height": "160px"},
    )
    body = [
        html.Div([choice, tools], className="hd-editor-head"),
        html.Div(grid, className="hd-grid hd-edit-grid"),
        html.Div(id=places.TABLE_FAULTS, className="hd-table-faults"),
    ]
    return parts.card(say("inputs.editor"), body, of=places.TABLE_NOTE)


GRID_OPTIONS = {
    "theme": {"function": GRID_THEME},
    "suppressMovableColumns": True,
    "animateRows": False,
    "tooltipShowDelay": 200,
    "enterNavigatesVertically": True,
    "enterNavigatesVerticallyAfterEdit": True,
    "stopEditingWhenCellsLoseFocus": True,
}


def _bar() -> Component:
    title = dmc.TextInput(id=places.DESK_TITLE, label=say("inputs.name"), size="xs", inputProps={"maxLength": 80})
    return html.Section(
        id=places.BAR,
        className="hd-draft-bar",
        hidden=True,
        children=[
            html.Div(
                [html.Strong(id=places.BAR_WORDS), html.Span(id=places.BAR_NOTE)],
                className="hd-bar-words",
                role="status",
            ),
            title,
            _button(places.DISCARD, say("inputs.discard")),
            _button(places.KEEP_NEW, say("inputs.keep_new"), hidden=True),
            _button(places.CONFIRM, say("inputs.confirm"), disabled=True),
        ],
        **{"aria-label": say("inputs.draft")},
    )
