"""Likelihood of the two-factor model with jumps: a Kalman filter for each number of jumps, made one after every date.

chi jumps, so that what is known of the factors becomes a mixture of normals. After each date the mixture is put back
into one normal with its mean and covariance (Harrison and Stevens 1976; Kim 1994 for its likelihood): with several
maturities the factors are seen so well that nothing is lost; from the index alone it is an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.models.jump_diffusion.climb import COMPLEX_STEP, Batch
from hedgedesk.prices.models.jump_diffusion.density import log_sum, step_moments
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, drift_over, log_growth
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters, decay, intercept, shock_covariance

FACTORS = 7
"""Parameters before those of the jumps."""
LEAST_SD = 1e-5
"""Smallest measurement error, in log price, with which the filter does not lose digits."""
FIRST_VARIANCE = 100.0
"""Of xi before the first date, around the first prices: says nothing of it."""
FIT_NODES = 8
"""Gauss-Legendre nodes while fitting; the curve itself takes more."""


@dataclass(frozen=True, eq=False)
class Filtered(ArrayHolder):
    """What the history shows of factors and jumps at one parameter set."""

    state: Floats
    """(2,) chi and xi on the last date."""
    state_covariance: Floats
    """(2, 2)."""
    quiet: Floats
    """(T,) chance that no jump fell since the date before, given all quotes of the date."""
    surprise: Floats
    """(T,) chi less what it was expected to be without a jump."""


@dataclass(frozen=True, eq=False)
class JumpPanel(ArrayHolder):
    """Log prices by maturity; the index alone is one maturity of 0."""

    log_prices: Floats
    """(T, K), NaN where not quoted."""
    maturities_years: Floats
    """(T, K)."""
    gaps: Floats
    """(T - 1,) years from date to date."""
    measurement_sd: Floats
    """(K,) in log price; held."""

    def log_likelihood(self, values: Batch) -> Any:
        """(B,) of parameters (B, 13): those of the factors, then those of the jumps.

        Less the constant of a diffuse first xi, so that it compares with the two-factor model's own.
        """
        return _Run(self, values).log_likelihood() + 0.5 * np.log(FIRST_VARIANCE)

    def filtered(self, values: Floats) -> Filtered:
        """The newest factors, and where jumps fell, at parameters (13,)."""
        run = _Run(self, values[None].astype(np.float64))
        run.log_likelihood()
        (chi, xi), (a, b, c) = run.mean, run.covariance
        return Filtered(
            state=np.array([chi[0], xi[0]]),
            state_covariance=np.array([[a[0], b[0]], [b[0], c[0]]]),
            quiet=np.array(run.quiet),
            surprise=np.array(run.surprise),
        )

    def state_response(self, values: Floats) -> Floats:
        """By how much the newest chi and xi move per unit of each parameter, (2, 13), the quotes being what they are.

        The same quotes seen through another risk premium are other factors: who draws the parameters alone would move
        a curve that the quotes hold.
        """
        trial = np.tile(values.astype(np.complex128), (values.size, 1))
        trial[np.arange(values.size), np.arange(values.size)] += 1j * COMPLEX_STEP
        run = _Run(self, trial)
        run.log_likelihood()
        return np.array([factor.imag for factor in run.mean]) / COMPLEX_STEP


class _Run:
    """One pass over the dates for a batch of parameter sets; 2 x 2 matrices are written out."""

    def __init__(self, panel: JumpPanel, values: Batch) -> None:
        self.factors: Any = TwoFactorParameters(*(column[:, None] for column in values[:, :FACTORS].T))
        self.jumps: Any = SignedJumps(*(column[:, None] for column in values[:, FACTORS:].T))
        self.gaps = panel.gaps
        self.steps = step_moments(self.jumps, self.factors.kappa, panel.gaps)
        self.left = decay(self.factors, panel.gaps)
        self.shocks = shock_covariance(self.factors, panel.gaps)
        self.pull = drift_over(self.jumps, self.factors.kappa, panel.gaps)
        self._read(panel)
        self._begin(panel)
        self.quiet: list[float] = [1.0]
        self.surprise: list[float] = [0.0]

    def log_likelihood(self) -> Any:
        """(B,) over all dates."""
        none = np.zeros_like(self.mean[0])[:, None]
        total = self._see(0, none, none, none)
        for date in range(1, self.gaps.size + 1):
            self._pass(date - 1)
            own = (slice(None), date - 1)
            total = total + self._see(date, self.steps.log_weight[own], self.steps.mean[own], self.steps.variance[own])
        return total

    def _read(self, panel: JumpPanel) -> None:
        """Turn the quotes of each date into two with errors of 1, which say the same of the factors (B, T).

        With the sum M of z z' / s^2 over the quotes and its root L, they are L^-1 times the sum of z y / s^2 and load
        on the factors by L' (Jungbacker and Koopman 2015); a single quote makes one.
        """
        quoted = np.isfinite(panel.log_prices)
        weight = quoted / np.maximum(panel.measurement_sd, LEAST_SD) ** 2
        years = np.where(quoted, panel.maturities_years, 0.0)
        # Measured from the middle of each date's quotes, because squares of what is large lose digits.
        self.middle = np.nanmean(panel.log_prices, axis=1)
        loading = decay(self._spread(self.factors), years)
        level = np.where(quoted, panel.log_prices - self.middle[:, None], 0.0) - quoted * self._shift(years)
        first = np.sqrt((weight * loading**2).sum(-1))
        both = (weight * loading).sum(-1) / first
        second = np.sqrt(_pair_sum(weight, loading)) / first
        seen = (weight * loading * level).sum(-1) / first
        rest = (weight * level).sum(-1) - both * seen
        also = np.where(second.real > 0.0, rest / np.where(second.real > 0.0, second, 1.0), 0.0)
        self.root, self.seen = (first, both, second), (seen, also)
        self.single = panel.log_prices.shape[1] == 1
        self.constant = quoted.sum(-1) * np.log(2 * np.pi) - np.log(np.where(quoted, weight, 1.0)).sum(-1)
        self.constant = self.constant + (weight * level**2).sum(-1) - seen**2 - also**2

    def _shift(self, years: Floats) -> Any:
        """What ln F is beyond b chi + xi: the two-factor intercept, and the convexity of the jumps."""
        if not years.any():
            return np.zeros((self.left.shape[0], 1, 1))
        p, jumps = self._spread(self.factors), self._spread(self.jumps)
        convexity = log_growth(jumps, p.kappa, years, FIT_NODES) - drift_over(jumps, p.kappa, years)
        return intercept(p, years) + convexity

    @staticmethod
    def _spread(parameters: Any) -> Any:
        """The same parameters with one axis more, to meet (T, K)."""
        return type(parameters)(*(getattr(parameters, name)[..., None] for name in parameters.__dataclass_fields__))

    def _begin(self, panel: JumpPanel) -> None:
        p = self.factors
        chi = ((p.sigma_chi**2 + self.jumps.variance) / (2 * p.kappa))[:, 0]
        level = float(np.nanmean(panel.log_prices[0]))
        self.mean = (0.0 * chi, level + 0.0 * chi)
        self.covariance = (chi, 0.0 * chi, FIRST_VARIANCE + 0.0 * chi)

    def _pass(self, gap: int) -> None:
        """From one date to the next, without jumps but with what makes up for them."""
        left, (chi, both, xi) = self.left[:, gap], self.shocks
        a, b, c = self.covariance
        mu = self.factors.mu_xi[:, 0] * self.gaps[gap]
        self.mean = (left * self.mean[0] - self.pull[:, gap], self.mean[1] + mu)
        self.covariance = (left**2 * a + chi[:, gap], left * b + both[:, gap], c + xi[:, gap])

    def _see(self, date: int, log_weight: Any, jumped: Any, variance: Any) -> Any:
        """Update every part of the mixture (B, C) on the quotes of one date, and make them one; (B,) likelihood."""
        expected = self.mean[0]
        means = self.mean[0][:, None] + jumped, self.mean[1][:, None] - self.middle[date]
        a, b, c = (part[:, None] for part in self.covariance)
        first, both, second = (part[:, date, None] for part in self.root)
        seen, also = (part[:, date, None] for part in self.seen)
        misfit, means, covariances = _updated(means, (a + variance, b, c), (first, both), seen)
        if not self.single:
            more, means, covariances = _updated(means, covariances, (0.0, second), also)
            misfit = misfit + more
        logs = log_weight - 0.5 * (self.constant[:, date, None] + misfit)
        total = log_sum(logs)
        share = np.exp(logs - total[:, None])
        self._make_one(share, (means[0], means[1] + self.middle[date]), covariances)
        if date:
            self.quiet.append(float(share[0, 0].real))
            self.surprise.append(float((self.mean[0] - expected)[0].real))
        return total

    def _make_one(self, share: Any, means: tuple[Any, Any], covariances: tuple[Any, Any, Any]) -> None:
        """One normal with the mean and covariance of the mixture."""
        chi, xi = (share * means[0]).sum(-1), (share * means[1]).sum(-1)
        away0, away1 = means[0] - chi[:, None], means[1] - xi[:, None]
        a, b, c = covariances
        self.mean = (chi, xi)
        self.covariance = (
            (share * (a + away0**2)).sum(-1),
            (share * (b + away0 * away1)).sum(-1),
            (share * (c + away1**2)).sum(-1),
        )


def _updated(means: Any, covariances: Any, loads: Any, seen: Any) -> tuple[Any, Any, Any]:
    """One quote with error 1 and loadings ``loads``: its misfit log F + v^2 / F, and the factors after it."""
    (x0, x1), (a, b, c), (z0, z1) = means, covariances, loads
    g0, g1 = a * z0 + b * z1, b * z0 + c * z1
    spread = 1.0 + z0 * g0 + z1 * g1
    surprise = seen - z0 * x0 - z1 * x1
    gain = surprise / spread
    after = (a - g0 * g0 / spread, b - g0 * g1 / spread, c - g1 * g1 / spread)
    return np.log(spread) + surprise * gain, (x0 + g0 * gain, x1 + g1 * gain), after


def _pair_sum(weight: Floats, loading: Any) -> Any:
    """Determinant of sum w z z' for z = (loading, 1): sum over pairs w_i w_j (b_i - b_j)^2, so no digits are lost."""
    total = 0.0 * loading[..., 0]
    for i in range(weight.shape[-1]):
        for j in range(i):
            total = total + weight[:, i] * weight[:, j] * (loading[..., i] - loading[..., j]) ** 2
    return total
