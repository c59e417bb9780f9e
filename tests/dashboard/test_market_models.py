"""The models' part of Market: what a study and a validation fill, what is typed, what is started, what is pressed."""

from __future__ import annotations

import dataclasses
import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard.pages import market
from hedgedesk.dashboard.pages.market import models
from hedgedesk.dashboard.pages.market.models import fitted, judged, own_values, places
from hedgedesk.dashboard.pages.market.models.head import Standing
from hedgedesk.domain.errors import Fault
from hedgedesk.domain.price_models import Refusal
from hedgedesk.domain.run import MODELS
from hedgedesk.jobs import JobState
from hedgedesk.jobs.state import JobFailure
from hedgedesk.reports.messages import price_model, say

RUN = "7f3a9c2e51d04b86"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "model_study.py"))
PLAIN = Standing()
SHOWN = {"market-part.value": "models", "market-draw.value": "range"}


@pytest.fixture
def study():
    return MADE["model_study"]()


@pytest.fixture
def validation():
    return MADE["validation"]()


@pytest.fixture
def filled(desk, study, validation):
    desk.models.made, desk.validations.made = study, validation
    return desk


def view(study, validation=None, *, record=None, model=None, beside=None, paths=False, standing=PLAIN):
    own = own_values.of_window(record, "still", study)
    return fitted.view(study, validation, own, fitted.Asked(model, beside, paths), standing)


def typed(**own):
    return {"desk": "still", "typed": own, "drawn": False}


def test_a_study_fills_exactly_the_leaves_with_every_choice(study, validation):
    for parts in ({}, {"model": "Regimes", "beside": "RandomWalk"}, {"model": "JumpDiffusion", "paths": True}):
        assert set(view(study, validation, **parts)) == set(fitted.LEAVES)
    assert set(view(None)) == set(fitted.LEAVES)


def test_without_a_study_the_next_step_is_to_fit_and_nothing_can_be_run(desk):
    shown = view(None)
    assert (shown["market-models-found.hidden"], shown["market-models-empty.hidden"]) == (True, False)
    assert (shown["market-fit.children"], shown["market-fit.style"]) == ("Fit the models", {})
    assert shown["market-run-with.disabled"] is True


def test_a_history_that_no_model_fits_says_what_each_would_need(study):
    bare = dataclasses.replace(study, fits=(), refusals=(Refusal("RandomWalk", "2 prices are too few"),))
    shown = view(bare)
    assert shown["market-models-found.hidden"] is True
    assert shown["market-models-why.children"] == "Random walk cannot be had: 2 prices are too few."


def test_what_was_fitted_is_not_offered_again_until_a_value_is_typed(study):
    assert view(study)["market-fit.style"] == {"display": "none"}
    shown = view(study, record=typed(RandomWalk={"sigma": "0.5"}))
    assert shown["market-fit.style"] == {}
    assert shown["market-fit.children"] == "Fit with my values"


def test_while_a_fit_runs_it_is_said_and_not_offered_twice():
    shown = view(None, standing=Standing(busy=True))
    assert shown["market-fit.disabled"] is True
    assert "can be cancelled" in shown["market-models-note.children"]


def test_a_fit_that_failed_says_why_and_a_cancelled_one_that_nothing_is_lost(study):
    assert "sigma below 0" in view(study, standing=Standing(failed="sigma below 0"))["market-models-note.children"]
    assert view(study, standing=Standing(cancelled=True))["market-models-note.children"] == say("models.stopped")


def test_the_validated_model_is_shown_first_and_then_the_one_that_is_chosen(study, validation):
    assert view(study, validation)["market-model.value"] == "RandomWalk"
    shown = view(study, validation, model="JumpDiffusion", beside="JumpDiffusion")
    assert shown["market-model.value"] == shown["market-models-section.data-model"] == "JumpDiffusion"
    assert shown["market-run-with.children"] == "Run with Jump diffusion"
    assert shown["market-beside.value"] == "none"
    assert "JumpDiffusion" not in [choice["value"] for choice in shown["market-beside.data"]]


def test_without_a_validation_the_runs_own_model_is_shown_first(study):
    own = own_values.of_window(None, "still", study)
    shown = fitted.view(study, None, own, fitted.Asked(None, None, paths=False, run_model="Regimes"), PLAIN)
    assert shown["market-model.value"] == "Regimes"


def test_a_model_that_cannot_be_had_is_told_below_the_others_with_what_it_would_need(study):
    shown = view(study)
    (told,) = shown["market-refused-models.children"]
    assert "Bootstrap cannot be had: 26 changes" in told.children
    assert len(shown["market-compared.rowData"]) == 3


