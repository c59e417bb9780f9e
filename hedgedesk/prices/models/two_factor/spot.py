"""The two-factor model from the index alone: what can be identified, and when to refuse.

The changes of ln S are ARMA(1, 1): two roots, a variance and a mean for kappa, sigma_chi, sigma_xi, rho and mu_xi.
So rho = 0 and no measurement error are imposed; lambda_chi and mu_xi_star are inputs (identification).
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.errors import ModelError, NotConverged
from hedgedesk.domain.market import TokenIndex
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.search import TwoFactorFit, maximise

LEAST_OBSERVATIONS = 52
FASTEST = 3.0
"""Largest kappa times step: beyond, 95% of a shock is gone before the next price shows it."""
LEAST_GAIN = 3.0
"""Least gain in log-likelihood over a random walk: half the 95% point 5.99 of chi-squared with 2 more parameters."""
FREE = np.array([True, True, True, False, True, False, False, False])
"""kappa, sigma_chi, sigma_xi and mu_xi are estimated."""
INSTEAD = "use RandomWalk"


def fit_spot(index: TokenIndex, tick: Tick = silent) -> TwoFactorFit:
    """Fit kappa, sigma_chi, sigma_xi and mu_xi to the index; dates may be irregular.

    mu_xi_star comes back as -sigma_xi^2 / 2 (no growth) and lambda_chi as 0: inputs, with NaN standard errors.

    Raises
    ------
    ModelError
        Fewer than 52 prices; changes that do not revert; a speed that the dates cannot show; factors that a random
        walk fits as well. The message names RandomWalk.
    NotConverged
        The likelihood has no interior maximum.
    """
    changes = np.diff(np.log(index.price_per_mtok))
    steps = np.diff(years_between(index.dates[0], index.dates))
    _require_reversion(index, changes)
    fit = _climb(np.log(index.price_per_mtok), steps, changes, tick)
    require_visible_speed(fit.model_parameters, steps)
    _require_separate_factors(fit, changes, steps)
    return fit


def _climb(log_prices: Floats, steps: Floats, changes: Floats, tick: Tick) -> TwoFactorFit:
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

    even = np.ptp(steps) < 1e-12
    model = SchwartzSmith(log_prices[:, None], np.zeros(1), float(steps[0]) if even else steps)
    try:
        fit = maximise(model, _starts(changes, float(np.median(steps))), FREE, tick)
    except NotConverged as error:
        raise NotConverged(f"{error}; {INSTEAD}") from error
    named = {**fit.parameters, "rho": 0.0, "mu_xi_star": -0.5 * fit.parameters["sigma_xi"] ** 2, "lambda_chi": 0.0}
    return TwoFactorFit(
        parameters=named,
        standard_errors=fit.standard_errors,
        log_likelihood=fit.log_likelihood,
        states=fit.states,
        state_covariance=fit.state_covariance,
        observations=fit.observations,
        covariance=fit.covariance,
    )


def _starts(changes: Floats, step: float) -> list[Floats]:
    """Natural parameter vectors that match the first two autocovariances at each of a ladder of speeds."""
    variance, first = _autocovariances(changes)
    starts = []
    for speed in np.geomspace(0.05, 2.5, 8):
        left = np.exp(-speed)
        stationary = -first / (1 - left) ** 2
        level = max(variance - 2 * stationary * (1 - left), 0.05 * variance)
        kappa = speed / step
        sigmas = np.sqrt(2 * kappa * stationary), np.sqrt(level / step)
        starts.append(np.array([kappa, *sigmas, 0.0, changes.mean() / step, 0.0, 0.0, 1e-6]))
    return starts


def _autocovariances(changes: Floats) -> tuple[float, float]:
    centred = changes - changes.mean()
    return float(np.mean(centred**2)), float(np.sum(centred[1:] * centred[:-1]) / centred.size)


def _require_reversion(index: TokenIndex, changes: Floats) -> None:
    if index.dates.size < LEAST_OBSERVATIONS:
        raise ModelError(
            f"TwoFactor without a futures history needs at least {LEAST_OBSERVATIONS} prices of the index, found "
            f"{index.dates.size}; {INSTEAD}"
        )
    if not np.any(changes):
        raise ModelError(
            f"TwoFactor cannot be fitted: all {index.dates.size} prices of the index are equal; it needs a history in "
            "which the price has moved"
        )
    variance, first = _autocovariances(changes)
    if first >= 0:
        raise ModelError(
            "TwoFactor is not identified by this index: two factors make neighbouring changes of the log price pull "
            f"against each other, and here their autocorrelation is {first / variance:+.3f}; {INSTEAD}"
        )


def require_visible_speed(p: TwoFactorParameters, steps: Floats) -> None:
    """Raise :class:`ModelError` when shocks are gone between two dates, or outlast the whole history.

    ``steps`` are the years from date to date.
    """
    step, span = float(np.median(steps)), float(steps.sum())
    if p.kappa * step > FASTEST:
        raise ModelError(
            f"TwoFactor collapses to a random walk: shocks halve in {p.half_life_years * 365:.1f} days and the index "
            f"has a price every {step * 365:.1f} days; it needs a finer index, else {INSTEAD}"
        )
    if p.half_life_years > span:
        raise ModelError(
            f"TwoFactor collapses to a random walk: shocks halve in {p.half_life_years:.1f} years and the index spans "
            f"{span:.1f}; it needs a longer index, else {INSTEAD}"
        )


def _require_separate_factors(fit: TwoFactorFit, changes: Floats, steps: Floats) -> None:
    """Refuse when the moving-average root nearly cancels the autoregressive one: judged by the likelihood gained."""
    m = changes.sum() / steps.sum()
    variance = np.mean((changes - m * steps) ** 2 / steps) * steps
    alone = -0.5 * np.sum(np.log(2 * np.pi * variance) + (changes - m * steps) ** 2 / variance)
    # The diffuse first price adds its constant to the state-space likelihood, and none to that of the changes.
    gain = fit.log_likelihood + 0.5 * np.log(2 * np.pi) - alone
    if gain < LEAST_GAIN:
        ar, ma = arma_roots(fit.model_parameters, float(np.median(steps)))
        raise ModelError(
            f"TwoFactor cannot tell its factors apart in this index: the autoregressive root {ar:.3f} and the "
            f"moving-average root {ma:.3f} of its changes are too near, the likelihood gains {gain:.1f} over a random "
            f"walk and needs {LEAST_GAIN:.1f}; {INSTEAD}"
        )


def arma_roots(p: TwoFactorParameters, step: float) -> tuple[float, float]:
    """AR coefficient phi and minus the MA coefficient of the changes of ln S over ``step`` years, with rho = 0.

    The two are equal, and cancel, when sigma_chi = 0.
    """
    left = float(np.exp(-p.kappa * step))
    stationary = p.sigma_chi**2 / (2 * p.kappa)
    variance = 2 * stationary * (1 - left) + p.sigma_xi**2 * step
    first = -stationary * (1 - left) ** 2
    ratio = (first - left * variance) / ((1 + left**2) * variance - 2 * left * first)
    return left, float((np.sqrt(max(1 - 4 * ratio**2, 0.0)) - 1) / (2 * ratio))
