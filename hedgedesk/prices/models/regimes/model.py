"""Regimes: changes of the price that are calm in one week and wild in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.price_models import RegimePath
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.fitting.even_steps import even_steps
from hedgedesk.prices.fitting.uncertainty import ScaleName, drawn_around
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.regimes import words
from hedgedesk.prices.models.regimes.chain import RegimeChain
from hedgedesk.prices.models.regimes.choice import LEAST_CHANGES, chosen_fit
from hedgedesk.prices.models.regimes.coordinates import others, transitions
from hedgedesk.prices.models.regimes.sampler import RegimeSampler
from hedgedesk.prices.models.regimes.tilt import tilted


@dataclass(frozen=True, eq=False)
class Regimes(ArrayHolder):
    """Markov switching (Hamilton 1989): the log price of a step moves by N(mean_k, sd_k^2) in regime k.

    The regime of a step depends on that of the step before; within a step the price moves evenly. The curve is
    F(n steps) = S 1' (D P)^n p with D = diag(exp(mean + sd^2 / 2)), P the transition matrix and p the chances of the
    newest regime. Example: calm, war, shortage with P columns (0.95, 0.05, 0), (0.08, 0.90, 0.02), (0.06, 0, 0.94),
    means 0, -0.10, 0.06, sds 0.03, 0.08, 0.06, begun calm: F(12) = 0.846479 S.
    """

    name: ClassVar[str] = "Regimes"
    gaussian: ClassVar[bool] = False

    price_per_mtok: float
    """Newest price of the index."""
    step_years: float
    """Years of a step."""
    names: tuple[str, ...]
    """(k,) of the regimes."""
    mean: Floats
    """(k,) of the log change of a step."""
    sd: Floats
    """(k,) its standard deviation."""
    transition: Floats
    """(k, k) probability of regime i after regime j: columns add to 1."""
    newest: Floats
    """(k,) probabilities of the regime of the newest step."""
    drift: float | None = None
    """Expected growth per year used for the curve and the draws; None: what the regimes make of it."""
    stale_years: float = 0.0
    """Years from the newest price to the market's as_of."""
    covariance: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(p, p) of the estimates in the order of the parameters; NaN where one is held at a bound."""
    mu_standard_error: float = float("nan")
    """Of the long-run growth of the mean price per year."""
    log_likelihood: float = float("nan")
    observations: int = 0
    regimes: RegimePath | None = None
    """How likely each regime was in the history."""
    told: tuple[str, ...] = ()
    """How the regimes were found, in words."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values; they stand in the fields above."""
    estimates: dict[str, float] = field(default_factory=dict)
    """All parameters before the view; empty without one."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless all sizes fit, deviations are at least 0 and probabilities add to 1."""
        k = len(self.names)
        if not (self.mean.shape == self.sd.shape == self.newest.shape == (k,) and self.transition.shape == (k, k)):
            raise ValueError("every regime needs a mean, a standard deviation, a column of the matrix and a chance")
        if np.any(self.sd < 0) or np.any(self.transition < 0) or np.any(self.newest < 0):
            raise ValueError("standard deviations and probabilities must be at least 0")
        if not (np.allclose(self.transition.sum(axis=0), 1.0) and np.isclose(self.newest.sum(), 1.0)):
            raise ValueError("columns of the transition matrix and the newest probabilities must add to 1")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Find two or three regimes in the changes of ``market.index`` by maximum likelihood.

        Three are kept only if the Bayesian criterion prefers them and each fills at least a twentieth of the time.

        Raises
        ------
        ModelError
            Fewer than 52 changes, uneven dates, a price that never moved, or one regime that is enough.
        """
        index = market.index
        steps = even_steps(index, cls.name, LEAST_CHANGES)
        fit, told = chosen_fit(steps.changes, tick)
        k = fit.filtered.size
        names = words.regime_names(fit.values[k : 2 * k])
        model = cls(
            price_per_mtok=float(index.price_per_mtok[-1]),
            step_years=steps.years,
            names=names,
            mean=fit.values[:k],
            sd=fit.values[k : 2 * k],
            transition=transitions(fit.values[2 * k : 3 * k], fit.values[3 * k :]),
            newest=fit.filtered,
            stale_years=float(years_between(index.dates[-1], market.as_of)),
            covariance=fit.covariance,
            log_likelihood=fit.log_likelihood,
            observations=steps.changes.size,
            regimes=RegimePath(names, steps.dates, fit.smoothed),
            told=(words.of_history(steps, index.dates[0]), *told),
        )
        return replace(model, mu_standard_error=model._growth_error())

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        errors = self._errors()
        named = dict(zip(self._values(), errors.tolist(), strict=True))
        return ModelSummary(
            name=self.name,
            parameters=self.estimates or self._parameters(),
            standard_errors={"mu": self.mu_standard_error} | named,
            log_likelihood=self.log_likelihood,
            observations=self.observations,
            assumptions=(*self.told, *self._assumptions()),
            estimated=len(named),
            view=self.view,
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Mean price (N,), currency per Mtok, at ``years`` (N,) after as_of."""
        if self.drift is not None:
            return np.asarray(self.price_per_mtok * np.exp(self.drift * self._elapsed(years)))
        return np.asarray(self.price_per_mtok * np.exp(self._chain.log_growth(self._steps(years))))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price."""
        return self._level(years) + self._drawn.mean_after(self._steps(years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price."""
        return self._drawn.covariance(self._steps(years))

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> RegimeSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0."""
        dates = np.asarray(years, dtype=np.float64)

        def ahead(date: int, more: float) -> tuple[float, float]:
            at = np.array([(dates[date] if date >= 0 else 0.0) + more])
            return float(self._steps(at)[0]), float(self._level(at)[0])

        return RegimeSampler(self._drawn, self._steps(dates), self._level(dates), ahead, size, precision)

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return PriceModel.sample(self, generator, years, size)

    def with_volatility(self, factor: float) -> Self:
        """Multiply by ``factor`` the standard deviations and the means' distance from their long-run mean.

        The model's own curve moves with them; the simulation shifts it back onto today's.
        """
        usual = float(self._chain.stationary() @ self.mean)
        return replace(self, mean=usual + float(factor) * (self.mean - usual), sd=float(factor) * self.sd)

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year, whatever the regime is today; a view of mu stands.

        In the long run the regimes' means make it, the wild ones' by more, so that a price that rests still does; a
        mean of the user's view stays. What today's regime makes the mean price grow by beside it is taken off evenly.
        """
        return self if "mu" in self.view else replace(self, drift=float(drift))

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of the estimates; mu is the growth drawn with.

        Means and standard deviations are of a step in log price, the others probabilities.

        Raises
        ------
        InputError
            Another name, or a value out of its range; every fault at once.
        """
        own = checked_view(self.name, view, self.view_bounds)
        changed = self._with_values(self._values() | {name: v for name, v in own.items() if name != "mu"})
        return replace(
            changed,
            drift=own.get("mu", self.drift),
            view=self.view | own,
            estimates=self.estimates or self._parameters(),
        )

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with parameters drawn from their estimated distribution: deviations lognormal, chances logistic."""
        if not self.covariance.size:
            return self
        values = self._values()
        scales = {name: _SCALES[name.split("_")[0]] for name in values}
        return self._with_values(drawn_around(values, self.covariance, scales, generator, held=tuple(self.view)))

    @cached_property
    def _chain(self) -> RegimeChain:
        return RegimeChain(self.mean, self.sd, self.transition, self.newest)

    @cached_property
    def _drawn(self) -> RegimeChain:
        """The regimes of the draws."""
        return self._chain if self.drift is None else self._tilted or self._chain

    @cached_property
    def _tilted(self) -> RegimeChain | None:
        if self.drift is None:
            return None
        free = np.array([f"mean_{key}" not in self.view for key in self._keys])
        return tilted(self._chain, self.drift * self.step_years, free)

    @property
    def _keys(self) -> list[str]:
        return [name.replace(" ", "_") for name in self.names]

    def _elapsed(self, years: Floats) -> Floats:
        return np.asarray(years, dtype=np.float64) + self.stale_years

    def _steps(self, years: Floats) -> Floats:
        """(N,) steps from the newest price to each date."""
        return self._elapsed(years) / self.step_years

    def _level(self, years: Floats) -> Floats:
        """(N,) what is added to the sum of the changes, so that the mean price is the curve."""
        level = np.full(np.shape(years), np.log(self.price_per_mtok))
        if self.drift is None:
            return level
        return np.asarray(level + self.drift * self._elapsed(years) - self._drawn.log_growth(self._steps(years)))

    def _parameters(self) -> dict[str, float]:
        return {"mu": self._chain.long_run_growth() / self.step_years} | self._values()

    def _values(self) -> dict[str, float]:
        """What was estimated, by name, in the order of the covariance."""
        keys = self._keys
        stay = np.diag(self.transition)
        values = {f"mean_{key}": float(v) for key, v in zip(keys, self.mean, strict=True)}
        values |= {f"sd_{key}": float(v) for key, v in zip(keys, self.sd, strict=True)}
        values |= {f"stay_{key}": float(v) for key, v in zip(keys, stay, strict=True)}
        if len(keys) == 3:
            for j, (_, later) in enumerate(others(3)):
                leave = 1.0 - stay[j]
                share = float(self.transition[later, j] / leave) if leave > 0 else 0.5
                values[f"from_{keys[j]}_to_{keys[later]}"] = share
        return values

    def _errors(self) -> Floats:
        """(p,) standard errors of the values; NaN where one was held at a bound, or nothing was estimated."""
        return np.sqrt(np.diag(self.covariance)) if self.covariance.size else np.full(len(self._values()), np.nan)

    def _assumptions(self) -> tuple[str, ...]:
        k = len(self.names)
        # Without a covariance nothing was estimated, and so nothing held at a bound.
        errors = self._errors()[k : 2 * k] if self.covariance.size else np.zeros(k)
        return words.of_model(self.names, np.diag(self.transition), errors, self.drift, self._moves())

    def _moves(self) -> Floats | None:
        """(k,) by how much the draws move the regimes' means so that the mean price grows as asked."""
        return None if self._tilted is None else self._tilted.mean - self.mean

    def _growth_error(self, step: float = 1e-6) -> float:
        """Standard error of the long-run growth per year by the delta method, what is held at a bound being known."""
        values = self._values()

        def growth(name: str, move: float) -> float:
            return self._with_values(values | {name: values[name] + move})._chain.long_run_growth()

        slope = np.array([(growth(name, step) - growth(name, -step)) / (2 * step) for name in values])
        return float(np.sqrt(slope @ np.nan_to_num(self.covariance) @ slope) / self.step_years)

    def _with_values(self, values: Mapping[str, float]) -> Self:
        k = len(self.names)
        row = np.array(list(values.values()))
        matrix = transitions(row[2 * k : 3 * k], row[3 * k :])
        return replace(self, mean=row[:k], sd=row[k : 2 * k], transition=matrix)

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        ranges = {"mean": (-2.0, 2.0), "sd": (1e-6, 2.0), "stay": (0.0, 0.9999), "from": (0.0, 1.0)}
        return {"mu": (-5.0, 5.0)} | {name: ranges[name.split("_")[0]] for name in self._values()}


_SCALES: dict[str, ScaleName] = {"mean": "plain", "sd": "log", "stay": "logit", "from": "logit"}
