"""The index's past, today's curve, the model and the range of its scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

NAME = "market"
BLANKS = {
    "index": "kpi.index_blank",
    "ahead": "kpi.ahead_blank",
    "volatility": "kpi.volatility",
    "slope": "kpi.slope",
    "history": "kpi.history",
}
PARAMETERS, MOVES = on(NAME, "parameters"), on(NAME, "moves")
QUANTILES = on(NAME, "quantiles")
LEAVES = (
    *leaves.frame_leaves(NAME),
    *kpis.leaves(NAME, tuple(BLANKS)),
    *(leaf for chart in ("fan", "curve") for leaf in leaves.chart_leaves(NAME, chart)),
    *(leaf for grid in (MOVES, QUANTILES) for leaf in leaves.grid_leaves(grid)),
    *(f"{place}-unit.children" for place in (PARAMETERS, MOVES, QUANTILES)),
    f"{PARAMETERS}.children",
    f"{on(NAME, 'assumptions')}.children",
)


def skeleton() -> list[Component]:
    """The cards without data."""
    return [
        kpis.row(NAME, BLANKS),
        html.Div(className="hd-row hd-eight-four hd-tall", children=_upper()),
        html.Div(className="hd-row hd-halves", children=_middle()),
        parts.table_card(NAME, "quantiles", say("market.quantiles"), export="market.quantiles", of=f"{QUANTILES}-unit"),
    ]


def _upper() -> list[Component]:
    return [
        parts.chart_card(NAME, "fan", say("figure.fan.title"), export="market.fan"),
        parts.card(
            say("market.parameters"),
            [
                html.Div(id=PARAMETERS, className="hd-held", tabIndex=0),
                html.Ul(id=on(NAME, "assumptions"), className="hd-notes", tabIndex=0),
            ],
            of=f"{PARAMETERS}-unit",
            export="market.parameters",
        ),
    ]


def _middle() -> list[Component]:
    return [
        parts.chart_card(NAME, "curve", say("figure.curve.title"), low=True, export="market.curve"),
        parts.table_card(NAME, "moves", say("market.moves"), export="market.moves", of=f"{MOVES}-unit"),
    ]


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf of the cards, of the context line and of the method drawer."""
    from hedgedesk.reports import figures
    from hedgedesk.reports.headlines.market import market_headlines
    from hedgedesk.reports.tables import market as tables

    fan = run.fan
    return {
        **leaves.frame(NAME, run),
        **kpis.told(NAME, market_headlines(run)),
        **leaves.chart(NAME, "fan", figures.price_fan(fan)),
        **leaves.chart(NAME, "curve", figures.price_curve(fan)),
        **grids.grid_leaves(MOVES, tables.moves_table(fan)),
        **grids.grid_leaves(QUANTILES, tables.quantiles_table(fan)),
        f"{PARAMETERS}.children": grids.plain_table(tables.meaning_table(run.model)),
        f"{PARAMETERS}-unit.children": tables.parameters_unit(run.model),
        f"{MOVES}-unit.children": tables.moves_unit(fan),
        f"{QUANTILES}-unit.children": tables.quantiles_unit(run),
        f"{on(NAME, 'assumptions')}.children": [html.Li(text) for text in tables.model_notes(run.model)],
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the cards with the run; open the tables of the charts."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.show_twin(app, desk, on(NAME, "fan"), lambda run: twins.price_fan(run.fan))
    leaves.show_twin(app, desk, on(NAME, "curve"), _curve_twin)


def _curve_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.market import curve_table

    return curve_table(run.fan)
