"""Jumps that several prices share: closed forms, draws, and what a token's own upward jumps are to others."""

import numpy as np
import pytest
from scipy.integrate import quad

from hedgedesk.prices.events import AT_ONCE, JumpLaw, Rising, drawn
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters, SignedJumps
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.step_price import StepPrice
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps

SIZE = 200_000
DOUBLE = np.dtype(np.float64)
BOTH = JumpLaw(((0.5, 0.7, 0.1), (2.0, 0.1, 0.0)))
YEARS = np.array([0.3, 1.1])
JUMPS = JumpParameters(2.0, np.log(10.0), 0.0, 0.5, -1.0, 0.1, 0.8, 0.6, 0.1)
MODELS = (
    JumpDiffusion(10.0, JUMPS, stale_years=0.2),
    TwoFactorJumps(TwoFactorParameters(1.5, 0.3, 0.2, 0.0, 0.0, 0.0, 0.1), JUMPS.jumps, np.array([0.0, np.log(10.0)])),
    StepPrice(10.0, 0.6, np.log([0.5, 0.8]), 0.9, np.log([2.0, 1.1, 1.3]), adopted_share=0.3, stale_years=0.2),
)


def close(draws, expected, errors=4.0):
    """Whether the mean of ``draws`` lies within four standard errors of ``expected``."""
    return abs(draws.mean() - expected) <= errors * draws.std() / np.sqrt(draws.size)


@pytest.mark.parametrize("speed", [0.0, 0.4, 30.0])
def test_the_growth_of_fading_jumps_is_the_integral_of_their_moment(speed):
    def integrand(u):
        left = np.exp(-speed * u)
        return sum(rate * np.expm1(left * m + 0.5 * (left * s) ** 2) for rate, m, s in BOTH.sides)

    # ln F's term sum of lambda integral of M(exp(-kappa u)) - 1.
    assert BOTH.log_growth(1.5, speed) == pytest.approx(quad(integrand, 0.0, 1.5, epsabs=1e-13)[0], rel=1e-10)
    drift = quad(lambda u: sum(rate * m * np.exp(-speed * u) for rate, m, _ in BOTH.sides), 0.0, 1.5)[0]
    assert BOTH.drift_over(1.5, speed) == pytest.approx(drift, rel=1e-10)


def test_what_is_taken_off_a_walk_keeps_its_mean_and_off_one_that_returns_its_mean_log():
    assert BOTH.compensation(1.5, 0.0) == BOTH.log_growth(1.5, 0.0)
    assert BOTH.compensation(1.5, 3.0) == BOTH.drift_over(1.5, 3.0)
    # 0.5 a year of x 2: 50% a year (compensation).
    assert JumpLaw(((0.5, np.log(2.0), 0.0),)).compensation(1.0, 0.0) == pytest.approx(0.5)


def test_jumps_without_a_kind_are_none():
    none = JumpLaw(())
    assert (none.rate, none.mean, none.compensation(2.0, 0.0), none.compensation(2.0, 1.0)) == (0.0, 0.0, 0.0, 0.0)


def test_drawn_jumps_come_as_often_and_are_as_large_as_their_law():
    total, count = np.zeros(SIZE), np.zeros(SIZE)
    for paths, sizes, since in drawn(np.random.default_rng(1), (0.8, 0.6, 0.2), 0.5, SIZE):
        assert paths.size <= AT_ONCE
        assert ((since >= 0) & (since < 1)).all()
        np.add.at(total, paths, sizes)
        np.add.at(count, paths, 1.0)
    assert close(count, 0.4)
    assert close((count - 0.4) ** 2, 0.4)
    assert close(total, 0.4 * 0.6)
    assert close((total - 0.24) ** 2, 0.4 * (0.6**2 + 0.2**2))


def walked(model, speed=None, precision=DOUBLE, size=SIZE):
    """Log prices and, where ``speed`` watches them, upward jumps of each step."""
    sampler = model.sampler(YEARS, size, precision)
    if speed is not None:
        sampler.watch_rises(speed)
    random = np.random.default_rng(2)
    sampler.start(np.random.default_rng(1), size)
    prices, risen = np.empty((YEARS.size, size), precision), []
    for date in range(YEARS.size):
        z = random.standard_normal((sampler.normals, size)).astype(precision)
        sampler.step(date, z, prices[date])
        risen.append(None if sampler.risen is None else sampler.risen.copy())
    return prices, risen


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_models_with_jumps_tell_their_upward_ones_and_draw_what_they_drew(model):
    assert isinstance(model.sampler(YEARS, 1, DOUBLE), Rising)
    prices, nobody = walked(model, size=5_000)
    watched, risen = walked(model, speed=1.0, size=5_000)
    assert np.array_equal(prices, watched)
    assert nobody == [None, None]
    assert all((step > 0).any() and (step == 0).any() for step in risen)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("speed", [0.0, 1.5])
def test_upward_jumps_are_those_since_as_of_as_time_has_left_them(model, speed):
    law = model.sampler(YEARS, 1, DOUBLE).rises
    square = sum(rate * (mean**2 + spread**2) for rate, mean, spread in law.sides)
    for gap, step in zip(np.diff(YEARS, prepend=0.0), walked(model, speed)[1], strict=True):
        held = gap if speed == 0 else -np.expm1(-2 * speed * gap) / (2 * speed)
        assert close(step, law.drift_over(gap, speed))
        assert close((step - law.drift_over(gap, speed)) ** 2, square * held)
        # The mean of the exponential is the closed form of the moments, all of them.
        assert close(np.exp(0.7 * step), np.exp(law.scaled(0.7).log_growth(gap, speed)))


def test_in_single_precision_they_are_the_same():
    for model in MODELS:
        double = walked(model, 1.5, size=2_000)[1]
        single = walked(model, 1.5, np.dtype(np.float32), size=2_000)[1]
        for one, other in zip(double, single, strict=True):
            assert other.dtype == np.float32
            assert other == pytest.approx(one, abs=1e-6)


def test_a_price_war_is_no_rise():
    wars = SignedJumps(3.0, -1.0, 0.1, 0.0, 0.6, 0.1)
    parameters = JumpParameters(2.0, np.log(10.0), 0.0, *(getattr(wars, name) for name in SignedJumps.__slots__))
    prices, risen = walked(JumpDiffusion(10.0, parameters), 1.0, size=2_000)
    assert prices.std() > 0.1
    assert not np.any(risen)


def test_a_random_walk_has_none(small_market):
    assert not isinstance(RandomWalk.fit(small_market).sampler(YEARS, 1, DOUBLE), Rising)
