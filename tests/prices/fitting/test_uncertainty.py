"""Parameters are drawn around their estimates on their own scale, with their covariance."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.prices.fitting.uncertainty import SCALES, drawn_around

DRAWS = 20_000


def many(values, spread, scales, *, held=(), seed=1):
    generator = np.random.default_rng(seed)
    drawn = [drawn_around(values, spread, scales, generator, held=held) for _ in range(DRAWS)]
    return {name: np.array([one[name] for one in drawn]) for name in values}


def test_a_plain_parameter_has_its_own_mean_and_standard_error():
    drawn = many({"mu": -0.2}, {"mu": 0.5}, {})["mu"]
    assert abs(drawn.mean() + 0.2) < 4 * 0.5 / np.sqrt(DRAWS)
    # The standard error of a normal sample's deviation is sd / sqrt(2 n).
    assert abs(drawn.std() - 0.5) < 4 * 0.5 / np.sqrt(2 * DRAWS)


def test_a_positive_parameter_stays_positive_with_the_estimate_as_median():
    drawn = many({"sigma": 0.4}, {"sigma": 0.1}, {"sigma": "log"})["sigma"]
    assert drawn.min() > 0
    logs = np.log(drawn)
    assert abs(logs.mean() - np.log(0.4)) < 4 * 0.25 / np.sqrt(DRAWS)
    assert abs(logs.std() - 0.25) < 4 * 0.25 / np.sqrt(2 * DRAWS)


def test_a_correlation_stays_within_minus_1_and_1():
    drawn = many({"rho": 0.9}, {"rho": 0.2}, {"rho": "atanh"})["rho"]
    assert np.all(np.abs(drawn) < 1)


def test_a_share_stays_within_0_and_1():
    drawn = many({"share": 0.1}, {"share": 0.2}, {"share": "logit"})["share"]
    assert np.all((drawn > 0) & (drawn < 1))


@pytest.mark.parametrize(("name", "value"), [("log", 0.3), ("logit", 0.3), ("atanh", -0.3), ("plain", -0.3)])
def test_each_scale_goes_back_where_it_came_from_with_the_slope_of_its_way_back(name, value):
    scale, step = SCALES[name], 1e-6
    there = scale.forward(value)
    assert scale.back(there) == pytest.approx(value, rel=1e-12)
    assert scale.slope(value) == pytest.approx((scale.back(there + step) - scale.back(there - step)) / (2 * step))


def test_estimates_move_together_as_their_covariance_says():
    covariance = np.array([[0.04, 0.012], [0.012, 0.01]])
    drawn = many({"a": 1.0, "b": 2.0}, covariance, {})
    # The standard error of a correlation r is (1 - r^2) / sqrt(n); r = 0.6.
    assert abs(np.corrcoef(drawn["a"], drawn["b"])[0, 1] - 0.6) < 4 * 0.64 / np.sqrt(DRAWS)


def test_what_the_history_does_not_identify_stays():
    drawn = drawn_around({"a": 1.0, "b": 2.0, "c": 3.0}, {"a": float("nan"), "b": 0.1}, {}, np.random.default_rng(1))
    assert drawn["a"] == 1.0
    assert drawn["c"] == 3.0
    assert drawn["b"] != 2.0


def test_an_estimate_at_the_edge_of_its_range_stays():
    values, scales = {"sigma": 0.0, "rho": 1.0}, {"sigma": "log", "rho": "atanh"}
    assert drawn_around(values, {"sigma": 0.1, "rho": 0.1}, scales, np.random.default_rng(1)) == values


def test_holding_one_parameter_does_not_move_an_independent_other():
    values, errors = {"a": 1.0, "b": 2.0}, {"a": 0.1, "b": 0.1}
    free = drawn_around(values, errors, {}, np.random.default_rng(1))
    held = drawn_around(values, errors, {}, np.random.default_rng(1), held=["a"])
    assert held["a"] == 1.0
    assert held["b"] == free["b"]


def test_an_unknown_row_of_the_covariance_leaves_the_others_free():
    covariance = np.array([[np.nan, np.nan], [np.nan, 0.01]])
    drawn = drawn_around({"a": 1.0, "b": 2.0}, covariance, {}, np.random.default_rng(1))
    assert drawn["a"] == 1.0
    assert drawn["b"] != 2.0


def test_estimates_that_say_one_thing_move_as_one():
    covariance = np.array([[1.0, 1.0], [1.0, 1.0]])
    drawn = many({"a": 0.0, "b": 0.0}, covariance, {})
    assert drawn["a"] == pytest.approx(drawn["b"], abs=1e-6)


def test_what_is_no_covariance_is_refused():
    with pytest.raises(ValueError, match="negative eigenvalue"):
        drawn_around({"a": 0.0, "b": 0.0}, np.array([[1.0, 2.0], [2.0, 1.0]]), {}, np.random.default_rng(1))
    with pytest.raises(ValueError, match=r"does not fit 2 parameters: a, b"):
        drawn_around({"a": 0.0, "b": 0.0}, np.eye(3), {}, np.random.default_rng(1))
