"""Correlations of weekly changes, and the nearest ones that can hold together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats

Booleans = NDArray[np.bool_]

FEWEST_WEEKS = 24
"""Common weekly changes below which a correlation is an input (assumption)."""
MOST_REPAIRED = 0.10
"""Largest change of a correlation that is made without asking (assumption)."""

_ROUNDS = 2_000
_SETTLED = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """Correlation of two series over their common weeks."""

    value: float
    """NaN where there are fewer than two common changes, or a series stands still in all of them."""
    weeks: int

    @property
    def enough(self) -> bool:
        """Whether it may be used."""
        return self.weeks >= FEWEST_WEEKS and bool(np.isfinite(self.value))

    @property
    def standard_error(self) -> float:
        """(1 - r^2) / sqrt(n - 1), of large samples."""
        return float((1.0 - self.value**2) / np.sqrt(self.weeks - 1)) if self.weeks > 1 else float("nan")


def estimated(one: Floats, other: Floats) -> Estimate:
    """Pearson's correlation of two series of changes (n,) where both are there (not NaN)."""
    both = np.isfinite(one) & np.isfinite(other)
    x, y = one[both], other[both]
    weeks = int(both.sum())
    if weeks < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Estimate(float("nan"), weeks)
    return Estimate(float(np.corrcoef(x, y)[0, 1]), weeks)


def nearest(correlation: Floats, held: Booleans | None = None) -> Floats:
    """The positive semidefinite correlation matrix (F, F) nearest to ``correlation`` in the sum of squares.

    Higham (2002), IMA Journal of Numerical Analysis 22:329-343: alternating projections with Dykstra's correction.
    Where they do not settle the negative eigenvalues are clipped instead (:func:`clipped`).

    Parameters
    ----------
    held
        (F, F) true where an entry must stay as it is; the unit diagonal always does.
    """
    fixed = np.eye(len(correlation)) > 0
    if held is not None:
        fixed = fixed | held
    if np.linalg.eigvalsh(correlation)[0] >= 0.0:
        return correlation
    y, correction = correlation, np.zeros_like(correlation)
    for _ in range(_ROUNDS):
        asked = y - correction
        x = _semidefinite(asked)
        correction = x - asked
        before, y = y, np.where(fixed, correlation, x)
        if np.abs(y - before).max() < _SETTLED:
            return _shrunk(y)
    return clipped(correlation) if held is None else _shrunk(y)


def clipped(correlation: Floats) -> Floats:
    """``correlation`` (F, F) with its negative eigenvalues at 0 and the diagonal scaled back to 1."""
    x = _semidefinite(correlation)
    scale = 1.0 / np.sqrt(x.diagonal())
    return np.asarray(x * np.multiply.outer(scale, scale))


def _semidefinite(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def _shrunk(correlation: Floats) -> Floats:
    """Scaled towards independence by as much as what the iteration leaves of a negative eigenvalue asks for."""
    least = float(np.linalg.eigvalsh(correlation)[0])
    if least >= 0.0:
        return correlation
    independent = np.eye(len(correlation))
    return np.asarray((correlation - least * independent) / (1.0 - least))
