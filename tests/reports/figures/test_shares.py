"""Concentration: the largest on top, the many small ones together, nothing lost."""

from __future__ import annotations

import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.figures.shares import MOST_BARS


def test_two_sellers_are_two_bars_with_their_shares(study):
    chart = figures.concentration(study.concentrations[0])
    assert (chart.title, chart.unit) == ("Cost by seller", "% · HHI 0.58")
    assert [label.text for label in chart.labels] == ["70%", "30%"]
    assert "openai: 70.0%" in chart.alt
    assert "0.58" in chart.unit


def test_many_names_keep_their_sum_and_an_empty_one_is_told(study):
    chart = figures.concentration(study.concentrations[1])
    (mark,) = chart.marks
    assert len(mark.y) == MOST_BARS
    assert sum(mark.x) == pytest.approx(100.0)
    assert "3 smaller" in [words.strip() for _, words in chart.y.ticks]
