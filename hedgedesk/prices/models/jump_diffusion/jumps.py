"""Jumps of two signs in a log price that reverts: their parameters and closed forms.

A jump of size J that falls at time u before T leaves J exp(-kappa u) at T. So the jumps of one sign, rate lambda a
year and sizes N(m, s^2), multiply the mean price at T by exp(lambda integral_0^T [M(exp(-kappa u)) - 1] du) with
M(a) = exp(a m + a^2 s^2 / 2) (a compound Poisson sum, Merton 1976, that decays).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from hedgedesk.prices.events import NODES
from hedgedesk.prices.events import log_growth as of_sides

SIDES = ("down", "up")


@dataclass(frozen=True, slots=True)
class SignedJumps:
    """Price wars and shortages: how often, how far, how evenly.

    Parameters may be arrays or complex numbers, because the likelihood is differentiated by complex steps.
    Example: 0.5 a year of x 0.25 and 0.3 a year of x 2 move the mean price by 0.5 (0.25 - 1) + 0.3 (2 - 1) = -0.075
    a year.
    """

    lambda_down: Any
    """Jumps down a year."""
    m_down: Any
    """Their mean log size, below 0."""
    s_down: Any
    """Standard deviation of their log size."""
    lambda_up: Any
    m_up: Any
    s_up: Any

    @property
    def sides(self) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
        """(rate, mean, spread) of the jumps down, then of those up."""
        return (self.lambda_down, self.m_down, self.s_down), (self.lambda_up, self.m_up, self.s_up)

    @property
    def drift(self) -> Any:
        """Sum of lambda m: what the jumps add to the log price a year."""
        return self.lambda_down * self.m_down + self.lambda_up * self.m_up

    @property
    def variance(self) -> Any:
        """Sum of lambda (m^2 + s^2): what they add to its variance a year."""
        down, up = (rate * (mean**2 + spread**2) for rate, mean, spread in self.sides)
        return down + up

    def scaled(self, factor: float) -> Self:
        """The same jumps, each ``factor`` times as large in logarithms."""
        return type(self)(
            self.lambda_down,
            self.m_down * factor,
            self.s_down * factor,
            self.lambda_up,
            self.m_up * factor,
            self.s_up * factor,
        )


def compensation(jumps: SignedJumps) -> float:
    """Drift a year that makes up for jumps that do not decay: -sum lambda (M(1) - 1) (Merton 1976)."""
    return float(-sum(rate * np.expm1(mean + 0.5 * spread**2) for rate, mean, spread in jumps.sides))


def drift_over(jumps: SignedJumps, kappa: Any, years: Any) -> Any:
    """Mean that jumps leave in the log price after ``years``: sum lambda m (1 - exp(-kappa T)) / kappa."""
    return -jumps.drift * np.expm1(-kappa * years) / kappa


def log_growth(jumps: SignedJumps, kappa: Any, years: Any, nodes: int = NODES) -> Any:
    """Logarithm of what jumps multiply the mean price by over ``years``, shaped like it.

    Parameters are numbers, or arrays that broadcast against ``years``; see :func:`hedgedesk.prices.events.log_growth`.
    """
    return of_sides(jumps.sides, kappa, years, nodes)
