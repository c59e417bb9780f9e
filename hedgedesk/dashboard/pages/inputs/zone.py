"""What every page that takes files shows around its drop zone: what is said while they come, and then what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dash import html

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component


def words(suffixes: Sequence[str], largest: int, types: str, row: str = "") -> dict[str, str]:
    """What the drop zone says by itself of files that it does not send, as attributes for its script.

    Parameters
    ----------
    suffixes
        Of the files that are taken.
    largest
        Bytes of one upload.
    types
        The kinds of files that are taken, in words.
    row
        What to do where a row of a table must be chosen first; empty: there is no table.
    """
    limit = fmt.number(largest / 1e6, 1)
    return {
        "data-limit": str(largest),
        "data-suffixes": " ".join(suffixes),
        "data-large": say("inputs.too_large", limit=limit, name="{name}", size="{size}"),
        "data-together": say("inputs.too_large_together", limit=limit, size="{size}"),
        "data-type": say("inputs.wrong_type", name="{name}", types=types),
        "data-more": say("inputs.wrong_type_more", count="{count}", types=types),
        "data-empty": say("inputs.nothing_to_load"),
        "data-row": row,
        "data-unread": say("inputs.unread_file", name="{name}"),
    }


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
