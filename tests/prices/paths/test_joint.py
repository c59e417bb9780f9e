"""Drivers beside the token: their moments against closed forms, their links, and a curve that stays."""

import dataclasses
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from hedgedesk.domain.drivers import Drivers, DriverTerms, PeakTerms, ProductionTerms
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.run import RunSettings
from hedgedesk.prices.drivers.law import joint_law
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.paths.joint import JointDrivers
from hedgedesk.prices.simulate import simulate

YEARS = np.array([0.05, 0.25, 0.5, 1.25])
SIZE = 200_000
WALK = np.ones((YEARS.size, 1))
"""The direction of a token with one Gaussian shock a date."""
REVERTING = {
    "power": DriverTerms(volatility=0.8, reversion=6.0),
    "gpu_rent": DriverTerms(volatility=0.3, reversion=0.0),
}
GIVEN = {
    "token_power": 0.3,
    "token_gpu_rent": 0.5,
    "token_cny_per_usd": -0.2,
    "power_gpu_rent": 0.25,
    "power_cny_per_usd": 0.1,
    "gpu_rent_cny_per_usd": 0.0,
}


def walked(law, direction=WALK, size=SIZE, precision=np.float64, seed=1):
    """Each date's drivers, as they stand after its step, and the token's Brownian motion."""
    random = np.random.default_rng(seed)
    joint = JointDrivers(law, YEARS, direction, size, np.dtype(precision))
    joint.start(np.random.default_rng(seed + 1), size)
    token = np.zeros(size)
    for date, step in enumerate(np.diff(YEARS, prepend=0.0)):
        z = random.standard_normal((direction.shape[1], size))
        drivers = random.standard_normal((joint.normals, size))
        if direction.shape[1]:
            token += np.sqrt(step) * (direction[date] @ z)
        joint.step(date, z.astype(precision), drivers.astype(precision))
        yield date, joint, token


def close(draws, expected, errors=4.0):
    """Whether the mean of ``draws`` lies within four standard errors of ``expected``."""
    return abs(draws.mean() - expected) <= errors * draws.std() / np.sqrt(draws.size)


def test_levels_have_the_mean_and_variance_of_their_closed_forms(driven):
    law = joint_law(driven(terms=REVERTING, correlations=GIVEN))
    for date, joint, _ in walked(law):
        for i, name in enumerate(law.names):
            kappa, log = law.kappa[1 + i], np.log(joint.level(name))
            held = YEARS[date] if kappa == 0 else -np.expm1(-2 * kappa * YEARS[date]) / (2 * kappa)
            variance = law.covariance[1 + i, 1 + i] * held
            assert close(log, law.mean(YEARS[date])[i])
            assert close((log - law.mean(YEARS[date])[i]) ** 2, variance)


def test_the_currencys_mean_stays_todays_rate(driven):
    for _, joint, _ in walked(joint_law(driven())):
        assert close(joint.level("cny_per_usd"), 7.1)


def test_drivers_move_with_the_token_and_one_another_as_given(driven):
    law = joint_law(driven(terms=REVERTING, correlations=GIVEN))
    sigma = np.sqrt(law.covariance.diagonal())
    for date, joint, token in walked(law):
        logs = [token, *(np.log(joint.level(name)) - law.mean(YEARS[date])[i] for i, name in enumerate(law.names))]
        for i in range(4):
            for j in range(i):
                speed = law.kappa[i] + law.kappa[j]
                held = YEARS[date] if speed == 0 else -np.expm1(-speed * YEARS[date]) / speed
                assert close(logs[i] * logs[j], law.correlation[i, j] * sigma[i] * sigma[j] * held)


def test_a_driver_that_returns_forgets_at_its_own_speed(driven):
    law = joint_law(driven(terms=REVERTING, correlations=GIVEN))
    logs = [np.log(joint.level("power")) - law.mean(YEARS[date])[0] for date, joint, _ in walked(law)]
    early, late = YEARS[1], YEARS[2]
    variance = 0.8**2 * -np.expm1(-2 * 6.0 * early) / (2 * 6.0)
    assert close(logs[1] * logs[2], variance * np.exp(-6.0 * (late - early)))


def test_of_two_shocks_the_drivers_follow_their_sum(driven):
    law = joint_law(driven(correlations=GIVEN))
    direction = np.tile([0.6, 0.8], (YEARS.size, 1))
    for date, joint, token in walked(law, direction):
        rent = np.log(joint.level("gpu_rent")) - law.mean(YEARS[date])[1]
        assert close(rent * token, 0.5 * np.sqrt(law.covariance[2, 2]) * YEARS[date])