def test_the_users_values_stand_beside_the_estimates(study):
    rows = {row["id"]: row for row in view(study, model="JumpDiffusion")["market-own-parameters.rowData"]}
    assert (rows["sigma"]["value_text"], rows["sigma"]["own"]) == ("0.12", "0.3")
    assert rows["kappa"]["own"] == ""
    assert rows["down_rate"]["error_text"] == "–"


def test_what_is_no_number_is_marked_and_told_and_left_out(study):
    shown = view(study, model="RandomWalk", record=typed(RandomWalk={"sigma": "0.5x", "mu": "-10%"}))
    rows = {row["id"]: row for row in shown["market-own-parameters.rowData"]}
    assert (rows["sigma"]["own_tone"], rows["mu"]["own_tone"]) == ("breach", "under")
    assert shown["market-own-wrong.children"][0].children.startswith("sigma: 0.5x is not a number")
    assert "1 value of your own in Random walk: not fitted yet" in shown["market-own-told.children"]


@pytest.fixture
def bounded(study):
    """The study, its random walk taking sigma from 0.1 to 2 and no mu."""
    first, *others = study.fits
    return dataclasses.replace(study, fits=(dataclasses.replace(first, view_bounds={"sigma": (0.1, 2.0)}), *others))


def test_a_value_out_of_range_is_told_as_it_is_typed_and_nothing_is_fitted_with_it(bounded):
    record = typed(RandomWalk={"sigma": "9", "mu": "0.1"})
    shown = view(bounded, model="RandomWalk", record=record)
    told = [fault.children for fault in shown["market-own-wrong.children"]]
    assert told[0] == "sigma: 9 is outside 0.1 to 2, so it is left out."
    assert "mu is only reported" in told[1]
    assert own_values.of_window(record, "still", bounded).view() == {}


def test_what_cannot_be_chosen_has_no_cell_to_type_into_and_the_others_tell_their_range(bounded):
    rows = {row["id"]: row for row in view(bounded, model="RandomWalk")["market-own-parameters.rowData"]}
    assert rows["mu"]["own_tone"] == "closed"
    assert (rows["sigma"]["own_tone"], rows["sigma"]["own_full"]) == ("", "A number from 0.1 to 2")


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.35", 0.35), ("0,35", 0.35), ("35%", 0.35), ("−1e-3", -0.001), ("inf", None), ("nan", None), ("%", None)],
)
def test_a_value_is_read_as_it_is_typed(text, value):
    assert own_values.number_of(text) == pytest.approx(value)


def test_a_cell_that_is_emptied_takes_the_estimate_again():
    own = own_values.OwnValues("still", {"RandomWalk": {"sigma": "0.5"}})
    assert own.edited("RandomWalk", [{"colId": "own", "rowId": "sigma", "value": ""}]).typed == {}
    assert own.edited("RandomWalk", [{"colId": "value", "rowId": "sigma", "value": "9"}]) == own
    assert own.edited("RandomWalk", "nonsense") == own


@pytest.mark.parametrize("record", [None, "x", {"desk": "other", "typed": {}}, {"desk": "still", "typed": "x"}, [1]])
def test_what_another_desk_or_nobody_has_typed_is_not_taken(study, record):
    assert own_values.of_window(record, "still", study).view() == {"JumpDiffusion": {"sigma": 0.3}}


def test_the_jump_that_is_pressed_says_what_happened(study):
    title, told = fitted.happened(study, "JumpDiffusion", "2025-11-14")
    assert title == "Around 14 Nov 2025: −25%"
    assert "cut deepseek-chat output from 1.10 to 0.42 USD" in told[0].children
    title, told = fitted.happened(study, "JumpDiffusion", "2026-08-14")
    assert "no change in the days around it" in told[0].children
    assert fitted.happened(study, "JumpDiffusion", None) == (say("jumps.pick"), [])
    assert fitted.happened(None, None, "2026-08-14") == (say("jumps.none"), [])


def test_a_validation_fills_exactly_its_leaves_and_so_does_none(validation):
    for made in (validation, None, dataclasses.replace(validation, rows=())):
        assert set(judged.view(made, PLAIN, "JumpDiffusion", "3")) == set(judged.LEAVES)


def test_tests_that_no_model_has_are_left_out_and_said_to_be(validation):
    bare = [dataclasses.replace(row, ljung_box_p=None, tests=()) for row in validation.rows]
    shown = judged.view(dataclasses.replace(validation, rows=tuple(bare)), PLAIN, None, None)
    fields = {column["field"] for column in shown["market-judged-table.columnDefs"]}
    assert not fields & {"ljung_box", "kupiec", "christoffersen"}
    assert {"model", "crps", "ratio", "inside80"} <= fields
    assert say("judged.untested") in shown["market-judged-reading.children"]


