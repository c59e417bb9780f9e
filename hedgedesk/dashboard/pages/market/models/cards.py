"""The skeleton of the models' part: what is asked, the models side by side, one of them in full, how they forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
from dash import dcc, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import kpis
from hedgedesk.dashboard.pages.market.models import places
from hedgedesk.dashboard.pages.market.models.places import NAME
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component


def skeleton() -> list[Component]:
    """The part without data."""
    return [
        dcc.Store(id=places.OWN, storage_type="session"),
        html.Div(_head(), className="hd-models-head"),
        parts.empty_card(say("models.none"), html.P(id=places.WHY), id=places.EMPTY, hidden=True),
        html.Div(_found(), id=places.FOUND),
    ]


def _head() -> list[Component]:
    told = [html.P(id=places.STATE, className="hd-models-state"), html.P(id=places.NOTE, className="hd-models-note")]
    fit = dmc.Button(
        say("models.fit"), id=places.FIT, variant="filled", className="hd-button", style={"display": "none"}
    )
    run = dmc.Button(
        say("models.run_blank"),
        id=places.RUN_WITH,
        variant="default",
        className="hd-button",
        disabled=True,
    )
    drawn = _named("models.uncertainty", _switch(places.UNCERTAIN, "models.uncertainty", (places.OFF, places.ON)))
    hinted = html.Span(run, id=f"{places.RUN_WITH}-hint")
    return [html.Div(told, role="status"), html.Div([drawn, fit, hinted], className="hd-actions")]


def _found() -> list[Component]:
    return [
        parts.card(
            say("models.compare"),
            [
                _grid(places.COMPARED),
                html.Ul(id=places.REFUSED, className="hd-notes", tabIndex=0),
                _meanings(say("models.reading"), places.COMPARED),
            ],
            of=f"{places.COMPARED}-unit",
            export="models.compared",
        ),
        html.Div(_choices(), className="hd-models-choices"),
        kpis.row(NAME, places.BLANKS),
        html.Div(className="hd-row hd-eight-four hd-tall", children=[_fan(), _parameters()]),
        html.Div(
            className="hd-row hd-halves hd-models-middle",
            children=[
                parts.chart_card(NAME, places.CURVE, say("figure.model_curve.title"), export="models.curve"),
                _jumps(),
            ],
        ),
        html.Div(
            parts.chart_card(NAME, places.REGIMES, say("figure.regimes.title"), low=True, export="models.regimes"),
            className="hd-row",
        ),
        _judged(),
    ]


def _choices() -> list[Component]:
    """Which model, beside which other."""
    model = dmc.SegmentedControl(
        id=places.MODEL,
        data=[{"value": places.NONE, "label": say("models.shown")}],
        value=places.NONE,
        size="xs",
        withItemsBorders=False,
        className="hd-switch",
    )
    beside = dmc.Select(
        id=places.BESIDE,
        data=[],
        value=places.NONE,
        size="xs",
        w=168,
        allowDeselect=False,
        **{"aria-label": say("models.beside")},
    )
    return [_named("models.shown", model), html.Div(className="hd-grow"), _named("models.beside", beside)]


def _named(key: str, control: Component) -> Component:
    name = html.Span(say(key), className="hd-index-name", **{"aria-hidden": "true"})
    return html.Div([name, control], role="group", className="hd-choice", **{"aria-label": say(key)})


def _switch(place: str, key: str, names: tuple[str, str]) -> Component:
    choices = [{"value": name, "label": say(f"{key}_{name}")} for name in names]
    return dmc.SegmentedControl(
        id=place, data=choices, value=names[0], size="xs", withItemsBorders=False, className="hd-switch"
    )


def _fan() -> Component:
    drawn = html.Div(
        _switch(places.DRAW, "models.draw", (places.RANGE, places.PATHS)),
        role="group",
        **{"aria-label": say("models.draw")},
    )
    return parts.chart_card(NAME, places.FAN, say("figure.model_fan.blank"), export="models.fan", tool=drawn)


def _parameters() -> Component:
    told = html.Div(
        [
            html.Span(id=places.OWN_TOLD),
            html.Button(say("models.clear"), id=places.CLEAR, className="hd-link", hidden=True),
        ],
        className="hd-own-told",
        role="status",
    )
    body = [
        html.Div(_grid(places.PARAMETERS), className="hd-own-grid"),
        told,
        html.Div(id=places.WRONG, role="alert", className="hd-own-wrong"),
        html.Ul(id=places.ASSUMED, className="hd-notes", tabIndex=0),
    ]
    return parts.card(say("models.parameters"), body, of=f"{places.PARAMETERS}-unit", export="models.parameters")


def _jumps() -> Component:
    happened = html.Div(
        [html.H3(id=places.JUMP_TITLE), html.Ul(id=places.JUMP_TOLD)],
        className="hd-jump",
        role="status",
        tabIndex=0,
    )
    body = [html.Div(_grid(places.JUMPS), className="hd-jumps"), happened]
    return parts.card(say("jumps.title"), body, of=f"{places.JUMPS}-unit", export="models.jumps")


def _judged() -> Component:
    horizon = dmc.SegmentedControl(
        id=places.HORIZON, data=[], value="", size="xs", withItemsBorders=False, className="hd-switch"
    )
    validate = dmc.Button(say("judged.validate"), id=places.VALIDATE, variant="default", className="hd-button")
    title = [
        html.H2(say("judged.title")),
        html.Span(id=places.BADGE, className="hd-badge"),
        html.Span(id=f"{places.TABLE}-unit", className="hd-of"),
    ]
    ahead = html.Div(_named("judged.horizon", horizon), id=places.AHEAD, hidden=True)
    tool = html.Div([ahead, validate], className="hd-judged-tools")
    pit = parts.chart_card(NAME, places.PIT, say("figure.pit.blank"), low=True, export="validation.pit")
    body = [
        html.P(id=places.VERDICT, className="hd-words hd-verdict", role="status"),
        html.Div(
            [
                _grid(places.TABLE),
                html.P(id=places.READING, className="hd-words hd-reading"),
                _meanings(say("judged.columns"), places.TABLE),
            ],
            id=places.BODY,
            hidden=True,
        ),
    ]
    below = html.Div(
        id=places.BELOW,
        hidden=True,
        className="hd-row hd-halves",
        children=[
            pit,
            parts.card(
                say("judged.remarks"), [html.Ul(id=places.REMARKS, className="hd-notes hd-remarks", tabIndex=0)]
            ),
        ],
    )
    card = parts.titled_card(title, body, say("judged.title"), "validation.validation", tool)
    return html.Div([html.Div(card, className="hd-row"), below], id=places.JUDGED)


def _meanings(title: str, table: str) -> Component:
    """Where the columns of a table are explained, folded in below it."""
    return html.Details([html.Summary(title), html.Dl(id=f"{table}-meanings")], className="hd-meanings")


def _grid(place: str) -> Component:
    """A grid whose rows are known by their id, so that one can be pressed."""
    made: Any = dag.AgGrid(
        id=place,
        columnDefs=[],
        rowData=[],
        getRowId="params.data.id",
        dashGridOptions=grids.options(),
        style={"height": None},
    )
    return html.Div(made, className="hd-grid", id=on(NAME, f"{place.removeprefix(NAME + '-')}-place"))
