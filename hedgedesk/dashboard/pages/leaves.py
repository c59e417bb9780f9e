"""Leaf props: how a page's view meets its callback, and the leaves that every page has in the same place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.chart import Chart
    from hedgedesk.reports.tables.table import Table

Leaves = dict[str, Any]
"""Leaf props by ``id.property``."""


def outputs(leaves: tuple[str, ...], shared: tuple[str, ...] = ()) -> dict[str, Output]:
    """One output a leaf, under the leaf's own name; of those ``shared`` there are other writers."""
    return {leaf: Output(*leaf.rsplit(".", 1), allow_duplicate=leaf in shared) for leaf in leaves}


def show_run(app: Dash, desk: Desk, leaves: tuple[str, ...], view: Callable[[HedgeRun], Leaves]) -> None:
    """Fill a page whenever it is opened or another run is to be shown."""

    def show(run_id: str | None) -> Leaves:
        if run_id is None:
            raise PreventUpdate
        return view(desk.result(run_id))

    app.callback(output=outputs(leaves), inputs={"run_id": Input(ids.RUN, "data")})(show)


def open_drawer(app: Dash, page: str) -> None:
    """Open and close the page's method drawer in the browser."""
    app.clientside_callback(
        ClientsideFunction("desk", "panel"),
        Output(on(page, "drawer"), "hidden"),
        Input(on(page, "how"), "n_clicks"),
        Input(on(page, "drawer-close"), "n_clicks"),
        State(on(page, "drawer"), "hidden"),
    )


def show_twin(app: Dash, desk: Desk, place: str, table_of: Callable[[HedgeRun], Table]) -> None:
    """Show the table behind the chart at ``place`` while its button is pressed in; made only then."""

    def twin(clicks: int | None, run_id: str | None) -> tuple[list[Component], bool, bool, str]:
        asked = run_id is not None and (clicks or 0) % 2 == 1
        table = [grids.plain_table(table_of(desk.result(run_id)))] if run_id is not None and asked else []
        return table, not asked, asked, str(asked).lower()

    table, figure = f"{place}-table", f"{place}-figure"
    shown = (Output(table, "children"), Output(table, "hidden"), Output(figure, "hidden"))
    pressed = Output(f"{place}-twin", "aria-pressed")
    app.callback(
        *shown, pressed, Input(f"{place}-twin", "n_clicks"), Input(ids.RUN, "data"), prevent_initial_call=True
    )(twin)


def frame_leaves(page: str) -> tuple[str, ...]:
    """Leaves of the context line and the drawer."""
    return (f"{page}-context.children", f"{page}-method.children")


def frame(page: str, run: HedgeRun) -> Leaves:
    """Context line and drawer."""
    from hedgedesk.reports.method import notes
    from hedgedesk.reports.tables import parameters_table

    drawer = parts.method(notes(page, run), parameters_table(run.model))
    return {f"{page}-context.children": context(run), f"{page}-method.children": drawer}


def context(run: HedgeRun) -> str:
    """As of, run, model, scenarios and seed, index, period: which numbers these are."""
    months, settings = run.report.months.months, run.manifest.causes["settings"]
    told = (
        say("context.as_of", date=fmt.day(run.fan.as_of)),
        say("context.run", run=run.manifest.run_id[:8]),
        say("context.model", model=price_model(run.model.name)),
        say("context.scenarios", count=fmt.number(run.report.scenarios), seed=settings["seed"]),
        say("context.index", name=run.fan.index),
        fmt.span(months[0], months[-1]),
    )
    return f"{fmt.SPACE}{fmt.SPACE}·{fmt.SPACE} ".join(text.replace(" ", fmt.SPACE) for text in told)


def chart_leaves(page: str, name: str) -> tuple[str, ...]:
    """Leaves of a chart card."""
    return tuple(
        f"{on(page, name)}{part}" for part in (".figure", "-title.children", "-unit.children", "-alt.children")
    )


def chart(page: str, name: str, drawn: Chart) -> Leaves:
    """A chart card's figure, title, unit and words."""
    from hedgedesk.reports.paint import plotly

    return dict(
        zip(chart_leaves(page, name), (plotly(drawn), drawn.title, drawn.unit, drawn.alt), strict=True),
    )


def grid_leaves(grid_id: str) -> tuple[str, ...]:
    """Leaves of a grid."""
    return tuple(f"{grid_id}.{prop}" for prop in ("columnDefs", "rowData", "dashGridOptions"))


def terms(told: tuple[tuple[str, str], ...]) -> list[Any]:
    """Names with what they mean, for a list of terms."""
    return [part for name, words in told for part in (html.Dt(name), html.Dd(words))]
