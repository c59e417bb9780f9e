import numpy as np
import pytest

from hedgedesk.prices.paths.factors import GaussianFactors, semidefinite_root

KAPPA = np.array([1.2, 0.0, 0.8])
SIGMA = np.array([0.45, 0.18, 0.3])
RHO = np.array([[1.0, 0.3, 0.4], [0.3, 1.0, 0.2], [0.4, 0.2, 1.0]])
COVARIANCE = RHO * np.outer(SIGMA, SIGMA)
DRIFT = np.array([0.6, 0.03, 0.0])
YEARS = np.array([0.05, 0.3, 1.0])
DOUBLE, SINGLE = np.dtype("float64"), np.dtype("float32")


def closed_form(t):
    """Mean and covariance of the factors after ``t`` years from a start at (0.1, 3, 0)."""
    left = np.exp(-KAPPA * t)
    gathered = np.where(KAPPA > 0, (1 - left) / np.where(KAPPA > 0, KAPPA, 1), t)
    speed = KAPPA[:, None] + KAPPA
    integral = np.where(speed > 0, (1 - np.exp(-speed * t)) / np.where(speed > 0, speed, 1), t)
    return left * np.array([0.1, 3.0, 0.0]) + DRIFT * gathered, COVARIANCE * integral


def test_any_number_of_steps_has_the_moments_of_one():
    size = 100_000
    factors = GaussianFactors(KAPPA, COVARIANCE, DRIFT, YEARS, size, DOUBLE)
    factors.start(np.array([0.1, 3.0, 0.0]), size)
    random = np.random.default_rng(1)
    for date, t in enumerate(YEARS):
        factors.step(date, random.standard_normal((3, size)))
        mean, covariance = closed_form(t)
        variance = np.diag(covariance)
        # Standard errors: sd / sqrt(n) of a mean, sqrt((v_i v_j + c_ij^2) / n) of a normal covariance.
        assert np.all(np.abs(factors.state.mean(axis=1) - mean) < 4 * np.sqrt(variance / size))
        error = np.sqrt((np.outer(variance, variance) + covariance**2) / size)
        assert np.all(np.abs(np.cov(factors.state) - covariance) < 4 * error)


def test_one_step_is_the_arithmetic_written_out():
    factors = GaussianFactors(KAPPA[:2], COVARIANCE[:2, :2], DRIFT[:2], np.array([0.5]), 1, DOUBLE)
    factors.start(np.array([0.1, 3.0]), 1)
    factors.step(0, np.array([[1.0], [-2.0]]))
    own = 0.45 * np.sqrt((1 - np.exp(-1.2)) / 2.4)
    both = 0.3 * 0.45 * 0.18 * (1 - np.exp(-0.6)) / 1.2
    rest = np.sqrt(0.18**2 * 0.5 - (both / own) ** 2)
    assert factors.state[0, 0] == pytest.approx(0.1 * np.exp(-0.6) + 0.6 * (1 - np.exp(-0.6)) / 1.2 + own)
    assert factors.state[1, 0] == pytest.approx(3.0 + 0.015 + both / own - 2 * rest)


def test_what_is_not_known_today_is_part_of_the_first_step():
    unknown = np.array([[0.04, 0.01], [0.01, 0.09]])
    years = np.array([0.25, 0.5])
    factors = GaussianFactors(np.array([2.0, 0.0]), np.zeros((2, 2)), np.zeros(2), years, 4, DOUBLE, unknown)
    keep = np.array([np.exp(-0.5), 1.0])
    assert factors.root[0] @ factors.root[0].T == pytest.approx(unknown * np.outer(keep, keep))
    assert not factors.root[1].any()


def test_single_precision_follows_double_on_the_same_normals():
    random = np.random.default_rng(4)
    years = np.arange(1, 49) / 48
    normals = random.standard_normal((48, 3, 5_000)).astype(np.float32)
    states = []
    for precision in (SINGLE, DOUBLE):
        factors = GaussianFactors(KAPPA, COVARIANCE, DRIFT, years, 5_000, precision)
        factors.start(np.array([0.1, 0.0, 0.0]), 5_000)
        for date in range(48):
            factors.step(date, normals[date].astype(precision))
        states.append(factors.state.astype(np.float64))
    # 48 steps of at most half a unit of 2^-24 in numbers below 2.
    assert np.abs(states[0] - states[1]).max() < 48 * 2 * 2.0**-24


def test_a_smaller_block_uses_the_front_of_the_same_buffers():
    factors = GaussianFactors(KAPPA, COVARIANCE, DRIFT, YEARS, 100, DOUBLE)
    whole = factors.state
    factors.start(None, 40)
    factors.step(0, np.ones((3, 40)))
    assert factors.state.shape == (3, 40)
    assert np.shares_memory(whole, factors.state)


@pytest.mark.parametrize(
    "covariance",
    [
        np.array([[4.0, 2.0], [2.0, 1.0]]),
        np.zeros((2, 2)),
        np.array([[0.0, 0.0], [0.0, 9.0]]),
        np.array([[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]]),
    ],
)
def test_the_root_of_a_singular_covariance_is_one(covariance):
    root = semidefinite_root(covariance)
    assert root @ root.T == pytest.approx(covariance, abs=1e-12)
    assert np.array_equal(root, np.tril(root))
