"""Each month's cost as two ranges and short lines, in the unit of single months."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.paint import plotly


def named(chart, name):
    return next(mark for mark in chart.marks if mark.name == name)


def texts(chart):
    return [label.text for label in chart.labels]


def test_the_ranges_run_from_quantile_to_quantile(run):
    chart, m = figures.cost_by_month(run.report), run.report.months
    wide, half = named(chart, "5% to 95%"), named(chart, "25% to 75%")
    assert wide.base == pytest.approx(m.hedged_p05 / 1e3)
    assert np.add(wide.base, wide.y) == pytest.approx(m.hedged_p95 / 1e3)
    assert half.base == pytest.approx(m.hedged_quantile[1] / 1e3)
    assert np.add(half.base, half.y) == pytest.approx(m.hedged_quantile[3] / 1e3)
    assert chart.unit == "CNY\u00a0k, with the plan"


def test_median_and_unhedged_mean_are_lines_within_their_month(run):
    chart, m = figures.cost_by_month(run.report), run.report.months
    median, unhedged = named(chart, "Median"), named(chart, "Mean, no hedges")
    assert median.y[0::3] == pytest.approx(m.hedged_quantile[2] / 1e3)
    assert unhedged.y[0::3] == pytest.approx(m.unhedged_mean / 1e3)
    assert median.x[:3] == [-0.34, 0.34, None]
    assert (median.tone, unhedged.tone) == ("ink", "amber")


def test_a_budget_of_months_is_drawn_where_there_is_one(run, edges):
    assert "Budget" not in texts(figures.cost_by_month(run.report))
    budget = np.full(24, np.nan)
    budget[3] = 600_000.0
    chart = figures.cost_by_month(edges.with_months(run, budget=budget).report)
    assert named(chart, "Budget").y == [600.0, 600.0, None]
    assert "Budget" in texts(chart)


def test_a_record_without_quantiles_keeps_its_outer_range(run, edges):
    chart = figures.cost_by_month(edges.before_quantiles(run).report)
    assert [mark.name for mark in chart.marks] == ["5% to 95%", "Mean, no hedges"]


def test_edges_are_drawn_without_a_fault(run, edges):
    nothing = dict.fromkeys(("hedged_mean", "hedged_p05", "hedged_p95", "unhedged_mean"), np.zeros(24))
    for case in (edges.of_months(run, 1), edges.of_months(run, 60), edges.with_months(run, **nothing)):
        chart = figures.cost_by_month(case.report)
        assert len(json.dumps(plotly(chart), allow_nan=False)) < 1_000_000
        assert chart.y.high > 0
        assert len(chart.alt) > 60
