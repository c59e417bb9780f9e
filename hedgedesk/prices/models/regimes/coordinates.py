"""The free coordinates that regimes are searched in, their natural values and their names in statsmodels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats

Bounds = list[tuple[float, float]]
PERSISTENCE = 0.8
"""Chance to stay at the start of a search."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Means, log standard deviations, logits of staying and, from three regimes on, of where to.

    The vector is (means (k,), log sds (k,), logit stays (k,), logit shares (k,) if k = 3); the share is of the
    departures from a regime that go to the later one of the two others.
    """

    count: int
    """k, 2 or 3."""

    def bounds(self, mean: tuple[float, float], log_sd: tuple[float, float], logit: float) -> Bounds:
        """Of each coordinate; the same for every regime, so that their order does not matter."""
        chances = self.count if self.count == 2 else 2 * self.count
        return [mean] * self.count + [log_sd] * self.count + [(-logit, logit)] * chances

    def laws(self, points: Floats) -> tuple[Floats, Floats]:
        """Means and log standard deviations, (..., k) each, of ``points`` (..., p)."""
        return points[..., : self.count], points[..., self.count : 2 * self.count]

    def transitions(self, points: Floats) -> Floats:
        """(..., k, k) probability of regime i after regime j, of ``points`` (..., p)."""
        k = self.count
        chance = 1.0 / (1.0 + np.exp(-points[..., 2 * k :]))
        return transitions(chance[..., :k], chance[..., k:])

    def for_statsmodels(self, point: Floats) -> Floats:
        """What MarkovRegression with a constant and its own variance per regime calls params."""
        k = self.count
        chances = self.transitions(point)[:-1].ravel()
        return np.concatenate([chances, point[:k], np.exp(2.0 * point[k : 2 * k])])

    def of_groups(self, changes: Floats, groups: NDArray[np.int64], least_sd: float) -> Floats:
        """The point of regimes that are these ``groups`` (n,) of the changes."""
        k = self.count
        members = [changes[groups == i] for i in range(k)]
        mean = [float(m.mean()) if m.size else 0.0 for m in members]
        log_sd = [float(np.log(max(m.std(), 1.5 * least_sd))) if m.size else 0.0 for m in members]
        chances = [float(np.log(PERSISTENCE / (1.0 - PERSISTENCE)))] * k + [0.0] * (k if k == 3 else 0)
        return np.array([*mean, *log_sd, *chances])

    def by_mean(self, point: Floats) -> Floats:
        """The same regimes, numbered by rising mean."""
        k = self.count
        order = np.argsort(point[:k], kind="stable")
        moved = self.transitions(point)[np.ix_(order, order)]
        stay = np.diag(moved)
        parts = [point[:k][order], point[k : 2 * k][order], logit(stay)]
        if k == 3:
            share = np.array([moved[later, j] / (1.0 - stay[j]) for j, (_, later) in enumerate(others(k))])
            parts.append(logit(share))
        return np.concatenate(parts)

    def natural(self, point: Floats, covariance: Floats, scale: float) -> tuple[Floats, Floats]:
        """The values (p,) for changes ``scale`` times as large, and their covariance (p, p) by the delta method."""
        k = self.count
        chance = 1.0 / (1.0 + np.exp(-point[2 * k :]))
        values = np.concatenate([scale * point[:k], scale * np.exp(point[k : 2 * k]), chance])
        slope = np.concatenate([np.full(k, scale), values[k : 2 * k], chance * (1.0 - chance)])
        return values, covariance * np.outer(slope, slope)


def transitions(stay: Floats, share: Floats) -> Floats:
    """(..., k, k) probability of regime i after regime j.

    Parameters
    ----------
    stay
        (..., k) chance to stay.
    share
        (..., k) of the departures to the later of the two others; (..., 0) of two regimes.
    """
    k = stay.shape[-1]
    matrix = np.zeros((*stay.shape, k))
    for j, (sooner, later) in enumerate(others(k)):
        to_later = share[..., j] if k == 3 else 1.0
        matrix[..., j, j] = stay[..., j]
        matrix[..., later, j] += (1.0 - stay[..., j]) * to_later
        matrix[..., sooner, j] += (1.0 - stay[..., j]) * (1.0 - to_later)
    return matrix


def others(count: int) -> list[tuple[int, int]]:
    """For each regime the sooner and the later of the others; of two regimes the one other, twice."""
    rest = [[i for i in range(count) if i != j] for j in range(count)]
    return [(numbers[0], numbers[-1]) for numbers in rest]


def logit(chance: Floats) -> Floats:
    """Logarithm of the odds."""
    return np.asarray(np.log(chance) - np.log1p(-chance))
