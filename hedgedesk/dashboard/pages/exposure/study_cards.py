"""The cards that a study of usage fills: the bill explained, the ladder, shares, units, formulas, forecast, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages.exposure import places
from hedgedesk.dashboard.pages.exposure.places import NAME
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

BY = ("seller", "model", "team", "region")


def skeleton() -> list[Component]:
    """All that a study fills, hidden until there is one."""
    body = [
        html.Div(_gaps(), className="hd-row"),
        html.Div(
            className="hd-row hd-halves",
            children=[
                parts.chart_card(NAME, "ladder", say("figure.ladder.title"), low=True, export="study.ladder"),
                parts.chart_card(NAME, "split", say("figure.split.title"), low=True, export="study.split"),
            ],
        ),
        html.Div(
            className="hd-row hd-five-seven",
            children=[
                _shares(),
                _units(),
            ],
        ),
        html.Div(_card("formulas", export="study.formulas"), className="hd-row"),
        html.Div(_card("expected", "forecasts", export="study.forecasts"), className="hd-row"),
        _card("exports", "files", export="study.files"),
    ]
    return [html.Div(body, id=places.STUDIED, hidden=True)]


def _card(name: str, words: str = "", *, export: str) -> Component:
    """A table of the study; its unit line is fixed but for the formulas'."""
    words = words or name
    unit = "" if name == "formulas" else say(f"usage.{words}_unit")
    place = on(NAME, name)
    title = [html.H2(say(f"usage.{words}")), html.Span(unit, id=f"{place}-unit", className="hd-of")]
    return parts.titled_card(title, [grids.grid(place)], say(f"usage.{words}"), export)


def _gaps() -> Component:
    title = [
        html.H2(say("usage.reconciliation")),
        html.Span(id=places.GAP_BADGE, className="hd-badge"),
        html.Span(id=places.GAP_WORDS, className="hd-of"),
    ]
    return parts.titled_card(title, [grids.grid(places.GAPS)], say("usage.reconciliation"), "study.reconciliation")


def _units() -> Component:
    title = say("usage.unit.title")
    head = [html.H2(title), html.Span(say("usage.unit.note"), className="hd-of")]
    return parts.titled_card(head, [grids.grid(places.UNITS)], title, "study.units")


def _shares() -> Component:
    kinds = first_kind()
    control = dmc.SegmentedControl(id=places.SHARES_BY, data=kinds, value=BY[0], size="xs", className="hd-switch")
    tool = html.Div(control, role="group", **{"aria-label": say("usage.by.label")})
    title = say("usage.shares")
    return parts.chart_card(NAME, "shares", title, low=True, export="study.shares", tool=tool)


def first_kind() -> list[dict[str, str]]:
    """What shares can be of before a study says it."""
    return [{"value": BY[0], "label": say(f"usage.by.{BY[0]}")}]
