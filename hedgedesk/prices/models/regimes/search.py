"""Maximum likelihood of regimes: several starts that the data name, one bounded search from the best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.errors import NotConverged
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.regimes.coordinates import Coordinates
from hedgedesk.prices.models.regimes.likelihood import curvature, slope

LEAST_SD = 0.10
"""Least standard deviation of a regime, as a share of that of all changes: unchanged prices would make it 0 and the
likelihood infinite."""
AT_BOUND = 1e-3
"""Of a coordinate: closer to its bound than this it is held there."""
FIRST_STEPS = 12
"""Of the search from each start, before the best goes on."""
LAST_STEPS = 300
SAME_HILL = 0.05
"""Two searches whose log-likelihoods differ by less are taken to be on the same way."""


@dataclass(frozen=True, slots=True, eq=False)
class RegimeFit:
    """A maximum of the likelihood."""

    values: Floats
    """(p,) means, standard deviations, chances to stay and shares of :class:`Coordinates`, by rising mean."""
    covariance: Floats
    """(p, p) of the values; NaN in the rows of those held at a bound."""
    filtered: Floats
    """(k,) probabilities of the newest step's regime, given all changes."""
    smoothed: Floats
    """(n, k) of each step's regime, given all changes."""
    log_likelihood: float

    @property
    def parameters(self) -> int:
        """How many were searched for."""
        return self.values.size


def fit_regimes(changes: Floats, count: int) -> RegimeFit:
    """The best of several searches for ``count`` regimes in ``changes`` (n,).

    Raises
    ------
    NotConverged
        The likelihood has no interior maximum in the parameters that are not held at a bound.
    """
    return _Search(changes, count).run()


class _Search:
    """The likelihood of standardised changes in free coordinates."""

    def __init__(self, changes: Floats, count: int) -> None:
        self.scale = float(changes.std())
        self.changes = changes / self.scale
        self.coordinates = Coordinates(count)
        edge = float(np.log(10.0 * changes.size))
        self.bounds = self.coordinates.bounds(
            (float(self.changes.min()), float(self.changes.max())), (float(np.log(LEAST_SD)), 2.0), edge
        )

    def run(self) -> RegimeFit:
        first = sorted((self._climbed(start, FIRST_STEPS, exact=False) for start in self._starts()), key=_height)
        best = first[-1]
        second = [found for found in first if found[1] < best[1] - SAME_HILL][-1:]
        tops = [self._climbed(point, LAST_STEPS, exact=True) for point, _ in (best, *second)]
        return self._described(self.coordinates.by_mean(max(tops, key=_height)[0]))

    def _climbed(self, start: Floats, steps: int, *, exact: bool) -> tuple[Floats, float]:
        """The best point that ``steps`` reach, and its log-likelihood."""
        from scipy.optimize import minimize

        def loss(point: Floats) -> tuple[float, Floats]:
            value, gradient = slope(self.coordinates, point, self.changes, exact=exact)
            return -value, -gradient

        low, high = np.array(self.bounds).T
        found = minimize(
            loss, np.clip(start, low, high), jac=True, method="L-BFGS-B", bounds=self.bounds, options={"maxiter": steps}
        )
        return np.asarray(found.x), -float(found.fun)

    def _starts(self) -> Iterator[Floats]:
        """Split the changes by size, by distance from their median, and by how wild their neighbourhood is."""
        distance = np.abs(self.changes - np.median(self.changes))
        for key in (self.changes, distance, np.convolve(distance, np.ones(5) / 5, mode="same")):
            for shares in _SPLITS[self.coordinates.count]:
                groups = np.searchsorted(np.quantile(key, shares), key, side="left")
                yield self.coordinates.of_groups(self.changes, groups, LEAST_SD)

    def _described(self, point: Floats) -> RegimeFit:
        from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

        model: Any = MarkovRegression(
            self.changes, k_regimes=self.coordinates.count, trend="c", switching_variance=True
        )
        smoothed = model.smooth(self.coordinates.for_statsmodels(point))
        if not np.isfinite(smoothed.llf):
            raise NotConverged(f"Regimes: a change is too far from all {self.coordinates.count} regimes to be of one")
        values, covariance = self.coordinates.natural(point, self._covariance(point), self.scale)
        return RegimeFit(
            values=values,
            covariance=covariance,
            filtered=np.asarray(smoothed.filtered_marginal_probabilities)[-1],
            smoothed=np.asarray(smoothed.smoothed_marginal_probabilities),
            log_likelihood=float(smoothed.llf) - self.changes.size * float(np.log(self.scale)),
        )

    def _covariance(self, point: Floats) -> Floats:
        """Inverse of the observed information of the free coordinates; NaN for those at a bound."""
        low, high = np.array(self.bounds).T
        free = (point > low + AT_BOUND) & (point < high - AT_BOUND)
        if not free.any():
            raise NotConverged(
                f"Regimes: {self.coordinates.count} regimes tell {self.changes.size} changes exactly, so nothing of "
                "them is uncertain; it needs a history with some noise"
            )
        information = -curvature(self.coordinates, point, self.changes)[np.ix_(free, free)]
        if np.linalg.eigvalsh(information)[0] <= 0:
            raise NotConverged(
                f"Regimes: the likelihood of {self.coordinates.count} regimes has no interior maximum in "
                f"{self.changes.size} changes; it needs a longer history"
            )
        covariance = np.full((point.size, point.size), np.nan)
        covariance[np.ix_(free, free)] = np.linalg.inv(information)
        return covariance


def _height(found: tuple[Floats, float]) -> float:
    return found[1]


_SPLITS: dict[int, list[tuple[float, ...]]] = {
    2: [(0.5,), (0.12,), (0.85,)],
    3: [(1 / 3, 2 / 3), (0.1, 0.9), (0.7, 0.92)],
}
"""Quantiles at which a start splits the changes, by number of regimes."""
