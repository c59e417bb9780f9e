"""Closed forms of a log price whose changes depend on a hidden regime.

In step m = 0, 1, ... the regime k_m follows a Markov chain and the log price moves by N(mean_k, sd_k^2), evenly within
the step: over a part f of it by N(f mean_k, f sd_k^2). Time is counted in steps from the newest price; a part of a step
is the end of a step that has begun, so position 2.0 is the end of the second step and not the beginning of the third.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats

ROUNDING = 1e-9
"""Steps by which a position may miss a whole number and count as it."""


@dataclass(frozen=True, eq=False)
class RegimeChain:
    """k regimes of a change."""

    mean: Floats
    """(k,) of the log change of a step."""
    sd: Floats
    """(k,) its standard deviation."""
    transition: Floats
    """(k, k) probability of regime i after regime j, so that columns add to 1."""
    start: Floats
    """(k,) probabilities of the regime of the newest step before the beginning."""

    def log_growth(self, steps: Floats) -> Floats:
        """Log growth ln E[S / S_0] (N,) after ``steps`` (N,): ln 1' D^f P (D P)^m start."""
        whole, part = positions(steps)
        reached = self._weights(int(whole.max(initial=0)))
        entered = self.transition @ reached[whole].T
        return np.asarray(np.log(np.sum(np.exp(np.outer(self._rate, part)) * entered, axis=0)))

    def mean_after(self, steps: Floats) -> Floats:
        """Mean (N,) of the sum of the changes until ``steps`` (N,)."""
        whole, part = positions(steps)
        before, during = self._totals(self.mean, int(whole.max(initial=0)))
        return np.asarray(before[whole] + part * during[whole])

    def covariance(self, steps: Floats) -> Floats:
        """(N, N) covariance of the sums of the changes until ``steps`` (N,).

        What the regimes' means vary, and on top the changes' own variance until the earlier of two times.
        """
        whole, part = positions(steps)
        most = int(whole.max(initial=0))
        before, during = self._totals(self.sd**2, most)
        until = before[whole] + part * during[whole]
        # A sum until a date takes all of the steps before and part of the one it lies in.
        share = (np.arange(most + 1) < whole[:, None]) + part[:, None] * (np.arange(most + 1) == whole[:, None])
        return np.asarray(share @ self._mean_covariance(most) @ share.T + np.minimum.outer(until, until))

    def log_growth_ahead(self, position: float, steps: float) -> Floats:
        """(k,) ln E[S at ``position`` + ``steps`` / S now] by the regime of the step that ``position`` lies in."""
        left = float(1.0 - positions(np.array([position]))[1][0]) if position > 0 else 0.0
        if steps <= left:
            return np.asarray(steps * self._rate)
        whole, part = positions(np.array([steps - left]))
        ahead = np.exp(part[0] * self._rate) @ self.transition
        for _ in range(int(whole[0])):
            ahead = (ahead * np.exp(self._rate)) @ self.transition
        return np.asarray(np.log(ahead) + left * self._rate)

    def stationary(self) -> Floats:
        """(k,) probabilities of the regimes in the long run."""
        size = self.mean.size
        system = np.vstack([self.transition - np.eye(size), np.ones(size)])
        return np.asarray(np.linalg.lstsq(system, np.append(np.zeros(size), 1.0))[0])

    def long_run_growth(self) -> float:
        """Logarithm of the largest eigenvalue of D P: growth of the mean price per step in the long run."""
        grown = np.exp(self._rate)[:, None] * self.transition
        return float(np.log(np.max(np.abs(np.linalg.eigvals(grown)))))

    @property
    def _rate(self) -> Floats:
        """(k,) growth of the mean price in a step of each regime."""
        return np.asarray(self.mean + 0.5 * self.sd**2)

    def _weights(self, most: int) -> Floats:
        """(most + 1, k) (D P)^m start."""
        grown = np.exp(self._rate)[:, None] * self.transition
        rows = np.empty((most + 1, self.mean.size))
        rows[0] = self.start
        for m in range(most):
            rows[m + 1] = grown @ rows[m]
        return rows

    def _chances(self, most: int) -> Floats:
        """(most + 1, k) probabilities of the regime of step 0, 1, ..., ``most``."""
        rows = np.empty((most + 1, self.mean.size))
        now = self.start
        for m in range(most + 1):
            now = rows[m] = self.transition @ now
        return rows

    def _totals(self, of_regime: Floats, most: int) -> tuple[Floats, Floats]:
        """Expected sum of ``of_regime`` (k,) over the steps before step m, and in it, for m = 0 .. ``most``."""
        during = self._chances(most) @ of_regime
        return np.concatenate([[0.0], np.cumsum(during)[:-1]]), during

    def _mean_covariance(self, most: int) -> Floats:
        """(most + 1, most + 1) covariance of the regimes' means between steps."""
        chances = self._chances(most)
        expected = chances @ self.mean
        covariance = np.empty((most + 1, most + 1))
        # Row of expected means this many steps later, by the regime now.
        later = self.mean
        for lag in range(most + 1):
            both = (chances[: most + 1 - lag] * self.mean) @ later
            along = both - expected[: most + 1 - lag] * expected[lag:]
            covariance[np.arange(most + 1 - lag), np.arange(lag, most + 1)] = along
            covariance[np.arange(lag, most + 1), np.arange(most + 1 - lag)] = along
            later = later @ self.transition
        return covariance


def positions(steps: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], Floats]:
    """Steps done before the one a position lies in, and the part of it that is done, above 0; 0 and 0 at 0."""
    steps = np.asarray(steps, dtype=np.float64)
    near = np.round(steps)
    steps = np.where(np.abs(steps - near) <= ROUNDING, near, steps)
    whole = np.maximum(np.ceil(steps).astype(np.int64) - 1, 0)
    return whole, steps - whole
