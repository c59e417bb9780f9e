"""What would we trade? The trades, why, what they leave of every limit, other ways, and what if inputs were others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.inputs.desk_card import require_press
from hedgedesk.dashboard.pages.plan import answers, cards, form, over_models, places, strip, studies
from hedgedesk.dashboard.pages.plan.places import CHOICES, LIMITS, MONTHS, NAME, TRADES
from hedgedesk.reports.tables import twins

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table

PAGE: dict[str, Any] = {"path": "/plan", "name": "nav.plan", "order": 40}
LEAVES = (
    *leaves.frame_leaves(NAME),
    f"{TRADES}-unit.children",
    f"{MONTHS}-unit.children",
    f"{LIMITS}-unit.children",
    f"{places.WHY}.children",
    f"{places.PROOF}.children",
    f"{places.CHOICES_PLACE}.hidden",
    f"{places.UNTAKEN}.children",
    f"{places.OPTIONS_PLACE}.hidden",
    f"{places.OPTIONS}-unit.children",
    *(leaf for grid in (TRADES, CHOICES, places.OPTIONS, LIMITS, MONTHS) for leaf in leaves.grid_leaves(grid)),
    *(leaf for chart in ("coverage", "distribution") for leaf in leaves.chart_leaves(NAME, chart)),
)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[*parts.heading(NAME, PAGE["path"]), *strip.skeleton(), *cards.skeleton(), parts.drawer(NAME)],
    )


def view(run: HedgeRun, base: HedgeRun | None = None) -> leaves.Leaves:
    """Every leaf of the page but the strip's and the studies'.

    Parameters
    ----------
    base
        The run that the strip started from: its axes stay while a slider moves. None: the run itself.
    """
    beside = None if base is None else base.report
    from hedgedesk.reports import figures, tables
    from hedgedesk.reports.proof import proof
    from hedgedesk.reports.tables import plan as plan_tables
    from hedgedesk.reports.why import why

    return {
        **leaves.frame(NAME, run),
        f"{TRADES}-unit.children": plan_tables.plan_unit(run),
        f"{LIMITS}-unit.children": plan_tables.limits_unit(run.plan),
        f"{MONTHS}-unit.children": tables.months_unit(run),
        f"{places.WHY}.children": [html.Li(text) for text in why(run)],
        f"{places.PROOF}.children": parts.facts(proof(run)),
        **_choices(run),
        **_options(run),
        **grids.grid_leaves(TRADES, plan_tables.plan_table(run)),
        **grids.grid_leaves(LIMITS, plan_tables.limits_table(run.plan)),
        **grids.grid_leaves(MONTHS, tables.months_table(run)),
        **leaves.chart(NAME, "coverage", figures.cover_by_month(run.report, beside)),
        **leaves.chart(NAME, "distribution", figures.cost_distribution(run.report, beside)),
    }


def _choices(run: HedgeRun) -> leaves.Leaves:
    """Instruments beside the futures; nothing where the programme allows none."""
    from hedgedesk.reports.tables.choices import choices_table, choices_words

    words, taken = choices_words(run.plan), bool(run.plan.choices)
    shown = grids.grid_leaves(CHOICES, choices_table(run)) if taken else studies.empty_grid(CHOICES)
    return {**shown, f"{places.CHOICES_PLACE}.hidden": not (words or taken), f"{places.UNTAKEN}.children": words}


def _options(run: HedgeRun) -> leaves.Leaves:
    """Premium and greeks of the options taken; nothing where there are none."""
    from hedgedesk.reports.tables.options import options_table, options_unit

    table = options_table(run)
    shown = grids.grid_leaves(places.OPTIONS, table) if table.rows else studies.empty_grid(places.OPTIONS)
    return {
        **shown,
        f"{places.OPTIONS_PLACE}.hidden": not table.rows,
        f"{places.OPTIONS}-unit.children": options_unit(run),
    }


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run, then with its studies; open its drawer; answer the strip; compare models."""

    def beside(run: HedgeRun) -> leaves.Leaves:
        on_it = answers.ground(desk, run.manifest.run_id)
        return view(run, on_it.run)

    leaves.show_run(app, desk, LEAVES, beside)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "coverage"), lambda run: twins.cover_by_month(run.report))
    leaves.show_twin(app, desk, on(NAME, "distribution"), lambda run: twins.cost_distribution(run.report))
    leaves.show_twin(app, desk, on(NAME, places.FRONTIER), lambda run: _frontier_table(desk, run))
    answers.register(app, desk)
    form.register(app, desk)
    _show_studies(app, desk)
    _compare_models(app, desk)


FILLED = Input(f"{NAME}-context", "children")
"""The page shows a run: what takes longer is worked out after it, so that a slider's answer never waits."""
DONE = Input(ids.DONE, "data")
SHOWN = State(ids.RUN, "data")


def _frontier_table(desk: Desk, run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.strategies import frontier_table

    return frontier_table(desk.plans.frontier(run.manifest.run_id))


def _show_studies(app: Dash, desk: Desk) -> None:
    def show(asked: dict[str, Any] | None, **_done: object) -> leaves.Leaves:
        if asked is None:
            raise PreventUpdate
        return studies.answer(desk, str(asked.get("run")))

    def redraw(clicks: int | None, run_id: str | None) -> str:
        require_press(clicks)
        if run_id is None:
            raise PreventUpdate
        return desk.plans.redraw(run_id)

    app.clientside_callback(ClientsideFunction("plan", "shown"), FILLED, SHOWN)
    standing = (Input(places.STUDIES_OF, "data"), Input(ids.RUN, "data"))
    app.clientside_callback(ClientsideFunction("plan", "standing"), Output(places.STUDIES, "className"), *standing)
    causes = {"asked": Input(places.STUDIED, "data"), "_done": DONE}  # a job may have drawn scenarios again
    app.callback(output=leaves.outputs(studies.LEAVES), inputs=causes)(show)
    job = Output(ids.JOB, "data", allow_duplicate=True)
    app.callback(job, Input(places.REDRAW, "n_clicks"), SHOWN, prevent_initial_call=True)(redraw)


def _compare_models(app: Dash, desk: Desk) -> None:
    def show(run_id: str | None, **_causes: object) -> leaves.Leaves:
        if run_id is None:
            raise PreventUpdate
        return over_models.answer(desk, run_id)

    def start(clicks: int | None, run_id: str | None) -> str:
        require_press(clicks)
        if run_id is None:
            raise PreventUpdate
        return desk.plans.start_models(run_id)

    causes = {"_filled": FILLED, "_job": Input(ids.JOB, "data"), "_done": DONE}
    app.callback(output=leaves.outputs(over_models.LEAVES), inputs=causes, state={"run_id": SHOWN})(show)
    job = Output(ids.JOB, "data", allow_duplicate=True)
    app.callback(job, Input(places.COMPARE, "n_clicks"), SHOWN, prevent_initial_call=True)(start)
