"""Likelihood of an index under mean reversion with jumps: a mixture over how many fell between two dates.

Nought, one and two jumps are told apart; three in one step are too rare to matter where jumps are rare at all.
Everything takes a batch of parameter sets, complex ones too, so that one pass gives a whole gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps

COUNTS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
"""(down, up) jumps of each part of the mixture."""


@dataclass(frozen=True, eq=False)
class StepMoments(ArrayHolder):
    """What jumps of one step leave at its end, to second moments: part by part of the mixture."""

    log_weight: Any
    """(..., n, C) logarithm of the chance of each part."""
    mean: Any
    """(..., n, C) log price."""
    variance: Any
    """(..., n, C)."""


def step_moments(jumps: SignedJumps, kappa: Any, gaps: Any, counts: Any = COUNTS) -> StepMoments:
    """Chance, mean and variance of each part of ``counts``; ``kappa`` and the jumps are (..., 1), ``gaps`` (n,) years.

    A jump J at a uniform time U of the step leaves J exp(-kappa gap U): the normal with its first two moments stands
    for it. Chances are Poisson's; those of more jumps than ``counts`` has are left out, which can only make a rate at
    which they matter less likely.
    """
    kept = -np.expm1(-kappa * gaps) / (kappa * gaps)
    kept_square = -np.expm1(-2 * kappa * gaps) / (2 * kappa * gaps)
    columns: list[tuple[Any, Any, Any]] = []
    for down, up in counts:
        log_weight, mean, variance = -(jumps.lambda_down + jumps.lambda_up) * gaps, 0.0, 0.0
        for count, (rate, size, spread) in zip((down, up), jumps.sides, strict=True):
            if count:
                log_weight = log_weight + count * np.log(rate * gaps) - np.log(count)
                mean = mean + count * size * kept
                variance = variance + count * ((size**2 + spread**2) * kept_square - (size * kept) ** 2)
        shape = 0.0 * kept
        columns.append((log_weight + shape, mean + shape, variance + shape))
    return StepMoments(*(np.stack(parts, axis=-1) for parts in zip(*columns, strict=True)))


@dataclass(frozen=True, eq=False)
class IndexHistory(ArrayHolder):
    """Log prices and the years between them."""

    log_price: Floats
    """(n + 1,)."""
    gaps: Floats
    """(n,) years."""

    def parts(self, kappa: Any, theta: Any, sigma: Any, jumps: SignedJumps) -> Any:
        """(..., n, C) logarithm of chance times density of each part; parameters are (..., 1)."""
        noise = -(sigma**2) * np.expm1(-2 * kappa * self.gaps) / (2 * kappa)
        of_jumps = step_moments(jumps, kappa, self.gaps)
        variance = noise[..., None] + of_jumps.variance
        away = self.surprise(kappa, theta)[..., None] - of_jumps.mean
        return of_jumps.log_weight - 0.5 * (np.log(2 * np.pi * variance) + away**2 / variance)

    def surprise(self, kappa: Any, theta: Any) -> Any:
        """(..., n) log price less what it was expected to be without a jump."""
        return self.log_price[1:] - theta - (self.log_price[:-1] - theta) * np.exp(-kappa * self.gaps)

    def log_likelihood(self, parameters: NDArray[Any]) -> Any:
        """(B,) of ``parameters`` (B, 9): kappa, theta, sigma and the six of the jumps."""
        kappa, theta, sigma, *jumps = (column[:, None] for column in parameters.T)
        return log_sum(self.parts(kappa, theta, sigma, SignedJumps(*jumps))).sum(axis=-1)


def log_sum(logs: Any) -> Any:
    """log(sum(exp(logs))) over the last axis; of complex numbers too, where the real part decides what is large."""
    top = logs.real.max(axis=-1, keepdims=True)
    return np.log(np.exp(logs - top).sum(axis=-1)) + top[..., 0]
