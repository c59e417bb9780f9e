import dataclasses
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.random_walk import RandomWalk, ewma_volatility

START = np.datetime64("2025-01-03")


def market_of(prices, days=None, futures=None):
    prices = np.asarray(prices, dtype=float)
    days = 7 * np.arange(prices.size) if days is None else np.asarray(days)
    index = TokenIndex("token", "CNY", START + days.astype("timedelta64[D]"), prices)
    return MarketSnapshot(index, ContractSpec("CNY", 50.0), futures)


def simulated_prices(days, mu, sigma, seed):
    steps = np.diff(days) / 365
    shocks = np.random.default_rng(seed).standard_normal(steps.size)
    changes = (mu - 0.5 * sigma**2) * steps + sigma * np.sqrt(steps) * shocks
    return 8 * np.exp(np.concatenate([[0.0], np.cumsum(changes)]))


def test_ewma_volatility_reproduces_hull_example_5_2():
    # Hull, Risk Management and Financial Institutions, Example 5.2: volatility 1%, change 2%, lambda 0.9.
    assert ewma_volatility(np.array([0.02]), first_volatility=0.01, decay=0.9)[0] == pytest.approx(0.011402, abs=5e-7)
    assert ewma_volatility(np.array([0.02]), first_volatility=0.01, decay=0.9)[0] ** 2 == pytest.approx(0.00013)


def test_ewma_volatility_after_many_changes_is_the_weighted_sum_written_out():
    changes = np.array([0.01, -0.02, 0.03])
    variance = 0.94**3 * 0.02**2 + 0.06 * (0.94**2 * 0.01**2 + 0.94 * 0.02**2 + 0.03**2)
    assert ewma_volatility(changes, first_volatility=0.02)[-1] ** 2 == pytest.approx(variance)


@pytest.mark.parametrize(("decay", "first"), [(0.0, 0.01), (1.0, 0.01), (0.9, -0.01)])
def test_ewma_volatility_refuses_what_is_no_weight_or_no_volatility(decay, first):
    with pytest.raises(ValueError, match="decay must lie between 0 and 1"):
        ewma_volatility(np.array([0.01]), first_volatility=first, decay=decay)


def test_the_fit_recovers_drift_and_volatility_from_irregular_dates():
    days = np.cumsum(np.random.default_rng(3).integers(1, 15, size=600))
    model = RandomWalk.fit(market_of(simulated_prices(days, mu=0.3, sigma=0.5, seed=4), days))
    # Within 4 of the fit's own standard errors: a true model fails once in 16,000.
    assert abs(model.sigma - 0.5) < 4 * model.sigma_standard_error
    assert abs(model.mu - 0.3) < 4 * model.mu_standard_error
    assert model.sigma_standard_error == pytest.approx(0.5 / np.sqrt(2 * 598), rel=0.15)


def test_with_even_dates_sigma_is_the_annualised_standard_deviation_of_the_changes():
    prices = simulated_prices(7 * np.arange(40), mu=0.0, sigma=0.4, seed=5)
    changes = np.diff(np.log(prices))
    model = RandomWalk.fit(market_of(prices))
    assert model.sigma == pytest.approx(changes.std(ddof=1) * np.sqrt(365 / 7))
    assert model.mu == pytest.approx(changes.mean() * 365 / 7 + 0.5 * model.sigma**2)
    assert model.changes == 39


def test_fewer_than_eight_changes_are_refused_with_what_is_needed():
    with pytest.raises(ModelError, match=r"at least 8 price changes \(9 dates in the index\), found 7"):
        RandomWalk.fit(market_of(8 + np.arange(8)))


def test_a_price_that_never_moved_is_refused():
    with pytest.raises(ModelError, match="all 20 prices of the index are equal"):
        RandomWalk.fit(market_of(np.full(20, 8.0)))


def test_a_price_that_grows_without_spread_is_refused():
    with pytest.raises(ModelError, match="without any spread"):
        RandomWalk.fit(market_of(2.0 ** np.arange(12)))


def test_a_price_that_mostly_stands_still_is_called_an_average_of_jumps():
    still = np.repeat([8.0, 6.0, 7.0, 5.0], 5)
    told = RandomWalk.fit(market_of(still)).summary()
    assert "84% of the price changes are 0: sigma is an average of jumps" in told
    moving = RandomWalk.fit(market_of(simulated_prices(7 * np.arange(20), 0.0, 0.4, 6))).summary()
    assert "average of jumps" not in moving


