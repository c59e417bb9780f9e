"""How the ways to forecast are judged."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.progress import silent
from hedgedesk.exposure.forecast.contest import COMBINED, NAIVE, contest, sum_errors
from hedgedesk.exposure.forecast.seasonal import quiet

SEASON = 7
SHAPE = np.array([1.0, 1.1, 1.2, 1.15, 1.05, 0.6, 0.5])


def judged(history, horizon=14, came=None):
    with quiet():
        return contest(history, history if came is None else came, SEASON, horizon, silent)


def noisy(weeks=12, noise=0.2):
    return np.tile(SHAPE, weeks) * np.exp(noise * np.random.default_rng(3).standard_normal(weeks * SEASON))


def test_every_candidate_is_judged_on_the_same_days_and_the_benchmark_is_always_there():
    found = judged(noisy())
    assert found.origins == 4
    assert found.ranked[-1] == NAIVE
    assert all(len(each) == 4 for each in found.found.values())
    assert all(came.size == 14 for came in found.actual)
    came = np.concatenate(found.actual)
    for name, each in found.found.items():
        assert found.errors[name] == pytest.approx(np.abs(np.concatenate(each) - came).sum() / came.sum())


def test_only_what_beats_the_benchmark_stands_before_it():
    found = judged(noisy())
    assert COMBINED in found.ranked
    for name in found.ranked[:-1]:
        assert found.errors[name] < found.errors[NAIVE]


def test_a_single_model_must_be_a_tenth_better_than_the_combination():
    found = judged(noisy())
    first = found.ranked[0]
    assert first in (COMBINED, NAIVE) or found.errors[first] < 0.9 * found.errors[COMBINED]


def test_forecasts_see_nothing_of_the_days_they_are_judged_on():
    history = noisy()
    changed = history.copy()
    changed[-1] *= 50.0
    one, other = judged(history), judged(changed)
    for name, each in one.found.items():
        assert all(np.array_equal(a, b) for a, b in zip(each, other.found[name], strict=True))


def test_they_are_judged_on_what_came_and_not_on_filled_gaps():
    history = noisy()
    came = history.copy()
    came[-3] = 0.0
    assert judged(history, came=came).errors[NAIVE] > judged(history).errors[NAIVE]


def test_a_history_of_two_seasons_has_no_origin():
    found = judged(noisy(weeks=2))
    assert (found.ranked, found.origins) == ((NAIVE,), 0)


def test_errors_of_sums_are_of_the_same_days_ahead_and_last_beyond_them():
    actual = [np.array([10.0, 10.0, 10.0, 10.0])] * 2
    found = [np.array([9.0, 11.0, 13.0, 13.0]), np.array([12.0, 10.0, 10.0, 8.0])]
    groups = np.array([0, 0, 1, 1, 2, 2])
    expected = [(0.0 + 2.0) / 40.0, (6.0 + 2.0) / 40.0, (6.0 + 2.0) / 40.0]
    assert sum_errors(found, actual, groups).tolist() == pytest.approx(expected)
    late = np.array([-1, -1, -1, 0, 0, 0])
    assert sum_errors(found, actual, late)[0] == pytest.approx((6.0 + 0.0) / 80.0)
    assert sum_errors([], [], groups).tolist() == [0.0, 0.0, 0.0]
