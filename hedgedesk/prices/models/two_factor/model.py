"""TwoFactor: the fitted two-factor model as a price model, with its curve, moments and exact draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.errors import NotConverged
from hedgedesk.domain.market import FuturesHistory, MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.two_factor import formulas, words
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.redraw import drawn_parameters, state_response, state_today
from hedgedesk.prices.models.two_factor.search import TwoFactorFit, fit_panel
from hedgedesk.prices.paths.gaussian import GaussianSampler

VIEW_BOUNDS: Bounds = {
    "kappa": (1e-3, 100.0),
    "sigma_chi": (1e-4, 10.0),
    "sigma_xi": (1e-4, 10.0),
    "rho": (-0.999, 0.999),
    "mu_xi_star": (-5.0, 5.0),
    "lambda_chi": (-5.0, 5.0),
}
"""What a user may choose, rates per year; mu_xi is only reported and moves no draw."""


@dataclass(frozen=True, eq=False)
class TwoFactor(ArrayHolder):
    """ln S = chi + xi: a short-term part that reverts, a long-term level that drifts (Schwartz and Smith 2000).

    ``futures``, ``log_mean``, ``log_covariance`` and ``sample`` are risk-neutral. Example: at the published crude
    oil parameters, chi = 0.1 and xi = ln 20 make F(1) = exp(0.1 * 0.225373 + ln 20 - 0.040114) = 19.6515.
    """

    name: ClassVar[str] = "TwoFactor"
    gaussian: ClassVar[bool] = True

    parameters: TwoFactorParameters
    state: Floats
    """(2,) expected chi and xi on as_of."""
    state_covariance: Floats = field(default_factory=lambda: np.zeros((2, 2)))
    """(2, 2) what is not known of them; the draws include it."""
    standard_errors: dict[str, float] = field(default_factory=dict)
    """By parameter name; NaN where the history does not identify it."""
    measurement_sd: Floats = field(default_factory=lambda: np.zeros(0))
    """(K,) of the quotes by rank, in log price."""
    log_likelihood: float = float("nan")
    observations: int = 0
    from_futures: bool = True
    """False: fitted to the index alone, so that the risk-neutral drift is an input."""
    fitted_on: str = ""
    """The history used, in words."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values; they stand in ``parameters``."""
    estimates: dict[str, float] = field(default_factory=dict)
    """What the view has replaced."""
    covariance: Floats = field(default_factory=lambda: np.full((7, 7), np.nan))
    """(7, 7) of the estimates in the order of the parameters' fields; NaN where one was not estimated."""
    state_response: Floats = field(default_factory=lambda: np.zeros((2, 7)))
    """(2, 7) by how much the state moves per unit of each parameter when the same history is seen through it."""

    def validate(self) -> None:
        """Raise ``ValueError`` for a wrong shape, a parameter that is not finite, or one outside its range."""
        p = self.parameters
        if self.state.shape != (2,) or self.state_covariance.shape != (2, 2):
            raise ValueError("the state is (chi, xi) with a 2 x 2 covariance")
        if self.covariance.shape != (7, 7) or self.state_response.shape != (2, 7):
            raise ValueError("seven parameters have a 7 x 7 covariance and move the state by 2 x 7")
        if not (p.kappa > 0 and p.sigma_chi >= 0 and p.sigma_xi >= 0 and -1 <= p.rho <= 1):
            raise ValueError(f"kappa must be above 0, sigmas at least 0 and rho within -1 and 1: {p}")
        if not all(np.isfinite(v) for v in (p.mu_xi, p.mu_xi_star, p.lambda_chi, *self.state)):
            raise ValueError(f"drifts, premium and state must be finite: {p}, {self.state}")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Fit the futures history where there is one (more than one date), else the index alone.

        ``tick`` is told the progress of the search.

        Raises
        ------
        ModelError
            The history does not identify two factors; the message says what it would need.
        """
        if market.futures is not None and market.futures.dates.size > 1:
            return cls._fit_futures(market.futures, market.as_of, tick)
        return cls._fit_spot(market, tick)

    @staticmethod
    def fit_panel(log_futures: Floats, maturities_years: Floats, dt_years: float | Floats) -> TwoFactorFit:
        """Maximum likelihood of a panel of log futures prices; chi starts stationary, xi exactly diffuse.

        Parameters
        ----------
        log_futures
            (T, K) natural logarithms of prices; NaN where missing, nothing is interpolated.
        maturities_years
            (K,), or (T, K) where they change from date to date.
        dt_years
            Years from one date to the next, or (T - 1,) of them.

        Returns
        -------
        TwoFactorFit
            ``parameters`` and ``standard_errors`` by name, ``log_likelihood``, filtered ``states`` (T, 2).

        Raises
        ------
        NotConverged
            No interior maximum was found.
        ValueError
            Shapes do not fit, or a column has no quote at all.
        """
        return fit_panel(log_futures, maturities_years, dt_years)

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        p = self.parameters
        named = {name: float(getattr(p, name)) for name in p.__dataclass_fields__} | self.estimates
        named |= {f"measurement_sd_{k + 1}": float(sd) for k, sd in enumerate(self.measurement_sd)}
        return ModelSummary(
            name=self.name,
            parameters=named,
            standard_errors={name: self.standard_errors.get(name, float("nan")) for name in named},
            log_likelihood=self.log_likelihood,
            observations=self.observations,
            assumptions=self._assumptions(),
            estimated=sum(np.isfinite(error) for error in self.standard_errors.values()) or None,
            view=self.view,
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Model curve (N,), currency per Mtok: the mean of S at ``years`` (N,) after as_of (paper's eq. 9).

        With the state known it is exp(b chi + xi + A(T)); half the variance of what is not known comes on top.
        """
        years = np.asarray(years, dtype=np.float64)
        variance = formulas.log_variance(self.parameters, years) + np.einsum(
            "ni,ij,nj->n", self._loadings(years), self.state_covariance, self._loadings(years)
        )
        return np.asarray(np.exp(self.log_mean(years) + 0.5 * variance))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price: b chi + xi + mu_xi_star T - (1 - b) lambda_chi / kappa."""
        years = np.asarray(years, dtype=np.float64)
        return np.asarray(self._loadings(years) @ self.state + formulas.mean_shift(self.parameters, years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price."""
        years = np.asarray(years, dtype=np.float64)
        loadings = self._loadings(years)
        return formulas.log_covariance(self.parameters, years) + loadings @ self.state_covariance @ loadings.T

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> GaussianSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0.

        The two factors step by their own transition, at any distance between the dates without error; what is not
        known of them today is part of the first step.
        """
        p = self.parameters
        both = p.rho * p.sigma_chi * p.sigma_xi
        return GaussianSampler(
            kappa=np.array([p.kappa, 0.0]),
            covariance=np.array([[p.sigma_chi**2, both], [both, p.sigma_xi**2]]),
            unknown=self.state_covariance,
            log_mean=self.log_mean,
            variance_ahead=lambda ahead: np.asarray(formulas.log_variance(p, ahead)),
            years=years,
            size=size,
            precision=precision,
        )

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return PriceModel.sample(self, generator, years, size)

    def with_volatility(self, factor: float) -> Self:
        """Multiply sigma_chi and sigma_xi by ``factor``; the state, what is not known of it and the drifts stay.

        The model's own curve moves with the variances; the simulation shifts it back onto today's.
        """
        p = self.parameters
        wider = replace(p, sigma_chi=p.sigma_chi * float(factor), sigma_xi=p.sigma_xi * float(factor))
        return replace(self, parameters=wider)

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth per year of the long-term level: mu_xi_star = drift - sigma_xi^2 / 2.

        The pull of chi back to 0 comes on top. A model fitted to futures returns itself: its curve says the drift.
        """
        if self.from_futures or "mu_xi_star" in self.view:
            return self
        mu_star = float(drift) - 0.5 * self.parameters.sigma_xi**2
        return replace(self, parameters=replace(self.parameters, mu_xi_star=mu_star))

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return VIEW_BOUNDS

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of estimates; the state of today stays.

        Raises
        ------
        InputError
            A name is none of kappa, sigma_chi, sigma_xi, rho, mu_xi_star and lambda_chi, or a value is out of its
            range; every fault at once.
        """
        own = checked_view(self.name, view, VIEW_BOUNDS)
        estimates = {name: float(getattr(self.parameters, name)) for name in own} | self.estimates
        return replace(self, parameters=replace(self.parameters, **own), view=self.view | own, estimates=estimates)

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with parameters drawn from their estimated distribution, and the state that goes with them.

        A drift that is an input stays what it is: mu_xi_star then moves with sigma_xi.
        """
        drawn, moved = drawn_parameters(self.parameters, self.covariance, generator, tuple(self.view))
        if not self.from_futures and "mu_xi_star" not in self.view:
            before = self.parameters
            drawn = replace(drawn, mu_xi_star=before.mu_xi_star + 0.5 * (before.sigma_xi**2 - drawn.sigma_xi**2))
        return replace(self, parameters=drawn, state=self.state + self.state_response @ moved)

    @classmethod
    def _fit_futures(cls, history: FuturesHistory, as_of: np.datetime64, tick: Tick) -> Self:
        from hedgedesk.prices.models.two_factor.panel import nearby_panel

        panel = nearby_panel(history)
        try:
            fit = fit_panel(panel.log_prices, panel.maturities_years, panel.steps_years, tick)
        except NotConverged as error:
            raise NotConverged(f"{error}. RandomWalk needs the index alone") from error
        ranks = ", ".join(str(rank) for rank in panel.ranks)
        history_words = (
            f"{panel.dates.size} dates of futures, {panel.dates[0]} to {panel.dates[-1]}, nearby contracts {ranks}"
        )
        gap = float(years_between(panel.dates[-1], as_of))
        response = state_response(fit, panel.log_prices, panel.maturities_years, panel.steps_years, gap)
        return cls._from_fit(fit, gap, response, from_futures=True, fitted_on=history_words)

    @classmethod
    def _fit_spot(cls, market: MarketSnapshot, tick: Tick) -> Self:
        from hedgedesk.prices.models.two_factor.spot import fit_spot

        dates = market.index.dates
        history_words = f"{dates.size} prices of the index, {dates[0]} to {dates[-1]}"
        gap = float(years_between(dates[-1], market.as_of))
        fit = fit_spot(market.index, tick)
        steps = np.diff(years_between(dates[0], dates))
        response = state_response(fit, np.log(market.index.price_per_mtok)[:, None], np.zeros(1), steps, gap)
        return cls._from_fit(fit, gap, response, from_futures=False, fitted_on=history_words)

    @classmethod
    def _from_fit(
        cls, fit: TwoFactorFit, gap_years: float, response: Floats, *, from_futures: bool, fitted_on: str
    ) -> Self:
        """Hold the newest filtered state, carried over the ``gap_years`` to as_of that no quote has seen."""
        p = fit.model_parameters
        transition = np.diag([float(formulas.decay(p, gap_years)), 1.0])
        errors = {name: v for name, v in fit.standard_errors.items() if name != "measurement_sd"}
        sd = fit.parameters["measurement_sd"] if from_futures else np.zeros(0)
        errors |= {f"measurement_sd_{k + 1}": float(fit.standard_errors["measurement_sd"][k]) for k in range(sd.size)}
        return cls(
            parameters=p,
            state=state_today(p, fit.states[-1], gap_years),
            state_covariance=transition @ fit.state_covariance @ transition + _shocks(p, gap_years),
            standard_errors=errors,
            measurement_sd=sd,
            log_likelihood=fit.log_likelihood,
            observations=fit.observations,
            from_futures=from_futures,
            fitted_on=fitted_on,
            covariance=fit.covariance[:7, :7],
            state_response=response,
        )

    def _loadings(self, years: Floats) -> Floats:
        return np.stack([formulas.decay(self.parameters, years), np.ones_like(years)], axis=-1)

    def _assumptions(self) -> tuple[str, ...]:
        told = words.of_futures if self.from_futures else words.of_index
        return told(self.parameters, self.standard_errors, self.fitted_on)


def _shocks(p: TwoFactorParameters, years: float) -> Floats:
    chi, both, xi = formulas.shock_covariance(p, years)
    return np.array([[chi, both], [both, xi]], dtype=np.float64)
