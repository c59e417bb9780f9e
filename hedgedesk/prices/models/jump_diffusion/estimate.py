"""From an index to a fitted jump-diffusion: a first look, the highest likelihood, and when to refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import TokenIndex
from hedgedesk.domain.price_models import JumpRecord
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Dates, Floats
from hedgedesk.prices.models.jump_diffusion.climb import Batch, Surface
from hedgedesk.prices.models.jump_diffusion.coordinates import JUMPS, coordinates_of, natural_jumps, priors
from hedgedesk.prices.models.jump_diffusion.density import IndexHistory, log_sum
from hedgedesk.prices.models.jump_diffusion.first_look import Regression, first_look, inputs_of, start_of
from hedgedesk.prices.models.jump_diffusion.identified import (
    MOST_PER_STEP,
    require_known_speed,
    require_moving_index,
    require_rare_jumps,
    require_visible_speed,
)
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps
from hedgedesk.prices.models.jump_diffusion.settle import Settling

MODEL = "JumpDiffusion"
NAMES = ("kappa", "theta", "sigma", *JUMPS)
FIRST = 3
"""Place of the first parameter of the jumps."""
NO_NOISE = 1e-9
"""Volatility a year that is rounding."""
AT_ONCE = 50_000
"""Steps of all parameter sets together that are held in memory at a time."""


@dataclass(frozen=True, eq=False)
class JumpFit(ArrayHolder):
    """A jump-diffusion at its highest likelihood."""

    values: Floats
    """(9,) in the order of :data:`NAMES`."""
    covariance: Floats
    """(9, 9), NaN where an input was held."""
    log_likelihood: float
    estimated: int
    observations: int
    jumps: tuple[JumpRecord, ...]
    """Steps that are more likely than not to hold a jump."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Source of rate and size of each sign that the history shows too rarely."""


def fit_index(index: TokenIndex, tick: Tick = silent) -> JumpFit:
    """Fit the nine parameters to an index; dates may be irregular.

    Raises
    ------
    ModelError
        Too few prices, prices that mostly stand still, or no reversion that the dates can show. The message says what
        would be needed.
    NotConverged
        The likelihood has no interior maximum.
    """
    require_moving_index(MODEL, index)
    log_price, gaps = np.log(index.price_per_mtok), np.diff(years_between(index.dates[0], index.dates))
    history, regression, years = IndexHistory(log_price, gaps), first_look(log_price, gaps), float(gaps.sum())
    inputs, sources = inputs_of(regression.look, years)
    at_once = max(len(NAMES), AT_ONCE // gaps.size)
    surface = Surface(NAMES, _natural, _walled(history), np.ones(len(NAMES), dtype=bool), priors(NAMES), at_once)
    settling = Settling(MODEL, FIRST, years, inputs, lambda point: _require_reversion(point, gaps))
    found, held = settling.settle(surface, [_start(regression, years)], tick)
    require_known_speed(MODEL, float(found.values[0]), float(found.coordinate_errors[0]), years)
    return JumpFit(
        values=found.values,
        covariance=found.covariance,
        log_likelihood=found.log_likelihood,
        estimated=found.estimated,
        observations=gaps.size,
        jumps=_jumps_seen(history, found.values, index.dates),
        inputs={side: sources[side] for side in held},
    )


def _natural(points: Batch) -> Batch:
    values = points.copy()
    values[:, [0, 2]] = np.exp(points[:, [0, 2]])
    values[:, FIRST:] = natural_jumps(points[:, FIRST:])
    return values


def _start(regression: Regression, years: float) -> Floats:
    if regression.sigma < NO_NOISE:
        raise ModelError(
            f"{MODEL} is not identified: each price but for jumps follows exactly from the one before; it needs a "
            "history with some noise"
        )
    rest = [np.log(regression.kappa), regression.theta, np.log(regression.sigma)]
    return np.concatenate([rest, coordinates_of(start_of(regression.look, years))])


def _walled(history: IndexHistory) -> Callable[[Batch], Any]:
    """The likelihood, where jumps are rare: beyond, the parts of the mixture that are left out would count."""
    step = float(np.median(history.gaps))

    def likelihood(values: Batch) -> Any:
        rate = values[:, FIRST].real + values[:, FIRST + 3].real
        return np.where(rate * step > MOST_PER_STEP, np.nan, history.log_likelihood(values))

    return likelihood


def _jumps_seen(history: IndexHistory, values: Floats, dates: Dates) -> tuple[JumpRecord, ...]:
    kappa, theta, sigma = values[:FIRST]
    parts = history.parts(kappa, theta, sigma, SignedJumps(*values[FIRST:]))
    quiet = np.exp(parts[:, 0] - log_sum(parts))
    surprise = history.surprise(kappa, theta)
    return tuple(JumpRecord(dates[i + 1], float(surprise[i])) for i in np.flatnonzero(quiet < 0.5))


def _require_reversion(point: Floats, gaps: Floats) -> None:
    require_visible_speed(MODEL, float(np.exp(point[0])), gaps)
    require_rare_jumps(MODEL, float(np.exp(point[FIRST]) + np.exp(point[FIRST + 3])), gaps, "Regimes")
