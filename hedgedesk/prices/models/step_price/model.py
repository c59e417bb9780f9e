"""StepPrice: flat until a seller announces another price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.fitting.uncertainty import drawn_around
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.step_price import words
from hedgedesk.prices.models.step_price.history import StepHistory, step_history
from hedgedesk.prices.models.step_price.law import StepLaw
from hedgedesk.prices.models.step_price.sampler import StepSampler
from hedgedesk.prices.models.step_price.sizes import growth_variance, mean_error, stretched

REPLACEMENTS = 4.0
"""Replacement models a year, an assumption."""
REPLACEMENT_SIZE = float(np.log(0.1) / REPLACEMENTS)
"""Log price of a replacement of the same quality against what it replaces, an assumption: a tenth in a year."""
VIEW_BOUNDS: Bounds = {
    "mu": (-5.0, 5.0),
    "down_rate": (0.0, 365.0),
    "down_size": (-5.0, -1e-6),
    "up_rate": (0.0, 365.0),
    "up_size": (1e-6, 5.0),
    "replacement_rate": (0.0, 52.0),
    "replacement_size": (-5.0, 0.0),
    "adopted_share": (0.0, 1.0),
}
"""What a user may choose: rates per year, sizes in log price, growth per year."""


@dataclass(frozen=True, eq=False)
class StepPrice(ArrayHolder):
    """ln P = ln P0 + steps of the sellers' own prices + steps to cheaper replacement models; flat otherwise.

    Steps down and up come by Poisson, their sizes are those seen. Replacement models of the same quality come at
    ``replacement_rate`` with log price ratio ``replacement_size``, of which ``adopted_share`` reaches the price. The
    curve is F(T) = P0 exp(T mu) with mu = sum of rate (E exp(size) - 1). Adopting a replacement late moves its step,
    not how many come a year. Example: P0 = 10, 0.6 a year x 0.5 and 0.2 a year x 2 make F(1) = 9.04837.
    """

    name: ClassVar[str] = "StepPrice"
    gaussian: ClassVar[bool] = False

    price_per_mtok: float
    """Newest price of the index."""
    down_rate: float
    """Steps down a year."""
    down_sizes: Floats
    """(n,) log sizes, below 0, each as likely as the other."""
    up_rate: float
    up_sizes: Floats
    """(m,) log sizes, above 0."""
    replacement_rate: float = REPLACEMENTS
    replacement_size: float = REPLACEMENT_SIZE
    adopted_share: float = 0.0
    """0: a matched index never sees a replacement."""
    drift: float | None = None
    """Expected growth per year used for the curve and the draws; None: what the steps make of it."""
    volatility: float = 1.0
    """Factor on every size of the draws."""
    stale_years: float = 0.0
    """Years from the newest price to the market's as_of."""
    steps: int = 0
    """Steps that the rates were estimated from."""
    standard_errors: dict[str, float] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    """Where the steps were read from, in words."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values; they stand in the fields above."""
    estimates: dict[str, float] = field(default_factory=dict)
    """All parameters before the view; empty without one."""

    def validate(self) -> None:
        """Raise ``ValueError`` for a rate or size out of its range, or a rate without a size."""
        if min(self.down_rate, self.up_rate, self.replacement_rate) < 0 or not 0 <= self.adopted_share <= 1:
            raise ValueError("rates must be at least 0 and the adopted share within 0 and 1")
        if np.any(self.down_sizes >= 0) or np.any(self.up_sizes <= 0) or self.replacement_size > 0:
            raise ValueError("steps down and replacements must be below 0 in log price, steps up above 0")
        for rate, sizes in ((self.down_rate, self.down_sizes), (self.up_rate, self.up_sizes)):
            if rate > 0 and sizes.size == 0:
                raise ValueError("a rate above 0 needs sizes")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Count the steps of ``market.list_prices``, or of ``market.index``; see :func:`step_history`.

        Raises
        ------
        ModelError
            Too few steps, or an index that moves with nearly every print.
        """
        history = step_history(market)
        model = cls(
            price_per_mtok=float(market.index.price_per_mtok[-1]),
            down_rate=history.down.per_year,
            down_sizes=history.down_sizes,
            up_rate=history.up.per_year,
            up_sizes=history.up_sizes,
            stale_years=float(years_between(market.index.dates[-1], market.as_of)),
            steps=history.steps,
            told=words.of_history(history),
        )
        return replace(model, standard_errors=model._errors(history))

    @property
    def growth(self) -> float:
        """Of the mean price per year, by the steps as they were seen."""
        return float(sum(self._law.growth_by_side))

    def describe(self) -> ModelSummary:
        """Parameters with standard errors and the assumptions; the sizes have no density, so there is no likelihood."""
        return ModelSummary(
            name=self.name,
            parameters=self.estimates or self._parameters(),
            standard_errors=self.standard_errors,
            log_likelihood=float("nan"),
            observations=self.steps,
            assumptions=(*self.told, *words.of_model(self._parameters()), *self._law.told()),
            view=self.view,
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Mean price P0 exp(T mu), (N,) in currency per Mtok, at ``years`` (N,) after as_of."""
        return np.asarray(self.price_per_mtok * np.exp(self._law.asked * self._elapsed(years)))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price: ln P0 + T sum of rate times mean size."""
        sizes, rates = self._law.atoms
        return np.asarray(np.log(self.price_per_mtok) + (rates @ sizes + self._law.trend) * self._elapsed(years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price: min(T_i, T_j) sum of rate times mean squared size."""
        elapsed = self._elapsed(years)
        return np.asarray(self._law.variance * np.minimum.outer(elapsed, elapsed))

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> StepSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0."""
        sizes, rates = self._law.atoms
        elapsed = self._elapsed(years)
        # The steps of the time since the newest price fall before the first date; until then nobody has seen them.
        level = np.log(self.price_per_mtok) + self._law.trend * np.append(self.stale_years, elapsed)
        level[0] += (self._law.asked - self._law.trend) * self.stale_years
        return StepSampler(
            sizes,
            rates,
            np.diff(elapsed, prepend=0.0),
            level,
            self._law.asked,
            size,
            precision,
            self.stale_years,
        )

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return PriceModel.sample(self, generator, years, size)

    def with_volatility(self, factor: float) -> Self:
        """Multiply every size by ``factor``; the curve stays, by a trend between the steps."""
        return replace(self, volatility=self.volatility * float(factor))

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year by how often steps come; a view of mu stands.

        Steps of one sign become as many times rarer as those of the other more frequent, so that the price still
        stands still between them. What the user's view says of a rate stays, and so do replacements. Where that leaves
        no way, or one beyond 10 times the rates seen, a trend between the steps makes the growth, and the model's
        assumptions say so.
        """
        return self if "mu" in self.view else replace(self, drift=float(drift))

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return VIEW_BOUNDS

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of the estimates.

        A size stretches all sizes of its sign so that their mean is the one asked for; mu is the growth drawn with.

        Raises
        ------
        InputError
            Another name, a value out of its range, or a rate of steps whose size nobody knows; every fault at once.
        """
        own = checked_view(self.name, view, VIEW_BOUNDS)
        self._require_sizes(own)
        plain = {name: own.get(name, float(getattr(self, name))) for name in _PLAIN}
        return replace(
            self,
            down_rate=plain["down_rate"],
            down_sizes=stretched(self.down_sizes, own.get("down_size")),
            up_rate=plain["up_rate"],
            up_sizes=stretched(self.up_sizes, own.get("up_size")),
            replacement_rate=plain["replacement_rate"],
            replacement_size=plain["replacement_size"],
            adopted_share=plain["adopted_share"],
            drift=own.get("mu", self.drift),
            view=self.view | own,
            estimates=self.estimates or self._parameters(),
        )

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with rates and mean sizes drawn from their estimated distribution, all of them lognormal."""
        values = {name: abs(value) for name, value in self._parameters().items() if name in _DRAWN}
        drawn = drawn_around(
            values, self.standard_errors, dict.fromkeys(_DRAWN, "log"), generator, held=tuple(self.view)
        )
        return replace(
            self,
            down_rate=drawn["down_rate"],
            up_rate=drawn["up_rate"],
            down_sizes=stretched(self.down_sizes, -drawn["down_size"] if "down_size" in drawn else None),
            up_sizes=stretched(self.up_sizes, drawn.get("up_size")),
        )

    @cached_property
    def _law(self) -> StepLaw:
        """What the price is drawn from."""
        replacement = np.array([self.adopted_share * self.replacement_size])
        sides = (
            (self.down_rate, self.down_sizes),
            (self.up_rate, self.up_sizes),
            (self.replacement_rate, replacement),
        )
        return StepLaw(sides, ("down_rate" in self.view, "up_rate" in self.view), self.drift, self.volatility)

    def _elapsed(self, years: Floats) -> Floats:
        return np.asarray(years, dtype=np.float64) + self.stale_years

    def _parameters(self) -> dict[str, float]:
        """By name; a mean size that no step has shown is left out."""
        found = {
            "mu": self.growth,
            "down_rate": self.down_rate,
            "down_size": float(self.down_sizes.mean()) if self.down_sizes.size else None,
            "up_rate": self.up_rate,
            "up_size": float(self.up_sizes.mean()) if self.up_sizes.size else None,
            "replacement_rate": self.replacement_rate,
            "replacement_size": self.replacement_size,
            "adopted_share": self.adopted_share,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _errors(self, history: StepHistory) -> dict[str, float]:
        errors = dict.fromkeys(self._parameters(), float("nan"))
        sides = (("down", history.down, self.down_sizes), ("up", history.up, self.up_sizes))
        for side, rate, sizes in sides:
            errors[f"{side}_rate"] = rate.standard_error
            if sizes.size > 1:
                errors[f"{side}_size"] = mean_error(sizes)
        return errors | {"mu": float(np.sqrt(sum(growth_variance(rate, sizes) for _, rate, sizes in sides)))}

    def _require_sizes(self, own: Mapping[str, float]) -> None:
        faults = [
            Fault(
                "view", None, f"{side}_rate", f"{own[f'{side}_rate']:g} without {side}_size", "both, as none was seen"
            )
            for side, sizes in (("down", self.down_sizes), ("up", self.up_sizes))
            if own.get(f"{side}_rate", 0.0) > 0 and sizes.size == 0 and f"{side}_size" not in own
        ]
        if faults:
            raise InputError(faults=faults)


_PLAIN = ("down_rate", "up_rate", "replacement_rate", "replacement_size", "adopted_share")
_DRAWN = ("down_rate", "down_size", "up_rate", "up_size")
