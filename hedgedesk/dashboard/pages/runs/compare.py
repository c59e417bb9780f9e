"""Two runs side by side: measures, inputs, trades, costs on one axis; the address restores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages.leaves import Leaves, chart, chart_leaves, grid_leaves, outputs
from hedgedesk.dashboard.tools import icon
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

NAME = "runs"
PAIR = on(NAME, "pair")
SECTION, FOUND, NAMES, VERDICT = (on(NAME, name) for name in ("both", "found", "names", "verdict"))
MEASURES, INPUTS, TRADES = on(NAME, "measures"), on(NAME, "inputs"), on(NAME, "trades")
COSTS = ("cost-a", "cost-b")
LEAVES = (
    f"{NAMES}.children",
    f"{VERDICT}.children",
    f"{INPUTS}-unit.children",
    f"{TRADES}-unit.children",
    *(leaf for grid in (MEASURES, INPUTS, TRADES) for leaf in grid_leaves(grid)),
    *(leaf for name in COSTS for leaf in chart_leaves(NAME, name)),
)


def skeleton(pair: dict[str, str] | None) -> list[Component]:
    """The section of the comparison; hidden until there are two runs."""
    copied = html.Span(
        id=on(NAME, "copied-both"), role="status", className="hd-of", **{"data-said": say("runs.copied")}
    )
    head = [
        html.H2(say("compare.title"), id=on(NAME, "compare-title"), tabIndex=-1),
        html.Span(id=NAMES, className="hd-of hd-grow"),
        copied,
        html.Button(say("compare.swap"), id=on(NAME, "swap"), className="hd-link"),
        html.Button(say("compare.link"), id=on(NAME, "copy-both"), className="hd-link"),
        html.Button(
            icon("close"),
            id=on(NAME, "apart"),
            className="hd-plain",
            title=say("compare.close"),
            **{"aria-label": say("compare.close")},
        ),
    ]
    return [
        dcc.Store(id=PAIR, data=pair),
        html.Section(
            id=SECTION,
            hidden=True,
            className="hd-compare",
            **{"aria-labelledby": on(NAME, "compare-title")},
            children=[
                html.Div(head, className="hd-compare-head"),
                html.P(id=VERDICT, className="hd-compare-verdict", role="status"),
                html.Div(_cards(), id=FOUND),
            ],
        ),
    ]


def _cards() -> list[Component]:
    return [
        html.Div(
            className="hd-row hd-even-columns",
            children=[
                parts.chart_card(NAME, name, say("figure.distribution.blank"), low=True, export=f"compare.{name}")
                for name in COSTS
            ],
        ),
        html.Div(
            className="hd-row hd-even-columns hd-compare-tables",
            children=[
                _table("measures"),
                html.Div(
                    className="hd-column",
                    children=[
                        parts.card(
                            say("compare.inputs"), [grids.grid(INPUTS)], of=f"{INPUTS}-unit", export="compare.inputs"
                        ),
                        parts.card(
                            say("compare.trades"), [grids.grid(TRADES)], of=f"{TRADES}-unit", export="compare.trades"
                        ),
                    ],
                ),
            ],
        ),
    ]


def _cost(name: str) -> Component:
    return parts.chart_card(NAME, name, say("figure.distribution.blank"), low=True, export=f"compare.{name}")


def _table(name: str, of: str | None = None) -> Component:
    return parts.table_card(NAME, name, say(f"compare.{name}"), export=f"compare.{name}", of=of)


def view(a: HedgeRun, b: HedgeRun, names: tuple[str, str]) -> Leaves:
    """Every leaf of the comparison."""
    from hedgedesk.reports import comparison
    from hedgedesk.reports.comparison.inputs import inputs_table

    inputs = inputs_table(a, b)
    count = say("compare.inputs_unit", count=len(inputs.rows)) if inputs.rows else say("compare.inputs_same")
    charts = zip(COSTS, comparison.distributions(a, b), strict=True)
    return {
        f"{NAMES}.children": say("compare.pair", a=names[0], b=names[1]),
        f"{VERDICT}.children": comparison.verdict(a, b),
        f"{INPUTS}-unit.children": count,
        f"{TRADES}-unit.children": comparison.trades_unit(a, b),
        **grids.grid_leaves(MEASURES, comparison.measures_table(a, b)),
        **grids.grid_leaves(INPUTS, inputs),
        **grids.grid_leaves(TRADES, comparison.trades_table(a, b)),
        **{leaf: value for name, drawn in charts for leaf, value in chart(NAME, name, drawn).items()},
    }


def compared(desk: Desk, pair: dict[str, str] | None) -> Leaves:
    """The section of the comparison: hidden without two runs, and only words where one of them is gone."""
    still = dict.fromkeys(LEAVES, no_update)
    if pair is None:
        return {**still, f"{SECTION}.hidden": True, f"{FOUND}.hidden": True}
    try:
        a, b = desk.result(pair["a"]), desk.result(pair["b"])
    except HedgeDeskError as error:
        told = {f"{NAMES}.children": "", f"{VERDICT}.children": str(error)}
        return {**still, **told, f"{SECTION}.hidden": False, f"{FOUND}.hidden": True}
    names = _name(desk, a), _name(desk, b)
    return {**view(a, b, names), f"{SECTION}.hidden": False, f"{FOUND}.hidden": False}


def _name(desk: Desk, run: HedgeRun) -> str:
    """Name of a run, its id, and as of when."""
    from hedgedesk.reports import format as fmt
    from hedgedesk.reports.tables.runs import SHORT

    line = desk.run_line(run.manifest.run_id)
    told = say("compare.one", run=run.manifest.run_id[:SHORT], as_of=fmt.day(run.fan.as_of))
    return f"{line.name}, {told}" if line is not None and line.name else told


def register(app: Dash, desk: Desk) -> None:
    """Compare, swap, close, and keep the address in step."""

    def show(pair: dict[str, str] | None) -> Leaves:
        return compared(desk, pair)

    shown = (*LEAVES, f"{SECTION}.hidden", f"{FOUND}.hidden")
    app.callback(output=outputs(shown), inputs={"pair": Input(PAIR, "data")})(show)
    for side, name in zip("ab", COSTS, strict=True):
        _twin(app, desk, on(NAME, name), side)
    _in_the_browser(app)


def _twin(app: Dash, desk: Desk, place: str, side: str) -> None:
    """Show the table behind the chart of one of the two."""
    from hedgedesk.reports.tables import twins

    def twin(clicks: int | None, pair: dict[str, str] | None) -> tuple[list[Component], bool, bool, str]:
        asked = pair is not None and (clicks or 0) % 2 == 1
        table = [grids.plain_table(twins.cost_distribution(desk.result(pair[side]).report))] if pair and asked else []
        return table, not asked, asked, str(asked).lower()

    table, figure = f"{place}-table", f"{place}-figure"
    app.callback(
        Output(table, "children"),
        Output(table, "hidden"),
        Output(figure, "hidden"),
        Output(f"{place}-twin", "aria-pressed"),
        Input(f"{place}-twin", "n_clicks"),
        Input(PAIR, "data"),
        prevent_initial_call=True,
    )(twin)


def _in_the_browser(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("runs", "pair"),
        Output(PAIR, "data"),
        Input(on(NAME, "compare"), "n_clicks"),
        Input(on(NAME, "swap"), "n_clicks"),
        Input(on(NAME, "apart"), "n_clicks"),
        State(on(NAME, "stored"), "selectedRows"),
        State(PAIR, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "arrived"),
        Input(SECTION, "hidden"),
        Input(VERDICT, "children"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("runs", "copyBoth"),
        Output(on(NAME, "copied-both"), "children"),
        Input(on(NAME, "copy-both"), "n_clicks"),
        State(PAIR, "data"),
        prevent_initial_call=True,
    )
