"""What every page that takes files shows around its drop zone: what is said while they come, and then what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dash import html

if TYPE_CHECKING:
    from dash.development.base_component import Component


def said(refused: str, left_out: str, reading: str) -> list[Component]:
    """Lines for what is refused before it is sent, for what an archive left out, and for the reading; by their ids."""
    return [
        html.Div(id=refused, role="alert", className="hd-file-refused"),
        html.Div(id=left_out, role="status", className="hd-reading"),
        html.Div(id=reading, role="status", className="hd-reading"),
    ]


def preview(section: str, title: str, note: str, body: Sequence[str]) -> Component:
    """The section of a draft, hidden until there is one; its title takes the focus, ``body`` are ids in order."""
    return html.Section(
        id=section,
        className="hd-card hd-preview",
        hidden=True,
        children=[html.H2(id=title, tabIndex=-1), html.P(id=note), *(html.Div(id=part) for part in body)],
        **{"aria-labelledby": title},
    )
