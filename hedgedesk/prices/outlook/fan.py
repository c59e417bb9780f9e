"""The index's past and simulated future in a few numbers."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.scenarios import PriceFan, ScenarioSet

LEVELS = np.array([0.05, 0.15, 0.25, 0.50, 0.75, 0.85, 0.95])


def price_fan(market: MarketSnapshot, scenarios: ScenarioSet) -> PriceFan:
    """Quantiles of each month's average price beside the index history and today's curve."""
    return PriceFan(
        index=market.index.name,
        currency=market.index.currency,
        unit=market.contract.unit.name,
        as_of=scenarios.as_of,
        history_dates=market.index.dates,
        history_per_mtok=market.index.price_per_mtok,
        months=scenarios.months,
        levels=LEVELS,
        quantile_per_mtok=np.quantile(scenarios.price_per_mtok, LEVELS, axis=0),
        mean_per_mtok=scenarios.price_per_mtok.mean(axis=0),
        curve=scenarios.curve,
    )
