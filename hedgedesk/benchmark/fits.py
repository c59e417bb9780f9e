"""The two-factor fit beside statsmodels' own way of fitting the same model to the same panel."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.benchmark.protocol import Row, ratios, taken
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.models.two_factor.formulas import decay, intercept, shock_covariance

TRUE = TwoFactorParameters(
    kappa=1.5, sigma_chi=0.3, sigma_xi=0.15, rho=0.3, mu_xi=-0.01, mu_xi_star=0.01, lambda_chi=0.15
)
MATURITIES = np.array([1, 5, 9, 13, 17]) / 12.0
ERRORS = np.array([0.042, 0.006, 0.003, 0.002, 0.004])
WEEKS, WEEK = 260, 5.0 / 265.0
SEEDS = (1, 2, 3)
"""Of the panels; each is fitted in every round."""
ROUNDS = 3
WITHIN = 1e-5
"""Log-likelihood by which ours may end lower at most."""


def fit_row() -> Row:
    """CPU time of our fit, starts and standard errors included, over ``MLEModel.fit`` left at its defaults."""
    panels = [panel(seed) for seed in SEEDS]
    reached: dict[str, list[float]] = {}

    def ours() -> int:
        reached["ours"] = [TwoFactor.fit_panel(logs, MATURITIES, WEEK).log_likelihood for logs in panels]
        return len(panels)

    def default() -> int:
        reached["default"] = [float(fitted_by_default(logs).llf) for logs in panels]
        return len(panels)

    seconds = taken({"ours": ours, "default": default}, ROUNDS)
    ratio, spread = ratios(seconds["ours"], seconds["default"])
    behind = max(d - o for o, d in zip(reached["ours"], reached["default"], strict=True))
    unit = f"CPU of a fit of {WEEKS} weeks x {MATURITIES.size} maturities / that of MLEModel.fit with its defaults"
    if behind > WITHIN:
        return Row(
            "fit_vs_mlemodel", None, 0.65, "lower", unit, None, f"our fit ended {behind:.2g} of log-likelihood lower"
        )
    return Row("fit_vs_mlemodel", ratio, 0.65, "lower", unit, spread)


def panel(seed: int) -> Floats:
    """(T, K) log futures prices of the model itself, with measurement errors."""
    random = np.random.default_rng(seed)
    chi, both, xi = shock_covariance(TRUE, WEEK)
    root = np.linalg.cholesky([[chi, both], [both, xi]])
    states = np.empty((WEEKS, 2))
    states[0] = random.normal(0.0, TRUE.sigma_chi / np.sqrt(2.0 * TRUE.kappa)), np.log(20.0)
    for t in range(WEEKS - 1):
        states[t + 1] = states[t] * [decay(TRUE, WEEK), 1.0] + [0.0, TRUE.mu_xi * WEEK]
        states[t + 1] += root @ random.standard_normal(2)
    exact = decay(TRUE, MATURITIES) * states[:, :1] + states[:, 1:] + intercept(TRUE, MATURITIES)
    return np.asarray(exact + ERRORS * random.standard_normal(exact.shape))


def fitted_by_default(logs: Floats) -> Any:
    """What ``MLEModel.fit`` makes of the panel with its own filter, gradient, optimiser and covariance.

    It starts from the best of our starting points, which most would not have.
    """
    import warnings

    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith
    from hedgedesk.prices.models.two_factor.starts import starting_points

    model = SchwartzSmith(logs, MATURITIES, WEEK)
    model.ssm.filter_univariate = False
    starts = starting_points(logs, MATURITIES, model.steps)
    best = max(starts, key=lambda start: model.log_likelihood_at(model.untransform_params(start)))
    with warnings.catch_warnings():
        # It stops after its 50 iterations, short of the maximum, and says so.
        warnings.simplefilter("ignore")
        return model.fit(start_params=best, disp=False)
