import numpy as np
import pytest
from scipy.stats import norm

from hedgedesk.prices.sampling.tail import tail_mean
from hedgedesk.risk.measures import cvar


def test_the_tail_mean_of_one_to_ten():
    assert tail_mean(np.arange(1.0, 11.0), 0.75) == pytest.approx(9.2)


@pytest.mark.parametrize("count", [20, 1_001, 4_096])
def test_without_weights_it_is_the_risk_report_s_cvar(count):
    losses = np.random.default_rng(count).standard_normal(count).round(1)  # rounded: ties at the quantile
    assert tail_mean(losses, 0.95) == pytest.approx(cvar(losses, 0.95), rel=1e-12)


def test_a_weight_counts_as_so_many_equal_losses():
    losses, weights = np.array([1.0, 5.0, 9.0, 2.0]), np.array([1.0, 2.0, 0.5, 0.5])
    repeated = np.repeat(losses, (2 * weights).astype(int))
    assert tail_mean(losses, 0.6, weights) == pytest.approx(tail_mean(repeated, 0.6))


def test_shifted_draws_weighted_back_have_the_tail_mean_of_a_normal():
    z = np.random.default_rng(1).standard_normal(400_000) + 2.0
    weights = np.exp(2.0 - 2.0 * z)
    exact = norm.pdf(norm.ppf(0.95)) / 0.05
    # The estimator's own standard error, weights included; beyond 4.5 of them once in 150,000.
    excess = weights * np.maximum(z - norm.ppf(0.95), 0.0) / 0.05
    assert abs(tail_mean(z, 0.95, weights) - exact) < 4.5 * excess.std() / np.sqrt(z.size)
