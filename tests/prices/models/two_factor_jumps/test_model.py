import dataclasses
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.market import FuturesHistory, TokenIndex
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.two_factor import TwoFactor
from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps
from hedgedesk.prices.models.two_factor_jumps.estimate import NAMES

YEARS = np.array([0.1, 0.5, 1.0, 2.0])
SIZE = 1_000_000


@pytest.fixture(scope="module")
def draws(factor_truth):
    return factor_truth.sample(np.random.default_rng(1), YEARS, SIZE)


@pytest.fixture(scope="module")
def fitted(panel_market, factor_truth):
    return TwoFactorJumps.fit(panel_market(factor_truth, weeks=208, seed=4))


def test_the_mean_of_a_million_draws_is_the_curve(factor_truth, draws):
    level = np.exp(draws)
    error = level.std(axis=0) / np.sqrt(SIZE)
    assert np.all(np.abs(level.mean(axis=0) - factor_truth.futures(YEARS)) < 4 * error)


def test_mean_and_autocovariance_of_the_log_price_are_the_closed_forms(factor_truth, draws):
    away = draws - factor_truth.log_mean(YEARS)
    assert np.all(np.abs(away.mean(axis=0)) < 4 * away.std(axis=0) / np.sqrt(SIZE))
    for i in range(YEARS.size):
        products = away * away[:, [i]]
        error = products.std(axis=0) / np.sqrt(SIZE)
        assert np.all(np.abs(products.mean(axis=0) - factor_truth.log_covariance(YEARS)[i]) < 4 * error)


def test_futures_seen_from_a_later_date_are_the_exact_conditional_mean(factor_truth):
    sampler = factor_truth.sampler(np.array([0.5, 0.75]), SIZE, np.dtype(np.float64))
    random = np.random.default_rng(5)
    seen, now, later = np.empty(SIZE), np.empty(SIZE), np.empty(SIZE)
    sampler.start(random, SIZE)
    sampler.step(0, random.standard_normal((2, SIZE)), now)
    sampler.log_futures(0.25, seen)
    sampler.step(1, random.standard_normal((2, SIZE)), later)
    today = factor_truth.futures(np.array([0.75]))[0]
    level = np.exp(seen)
    assert abs(level.mean() - today) < 4 * level.std() / np.sqrt(SIZE)
    ratio = np.exp(later - seen)
    for tenth in np.array_split(np.argsort(seen - now), 10):
        assert abs(ratio[tenth].mean() - 1.0) < 4 * ratio[tenth].std() / np.sqrt(tenth.size)


def test_without_jumps_it_is_the_two_factor_model(factor_truth):
    none = dataclasses.replace(factor_truth.jump_sizes, lambda_down=0.0, lambda_up=0.0)
    quiet = dataclasses.replace(factor_truth, jump_sizes=none)
    plain = TwoFactor(factor_truth.factors, factor_truth.state, factor_truth.state_covariance)
    np.testing.assert_allclose(quiet.futures(YEARS), plain.futures(YEARS), rtol=1e-12)
    np.testing.assert_allclose(quiet.log_covariance(YEARS), plain.log_covariance(YEARS), rtol=1e-12)


def test_the_direction_of_the_shocks_is_a_unit_vector_that_correlates_with_the_price(factor_truth):
    sampler = factor_truth.sampler(YEARS, 100_000, np.dtype(np.float64))
    np.testing.assert_allclose(np.linalg.norm(sampler.direction, axis=1), 1.0)
    none = dataclasses.replace(factor_truth.jump_sizes, lambda_down=0.0, lambda_up=0.0)
    quiet = dataclasses.replace(factor_truth, jump_sizes=none).sampler(YEARS, 100_000, np.dtype(np.float64))
    random, out = np.random.default_rng(3), np.empty(100_000)
    quiet.start(random, 100_000)
    normals = random.standard_normal((2, 100_000))
    shock = quiet.direction[0] @ normals
    quiet.step(0, normals, out)
    # On the first date the Gaussian shock is all that moves the price.
    assert np.corrcoef(shock, out)[0, 1] == pytest.approx(1.0, abs=1e-12)


def test_parameters_are_recovered_from_a_panel_that_the_model_has_made(fitted, factor_truth):
    told, truth = fitted.describe(), factor_truth.describe().parameters
    assert fitted.inputs == {}
    for name in NAMES:
        # 4 standard errors for each of 13: a right model fails once in 1,200.
        assert abs(told.parameters[name] - truth[name]) < 4 * told.standard_errors[name], name
    assert told.standard_errors["kappa"] < 0.05
    assert told.standard_errors["mu_xi_star"] < 0.01


def test_jumps_raise_the_likelihood_that_the_factors_alone_reach(fitted, panel_market, factor_truth):
    plain = TwoFactor.fit(panel_market(factor_truth, weeks=208, seed=4))
    assert fitted.log_likelihood > plain.log_likelihood + 20
    assert fitted.describe().aic < 2 * 13 - 2 * plain.log_likelihood
    assert len(fitted.jumps) >= 10


def test_the_fitted_curve_is_the_one_that_is_quoted(fitted, panel_market, factor_truth):
    curve = panel_market(factor_truth, weeks=208, seed=4).curve
    as_of = panel_market(factor_truth, weeks=208, seed=4).as_of
    from hedgedesk.domain.units import month_end, years_between

    years = years_between(as_of, np.array([month_end(month) for month in curve.delivery_months]))
    # Quotes carry noise of 0.5%.
    np.testing.assert_allclose(fitted.futures(years), curve.price_per_mtok, rtol=4 * 0.005)


