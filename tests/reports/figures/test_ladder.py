"""Waterfalls: every step begins where the one before ends, the last ends at what is paid."""

from __future__ import annotations

import dataclasses
import json

import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.causes import parts_of
from hedgedesk.reports.paint import plotly


def steps_of(chart):
    """Top and bottom of each bar by its place, from left to right."""
    bars = [mark for mark in chart.marks if mark.kind == "bar"]
    found = {}
    for mark in bars:
        for place, height, base in zip(mark.x, mark.y, mark.base, strict=True):
            found[place] = (base, base + height, mark.tone)
    return [found[place] for place in sorted(found)]


def test_the_ladder_leads_from_the_index_to_what_is_paid(study):
    chart = figures.basis_ladder(study.ladders[-1])
    level = study.ladders[-1].index
    for low, high, tone in steps_of(chart):
        assert level == pytest.approx(low if tone == "amber" else high)
        level = high if tone == "amber" else low
    assert level == pytest.approx(study.ladders[-1].paid)
    assert chart.unit == "USD per M\u00a0STU, Oct 2026"
    assert json.dumps(plotly(chart), allow_nan=False)


def test_the_split_ends_at_the_later_months_cost_and_tells_every_cause(study):
    split = study.splits[-1]
    chart = figures.basis_split(split)
    texts = [label.text for label in chart.labels]
    assert texts[0] == "6.30"
    assert texts[-1] == "6.50"
    assert len(texts) == len(split.parts) + 2
    assert "Volume +0.42" in chart.alt
    assert [words for _, words in chart.x.ticks][:2] == ["Sep\n2026", "Volume"]


def test_a_split_where_nothing_changed_is_drawn(study):
    still = dataclasses.replace(study.splits[-1], parts=dict.fromkeys(study.splits[-1].parts, 0.0), after=6_300.0)
    chart = figures.basis_split(still)
    assert steps_of(chart) == []
    assert chart.y.low < 6.3 < chart.y.high


def test_a_part_that_nobody_named_before_is_not_lost(study):
    split = study.splits[-1]
    more = dataclasses.replace(split, parts={"levy": 1.0, **split.parts})
    assert parts_of(more)[-1] == "levy"
    assert set(parts_of(more)) == set(more.parts)
