"""What a history must show before a model with jumps is fitted to it; every refusal says what would be needed."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import TokenIndex
from hedgedesk.domain.values import Floats

LEAST_PRICES = 104
"""Two years of weeks: fewer dates show neither a speed of return nor five jumps beside the noise."""
OFTEN_UNCHANGED = 0.20
"""Share of unchanged prices above which the diffusion has no likelihood to maximise."""
MOST_PER_STEP = 0.25
"""What comes on more than every fourth date is no jump but a volatility that changes."""
FASTEST = 3.0
"""Largest kappa times step: beyond, 95% of a shock is gone before the next price shows it."""
LOOSEST_SPEED = 0.4
"""Largest standard error of ln kappa. A random walk seems to return too: of 60 of each of four kinds 0 to 4 had an
error below 0.4, and 12 to 25 one below 0.6. It is a Dickey-Fuller test: their critical t of -2.86 is an error of
0.35."""
LOOSEST_SPREAD = 1.0
"""Likewise of a volatility: beyond, its standard error exceeds the volatility itself."""


def require_moving_index(model: str, index: TokenIndex) -> None:
    """Raise :class:`ModelError` for an index that is short, or that mostly stands still."""
    changes = np.diff(index.price_per_mtok)
    still = float(np.mean(changes == 0)) if changes.size else 0.0
    if still > OFTEN_UNCHANGED:
        raise ModelError(
            f"{model} is not identified by an index that stands still: {still:.0%} of its {changes.size} changes are "
            f"0, where the diffusion between jumps needs at most {OFTEN_UNCHANGED:.0%}; use StepPrice"
        )
    if index.dates.size < LEAST_PRICES:
        raise ModelError(
            f"{model} needs at least {LEAST_PRICES} prices of the index (two years of weeks), found "
            f"{index.dates.size}; RandomWalk needs less"
        )


def require_visible_speed(model: str, kappa: float, gaps: Floats) -> None:
    """Raise :class:`ModelError` when shocks are gone between two dates, or outlast the history of ``gaps`` years."""
    step, span, half_life = float(np.median(gaps)), float(gaps.sum()), float(np.log(2)) / kappa
    if half_life > span:
        raise ModelError(
            f"{model} is not identified: the price does not revert, shocks halve in {half_life:.3g} years and the "
            f"history spans {span:.1f}; it needs a longer one, else use RandomWalk"
        )
    if kappa * step > FASTEST:
        raise ModelError(
            f"{model} is not identified: shocks halve in {half_life * 365:.1f} days and there is a price every "
            f"{step * 365:.1f} days; it needs a finer history, else use RandomWalk"
        )


def require_known_speed(model: str, kappa: float, log_error: float, years: float) -> None:
    """Raise :class:`ModelError` when the return is known no better than a random walk would show."""
    if log_error > LOOSEST_SPEED:
        raise ModelError(
            f"{model} is not identified: kappa {kappa:.3g} has a standard error of {log_error:.0%} of itself, no "
            f"better than a random walk would show; it needs {years * (log_error / LOOSEST_SPEED) ** 2:.0f} years of "
            f"history instead of {years:.0f}, else use RandomWalk"
        )


def require_both_factors(model: str, log_errors: Floats) -> None:
    """Raise :class:`ModelError` when ln sigma_chi or ln sigma_xi has an error that leaves room for no such factor."""
    for name, error in zip(("sigma_chi", "sigma_xi"), log_errors, strict=True):
        if error > LOOSEST_SPREAD:
            raise ModelError(
                f"{model} is not identified: the standard error of {name} exceeds the estimate itself, one factor is "
                "enough for this history; it needs quotes of several maturities, else use JumpDiffusion"
            )


def require_rare_jumps(model: str, rate: float, gaps: Floats, instead: str) -> None:
    """Raise :class:`ModelError` when jumps of ``rate`` a year would come on every fourth date."""
    if rate * float(np.median(gaps)) > 0.98 * MOST_PER_STEP:
        raise ModelError(
            f"{model} is not identified: what looks like jumps comes on more than {MOST_PER_STEP:.0%} of the dates, "
            f"which is a volatility that changes; it needs a history with rare jumps, else use {instead}"
        )
