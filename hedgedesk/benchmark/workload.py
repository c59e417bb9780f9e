"""Workload W: 24 months of a token index, power, currency and volume, with a book of twelve maturities on it.

Built from the product's own parts, so that what is measured is what a run uses. Log states: chi reverts and xi drifts
(together the token's log price), p is power, f the currency. Every path returns what is bought, what the hedge gains
and the worst cumulative margin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.basket import CurveBasket
from hedgedesk.prices.paths.factors import GaussianFactors
from hedgedesk.prices.paths.normals import Normals

STEP = 1.0 / 12.0
KAPPA = np.array([1.2, 0.0, 0.8, 0.0])
SIGMA = np.array([0.45, 0.18, 0.30, 0.10])
DRIFT = np.array([0.0, 0.03, 0.0, 0.0])
START = np.array([0.1, 3.0, 0.0, 0.0])
CORRELATION = np.array([[1.0, 0.3, 0.4, 0.1], [0.3, 1.0, 0.2, 0.1], [0.4, 0.2, 1.0, 0.05], [0.1, 0.1, 0.05, 1.0]])
POWER_SHARE = 0.35
VOLUME_SD = 0.15
MATURITIES = np.arange(13) * STEP
LOADINGS = np.exp(-KAPPA[0] * MATURITIES)
INTERCEPTS = (
    0.03 * MATURITIES
    + 0.45**2 * (1.0 - np.exp(-2.4 * MATURITIES)) / 4.8
    + 0.5 * 0.18**2 * MATURITIES
    - 0.05 * (1.0 - np.exp(-1.2 * MATURITIES))
)
LISTED = 12
PER_STEP = 5
"""Normals a path takes per step: four factors and the volume."""
DOMAIN = 7.5
"""Half width of the basket's polynomial, in stationary standard deviations of chi."""


def held(month: int) -> float:
    """Mtok held for delivery ``month`` months after the start."""
    return float(0.6 + 0.3 * np.sin(month))


def log_volume(months: int) -> Floats:
    """(T,) mean log volume less what the noise adds to its mean."""
    return np.asarray(np.log1p(0.01 * np.arange(1, months + 1)) - 0.5 * VOLUME_SD**2)


def innovations() -> Floats:
    """(4, 4) root of the exact covariance of a month's shocks."""
    speeds = KAPPA[:, None] + KAPPA
    safe = np.where(speeds > 0, speeds, 1.0)
    held = np.where(speeds > 0, (1.0 - np.exp(-safe * STEP)) / safe, STEP)
    return np.linalg.cholesky(CORRELATION * np.outer(SIGMA, SIGMA) * held)


@dataclass(eq=False)
class Outcome:
    """What each path of a block came to, (n,)."""

    cost: Any
    gain: Any
    worst: Any


@dataclass(eq=False)
class Workload:
    """W over ``months`` steps, block by block in its own buffers.

    Parameters
    ----------
    size
        Largest block.
    precision
        float32 or float64, of the paths.
    """

    months: int = 24
    size: int = 32_768
    precision: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float32))

    def __post_init__(self) -> None:
        covariance = np.asarray(CORRELATION * np.outer(SIGMA, SIGMA), dtype=np.float64)
        years = np.asarray(STEP * np.arange(1, self.months + 1), dtype=np.float64)
        self._factors = GaussianFactors(KAPPA, covariance, DRIFT, years, self.size, self.precision)
        half = DOMAIN * float(SIGMA[0] / np.sqrt(2.0 * KAPPA[0]))
        self._basket = CurveBasket(LOADINGS, INTERCEPTS, 0.0, half, self.size, self.precision)
        self._random = Normals(np.random.SFC64(0), self.size, self.precision)
        self._rows = np.empty((6, self.size), self.precision)
        self._fresh = np.empty((PER_STEP, self.size), self.precision)
        self._log_volume = log_volume(self.months).tolist()
        book = [[held(month) for month in range(t, t + LISTED)] for t in range(1, self.months + 1)]
        self._now = [(*weights, 0.0) for weights in book]
        self._before = [(0.0, *weights) for weights in book]

    def block(self, seed: int, number: int, size: int | None = None) -> Outcome:
        """Walk block ``number`` of the stream; the outcome is overwritten by the next block."""
        self._random.start(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(0, number))))
        fresh = self._fresh[:, : size or self.size]

        def draw(_step: int) -> Any:
            self._random.fill(fresh)
            return fresh

        return self._walk(draw, fresh.shape[1])

    def given(self, normals: Floats) -> Outcome:
        """Walk the paths of ``normals`` (5 T, n), step by step."""
        return self._walk(lambda step: normals[PER_STEP * step : PER_STEP * (step + 1)], normals.shape[1])

    def log_states(self, normals: Floats) -> Floats:
        """(5 T, n) what the outcome is made of: every month's chi, xi, share of power, currency and volume noise."""
        self._factors.start(START, normals.shape[1])
        found = []
        for step in range(self.months):
            fresh = normals[PER_STEP * step : PER_STEP * (step + 1)]
            self._factors.step(step, fresh)
            chi, xi, power, currency = self._factors.state
            found += [chi.copy(), xi.copy(), POWER_SHARE * power, currency.copy(), VOLUME_SD * fresh[4]]
        return np.array(found, dtype=np.float64)

    def _walk(self, draw: Any, size: int) -> Outcome:
        cost, gain, worst, before, value, work = self._rows[:, :size]
        for row in (cost, gain, worst):
            row.fill(0.0)
        self._factors.start(START, size)
        chi, xi, _, currency = self._factors.state
        self._basket.see(chi, xi)
        for step in range(self.months):
            normals = draw(step)
            self._basket.value(self._before[step], before)
            self._factors.step(step, normals)
            np.exp(currency, out=work)
            self._book(step, before, value, work)
            np.add(gain, value, out=gain)
            np.minimum(worst, gain, out=worst)
            self._purchase(step, normals[4], value, work)
            np.add(cost, value, out=cost)
        return Outcome(cost, gain, worst)

    def _book(self, step: int, before: Any, value: Any, rate: Any) -> None:
        """Write what the book gained over the step, at the present rate, into ``value``."""
        chi, xi, _, _ = self._factors.state
        self._basket.see(chi, xi)
        self._basket.value(self._now[step], value)
        np.subtract(value, before, out=value)
        np.multiply(value, rate, out=value)

    def _purchase(self, step: int, noise: Any, value: Any, work: Any) -> None:
        """Write the cost of the step's volume into ``value``: one exp of the sum of all logs."""
        chi, xi, power, currency = self._factors.state
        np.multiply(noise, VOLUME_SD, out=value)
        np.add(value, self._log_volume[step], out=value)
        np.multiply(power, POWER_SHARE, out=work)
        for part in (chi, xi, work, currency):
            np.add(value, part, out=value)
        np.exp(value, out=value)
