"""Nothing stands at this address: say so inside the frame, and show the way back."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from hedgedesk.reports.messages import say

NAME = "not_found_404"
"""What Dash looks for."""


def layout(**_query: str) -> Component:
    """The page itself; it has no data."""
    return html.Div(
        className="hd-page",
        children=[
            html.Div(html.H1(say("lost.title"), tabIndex=-1, **{"data-path": "lost"}), className="hd-head"),
            html.P(say("lost.text"), className="hd-context"),
            dcc.Link(say("lost.way"), href="/", className="hd-link"),
        ],
    )
