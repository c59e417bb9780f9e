"""What may prices do? The range of the scenarios, the models behind it, and the desk's own index with its audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.market import index, models, own_index, places, scenarios
from hedgedesk.dashboard.pages.market.models import cards
from hedgedesk.dashboard.pages.market.models import places as fitted
from hedgedesk.dashboard.pages.market.scenarios import LEAVES, NAME, view
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk

__all__ = ["LEAVES", "NAME", "PAGE", "layout", "register", "view"]

PAGE: dict[str, Any] = {"path": "/market", "name": "nav.market", "order": 20}
SCENARIOS = on(NAME, "scenarios")
PARTS = {"scenarios": SCENARIOS, fitted.PART: fitted.SECTION, places.PART: places.SECTION}
"""Each part of the page, and where it stands."""


def layout(_desk: Desk, part: str | None = None, **_query: str) -> Component:
    """The skeleton; a link with ``part`` opens that part."""
    shown = part if part in PARTS else "scenarios"
    bodies = {"scenarios": scenarios.skeleton(), fitted.PART: cards.skeleton(), places.PART: own_index.skeleton()}
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"], _parts(shown)),
            *(html.Div(body, id=PARTS[name], hidden=name != shown) for name, body in bodies.items()),
            own_index.audit_drawer(),
            parts.drawer(NAME),
        ],
    )


def _parts(shown: str) -> Component:
    """Which part of the page is shown."""
    choices = [{"value": name, "label": say(f"market.part.{name}")} for name in PARTS]
    control = dmc.SegmentedControl(
        id=places.SHOWN, data=choices, value=shown, size="xs", withItemsBorders=False, className="hd-switch"
    )
    return html.Div(control, role="group", **{"aria-label": say("market.part.label")})


def register(app: Dash, desk: Desk) -> None:
    """Fill the parts; switch between them; open the drawers."""
    scenarios.register(app, desk)
    models.register(app, desk)
    index.register(app, desk)
    leaves.open_drawer(app, NAME)
    app.clientside_callback(
        ClientsideFunction("market", "part"),
        *(Output(place, "hidden") for place in PARTS.values()),
        Input(places.SHOWN, "value"),
        prevent_initial_call=True,
    )
