"""What could still hurt? The tail, the budget, the months, the stresses, and how good the hedge is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import twins

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table

NAME = "risk"
PAGE: dict[str, Any] = {"path": "/risk", "name": "nav.risk", "order": 50}
BLANKS = {
    "var": "kpi.var_blank",
    "tail": "kpi.tail_blank",
    "budget": "kpi.budget_at_risk_blank",
    "margin": "kpi.line_share",
    "regret": "kpi.regret",
}
BANDED = ("margin",)
STRESS, COSTS, MONTHS = on(NAME, "stress"), on(NAME, "costs"), on(NAME, "months")
PRECISE = on(NAME, "costs-words")
"""How the sharper measures were made."""
FACTS, WORDS = on(NAME, "effectiveness"), on(NAME, "effectiveness-words")
LEAVES = (
    *leaves.frame_leaves(NAME),
    *kpis.leaves(NAME, tuple(BLANKS), BANDED),
    *(leaf for chart in ("distribution", "tornado", "month-cost") for leaf in leaves.chart_leaves(NAME, chart)),
    *(leaf for grid in (STRESS, COSTS, MONTHS) for leaf in leaves.grid_leaves(grid)),
    *(f"{grid}-unit.children" for grid in (STRESS, COSTS, MONTHS)),
    f"{PRECISE}.children",
    f"{FACTS}.children",
    f"{WORDS}.children",
)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            kpis.row(NAME, BLANKS, BANDED),
            html.Div(className="hd-row hd-halves", children=_charts()),
            html.Div(
                parts.table_card(NAME, "stress", say("risk.stress"), export="risk.stress", of=f"{STRESS}-unit"),
                className="hd-row",
            ),
            html.Div(className="hd-row hd-seven-five", children=_middle()),
            html.Div(
                parts.table_card(NAME, "months", say("risk.months"), export="risk.months", of=f"{MONTHS}-unit"),
                className="hd-row",
            ),
            parts.drawer(NAME),
        ],
    )


def _charts() -> list[Component]:
    blank = say("figure.distribution.blank")
    return [
        parts.chart_card(NAME, "distribution", blank, export="risk.distribution"),
        parts.chart_card(NAME, "tornado", say("figure.tornado.title"), export="risk.tornado"),
    ]


def _middle() -> list[Component]:
    return [
        parts.chart_card(NAME, "month-cost", say("figure.month_cost.title"), export="risk.months"),
        html.Div(
            className="hd-stack",
            children=[
                parts.card(
                    say("risk.costs"),
                    [grids.grid(COSTS), html.P(id=PRECISE, className="hd-words hd-reading")],
                    of=f"{COSTS}-unit",
                    export="risk.costs",
                ),
                parts.card(
                    say("risk.effectiveness"),
                    [html.Dl(id=FACTS, className="hd-facts"), html.P(id=WORDS, className="hd-words")],
                    export="risk.effectiveness",
                ),
            ],
        ),
    ]


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf of the page."""
    from hedgedesk.reports import figures, tables
    from hedgedesk.reports.headlines.risk import risk_headlines
    from hedgedesk.reports.precise import precise_words
    from hedgedesk.reports.tables import risk as own

    report = run.report
    money = tables.page_scale(report).unit(report.currency)
    return {
        **leaves.frame(NAME, run),
        **kpis.told(NAME, risk_headlines(run), BANDED),
        **leaves.chart(NAME, "distribution", figures.cost_distribution(report)),
        **leaves.chart(NAME, "tornado", figures.stress_tornado(report)),
        **leaves.chart(NAME, "month-cost", figures.cost_by_month(report)),
        **grids.grid_leaves(STRESS, tables.stress_table(report)),
        **grids.grid_leaves(COSTS, own.costs_table(report)),
        **grids.grid_leaves(MONTHS, own.month_costs_table(report)),
        f"{STRESS}-unit.children": say("overview.stress_unit", unit=money),
        f"{COSTS}-unit.children": own.costs_unit(report),
        f"{MONTHS}-unit.children": own.months_unit(report),
        f"{PRECISE}.children": precise_words(report),
        f"{FACTS}.children": parts.facts(own.effectiveness_facts(report)),
        f"{WORDS}.children": own.effectiveness_words(report),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run; open its drawer and the tables of its charts."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "distribution"), lambda run: twins.cost_distribution(run.report))
    leaves.show_twin(app, desk, on(NAME, "tornado"), _tornado_twin)
    leaves.show_twin(app, desk, on(NAME, "month-cost"), _months_twin)


def _tornado_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import tornado_table

    return tornado_table(run.report)


def _months_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import month_costs_table

    return month_costs_table(run.report)
