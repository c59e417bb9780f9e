"""Which forecast is taken, and how far it may be off."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError
from hedgedesk.exposure.forecast.contest import COMBINED, NAIVE
from hedgedesk.exposure.forecast.series import filled, forecast_series, volume_quantile

DAY = 24
TRAINED = 10 * DAY
"""Hours of the fourteen real days that a forecast sees; the other four days judge it."""
REAL = (
    ("m_mid", "requests_all_clients", 0.80),
    ("m_mid", "input_tokens", 0.80),
    ("m_mid", "output_tokens", 0.95),
    ("m_small", "requests_all_clients", 0.90),
    ("m_small", "input_tokens", 0.95),
)
"""Series, and the most of the error of seasonal naive that the forecast has."""


def profile(days, noise=0.1, seed=1):
    random = np.random.default_rng(seed)
    shape = 10.0 + 5.0 * np.sin(np.arange(DAY) / DAY * 2.0 * np.pi)
    return np.tile(shape, days) * np.exp(noise * random.standard_normal(days * DAY))


def missed(forecast, came):
    return np.abs(forecast - came).sum() / came.sum()


def naive(history, horizon):
    return np.resize(history[-DAY:], horizon)


def hourly(folder, model, column):
    with (folder / "consumption" / f"servegen_{model}_hourly.csv").open(encoding="utf-8") as rows:
        return np.array([float(row[column]) for row in csv.DictReader(rows)])


def of_client(folder, model, client):
    hours = np.zeros(14 * DAY)
    path = folder / "consumption" / f"servegen_{model}_hourly_by_client.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["client_id"] == client:
                hours[int(row["hour_index"])] += float(row["input_tokens"] or 0) + float(row["output_tokens"] or 0)
    return hours


@pytest.mark.parametrize(("model", "column", "most"), REAL)
def test_the_forecast_of_real_totals_beats_seasonal_naive_on_days_it_has_not_seen(reference_data, model, column, most):
    values = hourly(reference_data, model, column)
    history, came = values[:TRAINED], values[TRAINED:]
    found = forecast_series(history, season=DAY, horizon=came.size)
    assert found.method.startswith(COMBINED)
    assert missed(found.mean, came) < most * missed(naive(history, came.size), came)


@pytest.mark.parametrize(
    ("model", "column"), [("m_mid", "input_tokens"), ("m_mid", "output_tokens"), ("m_small", "input_tokens")]
)
def test_from_five_origins_together_it_beats_seasonal_naive_too(reference_data, model, column):
    values, ahead = hourly(reference_data, model, column), 2 * DAY
    ours = benchmark = 0.0
    for origin in range(8 * DAY, 13 * DAY, DAY):
        history, came = values[:origin], values[origin : origin + ahead]
        ours += np.abs(forecast_series(history, season=DAY, horizon=ahead).mean - came).sum()
        benchmark += np.abs(naive(history, ahead) - came).sum()
    assert ours < 0.98 * benchmark


@pytest.mark.parametrize("client", ["30", "66"])
def test_the_forecast_of_large_real_clients_beats_seasonal_naive_too(reference_data, client):
    values = of_client(reference_data, "m_mid", client)
    history, came = values[:TRAINED], values[TRAINED:]
    found = forecast_series(history, season=DAY, horizon=came.size)
    assert missed(found.mean, came) < 0.7 * missed(naive(history, came.size), came)


def test_the_real_bands_hold_most_of_the_days_to_come(reference_data):
    inside = []
    for model, column, _ in REAL:
        values = hourly(reference_data, model, column)
        found = forecast_series(values[:TRAINED], season=DAY, horizon=values.size - TRAINED)
        came = values[TRAINED:]
        inside.append(np.mean((came >= found.p10) & (came <= found.p90)))
    assert 0.65 < np.mean(inside) < 0.95


def test_a_single_real_day_is_refused_with_what_it_would_need(reference_data):
    values = hourly(reference_data, "mm_image", "input_tokens")
    with pytest.raises(ModelError, match="24 steps, and a season of 24 needs at least 48"):
        forecast_series(values, season=DAY, horizon=DAY)


def test_noise_around_a_season_is_forecast_better_than_by_its_last_season():
    values = profile(12)
    found = forecast_series(values[:-48], season=DAY, horizon=48)
    assert found.error < found.naive_error
    assert missed(found.mean, values[-48:]) < 0.9 * missed(naive(values[:-48], 48), values[-48:])


def test_a_season_that_wanders_whole_is_left_to_seasonal_naive():
    random = np.random.default_rng(6)
    weeks = 100.0 + np.cumsum(random.standard_normal((30, 7)), axis=0)
    found = forecast_series(weeks.ravel(), season=7, horizon=7)
    assert found.error <= found.naive_error
    assert set(found.tried) >= {NAIVE, COMBINED}


def test_what_is_taken_is_never_worse_than_seasonal_naive_in_its_past():
    for seed in range(4):
        random = np.random.default_rng(seed)
        found = forecast_series(random.gamma(0.3, size=70), season=7, horizon=20)
        assert found.error <= found.naive_error
        assert found.origins == 4


def test_equal_seeds_give_equal_forecasts_and_other_seeds_other_bands():
    values = profile(6)
    one, two, other = (forecast_series(values, season=DAY, horizon=30, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.p90, two.p90)
    assert np.array_equal(one.mean, other.mean)
    assert not np.array_equal(one.p90, other.p90)


def test_steps_are_summed_into_their_groups_and_minus_one_into_none():
    values = profile(8)
    groups = np.repeat([-1, 0, 1, 1], 12)
    found = forecast_series(values, season=DAY, horizon=48, groups=groups)
    assert found.sums == pytest.approx([found.mean[12:24].sum(), found.mean[24:].sum()])
    assert found.sum_spread.shape == (2,)


def test_the_spread_of_a_sum_has_a_floor_and_grows_with_what_was_missed():
    calm = forecast_series(profile(10, noise=0.01), season=DAY, horizon=DAY)
    assert calm.sum_spread.tolist() == [0.10]
    random = np.random.default_rng(5)
    wild = profile(20) * np.repeat(np.exp(0.5 * random.standard_normal(20)), DAY)
    assert forecast_series(wild, season=DAY, horizon=DAY).sum_spread[0] > 0.25


def test_a_short_history_is_forecast_by_seasonal_naive_and_says_so():
    found = forecast_series(profile(2), season=DAY, horizon=DAY)
    assert found.method == f"{NAIVE}, because the history is too short to compare models"
    assert found.origins == 0
    assert np.isnan(found.error)
    assert found.sum_spread[0] >= 0.10


def test_few_empty_steps_are_gaps_and_many_are_the_nature_of_the_series():
    values = np.tile(np.array([4.0, 5.0, 6.0]), 10)
    holed = values.copy()
    holed[[4, 11]] = 0.0
    assert filled(holed, 3)[0].tolist() == values.tolist()
    assert filled(holed, 3)[1] == 2
    weekends = np.tile(np.array([4.0, 5.0, 0.0]), 10)
    assert filled(weekends, 3)[0] is weekends
    assert "2 steps without use taken as gaps" in forecast_series(holed, season=3, horizon=3).method


def test_weekends_without_use_stay_empty():
    week = np.array([5.0, 6.0, 7.0, 6.0, 5.0, 0.0, 0.0])
    random = np.random.default_rng(4)
    values = np.tile(week, 12) * np.exp(0.1 * random.standard_normal(84))
    found = forecast_series(values, season=7, horizon=14)
    assert found.mean[[5, 6, 12, 13]].max() < 0.5
    assert found.mean[:5].min() > 3.0


def test_a_series_without_use_forecasts_none():
    found = forecast_series(np.zeros(40), season=7, horizon=10)
    assert found.mean.tolist() == [0.0] * 10
    assert found.sums.tolist() == [0.0]


def test_progress_rises_to_the_end():
    told = []
    forecast_series(profile(6), season=DAY, horizon=DAY, tick=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("values", [[1.0, -1.0] * 10, [1.0, float("nan")] * 10])
def test_values_that_are_no_use_are_refused(values):
    with pytest.raises(ValueError, match="finite values of at least 0"):
        forecast_series(np.array(values), season=2, horizon=2)


def test_quantiles_of_volume_are_lognormal_with_the_mean_kept():
    mean, spread = np.array([100.0]), np.array([0.3])
    random = np.random.default_rng(1)
    deviation = np.sqrt(np.log1p(0.09))
    drawn = 100.0 * np.exp(deviation * random.standard_normal(400_000) - deviation**2 / 2.0)
    for level in (0.1, 0.9):
        assert volume_quantile(mean, spread, level)[0] == pytest.approx(np.quantile(drawn, level), rel=0.01)


def test_the_spread_of_a_sum_rests_on_how_far_sums_so_far_ahead_were_missed():
    random = np.random.default_rng(9)
    wander = np.exp(np.cumsum(0.04 * random.standard_normal(40 * 7)))
    values = np.tile(np.array([1.0, 1.1, 1.2, 1.1, 1.0, 0.5, 0.4]), 40) * wander
    groups = np.repeat(np.arange(4), 21)
    found = forecast_series(values, season=7, horizon=84, groups=groups)
    assert found.sum_spread[0] < 0.7 * found.sum_spread[-1]
    assert np.all(found.sum_quantile(0.1) < found.sums)
    assert np.all(found.sums < found.sum_quantile(0.9))
