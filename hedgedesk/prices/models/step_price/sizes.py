"""Sizes of steps as they were seen, and how well they are known."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.step_price.rates import Rate


def stretched(sizes: Floats, mean: float | None) -> Floats:
    """The sizes times what makes their mean ``mean``; that one alone where there are none; as they are for None."""
    if mean is None:
        return sizes
    return np.array([mean]) if sizes.size == 0 else np.asarray(sizes * (mean / sizes.mean()))


def mean_error(sizes: Floats) -> float:
    """Standard error of the mean of two or more sizes."""
    return float(sizes.std(ddof=1) / np.sqrt(sizes.size))


def growth_variance(rate: Rate, sizes: Floats) -> float:
    """Squared standard error of rate times E[exp(size) - 1]: of the rate, and of the mean over the sizes seen."""
    if sizes.size == 0:
        return 0.0
    jumps = np.expm1(sizes)
    return float((rate.standard_error * jumps.mean()) ** 2 + rate.per_year**2 * jumps.var() / sizes.size)
