"""What would we trade? The trades, why, what they leave of every limit, and what if the inputs were others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.plan import answers, strip
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import twins

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
    f"{LIMITS}-unit.children",
    f"{on(NAME, 'proof')}.children",
    *(leaf for grid in (TRADES, LIMITS, MONTHS) for leaf in leaves.grid_leaves(grid)),
    *(leaf for chart in ("coverage", "distribution") for leaf in leaves.chart_leaves(NAME, chart)),
)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            *strip.skeleton(),
            html.Div(_table("trades", of=f"{TRADES}-unit"), className="hd-row"),
            html.Div(
                className="hd-row hd-seven-five",
                children=[
                    _chart("coverage", say("figure.cover.title")),
                    _chart("distribution", say("figure.distribution.blank")),
                ],
            ),
            html.Div(
                className="hd-row hd-seven-five hd-limits",
                children=[
                    _table("limits", of=f"{LIMITS}-unit"),
                    parts.card(say("plan.proof"), [html.Dl(id=on(NAME, "proof"), className="hd-facts")]),
                ],
            ),
            _table("months", of=f"{MONTHS}-unit"),
            parts.drawer(NAME),
        ],
    )


def _table(name: str, of: str | None = None) -> Component:
    return parts.table_card(NAME, name, say(f"plan.{name}"), export=f"plan.{name}", of=of)


def _chart(name: str, title: str) -> Component:
    return parts.chart_card(NAME, name, title, low=True, export=f"plan.{name}")


def view(run: HedgeRun, base: HedgeRun | None = None) -> leaves.Leaves:
    """Every leaf of the page but the strip's.

    Parameters
    ----------
    base
        The run that the strip started from: its axes stay while a slider moves. None: the run itself.
    """
    beside = None if base is None else base.report
    from hedgedesk.reports import figures, tables
    from hedgedesk.reports.proof import proof
    from hedgedesk.reports.tables import plan as plan_tables

    return {
        **leaves.frame(NAME, run),
        f"{TRADES}-unit.children": plan_tables.plan_unit(run),
        f"{LIMITS}-unit.children": plan_tables.limits_unit(run.plan),
        f"{MONTHS}-unit.children": tables.months_unit(run),
        f"{on(NAME, 'proof')}.children": parts.facts(proof(run)),
        **grids.grid_leaves(TRADES, plan_tables.plan_table(run)),
        **grids.grid_leaves(LIMITS, plan_tables.limits_table(run.plan)),
        **grids.grid_leaves(MONTHS, tables.months_table(run)),
        **leaves.chart(NAME, "coverage", figures.cover_by_month(run.report, beside)),
        **leaves.chart(NAME, "distribution", figures.cost_distribution(run.report, beside)),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run; open its drawer; answer the strip."""

    def beside(run: HedgeRun) -> leaves.Leaves:
        on_it = answers.ground(desk, run.manifest.run_id)
        return view(run, on_it.run)

    leaves.show_run(app, desk, LEAVES, beside)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "coverage"), lambda run: twins.cover_by_month(run.report))
    leaves.show_twin(app, desk, on(NAME, "distribution"), lambda run: twins.cost_distribution(run.report))
    answers.register(app, desk)
