"""Stresses sorted by how much they move the expected cost: teal lowers it, amber raises it."""

from __future__ import annotations

import dataclasses
import json

import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.paint import plotly
from hedgedesk.reports.tables.risk import sorted_changes


def with_totals(run, *totals):
    stress = run.report.stresses[0]
    shocks = tuple(dataclasses.replace(stress, name=f"S{k}", total_cost=total) for k, total in enumerate(totals))
    return dataclasses.replace(run.report, stresses=shocks)


def test_the_largest_change_is_on_top_whichever_way_it_goes(run):
    report = with_totals(run, 11_000_000.0, 4_900_000.0, 13_300_000.0)
    assert [stress.name for stress, _ in sorted_changes(report)] == ["S1", "S2", "S0"]
    chart = figures.stress_tornado(report)
    lowers, raises = chart.marks
    assert (lowers.tone, lowers.x, lowers.y) == ("teal", pytest.approx([-6.0]), [0.0])
    assert (raises.tone, raises.x, raises.y) == ("amber", pytest.approx([2.4, 0.1]), [1.0, 2.0])
    assert [label.text for label in chart.labels] == ["−6.00", "+2.40", "+0.10"]
    assert [text for _, text in chart.y.ticks] == ["S1", "S2", "S0"]


def test_the_change_is_against_the_expected_cost_with_the_plan(run):
    changes = {stress.name: change for stress, change in sorted_changes(run.report)}
    assert changes["Price war"] == pytest.approx(5.8e6 - 10.9e6)


def test_bars_lie_across_and_values_stand_inside_the_axis(run):
    chart = figures.stress_tornado(run.report)
    painted = plotly(chart)
    assert {trace["orientation"] for trace in painted["data"]} == {"h"}
    assert all(chart.x.low < label.x < chart.x.high for label in chart.labels)
    assert chart.unit == "change of expected cost, CNY\u00a0m"
    assert len(chart.alt) > 60


@pytest.mark.parametrize("totals", [(), (10_900_000.0,), (9e6,), (12e6,)])
def test_no_stress_no_change_and_one_side_are_drawn_without_a_fault(run, totals):
    chart = figures.stress_tornado(with_totals(run, *totals))
    assert chart.x.low < 0.0 < chart.x.high
    json.dumps(plotly(chart), allow_nan=False)
