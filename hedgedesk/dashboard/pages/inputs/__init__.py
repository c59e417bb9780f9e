"""What goes in? The open desk, files on their way in with their faults, and the tables to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.inputs import desk_card, editing, loading, places, skeleton, vendors

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

NAME = "inputs"
PAGE: dict[str, Any] = {"path": "/inputs", "name": "nav.inputs", "order": 70}
LEAVES = (*leaves.frame_leaves(NAME),)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return skeleton.page(PAGE["path"])


def view(run: HedgeRun) -> leaves.Leaves:
    """What the page says of a run: which one was made last, and how inputs become numbers."""
    return leaves.frame(NAME, run)


def register(app: Dash, desk: Desk) -> None:
    """The page's callbacks, and its drawer."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    desk_card.register(app, desk)
    loading.register(app, desk)
    editing.register(app, desk)
    vendors.register(app, desk, asked=places.VENDOR, draft=places.DRAFT, refused=places.REFUSED)
