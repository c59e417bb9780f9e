"""The workload in torch on the processor: float32, in blocks, in place, with the same polynomials as ours."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgedesk.benchmark import workload as w
from hedgedesk.prices.paths.basket import basket_coefficients


class TorchWorkload:
    """W over ``months`` steps by torch's own generator and kernels, on one thread."""

    def __init__(self, months: int, size: int = 32_768) -> None:
        import torch

        torch.set_num_threads(1)
        self.size = size
        self._torch, self._months = torch, months
        self._root = w.innovations().tolist()
        self._keep = np.exp(-w.KAPPA * w.STEP).tolist()
        self._log_volume = w.log_volume(months).tolist()
        self._half = w.DOMAIN * float(w.SIGMA[0] / np.sqrt(2.0 * w.KAPPA[0]))
        loadings, intercepts = tuple(w.LOADINGS.tolist()), tuple(w.INTERCEPTS.tolist())
        book = [tuple(w.held(t + k) for k in range(w.LISTED)) for t in range(1, months + 1)]

        def fitted(weights: tuple[float, ...]) -> tuple[float, ...]:
            return basket_coefficients(weights, loadings, intercepts, 0.0, self._half)

        self._now = [fitted((*weights, 0.0)) for weights in book]
        self._before = [fitted((0.0, *weights)) for weights in book]
        self._rows = torch.empty((13, size), dtype=torch.float32)
        self._z = torch.empty((w.PER_STEP, size), dtype=torch.float32)

    def block(self) -> tuple[Any, Any, Any]:
        """Cost, gain and worst margin (n,) of a block of fresh paths, as views that the next one overwrites."""
        torch, z = self._torch, self._z
        chi, xi, power, currency, cost, gain, worst, before, value, work, scaled, level, rate = self._rows
        for row, start in zip((chi, xi, power, currency), w.START.tolist(), strict=True):
            row.fill_(start)
        for row in (cost, gain, worst):
            row.zero_()
        with torch.no_grad():
            self._see(chi, xi, scaled, level)
            for step in range(self._months):
                z.normal_()
                self._value(self._before[step], scaled, level, before)
                self._step((chi, xi, power, currency))
                self._see(chi, xi, scaled, level)
                self._value(self._now[step], scaled, level, value)
                torch.exp(currency, out=rate)
                value.sub_(before).mul_(rate)
                gain.add_(value)
                torch.minimum(worst, gain, out=worst)
                torch.mul(z[4], w.VOLUME_SD, out=work)
                work.add_(self._log_volume[step]).add_(chi).add_(xi).add_(power, alpha=w.POWER_SHARE).add_(currency)
                cost.add_(work.exp_())
        return cost, gain, worst

    def _step(self, states: tuple[Any, ...]) -> None:
        for i, state in enumerate(states):
            state.mul_(self._keep[i]).add_(float(w.DRIFT[i] * w.STEP))
            for j in range(i + 1):
                state.add_(self._z[j], alpha=self._root[i][j])

    def _see(self, chi: Any, xi: Any, scaled: Any, level: Any) -> None:
        self._torch.mul(chi, 1.0 / self._half, out=scaled)
        self._torch.exp(xi, out=level)

    def _value(self, coefficients: tuple[float, ...], scaled: Any, level: Any, out: Any) -> None:
        first, second, *others = coefficients
        self._torch.mul(scaled, first, out=out)
        out.add_(second)
        for coefficient in others:
            out.mul_(scaled).add_(coefficient)
        out.mul_(level)
