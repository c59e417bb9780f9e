"""The two-factor model as a statsmodels state-space model; importing it imports statsmodels, so fits do it late."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.statespace.initialization import Initialization
from statsmodels.tsa.statespace.kalman_smoother import (
    SMOOTHER_DISTURBANCE,
    SMOOTHER_DISTURBANCE_COV,
    SMOOTHER_STATE,
    SMOOTHER_STATE_COV,
)
from statsmodels.tsa.statespace.mlemodel import MLEModel

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters, decay, intercept, shock_covariance
from hedgedesk.prices.models.two_factor.score import score

FLOOR = 1e-6
"""Least measurement standard deviation, in log price."""
AT_FLOOR = -700.0
"""Search-space value of a measurement standard deviation at its floor: exp(-700) adds nothing to it."""
HOPELESS = -1e12
"""Log-likelihood given to a point that has none, so that a line search turns back."""
COMPLEX_STEP = 1e-20
"""Of the transforms, which are analytic: no difference is taken, so nothing cancels."""
MODEL_PARAMETERS = ("kappa", "sigma_chi", "sigma_xi", "rho", "mu_xi", "mu_xi_star", "lambda_chi")
_FOR_SCORE = SMOOTHER_STATE | SMOOTHER_STATE_COV | SMOOTHER_DISTURBANCE | SMOOTHER_DISTURBANCE_COV
_POSITIVE = [0, 1, 2]
_RHO = 3
_SD = slice(len(MODEL_PARAMETERS), None)


class SchwartzSmith(MLEModel):  # type: ignore[misc]
    """Likelihood of a panel of log futures prices under Schwartz and Smith (2000).

    chi starts stationary, xi exactly diffuse. The filter takes one quote after the other, so that a missing quote
    is passed over and no matrix is inverted.

    Parameters
    ----------
    log_futures
        (T, K), NaN where not quoted.
    maturities_years
        (K,), or (T, K) when they run down between rolls.
    dt_years
        Step between dates, or (T - 1,) steps where dates are irregular.
    """

    def __init__(self, log_futures: Floats, maturities_years: Floats, dt_years: float | Floats) -> None:
        super().__init__(log_futures, k_states=2, k_posdef=2)
        self.maturities = np.asarray(maturities_years, dtype=np.float64).T
        self.steps = _steps(dt_years, len(log_futures))
        self._years = self.maturities if self.maturities.ndim == 2 else self.maturities[:, None]
        self._quoted = np.isfinite(self.endog.T)
        self.ssm.filter_univariate = True
        self["selection"] = np.eye(2)
        start = Initialization(2)
        start.set(0, "stationary")
        start.set(1, "diffuse")
        self.ssm.initialize(start)

    @property
    def param_names(self) -> list[str]:
        """The seven model parameters, then the measurement standard deviations."""
        return [*MODEL_PARAMETERS, *(f"measurement_sd_{k + 1}" for k in range(self.k_endog))]

    def transform_params(self, unconstrained: Any) -> Any:
        """Search space to parameters: exp for what is positive, tanh for rho, floor + exp for measurement."""
        natural = np.array(unconstrained)
        natural[_POSITIVE] = np.exp(natural[_POSITIVE])
        natural[_RHO] = np.tanh(natural[_RHO])
        natural[_SD] = FLOOR + np.exp(natural[_SD])
        return natural

    def untransform_params(self, constrained: Any) -> Any:
        """Parameters to search space; a measurement at its floor goes to a large negative number."""
        free = np.array(constrained, dtype=np.float64)
        free[_POSITIVE] = np.log(free[_POSITIVE])
        free[_RHO] = np.arctanh(free[_RHO])
        free[_SD] = np.log(np.maximum(free[_SD] - FLOOR, np.exp(AT_FLOOR)))
        return free

    def update(self, params: Any, **options: Any) -> None:
        """Write the system matrices of methods table 4.2 for ``params``, real or complex."""
        params = super().update(params, **options)
        p = TwoFactorParameters(*params[: len(MODEL_PARAMETERS)])
        self._write_observation(p, params[_SD])
        self._write_transition(p)

    def log_likelihood_at(self, point: Floats) -> float:
        """Log-likelihood at a search-space point; hopelessly low where it is no number."""
        with np.errstate(all="ignore"):
            value = float(self.loglike(self.transform_params(point)))
        return value if np.isfinite(value) else HOPELESS

    def value_and_gradient_at(self, point: Floats, free: NDArray[np.bool_]) -> tuple[float, Floats]:
        """Log-likelihood and its exact gradient in the ``free`` search-space parameters, from one smoother pass."""
        with np.errstate(all="ignore"):
            natural = self.transform_params(point)
            self.update(natural)
            smoothed = self.ssm.smooth(smoother_output=_FOR_SCORE, update_representation=False)
            p = TwoFactorParameters(*natural[: len(MODEL_PARAMETERS)])
            by_parameter = score(p, natural[_SD], self._years, self.steps, self._quoted, smoothed)
            gradient = (by_parameter * self.slope_at(point))[free]
        value = float(smoothed.llf)
        if not (np.isfinite(value) and np.all(np.isfinite(gradient))):
            return HOPELESS, np.zeros(gradient.size)
        return value, gradient

    def gradient_at(self, point: Floats, free: NDArray[np.bool_]) -> Floats:
        """Gradient in the ``free`` search-space parameters."""
        return self.value_and_gradient_at(point, free)[1]

    def slope_at(self, point: Floats) -> Floats:
        """Derivative of each parameter by its own search-space coordinate; no transform mixes two of them."""
        return np.asarray(self.transform_params(point + 1j * COMPLEX_STEP).imag / COMPLEX_STEP)

    def _write_observation(self, p: TwoFactorParameters, sd: Any) -> None:
        loadings = decay(p, self.maturities)
        design = np.ones((self.k_endog, 2, *loadings.shape[1:]), loadings.dtype)
        design[:, 0] = loadings
        shift = intercept(p, self.maturities)
        self["design"] = design
        self["obs_intercept"] = shift if shift.ndim == 2 else shift[:, None]
        self["obs_cov"] = np.diag(sd**2)

    def _write_transition(self, p: TwoFactorParameters) -> None:
        chi, both, xi = shock_covariance(p, self.steps)
        covariance = np.array([[chi, both], [both, xi]])
        transition = np.zeros_like(covariance)
        transition[0, 0] = decay(p, self.steps)
        transition[1, 1] = 1.0
        drift = np.zeros((2, self.steps.size), covariance.dtype)
        drift[1] = p.mu_xi * self.steps
        self["transition"], self["state_cov"], self["state_intercept"] = transition, covariance, drift


def _steps(dt_years: float | Floats, count: int) -> Floats:
    """(1,) where every step is equal, else (T,): statsmodels wants one for the step past the last date too."""
    steps = np.atleast_1d(np.asarray(dt_years, dtype=np.float64))
    if np.any(steps <= 0) or steps.size not in (1, count - 1):
        raise ValueError(f"dt_years must be above 0, one number or {count - 1} of them")
    return steps if steps.size == 1 else np.append(steps, steps[-1])
