"""Units and signs, stated once.

Inside the house there is one system: volume in Mtok (a million tokens, or a million standard units where a name says
``unit``), price in currency per Mtok, size in lots, levels and rates as fractions, time in years ACT/365, months as
``datetime64[M]``.

Signs: exposure > 0 is still to be bought at a floating price; lots > 0 are long; cost > 0 is paid; gain > 0 is
received.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

import numpy as np

from hedgedesk.domain.values import Dates, Floats

Mtok = NewType("Mtok", float)
"""A million tokens (of the contract's unit where the name says so)."""
Lots = NewType("Lots", float)
"""Futures lots; long is positive."""

METERS = ("uncached_input", "cache_read", "cache_write", "output")
"""The four billable meters; reasoning tokens are inside output and never added."""

DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """What one Mtok of each meter counts in the contract's unit.

    Example: 60/120/20/20 Mtok of the four meters in ``stu`` are 60 + 0.2*120 + 20 + 4.21*20 = 188.2 M STU.
    """

    name: str
    uncached_input: float
    cache_read: float
    cache_write: float
    output: float

    def of(self, meter: str) -> float:
        """Weight of one meter of :data:`METERS`."""
        return float(getattr(self, meter))


STANDARD_UNITS = {
    "stu": UnitWeights("stu", 1.0, 0.2, 1.0, 4.21),
    "tokens": UnitWeights("tokens", 1.0, 1.0, 1.0, 1.0),
    "output_only": UnitWeights("output_only", 0.0, 0.0, 0.0, 1.0),
}
"""Units known by name; a contract may bring its own weights."""


def million_of(unit_name: str) -> str:
    """What a million of a unit is called: ``M STU``, or ``Mtok`` where every token counts one."""
    known = {"stu": "M STU", "tokens": "Mtok", "output_only": "Mtok output"}
    return known.get(unit_name, f"M {unit_name}")


def month_of(day: np.datetime64) -> np.datetime64:
    """Month (datetime64[M]) that ``day`` lies in."""
    month: np.datetime64 = day.astype("datetime64[M]")
    return month


def month_end(month: np.datetime64) -> np.datetime64:
    """Last calendar day (datetime64[D]) of ``month``."""
    following: np.datetime64 = (month + np.timedelta64(1, "M")).astype("datetime64[D]")
    return following - np.timedelta64(1, "D")


def years_between(start: np.datetime64, days: Dates | np.datetime64) -> Floats:
    """ACT/365 years from ``start`` to each of ``days`` (datetime64[D])."""
    elapsed = np.asarray(days, dtype="datetime64[D]") - start.astype("datetime64[D]")
    years: Floats = elapsed.astype(np.float64) / DAYS_PER_YEAR
    return years
