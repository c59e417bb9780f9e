"""Geometric Brownian motion: the benchmark every other price model has to beat, from the index alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.uncertainty import drawn_around
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.paths.gaussian import GaussianSampler

LEAST_CHANGES = 8
"""Fewer price changes leave sigma with a standard error above a quarter of itself."""
OFTEN_UNCHANGED = 0.20
"""Share of changes of exactly 0 above which sigma is called an average of jumps."""
VIEW_BOUNDS: Bounds = {"mu": (-5.0, 5.0), "sigma": (1e-4, 10.0)}
"""What a user may choose, per year."""


@dataclass(frozen=True, slots=True)
class RandomWalk:
    """d ln S = (mu - sigma^2/2) dt + sigma dz, expected to grow by ``drift``; S in currency per Mtok.

    The curve is F(T) = S exp(drift T). The fitted ``mu`` is reported and not used: its standard error is
    sigma / sqrt(years of history), which a short history leaves many times larger than any drift worth a name.
    Example: S = 8, drift = 0.1 gives F(1) = 8 exp(0.1) = 8.841.
    """

    name: ClassVar[str] = "RandomWalk"
    gaussian: ClassVar[bool] = True

    price_per_mtok: float
    """Newest price of the index."""
    mu: float
    """Fitted growth of the mean price per year."""
    sigma: float
    """Standard deviation of the log price per square root of a year."""
    mu_standard_error: float
    sigma_standard_error: float
    log_likelihood: float
    """Of the log changes at ``mu`` and ``sigma``."""
    changes: int
    unchanged_share: float = 0.0
    """Share of the changes that are exactly 0."""
    stale_years: float = 0.0
    """Years from the newest price to the market's as_of, in which the price has already moved unseen."""
    drift: float = 0.0
    """Expected growth per year used for the curve and the draws."""
    view: dict[str, float] = field(default_factory=dict, hash=False)
    """The user's own values; they stand in the fields above."""
    estimates: dict[str, float] = field(default_factory=dict, hash=False)
    """What the view has replaced."""

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Estimate mu and sigma from ``market.index``; irregular dates are taken as they are, ACT/365.

        With r_i ~ N(m dt_i, sigma^2 dt_i): m = sum r / sum dt, sigma^2 = sum (r - m dt)^2 / dt / (n - 1), and
        mu = m + sigma^2 / 2. Standard errors: sigma / sqrt(2 (n - 1)) of sigma, and of mu the root of
        sigma^2 / sum dt + sigma^4 / (2 (n - 1)).

        Raises
        ------
        ModelError
            Fewer than 8 price changes, or all prices are equal.
        """
        index = market.index
        steps = np.diff(years_between(index.dates[0], index.dates))
        changes = np.diff(np.log(index.price_per_mtok))
        _require_movement(changes)
        m = float(changes.sum() / steps.sum())
        freedom = changes.size - 1
        sigma = float(np.sqrt(np.sum((changes - m * steps) ** 2 / steps) / freedom))
        if sigma < 1e-12:
            raise ModelError(
                "RandomWalk cannot be fitted: the index grows by one rate without any spread, so sigma is 0"
            )
        return cls(
            price_per_mtok=float(index.price_per_mtok[-1]),
            mu=m + 0.5 * sigma**2,
            sigma=sigma,
            mu_standard_error=float(np.sqrt(sigma**2 / steps.sum() + sigma**4 / (2 * freedom))),
            sigma_standard_error=float(sigma / np.sqrt(2 * freedom)),
            log_likelihood=_log_likelihood(changes, steps, m, sigma),
            changes=changes.size,
            unchanged_share=float(np.mean(changes == 0)),
            stale_years=float(years_between(index.dates[-1], market.as_of)),
        )

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        return ModelSummary(
            name=self.name,
            parameters={"mu": self.mu, "sigma": self.sigma} | self.estimates,
            standard_errors={"mu": self.mu_standard_error, "sigma": self.sigma_standard_error},
            log_likelihood=self.log_likelihood,
            observations=self.changes,
            assumptions=self._assumptions(),
            estimated=2,
            view=self.view,
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Mean price S exp(drift T), (N,) in currency per Mtok, at ``years`` (N,) after as_of."""
        return np.asarray(self.price_per_mtok * np.exp(self.drift * self._elapsed(years)))

    def log_mean(self, years: Floats) -> Floats:
        """Mean ln S + (drift - sigma^2/2) T of the log price, (N,)."""
        return np.asarray(np.log(self.price_per_mtok) + (self.drift - 0.5 * self.sigma**2) * self._elapsed(years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance sigma^2 min(T_i, T_j) of the log price, (N, N)."""
        elapsed = self._elapsed(years)
        return self.sigma**2 * np.minimum.outer(elapsed, elapsed)

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> GaussianSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0."""
        variance = np.array([[self.sigma**2]])
        return GaussianSampler(
            kappa=np.zeros(1),
            covariance=variance,
            unknown=variance * self.stale_years,
            log_mean=self.log_mean,
            variance_ahead=lambda ahead: self.sigma**2 * ahead,
            years=years,
            size=size,
            precision=precision,
        )

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return PriceModel.sample(self, generator, years, size)

    def with_volatility(self, factor: float) -> Self:
        """Multiply sigma by ``factor``; the curve does not depend on it."""
        return replace(self, sigma=self.sigma * float(factor))

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year; a view of mu stands."""
        return self if "mu" in self.view else replace(self, drift=float(drift))

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return VIEW_BOUNDS

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own ``sigma`` and ``mu`` in the place of the estimates; mu then is the growth drawn with.

        Raises
        ------
        InputError
            Another name, or a value out of its range; every fault at once.
        """
        own = checked_view(self.name, view, VIEW_BOUNDS)
        estimates = {name: getattr(self, name) for name in own} | self.estimates
        return replace(
            self,
            mu=own.get("mu", self.mu),
            sigma=own.get("sigma", self.sigma),
            drift=own.get("mu", self.drift),
            view=self.view | own,
            estimates=estimates,
        )

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with sigma, and the reported mu, drawn from their estimated distribution.

        The growth that is drawn with stays: it is an input, or the user's view.
        """
        values = {"mu": self.mu, "sigma": self.sigma}
        errors = {"mu": self.mu_standard_error, "sigma": self.sigma_standard_error}
        drawn = drawn_around(values, errors, {"sigma": "log"}, generator, held=tuple(self.view))
        return replace(self, mu=drawn["mu"], sigma=drawn["sigma"])

    def _elapsed(self, years: Floats) -> Floats:
        return np.asarray(years, dtype=np.float64) + self.stale_years

    def _assumptions(self) -> tuple[str, ...]:
        texts = [
            f"The curve grows by {self.drift:+.2%} a year. The fitted drift of {self.mu:+.1%} a year is only reported: "
            f"its standard error is {self.mu_standard_error:.1%}.",
            "Changes are independent and normal in logarithms: no jumps, no mean reversion.",
        ]
        if self.unchanged_share > OFTEN_UNCHANGED:
            texts.append(
                f"{self.unchanged_share:.0%} of the price changes are 0: sigma is an average of jumps, and the price "
                "will stand still more often and jump further than drawn here."
            )
        return tuple(texts)


def ewma_volatility(changes: Floats, *, first_volatility: float, decay: float = 0.94) -> Floats:
    """Volatility (n,) per step after each of ``changes`` (n,), exponentially weighted.

    v_t = decay v_{t-1} + (1 - decay) r_t^2 (J.P. Morgan, RiskMetrics, 1996; decay 0.94 is its daily setting).
    Example: decay 0.9, volatility 1% and a change of 2% make a variance of 0.00013, volatility 1.14%.

    Raises
    ------
    ValueError
        ``decay`` is not between 0 and 1, or ``first_volatility`` is negative.
    """
    if not 0 < decay < 1 or first_volatility < 0:
        raise ValueError(f"decay must lie between 0 and 1 and volatility be at least 0: {decay}, {first_volatility}")
    variances = np.empty(len(changes))
    variance = first_volatility**2
    for i, change in enumerate(changes):
        variance = decay * variance + (1 - decay) * float(change) ** 2
        variances[i] = variance
    return np.sqrt(variances)


def _require_movement(changes: Floats) -> None:
    if changes.size < LEAST_CHANGES:
        raise ModelError(
            f"RandomWalk needs at least {LEAST_CHANGES} price changes ({LEAST_CHANGES + 1} dates in the index), "
            f"found {changes.size}"
        )
    if not np.any(changes):
        raise ModelError(
            f"RandomWalk cannot be fitted: all {changes.size + 1} prices of the index are equal, so sigma is 0; "
            "it needs a history in which the price has moved"
        )


def _log_likelihood(changes: Floats, steps: Floats, m: float, sigma: float) -> float:
    variance = sigma**2 * steps
    return float(-0.5 * np.sum(np.log(2 * np.pi * variance) + (changes - m * steps) ** 2 / variance))
