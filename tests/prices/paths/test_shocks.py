"""Events beside the token: shortages hit rent too, energy shocks power alone, and everything stated stays."""

import dataclasses
import pickle
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from hedgedesk.domain.drivers import DriverTerms, EventTerms, ProductionTerms
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.run import RunSettings
from hedgedesk.prices.drivers.law import driver_notices, joint_law
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.paths.joint import JointDrivers
from hedgedesk.prices.paths.tokens import Anchor, AnchoredToken, RedrawnToken
from hedgedesk.prices.simulate import simulate

SIZE = 200_000
YEARS = np.array([0.25, 0.5, 1.25])
ANCHOR = Anchor(YEARS, (slice(2, 3),), None)
DOUBLE = np.dtype(np.float64)
APART = {
    f"{one}_{other}": 0.0
    for one, other in (
        ("token", "power"),
        ("token", "gpu_rent"),
        ("token", "cny_per_usd"),
        ("power", "gpu_rent"),
        ("power", "cny_per_usd"),
        ("gpu_rent", "cny_per_usd"),
    )
}
WALKS = {"power": DriverTerms(0.3, 0.0), "gpu_rent": DriverTerms(0.2, 0.0)}
RETURNS = {"power": DriverTerms(0.3, 6.0), "gpu_rent": DriverTerms(0.2, 1.5)}
SHORTAGES = EventTerms(shortage_share=0.5)
ENERGY = EventTerms(0.0, energy_per_year=0.8, energy_multiple=1.8, energy_spread=0.1)
KAPPA, UP, SHARE = 2.0, (0.9, 0.6, 0.1), 0.5


def jumping(up=UP, sigma=0.0):
    """A token that only jumps, unless ``sigma`` says otherwise."""
    return JumpDiffusion(10.0, JumpParameters(KAPPA, np.log(10.0), sigma, 0.5, -1.0, 0.1, *up))


def walked(law, model, size=SIZE, precision=DOUBLE, token=None, seed=1):
    """Each date's drivers and the token's log prices, as they stand after its step."""
    random = np.random.default_rng(seed)
    if token is None:
        drawn, shift, _ = ANCHOR.tied(model)
        token = AnchoredToken(drawn, shift, ANCHOR, size, precision, law.following)
    joint = JointDrivers(law, YEARS, token.direction, size, precision)
    token.start(np.random.default_rng(seed + 1), size, 0)
    joint.start(np.random.default_rng(seed + 2), size)
    log_price = np.empty(size, precision)
    for date in range(YEARS.size):
        z = random.standard_normal((token.normals, size)).astype(precision)
        joint.step(date, z, random.standard_normal((joint.normals, size)).astype(precision))
        token.step(date, z, log_price)
        joint.follow(token)
        yield date, joint, log_price


def close(draws, expected, errors=4.0):
    """Whether the mean of ``draws`` lies within four standard errors of ``expected``."""
    return abs(draws.mean() - expected) <= errors * draws.std() / np.sqrt(draws.size)


def held(speed, years):
    """Integral of a decay."""
    return years if speed == 0 else -np.expm1(-speed * years) / speed


@pytest.mark.parametrize("terms", [WALKS, RETURNS], ids=["walks", "returns"])
def test_a_shortage_moves_rent_with_the_token_and_leaves_what_is_stated_of_rent(driven, terms):
    law = joint_law(driven(terms=terms, correlations=APART, events=SHORTAGES))
    rate, mean, spread = UP
    square, speed, sigma = rate * (mean**2 + spread**2), terms["gpu_rent"].reversion, 0.2
    for date, joint, token in walked(law, jumping()):
        year, rent = YEARS[date], joint.level("gpu_rent").copy()
        log, log_mean = np.log(rent), law.mean(year)[1]
        if speed == 0:
            assert close(rent, law.singles[1].today)
            log_mean += rate * SHARE * mean * year - rate * np.expm1(SHARE * mean + 0.5 * (SHARE * spread) ** 2) * year
        assert close(log, log_mean)
        assert close((log - log_mean) ** 2, (sigma**2 + SHARE**2 * square) * held(2 * speed, year))
        # A jump J a time u ago is J exp(-kappa u) of the token and share J exp(-speed u) of rent: only the upward ones.
        away = token - jumping().log_mean(YEARS)[date]
        assert close((log - log_mean) * away, SHARE * square * held(KAPPA + speed, year))


