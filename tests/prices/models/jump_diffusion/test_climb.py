import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import NotConverged
from hedgedesk.prices.models.jump_diffusion.climb import Flat, Surface, climbed, highest, summit

CURVATURE = np.array([[40.0, 10.0], [10.0, 9.0]])
TOP = np.array([0.5, np.exp(-1.0)])


def quadratic(values):
    """A likelihood with its top where the second parameter's logarithm is -1."""
    away = np.stack([values[:, 0] - TOP[0], np.log(values[:, 1]) + 1.0], axis=-1)
    return 7.0 - 0.5 * np.einsum("bi,ij,bj->b", away, CURVATURE, away)


def natural(points):
    values = points.copy()
    values[:, 1] = np.exp(points[:, 1])
    return values


SURFACE = Surface(("level", "size"), natural, quadratic, np.ones(2, dtype=bool), np.full(2, np.inf), 100)


def test_the_top_of_a_parabola_is_found_with_its_covariance():
    found = summit(SURFACE, highest(SURFACE, [np.array([3.0, 2.0]), np.array([9.0, 9.0])]), "Test")
    assert found.values == pytest.approx(TOP, rel=1e-5)
    assert found.log_likelihood == pytest.approx(7.0)
    on_coordinates = np.linalg.inv(CURVATURE)
    assert found.coordinate_errors == pytest.approx(np.sqrt(np.diag(on_coordinates)), rel=1e-4)
    # The delta method: d exp(x) = exp(x) dx.
    slopes = np.array([1.0, TOP[1]])
    np.testing.assert_allclose(found.covariance, on_coordinates * np.outer(slopes, slopes), rtol=1e-4)


def test_what_is_held_stays_and_has_no_error():
    held = SURFACE.holding(1)
    found = summit(held, climbed(held, np.array([2.0, 0.0])), "Test")
    assert found.values[1] == 1.0
    assert found.estimated == 1
    assert np.isnan(found.covariance[1]).all()
    assert np.isfinite(found.covariance[0, 0])


def test_a_direction_that_the_history_says_nothing_of_is_named():
    flat = dataclasses.replace(SURFACE, likelihood=lambda values: -((values[:, 0] - 1.0) ** 2))
    with pytest.raises(Flat, match=r"Test is not identified.*size has no interior maximum") as caught:
        summit(flat, climbed(flat, np.array([2.0, 0.3])), "Test")
    assert caught.value.parameter == "size"
    sided = dataclasses.replace(flat, prior_sd=np.array([np.inf, 1.5]))
    # A prior alone curves it: the estimate is the prior's.
    assert summit(sided, climbed(sided, np.array([2.0, 0.3])), "Test").coordinate_errors[1] == pytest.approx(
        1.5, rel=1e-3
    )


def test_two_parameters_that_say_one_thing_are_not_told_apart():
    one = dataclasses.replace(SURFACE, likelihood=lambda values: -((values[:, 0] + np.log(values[:, 1])) ** 2))
    with pytest.raises(Flat):
        summit(one, climbed(one, np.array([2.0, 0.3])), "Test")


def test_a_point_that_is_not_the_top_is_refused():
    with pytest.raises(NotConverged, match=r"stopped .* of log-likelihood too early"):
        summit(SURFACE, np.array([1.0, -1.0]), "Test")


def test_a_wall_turns_the_search_back():
    walled = dataclasses.replace(
        SURFACE, likelihood=lambda values: np.where(values[:, 0].real > 2.5, np.nan, quadratic(values))
    )
    assert climbed(walled, np.array([2.4, -1.0])) == pytest.approx([0.5, -1.0], abs=1e-4)
    assert walled.value(np.array([3.0, 0.0])) < -1e11
