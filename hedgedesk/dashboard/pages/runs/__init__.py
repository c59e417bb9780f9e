"""Where did this number come from? Every stored run, what it was made of, two of them compared, and who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, dcc, html

from hedgedesk.dashboard import parts
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.runs import actions, compare, stored

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

NAME = "runs"
PAGE: dict[str, Any] = {"path": "/runs", "name": "nav.runs", "order": 80}
LEAVES = (*leaves.frame_leaves(NAME),)


def layout(_desk: Desk, a: str | None = None, b: str | None = None, **_query: str) -> Component:
    """The skeleton; ``a`` and ``b`` are the runs that a link compares."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            *stored.skeleton(),
            *compare.skeleton({"a": a, "b": b} if a and b else None),
            stored.log_card(),
            parts.drawer(NAME),
            stored.manifest_drawer(),
            dcc.Store(id=stored.CHANGED),
        ],
    )


def view(run: HedgeRun) -> leaves.Leaves:
    """Context line and method of the run on the screen."""
    return leaves.frame(NAME, run)


def register(app: Dash, desk: Desk) -> None:
    """Fill the page; open its drawers; do what its buttons say."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    actions.register(app, desk)
    compare.register(app, desk)
