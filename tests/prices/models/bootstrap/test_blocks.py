import itertools

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap

from hedgedesk.prices.models.bootstrap.blocks import BlockChain

CHANGES = np.array([0.1, -0.3, 0.05, 0.2])
CHAIN = BlockChain(CHANGES, 0.3)


def enumerated(steps):
    """Every row of changes that can be drawn, and its probability."""
    count = CHANGES.size
    for numbers in itertools.product(range(count), repeat=steps):
        chance = 1 / count
        for before, after in itertools.pairwise(numbers):
            chance *= 0.3 / count + 0.7 * (after == (before + 1) % count)
        yield CHANGES[list(numbers)], chance


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_the_mean_price_is_that_of_all_rows_that_can_be_drawn(steps):
    expected = sum(chance * np.exp(row.sum()) for row, chance in enumerated(steps))
    assert CHAIN.log_growth(steps)[-1] == pytest.approx(np.log(expected), rel=1e-12)


def test_the_mean_price_ahead_goes_on_from_the_last_change():
    ahead = CHAIN.log_growth(1)
    following = 0.7 * np.exp(np.roll(CHANGES, -1)) + 0.3 * np.exp(CHANGES).mean()
    assert ahead[:-1] == pytest.approx(np.log(following), rel=1e-12)


def test_the_covariance_is_that_of_all_rows_that_can_be_drawn():
    rows = [(row.cumsum(), chance) for row, chance in enumerated(6)]
    mean = sum(chance * sums for sums, chance in rows)
    second = sum(chance * np.outer(sums, sums) for sums, chance in rows)
    steps = np.array([1.0, 3.0, 6.0])
    expected = (second - np.outer(mean, mean))[np.ix_([0, 2, 5], [0, 2, 5])]
    assert CHAIN.covariance(steps) == pytest.approx(expected, abs=1e-14)
    assert CHAIN.mean(steps) == pytest.approx(mean[[0, 2, 5]], abs=1e-14)


def test_no_step_has_no_covariance():
    assert CHAIN.covariance(np.zeros(2)) == pytest.approx(np.zeros((2, 2)))


def test_the_chain_is_the_stationary_bootstrap_of_arch():
    # The sum of 20 changes of 4,000 resampled histories, in mean and variance within 4 standard errors.
    changes = np.random.default_rng(4).standard_normal(60) * 0.05 + 0.02 * np.sin(np.arange(60) / 5)
    drawn = StationaryBootstrap(6, changes, seed=np.random.default_rng(9))
    sums = np.array([row[:20].sum() for (row,), _ in drawn.bootstrap(4_000)])
    chain = BlockChain(changes, 1 / 6)
    variance = chain.covariance(np.array([20.0]))[0, 0]
    assert abs(sums.mean() - 20 * changes.mean()) < 4 * np.sqrt(variance / sums.size)
    deviations = (sums - sums.mean()) ** 2
    assert abs(deviations.mean() - variance) < 4 * deviations.std() / np.sqrt(sums.size)
