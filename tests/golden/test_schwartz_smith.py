"""Schwartz and Smith (2000), Management Science 46(7):893-911, on weekly crude oil futures of 1990 to 1995.

The panel is the published one but for nine weeks (268 dates, not 259). The reference numbers are the parameters of the
paper's table and likelihoods recomputed with statsmodels 0.15 on this panel (dt = 5/265 years).
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.models.two_factor.formulas import decay, intercept, log_variance
from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

PANEL = Path(__file__).resolve().parents[2] / ".." / "shared/data/futures/schwartz_smith_wti_weekly_stitched.csv"
MATURITIES = np.array([1, 5, 9, 13, 17]) / 12
DT = 5 / 265
PUBLISHED = TwoFactorParameters(
    kappa=1.49, sigma_chi=0.286, sigma_xi=0.145, rho=0.3, mu_xi=-0.0125, mu_xi_star=0.0115, lambda_chi=0.157
)
# The fourth error is printed as 0 and put at the floor.
VECTOR = np.array([1.49, 0.286, 0.145, 0.3, -0.0125, 0.0115, 0.157, 0.042, 0.006, 0.003, 1e-6, 0.004])

needs_panel = pytest.mark.skipif(not PANEL.exists(), reason="the WTI panel of ../shared/data is not here")


@cache
def log_panel():
    return np.log(np.loadtxt(PANEL, delimiter=",", skiprows=1, usecols=range(2, 7)))


@cache
def fitted():
    return TwoFactor.fit_panel(log_panel(), MATURITIES, DT)


def test_the_intercept_at_one_year():
    assert intercept(PUBLISHED, 1.0) == pytest.approx(-0.040114, abs=5e-7)


def test_the_share_of_a_shock_left_after_one_year_and_its_half_life():
    assert decay(PUBLISHED, 1.0) == pytest.approx(0.225373, abs=5e-7)
    assert 12 * PUBLISHED.half_life_years == pytest.approx(5.58, abs=5e-3)


def test_the_standard_deviation_of_the_log_price_in_one_year():
    assert np.sqrt(log_variance(PUBLISHED, 1.0)) == pytest.approx(0.24498, abs=5e-6)


def test_the_one_year_futures_price():
    model = TwoFactor(parameters=PUBLISHED, state=np.array([0.1, np.log(20)]))
    assert model.futures(np.array([1.0]))[0] == pytest.approx(19.6515, abs=5e-5)


@needs_panel
def test_the_likelihood_at_the_published_parameters_with_a_known_start():
    # statsmodels' known start is the predicted first state: T m + c and T C T' + Q of the paper's m, C.
    model = SchwartzSmith(log_panel(), MATURITIES, DT)
    model.update(VECTOR)
    transition, shocks = model["transition"], model["state_cov"]
    mean = transition @ [0.0, log_panel()[0].mean()] + model["state_intercept"]
    model.initialize_known(mean, transition @ (10 * np.eye(2)) @ transition.T + shocks)
    assert model.loglike(VECTOR) == pytest.approx(4020.93, abs=5e-3)


@needs_panel
def test_the_likelihood_at_the_published_parameters_with_a_stationary_and_a_diffuse_start():
    assert SchwartzSmith(log_panel(), MATURITIES, DT).loglike(VECTOR) == pytest.approx(4024.75, abs=5e-3)


@needs_panel
def test_the_maximum_of_the_likelihood():
    assert fitted().log_likelihood == pytest.approx(4033.83, abs=5e-3)


@needs_panel
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kappa", 1.501),
        ("sigma_chi", 0.322),
        ("sigma_xi", 0.163),
        ("rho", 0.431),
        ("mu_xi_star", 0.009),
        ("lambda_chi", 0.173),
    ],
)
def test_the_fitted_parameters(name, value):
    assert abs(fitted().parameters[name] - value) < 0.1 * fitted().standard_errors[name]


@needs_panel
@pytest.mark.parametrize("name", list(PUBLISHED.__dataclass_fields__))
def test_each_published_parameter_lies_within_three_standard_errors_of_the_fit(name):
    distance = abs(fitted().parameters[name] - getattr(PUBLISHED, name))
    assert distance < 3 * fitted().standard_errors[name]


@needs_panel
def test_the_standard_error_of_kappa_is_that_of_the_likelihood_profile():
    # Profiled once by climbing in the other parameters at kappa ± 0.04: log-likelihood -0.459 and -0.484, which a
    # parabola turns into 0.0412 (0.04 / sqrt(2 * 0.4717)).
    assert fitted().standard_errors["kappa"] == pytest.approx(0.0412, rel=0.01)


@needs_panel
def test_one_contract_is_matched_exactly_as_in_the_paper():
    sd = fitted().parameters["measurement_sd"]
    np.testing.assert_allclose(sd, [0.0432, 0.0056, 0.0033, 1e-6, 0.0039], atol=5e-5)
    assert np.isnan(fitted().standard_errors["measurement_sd"]).tolist() == [False, False, False, True, False]
