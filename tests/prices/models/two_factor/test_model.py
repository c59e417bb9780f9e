import pickle
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError, NotConverged
from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex
from hedgedesk.domain.units import month_end, years_between
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters, search
from hedgedesk.prices.models.two_factor.formulas import decay, intercept, shock_covariance
from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith
from hedgedesk.prices.models.two_factor.panel import nearby_panel
from hedgedesk.prices.models.two_factor.search import maximise
from hedgedesk.prices.models.two_factor.spot import arma_roots, fit_spot, require_visible_speed

TRUE = TwoFactorParameters(
    kappa=1.6, sigma_chi=0.4, sigma_xi=0.2, rho=0.3, mu_xi=0.05, mu_xi_star=-0.03, lambda_chi=0.1
)
# A speed that weekly prices alone can show: shocks halve in 16 days.
FAST = TwoFactorParameters(kappa=16.0, sigma_chi=1.5, sigma_xi=0.3, rho=0.0, mu_xi=0.1, mu_xi_star=0.0, lambda_chi=0.0)
START = np.datetime64("2023-01-06")
WEEK = 7 / 365


def simulated_states(p, steps, seed):
    generator = np.random.default_rng(seed)
    states = np.empty((len(steps) + 1, 2))
    states[0] = generator.normal(0, p.sigma_chi / np.sqrt(2 * p.kappa)), np.log(8)
    for t, step in enumerate(steps):
        chi, both, xi = shock_covariance(p, step)
        shock = np.linalg.cholesky([[chi, both], [both, xi]]) @ generator.standard_normal(2)
        states[t + 1] = states[t] * [decay(p, step), 1.0] + [0.0, p.mu_xi * step] + shock
    return states


def simulated_quotes(p, states, maturities, sd, seed):
    exact = decay(p, maturities) * states[:, :1] + states[:, 1:] + intercept(p, maturities)
    return exact + sd * np.random.default_rng(seed).standard_normal(exact.shape)


