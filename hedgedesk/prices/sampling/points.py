"""Where the normals of a replication come from, and what each of them counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.sampling.sobol import SobolNormals

Loss = Callable[[Floats, np.random.Generator], Floats]
"""From independent standard normals (D, n) to a loss (n,); the generator draws whatever is not Gaussian."""


def tail_shift(level: float) -> float:
    """Mean of a standard normal beyond its ``level`` quantile: where the tail of a linear loss has its weight."""
    from scipy.special import ndtri

    return float(np.exp(-0.5 * ndtri(level) ** 2) / np.sqrt(2.0 * np.pi) / (1.0 - level))


class PlainPoints:
    """Independent normals of one stream.

    Parameters
    ----------
    dimensions
        D.
    random
        Draws them.
    """

    def __init__(self, dimensions: int, random: np.random.Generator) -> None:
        self._dimensions, self._random = dimensions, random

    def next(self, count: int) -> tuple[Floats, Floats | None]:
        """The next normals (D, count), all of weight 1."""
        return self._random.standard_normal((self._dimensions, count)), None


class SobolPoints:
    """One scrambled Sobol sequence along the columns of ``basis``, plain normals across them.

    A normal vector w has its part along the basis B replaced by Sobol coordinates s: z = w + B (s - B'w). The first
    coordinate is shifted by ``shift``, and each point weighted by the ratio of the two densities,
    exp(-shift s_1 + shift^2 / 2).

    Parameters
    ----------
    basis
        (D, k) orthonormal columns, the most important first.
    shift
        In standard deviations; 0: every weight is 1.
    random
        Scrambles the sequence, and draws w where k < D.
    """

    def __init__(self, basis: Floats, shift: float, random: np.random.Generator) -> None:
        self._basis, self._shift, self._random = basis, shift, random
        self._sequence = SobolNormals(basis.shape[1], random)

    def next(self, count: int) -> tuple[Floats, Floats | None]:
        """The next normals (D, count) and their weights (count,).

        ``count`` is a power of 2 that divides how many came before.
        """
        along = self._sequence.next(count)
        weights = None
        if self._shift:
            along[0] += self._shift
            weights = np.exp(0.5 * self._shift**2 - self._shift * along[0])
        basis = self._basis
        if basis.shape[0] == basis.shape[1]:
            return basis @ along, weights
        normals = self._random.standard_normal((basis.shape[0], count))
        normals += basis @ (along - basis.T @ normals)
        return normals, weights
