"""Fitted models as charts: the fan against its history, paths, the curve's band, regimes, where outcomes fell."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.domain.price_models import RegimePath
from hedgedesk.reports.figures.model_curve import model_curve
from hedgedesk.reports.figures.model_fan import model_fan
from hedgedesk.reports.figures.pit import expected, pit_histogram
from hedgedesk.reports.figures.regimes import regime_path
from hedgedesk.reports.paint import plotly
from hedgedesk.reports.svg import svg


@pytest.fixture
def study(fitted):
    return fitted.model_study()


def named(chart, name):
    return next((mark for mark in chart.marks if mark.name == name), None)


def texts(chart):
    return " | ".join(label.text for label in chart.labels)


def test_the_history_is_ink_and_the_models_quantiles_are_teal(study):
    chart = model_fan(study, study.fits[1])
    assert named(chart, "Index").tone == "ink"
    assert named(chart, "Index").y == study.history_per_mtok.tolist()
    assert {mark.tone for mark in chart.marks if mark.kind == "fill"} == {"teal"}
    assert sum(mark.kind == "fill" for mark in chart.marks) == 3
    assert chart.title == "Jump diffusion"
    assert "CNY per M STU" in chart.unit.replace("\N{NO-BREAK SPACE}", " ")


def test_jumps_are_marked_where_the_history_shows_them(study):
    chart = model_fan(study, study.fits[1])
    down, up = named(chart, "Jump down"), named(chart, "Jump up")
    assert (down.x, down.y, down.tone) == (["2025-11-14", None], [9.0, None], "teal")
    assert (up.x, up.tone) == (["2026-08-14", None], "amber")
    assert named(model_fan(study, study.fits[0]), "Jump up") is None


def test_paths_are_one_trace_with_gaps_and_leave_the_widest_band(study):
    fit = study.fits[0]
    chart = model_fan(study, fit, paths=True)
    paths = named(chart, "Paths")
    assert paths.y.count(None) == fit.paths_per_mtok.shape[0]
    assert len(paths.x) == fit.paths_per_mtok.size + fit.paths_per_mtok.shape[0]
    assert sum(mark.kind == "fill" for mark in chart.marks) == 1
    assert named(model_fan(study, fit), "Paths") is None


def test_another_model_stands_beside_in_slate_by_its_ends_and_middle(study):
    chart = model_fan(study, study.fits[1], study.fits[0])
    slate = [mark for mark in chart.marks if mark.tone == "slate"]
    assert [mark.name for mark in slate] == ["Random walk 5%", "Random walk 50%", "Random walk 95%"]
    assert "grey, dashed: Random walk" in chart.unit


def test_every_model_has_the_same_axis_unless_one_is_wild(study):
    axes = {model_fan(study, fit).y.high for fit in study.fits}
    assert len(axes) == 1
    wild = dataclasses.replace(study.fits[0], fan_per_mtok=study.fits[0].fan_per_mtok * 10)
    loud = dataclasses.replace(study, fits=(wild, *study.fits[1:]))
    assert model_fan(loud, study.fits[1]).y.high < 0.5 * model_fan(loud, wild).y.high


def test_each_trace_has_a_name_of_its_own_so_that_no_other_takes_its_ink(study):
    uids = [trace["uid"] for trace in plotly(model_fan(study, study.fits[1], study.fits[0]))["data"]]
    assert len(uids) == len(set(uids))
    assert uids.count("ink") == 1


def test_a_history_of_one_price_is_drawn(study):
    one = dataclasses.replace(study, history_dates=study.history_dates[-1:], history_per_mtok=np.array([10.8]))
    assert named(model_fan(one, study.fits[0]), "Index").y == [10.8]


def test_the_curve_stands_in_the_band_of_its_parameters(study):
    fit = study.fits[1]
    chart = model_curve(study, fit, study.fits[0])
    band = next(mark for mark in chart.marks if mark.kind == "fill")
    assert band.y == fit.curve_high_per_mtok.tolist()
    assert band.base == fit.curve_low_per_mtok.tolist()
    assert named(chart, "Jump diffusion").x[0] == "2026-11-30"
    assert named(chart, "Random walk").dash == "dash"
    assert "Beside" in texts(chart)


def test_a_curve_without_a_distribution_of_parameters_has_no_band_to_tell(study):
    none = np.full(24, np.nan)
    fit = dataclasses.replace(study.fits[0], curve_low_per_mtok=none, curve_high_per_mtok=none)
    chart = model_curve(study, fit)
    assert "95%" not in texts(chart)
    assert chart.y.low < 10.8 < chart.y.high
    assert "nan" not in json.dumps(plotly(chart)).lower()


def test_regimes_are_stacked_to_one_in_their_order(study):
    path = study.fits[2].regimes
    chart = regime_path(path)
    fills = [mark for mark in chart.marks if mark.kind == "fill"]
    assert [(mark.name, mark.tone) for mark in fills] == [
        ("Price war", "teal"),
        ("Calm", "slate"),
        ("Shortage", "amber"),
    ]
    assert fills[-1].y == pytest.approx(np.ones(path.dates.size))
    assert fills[1].base == pytest.approx(fills[0].y)
    assert "Calm" in texts(chart)


def test_two_regimes_are_drawn_as_well():
    dates = np.arange("2026-01-02", "2026-03-01", 7, dtype="datetime64[D]")
    path = RegimePath(("calm", "storm"), dates, np.column_stack((np.full(dates.size, 0.25), np.full(dates.size, 0.75))))
    assert [mark.tone for mark in regime_path(path).marks if mark.kind == "fill"] == ["slate", "violet"]


def test_outcomes_stand_against_what_an_honest_forecast_would_show(fitted):
    row = fitted.validation().rows[1]
    chart = pit_histogram(row)
    bars = named(chart, "Outcomes")
    assert bars.y == pytest.approx([count / 14 for count in row.pit])
    assert "5 of 14" in bars.told[4]
    assert named(chart, "Flat").y == [0.1, 0.1]
    assert "Jump diffusion" in chart.title


def test_the_range_of_honest_bars_is_two_binomial_errors_wide():
    low, high = expected(100, 10)
    assert (low, high) == pytest.approx((0.1 - 1.96 * 0.03, 0.1 + 1.96 * 0.03))
    assert expected(0, 10) == (0.0, 1.0)


def test_charts_stay_small_and_can_be_drawn_on_a_page_as_well(study, fitted):
    drawn = [model_fan(study, study.fits[1], study.fits[0], paths=True), model_curve(study, study.fits[1])]
    drawn += [regime_path(study.fits[2].regimes), pit_histogram(fitted.validation().rows[0])]
    for chart in drawn:
        assert len(json.dumps(plotly(chart))) < 150_000
        assert "<svg" in svg(chart, "chart")
        assert chart.alt
