import numpy as np
import pytest

from hedgedesk.prices.drivers import correlation
from hedgedesk.prices.drivers.correlation import clipped, estimated, nearest

IMPOSSIBLE = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.0], [0.9, 0.0, 1.0]])
PAIRS = ((0, 1), (0, 2), (1, 2))


def entries(matrix):
    return [matrix[place] for place in PAIRS]


def scrambled(seed, size=4):
    random = np.random.default_rng(seed)
    lower = np.tril(random.uniform(-1, 1, (size, size)), -1)
    return lower + lower.T + np.eye(size)


def test_three_correlations_that_cannot_hold_together_are_moved_to_the_nearest_that_can():
    assert np.linalg.eigvalsh(IMPOSSIBLE)[0] == pytest.approx(-0.27279, abs=5e-6)
    assert entries(nearest(IMPOSSIBLE)) == pytest.approx([0.74341, 0.74341, 0.10532], abs=5e-6)
    assert np.linalg.eigvalsh(nearest(IMPOSSIBLE))[0] >= -1e-12


def test_clipping_the_negative_eigenvalue_moves_them_further():
    assert entries(clipped(IMPOSSIBLE)) == pytest.approx([0.72933, 0.72933, 0.06384], abs=5e-6)
    distances = [np.sum((matrix - IMPOSSIBLE) ** 2) for matrix in (nearest(IMPOSSIBLE), clipped(IMPOSSIBLE))]
    assert distances[0] < distances[1]


@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.IterationLimitWarning")
@pytest.mark.parametrize("seed", range(6))
def test_the_nearest_is_statsmodels_own(seed):
    from statsmodels.stats.correlation_tools import corr_nearest

    asked = scrambled(seed)
    # statsmodels stops after its own number of iterations; both minimise the same distance.
    assert nearest(asked) == pytest.approx(corr_nearest(asked, n_fact=1000), abs=1e-6)


def test_correlations_that_can_hold_together_are_left_alone():
    fine = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.1], [0.2, -0.1, 1.0]])
    assert nearest(fine) is fine


@pytest.mark.parametrize("seed", range(6))
def test_an_entry_that_is_held_stays_and_the_rest_can_hold_together(seed):
    asked, held = scrambled(seed), np.zeros((4, 4), dtype=bool)
    asked[0, 1] = asked[1, 0] = asked[0, 2] = asked[2, 0] = 0.0
    held[0, 1] = held[1, 0] = held[0, 2] = held[2, 0] = True
    found = nearest(asked, held)
    assert found[held].tolist() == [0.0] * 4
    assert found.diagonal() == pytest.approx(np.ones(4), abs=1e-12)
    assert np.linalg.eigvalsh(found)[0] >= -1e-12


def test_a_correlation_is_estimated_from_the_weeks_that_both_have():
    one = np.array([np.nan, 1.0, 2.0, 3.0, np.nan])
    other = np.array([5.0, 2.0, 4.0, 6.0, 1.0])
    found = estimated(one, other)
    assert (found.weeks, found.value) == (3, pytest.approx(1.0))
    assert not found.enough


def test_a_series_that_stands_still_has_no_correlation():
    found = estimated(np.zeros(40), np.arange(40.0))
    assert np.isnan(found.value)
    assert not found.enough


def test_the_standard_error_is_that_of_large_samples():
    random = np.random.default_rng(5)
    one = random.standard_normal((2_000, 60))
    other = 0.5 * one + np.sqrt(0.75) * random.standard_normal((2_000, 60))
    found = [estimated(x, y) for x, y in zip(one, other, strict=True)]
    spread = np.std([each.value for each in found])
    # The spread of 2,000 draws is known to 1 / sqrt(4000) = 1.6%; the formula itself to O(1/n).
    assert spread == pytest.approx(np.mean([each.standard_error for each in found]), rel=0.08)


def test_a_search_that_does_not_settle_clips_or_keeps_what_is_held_and_shrinks(monkeypatch):
    monkeypatch.setattr(correlation, "_ROUNDS", 1)
    assert nearest(IMPOSSIBLE).tolist() == clipped(IMPOSSIBLE).tolist()
    held = np.zeros((3, 3), dtype=bool)
    held[1, 2] = held[2, 1] = True
    found = nearest(IMPOSSIBLE, held)
    assert found[1, 2] == 0.0
    assert np.linalg.eigvalsh(found)[0] >= -1e-12
