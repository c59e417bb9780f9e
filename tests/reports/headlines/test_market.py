"""Five numbers of what prices may do."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.results import ModelSummary
from hedgedesk.reports.headlines.market import market_headlines


def with_history(run, prices, first="2026-07-03"):
    days = np.datetime64(first, "D") + 7 * np.arange(len(prices))
    fan = dataclasses.replace(run.fan, history_dates=days, history_per_mtok=np.array(prices, dtype=float))
    return dataclasses.replace(run, fan=fan)


def test_the_index_says_how_it_moved_in_a_quarter_and_in_four_weeks(run):
    told = market_headlines(with_history(run, [10.0, *[9.0] * 12, 8.0]))["index"]
    assert (told.value, told.unit, told.label) == ("8.00", "CNY per M\u00a0STU", "Index, 2 Oct 2026")
    assert (told.delta, told.tone, told.note) == ("▼ 20.0%", "accent", "in 13 weeks")
    assert told.more == "−11.1% in 4 weeks"


def test_a_short_history_has_no_quarter(run):
    told = market_headlines(with_history(run, [10.0, 11.0]))["index"]
    assert (told.delta, told.note, told.more) == ("", "history shorter than 13 weeks", "")


def test_the_curve_is_read_a_year_ahead_with_the_range_of_that_month(run):
    told = market_headlines(run)["ahead"]
    low, high = run.fan.quantile_per_mtok[[0, -1], 11]
    assert (told.label, told.value) == ("Curve, Nov 2027", f"{run.fan.curve.price_per_mtok[11]:.2f}")
    assert told.more == f"90% in {low:.2f} – {high:.2f}"
    assert told.tone == "accent"


def test_the_two_factor_model_tells_both_volatilities_with_their_errors(run):
    told = market_headlines(run)["volatility"]
    assert (told.label, told.value, told.note) == ("Short-term volatility", "28.6%", "s.e. 1.0%")
    assert told.more == "long-term 14.5%, s.e. 0.5%"


@pytest.mark.parametrize(("error", "note"), [(0.08, "s.e. 8.0%"), (float("nan"), "s.e. not identified")])
def test_the_random_walk_tells_its_one(run, error, note):
    walk = ModelSummary("RandomWalk", {"mu": 0.1, "sigma": 0.43}, {"sigma": error}, 1.0, 15)
    told = market_headlines(dataclasses.replace(run, model=walk))["volatility"]
    assert (told.label, told.value, told.unit, told.note) == ("Volatility", "43.0%", "a year", note)


def test_a_model_without_a_volatility_gets_none(run):
    told = market_headlines(dataclasses.replace(run, model=ModelSummary("Other", {}, {}, 1.0, 5)))["volatility"]
    assert (told.value, told.note) == ("–", "Other gives none")


def test_the_slope_is_a_yearly_growth_from_the_first_contract_to_the_last(run):
    told = market_headlines(run)["slope"]
    assert told.value == f"−{100 * (1 - np.exp(-0.006 * 12)):.1f}%"
    assert (told.note, told.more) == ("falling curve", "9.70 to 9.08 in 11 months")


def test_without_contracts_there_is_neither_curve_nor_slope(run, edges):
    told = market_headlines(edges.without_contracts(run))
    assert (told["ahead"].value, told["ahead"].note) == ("–", "no contract is listed or modelled")
    assert (told["slope"].value, told["slope"].note) == ("–", "fewer than two contracts")


def test_the_history_says_how_long_and_how_often(run):
    told = market_headlines(with_history(run, [9.0] * 14))["history"]
    assert (told.value, told.note, told.more) == ("14", "since 3 Jul 2026, weekly", "260 used by the fit")
    assert market_headlines(run)["history"].note == "since 2 Jan 2026, daily"
    assert market_headlines(with_history(run, [9.0]))["history"].note == "since 3 Jul 2026"


def test_a_value_of_ones_own_is_the_volatility_with_the_estimate_beside_it(run):
    own = dataclasses.replace(run.model, view={"sigma_chi": 0.5, "sigma_xi": 0.2})
    found = market_headlines(dataclasses.replace(run, model=own))["volatility"]
    assert (found.value, found.note) == ("50.0%", "your view, estimate 28.6%")
    assert found.more == "long-term 20.0%, your view, estimate 14.5%"


def test_what_is_said_of_one_volatility_is_true_of_its_model(run):
    for name, words in (("RandomWalk", "every move stays"), ("JumpDiffusion", "between jumps"), ("Other", "")):
        model = dataclasses.replace(run.model, name=name, parameters={"sigma": 0.3}, standard_errors={"sigma": 0.01})
        assert market_headlines(dataclasses.replace(run, model=model))["volatility"].more == words
