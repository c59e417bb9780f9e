"""Today's curve beside what the scenarios expect."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.reports import figures
from hedgedesk.reports.paint import plotly


def named(chart, name):
    return next(mark for mark in chart.marks if mark.name == name)


def texts(chart):
    return " | ".join(label.text for label in chart.labels)


def test_the_curve_is_ink_the_mean_teal_and_the_index_a_line_across(run):
    chart = figures.price_curve(run.fan)
    assert named(chart, "Curve").y == run.fan.curve.price_per_mtok.tolist()
    assert named(chart, "Curve").tone == "ink"
    assert named(chart, "Mean of scenarios").y == run.fan.mean_per_mtok.tolist()
    assert named(chart, "Index").y == [9.7, 9.7]
    assert "Index 9.70" in texts(chart)
    assert len(chart.alt) > 60


def test_an_indicative_curve_is_called_so(make_run):
    assert "indicative: not listed" in figures.price_curve(make_run(indicative=True).fan).unit
    assert "indicative" not in figures.price_curve(make_run().fan).unit


def test_a_flat_curve_is_not_blown_up_to_look_like_a_slope(run):
    flat = dataclasses.replace(run.fan.curve, price_per_mtok=np.full(12, 9.7))
    fan = dataclasses.replace(run.fan, curve=flat, mean_per_mtok=np.full(24, 9.7))
    chart = figures.price_curve(fan)
    assert chart.y.high - chart.y.low == pytest.approx(0.12 * 9.7)


def test_prices_are_never_drawn_below_nothing(run):
    fan = dataclasses.replace(run.fan, mean_per_mtok=np.linspace(0.01, 30.0, 24))
    assert figures.price_curve(fan).y.low == 0.0


def test_edges_are_drawn_without_a_fault(run, edges):
    for case in (edges.without_contracts(run), edges.of_months(run, 1), edges.of_months(run, 60)):
        for chart in (figures.price_curve(case.fan), figures.price_fan(case.fan)):
            assert len(json.dumps(plotly(chart), allow_nan=False)) < 1_000_000


def test_without_a_contract_there_is_no_curve_and_the_words_say_so(run, edges):
    chart = figures.price_curve(edges.without_contracts(run).fan)
    assert "Curve" not in [mark.name for mark in chart.marks]
    assert chart.alt.startswith("No contract is listed or modelled.")
    assert "Curve" not in texts(figures.price_fan(edges.without_contracts(run).fan))
