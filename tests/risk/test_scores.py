"""Scores of forecasts: worked values, and what makes them fit to choose by."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.risk import scores


def test_the_score_of_three_draws_is_the_worked_one():
    draws = np.array([1.0, 2.0, 4.0])
    assert scores.crps_ensemble(draws, 3.0, fair=False) == pytest.approx(2 / 3)
    assert scores.crps_ensemble(draws, 3.0) == pytest.approx(1 / 3)


def test_a_standard_normal_forecast_of_0_scores_the_known_number():
    assert scores.crps_gaussian(0.0, 1.0, 0.0) == pytest.approx(0.233695, abs=5e-7)


def test_a_forecast_without_spread_scores_its_distance():
    assert scores.crps_gaussian(1.0, 0.0, 3.5) == pytest.approx(2.5)


def test_fair_scores_of_few_draws_are_unbiased_for_the_distribution():
    """5,000 ensembles of 4 draws: their mean is within 4 standard errors of the closed form; unfair ones are far."""
    draws = np.random.default_rng(1).standard_normal((4, 5_000))
    fair = scores.crps_ensemble(draws, np.full(5_000, 0.7))
    exact, error = float(scores.crps_gaussian(0.0, 1.0, 0.7)), float(fair.std() / np.sqrt(fair.size))
    assert abs(fair.mean() - exact) < 4 * error
    assert scores.crps_ensemble(draws, np.full(5_000, 0.7), fair=False).mean() - exact > 10 * error


def test_many_columns_are_scored_at_once_as_each_alone():
    draws, values = np.random.default_rng(2).standard_normal((50, 3)), np.array([-1.0, 0.0, 2.0])
    together = scores.crps_ensemble(draws, values)
    assert together == pytest.approx([float(scores.crps_ensemble(draws[:, n], values[n])) for n in range(3)])


def test_a_score_needs_draws():
    with pytest.raises(InputError, match="at least 2"):
        scores.crps_ensemble(np.array([1.0]), 1.0)


def test_pinball_charges_the_side_that_the_level_says():
    assert scores.pinball(10.0, 12.0, 0.9) == pytest.approx(1.8)
    assert scores.pinball(12.0, 10.0, 0.9) == pytest.approx(0.2)


def test_transforms_of_a_right_forecast_with_jumps_are_uniform_once_randomised():
    """A price that stands still 80% of the time; Kolmogorov-Smirnov at 1 in 1,000 would be p < 0.001."""
    random = np.random.default_rng(3)
    draw = lambda size: np.where(random.random(size) < 0.8, 0.0, random.standard_normal(size))  # noqa: E731
    draws, values = draw((4_000, 1)).repeat(500, axis=1), draw(500)
    below, not_above = scores.pit_bounds(draws, values)
    assert (not_above - below > 0.7).mean() == pytest.approx(0.8, abs=0.08)
    assert scores.uniform_p_value(scores.randomised(below, not_above, random.random(500))) > 0.001
    assert scores.uniform_p_value(scores.randomised(below, not_above, 1.0)) < 1e-6


def test_randomising_shares_out_the_mass_on_the_value():
    assert scores.randomised(0.2, 0.7, 0.5) == pytest.approx(0.45)


def test_the_histogram_counts_both_ends():
    assert scores.pit_histogram(np.array([0.0, 0.05, 0.55, 1.0])) == (2, 0, 0, 0, 0, 1, 0, 0, 0, 1)


def test_few_transforms_say_nothing_of_their_distribution():
    assert np.isnan(scores.uniform_p_value(np.linspace(0.1, 0.9, 7)))


def test_normal_scores_stay_numbers_at_the_ends():
    found = scores.normal_scores(np.array([0.0, 0.5, 1.0]), draws=1_000)
    assert found[1] == pytest.approx(0.0)
    assert found[2] == pytest.approx(-found[0]) == pytest.approx(3.29, abs=0.01)


def test_coverage_counts_the_ends_of_an_interval():
    low, high = np.zeros(4), np.ones(4)
    assert scores.interval_coverage(low, high, np.array([0.0, 0.5, 1.0, 1.5])) == 0.75


def test_two_thousand_draws_leave_half_a_percent_of_noise_in_a_mean_of_24_scores():
    random = np.random.default_rng(6)
    values = random.standard_normal(1_000)
    exact = scores.crps_gaussian(0.0, 1.0, values)
    noise = scores.crps_ensemble(random.standard_normal((2_000, 1_000)), values) - exact
    assert noise.std() / exact.mean() / np.sqrt(24) == pytest.approx(0.005, abs=0.001)
