"""The skeleton of the index's half of the page, and of its audit drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from hedgedesk.dashboard import grids, parts, tools
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.pages import kpis
from hedgedesk.dashboard.pages.market import places
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component


def skeleton() -> list[Component]:
    """The half page without data."""
    return [
        html.P(say("index.settles_unknown"), id=places.SETTLES, className="hd-index-settles"),
        html.Div(_controls(), className="hd-index-controls"),
        html.Div(id=places.FOUND, children=_found()),
        _empty(),
    ]


def _controls() -> list[Component]:
    return [
        _choice(places.METHOD, "index.method", places.METHODS),
        _choice(places.FREQUENCY, "index.frequency", places.FREQUENCIES),
        _choice(places.SCREENS, "index.screens", ("on", "off")),
        html.Div(className="hd-grow"),
        dmc.Button(
            say("index.audit_blank"),
            id=places.OPEN_AUDIT,
            variant="default",
            className="hd-button",
            **{"aria-expanded": "false", "aria-controls": places.DRAWER},
        ),
    ]


def _choice(place: str, key: str, names: tuple[str, ...]) -> Component:
    """A control whose first value is the desk's own, told by the first answer."""
    choices = [{"value": name, "label": say(f"{key}.{name}")} for name in names]
    control = dmc.SegmentedControl(id=place, data=choices, size="xs", withItemsBorders=False, className="hd-switch")
    named = html.Span(say(f"{key}.label"), className="hd-index-name", **{"aria-hidden": "true"})
    return html.Div([named, control], role="group", className="hd-choice", **{"aria-label": say(f"{key}.label")})


def _found() -> list[Component]:
    date = dmc.Select(
        id=places.DATE, data=[], size="xs", w=128, allowDeselect=False, **{"aria-label": say("index.print_label")}
    )
    checks = [html.Div(id=places.CHECKS, className="hd-index-checks")]
    return [
        html.P(id=places.MEANING, className="hd-index-meaning"),
        kpis.row(places.NAME, places.BLANKS),
        html.Div(
            className="hd-row hd-eight-four hd-tall",
            children=[
                parts.chart_card(places.NAME, places.CHART, say("index.blank"), export="index.prints"),
                parts.card(
                    say("index.constituents"),
                    [html.Div(grids.grid(places.CONSTITUENTS), className="hd-index-held")],
                    of=f"{places.CONSTITUENTS}-unit",
                    tool=date,
                    export="index.constituents",
                ),
            ],
        ),
        parts.card(say("index.iosco"), checks, of=f"{places.CHECKS}-unit", export="index.iosco"),
    ]


def _empty() -> Component:
    why = html.P(id=places.WHY, className="hd-index-why")
    inputs = dcc.Link(say("index.open_inputs"), href="/inputs", className="hd-link")
    return parts.empty_card(say("index.none"), why, inputs, id=places.EMPTY, hidden=True)


def audit_drawer() -> Component:
    """Every decision, at the right edge; Escape closes it."""
    title = f"{places.AUDIT}-title"
    close = html.Button(
        tools.icon("close"), id=places.CLOSE_AUDIT, className="hd-plain", **{"aria-label": say("app.close")}
    )
    head = [
        html.H2(say("index.audit"), id=title),
        html.Div([*tools.table_tools(say("index.audit"), "index.audit"), close], className="hd-tools"),
    ]
    return html.Aside(
        id=places.DRAWER,
        hidden=True,
        className="hd-drawer hd-audit",
        **{"aria-labelledby": title},
        children=[
            html.Header(head),
            html.P(id=f"{places.AUDIT}-unit"),
            html.Div(grids.grid(places.AUDIT), className="hd-audit-grid"),
        ],
    )
