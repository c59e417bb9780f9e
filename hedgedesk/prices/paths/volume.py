"""How use strays from its forecast: a lognormal factor, correlated with the price."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats


@dataclass(frozen=True, eq=False)
class VolumeLaw(ArrayHolder):
    """Each month's factor on the forecast: lognormal with mean 1, its log tied to the month's average log price."""

    sd: Floats
    """(T,) standard deviation of the log factor."""
    correlation: float
    price_mean: Floats | None = None
    """(T,) mean of the month's average log price where it is Gaussian; None: it is not."""
    price_sd: Floats | None = None
    """(T,) its standard deviation."""

    def turn(self, normals: Any, log_prices: Any | None) -> None:
        """Turn independent ``normals`` (T, n) into factors, in place.

        Parameters
        ----------
        log_prices
            (T, n) the months' average log prices; may be overwritten, and may be None where nothing is correlated.
            A price that is not Gaussian is replaced by its normal score, its rank within the block: then every
            factor has mean 1 and the correlation is that of ranks, a Gaussian copula.
        """
        rho = self.correlation if log_prices is not None else 0.0
        for month, row in enumerate(normals):
            sd = float(self.sd[month])
            np.multiply(row, sd * float(np.sqrt(1.0 - rho**2)), out=row)
            centre = 0.5 * sd**2 * (1.0 - rho**2)
            if log_prices is not None:
                centre += self._standardise(month, log_prices[month], sd * rho)
                np.multiply(log_prices[month], sd * rho, out=log_prices[month])
                np.add(row, log_prices[month], out=row)
            np.subtract(row, centre, out=row)
            np.exp(row, out=row)

    def _standardise(self, month: int, log_price: Any, weight: float) -> float:
        """Make ``log_price`` standard normal in place; the log mean of exp(weight x it)."""
        if self.price_mean is not None and self.price_sd is not None:
            np.subtract(log_price, float(self.price_mean[month]), out=log_price)
            np.divide(log_price, float(self.price_sd[month]), out=log_price)
            return 0.5 * weight**2
        scores = normal_scores(log_price.size)
        log_price[np.argsort(log_price, kind="stable")] = scores
        return float(np.log(np.mean(np.exp(weight * scores))))


@lru_cache(maxsize=2)
def normal_scores(count: int) -> Floats:
    """(count,) rising normal quantiles of (i + 1/2) / count, scaled to variance 1."""
    from scipy.special import ndtri

    scores: Floats = ndtri((np.arange(count) + 0.5) / count)
    spread = float(np.sqrt(np.mean(scores**2)))
    scores = scores / spread if spread > 0 else scores
    scores.setflags(write=False)
    return scores
