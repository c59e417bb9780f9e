"""What would we trade? The trades, why, and what they leave of every limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.reports import twins
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

NAME = "plan"
PAGE: dict[str, Any] = {"path": "/plan", "name": "nav.plan", "order": 40}
TRADES, LIMITS, MONTHS = on(NAME, "trades"), on(NAME, "limits"), on(NAME, "months")
LEAVES = (
    *leaves.frame_leaves(NAME),
    f"{TRADES}-unit.children",
    f"{MONTHS}-unit.children",
    f"{on(NAME, 'proof')}.children",
    *(leaf for grid in (TRADES, LIMITS, MONTHS) for leaf in leaves.grid_leaves(grid)),
    *leaves.chart_leaves(NAME, "distribution"),
)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            html.Div(parts.card(say("plan.trades"), [grids.grid(TRADES)], of=f"{TRADES}-unit"), className="hd-row"),
            html.Div(
                className="hd-row hd-seven-five hd-limits",
                children=[
                    parts.chart_card(NAME, "distribution", say("figure.distribution.blank")),
                    parts.card(
                        say("plan.limits"),
                        [grids.grid(LIMITS), html.Dl(id=on(NAME, "proof"), className="hd-facts")],
                    ),
                ],
            ),
            parts.card(say("plan.months"), [grids.grid(MONTHS)], of=f"{MONTHS}-unit"),
            parts.drawer(NAME),
        ],
    )


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf of the page."""
    from hedgedesk.reports import figures, plan_tables, tables
    from hedgedesk.reports.proof import proof

    return {
        **leaves.frame(NAME, run),
        f"{TRADES}-unit.children": plan_tables.plan_unit(run),
        f"{MONTHS}-unit.children": tables.months_unit(run),
        f"{on(NAME, 'proof')}.children": parts.facts(proof(run)),
        **grids.grid_leaves(TRADES, plan_tables.plan_table(run)),
        **grids.grid_leaves(LIMITS, plan_tables.limits_table(run.plan)),
        **grids.grid_leaves(MONTHS, tables.months_table(run)),
        **leaves.chart(NAME, "distribution", figures.cost_distribution(run.report)),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run; open its drawer."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "distribution"), lambda run: twins.cost_distribution(run.report))
