"""Diebold-Mariano: the published factor, the t test it is one step ahead, and a size that overlap does not spoil."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hedgedesk.domain.errors import InputError
from hedgedesk.risk.comparison import diebold_mariano, small_sample_factor

RECORDS = 2_000


def overlapping(count: int, steps: int, seed: int) -> np.ndarray:
    """Differences (RECORDS, count) of equally good forecasts ``steps`` ahead: moving sums, mean 0."""
    noise = np.random.default_rng(seed).standard_normal((RECORDS, count + steps - 1))
    return np.lib.stride_tricks.sliding_window_view(noise, steps, axis=1).sum(axis=2)


def test_the_small_sample_factor_is_the_published_one():
    assert small_sample_factor(60, 4) == pytest.approx(0.94163, abs=5e-6)


def test_one_step_ahead_it_is_the_t_test():
    differences = np.random.default_rng(1).standard_normal(40) - 0.3
    found, known = diebold_mariano(differences, 1), stats.ttest_1samp(differences, 0.0)
    assert (found.statistic, found.p_value) == pytest.approx((known.statistic, known.pvalue))
    assert (found.classical_statistic, found.freedom) == pytest.approx((known.statistic, 39))


def test_the_classical_form_is_the_paper_s_formula():
    differences = overlapping(60, 4, seed=2)[0]
    centred = differences - differences.mean()
    variance = sum((1 if k == 0 else 2) * (centred[k:] @ centred[: 60 - k]) / 60 for k in range(4)) / 60
    found = diebold_mariano(differences, 4)
    assert found.classical_statistic == pytest.approx(0.9416298 * differences.mean() / np.sqrt(variance), rel=1e-6)


@pytest.mark.parametrize(("count", "steps"), [(24, 1), (24, 3), (24, 6), (48, 12)])
def test_the_size_stays_near_5_percent_on_the_shortest_records_that_are_tested(count, steps):
    """2,000 records: 5% plus 1.5% that the cosines cost at most, plus 3 standard errors of 0.5%."""
    p_values = [diebold_mariano(record, steps).p_value for record in overlapping(count, steps, seed=3)]
    assert 0.035 < np.mean(np.array(p_values) < 0.05) < 0.08


def test_the_classical_form_rejects_far_too_often_there():
    classical = np.array([diebold_mariano(record, 12).classical_p_value for record in overlapping(48, 12, seed=3)])
    assert np.mean(classical < 0.05) > 0.12


def test_a_better_forecast_is_seen_and_has_a_negative_statistic():
    better = overlapping(120, 3, seed=4)[:200] - 1.5
    found = [diebold_mariano(record, 3) for record in better]
    assert np.mean([each.p_value < 0.05 for each in found]) > 0.95
    assert max(each.statistic for each in found) < 0


@pytest.mark.parametrize(
    ("differences", "steps"), [(np.zeros(40), 1), (np.arange(7.0), 1), (np.arange(23.0), 6), (np.full(40, 0.1), 3)]
)
def test_equal_losses_and_short_records_are_not_tested(differences, steps):
    assert diebold_mariano(differences, steps) is None


def test_a_forecast_looks_at_least_one_step_ahead():
    with pytest.raises(InputError, match="at least one step"):
        diebold_mariano(np.arange(40.0), 0)
