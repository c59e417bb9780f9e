"""The ways about: the rail of pages, the keys, and the help that lists them."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from hedgedesk.dashboard import ids
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.tools import icon
from hedgedesk.reports.messages import say

LETTERS = {
    "overview": "o",
    "market": "m",
    "exposure": "e",
    "plan": "p",
    "risk": "r",
    "inputs": "i",
    "runs": "u",
}
"""Key after g, by page; ``assets/keys.js`` reads it from the rail."""
RECORD = ("inputs", "runs")
KEYS = (
    ("Ctrl Enter", "help.run"),
    ("Ctrl S", "help.save"),
    ("Esc", "help.cancel"),
    ("?", "help.help"),
)


def rail(pages: list[tuple[str, dict[str, Any]]]) -> Component:
    """Links to the pages: what is decided, then what is recorded."""
    decide = [_link(name, page) for name, page in pages if name not in RECORD]
    record = [_link(name, page) for name, page in pages if name in RECORD]
    aid = html.Button(
        [icon("how"), html.Span(say("app.help"), className="hd-name"), html.Kbd("?")],
        id=ids.HELP,
        className="hd-nav",
        title=say("app.help"),
    )
    heads = [html.H2(say("app.decide")), *decide, html.H2(say("app.record")), *record]
    return html.Nav(
        [*heads, html.Div(className="hd-grow"), aid], className="hd-rail", **{"aria-label": say("app.navigation")}
    )


def _link(name: str, page: dict[str, Any]) -> Component:
    return dcc.Link(
        [icon(name), html.Span(say(page["name"]), className="hd-name"), html.Kbd(f"g {LETTERS[name]}")],
        id=ids.nav(name),
        href=page["path"],
        className="hd-nav",
        title=say(page["name"]),
    )


def help_panel(pages: list[tuple[str, dict[str, Any]]]) -> Component:
    """Every key and what it does."""
    told = [(f"g {LETTERS[name]}", say("help.page", page=say(page["name"]))) for name, page in pages]
    told += [(key, say(what)) for key, what in KEYS]
    rows = [html.Tr([html.Td(html.Kbd(key)), html.Td(what)]) for key, what in told]
    return dmc.Modal(
        id=ids.HELP_PANEL,
        title=say("help.title"),
        opened=False,
        closeButtonProps={"aria-label": say("app.close")},
        children=[
            html.P(say("help.lead")),
            html.Table(html.Tbody(rows), className="hd-table"),
            html.P(say("help.folder")),
        ],
    )
