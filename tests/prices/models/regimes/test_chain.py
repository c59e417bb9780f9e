import itertools

import numpy as np
import pytest

from hedgedesk.prices.models.regimes.chain import RegimeChain, positions

CHAIN = RegimeChain(
    mean=np.array([-0.1, 0.0, 0.06]),
    sd=np.array([0.08, 0.03, 0.06]),
    transition=np.array([[0.90, 0.05, 0.00], [0.08, 0.95, 0.06], [0.02, 0.00, 0.94]]),
    start=np.array([0.2, 0.7, 0.1]),
)


def share_of(steps, count):
    """How much of each of the steps lies before a position."""
    return np.clip(steps - np.arange(count), 0.0, 1.0)


def enumerated(count):
    """Every row of regimes of ``count`` steps and its probability."""
    for row in itertools.product(range(3), repeat=count):
        before = CHAIN.transition @ CHAIN.start
        chance = before[row[0]]
        for now, after in itertools.pairwise(row):
            chance *= CHAIN.transition[after, now]
        yield np.array(row), chance


@pytest.mark.parametrize("steps", [0.4, 1.0, 2.7, 4.0])
def test_growth_mean_and_variance_are_those_of_all_rows_of_regimes(steps):
    share = share_of(steps, 4)
    growth = mean = second = 0.0
    for row, chance in enumerated(4):
        centre, variance = share @ CHAIN.mean[row], share @ CHAIN.sd[row] ** 2
        growth += chance * np.exp(centre + variance / 2)
        mean += chance * centre
        second += chance * (centre**2 + variance)
    at = np.array([steps])
    assert CHAIN.log_growth(at) == pytest.approx([np.log(growth)], rel=1e-12)
    assert CHAIN.mean_after(at) == pytest.approx([mean], rel=1e-12)
    assert CHAIN.covariance(at) == pytest.approx(np.array([[second - mean**2]]), rel=1e-12)


def test_the_covariance_of_two_times_is_that_of_all_rows_of_regimes():
    first, second = share_of(1.3, 4), share_of(3.6, 4)
    means, both = np.zeros(2), 0.0
    for row, chance in enumerated(4):
        sums = np.array([first @ CHAIN.mean[row], second @ CHAIN.mean[row]])
        means += chance * sums
        both += chance * (sums.prod() + first @ CHAIN.sd[row] ** 2)
    found = CHAIN.covariance(np.array([1.3, 3.6]))
    assert found[0, 1] == pytest.approx(both - means.prod(), rel=1e-12)
    assert found[1, 0] == found[0, 1]


@pytest.mark.parametrize(("position", "steps"), [(0.0, 2.5), (1.3, 0.5), (1.3, 0.7), (2.0, 1.0), (2.0, 3.4)])
def test_growth_ahead_averages_to_the_growth_from_the_beginning(position, steps):
    share = share_of(position, 6)
    expected = 0.0
    ahead = np.exp(CHAIN.log_growth_ahead(position, steps))
    if position == 0.0:
        expected = CHAIN.start @ ahead
    else:
        last = int(np.ceil(position)) - 1
        for row, chance in enumerated(last + 1):
            until = share[: last + 1] @ (CHAIN.mean[row] + CHAIN.sd[row] ** 2 / 2)
            expected += chance * np.exp(until) * ahead[row[last]]
    assert np.log(expected) == pytest.approx(CHAIN.log_growth(np.array([position + steps]))[0], rel=1e-12)


def test_a_position_at_the_end_of_a_step_is_not_the_beginning_of_the_next():
    whole, part = positions(np.array([0.0, 0.25, 1.0, 3.0 - 1e-12, 3.0 + 1e-12, 3.5]))
    assert whole.tolist() == [0, 0, 0, 2, 2, 3]
    assert part == pytest.approx([0.0, 0.25, 1.0, 1.0, 1.0, 0.5])


def test_the_long_run_is_left_as_it_is_by_the_transition():
    stationary = CHAIN.stationary()
    assert CHAIN.transition @ stationary == pytest.approx(stationary)
    assert stationary.sum() == pytest.approx(1.0)
    far = CHAIN.log_growth(np.array([2_000.0, 2_001.0]))
    assert CHAIN.long_run_growth() == pytest.approx(far[1] - far[0], rel=1e-9)
