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


def kept(low: float, high: float, own: tuple[float, float]) -> tuple[float, float]:
    """The axis ``own`` of a run, moved out by quarters of its length where ``low`` or ``high`` lie beyond it.

    So a figure keeps its axis while a slider moves, and steps once where it must; amounts of at least 0 stay so.
    """
    first, last = own
    step = (last - first) / 4.0
    if not step > 0.0:
        return min(low, first), max(high, last)
    down, up = (math.ceil(max(0.0, beyond) / step - 1e-9) for beyond in (first - low, high - last))
    least = first - down * step
    return (max(least, 0.0) if min(low, first) >= 0.0 else least), last + up * step
