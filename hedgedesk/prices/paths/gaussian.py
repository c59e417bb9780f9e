"""The sampler of a log price that is a sum of Gaussian factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.factors import GaussianFactors


class GaussianSampler:
    """Walks log price = mean + sum of factors (protocol :class:`hedgedesk.prices.model.Sampler`).

    The factors are the deviations from the mean, which is added where the price is asked for: so they start at 0 and
    float32 keeps them to seven digits of themselves.

    Parameters
    ----------
    kappa
        (F,) speed of reversion of each factor.
    covariance
        (F, F) of their shocks per year.
    unknown
        (F, F) covariance of the factors at time 0.
    log_mean
        Mean of the log price at given years (N,).
    variance_ahead
        Variance of the log price a given time after a date on which the factors are known.
    years
        (N,) rising dates, above 0.
    size
        Largest block.
    precision
        float32 or float64.
    """

    def __init__(
        self,
        kappa: Floats,
        covariance: Floats,
        unknown: Floats,
        log_mean: Callable[[Floats], Floats],
        variance_ahead: Callable[[Floats], Floats],
        years: Floats,
        size: int,
        precision: np.dtype[Any],
    ) -> None:
        self._years = np.asarray(years, dtype=np.float64)
        self._kappa = np.asarray(kappa, dtype=np.float64)
        self._factors = GaussianFactors(
            self._kappa, covariance, np.zeros(self._kappa.size), self._years, size, precision, unknown
        )
        self._log_mean, self._variance_ahead = log_mean, variance_ahead
        self._means = log_mean(self._years).tolist()
        self._work = np.empty(size, precision)
        self._date = 0
        self.normals = self._factors.normals
        self.direction = _unit_rows(self._factors.root.sum(axis=1))

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths; a Gaussian price draws no events."""
        self._factors.start(None, size)

    def step(self, date: int, normals: Any, log_price: Any) -> None:
        """Move to date number ``date`` and write the log prices (n,) into ``log_price``; ``normals`` (F, n) stay."""
        self._date = date
        self._factors.step(date, normals)
        first, *others = self._factors.state
        np.add(first, self._means[date], out=log_price)
        for factor in others:
            np.add(log_price, factor, out=log_price)

    def log_futures(self, years: float, out: Any) -> None:
        """Write ln E[S] ``years`` after the present date, given the factors, into ``out`` (n,)."""
        ahead = np.array([years])
        mean = self._log_mean(self._years[self._date] + ahead) + 0.5 * self._variance_ahead(ahead)
        out[:] = float(mean[0])
        work = self._work[: out.size]
        for factor, kappa in zip(self._factors.state, self._kappa, strict=True):
            np.multiply(factor, float(np.exp(-kappa * years)), out=work)
            np.add(out, work, out=out)


def _unit_rows(weights: Floats) -> Floats:
    """Each row of ``weights`` (N, g) at length 1; the first axis where a row is 0."""
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    still = np.eye(1, weights.shape[1])
    return np.where(length > 0, weights / np.where(length > 0, length, 1.0), still)
