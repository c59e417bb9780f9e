import numpy as np
import pytest

from hedgedesk.domain.drivers import DriverTerms
from hedgedesk.prices.drivers.single import annual_volatility, single_law

WEEK = 7 / 365
UNSAID = DriverTerms()


def weeks(count):
    return np.arange(count) * np.timedelta64(7, "D") + np.datetime64("2016-01-01")


def walk(seed, count, sigma):
    shocks = np.random.default_rng(seed).standard_normal(count) * sigma * np.sqrt(WEEK)
    return weeks(count), 50.0 * np.exp(np.cumsum(shocks))


def reverting(seed, count, kappa, sigma, mean):
    kept = np.exp(-kappa * WEEK)
    spread = sigma * np.sqrt((1 - kept**2) / (2 * kappa))
    shocks, log = np.random.default_rng(seed).standard_normal(count) * spread, np.empty(count)
    deviation = 0.0
    for t, shock in enumerate(shocks):
        deviation = kept * deviation + shock
        log[t] = mean + deviation
    return weeks(count), np.exp(log)


def test_a_random_walk_is_found_with_its_volatility():
    law = single_law("gpu_rent", *walk(1, 520, 0.4), UNSAID)
    assert law.reversion == 0.0
    # Standard error sigma / sqrt(2 n) = 0.0124: four of them.
    assert law.volatility == pytest.approx(0.4, abs=0.05)
    assert law.changes == 519


def test_a_random_walks_level_has_no_drift():
    law = single_law("gpu_rent", *walk(1, 520, 0.4), UNSAID)
    assert np.exp(law.log_mean(2.0) + 0.5 * law.volatility**2 * 2.0) == pytest.approx(law.today)


def test_a_level_that_returns_is_found_with_its_speed_its_mean_and_its_volatility():
    kappa, sigma, mean, count = 9.0, 0.8, np.log(58.0), 1_040
    law = single_law("power", *reverting(2, count, kappa, sigma, mean), UNSAID)
    years = count * WEEK
    # Large samples: s.e. sqrt((1 - phi^2) / n) of phi, so sqrt((e^(2 kappa w) - 1) / n) / w of kappa; 4 of each.
    assert law.reversion == pytest.approx(kappa, abs=4 * np.sqrt(np.expm1(2 * kappa * WEEK) / count) / WEEK)
    assert law.mean_log == pytest.approx(mean, abs=4 * sigma / kappa / np.sqrt(years))
    # 2% of sigma from the residuals, and as much again from kappa's own error.
    assert law.volatility == pytest.approx(sigma, rel=0.16)


def test_the_log_returns_from_today_to_its_mean():
    law = single_law("power", *reverting(2, 1_040, 9.0, 0.8, 4.0), UNSAID)
    assert law.log_mean(0.0) == pytest.approx(np.log(law.today))
    assert law.log_mean(10.0) == pytest.approx(law.mean_log)


def test_a_unit_root_is_rarely_taken_for_a_return():
    found = [single_law("power", *walk(seed, 260, 0.5), UNSAID).reversion > 0 for seed in range(300)]
    # The test's size is 5%: four binomial standard errors above it are 10%.
    assert 0.01 <= np.mean(found) <= 0.10


def test_less_than_a_year_of_weeks_is_a_random_walk():
    assert single_law("power", *reverting(3, 50, 20.0, 0.8, 4.0), UNSAID).reversion == 0.0


def test_what_the_user_says_stands_in_the_place_of_the_estimate():
    dates, levels = reverting(2, 520, 9.0, 0.8, 4.0)
    law = single_law("power", dates, levels, DriverTerms(volatility=0.5, reversion=3.0))
    assert (law.volatility, law.reversion, law.changes) == (0.5, 3.0, 0)
    still = single_law("power", dates, levels, DriverTerms(reversion=0.0))
    assert still.reversion == 0.0
    assert still.volatility == annual_volatility(dates, levels)


def test_a_week_that_keeps_nothing_has_the_fastest_return_that_a_week_can_see():
    random = np.random.default_rng(4)
    law = single_law("power", weeks(200), np.exp(4.0 + 0.1 * random.standard_normal(200)), UNSAID)
    assert law.reversion <= 3.0 / WEEK + 1e-9
    stationary = law.volatility / np.sqrt(2 * law.reversion)
    # Standard error 0.1 / sqrt(400) = 0.005.
    assert stationary == pytest.approx(0.1, abs=0.02)


def test_fewer_than_eight_changes_have_no_volatility():
    dates, levels = walk(1, 8, 0.3)
    assert annual_volatility(dates, levels) == 0.0
    assert annual_volatility(*walk(1, 9, 0.3)) > 0.0


def test_a_steady_trend_is_no_volatility():
    assert annual_volatility(weeks(30), np.exp(0.01 * np.arange(30.0))) == pytest.approx(0.0, abs=1e-9)
