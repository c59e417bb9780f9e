"""What may prices do? The range of the scenarios, and the desk's own index with its audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.market import index, own_index, places, scenarios
from hedgedesk.dashboard.pages.market.scenarios import LEAVES, NAME, view
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk

__all__ = ["LEAVES", "NAME", "PAGE", "layout", "register", "view"]

PAGE: dict[str, Any] = {"path": "/market", "name": "nav.market", "order": 20}
SCENARIOS = on(NAME, "scenarios")


def layout(_desk: Desk, part: str | None = None, **_query: str) -> Component:
    """The skeleton; a link with ``part=index`` opens the index."""
    own = part == places.PART
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"], _parts(places.PART if own else "scenarios")),
            html.Div(scenarios.skeleton(), id=SCENARIOS, hidden=own),
            html.Div(own_index.skeleton(), id=places.SECTION, hidden=not own),
            own_index.audit_drawer(),
            parts.drawer(NAME),
        ],
    )


def _parts(shown: str) -> Component:
    """Which half of the page is shown."""
    choices = [{"value": name, "label": say(f"market.part.{name}")} for name in ("scenarios", places.PART)]
    control = dmc.SegmentedControl(
        id=places.SHOWN, data=choices, value=shown, size="xs", withItemsBorders=False, className="hd-switch"
    )
    return html.Div(control, role="group", **{"aria-label": say("market.part.label")})


def register(app: Dash, desk: Desk) -> None:
    """Fill both halves; switch between them; open the drawers."""
    scenarios.register(app, desk)
    index.register(app, desk)
    leaves.open_drawer(app, NAME)
    app.clientside_callback(
        ClientsideFunction("market", "part"),
        Output(SCENARIOS, "hidden"),
        Output(places.SECTION, "hidden"),
        Input(places.SHOWN, "value"),
        prevent_initial_call=True,
    )
