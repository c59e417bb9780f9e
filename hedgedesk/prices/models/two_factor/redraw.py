"""Two-factor parameters drawn from their estimated distribution, and today's factors that go with each draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.uncertainty import ScaleName, drawn_around
from hedgedesk.prices.models.two_factor import formulas
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.search import TwoFactorFit

NAMES = tuple(TwoFactorParameters.__dataclass_fields__)
"""In the order of every covariance here."""
SCALES: Mapping[str, ScaleName] = {"kappa": "log", "sigma_chi": "log", "sigma_xi": "log", "rho": "atanh"}
SHARE_OF_ERROR = 0.1
"""Step of the differences, in standard errors: a slope over the range that draws reach."""


def state_today(p: TwoFactorParameters, filtered: Floats, gap_years: float) -> Floats:
    """Expected chi and xi (2,) ``gap_years`` after the newest ``filtered`` ones (2,)."""
    left = np.array([float(formulas.decay(p, gap_years)), 1.0])
    return np.asarray(left * filtered + np.array([0.0, p.mu_xi * gap_years]))


def state_response(
    fit: TwoFactorFit, log_prices: Floats, maturities_years: Floats, steps_years: float | Floats, gap_years: float
) -> Floats:
    """By how much today's chi and xi move per unit of each parameter, (2, 7): 0 for a parameter that was held.

    The same quotes seen through another risk premium are other factors: a shift of chi against xi and lambda_chi
    leaves the curve where it is, so a draw of the parameters alone would move a curve that the quotes hold.

    Parameters
    ----------
    fit
        At its maximum.
    log_prices, maturities_years, steps_years
        The panel that it was fitted to.
    gap_years
        From the panel's newest date to today.
    """
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

    model = SchwartzSmith(log_prices, maturities_years, steps_years)
    sd = np.asarray(fit.parameters["measurement_sd"])

    def state_at(p: TwoFactorParameters) -> Floats:
        model.update(np.array([*(getattr(p, name) for name in NAMES), *sd]))
        return state_today(p, np.asarray(model.ssm.filter().filtered_state)[:, -1], gap_years)

    best = fit.model_parameters
    response = np.zeros((2, len(NAMES)))
    for k, name in enumerate(NAMES):
        error = float(fit.standard_errors[name])
        if np.isfinite(error) and error > 0:
            value = float(getattr(best, name))
            step = min(SHARE_OF_ERROR * error, 0.5 * (1.0 - abs(value))) if name == "rho" else SHARE_OF_ERROR * error
            up, down = (state_at(replace(best, **{name: value + side * step})) for side in (1.0, -1.0))
            response[:, k] = (up - down) / (2.0 * step)
    return response


def drawn_parameters(
    p: TwoFactorParameters, covariance: Floats, generator: np.random.Generator, held: Sequence[str]
) -> tuple[TwoFactorParameters, Floats]:
    """One draw, and by how much each parameter (7,) moved; ``covariance`` (7, 7) is of natural values."""
    before = {name: float(getattr(p, name)) for name in NAMES}
    drawn = drawn_around(before, covariance, SCALES, generator, held=held)
    return TwoFactorParameters(**drawn), np.array([drawn[name] - before[name] for name in NAMES])
