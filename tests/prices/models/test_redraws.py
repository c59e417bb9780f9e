"""Random walk and two factors with parameters from their estimated distribution."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.files import read_market
from hedgedesk.files.places import sample_folder
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorFit, TwoFactorParameters
from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith
from hedgedesk.prices.models.two_factor.panel import nearby_panel
from hedgedesk.prices.models.two_factor.redraw import NAMES, SCALES, state_response, state_today
from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps

DRAWS = 400
YEARS = np.array([0.25, 1.0, 2.0])


@pytest.fixture(scope="module")
def walk(small_market) -> RandomWalk:
    return RandomWalk.fit(small_market)


@pytest.fixture(scope="module")
def listed() -> MarketSnapshot:
    return read_market(sample_folder() / "market")


@pytest.fixture(scope="module")
def factors(listed) -> TwoFactor:
    return TwoFactor.fit(listed)


def redraws(model, count: int = DRAWS):
    return [model.redrawn(np.random.default_rng(seed)) for seed in range(count)]


def test_a_redrawn_walk_has_sigmas_around_the_estimate_and_the_same_curve(walk):
    drawn = redraws(walk)
    logs = np.log([each.sigma / walk.sigma for each in drawn])
    error = walk.sigma_standard_error / walk.sigma
    # Of n normals the mean has standard error s / sqrt(n), the deviation s / sqrt(2 n).
    assert abs(logs.mean()) < 4 * error / np.sqrt(DRAWS)
    assert abs(logs.std() - error) < 4 * error / np.sqrt(2 * DRAWS)
    assert all(np.array_equal(each.futures(YEARS), walk.futures(YEARS)) for each in drawn)


def test_a_view_is_not_redrawn(walk, factors):
    assert walk.with_view({"sigma": 0.7}).redrawn(np.random.default_rng(1)).sigma == 0.7
    again = factors.with_view({"kappa": 3.0}).redrawn(np.random.default_rng(1)).parameters
    assert again.kappa == 3.0
    assert again.sigma_xi != factors.parameters.sigma_xi


def test_redrawn_factors_have_the_covariance_of_the_fit(factors):
    to_scale = {"log": np.log, "atanh": np.arctanh}
    slope = {"log": lambda v: 1 / v, "atanh": lambda v: 1 / (1 - v**2)}
    drawn = redraws(factors)
    for k, name in enumerate(NAMES):
        kind, best = SCALES.get(name, "plain"), getattr(factors.parameters, name)
        found = to_scale.get(kind, np.asarray)(np.array([getattr(each.parameters, name) for each in drawn]))
        error = np.sqrt(factors.covariance[k, k]) * slope.get(kind, lambda _v: 1.0)(best)
        assert error == pytest.approx(factors.standard_errors[name] * slope.get(kind, lambda _v: 1.0)(best))
        assert abs(found.mean() - to_scale.get(kind, float)(best)) < 4 * error / np.sqrt(DRAWS)
        assert abs(found.std() - error) < 4 * error / np.sqrt(2 * DRAWS)


def test_the_curve_that_the_quotes_hold_moves_little_when_the_parameters_do(factors):
    curve = factors.futures(YEARS)
    held = np.log([each.futures(YEARS) / curve for each in redraws(factors)])
    loose = dataclasses.replace(factors, state_response=np.zeros((2, 7)))
    free = np.log([each.futures(YEARS) / curve for each in redraws(loose)])
    # Quotes reach a year ahead and miss the curve by 0.6%; the risk premium alone would move it by several times that.
    assert np.all(held.std(axis=0)[:2] < 0.006)
    assert np.all(free.std(axis=0) > 4 * held.std(axis=0))


def test_jumps_in_the_short_term_factor_leave_the_curve_where_the_quotes_hold_it(listed):
    model = TwoFactorJumps.fit(listed)
    moved = np.log([each.futures(YEARS) / model.futures(YEARS) for each in redraws(model, 100)])
    assert np.all(moved.std(axis=0)[:2] > 0)
    # Jumps add convexity that few of them tell, so a little more than without them.
    assert np.all(moved.std(axis=0)[:2] < 0.01)


def test_todays_factors_move_with_the_parameters_as_a_new_filter_says(listed, factors):
    panel = nearby_panel(listed.futures)
    model = SchwartzSmith(panel.log_prices, panel.maturities_years, panel.steps_years)
    for k, name in enumerate(NAMES):
        moved = 0.5 * factors.standard_errors[name]
        p = dataclasses.replace(factors.parameters, **{name: getattr(factors.parameters, name) + moved})
        model.update(np.array([*(getattr(p, each) for each in NAMES), *factors.measurement_sd]))
        state = state_today(p, model.ssm.filter().filtered_state[:, -1], 0.0)
        assert state - factors.state == pytest.approx(factors.state_response[:, k] * moved, rel=0.05, abs=2e-4), name


def test_a_parameter_that_was_held_moves_nothing():
    given = dict(zip(NAMES, (1.2, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0), strict=True))
    errors = dict.fromkeys(NAMES, float("nan")) | {"kappa": 0.1}
    sd = np.array([0.01, 0.01])
    fit = TwoFactorFit(given | {"measurement_sd": sd}, errors, 0.0, np.zeros((1, 2)), np.zeros((2, 2)), 1)
    prices = np.log(8.0) + 0.05 * np.random.default_rng(1).standard_normal((20, 2))
    response = state_response(fit, prices, np.array([0.2, 0.8]), 7 / 365, 0.1)
    assert np.any(response[:, 0] != 0)
    assert not np.any(response[:, 1:])


def test_without_futures_the_growth_stays_when_the_long_term_spread_is_redrawn():
    unknown = np.full((7, 7), np.nan)
    unknown[2, 2] = 0.05**2
    model = TwoFactor(
        TwoFactorParameters(1.5, 0.3, 0.2, 0.0, 0.0, -0.02, 0.0),
        np.array([0.0, 2.0]),
        from_futures=False,
        covariance=unknown,
    ).with_drift(0.1)
    drawn = model.redrawn(np.random.default_rng(2))
    assert drawn.parameters.sigma_xi != model.parameters.sigma_xi
    growth = [each.parameters.mu_xi_star + 0.5 * each.parameters.sigma_xi**2 for each in (model, drawn)]
    assert growth == pytest.approx([0.1, 0.1])
    other = {"sigma_xi": 0.2, "mu_xi_star": 0.0}
    assert dataclasses.replace(drawn.parameters, **other) == dataclasses.replace(model.parameters, **other)
