"""TwoFactorJumps: the two factors of Schwartz and Smith, the short-term one with jumps of two signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from hedgedesk.prices.models.jump_diffusion.coordinates import JUMPS, drawn
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, drift_over, log_growth
from hedgedesk.prices.models.jump_diffusion.own_view import JUMP_BOUNDS, require_bounded_mean
from hedgedesk.prices.models.jump_diffusion.sampler import JumpSampler, JumpSteps
from hedgedesk.prices.models.two_factor import formulas
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.redraw import state_today
from hedgedesk.prices.models.two_factor_jumps.estimate import NAMES, FactorFit, fit_futures, fit_prices
from hedgedesk.prices.models.two_factor_jumps.panel_filter import FACTORS

BOUNDS = {
    "kappa": (0.01, 300.0),
    "sigma_chi": (1e-6, 10.0),
    "sigma_xi": (1e-6, 10.0),
    "rho": (-0.999, 0.999),
    "mu_xi_star": (-5.0, 5.0),
    "lambda_chi": (-20.0, 20.0),
    **JUMP_BOUNDS,
}
"""mu_xi is left out: it moves no price of the curve's measure."""


@dataclass(frozen=True, eq=False)
class TwoFactorJumps(ArrayHolder):
    """ln S = chi + xi; d chi = -(kappa chi + lambda_chi + sum lambda m) dt + sigma_chi dz + J_d dN_d + J_u dN_u.

    xi drifts and diffuses as in :class:`TwoFactor`. What jumps do to the mean of the log price is taken out of chi's
    drift, so that chi returns to 0 and log means are those without jumps; the curve keeps their convexity.
    """

    name: ClassVar[str] = "TwoFactorJumps"
    gaussian: ClassVar[bool] = False

    factors: TwoFactorParameters
    """As estimated; the user's view, the asked drift and volatility come on top."""
    jump_sizes: SignedJumps
    state: Floats
    """(2,) expected chi and xi on as_of."""
    state_covariance: Floats = field(default_factory=lambda: np.zeros((2, 2)))
    """(2, 2) what is not known of them; the draws include it."""
    covariance: Floats = field(default_factory=lambda: np.full((len(NAMES), len(NAMES)), np.nan))
    """(13, 13) of the estimates, factors first; NaN where one is an input."""
    measurement_sd: Floats = field(default_factory=lambda: np.zeros(0))
    """(K,) of the quotes by rank, in log price."""
    log_likelihood: float = float("nan")
    estimated: int = 0
    observations: int = 0
    from_futures: bool = True
    """False: fitted to the index alone, so that the risk-neutral drift is an input."""
    fitted_on: str = ""
    """The history used, in words."""
    jumps: tuple[JumpRecord, ...] = ()
    """Those that the history shows."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Where rate and size come from, for each sign of which the history shows too few."""
    drift: float = 0.0
    """Growth per year of the long-term level, where no futures say it."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values by parameter."""
    volatility: float = 1.0
    """Factor on every shock."""
    state_response: Floats = field(default_factory=lambda: np.zeros((2, len(NAMES))))
    """(2, 13) by how much the state moves per unit of each estimate when the same history is seen through it."""

    def validate(self) -> None:
        """Raise ``ValueError`` for a wrong shape, a parameter that is not finite, or one outside its range."""
        p, sizes = self.factors, self.jump_sizes
        if self.state.shape != (2,) or self.state_covariance.shape != (2, 2):
            raise ValueError("the state is (chi, xi) with a 2 x 2 covariance")
        if not (p.kappa > 0 and p.sigma_chi >= 0 and p.sigma_xi >= 0 and -1 <= p.rho <= 1):
            raise ValueError(f"kappa must be above 0, sigmas at least 0 and rho within -1 and 1: {p}")
        if not np.all(np.isfinite([*self._estimates.values(), *self.state])):
            raise ValueError(f"parameters and state must be finite: {p}, {sizes}, {self.state}")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Fit the futures history where there is one (more than one date), else the index alone.

        The two-factor model without jumps gives the start and the measurement errors. Then the other parameters
        maximise the likelihood of a Kalman filter that follows every number of jumps at a date and makes the mixture
        one normal after it. A sign with fewer than 5 jumps takes rate and size as inputs.

        Raises
        ------
        ModelError
            The history does not identify factors or jumps; the message says what it would need.
        """
        if market.futures is not None and market.futures.dates.size > 1:
            return cls._from_fit(fit_futures(market.futures, tick), market.as_of, from_futures=True)
        return cls._from_fit(fit_prices(market.index, tick), market.as_of, from_futures=False)

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        errors = dict(zip(NAMES, (float(v) for v in np.sqrt(np.diag(self.covariance))), strict=True))
        noise = {f"measurement_sd_{k + 1}": float(sd) for k, sd in enumerate(self.measurement_sd)}
        return ModelSummary(
            name=self.name,
            parameters=self._estimates | noise,
            standard_errors=errors | dict.fromkeys(noise, float("nan")),
            log_likelihood=self.log_likelihood,
            observations=self.observations,
            assumptions=words.of_two_factors(self._factors, self.fitted_on, from_futures=self.from_futures)
            + words.of_jumps(self._jumps, self.inputs, len(self.jumps)),
            estimated=self.estimated or None,
            view=dict(self.view),
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Model curve (N,), currency per Mtok: the mean of S at ``years`` (N,) after as_of."""
        years = np.asarray(years, dtype=np.float64)
        p, loadings = self._factors, self._loadings(years)
        unknown = np.einsum("ni,ij,nj->n", loadings, self.state_covariance, loadings)
        jumped = log_growth(self._jumps, p.kappa, years) - drift_over(self._jumps, p.kappa, years)
        return np.asarray(np.exp(self.log_mean(years) + 0.5 * (formulas.log_variance(p, years) + unknown) + jumped))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price, that of the factors without jumps."""
        years = np.asarray(years, dtype=np.float64)
        return np.asarray(self._loadings(years) @ self.state + formulas.mean_shift(self._factors, years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price; jumps widen chi by sum lambda (m^2 + s^2) a year."""
        years = np.asarray(years, dtype=np.float64)
        p, loadings = self._factors, self._loadings(years)
        jumps = replace(p, sigma_chi=float(np.sqrt(self._jumps.variance)), sigma_xi=0.0)
        unknown = loadings @ self.state_covariance @ loadings.T
        return formulas.log_covariance(p, years) + formulas.log_covariance(jumps, years) + unknown

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> JumpSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), exactly at any distance."""
        p, years = self._factors, np.asarray(years, dtype=np.float64)
        chi, both, xi = formulas.shock_covariance(p, np.diff(years, prepend=0.0))
        shocks = np.moveaxis(np.array([[chi, both], [both, xi]]), -1, 0)
        first = self._loading_rows(float(years[0]))
        shocks[0] += first @ self.state_covariance @ first.T
        roots = np.array([_root(covariance) for covariance in shocks])
        steps = JumpSteps(years, years, np.array([p.kappa, 0.0]), roots, self._jumps)
        return JumpSampler(steps, self._path, lambda gap: float(formulas.log_variance(p, gap)), size, precision)

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return self.sampler(years, size, np.dtype(np.float64)).sample(generator)

    def with_volatility(self, factor: float) -> Self:
        """Multiply both sigmas and every jump's log size by ``factor``; state and mean of the log price stay."""
        return replace(self, volatility=self.volatility * float(factor))

    def with_drift(self, drift: float) -> Self:
        """Set the growth per year of the long-term level; a model fitted to futures returns itself unchanged."""
        return self if self.from_futures else replace(self, drift=float(drift))

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return BOUNDS

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of the estimates.

        Raises
        ------
        InputError
            A name is not a parameter of the curve's measure, or a value is outside its range, every fault at once; or
            the jumps together leave no mean price.
        """
        own = replace(self, view=checked_view(self.name, view, BOUNDS))
        require_bounded_mean(self.name, own._jumps, own._factors.kappa)
        return own

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with its estimates drawn from their distribution, and the state that goes with them.

        Inputs and the user's view stay.
        """
        scales: dict[str, ScaleName] = {"kappa": "log", "sigma_chi": "log", "sigma_xi": "log", "rho": "atanh"}
        values = drawn(self._estimates, self.covariance, scales, generator, self.view)
        moved = np.array([values[name] - self._estimates[name] for name in NAMES])
        return replace(self, **_split(values), state=self.state + self.state_response @ moved)

    @classmethod
    def _from_fit(cls, fit: FactorFit, as_of: np.datetime64, *, from_futures: bool) -> Self:
        """Hold the newest factors, carried over the time to as_of that no quote has seen."""
        parts = _split(dict(zip(NAMES, (float(v) for v in fit.values), strict=True)))
        p, gap = parts["factors"], float(years_between(fit.last_date, as_of))
        chi, both, xi = formulas.shock_covariance(p, gap)
        chi += -parts["jump_sizes"].variance * np.expm1(-2 * p.kappa * gap) / (2 * p.kappa)
        transition = np.diag([float(formulas.decay(p, gap)), 1.0])
        response = transition @ fit.state_response
        response[0, NAMES.index("kappa")] -= gap * transition[0, 0] * fit.state[0]
        response[1, NAMES.index("mu_xi")] += gap
        return cls(
            **parts,
            state=state_today(p, fit.state, gap),
            state_response=response,
            state_covariance=transition @ fit.state_covariance @ transition + np.array([[chi, both], [both, xi]]),
            covariance=fit.covariance,
            measurement_sd=fit.measurement_sd if from_futures else np.zeros(0),
            log_likelihood=fit.log_likelihood,
            estimated=fit.estimated,
            observations=fit.observations,
            from_futures=from_futures,
            fitted_on=fit.fitted_on,
            jumps=fit.jumps,
            inputs=fit.inputs,
        )

    @property
    def _estimates(self) -> dict[str, float]:
        named = {name: float(getattr(self.factors, name)) for name in NAMES[:FACTORS]}
        return named | {name: float(getattr(self.jump_sizes, name)) for name in JUMPS}

    @property
    def _factors(self) -> TwoFactorParameters:
        """Of the draws: estimates, the user's view, the asked volatility and drift."""
        p = replace(self.factors, **{name: v for name, v in self.view.items() if name not in JUMPS})
        p = replace(p, sigma_chi=p.sigma_chi * self.volatility, sigma_xi=p.sigma_xi * self.volatility)
        if self.from_futures or "mu_xi_star" in self.view:
            return p
        return replace(p, mu_xi_star=self.drift - 0.5 * p.sigma_xi**2)

    @property
    def _jumps(self) -> SignedJumps:
        own = {name: v for name, v in self.view.items() if name in JUMPS}
        return replace(self.jump_sizes, **own).scaled(self.volatility)

    def _path(self, years: Floats) -> Floats:
        """Mean log price (N,) less what jumps add to it."""
        return np.asarray(self.log_mean(years) - drift_over(self._jumps, self._factors.kappa, years))

    def _loadings(self, years: Floats) -> Floats:
        return np.stack([formulas.decay(self._factors, years), np.ones_like(years)], axis=-1)

    def _loading_rows(self, years: float) -> Floats:
        """How today's factors enter those of a date."""
        return np.diag([float(formulas.decay(self._factors, years)), 1.0])


def _split(values: Mapping[str, float]) -> dict[str, Any]:
    factors = TwoFactorParameters(*(values[name] for name in NAMES[:FACTORS]))
    return {"factors": factors, "jump_sizes": SignedJumps(*(values[name] for name in JUMPS))}


def _root(covariance: Floats) -> Floats:
    """Lower triangular root of a 2 x 2 covariance, singular ones included."""
    first = np.sqrt(max(covariance[0, 0], 0.0))
    slope = covariance[1, 0] / first if first > 0 else 0.0
    return np.array([[first, 0.0], [slope, np.sqrt(max(covariance[1, 1] - slope**2, 0.0))]])
