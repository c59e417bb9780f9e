"""Closed forms of Schwartz and Smith (2000), Management Science 46(7):893-911.

ln S = chi + xi; d chi = -kappa chi dt + sigma_chi dz_chi; d xi = mu_xi dt + sigma_xi dz_xi; corr rho. Risk-neutral:
d chi = (-kappa chi - lambda_chi) dt, d xi = mu_xi_star dt. Times are years; :class:`TwoFactorParameters` may hold
complex numbers, so that a complex step differentiates every formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats


@dataclass(frozen=True, slots=True)
class TwoFactorParameters:
    """The seven parameters, rates per year.

    Example: kappa = 1.49 halves a short-term shock in ln 2 / 1.49 = 0.465 years, 5.58 months.
    """

    kappa: float
    """Speed at which the short-term part chi returns to 0."""
    sigma_chi: float
    sigma_xi: float
    rho: float
    """Correlation of the two shocks."""
    mu_xi: float
    """Real-world drift of the long-term log level xi."""
    mu_xi_star: float
    """Risk-neutral drift of xi."""
    lambda_chi: float
    """Risk premium of chi."""

    @property
    def half_life_years(self) -> float:
        """Years after which half of a short-term shock is left."""
        return float(np.log(2) / self.kappa)


def decay(p: TwoFactorParameters, years: Any) -> Any:
    """Share b = exp(-kappa T) of a short-term shock left after ``years``."""
    return np.exp(-p.kappa * years)


def mean_shift(p: TwoFactorParameters, years: Any) -> Any:
    """Risk-neutral mean of ln S_T less b chi + xi: mu_xi_star T - (1 - b) lambda_chi / kappa."""
    return p.mu_xi_star * years + np.expm1(-p.kappa * years) * p.lambda_chi / p.kappa


def shock_covariance(p: TwoFactorParameters, years: Any) -> tuple[Any, Any, Any]:
    """Variance of chi, covariance, and variance of xi gathered over ``years`` (Schwartz and Smith 2000, eq. 3b)."""
    chi = -(p.sigma_chi**2) * np.expm1(-2 * p.kappa * years) / (2 * p.kappa)
    both = -p.rho * p.sigma_chi * p.sigma_xi * np.expm1(-p.kappa * years) / p.kappa
    return chi, both, p.sigma_xi**2 * years


def log_variance(p: TwoFactorParameters, years: Any) -> Any:
    """Variance of ln S_T when chi and xi are known today (Schwartz and Smith 2000, eq. 4b)."""
    chi, both, xi = shock_covariance(p, years)
    return chi + 2 * both + xi


def intercept(p: TwoFactorParameters, years: Any) -> Any:
    """A(T) of ln F(T) = b chi + xi + A(T) (Schwartz and Smith 2000, eq. 9)."""
    return mean_shift(p, years) + 0.5 * log_variance(p, years)


def log_covariance(p: TwoFactorParameters, years: Floats) -> Floats:
    """Covariance (N, N) of ln S at ``years`` (N,) when chi and xi are known today."""
    early = np.minimum.outer(years, years)
    gap = np.abs(np.subtract.outer(years, years))
    chi, both, xi = shock_covariance(p, early)
    left = decay(p, gap)
    return np.asarray(left * chi + (1 + left) * both + xi)
