"""Charts draw the report's own numbers, small and in the house's colours."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.reports import figures, notebook
from hedgedesk.reports.figures.cover import tick_step
from hedgedesk.reports.figures.fan import date_ticks, spread
from hedgedesk.reports.paint import TONES, blank, plotly

LARGEST_FIGURE = 1_000_000
MOST_POINTS = 5_000


def charts(run):
    return [figures.price_fan(run.fan), figures.cost_distribution(run.report), figures.cover_by_month(run.report)]


def named(chart, name):
    return next(mark for mark in chart.marks if mark.name == name)


def texts(chart):
    return " | ".join(label.text for label in chart.labels)


def test_every_figure_is_small_and_plain_json(run):
    for chart in charts(run):
        painted = plotly(chart)
        assert len(json.dumps(painted, allow_nan=False)) < LARGEST_FIGURE
        assert all(len(trace["x"]) <= MOST_POINTS for trace in painted["data"])
        assert all(trace["type"] in ("scatter", "bar") for trace in painted["data"])


def test_every_figure_has_a_title_a_unit_and_words_for_those_who_cannot_see_it(run):
    for chart in charts(run):
        assert chart.title
        assert chart.unit
        assert len(chart.alt) > 60


def test_the_distribution_is_the_reports_in_its_scale(run):
    chart = figures.cost_distribution(run.report)
    bars, steps = named(chart, "With plan"), named(chart, "Without hedges")
    assert bars.y == run.report.distribution.hedged.tolist()
    assert steps.x == pytest.approx((run.report.distribution.edges / 1e6).tolist())
    assert steps.y[:-1] == run.report.distribution.unhedged.tolist()
    assert chart.unit == "share of scenarios, CNY\u00a0m"
    assert "Budget 11.60" in texts(chart)
    assert "Tail mean 15.54" in texts(chart)
    assert "Tail mean 17.92" in texts(chart)


def test_bars_above_the_budget_are_lighter(run):
    bars = named(figures.cost_distribution(run.report), "With plan")
    lighter = [strength < 0.85 for strength in bars.strength]
    assert lighter == [centre > 11.6 for centre in bars.x]


def test_without_a_budget_there_is_no_budget_line(make_run):
    chart = figures.cost_distribution(make_run(budget=None).report)
    assert "Budget" not in texts(chart)
    assert len(chart.rules) == 2


def test_the_fan_joins_the_newest_price_and_holds_every_quantile(run):
    chart = figures.price_fan(run.fan)
    fills = [mark for mark in chart.marks if mark.kind == "fill"]
    assert [mark.y[1:] for mark in fills] == [run.fan.quantile_per_mtok[-1 - q].tolist() for q in range(3)]
    assert [mark.base[1:] for mark in fills] == [run.fan.quantile_per_mtok[q].tolist() for q in range(3)]
    assert {mark.y[0] for mark in fills} == {run.fan.history_per_mtok[-1]}
    assert named(chart, "Curve").y == run.fan.curve.price_per_mtok.tolist()


def test_a_price_that_would_round_to_nothing_is_told_as_less_than_the_least(run):
    small = dataclasses.replace(
        run.fan, quantile_per_mtok=np.vstack([np.full(24, 0.002), run.fan.quantile_per_mtok[1:]])
    )
    chart = figures.price_fan(small)
    assert "5%  <0.01" in texts(chart)
    assert "with 5% below <0.01" in chart.alt


@pytest.mark.parametrize(("days", "side"), [(40, "left"), (300, "right")])
def test_the_date_of_today_keeps_clear_of_the_price_axis(run, days, side):
    short = dataclasses.replace(
        run.fan, history_dates=run.fan.history_dates[-days:], history_per_mtok=run.fan.history_per_mtok[-days:]
    )
    label = next(label for label in figures.price_fan(short).labels if label.text == "20 Nov 2026")
    assert label.anchor == side


def test_an_indicative_curve_is_called_so(make_run):
    assert "indicative: not listed" in figures.price_fan(make_run(indicative=True).fan).unit
    assert "indicative" not in figures.price_fan(make_run().fan).unit


def test_labels_at_the_edge_keep_their_distance():
    placed = spread([1.0, 1.1, 1.15, 3.0], 0.5, (0.0, 4.0))
    assert np.all(np.diff(placed) >= 0.5 - 1e-12)
    assert placed[-1] <= 4.0


def test_cover_stacks_fixed_held_and_proposed_to_the_months_coverage(run):
    chart = figures.cover_by_month(run.report)
    outline = named(chart, "Proposed")
    months = run.report.months
    bought = months.hedged_mtok >= months.held_mtok
    ends = np.add(outline.base, outline.y)
    assert ends[bought] == pytest.approx(months.coverage[bought])
    assert named(chart, "To sell").y[0] == pytest.approx(2_000 / months.forecast_mtok[0])
    assert len(chart.zones) == int(np.isfinite(months.band_min).sum())


def test_months_that_no_contract_reaches_are_named(run):
    assert "No contract reaches these months" in texts(figures.cover_by_month(run.report))


def test_a_short_horizon_says_by_how_much_a_month_lies_outside(run, edges):
    short = edges.of_months(run, 12).report
    labels = [label for label in figures.cover_by_month(short).labels if label.key.startswith(("▼", "▲"))]
    assert [label.text for label in labels] == ["9", "0", "2", "6"]


def test_quarters_carry_their_year_once():
    ticks = date_ticks(np.datetime64("2026-02"), np.datetime64("2027-05"))
    assert [text for _, text in ticks] == ["Apr\n2026", "Jul", "Oct", "Jan\n2027", "Apr"]


def test_ink_follows_the_theme_and_everything_else_is_a_mid_tone(run):
    traces = plotly(figures.price_fan(run.fan))["data"]
    assert [t["uid"] for t in traces if t["uid"].startswith("ink")] == ["ink", "ink-dots"]
    colours = {t["line"].get("color") for t in traces} - {None}
    assert colours <= set(TONES.values())


def test_an_empty_figure_says_that_there_is_nothing_yet():
    assert blank()["layout"]["annotations"][0]["text"] == "No result yet"


def test_a_notebook_gets_the_same_figures_from_plotly(run):
    graph_objects = pytest.importorskip("plotly.graph_objects")
    drawn = [notebook.price_fan(run.fan), notebook.cost_distribution(run.report), notebook.cover_by_month(run.report)]
    for figure, chart in zip(drawn, charts(run), strict=True):
        assert isinstance(figure, graph_objects.Figure)
        assert len(figure.data) == len(chart.marks)
        assert chart.title in figure.layout.title.text


@pytest.mark.parametrize(("count", "step"), [(12, 1), (24, 2), (36, 3), (60, 6), (120, 12)])
def test_long_axes_have_no_more_ticks_than_fit(count, step):
    assert tick_step(count) == step


def test_every_figure_of_the_screen_is_in_the_notebook(run, hand_made, studies):
    graph_objects = pytest.importorskip("plotly.graph_objects")
    for name in figures.__all__:
        if name != "Chart":
            of = {"price_fan": run.fan, "price_curve": run.fan, "open_by_month": run, "open_by_model": run}
            study = hand_made.sample_study()
            of |= {"open_map": run, "year_landing": hand_made.sample_landing(), "basis_ladder": study.ladders[0]}
            of |= {"basis_split": study.splits[0], "concentration": study.concentrations[0]}
            of |= {"frontier_chart": studies.frontier()}
            assert isinstance(getattr(notebook, name)(of.get(name, run.report)), graph_objects.Figure)


def test_a_what_if_is_drawn_in_the_unit_and_on_the_axes_of_the_run_it_is_against(run):
    d = run.report.distribution
    dearer = dataclasses.replace(d, edges=d.edges * 1.1, hedged=d.hedged * 1.2)
    report = dataclasses.replace(run.report, distribution=dearer)
    own, beside = figures.cost_distribution(run.report), figures.cost_distribution(report, run.report)
    assert beside.unit == own.unit
    assert beside.x.low == own.x.low
    assert beside.x.high == pytest.approx(own.x.high + (own.x.high - own.x.low) / 4)
    assert figures.cover_by_month(run.report, run.report).y == figures.cover_by_month(run.report).y


def test_cover_by_other_instruments_is_told_apart_from_futures(run, edges):
    months = run.report.months
    others = np.where(months.hedgeable, 0.1 * months.forecast_mtok, 0.0)
    hedged = edges.with_months(run, hedged_mtok=months.hedged_mtok + others, choices_mtok=others)
    plain, chart = figures.cover_by_month(run.report), figures.cover_by_month(hedged.report)
    by_name, before = ({mark.name: mark for mark in each.marks} for each in (chart, plain))
    assert by_name["Other hedges"].y[:12] == pytest.approx([0.1] * 12)
    assert by_name["Proposed"].y == pytest.approx(before["Proposed"].y)
    assert by_name["Proposed"].base[:12] == pytest.approx([base + 0.1 for base in before["Proposed"].base[:12]])
    assert "Other hedges" not in before
    assert "Other hedges" in {label.text for label in chart.labels}
