"""What the models with jumps assume, in sentences for whoever reads their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hedgedesk.prices.models.jump_diffusion.jumps import SIDES, SignedJumps, compensation
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters

SPREAD = (
    "Sizes of one sign are normal in logarithms, with a spread of at most half their mean and a mild prior around a "
    "quarter of it, so that heavy tails of both signs cannot pass for one. Jumps come independently of one another and "
    "at a constant rate."
)


def of_jump_diffusion(p: Any, drift: float, inputs: Mapping[str, str], found: int) -> tuple[str, ...]:
    """Assumptions of a jump-diffusion with parameters ``p``."""
    level = np.exp(p.theta + p.jumps.drift / p.kappa)
    return (
        f"The log price returns to its mean at a constant speed: half of any shock, jumps too, is gone after "
        f"{12 * np.log(2) / p.kappa:.1f} months. The middle of the level it returns to is near {level:.4g}, and grows "
        f"by {drift:+.2%} a year.",
        *of_jumps(p.jumps, inputs, found),
        "The market price of risk is taken as 0: a curve from this model is indicative.",
    )


def of_jumps(jumps: SignedJumps, inputs: Mapping[str, str], found: int) -> tuple[str, ...]:
    """What is assumed of the jumps, and where it comes from."""
    told = [
        f"The history shows {found} jumps. Fresh jumps move the mean price by {-compensation(jumps):+.1%} a year "
        "before they fade; the curve counts them.",
        SPREAD,
    ]
    rates = dict(zip(SIDES, jumps.sides, strict=True))
    for side, source in inputs.items():
        rate, mean, _spread = rates[side]
        told.append(
            f"Jumps {side} ({rate:.2f} a year, x {np.exp(mean):.2f}) are inputs, because the history shows too few to "
            f"estimate them: {source}."
        )
    return tuple(told)


def of_two_factors(p: TwoFactorParameters, fitted_on: str, *, from_futures: bool) -> tuple[str, ...]:
    """Assumptions of the factors under the jumps."""
    half_life = f"half of a short-term shock, jumps too, is gone after {12 * p.half_life_years:.1f} months"
    if from_futures:
        return (
            f"Fitted to {fitted_on}; {half_life}. Measurement errors are held at those of the two-factor model.",
            "lambda_chi rests on chi having mean 0 in the history, and mu_xi on its length: both are weak, see their "
            "standard errors. Neither moves the curve of today.",
        )
    return (
        f"Fitted to {fitted_on}, there being no futures history; {half_life}.",
        "Imposed, because the index alone cannot show them: rho = 0, no measurement error, lambda_chi = 0.",
        f"The long-term level is expected to grow by {p.mu_xi_star + 0.5 * p.sigma_xi**2:+.2%} a year. A curve from "
        "this model is indicative.",
    )
