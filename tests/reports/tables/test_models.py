"""Fitted models and their validation as tables, and the sharper measures of a run."""

from __future__ import annotations

import dataclasses
import math

import pytest

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.price_models import Refusal
from hedgedesk.domain.results import PreciseRisk, TailMeasure
from hedgedesk.reports import fits
from hedgedesk.reports.messages import with_model_names
from hedgedesk.reports.precise import precise_rows, precise_words
from hedgedesk.reports.report.sections import costs_table as report_costs
from hedgedesk.reports.sheet import sheet_bytes
from hedgedesk.reports.tables import (
    criteria,
    market,
    model_views,
    models,
    models_shelf,
    parameters_table,
    risk,
    validation,
)


@pytest.fixture
def study(fitted):
    return fitted.model_study()


@pytest.fixture
def judged(fitted):
    return fitted.validation()


@pytest.fixture
def sharp(run):
    hedged = TailMeasure("sobol", 65_536, 16, 10_900_000.0, 40.0, 11_700_000.0, 90.0, reached=True)
    unhedged = dataclasses.replace(hedged, mean=10_950_000.0, cvar=13_000_000.0, reached=False)
    return dataclasses.replace(run, report=dataclasses.replace(run.report, precise=PreciseRisk(unhedged, hedged)))


def column(table, key):
    return [row[key].text for row in table.rows]


def test_models_stand_side_by_side_with_what_their_likelihood_says(study, judged):
    table = models.compared_table(study, "Regimes", judged)
    assert column(table, "model") == ["Random walk", "Jump diffusion, your values", "Regimes"]
    assert column(table, "error") == ["1.00", "0.90", ""]
    assert column(table, "state") == ["default", "", "shown"]
    assert table.rows[0]["aic"].value == pytest.approx(2 * 2 - 2 * 121.3)
    assert table.rows[0]["bic"].value == pytest.approx(2 * math.log(77) - 2 * 121.3)


def test_a_model_without_a_likelihood_has_no_criteria(study):
    bare = dataclasses.replace(study.fits[0].summary, estimated=None)
    table = models.compared_table(
        dataclasses.replace(study, fits=(dataclasses.replace(study.fits[0], summary=bare),)), None
    )
    assert (table.rows[0]["aic"].text, table.rows[0]["parameters"].text) == ("", "")
    assert criteria(bare) == ()


def test_before_a_validation_there_is_no_error_and_no_default(study):
    table = models.compared_table(study, "RandomWalk")
    assert set(column(table, "error")) == {""}
    assert column(table, "state")[0] == "shown"


def test_the_error_is_of_the_hedge_horizon_or_the_longest_before_it(judged):
    assert fits.main_horizon(judged) == 3
    assert fits.main_horizon(dataclasses.replace(judged, hedge_horizon_months=12)) == 3
    assert fits.main_horizon(dataclasses.replace(judged, hedge_horizon_months=2)) == 1
    assert fits.main_horizon(dataclasses.replace(judged, rows=judged.rows[2:], hedge_horizon_months=1)) == 3
    assert fits.main_horizon(dataclasses.replace(judged, rows=())) is None


def test_what_cannot_be_had_is_said_once_and_in_words():
    own = Refusal("JumpDiffusion", "JumpDiffusion needs 104 prices, found 69; RandomWalk needs less")
    assert models.refusal_words(own) == "Jump diffusion needs 104 prices, found 69; Random walk needs less."
    other = Refusal("Bootstrap", "too short.")
    assert models.refusal_words(other) == "Bootstrap cannot be had: too short."
    assert with_model_names("Kupiec and TwoFactor") == "Kupiec and Two-factor"


def test_jumps_are_told_with_their_way_and_the_first_thing_on_record(study):
    owner, jumps = fits.jumps_of(study, "RandomWalk")
    table = model_views.jumps_table(jumps)
    assert owner == "JumpDiffusion"
    assert column(table, "date") == ["14 Aug 2026", "14 Nov 2025"]
    assert column(table, "size") == ["+20%", "−25%"]
    assert column(table, "kind") == ["▲ up", "▼ down"]
    assert table.rows[0]["record"].text == "nothing on record"


def test_several_things_on_record_are_counted_and_their_days_are_read_as_people_write_them(study):
    jump = dataclasses.replace(fits.jumps_of(study, None)[1][0], happened=("2026-08-12: a moved", "b moved", "c moved"))
    (row,) = model_views.jumps_table((jump,)).rows
    assert row["record"].text.replace("\N{NO-BREAK SPACE}", " ") == "12 Aug 2026: a moved, and 2 more"


