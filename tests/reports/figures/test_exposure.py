"""Volume by month stacks to the forecast; the heat map has a row a model."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.domain.open_volume import MEASURES
from hedgedesk.reports import figures
from hedgedesk.reports.figures.heatmap import MOST_ROWS
from hedgedesk.reports.paint import plotly

LARGEST_FIGURE = 1_000_000


def small_json(chart):
    return len(json.dumps(plotly(chart), allow_nan=False)) < LARGEST_FIGURE


def named(chart, name):
    return next(mark for mark in chart.marks if mark.name == name)


def texts(chart):
    return [label.text for label in chart.labels]


def spread_over(run, count):
    """The run with its use on ``count`` models instead of one."""
    use = run.exposure
    share = np.linspace(1.0, 2.0, count) / np.linspace(1.0, 2.0, count).sum()
    volume = use.forecast_mtok[:, :1] * share
    exposure = dataclasses.replace(
        use,
        models=tuple(f"model-{k:02d}" for k in range(count)),
        meters=("output",) * count,
        forecast_mtok=volume,
        fixed_mtok=volume * 0.1,
        beta=np.ones_like(volume),
    )
    return dataclasses.replace(run, exposure=exposure)


@pytest.mark.parametrize("measure", MEASURES)
def test_both_charts_have_title_unit_and_words_and_are_small(run, measure):
    for chart in (figures.open_by_month(run, measure), figures.open_by_model(run, measure)):
        assert chart.title
        assert chart.unit
        assert len(chart.alt) > 60
        assert small_json(chart)


def test_the_stack_ends_at_the_forecast_in_the_unit_of_the_axis(run):
    chart = figures.open_by_month(run, "tokens")
    left = named(chart, "Left open")
    assert np.add(left.base, left.y) == pytest.approx(run.report.months.raw_forecast_mtok / 1e3)
    assert chart.unit == "thousand Mtok"
    assert left.tone == "amber"
    assert "Dec 2026: Left open" in left.told[0]


def test_each_unit_has_its_own_name(run):
    units = [figures.open_by_month(run, measure).unit for measure in MEASURES]
    assert units == ["thousand Mtok", "thousand M\u00a0STU", "CNY\u00a0k at today's curve"]


def test_what_is_not_there_is_not_in_the_legend(run, edges):
    bare = edges.with_months(run, held_mtok=np.zeros(24))
    assert "Futures held" not in texts(figures.open_by_month(bare, "tokens"))
    assert "Futures held" in texts(figures.open_by_month(run, "tokens"))
    assert "Fixed price" not in texts(figures.open_by_month(run, "money"))


def test_the_heat_map_has_a_row_a_model_with_its_total_at_the_right(run):
    chart = figures.open_by_model(run, "tokens")
    (mark,) = chart.marks
    assert np.array(mark.cells).shape == (1, 24)
    assert sum(mark.cells[0]) == pytest.approx(float(run.exposure.forecast_mtok.sum()) * 0.9 / 1e3)
    assert texts(chart)[0] == "3,385.8"
    assert chart.y.ticks[0][1].strip() == "kimi-k2"
    painted = plotly(chart)["data"][0]
    assert painted["type"] == "heatmap"
    assert painted["customdata"][0][0].startswith("kimi-k2, Dec 2026: ")


def test_the_largest_model_is_on_top_and_the_smallest_are_told_together(run):
    chart = figures.open_by_model(spread_over(run, 20), "standard")
    words = [text.strip() for _, text in chart.y.ticks]
    assert words[0] == "model-19"
    assert len(words) == MOST_ROWS
    assert words[-1] == "13 smaller"
    whole = sum(sum(row) for row in chart.marks[0].cells)
    assert whole == pytest.approx(run.exposure.forecast_mtok[:, 0].sum() * 0.9 * 4.21 / 1e3)


def test_a_name_with_a_tag_in_it_stays_text(run):
    named = dataclasses.replace(run.exposure, models=("<b>&x", "<b>&x"))
    painted = plotly(figures.open_by_model(dataclasses.replace(run, exposure=named), "tokens"))
    assert painted["layout"]["yaxis"]["ticktext"][0].startswith("&lt;b&gt;&amp;x")
    assert painted["data"][0]["customdata"][0][0].startswith("&lt;b&gt;&amp;x, ")


@pytest.mark.parametrize("measure", MEASURES)
def test_edges_are_drawn_without_a_fault(run, edges, measure):
    cases = (
        edges.of_months(run, 1),
        edges.of_months(run, 60),
        edges.nothing_open(run),
        edges.without_contracts(run),
        edges.before_quantiles(run),
        edges.with_months(run, forecast_mtok=np.zeros(24), raw_forecast_mtok=np.zeros(24), open_mtok=np.zeros(24)),
    )
    for case in cases:
        for chart in (figures.open_by_month(case, measure), figures.open_by_model(case, measure)):
            assert small_json(chart)
            assert chart.y.low != chart.y.high


def test_money_that_a_record_does_not_have_is_not_shown_as_nothing(run, edges):
    assert figures.open_by_month(edges.before_quantiles(run), "money").unit == "not in the record of this run"
