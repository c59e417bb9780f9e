"""Forecasts: closed form and draws agree, and quotes are met as a desk's scenarios meet them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.validation.forecasts import Draws, Normal, forecast

YEARS = np.array([1 / 12, 0.25, 0.5, 1.0])
LEVELS = np.array([0.05, 0.5, 0.95])


@pytest.fixture(scope="module")
def both():
    """A normal forecast and 40,000 draws of it."""
    mean, sd = np.array([0.0, 1.0]), np.array([0.2, 0.5])
    return Normal(mean, sd), Draws(mean + sd * np.random.default_rng(1).standard_normal((40_000, 2)))


def test_draws_score_as_the_closed_form_does(both):
    """Within 1%: 40,000 draws leave a quantile of 95% an error of 1% of the standard deviation."""
    exact, drawn = both
    value = np.array([0.1, 0.3])
    assert drawn.crps(value) == pytest.approx(exact.crps(value), rel=0.01)
    assert drawn.pit(value, np.array([0.5, 0.5])) == pytest.approx(exact.pit(value, np.zeros(2)), abs=0.01)
    assert drawn.quantiles(LEVELS) == pytest.approx(exact.quantiles(LEVELS), abs=0.03)
    assert drawn.quantiles(LEVELS).shape == exact.quantiles(LEVELS).shape == (3, 2)


def test_without_quotes_the_index_is_expected_to_stay(small_market):
    model = RandomWalk.fit(small_market).with_drift(0.4)
    told = forecast(model, small_market, YEARS, 100, np.random.default_rng(1))
    mean_price = np.exp(told.mean + 0.5 * told.sd**2)
    assert mean_price == pytest.approx(np.full(4, small_market.index.price_per_mtok[-1]))


def test_with_quotes_the_mean_is_on_the_curve(quoted_market):
    model = RandomWalk.fit(quoted_market)
    ends = np.array(["2026-12-31", "2027-04-30", "2027-10-31"], dtype="datetime64[D]")
    years = (ends - quoted_market.as_of).astype(float) / 365
    told = forecast(model, quoted_market, years, 100, np.random.default_rng(1))
    assert np.exp(told.mean + 0.5 * told.sd**2) == pytest.approx([9.4, 9.0, 8.4])


def test_a_model_without_a_closed_form_is_drawn(small_market):
    class Sampled(RandomWalk):
        gaussian = False

    model = Sampled.fit(small_market)
    told = forecast(model, small_market, YEARS, 500, np.random.default_rng(1))
    again = forecast(model, small_market, YEARS, 500, np.random.default_rng(1))
    assert told.log_price.shape == (500, 4)
    assert np.array_equal(told.log_price, again.log_price)


def test_quotes_of_contracts_that_are_over_move_nothing(quoted_market):
    futures = quoted_market.futures
    over = dataclasses.replace(futures, delivery_months=futures.delivery_months - 14)
    market = dataclasses.replace(quoted_market, futures=over)
    model = RandomWalk.fit(market)
    told = forecast(model, market, YEARS, 100, np.random.default_rng(1))
    assert np.array_equal(told.mean, model.log_mean(YEARS))
