"""Bootstrap: the history's own changes, drawn again in blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.fitting.even_steps import even_steps
from hedgedesk.prices.fitting.views import Bounds, checked_view
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.bootstrap.blocks import BlockChain
from hedgedesk.prices.models.bootstrap.sampler import BlockSampler

LEAST_CHANGES = 52
"""Fewer changes hold too few blocks to draw from."""
LONGEST_SHARE = 0.25
"""Longest mean block, as a share of the history: fewer than four blocks would repeat it."""


@dataclass(frozen=True, eq=False)
class Bootstrap(ArrayHolder):
    """Stationary bootstrap of the index's log changes (Politis and Romano 1994): the past's own law, and no other.

    Changes are drawn in blocks of geometric length that wrap around the end of the history. The price at a date is
    the print nearest to it. The mean of the changes is taken out and ``drift`` put in, exactly: the curve is
    F(T) = S exp(drift T). No change larger than those seen can be drawn.
    """

    name: ClassVar[str] = "Bootstrap"
    gaussian: ClassVar[bool] = False

    price_per_mtok: float
    """Newest price of the index."""
    changes: Floats
    """(n,) log changes in the order of the history."""
    step_years: float
    """Years of a change."""
    block_length: float
    """Mean length of a block, in changes; at least 1."""
    stale_years: float = 0.0
    """Years from the newest price to the market's as_of."""
    drift: float = 0.0
    """Expected growth per year used for the curve and the draws."""
    fitted_on: str = ""
    """The history used, in words."""
    view: dict[str, float] = field(default_factory=dict)
    """The user's own values; they stand in the fields above."""
    estimates: dict[str, float] = field(default_factory=dict)
    """All parameters before the view; empty without one."""
    standard_errors: dict[str, float] = field(default_factory=dict)
    """Of the estimates; NaN where there is none."""

    def validate(self) -> None:
        """Raise ``ValueError`` without changes, with a step of no length, or with blocks shorter than one change."""
        if self.changes.ndim != 1 or self.changes.size == 0 or not np.all(np.isfinite(self.changes)):
            raise ValueError("a bootstrap needs a row of finite changes")
        if not (self.price_per_mtok > 0 and self.step_years > 0 and self.block_length >= 1):
            raise ValueError("price and step must be above 0, blocks at least one change long")

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Take the changes of ``market.index`` and choose the length of the blocks.

        The mean length is n^(1/3), or the optimal one of Politis and White (2004) for the changes or for their
        squares where that is longer, at most a quarter of the history.

        Raises
        ------
        ModelError
            Fewer than 52 changes, uneven dates, or a price that never moved.
        """
        index = market.index
        steps = even_steps(index, cls.name, LEAST_CHANGES)
        model = cls(
            price_per_mtok=float(index.price_per_mtok[-1]),
            changes=steps.changes,
            step_years=steps.years,
            block_length=_mean_length(steps.changes),
            stale_years=float(years_between(index.dates[-1], market.as_of)),
            fitted_on=f"{steps.changes.size} changes over {steps.words()} each, {index.dates[0]} to {index.dates[-1]}",
        )
        return replace(model, standard_errors=model._resampled_errors())

    @property
    def mu(self) -> float:
        """Growth of the mean price per year that the changes themselves show."""
        return float(np.log(np.mean(np.exp(self.changes))) / self.step_years)

    @property
    def sigma(self) -> float:
        """Standard deviation of the log price per square root of a year, were the changes independent."""
        return float(self.changes.std() / np.sqrt(self.step_years))

    def describe(self) -> ModelSummary:
        """Parameters with standard errors over resampled histories, and the assumptions; there is no likelihood."""
        return ModelSummary(
            name=self.name,
            parameters=self.estimates or self._parameters(),
            standard_errors=self.standard_errors,
            log_likelihood=float("nan"),
            observations=self.changes.size,
            assumptions=self._assumptions(),
            view=self.view,
        )

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    def futures(self, years: Floats) -> Floats:
        """Mean price S exp(drift T), (N,) in currency per Mtok, at ``years`` (N,) after as_of."""
        return np.asarray(self.price_per_mtok * np.exp(self.drift * self._elapsed(years)))

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price."""
        return self._level(years) + self._chain.mean(self._prints(years))

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price."""
        return self._chain.covariance(self._prints(years))

    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> BlockSampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0."""
        dates = np.asarray(years, dtype=np.float64)

        def ahead(date: int, more: float) -> tuple[int, float]:
            at = np.array([(dates[date] if date >= 0 else 0.0) + more])
            return int(self._prints(at)[0]), float(self._level(at)[0])

        return BlockSampler(self._chain, self._prints(dates), self._level(dates), ahead, size, precision)

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        return PriceModel.sample(self, generator, years, size)

    def with_volatility(self, factor: float) -> Self:
        """Multiply the changes' distance from their mean by ``factor``; the curve does not depend on it."""
        if factor == 1.0:
            return self
        mean = self.changes.mean()
        return replace(self, changes=mean + float(factor) * (self.changes - mean))

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year; a view of mu stands.

        Changes of 0 stay: in a history that often stands still the others make the growth, by the same move each.
        """
        return self if "mu" in self.view else replace(self, drift=float(drift))

    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of the history's: mu then is the growth drawn with.

        ``sigma`` stretches the changes around their mean, ``block_length`` is in changes.

        Raises
        ------
        InputError
            Another name, or a value out of its range; every fault at once.
        """
        own = checked_view(self.name, view, self.view_bounds)
        wider = self.with_volatility(own["sigma"] / self.sigma) if "sigma" in own else self
        return replace(
            wider,
            block_length=own.get("block_length", self.block_length),
            drift=own.get("mu", self.drift),
            view=self.view | own,
            estimates=self.estimates or self._parameters(),
        )

    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model of another history of the same length, drawn from this one; a view of sigma stands.

        Around its own mean another history has less variance by that of its mean, for which it is stretched.
        """
        other = replace(self, changes=_another_history(self.changes, self.block_length, generator))
        if "sigma" in self.view and other.sigma > 0:
            return other.with_volatility(self.sigma / other.sigma)
        variance = float(self.changes.var())
        return other.with_volatility(np.sqrt(variance / (variance - self._mean_variance())))

    @cached_property
    def _chain(self) -> BlockChain:
        """The changes that are drawn."""
        return BlockChain(self.changes + self._move * (self.changes != 0.0), 1.0 / self.block_length)

    @cached_property
    def _move(self) -> float:
        """What is added to each change but those of 0, so that the mean price grows as asked in a step on its own.

        None without a change of 0, where an even trend of the level does the same; none either where it would be more
        than the standard deviation of what it is added to.
        """
        moving = self.changes[self.changes != 0.0]
        still = 1.0 - moving.size / self.changes.size
        wanted = float(np.exp(self.drift * self.step_years)) - still
        if still in (0.0, 1.0) or wanted <= 0.0:
            return 0.0
        move = float(np.log(wanted / (1.0 - still)) - np.log(np.mean(np.exp(moving))))
        return move if abs(move) <= moving.std() else 0.0

    def _elapsed(self, years: Floats) -> Floats:
        return np.asarray(years, dtype=np.float64) + self.stale_years

    def _prints(self, years: Floats) -> Floats:
        """(N,) prints until the one nearest to each date."""
        return np.floor(self._elapsed(years) / self.step_years + 0.5)

    def _level(self, years: Floats) -> Floats:
        """(N,) what is added to the sum of the changes, so that the mean price is the curve."""
        own = np.array([self._chain.log_growth(int(n))[-1] for n in self._prints(years)])
        return np.asarray(np.log(self.price_per_mtok) + self.drift * self._elapsed(years) - own)

    @property
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        return {"mu": (-5.0, 5.0), "sigma": (1e-4, 10.0), "block_length": (1.0, float(self.changes.size))}

    def _parameters(self) -> dict[str, float]:
        return {"mu": self.mu, "sigma": self.sigma, "block_length": self.block_length}

    def _mean_variance(self) -> float:
        """Of the mean of a resampled history of the same length."""
        size = self.changes.size
        seen = BlockChain(self.changes, 1.0 / self.block_length)
        return float(seen.covariance(np.array([size]))[0, 0]) / size**2

    def _resampled_errors(self) -> dict[str, float]:
        """From the variance of the mean of resampled changes; of sigma from that of their squares."""
        n, root = self.changes.size, np.sqrt(self.step_years)
        squares = (self.changes - self.changes.mean()) ** 2
        mean_error = np.sqrt(self._mean_variance())
        square_error = np.sqrt(BlockChain(squares, 1.0 / self.block_length).covariance(np.array([n]))[0, 0]) / n
        deviation = self.changes.std()
        return {
            "mu": float(mean_error / self.step_years),
            "sigma": float(square_error / (2 * deviation) / root) if deviation > 0 else float("nan"),
            "block_length": float("nan"),
        }

    def _assumptions(self) -> tuple[str, ...]:
        falls, rises = np.expm1(self.changes.min()), np.expm1(self.changes.max())
        return (
            f"Drawn from {self.fitted_on or f'{self.changes.size} changes'}, in blocks of {self.block_length:.1f} on "
            "average: what came together stays together.",
            f"The curve grows by {self.drift:+.2%} a year. The history's own growth of "
            f"{self.estimates.get('mu', self.mu):+.1%} a year is only reported.",
            *self._moved_words(),
            f"No step is larger than those seen, {falls:+.1%} and {rises:+.1%}: look at the stresses beside it.",
            "There is no likelihood, because nothing is assumed of the law of the changes: judge it by its forecasts.",
        )

    def _moved_words(self) -> tuple[str, ...]:
        if not self._move:
            return ()
        return (f"So that a price that stands still does so, changes of 0 stay and {self._move:+.2%} goes on others.",)


def _mean_length(changes: Floats) -> float:
    from arch.bootstrap import optimal_block_length

    usual = changes.size ** (1 / 3)
    squares = (changes - changes.mean()) ** 2
    best = [float(optimal_block_length(row)["stationary"].iloc[0]) for row in (changes, squares) if np.ptp(row) > 0]
    longest = max([usual, *(length for length in best if np.isfinite(length))])
    return float(min(longest, LONGEST_SHARE * changes.size))


def _another_history(changes: Floats, block_length: float, generator: np.random.Generator) -> Floats:
    from arch.bootstrap import StationaryBootstrap

    drawn = StationaryBootstrap(block_length, changes, seed=generator)  # type: ignore[arg-type]
    ((row,), _named) = next(iter(drawn.bootstrap(1)))
    return np.asarray(row, dtype=np.float64)
