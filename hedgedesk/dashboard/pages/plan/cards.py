"""The skeleton of the page below its strip: trades, why, limits, charts, other ways to hedge, other models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts, tools
from hedgedesk.dashboard.grids import grid
from hedgedesk.dashboard.pages.plan import places
from hedgedesk.dashboard.pages.plan.form import fields
from hedgedesk.dashboard.pages.plan.places import NAME
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component


def skeleton() -> list[Component]:
    """The cards without data."""
    return [
        fields.skeleton(),
        html.Div(_table("trades", tool=_trade_list()), className="hd-row"),
        html.Div(_choices(), id=places.CHOICES_PLACE, className="hd-row", hidden=True),
        html.Div(_table("options"), id=places.OPTIONS_PLACE, className="hd-row", hidden=True),
        _row("hd-seven-five hd-limits", _why(), _proof()),
        html.Div(_table("limits"), className="hd-row"),
        _row("hd-seven-five", _chart("coverage", say("figure.cover.title")), _costs()),
        html.Div(
            [
                html.Div(_strategies(), className="hd-row"),
                _row("hd-halves hd-frontier", _frontier(), _regret()),
                html.Div(_past(), className="hd-row"),
            ],
            id=places.STUDIES,
            className="hd-stale hd-studying",
        ),
        html.Div(_models(), className="hd-row"),
        _table("months"),
        dcc.Store(id=places.STUDIED),
        dcc.Store(id=places.STUDIES_OF),
    ]


def _row(kind: str, *cards: Component) -> Component:
    return html.Div(list(cards), className=f"hd-row {kind}")


def _table(name: str, tool: Component | None = None) -> Component:
    title = say(f"plan.{name}")
    return parts.table_card(NAME, name, title, export=f"plan.{name}", of=f"{NAME}-{name}-unit", tool=tool)


def _chart(name: str, title: str) -> Component:
    return parts.chart_card(NAME, name, title, low=True, export=f"plan.{name}")


def _costs() -> Component:
    return _chart("distribution", say("figure.distribution.blank"))


def _trade_list() -> Component:
    """The list that is handed to whoever trades, as a file."""
    label = say("plan.trade_list")
    opener = html.Button(label, className="hd-link")
    files = [
        tools.item(say(f"tools.{kind}"), **{"data-table": "plan.trade_list", "data-suffix": kind})
        for kind in tools.SHEETS
    ]
    return tools.menu(opener, label, files)


def _choices() -> Component:
    body = [grid(places.CHOICES), html.P(id=places.UNTAKEN, className="hd-words")]
    return parts.card(say("plan.choices"), body, export="plan.choices")


def _why() -> Component:
    told = html.Ul(id=places.WHY, className="hd-notes hd-plan-why", tabIndex=0)
    return parts.card(say("plan.why"), [told])


def _proof() -> Component:
    return parts.card(say("plan.proof"), [html.Dl(id=places.PROOF, className="hd-facts")])


def _frontier() -> Component:
    return parts.chart_card(NAME, places.FRONTIER, say("plan.frontier"), low=True, export="plans.frontier")


def _strategies() -> Component:
    redraw = dmc.Button(say("plans.redraw"), id=places.REDRAW, variant="default", className="hd-button")
    gone = [html.P(id=places.NOT_NOW, className="hd-words"), html.Div(redraw, id=f"{places.REDRAW}-place", hidden=True)]
    body = [*gone, grid(places.STRATEGIES)]
    unit = f"{places.STRATEGIES}-unit"
    working = html.Span(say("plans.working"), className="hd-badge hd-under hd-studying-badge", role="status")
    return parts.card(say("plan.strategies"), body, of=unit, tool=working, export="plans.strategies")


def _regret() -> Component:
    body = [grid(places.REGRET), html.P(id=places.REGRET_TOLD, className="hd-words hd-reading")]
    return parts.card(say("plan.regret"), body, of=f"{places.REGRET}-unit", export="plans.regret")


def _past() -> Component:
    body = [grid(places.PAST), html.P(id=places.PAST_TOLD, className="hd-words hd-reading")]
    return parts.card(say("plan.past"), body, of=f"{places.PAST}-unit", export="plans.past")


def _models() -> Component:
    start = dmc.Button(say("model_plans.start"), id=places.COMPARE, variant="default", className="hd-button")
    found = [
        grid(places.MODELS),
        html.P(id=places.VERDICT, className="hd-words hd-reading"),
        html.Ul(id=places.REFUSED, className="hd-notes", tabIndex=0),
    ]
    body = [
        html.P(id=places.STATE, className="hd-words", role="status"),
        html.Div(found, id=places.MODELS_BODY, hidden=True),
    ]
    return parts.card(say("plan.models"), body, of=f"{places.MODELS}-unit", tool=start, export="plans.models")
