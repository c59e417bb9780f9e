"""Markets whose law is known, and models that know it or do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import ContractSpec, MarketSnapshot, TokenIndex
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.validation import rolling as room

SPEED, SPREAD = 3.0, 0.5
"""Of the reverting market: kappa per year, and the standard deviation that it keeps to in the long run."""


@dataclass(frozen=True)
class Reverting:
    """Knows that the log price reverts to 0 with :data:`SPEED`, and how far it strays."""

    name: ClassVar[str] = "JumpDiffusion"
    gaussian: ClassVar[bool] = True
    start: float

    @classmethod
    def fit(cls, market: MarketSnapshot) -> Reverting:
        return cls(float(np.log(market.index.price_per_mtok[-1])))

    def with_drift(self, drift: float) -> Reverting:
        return self

    def log_mean(self, years: np.ndarray) -> np.ndarray:
        return self.start * np.exp(-SPEED * years)

    def log_covariance(self, years: np.ndarray) -> np.ndarray:
        left = np.exp(-SPEED * np.abs(np.subtract.outer(years, years)))
        return SPREAD**2 * (left - np.exp(-SPEED * np.add.outer(years, years)))


class Refusing:
    """Refuses every history."""

    name: ClassVar[str] = "Regimes"

    @classmethod
    def fit(cls, market: MarketSnapshot) -> Refusing:
        raise ModelError(f"Regimes needs more than {market.index.dates.size} prices")


def weekly(log_price: np.ndarray, listed_months: int = 6) -> MarketSnapshot:
    """A weekly index that ends in October 2026, without quotes."""
    last = np.datetime64("2026-10-30")
    dates = last - 7 * np.arange(log_price.size - 1, -1, -1)
    contract = ContractSpec("CNY", 1_000.0, listed_months=listed_months)
    return MarketSnapshot(TokenIndex("known", "CNY", dates, np.exp(log_price)), contract)


@pytest.fixture(scope="session")
def walking() -> MarketSnapshot:
    """Six years of geometric Brownian motion."""
    return weekly(np.cumsum(np.random.default_rng(1).standard_normal(313) * 0.05))


@pytest.fixture(scope="session")
def reverting() -> MarketSnapshot:
    """Eight years that revert to a price of 1."""
    random = np.random.default_rng(2)
    left = np.exp(-SPEED * 7 / 365)
    path = [0.0]
    for shock in random.standard_normal(416) * SPREAD * np.sqrt(1 - left**2):
        path.append(left * path[-1] + shock)
    return weekly(np.array(path))


@pytest.fixture
def with_models(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put other classes in the place of price models, by the names that they bear; the random walk stays."""

    def replace(*kinds: type) -> None:
        known = {kind.name: kind for kind in (RandomWalk, *kinds)}
        monkeypatch.setattr(room, "model_called", known.__getitem__)

    return replace
