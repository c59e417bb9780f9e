"""What is still open? Volume without a fixed price; what was really used and paid; the forecast, to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, dcc, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.dashboard.pages.exposure import drafts, forecast, importing, opened, places, study_cards, usage
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

NAME = places.NAME
PAGE: dict[str, Any] = {"path": "/exposure", "name": "nav.exposure", "order": 30}
BLANKS, LEAVES, CHARTS = opened.BLANKS, opened.LEAVES, opened.CHARTS
STORES = (places.RECALLED, places.DRAFT, places.FILES, places.LEAVE, places.EDITS, places.ANSWER, places.VENDOR)


def layout(_desk: Desk, section: str = places.OPEN, **_query: str) -> Component:
    """The skeleton; a link with ``section`` opens that part."""
    shown = section if section in places.SECTIONS else places.OPEN
    bodies = {
        places.OPEN: opened.skeleton(),
        places.USAGE: [*importing.skeleton(), *study_cards.skeleton()],
        places.FORECAST: forecast.skeleton(),
    }
    return html.Div(
        className="hd-page hd-exposure",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            kpis.row(NAME, BLANKS, opened.BANDED),
            html.Div([_sections(shown), opened.switch()], className="hd-sections"),
            html.Div(id=places.SAID, role="status", className="hd-said"),
            *(html.Div(body, id=places.body(name), hidden=name != shown) for name, body in bodies.items()),
            drafts.bar(),
            *(dcc.Store(id=place) for place in STORES),
            parts.drawer(NAME),
        ],
    )


def _sections(shown: str) -> Component:
    choices = [{"value": name, "label": say(f"exposure.section.{name}")} for name in places.SECTIONS]
    control = dmc.SegmentedControl(id=places.SECTION, data=choices, value=shown, size="xs", className="hd-switch")
    return html.Div(control, role="group", **{"aria-label": say("exposure.section_label")})


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf that a run fills but the charts with a switch."""
    return opened.view(run)


def charts(run: HedgeRun, unit: str, by: str = opened.FIRST_CUT) -> leaves.Leaves:
    """The charts with a switch."""
    return opened.charts(run, unit, by)


def register(app: Dash, desk: Desk) -> None:
    """The parts' callbacks, the drawer, and which part is shown."""
    for part in (opened, drafts, importing, usage, forecast):
        part.register(app, desk)
    leaves.open_drawer(app, NAME)
    app.clientside_callback(
        ClientsideFunction("exposure", "section"),
        *(Output(places.body(name), "hidden") for name in places.SECTIONS),
        Input(places.SECTION, "value"),
    )
