"""The workload at a million paths beside its floor and its peers, all in one run."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from hedgedesk.benchmark import peers
from hedgedesk.benchmark.peers import MONTHS, Missing
from hedgedesk.benchmark.protocol import Row, Work, ratios, taken
from hedgedesk.benchmark.workload import Workload

PATHS = 1_000_000
ROUNDS = 5
WHOLE_ARRAY_PATHS, QUANTLIB_PATHS = 50_000, 4_000
"""Fewer, for both cost the same a path however many there are, and far more than ours."""

TARGETS: dict[str, tuple[str, float, Literal["lower", "higher"], str]] = {
    "simulate_vs_rng_floor": ("floor", 0.80, "lower", "CPU of W, 1M paths x 24 months / numpy filling its normals"),
    "simulate_vs_whole_array": ("whole array", 20.0, "higher", "CPU of W in whole numpy arrays / ours, per path"),
    "simulate_vs_quantlib": ("quantlib", 75.0, "higher", "CPU of QuantLib's paths alone, read out / all of W by us"),
    "simulate_vs_torch": ("torch", 1.0, "higher", "CPU of W in torch on the processor, float32 / ours"),
}
"""Row to the candidate it is measured against, its target, which side is better, and what is divided by what."""


def walk_rows(names: list[str]) -> list[Row]:
    """The rows with these names of :data:`TARGETS`, from one interleaved measurement."""
    works: dict[str, Work] = {"ours": whole_workload(PATHS)}
    missing = {}
    for name in names:
        candidate = TARGETS[name][0]
        try:
            works[candidate] = _candidate(candidate)
        except Missing as reason:
            missing[name] = str(reason)
    seconds = taken(works, ROUNDS) if len(works) > 1 else {}
    return [_row(name, seconds, missing.get(name)) for name in names]


def _candidate(candidate: str) -> Work:
    made: dict[str, Any] = {
        "floor": lambda: peers.rng_floor(PATHS),
        "whole array": lambda: peers.whole_array_work(WHOLE_ARRAY_PATHS),
        "quantlib": lambda: peers.quantlib_work(QUANTLIB_PATHS),
        "torch": lambda: peers.torch_work(PATHS),
    }
    work: Work = made[candidate]()
    return work


def whole_workload(paths: int, months: int = MONTHS) -> Work:
    """All of W by the product's parts: every path's cost, gain and worst margin kept in float64."""
    walk = Workload(months)
    kept = np.empty((3, paths))

    def work() -> int:
        for number, start in enumerate(range(0, paths, walk.size)):
            outcome = walk.block(1, number, min(walk.size, paths - start))
            rows = slice(start, start + outcome.cost.size)
            kept[0, rows], kept[1, rows], kept[2, rows] = outcome.cost, outcome.gain, outcome.worst
        return paths

    return work


def _row(name: str, seconds: dict[str, list[float]], missing: str | None) -> Row:
    candidate, target, better, unit = TARGETS[name]
    if missing is not None:
        return Row(name, None, target, better, unit, None, missing)
    above, below = ("ours", candidate) if better == "lower" else (candidate, "ours")
    ratio, spread = ratios(seconds[above], seconds[below])
    return Row(name, ratio, target, better, unit, spread)
