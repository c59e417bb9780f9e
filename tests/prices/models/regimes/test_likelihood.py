import numpy as np
import pytest
from statsmodels.tools.numdiff import approx_fprime, approx_hess
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

from hedgedesk.prices.models.regimes.coordinates import Coordinates
from hedgedesk.prices.models.regimes.likelihood import curvature, log_likelihoods, slope

CHANGES = np.random.default_rng(6).standard_normal(157) * np.where(np.arange(157) % 40 < 12, 2.0, 0.4)


def point_of(count, seed):
    random = np.random.default_rng(seed)
    groups = random.integers(count, size=CHANGES.size)
    start = Coordinates(count).of_groups(CHANGES, groups, 0.1)
    return start + 0.5 * random.standard_normal(start.size)


@pytest.mark.parametrize("count", [2, 3])
def test_the_likelihood_is_that_of_statsmodels_at_every_point(count):
    coordinates = Coordinates(count)
    model = MarkovRegression(CHANGES, k_regimes=count, trend="c", switching_variance=True)
    points = np.array([point_of(count, seed) for seed in range(6)])
    expected = [model.loglike(coordinates.for_statsmodels(point)) for point in points]
    assert log_likelihoods(coordinates, points, CHANGES) == pytest.approx(expected, rel=1e-12)


def test_far_changes_do_not_vanish():
    # statsmodels' own filter gives minus infinity here; the recursion in logarithms does not.
    coordinates = Coordinates(2)
    point = np.array([0.0, 0.0, np.log(0.1), np.log(0.2), 2.0, 1.0])
    wild = np.append(CHANGES, 60.0)
    transition = coordinates.transitions(point)
    log_chance = np.log(np.linalg.matrix_power(transition, 200)[:, 0])
    for change in wild:
        entered = np.logaddexp.reduce(np.log(transition) + log_chance, axis=1)
        log_chance = entered - 0.5 * (change / np.exp(point[2:4])) ** 2 - point[2:4] - 0.5 * np.log(2 * np.pi)
    expected = np.logaddexp.reduce(log_chance)
    assert log_likelihoods(coordinates, point[None], wild) == pytest.approx([expected], rel=1e-12)


@pytest.mark.parametrize("count", [2, 3])
def test_slope_and_curvature_are_derivatives(count):
    coordinates, point = Coordinates(count), point_of(count, 9)

    def value(at):
        return float(log_likelihoods(coordinates, at[None], CHANGES)[0])

    found, gradient = slope(coordinates, point, CHANGES, exact=True)
    assert found == pytest.approx(value(point))
    assert gradient == pytest.approx(approx_fprime(point, value, centered=True), rel=1e-5, abs=1e-5)
    assert slope(coordinates, point, CHANGES, exact=False)[1] == pytest.approx(gradient, rel=1e-3, abs=1e-3)
    assert curvature(coordinates, point, CHANGES) == pytest.approx(approx_hess(point, value), rel=1e-2, abs=1e-2)


def test_regimes_in_another_order_are_equally_likely_and_rise_in_mean():
    coordinates = Coordinates(3)
    point = point_of(3, 2)
    ordered = coordinates.by_mean(point)
    assert np.all(np.diff(ordered[:3]) >= 0)
    both = log_likelihoods(coordinates, np.array([point, ordered]), CHANGES)
    assert both[0] == pytest.approx(both[1], rel=1e-12)
