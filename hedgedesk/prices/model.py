"""What every price model offers: a fit, a curve in closed form, and exact draws that agree with it."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.results import ModelSummary
from hedgedesk.domain.values import Floats


@runtime_checkable
class PriceModel(Protocol):
    """A belief about the index price S, currency per Mtok, seen from the market's ``as_of``.

    The log price is Gaussian at any set of times, under the measure whose mean price is the curve, so that
    ``futures(T) = exp(log_mean(T) + log_covariance(T, T) / 2)`` and the mean of ``exp(sample)`` is ``futures``.
    """

    name: ClassVar[str]
    """The class's public name, as flags and settings give it."""

    @classmethod
    def fit(cls, market: MarketSnapshot) -> Self:
        """Estimate the model from the market's history.

        Raises
        ------
        ModelError
            The history does not identify the model; the message says what it would need.
        """
        ...

    def describe(self) -> ModelSummary:
        """Parameters with standard errors, the likelihood and the assumptions."""
        ...

    def summary(self) -> str:
        """``describe()`` as text for the terminal."""
        ...

    def futures(self, years: Floats) -> Floats:
        """Mean price (N,) at ``years`` (N,) after ``as_of``, currency per Mtok, in closed form."""
        ...

    def log_mean(self, years: Floats) -> Floats:
        """Mean (N,) of the log price at ``years`` (N,) after ``as_of``, in closed form."""
        ...

    def log_covariance(self, years: Floats) -> Floats:
        """Covariance (N, N) of the log price at ``years`` (N,) after ``as_of``, in closed form."""
        ...

    def sample(self, generator: np.random.Generator, years: Floats, size: int) -> Floats:
        """Exact draws (size, N) of the log price at rising ``years`` (N,), all above 0."""
        ...

    def with_volatility(self, factor: float) -> Self:
        """Multiply the volatility of every driver of the price by ``factor``, above 0; nothing else moves."""
        ...

    def with_drift(self, drift: float) -> Self:
        """Set the expected growth of the index per year; a model fitted to futures returns itself unchanged."""
        ...
