"""How sharply a plan's tail and mean are measured for the time it takes, beside plain draws."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hedgedesk.benchmark.peers import MONTHS
from hedgedesk.benchmark.protocol import Row
from hedgedesk.benchmark.workload import PER_STEP, Workload, log_volume
from hedgedesk.domain.values import Floats
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.sampling import Rotation, rotation, tail_mean
from hedgedesk.prices.sampling.points import PlainPoints, SobolPoints, tail_shift

LEVEL = 0.95
POINTS = 4_096
RUNS, MEAN_RUNS = 60, 48
GROUPS = 4
"""Of runs, over which the spread is told."""
UNBIASED = 2.0
"""Standard errors by which the two means may differ."""
DIMENSIONS = PER_STEP * MONTHS

NOISE = slice(PER_STEP - 1, None, PER_STEP)
"""Rows of the normals that move the volume."""

Sample = Callable[[int], tuple[Floats, Floats | None]]
"""Losses and weights of one run."""


class NetCost:
    """Cost less the hedge's gain of the workload's paths, in float64."""

    def __init__(self) -> None:
        self._walk = Workload(MONTHS, POINTS, np.dtype(np.float64))

    def __call__(self, normals: Floats, _events: np.random.Generator) -> Floats:
        """Loss (n,) of normals (D, n)."""
        outcome = self._walk.given(normals)
        return np.asarray(outcome.cost - outcome.gain)

    def states(self, normals: Floats, _events: np.random.Generator) -> Floats:
        """(R, n) log states that the loss is made of."""
        return self._walk.log_states(normals)


def turned(loss: NetCost) -> Rotation:
    """The basis of the loss."""
    return rotation(loss, DIMENSIONS, lambda: generator(1, Stream.SAMPLING, 0), loss.states)


def tail_row() -> Row:
    """Efficiency of importance sampling on rotated Sobol points: variance x CPU of plain over its own."""
    loss = NetCost()
    began = time.process_time()
    basis = turned(loss).basis
    prepared = time.process_time() - began
    plain, shifted = _runs(loss, basis)
    shifted[:, 1] += prepared / RUNS
    ratio = _efficiency(plain, shifted)
    each = [_efficiency(plain[g::GROUPS], shifted[g::GROUPS]) for g in range(GROUPS)]
    unit = f"1 / (variance x CPU) of CVaR95 / that of plain draws, {RUNS} runs of {POINTS:,} paths"
    bias = abs(plain[:, 0].mean() - shifted[:, 0].mean()) / np.sqrt(
        (plain[:, 0].var(ddof=1) + shifted[:, 0].var(ddof=1)) / RUNS
    )
    if bias > UNBIASED:
        return Row("cvar_efficiency_vs_plain", None, 300.0, "higher", unit, None, f"biased by {bias:.1f} s.e.")
    return Row("cvar_efficiency_vs_plain", ratio, 300.0, "higher", unit, max(each) - min(each))


def _runs(loss: NetCost, basis: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(RUNS, 2) CVaR and CPU seconds of each run, plain and shifted, in turn."""
    none = generator(1, Stream.SAMPLING, 0)

    def plain(run: int) -> tuple[Floats, Floats | None]:
        normals, weights = PlainPoints(DIMENSIONS, generator(1, Stream.SAMPLING, 2 * run + 1)).next(POINTS)
        return loss(normals, none), weights

    def shifted(run: int) -> tuple[Floats, Floats | None]:
        normals, weights = SobolPoints(basis, tail_shift(LEVEL), generator(1, Stream.SAMPLING, 2 * run + 2)).next(
            POINTS
        )
        return loss(normals, none), weights

    plain(0), shifted(0)
    found = np.array([[_timed(sample, run) for sample in (plain, shifted)] for run in range(RUNS)])
    return found[:, 0], found[:, 1]


def mean_row() -> Row:
    """Variance of the mean cost: plain draws over rotated Sobol points with a control variate, equally many."""
    walk = Workload(MONTHS, POINTS, np.dtype(np.float64))
    none = generator(1, Stream.SAMPLING, 0)

    def cost(normals: Floats, _events: np.random.Generator) -> Floats:
        return np.array(walk.given(normals).cost)

    turn = rotation(
        cost, DIMENSIONS, lambda: generator(1, Stream.SAMPLING, 0), lambda normals, _: walk.log_states(normals)
    )
    known = still_mean(walk)
    found = np.empty((MEAN_RUNS, 2))
    for run in range(MEAN_RUNS):
        normals, _ = PlainPoints(DIMENSIONS, generator(2, Stream.SAMPLING, 2 * run)).next(POINTS)
        found[run, 0] = cost(normals, none).mean()
        normals, _ = SobolPoints(turn.basis, 0.0, generator(2, Stream.SAMPLING, 2 * run + 1)).next(POINTS)
        costs = cost(normals, none)
        normals[NOISE] = 0.0
        found[run, 1] = controlled(costs, cost(normals, none), known)
    each = [_gain(found[g::GROUPS]) for g in range(GROUPS)]
    unit = f"variance of the mean cost by plain draws / by Sobol points with a control, {POINTS:,} paths each"
    return Row("mean_variance_vs_plain", _gain(found), 5_000.0, "higher", unit, max(each) - min(each))


def controlled(losses: Floats, control: Floats, known: float) -> float:
    """Mean of ``losses`` less what the control's known mean shows to be chance."""
    covariance = np.cov(losses, control)
    return float(losses.mean() - covariance[0, 1] / covariance[1, 1] * (control.mean() - known))


def still_mean(walk: Workload) -> float:
    """Mean cost of the workload with its volume noise at 0, in closed form: a sum of lognormal means."""
    at_0 = walk.log_states(np.zeros((DIMENSIONS, 1)))
    slopes = walk.log_states(np.eye(DIMENSIONS)) - at_0
    priced = slopes.reshape(MONTHS, PER_STEP, DIMENSIONS)[:, :-1].sum(axis=1)
    means = at_0.reshape(MONTHS, PER_STEP)[:, :-1].sum(axis=1)
    return float(np.exp(log_volume(MONTHS) + means + 0.5 * (priced**2).sum(axis=1)).sum())


def _gain(found: NDArray[np.float64]) -> float:
    return float(found[:, 0].var(ddof=1) / found[:, 1].var(ddof=1))


def _timed(sample: Sample, run: int) -> tuple[float, float]:
    began = time.process_time()
    losses, weights = sample(run)
    return tail_mean(losses, LEVEL, weights), time.process_time() - began


def _efficiency(plain: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    variance = plain[:, 0].var(ddof=1) / other[:, 0].var(ddof=1)
    return float(variance * plain[:, 1].sum() / other[:, 1].sum())
