"""The desk's own index: method, frequency and screens; its prints, what they rest on, its self-check, its audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.dashboard.pages.market import places
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.domain.scenarios import PriceFan
    from hedgedesk.reports.tables.table import Table

STUDY_LEAVES = (
    *kpis.leaves(places.NAME, tuple(places.BLANKS)),
    *leaves.chart_leaves(places.NAME, places.CHART),
    *leaves.grid_leaves(places.AUDIT),
    f"{places.AUDIT}-unit.children",
    f"{places.CHECKS}.children",
    f"{places.CHECKS}-unit.children",
    f"{places.DATE}.data",
    f"{places.DATE}.value",
    f"{places.OPEN_AUDIT}.children",
    f"{places.MEANING}.children",
    f"{places.METHOD}.value",
    f"{places.FREQUENCY}.value",
)
LEAVES = (
    *STUDY_LEAVES,
    f"{places.SETTLES}.children",
    f"{places.WHY}.children",
    f"{places.FOUND}.hidden",
    f"{places.EMPTY}.hidden",
    f"{places.OPEN_AUDIT}.disabled",
    f"{places.SECTION}.data-asked",
)
CONSTITUENT_LEAVES = (*leaves.grid_leaves(places.CONSTITUENTS), f"{places.CONSTITUENTS}-unit.children")
FILTERED = {
    "filter": "agTextColumnFilter",
    "floatingFilter": True,
    "suppressFloatingFilterButton": True,
    "suppressHeaderMenuButton": True,
    "suppressHeaderFilterButton": True,
    "wrapText": True,
    "autoHeight": True,
}
Given = dict[str, Any]


def view(study: IndexStudy, fan: PriceFan | None = None) -> leaves.Leaves:
    """Every leaf that an index fills; ``fan`` brings the contract's index."""
    from hedgedesk.reports import prints
    from hedgedesk.reports.figures.index import index_prints
    from hedgedesk.reports.headlines.index import index_headlines
    from hedgedesk.reports.tables import index as tables

    newest = str(study.dates[prints.newest_with_weights(study)])
    return {
        **kpis.told(places.NAME, index_headlines(study)),
        **leaves.chart(places.NAME, places.CHART, index_prints(study, fan)),
        **_audit(tables.audit_table(study)),
        f"{places.CHECKS}.children": grids.plain_table(tables.checks_table(study)),
        f"{places.CHECKS}-unit.children": tables.checks_unit(study),
        f"{places.DATE}.data": [{"value": day, "label": label} for day, label in prints.choices(study)],
        f"{places.DATE}.value": newest,
        f"{places.OPEN_AUDIT}.children": tables.audit_button(study),
        f"{places.AUDIT}-unit.children": tables.audit_unit(study),
        f"{places.MEANING}.children": tables.meaning(study),
        f"{places.METHOD}.value": study.method,
        f"{places.FREQUENCY}.value": "week" if prints.is_weekly(study) else "month",
    }


def _audit(table: Table) -> leaves.Leaves:
    """The audit's grid: a filter under every heading, whole sentences, and a height of its own."""
    shown = _unpinned(grids.grid_leaves(places.AUDIT, table), places.AUDIT)
    for column in shown[f"{places.AUDIT}.columnDefs"]:
        column |= FILTERED
    shown[f"{places.AUDIT}.dashGridOptions"] |= {"domLayout": "normal", "floatingFiltersHeight": 36}
    return shown


def _unpinned(shown: leaves.Leaves, place: str) -> leaves.Leaves:
    """The first column shares the width with the others, so that a long name is read whole."""
    shown[f"{place}.columnDefs"][0] |= {"pinned": None, "width": None}
    return shown


def constituents(study: IndexStudy, date: str) -> leaves.Leaves:
    """What the print of ``date`` rests on; of another index's date, the newest."""
    from hedgedesk.reports import prints
    from hedgedesk.reports.tables import index as tables

    t = prints.place_of(study, date)
    return {
        **_unpinned(grids.grid_leaves(places.CONSTITUENTS, tables.constituents_table(study, t)), places.CONSTITUENTS),
        f"{places.CONSTITUENTS}-unit.children": tables.constituents_unit(study, t),
    }