@cache
def futures_market(dates=120, contracts=24, unseen_days=0):
    days = START + 7 * np.arange(dates).astype("timedelta64[D]")
    months = START.astype("datetime64[M]") + np.arange(contracts + dates // 4).astype("timedelta64[M]")
    ends = np.array([month_end(month) for month in months])
    maturities = np.array([years_between(day, ends) for day in days])
    states = simulated_states(TRUE, np.full(dates - 1, WEEK), seed=11)
    logs = simulated_quotes(TRUE, states, maturities, 0.005, seed=12)
    listed = (maturities >= 0) & (maturities < contracts / 12)
    history = FuturesHistory("CNY", days, months, np.where(listed, np.exp(logs), np.nan))
    newest = days[-1] + np.timedelta64(unseen_days, "D")
    index = TokenIndex("token", "CNY", np.array([days[0], newest]), np.array([8.0, 8.0]))
    return MarketSnapshot(index, ContractSpec("CNY", 50.0), history)


def index_market(log_prices, days=None):
    days = 7 * np.arange(len(log_prices)) if days is None else days
    index = TokenIndex("token", "CNY", START + np.asarray(days).astype("timedelta64[D]"), np.exp(log_prices))
    return MarketSnapshot(index, ContractSpec("CNY", 50.0))


@cache
def futures_model():
    return TwoFactor.fit(futures_market())


@cache
def fast_model():
    states = simulated_states(FAST, np.full(799, WEEK), seed=21)
    return TwoFactor.fit(index_market(states.sum(axis=1)))


def assert_within_four_errors(fit, true):
    # A correct fit strays beyond 4 of its standard errors once in 16,000 per parameter.
    for name in true.__dataclass_fields__:
        assert abs(fit.parameters[name] - getattr(true, name)) < 4 * fit.standard_errors[name], name


# the closed forms and the draws

MODEL = TwoFactor(
    parameters=TRUE,
    state=np.array([0.2, np.log(8)]),
    state_covariance=np.array([[0.02, -0.01], [-0.01, 0.03]]),
)


def test_a_view_is_drawn_from_and_the_estimates_stay_in_sight():
    own = MODEL.with_view({"kappa": 0.5, "sigma_xi": 0.6})
    assert own.parameters == replace(TRUE, kappa=0.5, sigma_xi=0.6)
    assert np.array_equal(own.state, MODEL.state)
    told = own.describe()
    assert told.view == {"kappa": 0.5, "sigma_xi": 0.6}
    assert told.parameters == MODEL.describe().parameters
    grown = replace(MODEL, from_futures=False).with_view({"mu_xi_star": 0.3})
    assert grown.with_drift(-1.0).parameters.mu_xi_star == 0.3


def test_a_view_of_what_moves_no_draw_or_is_out_of_range_is_refused_in_one_go():
    with pytest.raises(InputError) as refused:
        MODEL.with_view({"mu_xi": 0.1, "rho": 1.5})
    assert [fault.column for fault in refused.value.faults] == ["mu_xi", "rho"]


def test_draws_have_the_closed_form_moments_and_the_curve_as_mean():
    years, size = np.array([0.02, 0.3, 0.31, 2.0]), 40_000
    draws = MODEL.sample(np.random.default_rng(1), years, size)
    assert draws.shape == (size, 4)
    covariance = MODEL.log_covariance(years)
    variance = np.diag(covariance)
    # Standard errors: sd / sqrt(n) of a mean; sqrt((v_i v_j + c_ij^2) / n) of a normal covariance.
    assert np.all(np.abs(draws.mean(axis=0) - MODEL.log_mean(years)) < 4 * np.sqrt(variance / size))
    error = np.sqrt((np.outer(variance, variance) + covariance**2) / size)
    assert np.all(np.abs(np.cov(draws.T) - covariance) < 4 * error)
    levels = np.exp(draws)
    assert np.all(np.abs(levels.mean(axis=0) - MODEL.futures(years)) < 4 * levels.std(axis=0) / np.sqrt(size))


def test_the_curve_is_the_lognormal_mean_of_the_moments():
    years = np.array([0.0, 0.25, 1.5])
    mean = np.exp(MODEL.log_mean(years) + 0.5 * np.diag(MODEL.log_covariance(years)))
    np.testing.assert_allclose(MODEL.futures(years), mean)


def test_a_known_state_is_today_s_price():
    known = TwoFactor(parameters=TRUE, state=np.array([0.2, np.log(8)]))
    assert known.futures(np.array([0.0]))[0] == pytest.approx(8 * np.exp(0.2))
    assert known.log_covariance(np.array([0.0]))[0, 0] == 0.0


def test_the_covariance_of_two_dates_is_that_of_stepping_from_one_to_the_other():
    known = TwoFactor(parameters=TRUE, state=np.array([0.0, 0.0]))
    chi, both, xi = shock_covariance(TRUE, 0.5)
    left = decay(TRUE, 0.7)
    assert known.log_covariance(np.array([0.5, 1.2]))[0, 1] == pytest.approx(left * (chi + both) + both + xi)


def test_without_long_term_shocks_the_draws_still_exist():
    still = TwoFactorParameters(1.0, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0)
    draws = TwoFactor(parameters=still, state=np.zeros(2)).sample(np.random.default_rng(1), np.array([0.5]), 10)
    assert np.all(np.isfinite(draws))


def test_equal_generators_give_equal_draws():
    once, again = (MODEL.sample(np.random.default_rng(9), np.array([0.5, 1.0]), 10) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_a_model_survives_a_pickle_with_its_arrays_locked():
    copy = pickle.loads(pickle.dumps(MODEL))
    np.testing.assert_array_equal(copy.futures(np.array([1.0])), MODEL.futures(np.array([1.0])))
    assert copy.parameters == TRUE
    assert not copy.state.flags.writeable
    assert isinstance(copy, PriceModel)


def test_a_model_survives_being_written_as_plain_text():
    copy = from_plain(TwoFactor, to_plain(futures_model()))
    np.testing.assert_array_equal(copy.futures(np.array([1.0])), futures_model().futures(np.array([1.0])))
    assert copy.summary() == futures_model().summary()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"state": np.zeros(3)}, "the state is"),
        ({"state": np.array([np.nan, 0.0])}, "must be finite"),
        ({"parameters": TwoFactorParameters(0.0, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0)}, "kappa must be above 0"),
        ({"parameters": TwoFactorParameters(1.0, 0.3, 0.2, 1.5, 0.0, 0.0, 0.0)}, "rho within -1 and 1"),
    ],
)
def test_impossible_parameters_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        TwoFactor(**({"parameters": TRUE, "state": np.zeros(2)} | changed))


