"""JumpDiffusion: a log price that returns to its mean and jumps both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.price_models import JumpRecord
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.fitting.uncertainty import ScaleName
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.models.jump_diffusion import words
from hedgedesk.prices.models.jump_diffusion.coordinates import drawn
from hedgedesk.prices.models.jump_diffusion.estimate import NAMES, fit_index
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, drift_over, log_growth
from hedgedesk.prices.models.jump_diffusion.own_view import JUMP_BOUNDS, require_bounded_mean
from hedgedesk.prices.models.jump_diffusion.sampler import JumpSampler, JumpSteps

BOUNDS = {"kappa": (0.01, 300.0), "theta": (-20.0, 20.0), "sigma": (1e-6, 10.0), **JUMP_BOUNDS}


@dataclass(frozen=True, slots=True)
class JumpParameters:
    """The nine parameters, rates per year."""

    kappa: float
    """Speed at which the log price returns to theta."""
    theta: float
    """Log price it returns to between jumps, ln(currency per Mtok)."""
    sigma: float
    """Standard deviation of the log price per square root of a year, without jumps."""
    lambda_down: float
    m_down: float
    s_down: float
    lambda_up: float
    m_up: float
    s_up: float

    @property
    def jumps(self) -> SignedJumps:
        """The last six."""
        return SignedJumps(self.lambda_down, self.m_down, self.s_down, self.lambda_up, self.m_up, self.s_up)

    def wider(self, factor: float) -> JumpParameters:
        """Every shock ``factor`` times as large in logarithms, and the mean of the log price where it was."""
        jumps = self.jumps.scaled(factor)
        theta = self.theta + (self.jumps.drift - jumps.drift) / self.kappa
        six = {f.name: getattr(jumps, f.name) for f in fields(jumps)}
        return JumpParameters(kappa=self.kappa, theta=theta, sigma=self.sigma * factor, **six)


@dataclass(frozen=True, eq=False)
class JumpDiffusion(ArrayHolder):
    """dx = kappa (theta - x) dt + sigma dW + J_d dN_d + J_u dN_u, x = ln S less a growth of ``drift`` a year.

    N are Poisson, J normal; jumps fade at the speed kappa like every other shock. The curve counts them, so that the
    mean of every draw is the curve, and the mean seen from any later date is, on average, today's.
    Example: kappa = 2, theta = ln 10 = ln S, sigma = 0.4, jumps of x 0.25 (0.5 a year) and x 2 (0.3 a year) with
    spread 0.1 make F(1) = 9.23493.
    """

    name: ClassVar[str] = "JumpDiffusion"
    gaussian: ClassVar[bool] = False

    price_per_mtok: float
    """Newest price of the index."""
    parameters: JumpParameters
    """As estimated; the user's view and the asked volatility come on top."""
    covariance: Floats = field(default_factory=lambda: np.full((len(NAMES), len(NAMES)), np.nan))
    """(9, 9) of the estimates; NaN where one is an input."""
    log_likelihood: float = float("nan")
    estimated: int = 0
    observations: int = 0
    jumps: tuple[JumpRecord, ...] = ()
    """Those that the history shows."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Where rate and size come from, for each sign of which the history shows too few."""
    stale_years: float = 0.0
    """Years from the newest price to the market's as_of, in which the price has already moved unseen."""
    drift: float = 0.0
    """Growth per year of the level that the price returns to."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values by parameter."""
    volatility: float = 1.0
    """Factor on every shock."""

    def validate(self) -> None:
        """Raise ``ValueError`` for a parameter that is not finite or outside its range."""
        p = self.parameters
        values = [getattr(p, name) for name in NAMES]
        if not (np.all(np.isfinite(values)) and p.kappa > 0 and p.sigma >= 0 and self.price_per_mtok > 0):
            raise ValueError(f"kappa and the price must be above 0, sigma at least 0, and all finite: {p}")
        if min(p.lambda_down, p.lambda_up, p.s_down, p.s_up) < 0 or p.m_down > 0 or p.m_up < 0:
            raise ValueError(f"rates and spreads must be at least 0, m_down not above and m_up not below 0: {p}")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Maximum likelihood of ``market.index``; irregular dates are taken as they are, ACT/365.

        A regression with a 3-sigma filter gives the start; the likelihood of a step is a mixture over how many jumps
        fell in it. A sign with fewer than 5 jumps, or with jumps too small to be told from the noise, takes rate and
        size as inputs, and the rest is fitted beside them.

        Raises
        ------
        ModelError
            Fewer than 104 prices, an index that stands still in more than a fifth of its changes, or no reversion
            that the dates can show.
        NotConverged
            The likelihood has no interior maximum.
        """
        index = market.index
        fit = fit_index(index, tick)
        return cls(
            price_per_mtok=float(index.price_per_mtok[-1]),
            parameters=JumpParameters(*(float(v) for v in fit.values)),
            covariance=fit.covariance,
            log_likelihood=fit.log_likelihood,
            estimated=fit.estimated,
            observations=fit.observations,
            jumps=fit.jumps,
            inputs=fit.inputs,
            stale_years=float(years_between(index.dates[-1], market.as_of)),
        )

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        errors = np.sqrt(np.diag(self.covariance))
        return ModelSummary(
            name=self.name,
            parameters={name: float(getattr(self.parameters, name)) for name in NAMES},
            standard_errors={name: float(error) for name, error in zip(NAMES, errors, strict=True)},
            log_likelihood=self.log_likelihood,
            observations=self.observations,
            assumptions=words.of_jump_diffusion(self._drawn_from, self.drift, self.inputs, len(self.jumps)),
            estimated=self.estimated or None,
            view=dict(self.view),
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Mean price (N,), currency per Mtok, at ``years`` (N,) after as_of; see :func:`.jumps.log_growth`."""
        p, years = self._drawn_from, np.asarray(years, dtype=np.float64)
        elapsed = years + self.stale_years
        convexity = 0.5 * _spread(p.sigma**2, p.kappa, elapsed) + log_growth(p.jumps, p.kappa, elapsed)
        return np.asarray(np.exp(self._path(years) + convexity))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price: jumps add sum lambda m (1 - exp(-kappa T)) / kappa."""
        p, years = self._drawn_from, np.asarray(years, dtype=np.float64)
        return np.asarray(self._path(years) + drift_over(p.jumps, p.kappa, years + self.stale_years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price: a reverting factor of variance sigma^2 + sum lambda (m^2 + s^2)."""
        p, elapsed = self._drawn_from, np.asarray(years, dtype=np.float64) + self.stale_years
        early = np.minimum.outer(elapsed, elapsed)
        left = np.exp(-p.kappa * np.abs(np.subtract.outer(elapsed, elapsed)))
        return np.asarray(left * _spread(p.sigma**2 + p.jumps.variance, p.kappa, early))

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> JumpSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), exactly at any distance."""
        p, years = self._drawn_from, np.asarray(years, dtype=np.float64)
        elapsed = years + self.stale_years
        roots = np.sqrt(_spread(p.sigma**2, p.kappa, np.diff(elapsed, prepend=0.0)))[:, None, None]
        steps = JumpSteps(years, elapsed, np.array([p.kappa]), roots, p.jumps)
        return JumpSampler(steps, self._path, lambda gap: float(_spread(p.sigma**2, p.kappa, gap)), size, precision)

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return self.sampler(years, size, np.dtype(np.float64)).sample(generator)

    def with_volatility(self, factor: float) -> Self:
        """Multiply sigma and every jump's log size by ``factor``; the mean of the log price stays."""
        return replace(self, volatility=self.volatility * float(factor))

    def with_drift(self, drift: float) -> Self:
        """Set the growth per year of the level that the price returns to; the pull towards it comes on top."""
        return replace(self, drift=float(drift))

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return BOUNDS

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of the estimates.

        Raises
        ------
        InputError
            A name is not a parameter, or a value is outside its range, every fault at once; or the jumps together
            leave no mean price.
        """
        own = replace(self, view=checked_view(self.name, view, BOUNDS))
        require_bounded_mean(self.name, own._drawn_from.jumps, own._drawn_from.kappa)
        return own

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with its estimates drawn from their distribution; inputs and the user's view stay."""
        values = {name: float(getattr(self.parameters, name)) for name in NAMES}
        scales: dict[str, ScaleName] = {"kappa": "log", "theta": "plain", "sigma": "log"}
        return replace(self, parameters=JumpParameters(**drawn(values, self.covariance, scales, generator, self.view)))

    @property
    def _drawn_from(self) -> JumpParameters:
        return replace(self.parameters, **self.view).wider(self.volatility)

    def _path(self, years: Floats) -> Floats:
        """Mean log price (N,) without jumps."""
        p, elapsed = self._drawn_from, years + self.stale_years
        away = np.log(self.price_per_mtok) - p.theta
        return np.asarray(p.theta + away * np.exp(-p.kappa * elapsed) + self.drift * elapsed)


def _spread(variance: Any, kappa: float, years: Any) -> Any:
    """Variance gathered over ``years`` by shocks of ``variance`` a year that fade at ``kappa``."""
    return -variance * np.expm1(-2 * kappa * years) / (2 * kappa)
