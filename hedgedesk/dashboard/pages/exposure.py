"""What is still open? The volume without a fixed price, in tokens, the contract's unit and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, html
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids, parts
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table

NAME = "exposure"
PAGE: dict[str, Any] = {"path": "/exposure", "name": "nav.exposure", "order": 30}
BLANKS = {
    "volume": "kpi.open_blank",
    "value": "kpi.value",
    "cover": "kpi.cover_blank",
    "fixed": "kpi.fixed",
    "largest": "kpi.largest",
}
BANDED = ("cover",)
UNIT = on(NAME, "unit")
FIRST = "tokens"
"""The unit that the charts begin in."""
MONTHS, LINES = on(NAME, "months"), on(NAME, "lines")
LEAVES = (
    *leaves.frame_leaves(NAME),
    *kpis.leaves(NAME, tuple(BLANKS), BANDED),
    *(leaf for grid in (MONTHS, LINES) for leaf in leaves.grid_leaves(grid)),
    f"{UNIT}.data",
    f"{MONTHS}-unit.children",
    f"{LINES}-unit.children",
)
CHARTS = (*leaves.chart_leaves(NAME, "open"), *leaves.chart_leaves(NAME, "models"))


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"], _switch()),
            kpis.row(NAME, BLANKS, BANDED),
            html.Div(
                className="hd-row hd-seven-five",
                children=[
                    parts.chart_card(NAME, "open", say("figure.open.title"), export="exposure.open"),
                    parts.chart_card(NAME, "models", say("figure.models.title"), export="exposure.models"),
                ],
            ),
            html.Div(
                parts.table_card(NAME, "months", say("exposure.months"), export="exposure.months", of=f"{MONTHS}-unit"),
                className="hd-row",
            ),
            parts.table_card(NAME, "lines", say("exposure.lines"), export="exposure.lines", of=f"{LINES}-unit"),
            parts.drawer(NAME),
        ],
    )


def _switch() -> Component:
    """In which unit both charts are; the tables hold all three."""
    first = [{"value": FIRST, "label": say(f"exposure.{FIRST}")}]
    control = dmc.SegmentedControl(id=UNIT, data=first, value=FIRST, size="xs", className="hd-switch")
    return html.Div(control, role="group", **{"aria-label": say("exposure.unit_label")})


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf of the page but the charts."""
    from hedgedesk.reports.headlines.exposure import exposure_headlines
    from hedgedesk.reports.open_volume import measure_unit, measures
    from hedgedesk.reports.tables import exposure as tables

    return {
        **leaves.frame(NAME, run),
        **kpis.told(NAME, exposure_headlines(run), BANDED),
        **grids.grid_leaves(MONTHS, tables.months_table(run)),
        **grids.grid_leaves(LINES, tables.lines_table(run)),
        f"{UNIT}.data": [
            {"value": unit, "label": say(f"exposure.{unit}", unit=measure_unit(run, unit))} for unit in measures(run)
        ],
        f"{MONTHS}-unit.children": say("exposure.months_unit", unit=measure_unit(run, "standard")),
        f"{LINES}-unit.children": tables.lines_unit(run),
    }


def charts(run: HedgeRun, unit: str) -> leaves.Leaves:
    """Both charts in ``unit``: tokens, standard or money."""
    from hedgedesk.reports import figures

    return {
        **leaves.chart(NAME, "open", figures.open_by_month(run, unit)),
        **leaves.chart(NAME, "models", figures.open_by_model(run, unit)),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run, its charts in the unit chosen; open its drawer and the tables of its charts."""

    def show(run_id: str | None, unit: str) -> leaves.Leaves:
        if run_id is None:
            raise PreventUpdate
        return charts(desk.result(run_id), unit)

    asked = {"run_id": Input(ids.RUN, "data"), "unit": Input(UNIT, "value")}
    app.callback(output=leaves.outputs(CHARTS), inputs=asked)(show)
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "open"), _open_twin)
    leaves.show_twin(app, desk, on(NAME, "models"), _models_twin)


def _open_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_month

    return open_by_month(run)


def _models_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_model

    return open_by_model(run)
