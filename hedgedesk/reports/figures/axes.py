"""Ticks of an axis of amounts, worded by the house's own formats."""

from __future__ import annotations

import math
from collections.abc import Callable

from hedgedesk.reports import format as fmt

TICKS = 6
"""At most about as many."""


def ticks(low: float, high: float, text: Callable[[float, int], str] = fmt.number) -> tuple[tuple[object, str], ...]:
    """Round places from ``low`` to ``high`` and their words.

    Parameters
    ----------
    text
        Words of a place, given as many decimals as its step needs.
    """
    if not high > low:
        return ((low, text(low, 0)),)
    step = _step((high - low) / TICKS)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((round(k * step, 12), text(k * step, decimals)) for k in range(first, last + 1))


def _step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))
