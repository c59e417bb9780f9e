"""How much the currency moves."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.units import DAYS_PER_YEAR

FEWEST_CHANGES = 8


def fx_volatility(fx: FxCurve) -> float:
    """Volatility of CNY per USD per year from its log changes; 0 (a fixed rate) below eight changes."""
    changes = np.diff(np.log(fx.cny_per_usd))
    if changes.size < FEWEST_CHANGES:
        return 0.0
    years = np.diff(fx.dates).astype(np.float64) / DAYS_PER_YEAR
    trend = changes.sum() / years.sum()
    return float(np.sqrt(np.sum((changes - trend * years) ** 2 / years) / (changes.size - 1)))
