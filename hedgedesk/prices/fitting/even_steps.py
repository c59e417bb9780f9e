"""An index as a row of changes over equal steps of time, for the models that know steps and no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import TokenIndex
from hedgedesk.domain.units import DAYS_PER_YEAR
from hedgedesk.domain.values import Dates, Floats

LEAST_EVEN = 0.95
"""Share of the gaps between dates that must be about as long as the median gap."""
EVEN = (2 / 3, 3 / 2)
"""How far a gap may be from the median gap and count as one step, as its share."""
NO_SPREAD = 1e-12
"""Differences between log changes that are rounding."""
WEEKEND_DAYS = 5
"""A gap that a daily price may have over a weekend with holidays."""


@dataclass(frozen=True, slots=True, eq=False)
class EvenSteps:
    """Log changes of an index, one a step."""

    changes: Floats
    """(n,) of the log price."""
    dates: Dates
    """(n,) datetime64[D] of the price at the end of each change."""
    years: float
    """Of a step, ACT/365: the whole history over its number of steps."""

    def words(self) -> str:
        """The length of a step, in words."""
        return f"{self.years * DAYS_PER_YEAR:.3g} days"


def even_steps(index: TokenIndex, model: str, least: int) -> EvenSteps:
    """The index's changes, when its dates are even enough to call each of them one step.

    Parameters
    ----------
    index
        History of the price.
    model
        Who asks, for the message.
    least
        Changes that it needs.

    Raises
    ------
    ModelError
        Too few changes, uneven dates, or a price that never moved or always at one rate.
    """
    changes = np.diff(np.log(index.price_per_mtok))
    if changes.size < least:
        raise ModelError(
            f"{model} needs at least {least} price changes ({least + 1} dates in the index), found {changes.size}"
        )
    if not np.any(changes):
        raise ModelError(
            f"{model} cannot be fitted: all {changes.size + 1} prices of the index are equal; it needs a history in "
            "which the price has moved"
        )
    if np.ptp(changes) < NO_SPREAD:
        raise ModelError(f"{model} cannot be fitted: the index grows by one rate without any spread")
    days = np.diff(index.dates).astype("timedelta64[D]").astype(np.float64)
    _require_even(days, index.dates, model)
    return EvenSteps(changes, index.dates[1:], float(days.sum() / days.size / DAYS_PER_YEAR))


def _require_even(days: Floats, dates: Dates, model: str) -> None:
    usual = float(np.median(days))
    longest = max(EVEN[1] * usual, WEEKEND_DAYS if usual <= 1 else 0.0)
    uneven = (days < EVEN[0] * usual) | (days > longest)
    if uneven.mean() <= 1.0 - LEAST_EVEN:
        return
    first = int(np.flatnonzero(uneven)[0])
    raise ModelError(
        f"{model} needs prices at even distances: {int(uneven.sum())} of {days.size} gaps are far from the usual "
        f"{usual:g} days, the first from {dates[first]} to {dates[first + 1]} with {days[first]:g}; at most "
        f"{1.0 - LEAST_EVEN:.0%} may be"
    )