def test_shortages_leave_power_the_currency_and_the_token_as_they_were(driven):
    without = joint_law(driven(terms=RETURNS, correlations=APART))
    law = joint_law(driven(terms=RETURNS, correlations=APART, events=SHORTAGES))
    pairs = zip(walked(law, jumping(), 2_000), walked(without, jumping(), 2_000), strict=True)
    for (_, hit, token), (_, plain, alone) in pairs:
        assert np.array_equal(token, alone)
        for name in ("power", "cny_per_usd"):
            assert np.array_equal(hit.level(name), plain.level(name))
        assert not np.array_equal(hit.level("gpu_rent"), plain.level("gpu_rent"))


def test_a_price_war_hits_the_token_alone(driven):
    wars = jumping(up=(0.0, 0.6, 0.1))
    without = joint_law(driven(terms=RETURNS, correlations=APART))
    law = joint_law(driven(terms=RETURNS, correlations=APART, events=SHORTAGES))
    for (_, hit, token), (_, plain, _) in zip(walked(law, wars, 2_000), walked(without, wars, 2_000), strict=True):
        assert token.std() > 0.1
        assert np.array_equal(hit.level("gpu_rent"), plain.level("gpu_rent"))


def test_a_table_of_events_that_asks_for_none_changes_no_number(driven):
    nothing = EventTerms(shortage_share=0.0)
    without, law = (joint_law(driven(production=ProductionTerms(), events=e)) for e in (None, nothing))
    for (_, one, _), (_, other, _) in zip(walked(without, jumping(), 500), walked(law, jumping(), 500), strict=True):
        for name in law.names:
            assert np.array_equal(one.level(name), other.level(name))
    assert law.notices == without.notices


def test_production_cost_does_not_pass_a_shortage_on_to_the_token_again(driven):
    law = joint_law(driven(production=ProductionTerms(pass_through=1.0), terms=WALKS, events=SHORTAGES))
    plain = joint_law(driven(production=ProductionTerms(pass_through=1.0), terms=WALKS))
    for (_, hit, _), (_, alone, _) in zip(walked(law, jumping(), 500), walked(plain, jumping(), 500), strict=True):
        once, before = np.zeros(500), np.zeros(500)
        hit.add_to_index(once)
        alone.add_to_index(before)
        assert before.std() > 0.01
        assert np.array_equal(once, before)


@pytest.mark.parametrize("terms", [WALKS, RETURNS], ids=["walks", "returns"])
def test_energy_shocks_leave_what_is_stated_of_power(driven, terms):
    law = joint_law(driven(terms=terms, correlations=APART, events=ENERGY))
    speed, (_, mean, spread) = terms["power"].reversion, law.energy.sides[0]
    square = 0.8 * (mean**2 + spread**2)
    for date, joint, token in walked(law, jumping()):
        year, power = YEARS[date], joint.level("power").copy()
        log, log_mean = np.log(power), law.mean(year)[0]
        if speed == 0:
            assert close(power, law.singles[0].today)
            log_mean += 0.8 * (mean - np.expm1(mean + 0.5 * spread**2)) * year
        assert close(log, log_mean)
        assert close((log - log_mean) ** 2, (0.3**2 + square) * held(2 * speed, year))
        assert close((log - log_mean) * (token - token.mean()), 0.0)


@pytest.mark.parametrize("terms", [WALKS, RETURNS], ids=["walks", "returns"])
def test_the_cost_of_energy_shocks_leaves_the_curve_at_every_date(driven, terms):
    # Half of the cost is power, all of it passed on: the shocks matter. The tower law holds from date to date.
    cost = ProductionTerms(gpu_usd_per_hour=0.1, usd_per_kilowatt_hour=0.11, pass_through=1.0)
    law = joint_law(driven(production=cost, terms=terms, correlations=APART, events=ENERGY))
    assert law.elasticity[0] == pytest.approx(0.5, abs=0.01)
    expected = []
    for date, joint, _ in walked(law, jumping()):
        ahead, now = np.zeros((2, SIZE))
        joint.add_to_futures(YEARS[-1] - YEARS[date], ahead)
        joint.add_to_index(now)
        assert close(np.exp(now), 1.0)
        expected.append(np.exp(ahead))
    np.testing.assert_allclose(expected[-1], np.exp(now), rtol=1e-12)
    for early, late in pairwise(expected):
        assert close(early, 1.0)
        assert close((late - early) * early, 0.0)


def test_single_precision_agrees_with_double(driven):
    events = dataclasses.replace(ENERGY, shortage_share=0.5)
    law = joint_law(driven(production=ProductionTerms(pass_through=1.0), terms=RETURNS, events=events))
    single = walked(law, jumping(), 2_000, np.dtype(np.float32))
    for (_, one, token), (_, other, short) in zip(walked(law, jumping(), 2_000), single, strict=True):
        assert short == pytest.approx(token, abs=1e-5)
        for name in law.names:
            assert other.level(name).dtype == np.float32
            assert other.level(name) == pytest.approx(one.level(name), rel=3e-5)


