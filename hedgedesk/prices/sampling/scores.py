"""Normal scores of prices that are not Gaussian, as a fixed function of the price.

:class:`hedgedesk.prices.paths.volume.VolumeLaw` takes the rank of a price among the draws of its block. That is right
among fair draws alone: among points shifted into the tail every rank would be wrong. Here the ranks are those of a
reference sample, so that a price has its score whoever else is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.volume import VolumeLaw

SCORES = np.linspace(-4.0, 4.0, 321)
"""At which the reference's quantiles are kept; in between, scores are interpolated."""
SAME = 0.01
"""Share of equal prices of a month from which on it has no scores: a sticky price stands still in most futures."""


@dataclass(frozen=True, eq=False)
class ScoredVolume(VolumeLaw):
    """A volume law that scores each month's average log price by a reference sample."""

    quantiles: Floats = field(default_factory=lambda: np.empty((0, SCORES.size)))
    """(T, scores) of the average log price."""

    @classmethod
    def learnt(cls, law: VolumeLaw, walk: Callable[[VolumeLaw], None]) -> Self | None:
        """Learn the quantiles from fair draws; None where a month's prices are often the same.

        Parameters
        ----------
        law
            The one to be replaced.
        walk
            Draws fair blocks with the volume law that it is given.
        """
        from scipy.special import ndtr

        watching = _Watching(**_told(law))
        walk(watching)
        prices = np.sort(np.concatenate(watching.seen, axis=1), axis=1)
        if np.any((np.diff(prices, axis=1) == 0.0).mean(axis=1) > SAME):
            return None
        return cls(**_told(law), quantiles=np.quantile(prices, ndtr(SCORES), axis=1).T)

    def _standardise(self, month: int, log_price: Any, weight: float) -> float:
        log_price[:] = np.interp(log_price, self.quantiles[month], SCORES)
        return 0.5 * weight**2


@dataclass(frozen=True, eq=False)
class _Watching(VolumeLaw):
    """Keeps the average log prices that it is shown."""

    seen: list[Floats] = field(default_factory=list)

    def turn(self, normals: Any, log_prices: Any | None) -> None:
        """Keep ``log_prices`` (T, n)."""
        if log_prices is not None:
            self.seen.append(np.array(log_prices, dtype=np.float64))
        super().turn(normals, log_prices)


def _told(law: VolumeLaw) -> dict[str, Any]:
    return {told.name: getattr(law, told.name) for told in fields(VolumeLaw)}
