"""What one fitted model says of the months ahead: curve with confidence, fan of prices, a few paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from hedgedesk.domain.price_models import JumpRecord, ModelFit, RegimePath
from hedgedesk.domain.units import month_end, years_between
from hedgedesk.domain.values import Dates, Floats, Months
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.outlook.fan import LEVELS
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.reach import redrawn_for, require_reach

MONTHS_AHEAD = 24
STEP_DAYS = 7
GROUPS = 128
"""Draws of the parameters behind a band of 5% to 95%: its ends rest on six draws each."""
PATHS_PER_GROUP = 32
SHOWN_PATHS = 12
BAND = (0.05, 0.95)
INSTANT = 1e-6
"""Years after as_of of the first date, half a minute: what the model does not know of today's price shows there."""


@runtime_checkable
class FindsJumps(Protocol):
    """A model that names the jumps of the history."""

    @property
    def jumps(self) -> tuple[JumpRecord, ...]:
        """By date."""
        ...


@runtime_checkable
class FindsRegimes(Protocol):
    """A model that tells how likely each regime was."""

    @property
    def regimes(self) -> RegimePath:
        """Date by date."""
        ...


@dataclass(frozen=True, slots=True)
class Horizon:
    """The dates on which a model is looked at."""

    months: Months
    """(T,) from the month after ``as_of``."""
    month_years: Floats
    """(T,) from ``as_of`` to each month's last day."""
    dates: Dates
    """(D,) datetime64[D], weekly from ``as_of`` on."""
    date_years: Floats
    """(D,) of them, the first an instant after ``as_of``."""

    @classmethod
    def after(cls, as_of: np.datetime64) -> Horizon:
        """Two years ahead."""
        first = as_of.astype("datetime64[M]") + 1
        months = np.arange(first, first + MONTHS_AHEAD, dtype="datetime64[M]")
        ends = np.array([month_end(month) for month in months])
        dates = np.arange(as_of, ends[-1] + np.timedelta64(1, "D"), STEP_DAYS, dtype="datetime64[D]")
        return cls(months, years_between(as_of, ends), dates, np.maximum(years_between(as_of, dates), INSTANT))


def outlook(model: PriceModel, horizon: Horizon, *, parameter_uncertainty: bool, seed: int) -> ModelFit:
    """Look at the months ahead through one model; the same seed lends every model the same shocks.

    The curve's band is over the parameters' estimated distribution. So is the fan with ``parameter_uncertainty``;
    without it the fan takes the parameters as they are.

    Raises
    ------
    ModelError
        The price, as viewed or as redrawn, leaves every scale (:mod:`hedgedesk.prices.reach`).
    """
    require_reach(model, horizon.month_years)
    redrawn = [_redrawn(model, seed, group, horizon.month_years) for group in range(GROUPS)]
    curves = np.array([each.futures(horizon.month_years) for each in redrawn])
    low, high = np.quantile(curves, BAND, axis=0)
    drawn = redrawn if parameter_uncertainty else [model] * GROUPS
    prices = np.exp(np.concatenate([_paths(each, horizon, seed, group) for group, each in enumerate(drawn)]))
    return ModelFit(
        summary=model.describe(),
        months=horizon.months,
        curve_per_mtok=model.futures(horizon.month_years),
        curve_low_per_mtok=low,
        curve_high_per_mtok=high,
        dates=horizon.dates,
        levels=LEVELS,
        fan_per_mtok=np.quantile(prices, LEVELS, axis=0),
        paths_per_mtok=prices[::PATHS_PER_GROUP][:SHOWN_PATHS],
        jumps=model.jumps if isinstance(model, FindsJumps) else (),
        regimes=model.regimes if isinstance(model, FindsRegimes) else None,
        view_bounds=dict(model.view_bounds),
    )


def _redrawn(model: PriceModel, seed: int, group: int, years: Floats) -> PriceModel:
    def kept(drawn: PriceModel) -> PriceModel:
        require_reach(drawn, years)
        return drawn

    return redrawn_for(model, generator(seed, Stream.PARAMETERS, group), kept)


def _paths(model: PriceModel, horizon: Horizon, seed: int, group: int) -> Floats:
    return model.sample(generator(seed, Stream.PRICE, group), horizon.date_years, PATHS_PER_GROUP)