def test_a_token_without_shocks_leaves_the_drivers_alone(driven):
    law = joint_law(driven(terms=REVERTING, correlations=GIVEN))
    for date, joint, _ in walked(law, np.zeros((YEARS.size, 0))):
        power, rent = (np.log(joint.level(name)) - law.mean(YEARS[date])[i] for i, name in enumerate(law.names[:2]))
        held = -np.expm1(-6.0 * YEARS[date]) / 6.0
        assert close(power * rent, 0.25 * 0.8 * 0.3 * held)


@pytest.mark.parametrize("peak", [None, PeakTerms(0.4, 2.0, starts_per_year=0.8, in_index=True)])
def test_what_the_drivers_put_on_the_index_has_mean_one(driven, peak):
    law = joint_law(driven(production=ProductionTerms(pass_through=1.0), terms=REVERTING, peak=peak))
    for _, joint, _ in walked(law):
        log = np.zeros(SIZE)
        joint.add_to_index(log)
        assert log.std() > 0.01
        assert close(np.exp(log), 1.0)


def test_the_futures_of_the_factor_are_its_expectation_given_the_present(driven):
    # Tower law: what is expected of the last date, averaged over the paths that share a present, comes out.
    peak = PeakTerms(0.4, 2.0, starts_per_year=0.8, in_index=True)
    law = joint_law(driven(production=ProductionTerms(pass_through=1.0), terms=REVERTING, peak=peak))
    expected = []
    for date, joint, _ in walked(law):
        log = np.zeros(SIZE)
        joint.add_to_futures(YEARS[-1] - YEARS[date], log)
        expected.append(np.exp(log))
        last = np.zeros(SIZE)
        joint.add_to_index(last)
    np.testing.assert_allclose(expected[-1], np.exp(last), rtol=1e-12)
    for early, late in pairwise(expected):
        assert close(early, 1.0)
        assert close((late - early) * early, 0.0)


def test_twice_the_rent_raises_the_price_by_the_elasticity(driven):
    law = joint_law(driven(production=ProductionTerms(pass_through=0.3), terms=REVERTING))
    for date, joint, _ in walked(law, size=500):
        log = np.zeros(500)
        joint.add_to_index(log)
        ratio = [np.log(joint.level(name)) - law.mean(YEARS[date])[i] for i, name in enumerate(law.names[:2])]
        explained = law.elasticity[0] * ratio[0] + law.elasticity[1] * ratio[1]
        assert log - explained == pytest.approx(-law.half_cost_variance(YEARS[date]), abs=1e-12)


def test_single_precision_agrees_with_double(driven):
    market = driven(
        production=ProductionTerms(pass_through=1.0),
        peak=PeakTerms(0.4, 2.0, starts_per_year=0.5),
        terms=REVERTING,
        correlations={"power_gpu_rent": 0.25},
    )
    pairs = zip(
        walked(joint_law(market), size=2_000), walked(joint_law(market), size=2_000, precision=np.float32), strict=True
    )
    for (_, double, _), (_, single, _) in pairs:
        for name in double.names:
            assert single.level(name).dtype == np.float32
            assert single.level(name) == pytest.approx(double.level(name), rel=2e-5)
        logs = np.zeros(2_000), np.zeros(2_000, np.float32)
        double.add_to_index(logs[0])
        single.add_to_index(logs[1])
        assert logs[1] == pytest.approx(logs[0], abs=2e-5)


def test_peak_prices_start_as_often_as_said_and_stay(small_market):
    peak = PeakTerms(0.4, 2.0, starts_per_year=0.8)
    law = joint_law(dataclasses.replace(small_market, drivers=Drivers(peak=peak)))
    before = np.zeros(SIZE, dtype=bool)
    for date, joint, _ in walked(law):
        log = np.zeros(SIZE)
        joint.add_to_index(log)
        assert not log.any()
        joint.add_to_paid(log)
        # 0.4 of the tokens at twice the price cost 1.4 times the off-peak price.
        assert set(np.exp(log).round(12)) == {1.0, 1.4}
        on = log > 0
        assert not (before & ~on).any()
        assert close(on.astype(float), 1.0 - np.exp(-0.8 * YEARS[date]))
        before = on


def test_blocks_after_the_first_allocate_nothing_large(driven):
    peak = PeakTerms(0.4, 2.0, starts_per_year=0.8, in_index=True)
    law = joint_law(driven(production=ProductionTerms(), peak=peak))
    size, random = 65_536, np.random.default_rng(1)
    joint = JointDrivers(law, YEARS, WALK, size, np.dtype(np.float32))
    z = random.standard_normal((1 + joint.normals, size)).astype(np.float32)
    out = np.zeros(size, np.float32)
    tracemalloc.start()
    joint.start(random, size)
    for date in range(YEARS.size):
        joint.step(date, z[:1], z[1:])
        joint.level("power")
        joint.add_to_index(out)
        joint.add_to_futures(0.5, out)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 128 * 1024


@pytest.fixture(scope="module")
def exposure(make_desk):
    desk = make_desk()
    return Exposure.open(desk.forecast, desk.commitments)


