"""The same workload as others do it: whole arrays of numpy, QuantLib, torch; and what its normals alone would cost."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from hedgedesk.benchmark import workload as w
from hedgedesk.benchmark.protocol import Work
from hedgedesk.domain.values import Floats

MONTHS = 24
FLOOR_BUFFER = (w.PER_STEP, 8_192)
"""float64 normals that fit the second-level cache."""


class Missing(Exception):
    """A peer is not installed; the message says which extra has it."""


def rng_floor(paths: int) -> Work:
    """Filling the workload's normals into one small buffer over and over: numpy's fastest generator, in float64."""
    random = np.random.Generator(np.random.SFC64(1))
    buffer = np.empty(FLOOR_BUFFER)
    fills = -(-paths * MONTHS // FLOOR_BUFFER[1])

    def work() -> int:
        for _ in range(fills):
            random.standard_normal(out=buffer)
        return fills * FLOOR_BUFFER[1] // MONTHS

    return work


def whole_array(paths: int, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """Cost, gain and worst margin (S,) of each path, written as one would without a thought for the cache."""
    z = np.random.default_rng(seed).standard_normal((paths, MONTHS, w.PER_STEP))
    shocks = z[:, :, :4] @ w.innovations().T
    states = np.empty((paths, MONTHS + 1, 4))
    states[:, 0] = w.START
    keep = np.exp(-w.KAPPA * w.STEP)
    for t in range(MONTHS):
        states[:, t + 1] = keep * states[:, t] + w.DRIFT * w.STEP + shocks[:, t]
    chi, xi, power, currency = (states[:, :, i] for i in range(4))
    volume = np.exp(w.log_volume(MONTHS) + w.VOLUME_SD * z[:, :, 4])
    price = np.exp(chi[:, 1:] + xi[:, 1:] + w.POWER_SHARE * power[:, 1:])
    rate = np.exp(currency[:, 1:])
    cost = (volume * price * rate).sum(axis=1)
    futures = np.exp(chi[:, :, None] * w.LOADINGS + xi[:, :, None] + w.INTERCEPTS)
    book = np.array([[w.held(t + k) for k in range(w.LISTED)] for t in range(1, MONTHS + 1)])
    moves = futures[:, 1:, : w.LISTED] - futures[:, :-1, 1:]
    gains = np.cumsum((moves * book).sum(axis=2) * rate, axis=1)
    return cost, gains[:, -1], np.minimum(gains.min(axis=1), 0.0)


def whole_array_work(paths: int) -> Work:
    """The workload in whole arrays."""

    def work() -> int:
        whole_array(paths)
        return paths

    return work


def quantlib_work(paths: int) -> Work:
    """Paths of the four states alone from QuantLib's multi-path generator, read into Python, nothing priced on them.

    Raises
    ------
    Missing
        QuantLib is not installed.
    """
    if find_spec("QuantLib") is None:
        raise Missing("QuantLib is not installed; the extra hedgedesk[benchmark] has it")
    generator = quantlib_generator()
    states = np.empty((len(w.KAPPA), MONTHS + 1))

    def work() -> int:
        for _ in range(paths):
            path = generator.next().value()
            for i in range(len(w.KAPPA)):
                states[i] = list(path[i])
        return paths

    return work


def quantlib_generator(seed: int = 1) -> Any:
    """QuantLib's generator of the workload's four states, month by month."""
    import QuantLib

    # A random walk is a reversion so slow that the horizon does not show it; its drift moves no time.
    processes = [
        QuantLib.OrnsteinUhlenbeckProcess(max(float(kappa), 1e-9), float(sigma), float(start))
        for kappa, sigma, start in zip(w.KAPPA, w.SIGMA, w.START, strict=True)
    ]
    correlation = QuantLib.Matrix(4, 4)
    for i in range(4):
        for j in range(4):
            correlation[i][j] = float(w.CORRELATION[i, j])
    process = QuantLib.StochasticProcessArray(processes, correlation)
    uniform = QuantLib.UniformRandomSequenceGenerator(4 * MONTHS, QuantLib.UniformRandomGenerator(seed))
    times = [w.STEP * t for t in range(MONTHS + 1)]
    return QuantLib.GaussianMultiPathGenerator(process, times, QuantLib.GaussianRandomSequenceGenerator(uniform), False)


def torch_work(paths: int) -> Work:
    """The workload in torch on the processor: float32, blocks and buffers as in ours.

    Raises
    ------
    Missing
        Torch is not installed.
    """
    if find_spec("torch") is None:
        raise Missing("torch is not installed")
    from hedgedesk.benchmark.in_torch import TorchWorkload

    walk = TorchWorkload(MONTHS)

    def work() -> int:
        blocks = -(-paths // walk.size)
        for _ in range(blocks):
            walk.block()
        return blocks * walk.size

    return work
