import numpy as np
import pytest
from scipy.stats import norm

from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.sampling import Target, measured, rotation
from hedgedesk.prices.sampling.points import PlainPoints, SobolPoints, tail_shift

WAYS = ("plain", "sobol", "importance")
DIMENSIONS = 12
SLOPE = np.linspace(1.0, 2.0, DIMENSIONS) / 12.0
LENGTH = float(np.linalg.norm(SLOPE))
Z95 = float(norm.ppf(0.95))
"""A lognormal loss exp(slope z): mean exp(s^2/2), CVaR mean x N(s - z95) / 5%."""
MEAN = float(np.exp(LENGTH**2 / 2))
CVAR = MEAN * float(norm.cdf(LENGTH - Z95)) / 0.05


def lognormal(normals, _events):
    return np.exp(SLOPE @ normals)


def with_events(normals, events):
    """The same times a jump that no normal knows of: up by half with probability 0.2."""
    return np.exp(SLOPE @ normals) * np.where(events.random(normals.shape[1]) < 0.2, 1.5, 1.0)


def two_peaks(normals, _events):
    """Dear to one side and dearer to the other."""
    along = SLOPE @ normals
    return np.maximum(along, -1.5 * along - 0.1)


@pytest.mark.parametrize("way", WAYS)
def test_mean_and_tail_mean_of_a_lognormal_loss_are_the_closed_form(way):
    found = measured(lognormal, DIMENSIONS, way, Target(scenarios=65_536))
    # Errors told by 16 replications: beyond 5 of them once in 7,000 (t with 15 degrees of freedom).
    assert abs(found.mean - MEAN) < 5 * found.mean_standard_error
    assert abs(found.cvar - CVAR) < 5 * found.cvar_standard_error
    assert (found.sampling, found.replications, found.reached) == (way, 16, True)
    assert found.scenarios == (131_072 if way == "importance" else 65_536)


def test_each_way_is_sharper_than_the_one_before_it():
    errors = [measured(lognormal, DIMENSIONS, way, Target(scenarios=65_536)).cvar_standard_error for way in WAYS]
    assert errors[1] < errors[0] / 3
    assert errors[2] < errors[1] / 2


def test_the_error_told_is_the_error_made():
    # Of 24 seeds the squared errors in units of those told average 1.15 (t with 15 degrees of freedom) with a standard
    # error of 0.37, and more as the tail is skewed: 2.5 is 3.6 of them above.
    found = [measured(lognormal, DIMENSIONS, "importance", Target(scenarios=8_192, seed=seed)) for seed in range(24)]
    apart = np.array([(f.cvar - CVAR) / f.cvar_standard_error for f in found])
    assert 0.3 < np.mean(apart**2) < 2.5
    assert abs(apart.mean()) < 4.5 * np.sqrt(1.15 / 24)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_gaussian_is_drawn_afresh_for_every_path(way):
    found = measured(with_events, DIMENSIONS, way, Target(scenarios=65_536))
    assert abs(found.mean - MEAN * 1.1) < 5 * found.mean_standard_error


def test_a_tail_with_a_second_peak_is_not_left_to_importance_sampling():
    asked = measured(two_peaks, DIMENSIONS, "importance", Target(scenarios=65_536))
    assert asked.sampling == "sobol"
    plain = measured(two_peaks, DIMENSIONS, "plain", Target(scenarios=262_144))
    error = np.hypot(asked.cvar_standard_error, plain.cvar_standard_error)
    assert abs(asked.cvar - plain.cvar) < 5 * error


def test_a_loss_that_no_normal_moves_is_measured_all_the_same():
    found = measured(lambda z, _: np.full(z.shape[1], 3.0), 4, "importance", Target(scenarios=4_096))
    assert (found.sampling, found.mean, found.cvar, found.cvar_standard_error) == ("sobol", 3.0, 3.0, 0.0)


@pytest.mark.parametrize("way", WAYS)
def test_drawing_stops_when_the_asked_precision_is_reached(way):
    most = 1_048_576
    found = measured(lognormal, DIMENSIONS, way, Target(scenarios=most, relative_error=0.02))
    assert found.reached
    assert found.scenarios < most / 4
    assert found.cvar_standard_error <= 0.02 * found.cvar


def test_a_precision_out_of_reach_is_told():
    found = measured(lognormal, DIMENSIONS, "plain", Target(scenarios=8_192, relative_error=1e-6))
    assert not found.reached
    assert found.scenarios == 8_192


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    once, again, other = (measured(lognormal, 12, "importance", Target(seed=s, scenarios=4_096)) for s in (1, 1, 2))
    assert once == again
    assert once.cvar != other.cvar


def test_the_progress_never_falls_back_within_a_way_of_sampling():
    told = []
    measured(lognormal, DIMENSIONS, "sobol", Target(scenarios=8_192), tick=lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def fresh():
    return generator(1, Stream.SAMPLING, 0)


def test_the_first_direction_is_the_gradient_and_all_are_orthonormal():
    turned = rotation(lognormal, DIMENSIONS, fresh, lambda z, _: z[:3])
    np.testing.assert_allclose(turned.basis[:, 0], SLOPE / LENGTH, atol=1e-6)
    np.testing.assert_allclose(turned.basis.T @ turned.basis, np.eye(DIMENSIONS), atol=1e-12)
    assert not turned.flat


def test_very_many_normals_are_turned_along_their_leading_directions_alone():
    slope = np.full(300, 0.05)
    turned = rotation(lambda z, _: np.exp(slope @ z), 300, fresh)
    assert turned.basis.shape == (300, 64)
    z, weights = SobolPoints(turned.basis, 0.0, fresh()).next(4_096)
    assert weights is None
    # Every coordinate has variance 1: a variance of 4,096 numbers strays by sqrt(2 / 4096), 5 of them for 300 numbers.
    assert np.abs(z.var(axis=1) - 1.0).max() < 5 * np.sqrt(2 / 4_096)


def test_shifted_points_weigh_one_on_average():
    _, weights = SobolPoints(np.eye(3), tail_shift(0.95), fresh()).next(65_536)
    spread = np.sqrt(np.expm1(tail_shift(0.95) ** 2) / 65_536)
    assert abs(weights.mean() - 1.0) < 4.5 * spread


def test_plain_points_are_numpy_s_own():
    z, weights = PlainPoints(3, np.random.default_rng(1)).next(4)
    np.testing.assert_array_equal(z, np.random.default_rng(1).standard_normal((3, 4)))
    assert weights is None
