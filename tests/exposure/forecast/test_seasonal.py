"""Each way to forecast, by itself."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from hedgedesk.exposure.forecast.seasonal import Autoregression, SeasonalNaive, Smoothing, candidates, quiet

SEASON = 7
SHAPE = np.array([1.0, 1.1, 1.2, 1.15, 1.05, 0.6, 0.5])
EVERY = (
    SeasonalNaive(),
    Smoothing(),
    Smoothing(damped=True),
    Smoothing(logs=True),
    Smoothing(logs=True, damped=True),
    Autoregression(),
    Autoregression(logs=True),
    Autoregression(differenced=True),
    Autoregression(logs=True, differenced=True),
)


def history(weeks=12, noise=0.05, seed=2):
    random = np.random.default_rng(seed)
    return np.tile(SHAPE, weeks) * np.exp(noise * random.standard_normal(weeks * SEASON))


@pytest.mark.parametrize("way", EVERY, ids=lambda way: way.name)
def test_a_steady_season_is_carried_on_from_any_day_of_it(way):
    values = history()[:-3]
    with quiet():
        ahead = way.ahead(way.learn(values, SEASON), values, SEASON, 16)
    expected = np.resize(np.roll(SHAPE, 3), 16)
    assert np.abs(ahead / expected - 1.0).max() < 0.2


@pytest.mark.parametrize("way", EVERY, ids=lambda way: way.name)
def test_paths_are_spread_around_the_forecast_and_never_below_zero(way):
    values = history(noise=0.1)
    with quiet():
        parameters = way.learn(values, SEASON)
        ahead = way.ahead(parameters, values, SEASON, 15)
        paths = way.paths(parameters, values, SEASON, 15, np.random.Generator(np.random.Philox(1)), 300)
    assert paths.shape == (300, 15)
    assert paths.min() >= 0.0
    assert np.abs(paths.mean(axis=0) / ahead - 1.0).max() < 0.1
    assert (paths.std(axis=0) / ahead).min() > 0.02


@pytest.mark.parametrize("way", EVERY, ids=lambda way: way.name)
def test_equal_seeds_draw_equal_paths(way):
    values = history()
    with quiet():
        parameters = way.learn(values, SEASON)
        one, two = (
            way.paths(parameters, values, SEASON, 9, np.random.Generator(np.random.Philox(4)), 20) for _ in range(2)
        )
    assert np.array_equal(one, two)


def test_logs_are_tried_only_where_every_step_is_above_zero():
    values = history()
    assert any("multiplicative" in way.name for way in candidates(values))
    values[3] = 0.0
    assert not any("multiplicative" in way.name or "logs" in way.name for way in candidates(values))


def test_warnings_of_a_fit_do_not_leak():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet():
            Autoregression(differenced=True).learn(np.ones(15), SEASON)


def test_an_average_season_forgets_what_use_was_long_ago():
    values = np.concatenate([10.0 * history(weeks=10), history(weeks=10, seed=3)])
    way = Autoregression(logs=True)
    with quiet():
        ahead = way.ahead(way.learn(values, SEASON), values, SEASON, 14)
    assert np.abs(ahead / np.resize(SHAPE, 14) - 1.0).max() < 0.2