def test_the_validation_tells_coverage_and_the_power_of_its_tests(judged):
    table = validation.validation_table(judged, 3)
    assert column(table, "model") == ["Jump diffusion", "Random walk"]
    row = table.rows[0]
    assert (row["inside50"].text, row["inside95"].text) == ("79%", "93%")
    assert row["kupiec"].text == "0.73 (power 19%)"
    assert "1 of 14 prices above the 95% bound" in row["kupiec"].full
    assert (row["pit_p"].text, row["pit_p"].tone) == ("0.03", "under")
    assert (row["better"].text, row["better"].tone) == ("0.03", "accent")
    assert (row["ratio"].text, row["ratio"].tone) == ("0.90", "accent")
    assert row["adf"].tone == ""
    assert row["pit"].value == "0 1 1 2 5 3 1 1 0 0"


def test_tests_that_could_not_be_made_leave_their_cells_empty(judged):
    bare = dataclasses.replace(judged.rows[0], tests=(), pit_p_value=float("nan"), ljung_box_p=None, coverage={})
    (row,) = validation.validation_table(dataclasses.replace(judged, rows=(bare,)), 1).rows
    keys = ("kupiec", "christoffersen", "pit_p", "ljung_box", "inside80", "better")
    assert [row[key].text for key in keys] == [""] * 6


def test_remarks_are_told_once_with_refusals_and_single_models(judged):
    told = validation.remarks(judged)
    assert told.count("Jump diffusion: flat in four weeks of five") == 1
    assert "Bootstrap cannot be had: 26 changes are too few." in told


@pytest.mark.parametrize("name", models_shelf.FITTED)
def test_every_table_of_the_models_is_a_file(study, name):
    for model in ("RandomWalk", "Regimes"):
        table = models_shelf.fitted(name, study, model)
        about = models_shelf.about_fitted(name, study, model, "Desk")
        assert sheet_bytes(table, "csv", about).count(b"\n") >= len(table.rows)


@pytest.mark.parametrize("name", models_shelf.JUDGED)
def test_every_table_of_the_validation_is_a_file(judged, name):
    table = models_shelf.judged(name, judged, 3)
    assert table.rows
    assert sheet_bytes(table, "xlsx", models_shelf.about_judged(name, judged, "Desk"))


def test_an_unknown_table_is_refused_with_what_there_is(study, judged):
    with pytest.raises(HedgeDeskError, match="compared"):
        models_shelf.fitted("nothing", study, "RandomWalk")
    with pytest.raises(HedgeDeskError, match="pinball"):
        models_shelf.judged("nothing", judged, 3)


def test_a_runs_parameters_show_the_users_own_values_only_where_there_are_any(run):
    assert "own" not in [each.key for each in parameters_table(run.model).columns]
    own = dataclasses.replace(run.model, view={"kappa": 2.0})
    for table in (parameters_table(own), market.meaning_table(own)):
        assert column(table, "own")[:2] == ["2", ""]


def test_the_criteria_are_shown_where_a_model_is(run):
    known = dataclasses.replace(run.model, estimated=5)
    assert "AIC" in market.parameters_unit(known)
    assert "BIC" in market.parameters_unit(known)
    assert market.model_words(run.model) == "Two-factor: the default"


def test_without_sharper_measures_the_costs_are_as_they_were(run):
    assert precise_rows(run.report) == ()
    assert precise_words(run.report) == ""
    assert not [row for row in risk.costs_table(run.report).rows if "precise" in str(row["measure"].value)]


def test_sharper_measures_stand_below_the_costs_with_their_errors(sharp):
    rows = {row["measure"].value: row for row in risk.costs_table(sharp.report).rows}
    tail = rows["precise_cvar"]
    assert tail["measure"].text == "CVaR 95%, sharper"
    assert (tail["change"].value, tail["change"].tone) == (-1_300_000.0, "accent")
    assert rows["precise_cvar_standard_error"]["change"].text == ""
    assert "65,536 points in 16 replications, less sharp than asked" in precise_words(sharp.report)


def test_the_report_has_the_sharper_measures_in_full(sharp):
    rows = {row["measure"].value: row for row in report_costs(sharp).rows}
    assert rows["precise_mean"]["benefit"].value == pytest.approx(50_000.0)
    assert rows["precise_mean_standard_error"]["hedged"].text == "40.00"
