"""The Markov chain behind the stationary bootstrap: which change of the history comes next, and what that means.

Politis and Romano (1994): the change after number i is number i + 1, around the end of the history, or with
probability p any of them. So the last one drawn is all that the next depends on, and means and covariances of sums of
changes follow in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.bootstrap.tables import Tables


@dataclass(frozen=True)
class BlockChain:
    """Changes drawn in blocks of geometric length."""

    changes: Floats
    """(n,) of the log price, in the order of the history."""
    restart: float
    """p, the probability that a change begins a new block; its inverse is the mean length of a block."""

    def log_growth(self, steps: int) -> Floats:
        """(n + 1,) ln E[exp(sum of the next ``steps`` changes)] by the number of the last one drawn.

        The last entry is of a path that has drawn none yet, whose first change is any.
        """
        return self._growths.upto(steps)[steps]

    def mean(self, steps: Floats) -> Floats:
        """Mean of the sum of the first ``steps`` changes: each of them is any change of the history."""
        return np.asarray(steps * self.changes.mean())

    def covariance(self, steps: Floats) -> Floats:
        """(N, N) covariance of the sums of the first ``steps`` (N,) changes.

        Two changes h steps apart are in one block with probability (1 - p)^h, and then h apart in the history too;
        their covariance is (1 - p)^h times the circular autocovariance of the history.
        """
        counts = np.asarray(steps, dtype=np.int64)
        most = int(counts.max(initial=0))
        lags = np.arange(most)
        autocovariance = self._circular[lags % self.changes.size] * (1.0 - self.restart) ** lags
        apart = np.abs(np.subtract.outer(lags, lags))
        sums = np.zeros((most + 1, most + 1))
        sums[1:, 1:] = autocovariance[apart].cumsum(axis=0).cumsum(axis=1)
        return np.asarray(sums[np.ix_(counts, counts)])

    @cached_property
    def _circular(self) -> Floats:
        """(n,) autocovariance of the history wrapped around, by lag."""
        spectrum = np.abs(np.fft.fft(self.changes - self.changes.mean())) ** 2
        return np.asarray(np.fft.ifft(spectrum).real / self.changes.size)

    @cached_property
    def _growths(self) -> Tables:
        factor = np.exp(self.changes)

        def one_more(after: Floats) -> Floats:
            # Of each change as the next one: itself, then what follows it.
            ahead = factor * np.exp(after[:-1])
            fresh = ahead.mean()
            following = (1.0 - self.restart) * np.roll(ahead, -1) + self.restart * fresh
            return np.asarray(np.log(np.append(following, fresh)))

        return Tables(np.zeros(self.changes.size + 1), one_more)
