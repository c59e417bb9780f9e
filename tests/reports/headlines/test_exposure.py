"""Five numbers of what is open, each with its unit and what it is measured against."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.reports.headlines.exposure import exposure_headlines
from hedgedesk.reports.method import notes


def test_each_number_has_its_unit_and_what_it_is_compared_with(run):
    told = exposure_headlines(run)
    m = run.report.months
    assert told["volume"].value == f"{m.raw_open_mtok.sum() / 1e6:.2f}"
    assert told["volume"].unit == "million Mtok"
    assert told["volume"].note == "86% of the forecast"
    assert told["volume"].more == "1.96\u00a0million M\u00a0STU"
    assert (told["value"].unit, told["value"].value) == ("CNY\u00a0m", f"{m.open_value.sum() / 1e6:.2f}")
    assert told["cover"].band is not None
    assert told["fixed"].more == "at 2.55 CNY per Mtok"
    assert told["largest"].value == "100%"
    assert told["largest"].more == "volume of a month ±10%"


def test_the_largest_model_is_of_all_its_meters_together(run):
    use = run.exposure
    forecast = np.column_stack([use.forecast_mtok, use.forecast_mtok[:, :1] * 0.5])
    two = dataclasses.replace(
        use,
        models=(*use.models, "qwen"),
        meters=(*use.meters, "uncached_input"),
        forecast_mtok=forecast,
        fixed_mtok=forecast * 0.0,
        beta=np.empty(0),
    )
    told = exposure_headlines(dataclasses.replace(run, exposure=two))["largest"]
    kimi, qwen = 1.6 + 0.05 * 4.21, 0.8
    assert told.note == "kimi-k2"
    assert told.value == f"{100 * kimi / (kimi + qwen):.0f}%"


def test_without_commitments_nothing_is_said_of_their_price(run):
    free = dataclasses.replace(
        run.exposure, fixed_mtok=run.exposure.fixed_mtok * 0.0, committed_cost=np.zeros(24), commitment_currency=""
    )
    told = exposure_headlines(dataclasses.replace(run, exposure=free))["fixed"]
    assert (told.value, told.note, told.more) == ("0%", "nothing is committed", "")


def test_nothing_open_has_no_largest_model(run, edges):
    told = exposure_headlines(edges.nothing_open(run))
    assert (told["largest"].value, told["largest"].note) == ("–", "nothing is open")
    assert told["volume"].value == "0.0"


def test_a_record_without_values_has_a_dash_for_them(run, edges):
    told = exposure_headlines(edges.before_quantiles(run))["value"]
    assert (told.value, told.note) == ("–", "not in the record of this run")


@pytest.mark.parametrize("page", ["exposure", "market", "risk"])
def test_the_drawer_of_each_page_says_what_its_numbers_mean_and_how_they_are_made(run, page):
    told = {note.heading: note.lines for note in notes(page, run)}
    assert len(told["What it means"][0]) > 200
    assert len(told["Formula"]) >= 4
