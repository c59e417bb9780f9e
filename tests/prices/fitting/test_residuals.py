"""Residuals: noise is taken for noise, and what is not is told."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.prices.fitting.residuals import residual_tests


def noise(seed: int, size: int = 200) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size)


def test_noise_passes_each_test_about_as_often_as_it_should():
    """300 records of 60: shares below 5% lie within 4 standard errors (5%) of it, ADF finds no unit root."""
    found = [residual_tests(noise(seed, 60)) for seed in range(300)]
    assert np.mean([each.ljung_box < 0.05 for each in found]) < 0.10
    assert np.mean([each.kpss < 0.05 for each in found]) < 0.10
    assert np.mean([each.adf < 0.05 for each in found]) > 0.95


def test_what_is_left_of_an_order_is_seen():
    shocks = noise(1)
    swinging = np.array([shocks[: n + 1] @ 0.6 ** np.arange(n, -1, -1) for n in range(200)])
    assert residual_tests(swinging).ljung_box < 0.001


def test_spells_of_large_moves_are_seen_in_the_squares():
    spells = noise(2) * np.repeat([0.3, 2.0, 0.3, 2.0], 50)
    found = residual_tests(spells)
    assert found.ljung_box_squares < 0.001


def test_a_wandering_series_fails_adf_and_kpss_side_by_side():
    found = residual_tests(np.cumsum(noise(3)))
    assert found.adf > 0.05
    assert found.kpss == pytest.approx(0.01)


def test_few_or_equal_residuals_are_not_tested():
    assert residual_tests(noise(4, 19)) is None
    assert residual_tests(np.zeros(50)) is None