def test_before_anything_is_judged_no_empty_card_is_shown(validation):
    places_hidden = ("market-judged-below.hidden", "market-judged-ahead.hidden", "market-judged-body.hidden")
    assert all(judged.view(None, PLAIN, None, None)[place] for place in places_hidden)
    assert not any(judged.view(validation, PLAIN, None, None)[place] for place in places_hidden)


def test_every_column_says_what_it_is(study, validation):
    shown = {**view(study, validation), **judged.view(validation, PLAIN, None, "1")}
    for grid in ("market-compared", "market-judged-table"):
        for column in shown[f"{grid}.columnDefs"]:
            plain = column["field"] in ("model", "state")
            assert plain or len(column["headerTooltip"]) > len(column["headerName"]) + 20


def test_a_thin_history_is_said_with_the_reason_for_the_default(validation):
    shown = judged.view(validation, PLAIN, None, None)
    assert (shown["market-judged-badge.children"], shown["market-judged-badge.className"]) == (
        "thin history",
        "hd-badge hd-under",
    )
    assert shown["market-judged-verdict.children"] == (
        "This desk runs Random walk by default. 14 forecasts could be judged, 24 are asked for."
    )


@pytest.mark.parametrize(("asked", "months"), [("1", "1"), ("3", "3"), ("12", "3"), ("x", "3"), (None, "3")])
def test_the_horizon_that_is_asked_for_is_shown_else_the_hedge_horizon(validation, asked, months):
    shown = judged.view(validation, PLAIN, "JumpDiffusion", asked)
    assert shown["market-horizon.value"] == shown["market-judged-card.data-horizon"] == months


def test_the_outcomes_of_a_model_that_was_not_judged_are_those_of_the_best(validation):
    shown = judged.view(validation, PLAIN, "Regimes", "3")
    assert shown["market-pit-title.children"] == "Where outcomes fell: Jump diffusion"


def test_a_validation_that_failed_or_was_cancelled_says_so():
    assert "too short" in judged.view(None, Standing(failed="too short"), None, None)["market-judged-verdict.children"]
    stopped = judged.view(None, Standing(cancelled=True), None, None)
    assert stopped["market-judged-verdict.children"] == say("judged.stopped")


def test_the_part_that_is_not_shown_asks_for_nothing(call, filled):
    assert call("market-compared.rowData", market_part__value="scenarios").status_code == 204
    assert call("market-judged-table.rowData", market_part__value="index").status_code == 204


def test_the_page_asks_the_desk_for_its_models_and_their_validation(call, filled):
    shown = call("market-compared.rowData", **SHOWN, **{"session-run.data": RUN}).json["response"]
    assert [row["id"] for row in shown["market-compared"]["rowData"]] == ["RandomWalk", "JumpDiffusion", "Regimes"]
    assert shown["market-compared"]["rowData"][0]["state_text"] == "default"
    judgement = call("market-judged-table.rowData", **SHOWN).json["response"]
    assert judgement["market-judged-table"]["rowData"][0]["id"] == "JumpDiffusion"
    assert len(json.dumps(shown)) < 400_000


@pytest.mark.parametrize("place", ["market-compared", "market-judged-table"])
def test_a_press_on_a_row_shows_its_model(call, filled, place):
    answer = call("market-model.value", **{f"{place}.cellClicked": {"rowId": "Regimes", "colId": "model"}})
    assert "Regimes" in answer.text
    for cell in ({"rowId": "Bootstrap"}, {"rowId": 3}, {}, "x", None):
        assert call("market-model.value", **{f"{place}.cellClicked": cell}).status_code == 204


def test_a_value_that_is_typed_is_kept_with_the_desk_it_is_of(call, filled):
    changes = [{"rowId": "kappa", "colId": "own", "value": " 0.5 "}]
    given = {"market-own-parameters.cellValueChanged": changes, "market-models-section.data-model": "JumpDiffusion"}
    kept = call("market-own-values.data", **given).json["response"]["market-own-values"]["data"]
    assert kept == {"desk": "still", "typed": {"JumpDiffusion": {"sigma": "0.3", "kappa": "0.5"}}, "drawn": False}


def test_all_values_are_cleared_and_parameters_are_drawn_on_request(call, filled):
    cleared = call("market-own-values.data", **{"market-own-clear.n_clicks": 1}).json["response"]
    assert cleared["market-own-values"]["data"]["typed"] == {}
    drawn = call("market-own-values.data", **{"market-uncertain.value": "on"}).json["response"]
    assert drawn["market-own-values"]["data"]["drawn"] is True
    assert call("market-own-values.data", **{"market-uncertain.value": "off"}).status_code == 204


