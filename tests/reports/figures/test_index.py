"""The desk's own index as a chart."""

from __future__ import annotations

import dataclasses
import json

import numpy as np

from hedgedesk.reports.figures.index import index_prints
from hedgedesk.reports.paint import plotly
from hedgedesk.reports.svg import svg


def named(chart, name):
    return next((mark for mark in chart.marks if mark.name == name), None)


def texts(chart):
    return " | ".join(label.text for label in chart.labels)


def test_the_index_is_teal_and_what_it_would_be_without_screens_dotted_amber(make_index):
    study = make_index()
    chart = index_prints(study)
    assert named(chart, "Index").y == study.values.tolist()
    assert (named(chart, "Index").tone, named(chart, "Index").dash) == ("teal", "")
    assert named(chart, "No screens").y == study.unscreened.tolist()
    assert (named(chart, "No screens").tone, named(chart, "No screens").dash) == ("amber", "dot")
    assert "No screens 120.00" in texts(chart)


def test_without_a_difference_there_is_one_line(make_index):
    study = make_index()
    chart = index_prints(dataclasses.replace(study, unscreened=study.values, audit=()))
    assert [mark.name for mark in chart.marks] == ["Index"]
    assert "every print would be the same" in chart.alt


def test_carried_prints_are_dots_that_no_line_joins(make_index):
    dots = named(index_prints(make_index()), "Carried print")
    assert (dots.kind, dots.x, dots.y) == ("dots", ["2026-09-27", None], [90.0, None])
    assert "carried print" in texts(index_prints(make_index()))
    assert "1 prints are carried" not in index_prints(make_index()).alt


def test_the_contracts_index_is_drawn_in_ink_and_said_to_be_scaled(make_index, run):
    dates = np.array(["2026-09-11", "2026-09-25"], dtype="datetime64[D]")
    fan = dataclasses.replace(run.fan, history_dates=dates, history_per_mtok=np.array([8.0, 7.2]))
    chart = index_prints(make_index(), fan)
    assert named(chart, "Contract's").tone == "ink"
    assert f"{run.fan.index} scaled to meet it on 11 Sep 2026" in chart.unit


def test_an_index_that_stood_still_is_not_blown_up(make_index):
    still = np.full(5, 80.0)
    chart = index_prints(make_index(values=still, unscreened=still))
    assert chart.y.low < 79.0
    assert chart.y.high > 81.0


def test_a_single_print_is_drawn(make_index):
    study = make_index()
    one = {name: getattr(study, name)[:1] for name in ("dates", "values", "unscreened", "weights", "moves")}
    one |= {name: getattr(study, name)[:1] for name in ("concentration", "stale_share")}
    assert named(index_prints(dataclasses.replace(study, **one)), "Index").y == [100.0]


def test_the_figure_stays_small_and_can_be_drawn_on_a_page_as_well(make_index):
    long = np.arange("2016-01-03", "2026-01-04", 7, dtype="datetime64[D]")
    n = long.size
    walk = 100.0 + 10.0 * np.sin(np.arange(n) / 7)
    wide = {"weights": np.ones((n, 1)), "moves": np.zeros((n, 1)), "constituents": ("a/b",)}
    shares = {"concentration": np.ones(n), "stale_share": np.zeros(n)}
    study = make_index(dates=long, values=walk, unscreened=walk + 1, unit="base 100 = 2016-01-03", **wide, **shares)
    assert len(json.dumps(plotly(index_prints(study)))) < 150_000
    assert "<svg" in svg(index_prints(make_index()), "own-index")
