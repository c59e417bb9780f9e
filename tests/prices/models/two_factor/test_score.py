import numpy as np
import pytest
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.models.two_factor.formulas import decay, intercept, shock_covariance
from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith
from hedgedesk.prices.models.two_factor.search import fit_panel

TRUE = TwoFactorParameters(
    kappa=1.6, sigma_chi=0.4, sigma_xi=0.2, rho=0.3, mu_xi=0.05, mu_xi_star=-0.03, lambda_chi=0.1
)
MATURITIES = np.array([1, 4, 8, 14, 20]) / 12
ERRORS = np.array([0.02, 0.006, 0.004, 0.003, 0.008])
WEEK = 7 / 365


def panel(dates=90, seed=1, errors=ERRORS):
    random = np.random.default_rng(seed)
    chi, both, xi = shock_covariance(TRUE, WEEK)
    root = np.linalg.cholesky([[chi, both], [both, xi]])
    states = np.array([[0.1, np.log(8)]])
    for _ in range(dates - 1):
        moved = states[-1] * [decay(TRUE, WEEK), 1.0] + [0.0, TRUE.mu_xi * WEEK]
        states = np.vstack([states, moved + root @ random.standard_normal(2)])
    exact = decay(TRUE, MATURITIES) * states[:, :1] + states[:, 1:] + intercept(TRUE, MATURITIES)
    return exact + errors * random.standard_normal(exact.shape)


def with_holes():
    holes = panel()
    holes[np.random.default_rng(2).random(holes.shape) < 0.3] = np.nan
    holes[40] = np.nan
    return SchwartzSmith(holes, MATURITIES, WEEK)


def with_a_late_beginning():
    late = panel()
    late[:3] = np.nan
    late[3, 1:] = np.nan
    return SchwartzSmith(late, MATURITIES, WEEK)


def with_running_maturities_and_uneven_steps():
    random = np.random.default_rng(3)
    running = MATURITIES - 0.05 * random.random((90, 5))
    return SchwartzSmith(panel(), running, WEEK * random.uniform(0.5, 2.0, 89))


def of_one_series():
    return SchwartzSmith(panel()[:, :1], np.zeros(1), WEEK)


def numerical(model, point):
    """By a complex step through statsmodels' own filter; its Lyapunov solver leaves about seven digits."""
    gradient = np.empty(point.size)
    for k in range(point.size):
        trial = point.astype(complex)
        trial[k] += 1e-8j
        gradient[k] = model.loglike(model.transform_params(trial), complex_step=True).imag / 1e-8
    return gradient


@pytest.mark.parametrize(
    "made",
    [
        lambda: SchwartzSmith(panel(), MATURITIES, WEEK),
        with_holes,
        with_a_late_beginning,
        with_running_maturities_and_uneven_steps,
        of_one_series,
    ],
    ids=["full", "holes", "late beginning", "running maturities", "one series"],
)
@pytest.mark.parametrize("factor", [1.0, 1.3])
def test_the_score_is_the_slope_of_statsmodels_own_likelihood(made, factor):
    model = made()
    values = np.array([getattr(TRUE, name) for name in TRUE.__dataclass_fields__])
    point = model.untransform_params(factor * np.append(values, ERRORS[: model.k_endog]))
    free = np.ones(point.size, dtype=bool)
    value, gradient = model.value_and_gradient_at(point, free)
    slope = numerical(model, point)
    np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-5 * np.abs(slope).max())
    assert value == pytest.approx(model.loglike(model.transform_params(point)), rel=1e-12)
    assert np.array_equal(model.value_and_gradient_at(point, np.arange(point.size) == 1)[1], gradient[1:2])


def test_a_point_without_a_likelihood_turns_a_search_back_instead_of_stopping_it():
    model = SchwartzSmith(panel(), MATURITIES, WEEK)
    point = np.full(12, 400.0)  # exp(400): every variance overflows
    value, gradient = model.value_and_gradient_at(point, np.ones(12, dtype=bool))
    assert value == -1e12
    assert np.all(np.isfinite(gradient))


def test_a_contract_without_measurement_error_is_found_and_held_at_the_floor():
    exact = panel(160, errors=np.array([0.02, 0.006, 0.0, 0.003, 0.008]))
    fit = fit_panel(exact, MATURITIES, WEEK)
    assert fit.parameters["measurement_sd"][2] == pytest.approx(1e-6, rel=1e-9)
    assert np.isnan(fit.standard_errors["measurement_sd"]).tolist() == [False, False, True, False, False]


def plain_likelihood(logs, maturities, step, p, sd):
    """By statsmodels' default multivariate filter on the model's matrices, written out here."""
    plain = KalmanFilter(k_endog=maturities.size, k_states=2, k_posdef=2)
    plain.bind(np.ascontiguousarray(logs))
    e, b = np.exp(-p.kappa * step), np.exp(-p.kappa * maturities)
    plain["design"] = np.column_stack([b, np.ones(b.size)])
    plain["transition"], plain["selection"] = np.diag([e, 1.0]), np.eye(2)
    plain["state_intercept"] = np.array([0.0, p.mu_xi * step])[:, None]
    cross = p.rho * p.sigma_chi * p.sigma_xi
    shock = cross * (1 - e) / p.kappa
    short = p.sigma_chi**2 * (1 - e**2) / (2 * p.kappa)
    plain["state_cov"] = np.array([[short, shock], [shock, p.sigma_xi**2 * step]])
    spread = p.sigma_chi**2 * (1 - b**2) / (2 * p.kappa) + p.sigma_xi**2 * maturities + 2 * cross * (1 - b) / p.kappa
    shift = p.mu_xi_star * maturities - (1 - b) * p.lambda_chi / p.kappa + 0.5 * spread
    plain["obs_intercept"], plain["obs_cov"] = shift[:, None], np.diag(sd**2)
    # chi stationary; xi diffuse: the likelihood of a diffuse first state is that of a very wide one, less its width.
    wide = 1e6
    plain.initialize_known(np.zeros(2), np.diag([p.sigma_chi**2 / (2 * p.kappa), wide]))
    return plain.loglike() + 0.5 * np.log(wide)


def test_the_fit_has_the_likelihood_of_statsmodels_plain_filter():
    fit = TwoFactor.fit_panel(panel(150), MATURITIES, WEEK)
    plain = plain_likelihood(panel(150), MATURITIES, WEEK, fit.model_parameters, fit.parameters["measurement_sd"])
    assert fit.log_likelihood == pytest.approx(plain, rel=1e-6)


def test_the_fit_of_real_crude_oil_has_the_likelihood_of_statsmodels_plain_filter(reference_data):
    file = reference_data / "futures/schwartz_smith_wti_weekly_stitched.csv"
    logs = np.log(np.loadtxt(file, delimiter=",", skiprows=1, usecols=range(2, 7)))
    maturities = np.array([1, 5, 9, 13, 17]) / 12
    fit = TwoFactor.fit_panel(logs, maturities, 5 / 265)
    plain = plain_likelihood(logs, maturities, 5 / 265, fit.model_parameters, fit.parameters["measurement_sd"])
    assert fit.log_likelihood == pytest.approx(plain, rel=1e-6)
