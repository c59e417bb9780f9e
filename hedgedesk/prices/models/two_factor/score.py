"""The exact gradient of the two-factor likelihood from one pass of the filter and smoother.

The gradient of a likelihood is the mean gradient of the joint density of quotes and states, given the quotes (Fisher's
identity; Koopman and Shephard 1992, Biometrika 79:823-826). In it the smoother's r_t and N_t are all that is needed
for the shocks, and its disturbances for the quotes: one pass gives every parameter, a numerical gradient takes one
complex filter each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters

_MODEL = 7


def score(
    p: TwoFactorParameters, measurement_sd: Floats, maturities: Floats, steps: Floats, quoted: Any, smoothed: Any
) -> Floats:
    """Gradient (7 + K,) of the log-likelihood by the seven parameters in their order and the measurement errors.

    Parameters
    ----------
    measurement_sd
        (K,) in log price, above 0.
    maturities
        (K, 1) or (K, T) years.
    steps
        (1,) or (T,) years.
    quoted
        (K, T) booleans.
    smoothed
        statsmodels' smoother results at these parameters: states and disturbances with their covariances.
    """
    gradient = np.zeros(_MODEL + measurement_sd.size)
    gradient[_MODEL:] = _of_quotes(gradient, p, measurement_sd**2, maturities, quoted, smoothed) * measurement_sd
    _of_shocks(gradient, p, steps, smoothed)
    _of_start(gradient, p, smoothed)
    return gradient


def _of_quotes(
    gradient: Floats, p: TwoFactorParameters, variance: Floats, years: Floats, quoted: NDArray[np.bool_], smoothed: Any
) -> Floats:
    """Add what loadings and intercepts give; return twice the gradient (K,) by the measurement variances."""
    noise = variance[:, None]
    known = np.einsum("iit->it", smoothed.smoothed_measurement_disturbance_cov)
    pull = np.where(quoted, smoothed.smoothed_measurement_disturbance / noise, 0.0)
    precision = np.where(quoted, (noise - known) / noise**2, 0.0)
    chi, covariance = smoothed.smoothed_state[0], smoothed.smoothed_state_cov
    left, gone, gone_twice, slope, slope_twice = _gone(p.kappa, years)
    by_loading = pull * chi - np.where(quoted, (left * covariance[0, 0] + covariance[1, 0]) / noise, 0.0)
    once, twice, whole = (float(np.sum(pull * weight)) for weight in (gone, gone_twice, years))
    both = p.rho * p.sigma_chi * p.sigma_xi
    gradient[0] -= np.sum(by_loading * years * left)
    gradient[0] += np.sum(pull * slope) * (both - p.lambda_chi) + 0.5 * p.sigma_chi**2 * np.sum(pull * slope_twice)
    gradient[1] += p.sigma_chi * twice + p.rho * p.sigma_xi * once
    gradient[2] += p.sigma_xi * whole + p.rho * p.sigma_chi * once
    gradient[3] += p.sigma_chi * p.sigma_xi * once
    gradient[5] += whole
    gradient[6] -= once
    return np.asarray(np.sum(pull**2 - precision, axis=1))


def _of_shocks(gradient: Floats, p: TwoFactorParameters, steps: Floats, smoothed: Any) -> None:
    """Add what transition, drift and covariance of the shocks give."""
    r, n = smoothed.scaled_smoothed_estimator, smoothed.scaled_smoothed_estimator_cov
    left, gone, gone_twice, slope, slope_twice = _gone(p.kappa, steps)
    chi, both, xi = r[0] ** 2 - n[0, 0], r[0] * r[1] - n[0, 1], r[1] ** 2 - n[1, 1]
    known = smoothed.filtered_state_cov
    by_decay = r[0] * smoothed.smoothed_state[0] - (n[0, 0] * left * known[0, 0] + n[0, 1] * known[1, 0])
    across = float(np.sum(both * gone))
    gradient[0] += 0.5 * p.sigma_chi**2 * np.sum(chi * slope_twice) - np.sum(by_decay * steps * left)
    gradient[0] += p.rho * p.sigma_chi * p.sigma_xi * np.sum(both * slope)
    gradient[1] += p.sigma_chi * np.sum(chi * gone_twice) + p.rho * p.sigma_xi * across
    gradient[2] += p.sigma_xi * np.sum(xi * steps) + p.rho * p.sigma_chi * across
    gradient[3] += p.sigma_chi * p.sigma_xi * across
    gradient[4] += np.sum(r[1] * steps)


def _of_start(gradient: Floats, p: TwoFactorParameters, smoothed: Any) -> None:
    """Add what chi's stationary start gives; xi's is diffuse and knows no parameter."""
    variance = p.sigma_chi**2 / (2.0 * p.kappa)
    second = smoothed.smoothed_state[0, 0] ** 2 + smoothed.smoothed_state_cov[0, 0, 0]
    by_variance = 0.5 * (second / variance**2 - 1.0 / variance)
    gradient[0] -= by_variance * variance / p.kappa
    gradient[1] += by_variance * p.sigma_chi / p.kappa


def _gone(kappa: float, years: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Share b = exp(-kappa T) left; (1 - b) / kappa; (1 - b^2) / (2 kappa); the slopes of these two in kappa."""
    left = np.exp(-kappa * years)
    gone = -np.expm1(-kappa * years) / kappa
    gone_twice = -np.expm1(-2.0 * kappa * years) / (2.0 * kappa)
    return left, gone, gone_twice, (years * left - gone) / kappa, (years * left**2 - gone_twice) / kappa
