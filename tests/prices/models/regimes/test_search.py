import numpy as np
import pytest
from scipy.optimize import minimize

from hedgedesk.domain.errors import NotConverged
from hedgedesk.prices.models.regimes.coordinates import Coordinates
from hedgedesk.prices.models.regimes.likelihood import slope
from hedgedesk.prices.models.regimes.search import LEAST_SD, fit_regimes

PERSISTENT = np.array([[0.85, 0.06], [0.15, 0.94]])


def drawn(size, seed, mean=(-0.04, 0.004), sd=(0.08, 0.02), transition=PERSISTENT):
    random = np.random.default_rng(seed)
    regime, row = 0, np.empty(size)
    for i in range(size):
        regime = random.choice(len(mean), p=np.asarray(transition)[:, regime])
        row[i] = mean[regime] + sd[regime] * random.standard_normal()
    return row


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_random_start_finds_a_higher_maximum(seed):
    changes = drawn(160, seed)
    found = fit_regimes(changes, 2)
    scale = changes.std()
    coordinates, random = Coordinates(2), np.random.default_rng(seed)

    def loss(point):
        value, gradient = slope(coordinates, point, changes / scale, exact=True)
        return -value, -gradient

    highest = -np.inf
    for _ in range(8):
        start = coordinates.of_groups(changes / scale, random.integers(2, size=changes.size), LEAST_SD)
        start += random.standard_normal(start.size)
        bounds = coordinates.bounds((-4.0, 4.0), (np.log(LEAST_SD), 2.0), np.log(10.0 * changes.size))
        highest = max(highest, -minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).fun)
    assert found.log_likelihood >= highest - changes.size * np.log(scale) - 1e-3


def test_a_standard_deviation_of_0_is_held_at_the_floor_without_an_error():
    changes = np.zeros(100)
    changes[[5, 6, 30, 50, 51, 70, 90]] = [-0.2, 0.1, -0.15, -0.1, 0.05, -0.08, 0.12]
    found = fit_regimes(changes, 2)
    sd, errors = found.values[2:4], np.sqrt(np.diag(found.covariance))[2:4]
    assert sd.min() == pytest.approx(LEAST_SD * changes.std())
    assert np.isnan(errors[sd.argmin()])
    assert np.isfinite(errors[sd.argmax()])


def test_probabilities_belong_to_the_regimes_in_the_order_of_their_means():
    found = fit_regimes(drawn(250, 4), 2)
    assert found.values[0] < found.values[1]
    assert found.smoothed.sum(axis=1) == pytest.approx(np.ones(250))
    wild = found.smoothed[:, 0] > 0.9
    changes = drawn(250, 4)
    assert changes[wild].std() > 2 * changes[~wild].std()


def test_the_scale_of_the_changes_does_not_matter():
    changes = drawn(150, 5)
    small, large = fit_regimes(changes, 2), fit_regimes(100 * changes, 2)
    assert large.values[:4] == pytest.approx(100 * small.values[:4], rel=1e-4)
    assert large.values[4:] == pytest.approx(small.values[4:], rel=1e-3)
    assert large.log_likelihood == pytest.approx(small.log_likelihood - 150 * np.log(100), rel=1e-9)


def test_the_standard_errors_cover_the_truth():
    # 95% intervals of 24 histories of 200 changes: of one parameter 0.73 lies 5 standard errors below, of all six
    # together, were they independent, 0.86.
    truth = np.array([-0.04, 0.004, 0.08, 0.02, 0.85, 0.94])
    found = [fit_regimes(drawn(200, seed), 2) for seed in range(24)]
    errors = np.array([np.sqrt(np.diag(fit.covariance)) for fit in found])
    hits = np.mean(np.abs(np.array([fit.values for fit in found]) - truth) < 1.96 * errors, axis=0)
    assert np.all(hits > 0.73), hits
    assert hits.mean() > 0.86, hits


def test_changes_that_two_regimes_tell_exactly_are_refused():
    with pytest.raises(NotConverged, match="2 regimes tell 155 changes exactly"):
        fit_regimes(np.where(np.arange(155) % 2, -np.log(2.0), np.log(2.0)), 2)
