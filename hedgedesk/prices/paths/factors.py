"""Correlated Gaussian factors that revert or drift, stepped exactly and in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats


def semidefinite_root(covariance: Floats) -> Floats:
    """Lower triangular L (..., F, F) with L L' = ``covariance``, singular ones included: their columns are 0."""
    size = covariance.shape[-1]
    root = np.zeros(covariance.shape)
    for j in range(size):
        before = root[..., j, :j]
        pivot = covariance[..., j, j] - (before * before).sum(axis=-1)
        # What rounding leaves of a variance that the factors before it explain is no shock of its own.
        own = np.sqrt(np.where(pivot > 1e-13 * covariance[..., j, j], pivot, 0.0))
        root[..., j, j] = own
        for i in range(j + 1, size):
            rest = covariance[..., i, j] - (root[..., i, :j] * before).sum(axis=-1)
            root[..., i, j] = np.divide(rest, own, out=np.zeros_like(rest), where=own > 0)
    return root


class GaussianFactors:
    """F factors dx_i = (m_i - kappa_i x_i) dt + dW_i, cov(dW_i, dW_j) = c_ij dt, of a block of paths.

    Each step is the exact transition over its time: x_i <- exp(-kappa_i dt) x_i + m_i (1 - exp(-kappa_i dt)) / kappa_i
    + L_i z, where L is the root of c_ij (1 - exp(-(kappa_i + kappa_j) dt)) / (kappa_i + kappa_j); a kappa of 0 is a
    random walk and its limits are taken. Nothing is allocated after the constructor.

    Parameters
    ----------
    kappa
        (F,) speed of reversion per year, at least 0.
    covariance
        (F, F) of the shocks per year.
    drift
        (F,) m, per year.
    years
        (N,) rising dates of the steps, above 0.
    size
        Largest block.
    precision
        float32 or float64, of the state.
    unknown
        (F, F) covariance of the state at time 0, folded into the first step; None: it is known.
    """

    def __init__(
        self,
        kappa: Floats,
        covariance: Floats,
        drift: Floats,
        years: Floats,
        size: int,
        precision: np.dtype[Any],
        unknown: Floats | None = None,
    ) -> None:
        kappa = np.asarray(kappa, dtype=np.float64)
        gaps = np.diff(np.asarray(years, dtype=np.float64), prepend=0.0)
        keep = np.exp(-np.multiply.outer(gaps, kappa))
        shocks = covariance * _decayed(gaps[:, None, None], kappa[:, None] + kappa)
        if unknown is not None:
            shocks[0] += unknown * np.multiply.outer(keep[0], keep[0])
        self.root = semidefinite_root(shocks)
        """(N, F, F) lower triangle that turns the normals of each date into its shocks."""
        self.normals = kappa.size
        self._keep = keep.tolist()
        self._move = (drift * _decayed(gaps[:, None], kappa)).tolist()
        self._weights = self.root.tolist()
        self._rows = np.empty((kappa.size, size), precision)
        self._work = np.empty(size, precision)
        self.start(None, size)

    def start(self, state: Floats | None, size: int) -> None:
        """Begin a block of ``size`` paths, all at ``state`` (F,); None: at 0."""
        self.state = self._rows[:, :size]
        """(F, n) the factors of the present block, where they are now."""
        self.state[:] = 0.0 if state is None else np.asarray(state)[:, None]

    def step(self, date: int, normals: Any) -> None:
        """Move to date number ``date`` by the independent ``normals`` (F, n), which are left as they are."""
        keep, move, weights = self._keep[date], self._move[date], self._weights[date]
        work = self._work[: self.state.shape[1]]
        for i, x in enumerate(self.state):
            if keep[i] != 1.0:
                np.multiply(x, keep[i], out=x)
            if move[i] != 0.0:
                np.add(x, move[i], out=x)
            for j in range(i + 1):
                if weights[i][j] != 0.0:
                    np.multiply(normals[j], weights[i][j], out=work)
                    np.add(x, work, out=x)


def _decayed(years: Floats, speed: Floats) -> Floats:
    """Integral (1 - exp(-speed years)) / speed of a decaying shock, ``years`` where the speed is 0."""
    safe = np.where(speed > 0, speed, 1.0)
    return np.where(speed > 0, -np.expm1(-safe * years) / safe, years)