def test_the_curve_is_flat_until_a_drift_is_set_and_the_fitted_drift_is_only_reported():
    model = RandomWalk.fit(market_of(simulated_prices(7 * np.arange(60), 2.0, 0.4, 7)))
    years = np.array([0.5, 1.0, 2.0])
    np.testing.assert_allclose(model.futures(years), model.price_per_mtok)
    np.testing.assert_allclose(model.with_drift(0.1).futures(years), model.price_per_mtok * np.exp(0.1 * years))
    assert "only reported: its standard error is" in model.summary()
    assert model.describe().parameters["mu"] == model.mu


def test_another_volatility_moves_sigma_alone_and_not_the_curve():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, drift=0.1)
    wider = model.with_volatility(1.5)
    years = np.array([0.5, 2.0])
    assert wider == dataclasses.replace(model, sigma=0.75)
    assert np.array_equal(wider.futures(years), model.futures(years))
    assert wider.log_covariance(years) == pytest.approx(2.25 * model.log_covariance(years))


def test_a_view_is_drawn_from_and_the_estimates_stay_in_sight():
    fitted = RandomWalk(8.0, 0.3, 0.5, 0.1, 0.1, 0.0, 50)
    own = fitted.with_view({"sigma": 0.9}).with_view({"mu": 0.1})
    years = np.array([1.0])
    assert own.log_covariance(years)[0, 0] == pytest.approx(0.81)
    assert own.futures(years)[0] == pytest.approx(8.0 * np.exp(0.1))
    assert own.with_drift(-0.5).futures(years)[0] == own.futures(years)[0]
    told = own.describe()
    assert (told.parameters, told.view) == ({"mu": 0.3, "sigma": 0.5}, {"mu": 0.1, "sigma": 0.9})
    assert "your view 0.9" in own.summary()


def test_a_view_of_what_the_model_has_not_or_out_of_range_is_refused_in_one_go():
    with pytest.raises(InputError) as refused:
        RandomWalk(8.0, 0.3, 0.5, 0.1, 0.1, 0.0, 50).with_view({"kappa": 1.0, "sigma": 0.0})
    assert [fault.column for fault in refused.value.faults] == ["kappa", "sigma"]


def test_the_docstring_curve_is_right():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, drift=0.1)
    assert model.futures(np.array([1.0]))[0] == pytest.approx(8.841, abs=5e-4)


def test_draws_have_the_closed_form_moments_and_the_curve_as_mean():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, drift=0.1)
    years, size = np.array([0.1, 0.5, 2.0]), 40_000
    draws = model.sample(np.random.default_rng(1), years, size)
    assert draws.shape == (size, 3)
    covariance = model.log_covariance(years)
    variance = np.diag(covariance)
    # Standard errors: sd / sqrt(n) of a mean; sqrt((v_i v_j + c_ij^2) / n) of a normal covariance.
    assert np.all(np.abs(draws.mean(axis=0) - model.log_mean(years)) < 4 * np.sqrt(variance / size))
    error = np.sqrt((np.outer(variance, variance) + covariance**2) / size)
    assert np.all(np.abs(np.cov(draws.T) - covariance) < 4 * error)
    levels = np.exp(draws)
    assert np.all(np.abs(levels.mean(axis=0) - model.futures(years)) < 4 * levels.std(axis=0) / np.sqrt(size))


def test_the_curve_is_the_lognormal_mean_of_the_moments():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, stale_years=0.1, drift=-0.2)
    years = np.array([0.25, 1.5])
    mean = np.exp(model.log_mean(years) + 0.5 * np.diag(model.log_covariance(years)))
    np.testing.assert_allclose(model.futures(years), mean)


def test_equal_generators_give_equal_draws():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50)
    years = np.array([0.5, 1.0])
    once, again = (model.sample(np.random.default_rng(9), years, 10) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_an_index_older_than_the_quotes_adds_the_spread_of_the_days_unseen():
    prices = simulated_prices(7 * np.arange(20), 0.0, 0.4, 8)
    day = START + np.timedelta64(19 * 7 + 73, "D")
    quotes = FuturesHistory("CNY", np.array([day]), np.array(["2025-12"], dtype="datetime64[M]"), np.array([[8.0]]))
    model = RandomWalk.fit(market_of(prices, futures=quotes))
    assert model.stale_years == pytest.approx(0.2)
    assert model.log_covariance(np.array([0.5]))[0, 0] == pytest.approx(model.sigma**2 * 0.7)


def test_a_random_walk_survives_a_pickle_and_keeps_the_contract_of_every_model():
    model = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, drift=0.1)
    assert pickle.loads(pickle.dumps(model)) == model
    assert isinstance(model, PriceModel)