def test_shortages_with_redrawn_parameters_are_made_up_for_by_the_parameters_that_drew_them(driven):
    # Rates known to 40% only: made up for by the fitted rate, the mean would come out a tenth too high, 16 errors.
    covariance = np.zeros((9, 9))
    covariance[6, 6] = (0.4 * UP[0]) ** 2
    model = dataclasses.replace(jumping(), covariance=covariance)
    law = joint_law(driven(terms=WALKS, correlations=APART, events=EventTerms(1.0)))
    size = 40_000
    token = RedrawnToken(model, ANCHOR, size, DOUBLE, 3, law.following)
    for _, joint, _ in walked(law, model, size, token=token):
        assert close(joint.level("gpu_rent"), law.singles[1].today)


def test_a_law_with_events_stays_the_same_through_a_pickle(driven):
    law = joint_law(driven(events=dataclasses.replace(ENERGY, shortage_share=0.5)))
    again = pickle.loads(pickle.dumps(law))
    assert (again.energy, again.following) == (law.energy, law.following)
    assert again.following.share == 0.5


def test_a_run_is_told_of_its_events(driven, small_market):
    walk = RandomWalk.fit(small_market)
    market = driven(events=dataclasses.replace(ENERGY, shortage_share=0.5))
    energy, shortage = driver_notices(market, jumping(sigma=0.3))[-2:]
    assert energy.startswith("energy shocks: 0.8 times a year power becomes 1.8 times as high")
    assert shortage.startswith(
        "shortages: the token's jumps upward (0.9 a year, x 1.82 in the middle) move GPU rent by 50%"
    )
    assert driver_notices(market, walk)[-1] == "shortages: RandomWalk draws no jumps upward, so none moves GPU rent"
    alone = driver_notices(driven(gpu_rent=False, events=SHORTAGES), jumping(sigma=0.3))[-1]
    assert alone == "shortages move the token alone: no history of GPU rent (market/gpu.csv)"


@pytest.fixture(scope="module")
def exposure(make_desk):
    desk = make_desk()
    return Exposure.open(desk.forecast, desk.commitments)


def test_scenarios_follow_the_curve_and_rent_jumps_with_the_token(quoted_market, driven, exposure):
    cost = ProductionTerms(gpu_usd_per_hour=0.1, usd_per_kilowatt_hour=0.11, pass_through=1.0)
    events = dataclasses.replace(ENERGY, shortage_share=1.0)
    drivers = driven(production=cost, terms=WALKS, correlations=APART, events=events).drivers
    market = dataclasses.replace(quoted_market, drivers=drivers)
    model = dataclasses.replace(jumping(sigma=0.2), price_per_mtok=float(market.index.price_per_mtok[-1]))
    scenarios = simulate(model, market, exposure, RunSettings(scenarios=20_000, seed=7, margin_grid="monthly"))
    for k, price in enumerate(scenarios.curve.price_per_mtok):
        assert close(scenarios.settlement_per_mtok[:, k].astype(float), price)
        for date in range(scenarios.margin_dates.size):
            assert close(scenarios.futures_per_mtok[:, date, k].astype(float), price)
    rent = scenarios.drivers["gpu_rent"][:, -1].astype(float)
    assert close(rent, drivers.gpu_rent.price[-1])
    # Given as uncorrelated: only shortages link them.
    assert np.corrcoef(np.log(rent), np.log(scenarios.price_per_mtok[:, -1]))[0, 1] > 0.2


def test_no_step_takes_memory_that_grows_with_the_block(driven):
    law = joint_law(driven(terms=RETURNS, events=EventTerms(1.0, energy_per_year=4.0, energy_multiple=1.2)))
    size, single = 400_000, np.dtype(np.float32)
    drawn, shift, _ = ANCHOR.tied(jumping(up=(4.0, 0.1, 0.02)))
    token = AnchoredToken(drawn, shift, ANCHOR, size, single, law.following)
    joint = JointDrivers(law, YEARS, token.direction, size, single)
    z, log_price = np.zeros((joint.normals, size), single), np.empty(size, single)
    token.start(np.random.default_rng(1), size, 0)
    joint.start(np.random.default_rng(2), size)
    tracemalloc.start()
    try:
        joint.step(0, z[:1], z)
        token.step(0, z[:1], log_price)
        joint.follow(token)
        joint.level("gpu_rent")
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # One array of the block is 1,600 KiB; the jumps of one part, some arrays of 32 KiB.
    assert taken < 400 * 1024
