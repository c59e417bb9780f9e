"""Charts as SVG: the same marks as on the screen, inside the picture, with words for those who cannot see it."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree as ET

import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.chart import Axis, Chart, Mark
from hedgedesk.reports.svg import HEIGHT, WIDTH, svg

NAME = "{http://www.w3.org/2000/svg}"


def drawn(chart):
    return ET.fromstring(svg(chart, "title"))


def charts(run):
    return {
        "fan": figures.price_fan(run.fan),
        "distribution": figures.cost_distribution(run.report),
        "cover": figures.cover_by_month(run.report),
    }


@pytest.mark.parametrize("name", ["fan", "distribution", "cover"])
def test_a_chart_is_a_picture_with_a_description(run, name):
    chart = charts(run)[name]
    root = drawn(chart)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == root.find(f"{NAME}title").get("id")
    assert root.find(f"{NAME}title").text == chart.alt


@pytest.mark.parametrize("name", ["fan", "distribution", "cover"])
def test_nothing_is_drawn_outside_the_picture(run, name):
    root = drawn(charts(run)[name])
    for node in root.iter():
        for key, most in (("x", WIDTH), ("x1", WIDTH), ("x2", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("y1", HEIGHT)):
            if node.get(key) is not None:
                assert -1 <= float(node.get(key)) <= most + 1, (node.tag, key)
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", node.get("d", "")):
            assert -1 <= float(x) <= WIDTH + 1
            assert -1 <= float(y) <= HEIGHT + 1


@pytest.mark.parametrize("name", ["fan", "distribution", "cover"])
def test_a_picture_is_small(run, name):
    assert len(svg(charts(run)[name], "title")) < 60_000


def test_the_distribution_has_a_bar_for_every_bin_that_is_not_empty(run):
    root = drawn(charts(run)["distribution"])
    assert len(root.findall(f"{NAME}rect")) == int((run.report.distribution.hedged > 0).sum())


def test_every_label_of_the_chart_is_in_the_picture(run):
    for chart in charts(run).values():
        words = ["".join(node.itertext()) for node in drawn(chart).iter(f"{NAME}text")]
        for label in chart.labels:
            assert any(label.text in text for text in words), label


def test_a_missing_value_is_a_gap_in_the_line():
    line = Mark("line", "", [0, 1, 2, 3, 4], [1.0, 2.0, None, 3.0, 1.0], "teal")
    root = drawn(Chart("fan", "", "", "", (line,), x=Axis(0, 4), y=Axis(0.0, 4.0)))
    assert len(root.findall(f"{NAME}path")) == 2


def test_a_step_keeps_its_height_until_the_next_place():
    step = Mark("step", "", [0, 1], [0.0, 4.0], "amber")
    root = drawn(Chart("histogram", "", "", "", (step,), x=Axis(0, 1), y=Axis(0.0, 4.0)))
    places = re.findall(r"([\d.]+) ([\d.]+)", root.find(f"{NAME}path").get("d"))
    assert len(places) == 3
    assert places[0][1] == places[1][1]
    assert places[1][0] == places[2][0]


def test_words_of_the_user_stay_words(run):
    chart = dataclasses.replace(charts(run)["cover"], alt="<script>alert(1)</script>")
    text = svg(chart, "title")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_key_of_other_hedges_is_as_pale_as_their_bars(run):
    months = dataclasses.replace(run.report.months, choices_mtok=0.5 * run.report.months.hedged_mtok)
    shown = svg(figures.cover_by_month(dataclasses.replace(run.report, months=months)), "cover")
    assert 'fill-opacity="0.45">■</tspan> Other hedges' in shown
