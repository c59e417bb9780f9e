"""Two regimes or three, or none: what the history can tell apart."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.errors import ModelError, NotConverged
from hedgedesk.domain.progress import Tick
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.regimes.search import RegimeFit, fit_regimes

LEAST_CHANGES = 52
"""Fewer changes show no regime twice."""
LEAST_SHARE = 0.05
"""Of the time that a regime must fill."""
LEAST_STEPS = 4.0
"""Expected steps that a regime must fill."""


def chosen_fit(changes: Floats, tick: Tick) -> tuple[RegimeFit, tuple[str, ...]]:
    """The regimes to keep, and why, in words.

    Raises
    ------
    ModelError
        One normal law tells the changes as well by the Bayesian criterion, or no regime lasts.
    """
    tick(0.1, "Searching for two regimes")
    two = fit_regimes(changes, 2)
    one = _criterion_of_one(changes)
    if _criterion(two, changes.size) >= one:
        raise ModelError(
            f"Regimes cannot be fitted: {changes.size} changes show one regime only (BIC {one:.1f}, of two regimes "
            f"{_criterion(two, changes.size):.1f}); it needs a history with calm and wild times"
        )
    _require_time(two)
    tick(0.4, "Searching for three regimes")
    return _two_or_three(two, changes)


def _two_or_three(two: RegimeFit, changes: Floats) -> tuple[RegimeFit, tuple[str, ...]]:
    better = f"BIC {_criterion(two, changes.size):.1f}"
    try:
        three = fit_regimes(changes, 3)
    except NotConverged:
        return two, (f"Two regimes ({better}): three have no interior maximum.",)
    worse = f"three: {_criterion(three, changes.size):.1f}"
    if _criterion(three, changes.size) >= _criterion(two, changes.size):
        return two, (f"Two regimes by the Bayesian criterion ({better}; {worse}).",)
    share, steps = _least_time(three)
    if share < LEAST_SHARE or steps < LEAST_STEPS:
        return two, (f"Two regimes ({better}; {worse}, but one of the three fills {share:.0%} of the time).",)
    return three, (f"Three regimes by the Bayesian criterion ({worse}; two: {better}).",)


def _require_time(fit: RegimeFit) -> None:
    share, steps = _least_time(fit)
    if share < LEAST_SHARE or steps < LEAST_STEPS:
        raise ModelError(
            f"Regimes cannot be fitted: the rarer of two regimes fills {share:.1%} of the time, {steps:.1f} steps; it "
            f"needs {LEAST_SHARE:.0%} and {LEAST_STEPS:g} steps, or it is a jump and no regime"
        )


def _least_time(fit: RegimeFit) -> tuple[float, float]:
    """Share of the time and steps that the rarest regime fills."""
    share = float(fit.smoothed.mean(axis=0).min())
    return share, share * len(fit.smoothed)


def _criterion(fit: RegimeFit, size: int) -> float:
    return float(fit.parameters * np.log(size) - 2.0 * fit.log_likelihood)


def _criterion_of_one(changes: Floats) -> float:
    log_likelihood = -0.5 * changes.size * (np.log(2.0 * np.pi * changes.var()) + 1.0)
    return float(2.0 * np.log(changes.size) - 2.0 * log_likelihood)
