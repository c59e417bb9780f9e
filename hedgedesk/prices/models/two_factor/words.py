"""What a fitted two-factor model assumes, in sentences for whoever reads its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters


def of_futures(p: TwoFactorParameters, errors: Mapping[str, float], fitted_on: str) -> tuple[str, ...]:
    """Assumptions of a fit to a futures history."""
    texts = [
        f"Fitted to {fitted_on}; {_half_life(p)}.",
        "lambda_chi rests on chi having mean 0 in the history, and mu_xi on its length: both are weak, see their "
        "standard errors. Neither moves the curve of today.",
    ]
    held = [name for name, error in errors.items() if name.startswith("measurement_sd") and math.isnan(error)]
    if held:
        texts.append(f"Held at the floor of 1e-6, so without a standard error: {', '.join(held)}.")
    return tuple(texts)


def of_index(p: TwoFactorParameters, errors: Mapping[str, float], fitted_on: str) -> tuple[str, ...]:
    """Assumptions of a fit to the index alone."""
    drift = p.mu_xi_star + 0.5 * p.sigma_xi**2
    fitted = p.mu_xi + 0.5 * p.sigma_xi**2
    return (
        f"Fitted to {fitted_on}, there being no futures history; {_half_life(p)}.",
        "Imposed, because the index alone cannot show them: rho = 0, no measurement error, lambda_chi = 0.",
        f"The long-term level is expected to grow by {drift:+.2%} a year. The fitted growth of {fitted:+.1%} is only "
        f"reported: its standard error is {errors.get('mu_xi', math.nan):.1%}. A curve from this model is indicative.",
    )


def _half_life(p: TwoFactorParameters) -> str:
    return f"a short-term shock halves in {12 * p.half_life_years:.1f} months"
