"""The landing shows months paid, months expected with their range, and the year in one number with its band."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.paint import plotly


def test_paid_months_come_before_expected_ones_and_no_month_is_both(hand_made):
    landing = hand_made.sample_landing()
    chart = figures.year_landing(landing)
    paid, expected = (next(m for m in chart.marks if m.name == name) for name in ("Paid", "Expected"))
    assert paid.x == list(range(10))
    assert expected.x == [10, 11]
    assert sum(paid.y) == pytest.approx(landing.paid / 1e6)


def test_the_year_is_told_in_one_number_with_its_band(hand_made):
    chart = figures.year_landing(hand_made.sample_landing())
    assert chart.title == "Landing of 2026"
    assert chart.unit == "CNY\u00a0m · year 11.85\u00a0CNY\u00a0m, 90% 11.60–12.20"
    assert json.dumps(plotly(chart), allow_nan=False)


def test_a_year_without_budget_or_actuals_has_no_empty_legend(hand_made):
    none = np.full(12, np.nan)
    bare = dataclasses.replace(hand_made.sample_landing(), budget=none, actual=none, year_budget=None)
    chart = figures.year_landing(bare)
    assert {label.text for label in chart.labels} == {"Expected", "90% range"}
    assert all(mark.name not in ("Paid", "Budget") for mark in chart.marks)
