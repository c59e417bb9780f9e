"""How the cost of the product's own simulation grows, and what memory it takes at its largest."""

from __future__ import annotations

import resource
import statistics
import sys
from collections.abc import Sequence

import numpy as np

from hedgedesk.benchmark.protocol import Row, Work, taken
from hedgedesk.domain.exposure import ConsumptionForecast, Exposure, ForecastLine
from hedgedesk.domain.market import ContractSpec, FxCurve, MarketSnapshot, TokenIndex
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.simulate import simulate

PATHS = (65_536, 131_072, 262_144, 524_288)
MONTHS = (6, 12, 24, 48)
FEW, LONG = 65_536, 24
"""Paths while the months grow, months while the paths do."""
ROUNDS = 5
STEEPEST = 1.05
"""Exponent that still counts as linear, so near is the fit of a power law."""
LARGEST = 1_000_000
MOST_GIB = 1.5


def slope_in_paths() -> Row:
    """Exponent of the CPU time in the number of scenarios."""
    works = {str(paths): _simulation(paths, LONG) for paths in PATHS}
    return _slope(
        "simulate_slope_in_scenarios", PATHS, works, f"user CPU's exponent in {PATHS[0]:,} to {PATHS[-1]:,} paths"
    )


def slope_in_months() -> Row:
    """Exponent of the CPU time in the number of months."""
    works = {str(months): _simulation(FEW, months) for months in MONTHS}
    return _slope(
        "simulate_slope_in_months", MONTHS, works, f"user CPU's exponent in {MONTHS[0]} to {MONTHS[-1]} months"
    )


def memory() -> Row:
    """Peak memory of this process while it simulates a million scenarios of 24 months, over what is allowed."""
    _simulation(LARGEST, 24)()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    unit = f"peak memory at {LARGEST:,} scenarios x 24 months / {MOST_GIB} GiB"
    return Row("simulate_peak_memory", peak / (MOST_GIB * 2**30), 1.0, "lower", unit, 0.0)


def _slope(name: str, sizes: Sequence[int], works: dict[str, Work], unit: str) -> Row:
    seconds = taken(works, ROUNDS, _own_seconds)
    whole = np.array([np.array(seconds[str(size)]) for size in sizes])
    each = [float(np.polyfit(np.log(sizes), np.log(whole[:, k]), 1)[0]) for k in range(ROUNDS)]
    return Row(name, statistics.median(each), STEEPEST, "lower", unit, max(each) - min(each))


def _own_seconds() -> float:
    """CPU without the system's share: clearing fresh memory for large arrays costs it a step, not a slope."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def _simulation(paths: int, months: int) -> Work:
    """One simulation; its units are 1, so that its time is the whole of it."""
    market, exposure = _market(), _exposure(months)
    model = TwoFactor(
        TwoFactorParameters(1.2, 0.45, 0.18, 0.3, 0.0, 0.0, 0.0), np.array([0.1, np.log(8.0)]), from_futures=False
    )
    settings = RunSettings(scenarios=paths)

    def work() -> int:
        drawn: ScenarioSet = simulate(model, market, exposure, settings)
        return 1 if drawn.count == paths else 0

    return work


def _market() -> MarketSnapshot:
    dates = np.arange("2026-01-02", "2026-10-31", 7, dtype="datetime64[D]")
    still = np.ones(dates.size)
    rate = 7.1 * np.exp(0.01 * np.sin(np.arange(dates.size)))
    index = TokenIndex("Benchmark index", "CNY", dates, 8.0 * still)
    return MarketSnapshot(index=index, contract=ContractSpec("CNY", 1_000.0, listed_months=12), fx=FxCurve(dates, rate))


def _exposure(months: int) -> Exposure:
    first = np.datetime64("2026-11")
    lines = tuple(
        ForecastLine(first + np.timedelta64(month, "M"), "model-a", meter, mtok, spread=0.15)
        for month in range(months)
        for meter, mtok in (("uncached_input", 20_000.0), ("output", 8_000.0))
    )
    return Exposure.open(ConsumptionForecast(lines), ())