def test_importing_the_model_does_not_import_statsmodels():
    code = "import sys, hedgedesk.prices.models.two_factor; sys.exit(bool({'statsmodels', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# the panel fit


@cache
def panel(dates=260):
    maturities = np.array([1, 4, 8, 14, 20]) / 12
    states = simulated_states(TRUE, np.full(dates - 1, WEEK), seed=1)
    return simulated_quotes(TRUE, states, maturities, np.array([0.02, 0.006, 0.004, 0.004, 0.008]), seed=2), maturities


def test_the_panel_fit_recovers_the_parameters_behind_made_quotes():
    logs, maturities = panel()
    fit = TwoFactor.fit_panel(logs, maturities, WEEK)
    assert_within_four_errors(fit, TRUE)
    sd, error = fit.parameters["measurement_sd"], fit.standard_errors["measurement_sd"]
    assert np.all(np.abs(sd - [0.02, 0.006, 0.004, 0.004, 0.008]) < 4 * error)
    assert fit.states.shape == (260, 2)
    assert fit.observations == 260 * 5


def test_missing_quotes_are_passed_over():
    logs, maturities = panel()
    holes = logs.copy()
    holes[np.random.default_rng(3).random(logs.shape) < 0.3] = np.nan
    holes[100] = np.nan
    fit = TwoFactor.fit_panel(holes, np.where(np.isfinite(holes), maturities, np.nan), WEEK)
    assert_within_four_errors(fit, TRUE)
    assert fit.observations == np.isfinite(holes).sum()
    assert np.all(np.isfinite(fit.states))


def test_an_irregular_step_is_the_same_as_a_regular_one_with_a_missing_date():
    logs, maturities = panel(80)
    holes = logs.copy()
    holes[[20, 21, 50]] = np.nan
    kept = np.isfinite(holes).all(axis=1)
    steps = np.diff(np.arange(80)[kept]) * WEEK
    regular, irregular = (
        TwoFactor.fit_panel(holes, maturities, WEEK),
        TwoFactor.fit_panel(holes[kept], maturities, steps),
    )
    assert irregular.log_likelihood == pytest.approx(regular.log_likelihood, abs=1e-3)
    assert irregular.parameters["kappa"] == pytest.approx(regular.parameters["kappa"], rel=1e-3)


def test_dates_with_a_single_quote_are_enough_here_and_there():
    logs, maturities = panel()
    sparse = logs.copy()
    sparse[::3, 1:] = np.nan
    assert_within_four_errors(TwoFactor.fit_panel(sparse, maturities, WEEK), TRUE)


def test_no_more_than_one_quote_a_date_does_not_converge():
    logs, maturities = panel(60)
    sparse = np.where((np.arange(60)[:, None] + 2) % 5 == np.arange(5), logs, np.nan)
    sparse[:, 2:] += np.linspace(0, 1, 60)[:, None]
    with pytest.raises(NotConverged, match="longer history"):
        TwoFactor.fit_panel(sparse, maturities, WEEK)


def test_factors_moved_by_one_shock_do_not_converge():
    one_shock = replace(TRUE, rho=1 - 1e-9)
    states = simulated_states(one_shock, np.full(199, WEEK), seed=1)
    logs = simulated_quotes(one_shock, states, panel()[1], 0.005, seed=2)
    with pytest.raises(NotConverged, match=r"one shock moves both factors|more maturities"):
        TwoFactor.fit_panel(logs, panel()[1], WEEK)


@pytest.mark.parametrize("kappa", [1e-300, 1e-20, 1e300])
def test_a_hopeless_start_ends_in_a_refusal_and_not_in_a_number(kappa):
    logs, maturities = panel(60)
    start = np.array([kappa, 0.3, 0.2, 0.3, 0.0, 0.0, 0.0, *np.full(5, 0.01)])
    with pytest.raises(NotConverged, match="TwoFactor is not identified"):
        maximise(SchwartzSmith(logs, maturities, WEEK), [start], np.ones(12, dtype=bool))


