"""What every price model offers: a fit, a curve in closed form, and exact draws that agree with it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.views import Bounds


class Sampler(Protocol):
    """Walks one block of log prices from date to date, in buffers that it keeps between blocks.

    Made by :meth:`PriceModel.sampler` for fixed dates, a largest block and a precision. Gaussian shocks come from
    outside, so that other drivers can be correlated with them and they may be plain, Sobol or shifted; whatever else
    is random (jumps, regimes, resampled changes) the sampler draws itself. Arrays have the sampler's precision.
    """

    normals: int
    """g, independent standard normals a path takes per date; 0 for a model without Gaussian shocks."""
    direction: Floats
    """(N, g) for each date the unit vector whose product with the normals is the standardised Gaussian shock of the
    log price: what other drivers are correlated with."""

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths, at most the largest; ``events`` draws all that is not Gaussian."""
        ...

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` (0, 1, ... in order) and write the log prices (n,) into ``log_price``.

        ``normals`` is (g, n) and may be overwritten.
        """
        ...

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date, given each path's present state, into ``out`` (n,)."""
        ...


@runtime_checkable
class PriceModel(Protocol):
    """A belief about the index price S, currency per Mtok, seen from the market's ``as_of``.

    It is stated under the measure whose mean price is the curve: the mean of the drawn price is ``futures``.
    ``log_mean`` and ``log_covariance`` are the first two moments of the log price, which need not be Gaussian.
    """

    name: ClassVar[str]
    """The class's public name, as flags and settings give it."""
    gaussian: ClassVar[bool]
    """Whether the log prices are jointly Gaussian."""

    @classmethod
    def fit(cls, market: MarketSnapshot, *, tick: Tick = silent) -> Self:
        """Estimate the model from the market's history; ``tick`` is told the progress.

        Raises
        ------
        ModelError
            The history does not identify the model; the message says what it would need.
        """
        ...

    @abstractmethod
    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        ...

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        return self.describe().summary()

    @abstractmethod
    def futures(self, years: Floats) -> Floats:
        """Mean price (N,) at ``years`` (N,) after ``as_of``, currency per Mtok, in closed form."""
        ...

    @abstractmethod
    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price at ``years`` (N,) after ``as_of``, in closed form."""
        ...

    @abstractmethod
    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price at ``years`` (N,) after ``as_of``, in closed form."""
        ...

    @abstractmethod
    def sampler(self, years: Floats, size: int, precision: np.dtype[Any]) -> Sampler:
        """Make what walks blocks of at most ``size`` paths over rising ``years`` (N,), all above 0."""
        ...

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0, in float64."""
        years = np.asarray(years, dtype=np.float64)
        sampler = self.sampler(years, size, np.dtype(np.float64))
        paths = np.empty((years.size, size))
        sampler.start(generator, size)
        for date in range(years.size):
            sampler.step(date, generator.standard_normal((sampler.normals, size)), paths[date])
        return paths.T

    @abstractmethod
    def with_volatility(self, factor: float) -> Self:
        """Multiply the volatility of every driver of the price by ``factor``, above 0; nothing else moves."""
        ...

    @abstractmethod
    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year; a model fitted to futures returns itself unchanged."""
        ...

    @property
    @abstractmethod
    def view_bounds(self) -> Bounds:
        """Least and most value of each parameter that :meth:`with_view` takes."""
        ...

    @abstractmethod
    def with_view(self, view: Mapping[str, float]) -> Self:
        """Put the user's own values in the place of fitted parameters; ``describe`` shows both.

        Raises
        ------
        InputError
            A name is not a parameter of the model, or a value is outside its range; every fault at once.
        """
        ...

    @abstractmethod
    def redrawn(self, generator: np.random.Generator) -> Self:
        """The model with parameters drawn from their estimated distribution.

        Normal on the scale on which they were estimated (logarithms of positive ones), with the estimated covariance;
        what the history does not identify (a standard error of NaN), and what the user's view fixes, stays.
        """
        ...
