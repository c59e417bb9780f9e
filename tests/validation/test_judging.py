"""Rows: what is averaged, what is tested on forecasts that do not overlap, and what a reader is told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from hedgedesk.validation.judging import LEVELS, Judged, row


def judged(values: np.ndarray, spread: float = 1.0, *, still: bool = False) -> list[Judged]:
    """Forecasts of a normal distribution around 0, one a month."""
    quantiles = spread * stats.norm.ppf(LEVELS)
    return [
        Judged(month, float(v), still, abs(float(v)), float(stats.norm.cdf(v / spread)), quantiles)
        for month, v in enumerate(values)
    ]


def by_month(records: list[Judged]) -> dict[int, Judged]:
    return {one.month: one for one in records}


@pytest.fixture(scope="module")
def right() -> list[Judged]:
    return judged(np.random.default_rng(1).standard_normal(400))


def test_a_right_forecast_covers_what_it_says(right):
    """400 forecasts: shares within 4 standard errors (10%, 8% and 4.4%) of their nominal ones."""
    found = row("Regimes", 1, right, by_month(right), 2_000)
    assert found.coverage["0.5"] == pytest.approx(0.5, abs=0.10)
    assert found.coverage["0.8"] == pytest.approx(0.8, abs=0.08)
    assert found.coverage["0.95"] == pytest.approx(0.95, abs=0.044)
    assert found.pit_p_value > 0.001
    assert sum(found.pit) == found.origins == 400


def test_a_forecast_that_is_too_narrow_is_found_out(right):
    narrow = judged(np.array([one.value for one in right]), spread=0.4)
    found = row("Regimes", 1, narrow, by_month(right), 2_000)
    assert found.coverage["0.95"] < 0.7
    assert found.pit_p_value < 1e-6
    assert {test.name: test.p_value < 1e-6 for test in found.tests}["kupiec"]


def test_equal_forecasts_are_equal_and_not_tested(right):
    found = row("Regimes", 1, right, by_month(right), 2_000)
    assert (found.crps_ratio, found.diebold_mariano, found.diebold_mariano_p) == (1.0, None, None)


def test_tests_take_forecasts_that_do_not_overlap_and_state_the_power_of_so_few(right):
    found = row("Regimes", 6, right[:96], by_month(right), 2_000)
    assert {(test.trials, test.level) for test in found.tests} == {(16, 0.95)}
    assert all(0 < test.power < 0.3 for test in found.tests)
    assert "the 16 forecasts that are 6 months apart" in found.note
    assert found.ljung_box_p is found.adf_p is found.kpss_p is None


def test_too_few_forecasts_are_scored_and_not_tested(right):
    found = row("Regimes", 3, right[:9], by_month(right), 2_000)
    assert found.tests == ()
    assert np.isnan(found.pit_p_value)
    assert "no test: 3 of 8 forecasts that are 3 months apart" in found.note


def test_residuals_are_tested_one_month_ahead(right):
    found = row("Regimes", 1, right, by_month(right), 2_000)
    assert found.ljung_box_p > 0.001
    assert found.adf_p < 0.01
    assert found.kpss_p == pytest.approx(0.1)


def test_pinball_is_the_mean_loss_of_each_quantile(right):
    found = row("Regimes", 1, right, by_month(right), 2_000)
    values = np.array([one.value for one in right])
    assert found.pinball["0.5"] == pytest.approx(0.5 * np.abs(values).mean())
    q = stats.norm.ppf(0.95)
    assert found.pinball["0.95"] == pytest.approx(np.where(values > q, 0.95 * (values - q), 0.05 * (q - values)).mean())


def test_a_price_that_stands_still_is_told(right):
    still = judged(np.zeros(30), still=True)
    found = row("Regimes", 1, still, by_month(right), 2_000)
    assert "the price stood still in 100% of the forecasts" in found.note
    assert "stood still" not in row("Regimes", 1, right, by_month(right), 2_000).note


def test_large_moves_in_spells_are_told():
    spells = judged(np.random.default_rng(2).standard_normal(120) * np.repeat([0.3, 2.0, 0.3], 40))
    assert "large moves come in spells" in row("Regimes", 1, spells, by_month(spells), 2_000).note


def test_where_only_the_classical_test_rejects_that_is_told_and_not_believed():
    """Losses that differ in one long stretch: 48 forecasts 12 months ahead are four of them."""
    walk = judged(np.zeros(48))
    better = [dataclasses.replace(one, crps=-0.4 + 0.3 * np.sin(one.month / 6)) for one in walk]
    found = row("Regimes", 12, better, by_month(walk), 2_000)
    assert found.diebold_mariano_p > 0.05
    assert "the classical Diebold-Mariano test would say p = 0.008" in found.note