def drawn(market, exposure, drivers, scenarios=20_000, **settings):
    market = dataclasses.replace(market, drivers=drivers)
    return simulate(RandomWalk.fit(market), market, exposure, RunSettings(scenarios=scenarios, seed=7, **settings))


def test_the_curve_stays_whatever_the_drivers_do(quoted_market, driven, exposure):
    parts = driven(
        production=ProductionTerms(pass_through=1.0), peak=PeakTerms(0.4, 2.0, starts_per_year=0.8, in_index=True)
    ).drivers
    scenarios = drawn(quoted_market, exposure, parts, margin_grid="monthly")
    for k, price in enumerate(scenarios.curve.price_per_mtok):
        assert close(scenarios.settlement_per_mtok[:, k], price)
        for date in range(scenarios.margin_dates.size):
            assert close(scenarios.futures_per_mtok[:, date, k].astype(float), price)


def test_drivers_come_with_the_scenarios_and_follow_the_token(quoted_market, driven, exposure):
    scenarios = drawn(quoted_market, exposure, driven(correlations=GIVEN).drivers)
    assert set(scenarios.drivers) == {"power", "gpu_rent"}
    last = [values[:, -1] for values in (scenarios.price_per_mtok, *scenarios.drivers.values(), scenarios.cny_per_usd)]
    found = np.corrcoef(np.log(last))[0]
    # Walks all four, averaged over the same dates: the given correlations; standard error 1 / sqrt(20,000) = 0.007.
    assert found.tolist() == pytest.approx([1.0, 0.3, 0.5, -0.2], abs=4 * 0.0071)


def test_a_currency_alone_is_drawn_apart_from_the_token(quoted_market, exposure):
    scenarios = drawn(quoted_market, exposure, None)
    assert scenarios.drivers == {}
    found = np.corrcoef(np.log([scenarios.price_per_mtok[:, -1], scenarios.cny_per_usd[:, -1]]))[0, 1]
    assert abs(found) <= 4 / np.sqrt(scenarios.count)


def test_peak_prices_in_force_are_paid_on_top_of_the_index_and_no_future_covers_them(quoted_market, exposure):
    plain = drawn(quoted_market, exposure, Drivers(), scenarios=1_000)
    peak = drawn(quoted_market, exposure, Drivers(peak=PeakTerms(0.4, 2.0, in_force=True)), scenarios=1_000)
    assert peak.price_per_mtok == pytest.approx(1.4 * plain.price_per_mtok, rel=1e-5)
    assert peak.settlement_per_mtok == pytest.approx(plain.settlement_per_mtok, rel=1e-6)


def test_volume_moves_with_the_drivers_as_given_and_with_the_token_as_the_settings_say(quoted_market, driven, exposure):
    given = GIVEN | {"gpu_rent_volume": -0.3, "cny_per_usd_volume": 0.5}
    scenarios = drawn(quoted_market, exposure, driven(correlations=given).drivers, price_volume_correlation=0.2)
    factor = scenarios.volume_mtok / exposure.after(scenarios.as_of).forecast_in(scenarios.unit)
    # Four standard errors of 20,000 draws, 1 / sqrt(n) = 0.007 of a correlation.
    for month in (0, 5, -1):
        logs = [np.log(factor[:, month]), np.log(scenarios.price_per_mtok[:, month])]
        logs += [np.log(values[:, month]) for values in (*scenarios.drivers.values(), scenarios.cny_per_usd)]
        # Nothing is said of power: the volume moves with it by the token alone.
        assert np.corrcoef(logs)[0, 1:].tolist() == pytest.approx([0.2, 0.2 * 0.3, -0.3, 0.5], abs=4 * 0.0071)
        assert close(factor[:, month], 1.0)


def test_volume_of_which_nothing_is_said_is_drawn_as_without_drivers(quoted_market, driven, exposure):
    alone = drawn(quoted_market, exposure, None, scenarios=500, price_volume_correlation=0.2)
    beside = drawn(quoted_market, exposure, driven(correlations=GIVEN).drivers, 500, price_volume_correlation=0.2)
    assert np.array_equal(alone.volume_mtok, beside.volume_mtok)
    assert np.array_equal(alone.price_per_mtok, beside.price_per_mtok)


@pytest.mark.parametrize("given", [{}, {"cny_per_usd_volume": 0.0}])
def test_a_volume_that_follows_no_driver_keeps_its_normals(driven, given):
    law = joint_law(driven(correlations=GIVEN | given | {"token_cny_per_usd": 0.0}))
    joint = JointDrivers(law, YEARS, WALK, 100, np.dtype(np.float64))
    normals = np.random.default_rng(1).standard_normal((2, 100))
    kept = normals.copy()
    joint.link_volume(normals, np.ones((2, 100)), 2)
    assert normals == pytest.approx(kept, abs=1e-12)
