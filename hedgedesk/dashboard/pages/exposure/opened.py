"""What is open: charts in the unit chosen, the map by model or team, months, lines and commitments of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, html
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids, parts
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.dashboard.pages.exposure import places
from hedgedesk.dashboard.pages.exposure.places import NAME
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.headlines import Headline
    from hedgedesk.reports.tables.table import Table

BLANKS = {
    "volume": "kpi.open_blank",
    "value": "kpi.value",
    "cover": "kpi.cover_blank",
    "fixed": "kpi.fixed",
    "last": "kpi.largest",
}
"""The last is where the year lands, or the largest model in a run without a landing."""
BANDED = ("cover",)
FIRST_UNIT, FIRST_CUT = "tokens", "model"
"""What the charts begin in."""
GRIDS = (places.MONTHS, places.LINES, places.COMMITMENTS)
LEAVES = (
    *leaves.frame_leaves(NAME),
    *kpis.leaves(NAME, tuple(BLANKS), BANDED),
    *(leaf for grid in GRIDS for leaf in leaves.grid_leaves(grid)),
    *leaves.chart_leaves(NAME, "landing"),
    f"{places.UNIT}.data",
    f"{places.BY}.data",
    f"{places.MONTHS}-unit.children",
    f"{places.LINES}-unit.children",
)
CHARTS = (*leaves.chart_leaves(NAME, "open"), *leaves.chart_leaves(NAME, "map"))


def skeleton() -> list[Component]:
    """The part of the page without data."""
    return [
        html.Div(
            className="hd-row hd-seven-five",
            children=[
                parts.chart_card(NAME, "open", say("figure.open.title"), export="exposure.open"),
                parts.chart_card(NAME, "landing", say("figure.landing.blank"), export="exposure.landing"),
            ],
        ),
        html.Div(_map(), className="hd-row"),
        html.Div(_table("months", say("exposure.months")), className="hd-row"),
        html.Div(_table("lines", say("exposure.lines")), className="hd-row"),
        _table("commitments", say("exposure.commitments")),
    ]


def _table(name: str, title: str) -> Component:
    return parts.table_card(NAME, name, title, export=f"exposure.{name}", of=f"{on(NAME, name)}-unit")


def _map() -> Component:
    return parts.chart_card(NAME, "map", say("figure.map.model"), low=True, export="exposure.map", tool=_cut())


def _cut() -> Component:
    first = [{"value": FIRST_CUT, "label": say(f"exposure.by.{FIRST_CUT}")}]
    control = dmc.SegmentedControl(id=places.BY, data=first, value=FIRST_CUT, size="xs", className="hd-switch")
    return html.Div(control, role="group", **{"aria-label": say("exposure.by.label")})


def switch() -> Component:
    """In which unit the charts are; the tables hold all three."""
    first = [{"value": FIRST_UNIT, "label": say(f"exposure.{FIRST_UNIT}")}]
    control = dmc.SegmentedControl(id=places.UNIT, data=first, value=FIRST_UNIT, size="xs", className="hd-switch")
    return html.Div(control, role="group", className="hd-open-only", **{"aria-label": say("exposure.unit_label")})


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf that a run fills but the two charts with a switch."""
    from hedgedesk.reports.open_volume import measure_unit, measures
    from hedgedesk.reports.tables import exposure as tables
    from hedgedesk.reports.tables.commitments import commitments_table

    cuts = ("model", "team") if run.exposure.teams else ("model",)
    return {
        **leaves.frame(NAME, run),
        **kpis.told(NAME, _headlines(run), BANDED),
        **_landing(run),
        **grids.grid_leaves(places.MONTHS, tables.months_table(run)),
        **grids.grid_leaves(places.LINES, tables.lines_table(run)),
        **grids.grid_leaves(places.COMMITMENTS, commitments_table(run)),
        f"{places.UNIT}.data": [
            {"value": unit, "label": say(f"exposure.{unit}", unit=measure_unit(run, unit))} for unit in measures(run)
        ],
        f"{places.BY}.data": [{"value": cut, "label": say(f"exposure.by.{cut}")} for cut in cuts],
        f"{places.MONTHS}-unit.children": say("exposure.months_unit", unit=measure_unit(run, "standard")),
        f"{places.LINES}-unit.children": tables.lines_unit(run),
    }


def _headlines(run: HedgeRun) -> dict[str, Headline]:
    from hedgedesk.reports.headlines.exposure import exposure_headlines

    told = exposure_headlines(run)
    landing, largest = told.pop("landing"), told.pop("largest")
    return told | {"last": largest if run.report.landing is None else landing}


def _landing(run: HedgeRun) -> leaves.Leaves:
    from hedgedesk.reports.figures import year_landing
    from hedgedesk.reports.paint import blank

    if run.report.landing is not None:
        return leaves.chart(NAME, "landing", year_landing(run.report.landing))
    none = say("figure.landing.none")
    values = (blank(none), say("figure.landing.blank"), "", none)
    return dict(zip(leaves.chart_leaves(NAME, "landing"), values, strict=True))


def charts(run: HedgeRun, unit: str, by: str) -> leaves.Leaves:
    """The charts in ``unit`` (tokens, standard or money); the map by model or team."""
    from hedgedesk.reports import figures

    cut = by if run.exposure.teams else FIRST_CUT
    return {
        **leaves.chart(NAME, "open", figures.open_by_month(run, unit)),
        **leaves.chart(NAME, "map", figures.open_map(run, unit, cut)),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the part with the run, its charts in the unit and cut chosen; open the tables of its charts."""

    def show(run_id: str | None, **chosen: Any) -> leaves.Leaves:
        if run_id is None:
            raise PreventUpdate
        return charts(desk.result(run_id), **chosen)

    asked = {"run_id": Input(ids.RUN, "data"), "unit": Input(places.UNIT, "value"), "by": Input(places.BY, "value")}
    app.callback(output=leaves.outputs(CHARTS), inputs=asked)(show)
    leaves.show_run(app, desk, LEAVES, view)
    for name, table_of in (("open", _open_twin), ("map", _map_twin), ("landing", _landing_twin)):
        leaves.show_twin(app, desk, on(NAME, name), table_of)


def _open_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_month

    return open_by_month(run)


def _map_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_model_and_team

    return open_by_model_and_team(run)


def _landing_twin(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.landing import landing_table

    return landing_table(run)
