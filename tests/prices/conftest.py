"""A market with power, accelerator rent and a currency beside its index, made in memory."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.drivers import DriverHistory, Drivers
from hedgedesk.domain.market import MarketSnapshot


@pytest.fixture(scope="session")
def driven(small_market: MarketSnapshot):
    """Give the small market weekly histories of power and rent, and what else its drivers are; ``weeks`` cuts them."""
    dates = small_market.index.dates
    shocks = np.random.default_rng(8).standard_normal((2, dates.size)) * 0.05
    levels = np.array([60.0, 2.0])[:, None] * np.exp(np.cumsum(shocks, axis=1))

    def build(*, weeks: int = dates.size, power: bool = True, gpu_rent: bool = True, **parts: object) -> MarketSnapshot:
        histories = [
            DriverHistory(name, "USD", dates[-weeks:], level[-weeks:]) if there else None
            for name, level, there in zip(("power", "gpu_rent"), levels, (power, gpu_rent), strict=True)
        ]
        return dataclasses.replace(small_market, drivers=Drivers(*histories, **parts))

    return build
