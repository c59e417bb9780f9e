"""The law of one driver: how it moves, and whether it comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.drivers import DriverTerms
from hedgedesk.domain.units import DAYS_PER_YEAR
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.prices.drivers.weekly import WEEKS_PER_YEAR, week_ends, weekly_log

FEWEST_CHANGES = 8
"""Below it no volatility is estimated."""
FEWEST_WEEKS = 52
"""Weekly changes below which no return to a mean is looked for."""
DICKEY_FULLER = -2.86
"""5% of the t statistic of a unit root with a constant (Fuller 1976, table 8.5.2)."""
FASTEST = 3.0
"""Largest reversion times a week: beyond it a week keeps nothing of the week before."""


@dataclass(frozen=True, slots=True)
class SingleLaw:
    """Log of one driver: an Ornstein-Uhlenbeck process, or with no reversion a random walk whose level has no drift."""

    name: str
    today: float
    """Newest level."""
    volatility: float
    """Of the log, per square root of a year."""
    reversion: float = 0.0
    """Per year."""
    mean_log: float = 0.0
    """Where the log returns to; nothing without reversion."""
    changes: int = 0
    """That the volatility was estimated of; 0: given."""

    def log_mean(self, years: float) -> float:
        """Mean of the log ``years`` from today."""
        start = float(np.log(self.today))
        if self.reversion == 0.0:
            return start - 0.5 * self.volatility**2 * years
        return self.mean_log + (start - self.mean_log) * float(np.exp(-self.reversion * years))


def annual_volatility(dates: Dates, levels: Floats) -> float:
    """Standard deviation of the log per square root of a year from irregular changes; 0 below eight of them."""
    changes = np.diff(np.log(levels))
    if changes.size < FEWEST_CHANGES:
        return 0.0
    years = np.diff(dates).astype(np.float64) / DAYS_PER_YEAR
    trend = changes.sum() / years.sum()
    return float(np.sqrt(np.sum((changes - trend * years) ** 2 / years) / (changes.size - 1)))


def single_law(name: str, dates: Dates, levels: Floats, terms: DriverTerms) -> SingleLaw:
    """Estimate one driver from its history; what ``terms`` give stands in the place of the estimate.

    It returns to a mean where a year of weekly levels rejects a unit root at 5%: with x' = c + phi x + e a week
    apart, kappa = -52 ln phi, mean = c / (1 - phi), sigma^2 = var(e) 2 kappa / (1 - phi^2). Else it is a random walk.
    """
    today, changes = float(levels[-1]), dates.size - 1
    walk = annual_volatility(dates, levels)
    found = None if terms.reversion == 0.0 else _reverting(weekly_log(dates, levels, week_ends(dates[-1], dates)))
    if terms.reversion is not None:
        reversion, sigma = terms.reversion, found[1] if found else walk
    else:
        reversion, sigma = (found[0], found[1]) if found else (0.0, walk)
    mean = found[2] if found else float(np.log(levels).mean())
    given = terms.volatility
    return SingleLaw(
        name=name,
        today=today,
        volatility=sigma if given is None else given,
        reversion=reversion,
        mean_log=mean if reversion > 0 else 0.0,
        changes=changes if given is None else 0,
    )


def _reverting(weekly: Floats) -> tuple[float, float, float] | None:
    """Reversion and volatility per year, and the mean; None where a unit root is not rejected."""
    before, after = weekly[:-1], weekly[1:]
    both = np.isfinite(before) & np.isfinite(after)
    x, y = before[both], after[both]
    if x.size < FEWEST_WEEKS or np.ptp(x) == 0:
        return None
    spread = x - x.mean()
    slope = float(spread @ y / (spread @ spread))
    rest = y - y.mean() - slope * spread
    variance = float(rest @ rest / (x.size - 2))
    if variance == 0.0 or (slope - 1.0) * np.sqrt(spread @ spread / variance) > DICKEY_FULLER:
        return None
    kappa = WEEKS_PER_YEAR * min(FASTEST, -float(np.log(slope)) if slope > 0 else FASTEST)
    kept = float(np.exp(-kappa / WEEKS_PER_YEAR))
    sigma = float(np.sqrt(variance * 2.0 * kappa / (1.0 - kept**2)))
    return kappa, sigma, float((y.mean() - slope * x.mean()) / (1.0 - slope))
