"""The five numbers of a fitted model."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.reports.headlines.models import model_headlines


def test_prices_are_those_of_a_year_ahead_against_the_index_of_today(fitted):
    study = fitted.model_study()
    found = model_headlines(study, study.fits[0], None)
    t = int(np.searchsorted(study.fits[0].dates, np.datetime64("2027-10-23")))
    assert found["most"].value == f"{study.fits[0].fan_per_mtok[-1, t]:.2f}"
    assert found["least"].label == "1 in 20 below, Oct 2027"
    assert found["middle"].delta.startswith("▼")


def test_a_fan_shorter_than_a_year_is_read_at_its_end(fitted):
    study = fitted.model_study()
    fit = study.fits[0]
    short = dataclasses.replace(
        fit, dates=fit.dates[:20], fan_per_mtok=fit.fan_per_mtok[:, :20], paths_per_mtok=fit.paths_per_mtok[:, :20]
    )
    assert model_headlines(study, short, None)["middle"].label == "Median, Mar 2027"


def test_how_a_model_forecast_is_against_the_random_walk(fitted):
    study, judged = fitted.model_study(), fitted.validation()
    better = model_headlines(study, study.fits[1], judged)["judged"]
    assert (better.value, better.delta, better.tone) == ("0.90", "▼ better", "accent")
    assert better.note == "at 3 months, 14 forecasts"
    assert model_headlines(study, study.fits[0], judged)["judged"].delta == "the yardstick"
    assert model_headlines(study, study.fits[2], judged)["judged"].note == "no forecast could be judged"
    assert model_headlines(study, study.fits[0], None)["judged"].note == "not validated yet"


def test_a_curve_whose_parameters_have_no_error_says_so(fitted):
    study = fitted.model_study()
    none = np.full(24, np.nan)
    fit = dataclasses.replace(study.fits[0], curve_low_per_mtok=none, curve_high_per_mtok=none)
    assert model_headlines(study, fit, None)["mean"].note == "the parameters' error is not known"
    assert model_headlines(study, study.fits[0], None)["mean"].note.startswith("parameters 9.72")


def test_a_curve_that_no_parameter_moves_says_so(fitted):
    study = fitted.model_study()
    curve = study.fits[0].curve_per_mtok
    fit = dataclasses.replace(study.fits[0], curve_low_per_mtok=curve, curve_high_per_mtok=curve)
    assert model_headlines(study, fit, None)["mean"].note == "the same whatever the parameters"
