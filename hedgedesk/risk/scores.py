"""How good a forecast of a whole distribution was, once the value is known: lower scores are better.

A forecast is a sample of draws, the same weight each, or a normal distribution in closed form. Scores are proper: no
other forecast than the forecaster's own belief makes them lower on average.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.values import Floats

BINS = 10
"""Of the histogram of the probability integral transform."""
LEAST_UNIFORM = 8
"""Fewer transforms say nothing about their distribution."""
TIE = 1e-9
"""Values this near are the same: a price that stands still is drawn with rounding only."""


def crps_ensemble(draws: Floats, value: float | Floats, *, fair: bool = True) -> Floats:
    """Continuous ranked probability score of draws (m, ...) at ``value`` (...), in the unit of the value.

    mean abs(x_i - y) - sum over i and j of abs(x_i - x_j) / (2 m^2); fair: / (2 m (m - 1)), which is unbiased for the
    distribution that the draws are of. Example: 1, 2 and 4 at 3 score 0.66667, and fairly 0.33333.

    Raises
    ------
    InputError
        No draws, or a single one and ``fair``.

    References
    ----------
    Gneiting and Raftery (2007), JASA 102; Ferro (2014), Quarterly J. Royal Met. Soc. 140.
    """
    count = len(draws)
    if count < (2 if fair else 1):
        raise InputError(f"a score of draws needs at least {2 if fair else 1} of them, found {count}")
    ordered = np.sort(np.asarray(draws, dtype=np.float64), axis=0)
    # Sorted, the sum over all pairs is 2 sum (2 i - m - 1) x_i.
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    pairs = 2.0 * np.tensordot(weights, ordered, axes=1)
    spread = pairs / (2.0 * count * (count - 1 if fair else count))
    return np.asarray(np.abs(ordered - value).mean(axis=0) - spread)


def crps_gaussian(mean: ArrayLike, sd: ArrayLike, value: ArrayLike) -> Floats:
    """CRPS of a normal distribution: sd [z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)]; a standard one at 0: 0.233695.

    With ``sd`` 0 it is abs(value - mean).

    References
    ----------
    Gneiting et al. (2005), Monthly Weather Review 133, eq. 5.
    """
    from scipy.special import ndtr

    mean, sd, value = (np.asarray(part, dtype=np.float64) for part in (mean, sd, value))
    away = value - mean
    z = np.divide(away, sd, out=np.zeros(np.broadcast_shapes(away.shape, sd.shape)), where=sd > 0)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    scored = sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi))
    return np.asarray(np.where(sd > 0, scored, np.abs(away)))


def pinball(quantile: ArrayLike, value: ArrayLike, level: ArrayLike) -> Floats:
    """Loss of a quantile of ``level``: max(level (y - q), (level - 1) (y - q)); at 0.9, y = 12 and q = 10: 1.8.

    References
    ----------
    Koenker and Bassett (1978), Econometrica 46(1).
    """
    short = np.asarray(value, dtype=np.float64) - np.asarray(quantile, dtype=np.float64)
    level = np.asarray(level, dtype=np.float64)
    return np.maximum(level * short, (level - 1.0) * short)


def pit_bounds(draws: Floats, value: float | Floats) -> tuple[Floats, Floats]:
    """Share of draws (m, ...) below ``value`` (...), and of those not above it; draws within 1e-9 are equal to it."""
    below = np.mean(draws < np.asarray(value) - TIE, axis=0)
    return np.asarray(below), np.asarray(np.mean(draws <= np.asarray(value) + TIE, axis=0))


def randomised(below: ArrayLike, not_above: ArrayLike, uniform: ArrayLike) -> Floats:
    """Probability integral transform: F(y-) + u (F(y) - F(y-)), uniform where the forecast is right, jumps included.

    Example: half of the draws stand still and so does the price: 0.2 below, 0.7 not above and u = 0.5 make 0.45.

    References
    ----------
    Smith (1985), J. Forecasting 4; Czado, Gneiting and Held (2009), Biometrics 65.
    """
    below = np.asarray(below, dtype=np.float64)
    return np.asarray(below + np.asarray(uniform) * (np.asarray(not_above, dtype=np.float64) - below))


def pit_histogram(pit: Floats) -> tuple[int, ...]:
    """Counts of transforms (n,) in ten equal bins from 0 to 1."""
    return tuple(int(count) for count in np.histogram(pit, bins=BINS, range=(0.0, 1.0))[0])


def uniform_p_value(pit: Floats) -> float:
    """Kolmogorov-Smirnov p-value of independent transforms (n,) against the uniform; NaN below 8 of them."""
    if pit.size < LEAST_UNIFORM:
        return float("nan")
    from scipy.stats import kstest

    return float(kstest(pit, "uniform").pvalue)


def normal_scores(pit: Floats, draws: int) -> Floats:
    """Standard normal quantiles (n,) of transforms; kept 1 / (2 ``draws``) from 0 and 1, where there is no number."""
    from scipy.special import ndtri

    edge = 0.5 / draws
    scores: Floats = ndtri(np.clip(pit, edge, 1.0 - edge))
    return scores


def interval_coverage(low: Floats, high: Floats, value: Floats) -> float:
    """Share of values (n,) inside their intervals, ends included."""
    inside: NDArray[np.bool_] = (value >= low - TIE) & (value <= high + TIE)
    return float(inside.mean())
