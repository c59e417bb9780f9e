import dataclasses

import numpy as np
import pytest

from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, drift_over, log_growth
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor_jumps.panel_filter import FACTORS, JumpPanel

MATURITIES = np.array([0.1, 0.4, 0.9])
NOISE = np.array([0.004, 0.003, 0.005])
FACTOR_VALUES = (1.4, 0.3, 0.15, 0.25, 0.04, 0.01, 0.08)


@pytest.fixture(scope="module")
def panel():
    random = np.random.default_rng(2)
    level = np.cumsum(0.03 * random.standard_normal(60))
    slope = 0.1 * random.standard_normal(60)
    prices = 2.0 + level[:, None] + slope[:, None] * np.exp(-1.4 * MATURITIES) + NOISE * random.standard_normal((60, 3))
    prices[7, 1] = np.nan
    return JumpPanel(prices, np.tile(MATURITIES, (60, 1)), np.full(59, 7 / 365), NOISE)


def with_jumps(*jumps):
    return np.array([*FACTOR_VALUES, *jumps])


def test_without_jumps_the_likelihood_is_that_of_statsmodels_own_filter(panel):
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

    quiet = with_jumps(1e-14, -0.3, 0.1, 1e-14, 0.3, 0.1)
    own = panel.log_likelihood(quiet[None])[0]
    theirs = SchwartzSmith(panel.log_prices, MATURITIES, 7 / 365).loglike(np.array([*FACTOR_VALUES, *NOISE]))
    # The first xi is put at a standard deviation of 10 instead of infinity.
    assert own == pytest.approx(theirs, rel=1e-5)


def test_the_gradient_by_complex_steps_is_that_by_differences(panel):
    point = with_jumps(2.0, -0.2, 0.05, 1.5, 0.25, 0.06)
    count = point.size
    trial = np.tile(point.astype(complex), (count, 1))
    trial[np.arange(count), np.arange(count)] += 1e-20j
    by_steps = panel.log_likelihood(trial).imag / 1e-20
    moves = 1e-5 * np.eye(count)
    by_differences = (panel.log_likelihood(point + moves) - panel.log_likelihood(point - moves)) / 2e-5
    np.testing.assert_allclose(by_steps, by_differences, rtol=1e-4, atol=1e-4)


def test_a_batch_gives_what_each_gives_alone(panel):
    one, other = with_jumps(2.0, -0.2, 0.05, 1.5, 0.25, 0.06), with_jumps(0.5, -0.6, 0.1, 0.2, 0.4, 0.1)
    both = panel.log_likelihood(np.array([one, other]))
    alone = [panel.log_likelihood(values[None])[0] for values in (one, other)]
    np.testing.assert_allclose(both, alone, rtol=1e-12)


def test_a_date_that_falls_is_told_from_quiet_ones_and_sized(panel):
    jumps = (0.5, -0.6, 0.1, 0.2, 0.4, 0.1)
    p = TwoFactorParameters(*FACTOR_VALUES)
    sizes = SignedJumps(*jumps)
    steady = log_growth(sizes, p.kappa, MATURITIES) - drift_over(sizes, p.kappa, MATURITIES)
    fallen = np.tile(2.0 + steady, (40, 1))
    fallen[25:] += -0.6 * np.exp(-p.kappa * (np.arange(15)[:, None] * 7 / 365 + MATURITIES))
    quotes = JumpPanel(fallen, np.tile(MATURITIES, (40, 1)), np.full(39, 7 / 365), NOISE)
    shown = quotes.filtered(with_jumps(*jumps))
    assert np.flatnonzero(shown.quiet < 0.5).tolist() == [25]
    assert shown.surprise[25] == pytest.approx(-0.6, abs=0.05)


def test_the_newest_factors_move_with_the_parameters_as_a_new_pass_says(panel):
    values = with_jumps(2.0, -0.2, 0.05, 1.5, 0.25, 0.06)
    response = panel.state_response(values)
    for k in range(values.size):
        move = 1e-5 * np.eye(values.size)[k]
        change = panel.filtered(values + move).state - panel.filtered(values - move).state
        assert change / 2e-5 == pytest.approx(response[:, k], rel=1e-4, abs=1e-5)


def test_what_is_not_quoted_is_passed_over(panel):
    values = with_jumps(2.0, -0.2, 0.05, 1.5, 0.25, 0.06)[None]
    moved = dataclasses.replace(
        panel, maturities_years=np.where(np.isnan(panel.log_prices), 5.0, panel.maturities_years)
    )
    assert moved.log_likelihood(values)[0] == pytest.approx(panel.log_likelihood(values)[0], rel=1e-13)
    assert values.shape[1] == FACTORS + 6
