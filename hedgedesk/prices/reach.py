"""Whether a model's prices stay where numbers can hold them and draws can find their mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.values import Floats
from hedgedesk.prices.model import PriceModel

FARTHEST = 60.0
"""Largest distance of a log mean price from 0: beyond, single precision has no room for what lies around it."""
WIDEST = 40.0
"""Most that a log mean price may lie above the mean log price: of a normal, 9 standard deviations make that distance,
and no number of draws shows a mean that only the outermost ones carry."""
Used = TypeVar("Used")

TRIES = 16
"""Draws of the parameters before a model is called unknown."""


def within_reach(model: PriceModel, years: Floats) -> bool:
    """Whether the mean price and the typical one can be drawn at all of ``years`` (N,)."""
    with np.errstate(all="ignore"):
        mean, typical = np.log(model.futures(years)), model.log_mean(years)
        return bool(np.all(np.abs(mean) <= FARTHEST) and np.all(mean - typical <= WIDEST))


def require_reach(model: PriceModel, years: Floats) -> None:
    """Raise :class:`ModelError` for a model whose price leaves every scale at some of ``years`` (N,)."""
    if within_reach(model, years):
        return
    with np.errstate(all="ignore"):
        mean, typical = float(np.log(model.futures(years[-1:]))[0]), float(model.log_mean(years[-1:])[0])
    raise ModelError(
        f"{model.name} cannot be drawn: {years[-1]:.1f} years ahead its mean price is exp({mean:.3g}) and its typical "
        f"one exp({typical:.3g}) per Mtok; it needs a milder view or volatility, or another model"
    )


def redrawn_for(model: PriceModel, generator: np.random.Generator, use: Callable[[PriceModel], Used]) -> Used:
    """What ``use`` makes of ``model.redrawn``, drawn again where it raises :class:`ModelError`.

    Raises
    ------
    ModelError
        Sixteen draws in a row are of no use: the history says next to nothing of the parameters.
    """
    for _ in range(TRIES):
        try:
            return use(model.redrawn(generator))
        except ModelError:
            continue
    raise ModelError(
        f"{model.name}: its parameters are too uncertain to be drawn; it needs a longer history, or parameter "
        "uncertainty turned off"
    )
