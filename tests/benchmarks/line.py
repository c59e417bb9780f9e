"""CPU seconds of each station of the line on the sample desk, as ratios to drawing the normals alone.

Run ``python tests/benchmarks/line.py``; it prints and never gates. Ratios of one run can be compared, absolute times of
two machines cannot.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable

import numpy as np

import hedgedesk as hd
from hedgedesk.files import read_desk
from hedgedesk.files.places import sample_folder
from hedgedesk.pipeline import choose_model

ROUNDS = 5


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--scenarios", type=int, default=20_000)
    scenarios = arguments.parse_args().scenarios

    desk = read_desk(sample_folder())
    settings = dataclasses.replace(desk.settings, scenarios=scenarios)
    exposure = hd.Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)
    model, _ = choose_model(desk.market, None)
    drawn = hd.simulate(model, desk.market, exposure, settings)
    plan = hd.optimise(exposure, drawn, desk.program, desk.book)
    # Two normals for the price, one for the currency on each date, one a month for the volume.
    normals = np.empty((settings.block_size, 13 * exposure.months.size))
    generator = np.random.Generator(np.random.SFC64(1))
    blocks = -(-scenarios // settings.block_size)

    stations: dict[str, Callable[[], object]] = {
        "normals alone": lambda: [generator.standard_normal(out=normals) for _ in range(blocks)],
        "read the folder": lambda: read_desk(sample_folder()),
        "fit the model": lambda: choose_model(desk.market, None),
        "simulate": lambda: hd.simulate(model, desk.market, exposure, settings),
        "optimise": lambda: hd.optimise(exposure, drawn, desk.program, desk.book),
        "assess": lambda: hd.assess(exposure, plan, drawn),
    }
    taken: dict[str, list[float]] = {name: [] for name in stations}
    for _ in range(ROUNDS + 1):  # interleaved, and the first round only warms up
        for name, work in stations.items():
            taken[name].append(cpu_seconds(work))
    floor = statistics.median(taken["normals alone"][1:])
    print(
        f"sample desk, {scenarios:,} scenarios x {exposure.months.size} months, median of {ROUNDS} rounds, one thread"
    )
    print(f"{'station':<20}{'CPU s':>10}{'x normals':>12}{'spread':>10}")
    for name, seconds in taken.items():
        middle = statistics.median(seconds[1:])
        print(f"{name:<20}{middle:>10.3f}{middle / floor:>12.1f}{max(seconds[1:]) / min(seconds[1:]):>10.2f}")


if __name__ == "__main__":
    main()
