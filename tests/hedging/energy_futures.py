"""Weekly changes of real energy futures, each within one contract, and the hedge study on them.

Run ``python tests/hedging/energy_futures.py`` with the reference data beside the checkout: it prints the
study's tables.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hedgedesk.hedging.rolling import (
    Judgement,
    Rule,
    alone,
    everything,
    judge,
    least_cvar,
    least_variance,
    nothing,
    roll,
)

FILE = Path("futures") / "energy_futures_weekly_wti_brent_heatingoil.csv"
GALLONS_PER_BARREL = 42.0
BRENT_CHANGED = np.datetime64("2016-03", "M")
"""Delivery month from which Brent expires a month and not a fortnight before delivery."""
WTI = (2, 3, 6)
"""Nearby crude contracts that a hedge may hold; the nearest may expire within the week."""
WINDOW, HOLD = 104, 4
"""Weeks: two years to estimate on, every four weeks anew."""
REFERENCE = "minimum variance, one contract"
RULES: dict[str, Rule] = {
    "none": nothing,
    "100%, one contract": everything,
    REFERENCE: alone(least_variance),
    "minimum CVaR, one contract": alone(least_cvar(0.95)),
    "minimum variance, three contracts": least_variance,
    "minimum CVaR, three contracts": least_cvar(0.95),
    "mean + CVaR, three contracts": least_cvar(0.95, 1.0),
}


def wti_expiry(month: np.datetime64) -> np.datetime64:
    """Three weekdays before the 25th of the month before delivery, or before the weekday that precedes it."""
    last = np.busday_offset((month - 1).astype("datetime64[D]") + 24, 0, roll="backward")
    return np.busday_offset(last, -3)


def brent_expiry(month: np.datetime64) -> np.datetime64:
    """The weekday before the 15th day before delivery, later the last one of the second month before it."""
    if month < BRENT_CHANGED:
        return np.busday_offset(month.astype("datetime64[D]") - 15, -1, roll="forward")
    return np.busday_offset((month - 1).astype("datetime64[D]"), -1, roll="forward")


def heating_oil_expiry(month: np.datetime64) -> np.datetime64:
    """The last weekday of the month before delivery."""
    return np.busday_offset(month.astype("datetime64[D]"), -1, roll="forward")


def quotes(folder: Path) -> dict[str, np.ndarray]:
    """Every column of the file, USD per barrel; ``date`` too."""
    with (folder / FILE).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {"date": np.array([row["date"] for row in rows], dtype="datetime64[D]")}
    for name in rows[0]:
        if name != "date":
            factor = GALLONS_PER_BARREL if name.endswith("gal") else 1.0
            found[name.split("_")[0]] = factor * np.array([float(row[name]) for row in rows])
    return found


def within_contract(
    table: dict[str, np.ndarray], series: str, nearby: int, expiry: Callable[[np.datetime64], np.datetime64]
) -> np.ndarray:
    """(n,) weekly change of the contract that is ``nearby`` at the start of the week: a roll is no change."""
    rolled = np.diff([_nearest(day, expiry).astype(int) for day in table["date"]]) == 1
    later = np.where(rolled, table[f"{series}{nearby - 1:02d}"][1:], table[f"{series}{nearby:02d}"][1:])
    return later - table[f"{series}{nearby:02d}"][:-1]


def _nearest(day: np.datetime64, expiry: Callable[[np.datetime64], np.datetime64]) -> np.datetime64:
    month = day.astype("datetime64[M]")
    while expiry(month) < day:
        month = month + 1
    return month


def hedges(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Changes of what is bought (n,) and of the crude contracts (n, 3), by name."""
    table = quotes(folder)
    crude = np.column_stack([within_contract(table, "CL", nearby, wti_expiry) for nearby in WTI])
    return {
        "heating oil with WTI": (within_contract(table, "HO", 2, heating_oil_expiry), crude),
        "Brent with WTI": (within_contract(table, "BRN", 2, brent_expiry), crude),
    }


def as_recorded(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The same of the nearby series as they stand, a roll and all: the pairs of the recorded hedge ratios first."""
    change = {name: np.diff(values) for name, values in quotes(folder).items() if name != "date"}
    return {
        "heating oil with WTI": (change["HO01"], np.column_stack([change[c] for c in ("CL02", "CL03", "CL06")])),
        "Brent with WTI": (change["BRN01"], np.column_stack([change[c] for c in ("CL01", "CL03", "CL06")])),
    }


def study(spot: np.ndarray, futures: np.ndarray, window: int = WINDOW, hold: int = HOLD) -> tuple[Judgement, ...]:
    """Every rule, judged out of sample against :data:`REFERENCE`."""
    return judge(roll(spot, futures, RULES, window=window, hold=hold), reference=REFERENCE)


def told(judged: tuple[Judgement, ...]) -> str:
    """A table in Markdown; reductions in per cent, differences in points."""
    head = (
        "| rule | ratio | sd | CVaR 95% | variance reduction | CVaR reduction | variance, against reference "
        "| CVaR, against reference |\n|---|---|---|---|---|---|---|---|"
    )
    rows = [
        f"| {each.rule} | {each.mean_ratio:.2f} | {each.standard_deviation:.2f} | {each.cvar:.2f} | "
        + " | ".join(
            f"{100 * found.value:+.1f} [{100 * found.low:+.1f}, {100 * found.high:+.1f}]"
            for found in (
                each.variance_reduction,
                each.cvar_reduction,
                each.variance_against_reference,
                each.cvar_against_reference,
            )
        )
        + " |"
        for each in judged
    ]
    return "\n".join([head, *rows])


def main() -> None:
    """Print the tables."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    for title, pairs, window in (
        ("Changes within one contract", hedges(folder), WINDOW),
        ("Changes within one contract, four years to estimate on", hedges(folder), 2 * WINDOW),
        ("Nearby series as recorded, rolls included", as_recorded(folder), WINDOW),
    ):
        for name, (spot, futures) in pairs.items():
            print(f"\n### {name}. {title}: {spot.size - window} weeks out of sample\n")
            print(told(study(spot, futures, window)))


if __name__ == "__main__":
    main()