def test_a_search_that_was_stopped_too_early_is_refused(monkeypatch):
    monkeypatch.setattr(search, "GRADIENT_TOLERANCE", 1e-1)
    logs, maturities = panel()
    with pytest.raises(NotConverged, match="too early"):
        TwoFactor.fit_panel(logs, maturities, WEEK)


def test_a_panel_of_two_fixed_maturities_does_not_identify_the_premia():
    logs, maturities = panel()
    with pytest.raises(NotConverged, match="more maturities"):
        TwoFactor.fit_panel(logs[:, [0, 3]], maturities[[0, 3]], WEEK)


def test_quotes_of_one_factor_alone_do_not_converge():
    walk = np.cumsum(0.03 * np.random.default_rng(5).standard_normal(120))
    logs = walk[:, None] + 0.01 * np.random.default_rng(6).standard_normal((120, 4))
    with pytest.raises(NotConverged, match="TwoFactor"):
        TwoFactor.fit_panel(logs, np.array([1, 4, 8, 14]) / 12, WEEK)


@pytest.mark.parametrize(
    ("logs", "maturities", "step", "message"),
    [
        (np.zeros(5), np.ones(1), WEEK, "at least 3 x 2"),
        (np.zeros((5, 2)), np.ones(3), WEEK, "do not fit"),
        (np.full((5, 2), np.nan), np.ones(2), WEEK, "at least one quote"),
        (np.zeros((5, 2)), np.array([-0.1, 1.0]), WEEK, "at least 0"),
        (np.zeros((5, 2)), np.array([0.1, 1.0]), np.full(3, WEEK), "one number or 4"),
        (np.zeros((5, 2)), np.array([0.1, 1.0]), -WEEK, "above 0"),
    ],
)
def test_a_panel_whose_shapes_do_not_fit_is_refused(logs, maturities, step, message):
    with pytest.raises(ValueError, match=message):
        TwoFactor.fit_panel(logs, maturities, step)


# from a futures history


def test_quotes_are_ranked_by_nearness_and_spread_over_six_columns():
    panel_ = nearby_panel(futures_market().futures)
    assert panel_.ranks[0] == 1
    assert len(panel_.ranks) == 6
    assert panel_.ranks[-1] >= 23
    nearest = panel_.maturities_years[:, 0]
    assert nearest.min() >= 7 / 365
    assert nearest.max() < 40 / 365
    assert panel_.steps_years == pytest.approx(WEEK)
    assert np.all(np.diff(panel_.maturities_years, axis=1)[np.isfinite(panel_.maturities_years[:, 1:])] > 0)


def test_a_missing_date_lengthens_the_step_instead_of_making_one_up():
    history = futures_market().futures
    kept = np.arange(120) != 40
    shorter = FuturesHistory("CNY", history.dates[kept], history.delivery_months, history.settlement_per_mtok[kept])
    steps = nearby_panel(shorter).steps_years
    assert steps.shape == (118,)
    assert steps[39] == pytest.approx(2 * WEEK)


def test_a_date_without_usable_quotes_is_left_out():
    history = futures_market().futures
    settlements = history.settlement_per_mtok.copy()
    settlements[40] = np.nan
    emptied = FuturesHistory("CNY", history.dates, history.delivery_months, settlements)
    assert nearby_panel(emptied).dates.size == 119


def test_the_fit_to_a_futures_history_recovers_the_parameters_and_the_newest_curve():
    market, model = futures_market(), futures_model()
    described = model.describe()
    for name in TRUE.__dataclass_fields__:
        assert abs(described.parameters[name] - getattr(TRUE, name)) < 4 * described.standard_errors[name], name
    assert list(described.parameters)[7:] == [f"measurement_sd_{k}" for k in range(1, 7)]
    curve = market.curve
    years = years_between(market.as_of, np.array([month_end(month) for month in curve.delivery_months]))
    far = years > 7 / 365
    # Quotes carry an error of 0.005 each; 4 of them bound the worst contract.
    assert np.abs(np.log(model.futures(years[far]) / curve.price_per_mtok[far])).max() < 0.02
    assert "120 dates of futures" in model.summary()


