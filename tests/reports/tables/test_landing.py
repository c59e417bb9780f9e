"""The landing as a table: months, and the year as its own row."""

from __future__ import annotations

import dataclasses

from hedgedesk.reports.headlines.exposure import exposure_headlines
from hedgedesk.reports.tables.landing import landing_table


def landed(run, landing):
    return dataclasses.replace(run, report=dataclasses.replace(run.report, landing=landing))


def test_the_year_is_the_last_row_with_its_range(run, hand_made):
    landing = hand_made.sample_landing()
    rows = landing_table(landed(run, landing)).rows
    assert len(rows) == 13
    assert rows[0]["expected"].text == ""
    assert rows[-1]["expected"].value == landing.mean
    assert (rows[-1]["p05"].text, rows[-1]["p95"].text) == ("11,600,000", "12,200,000")


def test_a_run_without_a_landing_says_why_there_is_none(run):
    (row,) = landing_table(run).rows
    assert row["month"].text.startswith("No landing")


def test_the_headline_is_one_number_with_its_band_against_the_budget(run, hand_made):
    told = exposure_headlines(landed(run, hand_made.sample_landing()))["landing"]
    assert (told.value, told.unit, told.delta) == ("11.85", "CNY\u00a0m", "▲ 0.35")
    assert told.note == "against budget 11.50"
    assert told.more == "90% in 11.60–12.20"


def test_a_month_known_in_part_is_named(run, hand_made):
    partly = dataclasses.replace(hand_made.sample_landing(), missing=("2026-01",), year_budget=None)
    told = exposure_headlines(landed(run, partly))["landing"]
    assert told.more.endswith("Jan in part")
    assert told.note == "9.50 paid so far"


def test_without_a_landing_the_number_is_a_dash(run):
    assert exposure_headlines(run)["landing"].value == "–"
