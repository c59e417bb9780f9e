"""The price models: fitted side by side, one of them in full, the user's own values, how they forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.inputs.desk_card import require_press
from hedgedesk.dashboard.pages.market.models import fitted, judged, own_values, places
from hedgedesk.dashboard.pages.market.models.fitted import Asked
from hedgedesk.dashboard.pages.market.models.head import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.reports.tables.table import Table

FIT_KIND, JUDGE_KIND = "models", "validate"
"""Kinds of the two jobs."""


def standing(desk: Desk, kind: str) -> Standing:
    """How the newest job of a kind stands."""
    found = [job for job in desk.jobs() if job.kind == kind]
    if not found:
        return Standing()
    last = found[0]
    why = ""
    if last.failure is not None:
        why = "; ".join(str(fault) for fault in last.failure.faults) or last.failure.text.splitlines()[0]
    return Standing(any(job.active for job in found), why, last.status == "cancelled")


def answer(
    desk: Desk, run_id: str | None, record: Any, model: str | None, beside: str | None, draw: str
) -> leaves.Leaves:
    """Every leaf that the fitted models fill."""
    study = desk.models.study()
    run_model = None if run_id is None else desk.result(run_id).model.name
    asked = Asked(model, beside, draw == places.PATHS, run_model)
    own = own_values.of_window(record, desk.name, study)
    return fitted.view(study, desk.validations.result(), own, asked, standing(desk, FIT_KIND))


def register(app: Dash, desk: Desk) -> None:
    """Show, choose, type, fit, run, validate."""
    for part in (_shows, _judges, _picks, _types, _starts, _tells, _twins):
        part(app, desk)


def _causes() -> dict[str, Input]:
    """What may have changed the desk or its jobs."""
    named = {"_done": ids.DONE, "_job": ids.JOB, "_desk": ids.DESK, "_focus": ids.FOCUS}
    return {name: Input(place, "data") for name, place in named.items()}


def _shows(app: Dash, desk: Desk) -> None:
    def show(
        run: str | None, part: str, model: str, beside: str, draw: str, record: Any, **_causes: Any
    ) -> leaves.Leaves:
        if part != places.PART:
            raise PreventUpdate
        return answer(desk, run, record, model, beside, draw)

    asked = {"run": Input(ids.RUN, "data"), "part": Input(places.SHOWN, "value")}
    controls = {"model": places.MODEL, "beside": places.BESIDE, "draw": places.DRAW}
    asked |= {name: Input(place, "value") for name, place in controls.items()}
    asked |= {"record": Input(places.OWN, "data"), **_causes()}
    app.callback(output=leaves.outputs(fitted.LEAVES), inputs=asked)(show)


def _judges(app: Dash, desk: Desk) -> None:
    def show(part: str, model: str, horizon: str, **_causes: Any) -> leaves.Leaves:
        if part != places.PART:
            raise PreventUpdate
        return judged.view(desk.validations.result(), standing(desk, JUDGE_KIND), model, horizon)

    asked = {"part": Input(places.SHOWN, "value"), "model": Input(places.SECTION, "data-model")}
    asked |= {"horizon": Input(places.HORIZON, "value"), **_causes()}
    app.callback(output=leaves.outputs(judged.LEAVES), inputs=asked)(show)


def _picks(app: Dash, desk: Desk) -> None:
    """A press on a row of either table shows its model."""

    def pick(_compared: Any, _judged: Any) -> str:
        cell = ctx.triggered[0]["value"] if ctx.triggered else None
        name = cell.get("rowId") if isinstance(cell, dict) else None
        study = desk.models.study()
        if study is None or name not in {fit.summary.name for fit in study.fits}:
            raise PreventUpdate
        return str(name)

    pressed = Input(places.COMPARED, "cellClicked"), Input(places.TABLE, "cellClicked")
    app.callback(Output(places.MODEL, "value", allow_duplicate=True), *pressed, prevent_initial_call=True)(pick)


def _types(app: Dash, desk: Desk) -> None:
    """A value is typed, all are cleared, or parameters are to be drawn: the window keeps it."""

    def typed(changes: Any, drawn: str, clear: int | None, record: Any, model: str) -> dict[str, Any]:
        before = own_values.of_window(record, desk.name, desk.models.study())
        if ctx.triggered_id == places.CLEAR:
            require_press(clear)
            after = before.cleared()
        elif ctx.triggered_id == places.UNCERTAIN:
            after = before.drawing(drawn == places.ON)
        else:
            after = before.edited(model, changes)
        if after == before:
            raise PreventUpdate
        return after.record()

    asked = [Input(places.PARAMETERS, "cellValueChanged"), Input(places.UNCERTAIN, "value")]
    asked.append(Input(places.CLEAR, "n_clicks"))
    known = State(places.OWN, "data"), State(places.SECTION, "data-model")
    app.callback(Output(places.OWN, "data"), *asked, *known, prevent_initial_call=True)(typed)


def _starts(app: Dash, desk: Desk) -> None:
    """The three jobs: fit, validate, run with the model that is shown."""

    def fit(clicks: int | None, record: Any) -> str:
        require_press(clicks)
        from hedgedesk.domain.run import MODELS

        own = own_values.of_window(record, desk.name, desk.models.study())
        return desk.models.start(MODELS, own.view(), uncertainty=own.drawn)

    def validate(clicks: int | None) -> str:
        require_press(clicks)
        return desk.validations.start()

    def run(clicks: int | None, record: Any, model: str) -> str:
        require_press(clicks)
        own = own_values.of_window(record, desk.name, desk.models.study())
        overrides: dict[str, Any] = {"model": model, "view": own.view().get(model, {})}
        return desk.start_run({**overrides, "parameter_uncertainty": own.drawn})

    job = Output(ids.JOB, "data", allow_duplicate=True)
    typed, model = State(places.OWN, "data"), State(places.SECTION, "data-model")
    app.callback(job, Input(places.FIT, "n_clicks"), typed, prevent_initial_call=True)(fit)
    app.callback(job, Input(places.VALIDATE, "n_clicks"), prevent_initial_call=True)(validate)
    app.callback(job, Input(places.RUN_WITH, "n_clicks"), typed, model, prevent_initial_call=True)(run)


def _tells(app: Dash, desk: Desk) -> None:
    """What happened around a jump: its row is pressed, or its mark on the chart."""

    def tell(rows: Any, pressed: Any, model: str | None) -> tuple[str, list[Component], Any]:
        study = desk.models.study()
        if not _of_chart():
            return *fitted.happened(study, model, _date_of_row(rows)), no_update
        date = _date_of_mark(pressed)
        if not fitted.is_jump(study, model, date):
            raise PreventUpdate
        return *fitted.happened(study, model, date), {"ids": [date]}

    asked = Input(places.JUMPS, "selectedRows"), Input(on(places.NAME, places.FAN), "clickData")
    shown = Output(places.JUMP_TITLE, "children"), Output(places.JUMP_TOLD, "children")
    model = Input(places.SECTION, "data-model")
    app.callback(*shown, Output(places.JUMPS, "selectedRows"), *asked, model, prevent_initial_call=True)(tell)


def _of_chart() -> bool:
    """Whether a press on the fan is what is answered."""
    return bool(ctx.triggered) and ctx.triggered[0]["prop_id"] == f"{on(places.NAME, places.FAN)}.clickData"


def _date_of_row(rows: Any) -> str | None:
    row = rows[0] if isinstance(rows, list) and rows else None
    return str(row.get("id")) if isinstance(row, dict) else None


def _date_of_mark(pressed: Any) -> str | None:
    points = pressed.get("points") if isinstance(pressed, dict) else None
    point = points[0] if isinstance(points, list) and points else None
    return str(point.get("x"))[:10] if isinstance(point, dict) else None


def _twins(app: Dash, desk: Desk) -> None:
    """The tables behind the charts."""

    def of_fit(name: str) -> Callable[[str, str], Table]:
        def made(model: str, _horizon: str) -> Table:
            from hedgedesk.reports.tables import models_shelf

            study = desk.models.study()
            if study is None or not study.fits:
                raise PreventUpdate
            return models_shelf.fitted(name, study, model)

        return made

    def of_pit(_model: str, horizon: str) -> Table:
        from hedgedesk.reports.tables import models_shelf

        found = desk.validations.result()
        if found is None or not found.rows:
            raise PreventUpdate
        return models_shelf.judged("pit", found, judged.horizon_of(found, horizon))

    for chart, name in ((places.FAN, "fan"), (places.CURVE, "curve"), (places.REGIMES, "regimes")):
        _twin(app, on(places.NAME, chart), of_fit(name))
    _twin(app, on(places.NAME, places.PIT), of_pit)


def _twin(app: Dash, place: str, table_of: Callable[[str, str], Table]) -> None:
    """Show the table behind the chart at ``place`` while its button is pressed in."""

    def twin(clicks: int | None, model: str, horizon: str) -> tuple[list[Component], bool, bool, str]:
        asked = (clicks or 0) % 2 == 1
        table = [grids.plain_table(table_of(model, horizon))] if asked else []
        return table, not asked, asked, str(asked).lower()

    shown = [Output(f"{place}-table", "children"), Output(f"{place}-table", "hidden")]
    shown += [Output(f"{place}-figure", "hidden"), Output(f"{place}-twin", "aria-pressed")]
    asked = [Input(f"{place}-twin", "n_clicks"), Input(places.SECTION, "data-model")]
    asked.append(Input(places.JUDGED, "data-horizon"))
    app.callback(shown, asked, prevent_initial_call=True)(twin)
