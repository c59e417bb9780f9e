"""The frontier as a chart: what lies near is drawn, what lies far is told, and axes stay while a slider moves."""

from __future__ import annotations

import dataclasses
import json

import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.paint import plotly
from hedgedesk.reports.svg import svg


@pytest.fixture
def found(studies):
    return studies.frontier()


def test_best_plans_are_a_line_and_the_plan_a_diamond_near_it(found):
    chart = figures.frontier_chart(found)
    line, book, proposed = chart.marks
    assert line.x == pytest.approx([16.4, 16.0, 15.6, 15.4, 15.35])
    assert line.y == pytest.approx([10.84, 10.86, 10.89, 10.94, 11.02])
    assert (proposed.sign, proposed.tone, proposed.x, proposed.y) == ("diamond", "teal", [15.6], [10.9])
    assert (book.tone, book.x) == ("slate", [16.9])
    assert line.told[0].replace("\u00a0", " ").startswith("Risk weight 0: CVaR 16.40, mean 10.84 CNY m; 1,000 lots")
    assert line.told[-1].startswith("Tail alone")


def test_no_hedge_far_from_the_frontier_is_told_in_the_corner(found):
    chart = figures.frontier_chart(found)
    words = {label.text: label.where for label in chart.labels}
    assert words["No hedge 21.50 →"] == "corner"
    assert words["Proposed 15.60"] == "data"
    assert chart.x.high < 21.5


def test_no_hedge_at_the_end_of_the_frontier_is_drawn_on_it(found):
    near = dataclasses.replace(found, open=dataclasses.replace(found.open, cvar=16.6e6))
    chart = figures.frontier_chart(near)
    assert "No hedge 16.60" in {label.text for label in chart.labels}
    assert [mark.tone for mark in chart.marks] == ["slate", "slate", "amber", "teal"]


def test_a_book_without_lots_is_no_point(found):
    bare = dataclasses.replace(found, book=dataclasses.replace(found.book, position=(0.0, 0.0)))
    assert len(figures.frontier_chart(bare).marks) == 2


def test_a_what_if_keeps_the_axes_of_the_run_it_is_against(found, studies):
    own = figures.frontier_chart(found)
    moved = figures.frontier_chart(studies.frontier(0.01), found)
    assert (moved.x, moved.y) == (own.x, own.y)
    far = figures.frontier_chart(studies.frontier(3.0), found)
    assert far.x.high > own.x.high
    assert far.x.low == own.x.low


def test_every_point_that_is_drawn_lies_within_the_axes(found):
    chart = figures.frontier_chart(found)
    for mark in chart.marks:
        assert all(chart.x.low < x < chart.x.high for x in mark.x)
        assert all(chart.y.low < y < chart.y.high for y in mark.y)


def test_a_frontier_of_one_point_is_drawn_without_a_fault(found):
    one = dataclasses.replace(found, points=found.points[:1], proposed=found.points[0], book=found.points[0])
    chart = figures.frontier_chart(dataclasses.replace(one, open=found.points[0]))
    assert chart.x.low < chart.x.high
    assert chart.y.low < chart.y.high
    json.dumps(plotly(chart), allow_nan=False)


def test_both_painters_draw_points_in_their_sign(found):
    chart = figures.frontier_chart(found)
    painted = plotly(chart)
    assert [trace["mode"] for trace in painted["data"]] == ["lines+markers", "markers", "markers"]
    assert painted["data"][-1]["marker"]["symbol"] == "diamond"
    assert painted["layout"]["xaxis"]["showgrid"]
    drawn = svg(chart, "frontier")
    assert drawn.count("<circle") == 5 + 1
    assert drawn.count('Z" fill=') == 1


def test_words_for_readers_who_cannot_see_it_name_ends_plan_and_no_hedge(found):
    alt = figures.frontier_chart(found).alt
    for part in ("10.84", "16.40", "11.02", "15.35", "Proposed: 10.90 and 15.60", "No hedge: 11.00 and 21.50"):
        assert part in alt