def test_the_search_tells_its_progress_and_finds_the_same():
    told = []
    model = TwoFactor.fit(futures_market(), tick=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(set(told)) > 10
    assert model.parameters == futures_model().parameters


def test_a_model_fitted_to_futures_ignores_a_drift():
    assert futures_model().with_drift(0.5) is futures_model()


def test_another_volatility_moves_both_sigmas_and_nothing_else():
    model = futures_model()
    wider = model.with_volatility(2.0)
    p = model.parameters
    assert wider.parameters == replace(p, sigma_chi=2.0 * p.sigma_chi, sigma_xi=2.0 * p.sigma_xi)
    assert np.array_equal(wider.state, model.state)
    known = replace(model, state_covariance=np.zeros((2, 2)))
    years = np.array([0.5, 2.0])
    assert known.with_volatility(2.0).log_covariance(years) == pytest.approx(4.0 * known.log_covariance(years))


def test_an_index_newer_than_the_quotes_carries_the_state_forward():
    fresh, stale = futures_model(), TwoFactor.fit(futures_market(unseen_days=73))
    p = fresh.parameters
    np.testing.assert_allclose(stale.state, fresh.state * [decay(p, 0.2), 1.0] + [0.0, 0.2 * p.mu_xi], rtol=1e-6)
    assert stale.state_covariance[1, 1] == pytest.approx(fresh.state_covariance[1, 1] + 0.2 * p.sigma_xi**2, rel=1e-6)


def test_a_short_futures_history_is_refused_with_what_is_needed():
    with pytest.raises(ModelError, match=r"at least 52 dates with 2 or more maturities each.*found 30 dates"):
        TwoFactor.fit(futures_market(30))


def test_a_history_of_one_contract_is_refused_with_what_is_needed():
    with pytest.raises(ModelError, match=r"found \d+ dates with 1.0 on average"):
        TwoFactor.fit(futures_market(60, contracts=1))


def test_a_history_that_does_not_identify_two_factors_names_the_random_walk():
    history = futures_market().futures
    levels = np.exp(np.cumsum(0.03 * np.random.default_rng(5).standard_normal(120)))
    noise = np.exp(0.01 * np.random.default_rng(6).standard_normal(history.settlement_per_mtok.shape))
    flat = np.where(np.isfinite(history.settlement_per_mtok), levels[:, None] * noise, np.nan)
    market = futures_market()
    quotes = FuturesHistory("CNY", history.dates, history.delivery_months, flat)
    with pytest.raises(NotConverged, match="RandomWalk"):
        TwoFactor.fit(MarketSnapshot(market.index, market.contract, quotes))


# from the index alone


def test_a_long_index_recovers_the_speed_and_both_volatilities():
    model = fast_model()
    errors = model.standard_errors
    # Within 4 standard errors: a correct fit strays beyond once in 16,000 per parameter.
    for name in ("kappa", "sigma_chi", "sigma_xi", "mu_xi"):
        assert abs(getattr(model.parameters, name) - getattr(FAST, name)) < 4 * errors[name], name
    assert all(np.isnan(errors[name]) for name in ("rho", "mu_xi_star", "lambda_chi"))
    assert (model.parameters.rho, model.parameters.lambda_chi) == (0.0, 0.0)
    assert not model.from_futures


def test_the_state_fitted_to_the_index_adds_up_to_its_newest_price():
    model = fast_model()
    newest = simulated_states(FAST, np.full(799, WEEK), seed=21)[-1].sum()
    assert model.state.sum() == pytest.approx(newest, abs=1e-5)
    assert model.futures(np.array([0.0]))[0] == pytest.approx(np.exp(newest), rel=1e-4)
    assert model.state_covariance[0, 0] > 0


def test_irregular_dates_of_the_index_are_taken_as_they_are():
    days = np.cumsum(np.random.default_rng(7).integers(3, 12, size=800))
    states = simulated_states(FAST, np.diff(days) / 365, seed=22)
    model = TwoFactor.fit(index_market(states.sum(axis=1), days))
    assert abs(model.parameters.kappa - FAST.kappa) < 4 * model.standard_errors["kappa"]


def test_the_long_end_of_an_index_fit_grows_by_the_drift_that_is_set():
    model = fast_model()
    for drift in (0.0, 0.1):
        near, far = model.with_drift(drift).futures(np.array([5.0, 6.0]))
        assert far / near == pytest.approx(np.exp(drift), rel=1e-9)
    assert "only reported: its standard error is" in " ".join(model.summary().split())
    assert "grow by +10.00% a year" in model.with_drift(0.1).summary()


def test_one_day_of_quotes_is_no_history_so_the_index_is_fitted():
    market = index_market(simulated_states(FAST, np.full(799, WEEK), seed=21).sum(axis=1))
    months = np.array(["2039-01", "2039-03"], dtype="datetime64[M]")
    quotes = FuturesHistory("CNY", market.index.dates[-1:], months, np.array([[8.0, 8.1]]))
    assert not TwoFactor.fit(MarketSnapshot(market.index, market.contract, quotes)).from_futures


def test_a_short_index_is_refused_with_what_is_needed():
    with pytest.raises(ModelError, match="at least 52 prices of the index, found 16; use RandomWalk"):
        TwoFactor.fit(index_market(np.log(8) + 0.1 * np.random.default_rng(1).standard_normal(16)))


def test_an_index_that_never_moved_is_refused():
    with pytest.raises(ModelError, match="all 60 prices of the index are equal; it needs"):
        TwoFactor.fit(index_market(np.full(60, np.log(8))))


def test_changes_that_reinforce_one_another_are_refused_naming_the_random_walk():
    trending = np.cumsum(np.cumsum(0.01 * np.random.default_rng(2).standard_normal(100)))
    with pytest.raises(ModelError, match=r"pull against each other.*use RandomWalk"):
        TwoFactor.fit(index_market(trending))


def test_noise_that_is_gone_before_the_next_price_is_refused_as_too_fast():
    generator = np.random.default_rng(3)
    logs = np.cumsum(0.02 * generator.standard_normal(400)) + 0.05 * generator.standard_normal(400)
    with pytest.raises(ModelError, match="use RandomWalk"):
        TwoFactor.fit(index_market(logs))


@pytest.mark.parametrize(
    ("kappa", "message"),
    [
        (200.0, "shocks halve in 1.3 days and the index has a price every 7.0 days"),
        (0.2, "shocks halve in 3.5 years and the index spans 1.9"),
    ],
)
def test_a_speed_that_the_dates_cannot_show_is_refused(kappa, message):
    with pytest.raises(ModelError, match=message):
        require_visible_speed(TwoFactorParameters(kappa, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0), np.full(100, WEEK))


def test_factors_that_a_random_walk_fits_as_well_are_refused():
    faint = replace(FAST, sigma_chi=0.5)
    states = simulated_states(faint, np.full(149, WEEK), seed=0)
    with pytest.raises(ModelError, match=r"root 0.929 of its changes are too near.*use RandomWalk"):
        TwoFactor.fit(index_market(states.sum(axis=1)))


@pytest.mark.parametrize("seed", range(6))
def test_a_random_walk_is_never_taken_for_two_factors(seed):
    walk = np.cumsum(0.03 * np.random.default_rng(100 + seed).standard_normal(150))
    with pytest.raises(ModelError, match="use RandomWalk"):
        TwoFactor.fit(index_market(walk))


def test_the_roots_of_the_changes_cancel_when_the_short_term_part_vanishes():
    vanishing = TwoFactorParameters(16.0, 1e-6, 0.3, 0.0, 0.0, 0.0, 0.0)
    ar, ma = arma_roots(vanishing, WEEK)
    assert ar == pytest.approx(ma, abs=1e-6)
    ar, ma = arma_roots(FAST, WEEK)
    assert ma > ar


def test_the_fit_of_the_index_leaves_what_it_cannot_see_as_inputs():
    market = index_market(simulated_states(FAST, np.full(799, WEEK), seed=21).sum(axis=1))
    fit = fit_spot(market.index)
    assert fit.parameters["mu_xi_star"] == pytest.approx(-0.5 * fit.parameters["sigma_xi"] ** 2)
    assert np.isnan(fit.standard_errors["mu_xi_star"])
