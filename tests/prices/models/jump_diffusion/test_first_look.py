import numpy as np
import pytest

from hedgedesk.prices.models.jump_diffusion.first_look import FirstLook, first_look, inputs_of, start_of


def reverting(count=600, phi=0.95, seed=1):
    random, x = np.random.default_rng(seed), np.zeros(count + 1)
    for i in range(count):
        x[i + 1] = 1.0 + phi * (x[i] - 1.0) + 0.02 * random.standard_normal()
    return x


def test_the_regression_finds_speed_and_level_through_the_jumps():
    x, gap = reverting(), 7 / 365
    for at in (100, 300, 450):
        x[at:] -= 0.4 * 0.95 ** np.arange(x.size - at)
    found = first_look(x, np.full(x.size - 1, gap))
    assert found.kappa == pytest.approx(-np.log(0.95) / gap, rel=0.25)
    assert found.theta == pytest.approx(1.0, abs=0.05)
    # sigma sqrt((1 - phi^2) / (2 kappa)) is the noise of a step; 600 of them know it to 3%.
    assert found.sigma * np.sqrt((1 - 0.95**2) / (2 * -np.log(0.95) / gap)) == pytest.approx(0.02, rel=0.12)
    assert {99, 299, 449} <= set(np.flatnonzero(found.look.outlier))


def test_outliers_are_set_aside_until_the_same_ones_are():
    surprise = np.concatenate([0.01 * np.random.default_rng(2).standard_normal(200), [-2.0, -0.09, 0.08]])
    look = FirstLook.of(surprise)
    # Beside -2.0 the two small ones hide in the first pass.
    assert look.outlier[-3:].all()
    assert look.sizes("down")[0] == -2.0
    assert look.sizes("up").max() == pytest.approx(0.08)


def test_a_sign_without_jumps_takes_a_stated_event_and_half_a_jump():
    look = FirstLook(np.array([0.0, 0.01, -0.5, -0.7]), np.array([False, False, True, True]))
    inputs, sources = inputs_of(look, years=4.0)
    assert (inputs.lambda_down, inputs.m_down) == pytest.approx((2.5 / 4.0, -0.6))
    assert (inputs.lambda_up, inputs.m_up) == pytest.approx((0.5 / 4.0, np.log(2.0)))
    assert "mean of what was found, x 0.55" in sources["down"]
    assert "peak prices of DeepSeek V4" in sources["up"]


def test_the_search_starts_from_jumps_of_both_signs_even_where_none_is_seen():
    start = start_of(FirstLook(np.array([0.01, -0.01, 0.02, -0.02]), np.zeros(4, dtype=bool)), years=2.0)
    assert start.lambda_down == start.lambda_up == 0.5
    assert start.m_down < -0.03
    assert start.m_up > 0.03
