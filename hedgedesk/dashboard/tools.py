"""What a card hands over: its table as text or a sheet, its chart as a picture. The browser does it, by these marks.

``data-copy``, ``data-table`` and ``data-picture`` say what a press means; ``assets/tools.js`` reads them, and the run
that is on the screen from the frame. So a page needs no callback for any of it.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from hedgedesk.reports.messages import say

PICTURES = ("png", "svg")
SHEETS = ("csv", "xlsx")


def icon(name: str) -> Component:
    """A vendored icon in the colour of its text."""
    return html.Span(className=f"hd-icon hd-icon-{name}")


def button(name: str, label: str, **marks: str) -> Component:
    """A small button with an icon and a name that is read."""
    return html.Button(icon(name), className="hd-plain", title=label, **{"aria-label": label, **marks})


def menu(opener: Component, label: str, items: list[Component]) -> Component:
    """A button and the short list that it opens below."""
    opener_marks = {"aria-haspopup": "menu", "aria-expanded": "false", "data-menu": "closed"}
    for name, value in opener_marks.items():
        setattr(opener, name, value)
    listed = html.Div(items, className="hd-menu", role="menu", hidden=True, **{"aria-label": label})
    return html.Div([opener, listed], className="hd-menu-place")


def item(text: str, *, place: str | None = None, **marks: str) -> Component:
    """One thing that a menu offers."""
    named = {} if place is None else {"id": place}
    return html.Button(text, role="menuitem", tabIndex=-1, className="hd-menu-item", **named, **marks)


def table_tools(title: str, export: str | None) -> list[Component]:
    """Copy, and the files, of a table that can be taken away."""
    if export is None:
        return []
    copy = button("copy", say("tools.copy_named", title=title), **{"data-copy": export})
    return [told(), copy, _files(title, _sheets(export))]


def chart_tools(title: str, graph: str, export: str | None) -> list[Component]:
    """Pictures of a chart, and files of the table behind it."""
    pictures = [item(say(f"tools.{kind}"), **{"data-picture": kind, "data-graph": graph}) for kind in PICTURES]
    table = [] if export is None else [item(say("tools.copy"), **{"data-copy": export}), *_sheets(export)]
    return [_files(title, pictures + table)]


def _sheets(export: str) -> list[Component]:
    return [item(say(f"tools.{kind}"), **{"data-table": export, "data-suffix": kind}) for kind in SHEETS]


def _files(title: str, items: list[Component]) -> Component:
    label = say("tools.export", title=title)
    return menu(button("export", label), label, items)


def told() -> Component:
    """Where the card says that something was copied, or why not; the frame's live region speaks it."""
    return html.Span(className="hd-told", **{"aria-hidden": "true"})