def test_another_volatility_scales_every_deviation_but_not_what_is_unknown_of_the_state(factor_truth):
    wider = factor_truth.with_volatility(1.5)
    known = dataclasses.replace(factor_truth, state_covariance=np.zeros((2, 2)))
    unknown = factor_truth.log_covariance(YEARS) - known.log_covariance(YEARS)
    np.testing.assert_allclose(wider.log_covariance(YEARS), 2.25 * known.log_covariance(YEARS) + unknown)
    np.testing.assert_allclose(wider.log_mean(YEARS), factor_truth.log_mean(YEARS))


def test_a_model_of_futures_keeps_its_drift_and_one_of_the_index_takes_it(factor_truth):
    assert factor_truth.with_drift(0.2) is factor_truth
    index_only = dataclasses.replace(factor_truth, from_futures=False)
    grown = index_only.with_drift(0.2).futures(YEARS) / index_only.with_drift(0.0).futures(YEARS)
    np.testing.assert_allclose(grown, np.exp(0.2 * YEARS))


def test_a_view_stands_beside_the_estimate_and_is_what_is_drawn(factor_truth):
    own = factor_truth.with_view({"lambda_up": 0.0, "kappa": 1.0})
    assert own.describe().view == {"kappa": 1.0, "lambda_up": 0.0}
    assert own.describe().parameters["kappa"] == 1.5
    changed = dataclasses.replace(
        factor_truth,
        factors=dataclasses.replace(factor_truth.factors, kappa=1.0),
        jump_sizes=dataclasses.replace(factor_truth.jump_sizes, lambda_up=0.0),
    )
    np.testing.assert_allclose(own.futures(YEARS), changed.futures(YEARS))
    with pytest.raises(InputError, match="mu_xi"):
        factor_truth.with_view({"mu_xi": 0.1})


def test_redrawn_models_differ_and_keep_what_the_view_fixes(fitted):
    random = np.random.default_rng(1)
    own = fitted.with_view({"sigma_xi": 0.2})
    kappas = [own.redrawn(random).factors.kappa for _ in range(400)]
    # The standard deviation of 400 normals is known to 1 / sqrt(800) of itself.
    assert np.std(np.log(kappas)) == pytest.approx(
        fitted.describe().standard_errors["kappa"] / fitted.factors.kappa, rel=4 / np.sqrt(800)
    )
    assert own.redrawn(random).view == {"sigma_xi": 0.2}


def test_redrawn_curves_stay_where_the_quotes_hold_them(fitted):
    random = np.random.default_rng(2)
    drawn = np.array([fitted.redrawn(random).futures(YEARS[:3]) for _ in range(100)])
    # The quotes know the curve of the next year to about their own noise of 0.5%; lambda_chi alone, whose standard
    # error is above 0.1, would move the curve of a year by several percent.
    assert np.all(drawn.std(axis=0) < 0.01 * fitted.futures(YEARS[:3]))
    assert fitted.describe().standard_errors["lambda_chi"] > 0.1


def test_too_short_a_futures_history_is_refused_with_the_reason(quoted_market):
    two = np.repeat(quoted_market.futures.settlement_per_mtok, 2, axis=0)
    dates = quoted_market.futures.dates[-1] - np.array([7, 0])
    short = FuturesHistory("CNY", dates, quoted_market.futures.delivery_months, two)
    with pytest.raises(ModelError, match=r"TwoFactorJumps starts from the factors without jumps.*at least 52 dates"):
        TwoFactorJumps.fit(dataclasses.replace(quoted_market, futures=short))


def test_an_index_alone_that_is_short_or_stands_still_is_refused(small_market):
    index = small_market.index
    short = TokenIndex("short", "CNY", index.dates[-60:], index.price_per_mtok[-60:])
    with pytest.raises(ModelError, match="at least 104 prices of the index"):
        TwoFactorJumps.fit(dataclasses.replace(small_market, index=short))
    still = TokenIndex("still", "CNY", index.dates, np.repeat(index.price_per_mtok[:40], 4)[: index.dates.size])
    with pytest.raises(ModelError, match="use StepPrice"):
        TwoFactorJumps.fit(dataclasses.replace(small_market, index=still))


def test_the_index_alone_shows_factors_and_jumps_where_shocks_fade_fast(panel_market, factor_truth):
    fast = dataclasses.replace(factor_truth.factors, kappa=6.0, sigma_chi=0.35, sigma_xi=0.25, rho=0.0)
    truth = dataclasses.replace(factor_truth, factors=fast)
    model = TwoFactorJumps.fit(dataclasses.replace(panel_market(truth, weeks=600, seed=2), futures=None))
    told, expected = model.describe(), truth.describe().parameters
    assert not model.from_futures
    assert (told.parameters["rho"], told.parameters["lambda_chi"]) == (0.0, 0.0)
    for name in ("rho", "mu_xi_star", "lambda_chi"):
        assert np.isnan(told.standard_errors[name])
    for name in ("kappa", "sigma_chi", "sigma_xi", "lambda_down", "m_down", "lambda_up", "m_up"):
        assert abs(told.parameters[name] - expected[name]) < 4 * told.standard_errors[name], name
    assert "lambda_chi = 0" in " ".join(told.assumptions)


def test_an_index_for_which_one_factor_is_enough_is_sent_to_the_jump_diffusion(panel_market, factor_truth):
    market = dataclasses.replace(panel_market(factor_truth, weeks=400, seed=1), futures=None)
    with pytest.raises(ModelError, match=r"sigma_xi exceeds the estimate itself.*else use JumpDiffusion"):
        TwoFactorJumps.fit(market)


def test_it_keeps_the_contract_of_every_model_and_survives_a_pickle(fitted):
    assert isinstance(fitted, PriceModel)
    assert not fitted.gaussian
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.futures(YEARS), fitted.futures(YEARS))
    assert again.jumps == fitted.jumps
