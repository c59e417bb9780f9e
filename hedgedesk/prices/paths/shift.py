"""The deterministic shift that makes a model hit today's curve exactly."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.errors import NotConverged
from hedgedesk.domain.values import Floats

NEWTON_STEPS = 50


def curve_shift(model_forward: Floats, years: Floats, prints: list[slice], quotes: Floats) -> Floats:
    """The shift phi(t) on the simulation's grid, to be added to the model's log price.

    phi is linear between quoted contracts and flat outside. A contract settles on the mean of its last prints, so what
    is matched is that mean's expectation, E*[A], and not one day's price.

    Parameters
    ----------
    model_forward
        (N,) the model's own E*[S_t].
    years
        (N,) rising times.
    prints
        K slices of the grid, rising and not overlapping: each contract's settlement dates.
    quotes
        (K,) futures prices in the unit of ``model_forward``.

    Returns
    -------
    (N,) shift.

    Raises
    ------
    NotConverged
        A quote cannot be matched.
    """
    knots = np.array([years[cut][-1] for cut in prints])
    shift = np.empty(len(prints))
    for k, cut in enumerate(prints):
        if k == 0:
            shift[0] = np.log(quotes[0] / model_forward[cut].mean())
            continue
        weight = np.clip((years[cut] - knots[k - 1]) / (knots[k] - knots[k - 1]), 0.0, 1.0)
        shift[k] = _matching(model_forward[cut], weight, shift[k - 1], quotes[k])
    if shift.size == 0:
        return np.zeros_like(years)
    return np.interp(years, knots, shift)


def _matching(forward: Floats, weight: Floats, before: float, quote: float) -> float:
    """Solve mean(forward * exp((1 - w) before + w x)) = quote for x; the left side rises in x and is convex."""
    x = before + np.log(quote / forward.mean())
    for _ in range(NEWTON_STEPS):
        terms = forward * np.exp((1.0 - weight) * before + weight * x)
        miss = terms.mean() - quote
        if abs(miss) <= 1e-14 * quote:
            return float(x)
        x -= float(miss / (weight * terms).mean())
    if abs(miss) <= 1e-10 * quote:
        return float(x)
    raise NotConverged(f"the curve shift does not reach the quote {quote:g}")