def test_the_fit_starts_for_every_model_with_the_values_that_are_numbers(call, filled):
    record = {"desk": "still", "typed": {"RandomWalk": {"sigma": "50%", "mu": "?"}}, "drawn": True}
    answer = call("session-job.data", **{"market-fit.n_clicks": 1, "market-own-values.data": record})
    assert "models-job" in answer.text
    assert filled.models.started == [(MODELS, {"RandomWalk": {"sigma": 0.5}}, True)]


def test_the_validation_starts_once_it_is_pressed(call, filled):
    assert call("session-job.data", **{"market-validate.n_clicks": None}).status_code == 204
    assert "validate-job" in call("session-job.data", **{"market-validate.n_clicks": 1}).text
    assert filled.validations.started == 1


def test_a_run_is_started_with_the_model_that_is_shown_and_its_values_alone(call, filled):
    record = typed(RandomWalk={"sigma": "0.5"}, JumpDiffusion={"sigma": "0.2"})
    given = {"market-run-with.n_clicks": 1, "market-own-values.data": record}
    call("session-job.data", **given, **{"market-models-section.data-model": "RandomWalk"})
    assert filled.overrides[-1] == {"model": "RandomWalk", "view": {"sigma": 0.5}, "parameter_uncertainty": False}


def test_a_jumps_row_or_its_mark_on_the_chart_tells_what_happened(call, filled):
    model = {"market-models-section.data-model": "JumpDiffusion"}
    shown = call("market-jump-title.children", **{"market-jumps.selectedRows": [{"id": "2025-11-14"}]}, **model)
    assert shown.json["response"]["market-jump-title"]["children"] == "Around 14 Nov 2025: −25%"
    mark = {"market-model-fan.clickData": {"points": [{"x": "2025-11-14"}]}}
    shown = call("market-jump-title.children", **mark, **model).json["response"]
    assert shown["market-jumps"]["selectedRows"] == {"ids": ["2025-11-14"]}
    for odd in ({"points": [{"x": "2025-11-21"}]}, {"points": "x"}, "x"):
        assert call("market-jump-title.children", **{"market-model-fan.clickData": odd}, **model).status_code == 204


@pytest.mark.parametrize("chart", ["model-fan", "model-curve", "regimes", "pit"])
def test_the_table_behind_a_chart_is_made_when_it_is_asked_for(call, filled, chart):
    asked = {f"market-{chart}-twin.n_clicks": 1, "market-models-section.data-model": "JumpDiffusion"}
    shown = call(f"market-{chart}-table.children", **asked, **{"market-judged-card.data-horizon": "3"}).json["response"]
    assert shown[f"market-{chart}-table"]["hidden"] is False
    assert "hd-table" in json.dumps(shown)


def test_how_the_newest_job_stands_is_told_with_its_faults(desk):
    assert models.standing(desk, "models") == PLAIN
    fault = Fault("view", None, "sigma", "-1", "a number above 0")
    failed = JobFailure("abc", "1 fault", (fault,))
    desk.states["a"] = JobState("a", "k", "failed", kind="models", failure=failed)
    assert "a number above 0" in models.standing(desk, "models").failed
    desk.states["b"] = JobState("b", "k", "running", kind="models")
    assert models.standing(desk, "models") == Standing(busy=True)
    assert models.standing(desk, "validate") == PLAIN


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("models/JumpDiffusion/compared.csv", 200),
        ("models/JumpDiffusion/jumps.xlsx", 200),
        ("models/JumpDiffusion/nothing.csv", 404),
        ("models/Jump.Diffusion/fan.csv", 404),
        ("models/JumpDiffusion/fan.exe", 404),
        ("validation/3/validation.csv", 200),
        ("validation/3/pit.xlsx", 200),
        ("validation/3/nothing.csv", 404),
        ("validation/x/pit.csv", 404),
    ],
)
def test_tables_of_models_and_of_their_validation_are_files(client, filled, address, status):
    assert client.get(f"/download/{address}").status_code == status


def test_what_has_not_been_made_is_no_file(client):
    assert client.get("/download/models/JumpDiffusion/fan.csv").status_code == 404
    assert client.get("/download/validation/3/pit.csv").status_code == 404


def test_a_link_opens_the_part_that_it_names(desk):
    for part, place in market.PARTS.items():
        shown = {c.id: c.hidden for c in market.layout(desk, part=part)._traverse() if getattr(c, "id", "") in PLACES}
        assert [name for name, hidden in shown.items() if not hidden] == [place]


PLACES = set(market.PARTS.values())


def test_every_price_model_has_a_name_in_words():
    assert [name for name in MODELS if price_model(name) == name and name not in ("Regimes", "Bootstrap")] == []


def test_ids_of_the_parts_do_not_meet():
    assert len({places.SECTION, places.STATE, places.COMPARED, places.TABLE}) == 4