def missing(method: str | None, error: HedgeDeskError) -> leaves.Leaves:
    """No index by this method: what it needs, and what was found instead."""
    why = [say(f"index.needs.{method or 'any'}"), str(error)]
    return {
        **dict.fromkeys(STUDY_LEAVES, no_update),
        f"{places.OPEN_AUDIT}.children": say("index.audit_blank"),
        f"{places.WHY}.children": "\n".join(why),
        f"{places.FOUND}.hidden": True,
        f"{places.EMPTY}.hidden": False,
        f"{places.OPEN_AUDIT}.disabled": True,
    }


def answer(desk: Desk, run_id: str | None, asked: Given) -> leaves.Leaves:
    """Every leaf of the half page, for the desk's files as they are now."""
    fan = None if run_id is None else desk.result(run_id).fan
    settles = say("index.settles_unknown") if fan is None else say("index.settles", name=fan.index)
    try:
        study = desk.index(**asked)
    except HedgeDeskError as error:
        shown = missing(asked["method"], error)
    else:
        shown = {**view(study, fan), f"{places.WHY}.children": ""}
        shown |= {
            f"{places.FOUND}.hidden": False,
            f"{places.EMPTY}.hidden": True,
            f"{places.OPEN_AUDIT}.disabled": False,
        }
        asked = {"method": study.method, "frequency": shown[f"{places.FREQUENCY}.value"], "screens": asked["screens"]}
    return {**shown, f"{places.SETTLES}.children": settles, f"{places.SECTION}.data-asked": told(asked)}


def told(asked: Given) -> str:
    """What was asked in one word, as addresses have it: ``matched_list.week.on``."""
    screens = "on" if asked["screens"] else "off"
    return f"{asked['method'] or ''}.{asked['frequency'] or ''}.{screens}"


def heard(word: str) -> Given:
    """What :func:`told` told."""
    method, frequency, screens = word.split(".")
    return {"method": method or None, "frequency": frequency or None, "screens": screens == "on"}


def register(app: Dash, desk: Desk) -> None:
    """Answer the controls; show the constituents of a print, the table of the chart, the audit."""

    def show(run: str | None, desk_id: object, part: str, method: str, frequency: str, screens: str) -> leaves.Leaves:
        if part != places.PART:
            raise PreventUpdate
        return answer(desk, run, {"method": method, "frequency": frequency, "screens": screens != "off"})

    chosen = [Input(ids.RUN, "data"), Input(ids.DESK, "data"), Input(places.SHOWN, "value")]
    chosen += [Input(place, "value") for place in (places.METHOD, places.FREQUENCY, places.SCREENS)]
    app.callback(leaves.outputs(LEAVES), chosen)(show)

    def rests_on(date: str | None, asked: str | None, empty: bool) -> leaves.Leaves:
        if not (date and asked and empty):
            raise PreventUpdate
        return constituents(desk.index(**heard(asked)), date)

    of_print = [Input(places.DATE, "value"), Input(places.SECTION, "data-asked"), State(places.EMPTY, "hidden")]
    app.callback(leaves.outputs(CONSTITUENT_LEAVES), of_print)(rests_on)
    _show_twin(app, desk)
    app.clientside_callback(
        ClientsideFunction("market", "audit"),
        Output(places.DRAWER, "hidden"),
        Input(places.OPEN_AUDIT, "n_clicks"),
        Input(places.CLOSE_AUDIT, "n_clicks"),
        State(places.DRAWER, "hidden"),
        prevent_initial_call=True,
    )


def _show_twin(app: Dash, desk: Desk) -> None:
    """Show the prints as a table while the chart's button is pressed in."""

    def twin(clicks: int | None, asked: str | None) -> tuple[list[Component], bool, bool, str]:
        from hedgedesk.reports.tables.index import prints_table

        pressed = bool(asked) and (clicks or 0) % 2 == 1
        table = [grids.plain_table(prints_table(desk.index(**heard(asked))))] if asked and pressed else []
        return table, not pressed, pressed, str(pressed).lower()

    place = ids.on(places.NAME, places.CHART)
    shown = [Output(f"{place}-table", "children"), Output(f"{place}-table", "hidden")]
    shown += [Output(f"{place}-figure", "hidden"), Output(f"{place}-twin", "aria-pressed")]
    asked = [Input(f"{place}-twin", "n_clicks"), Input(places.SECTION, "data-asked")]
    app.callback(shown, asked, prevent_initial_call=True)(twin)
