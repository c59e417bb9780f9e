"""What moves beside the token: ``market/power.csv``, ``market/gpu.csv`` and ``market/drivers.toml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hedgedesk.domain.drivers import (
    DRIVERS,
    GIVEN_PAIRS,
    GPU_RENT,
    POWER,
    DriverHistory,
    Drivers,
    DriverTerms,
    EventTerms,
    PeakTerms,
    ProductionTerms,
)
from hedgedesk.files.columns import PRICE, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import GPU_UNITS, POWER_UNITS, Wanted
from hedgedesk.files.keys import Keys, is_number, known_instead, open_keys, rendered
from hedgedesk.files.market import dated

POWER_PRICE = Wanted(("date",), price="price", units=POWER_UNITS)
GPU_PRICE = Wanted(("date",), price="price", units=GPU_UNITS)


@dataclass(frozen=True, slots=True)
class _Number:
    """What a number inside a table must be."""

    good: Callable[[float], bool]
    expected: str


_ABOVE_ZERO = _Number(lambda x: 0 < x < 1e9, "a number above 0")
_CORRELATION = _Number(lambda x: -1 <= x <= 1, "a correlation from -1 to 1")
_RATE = _Number(lambda x: 0 <= x <= 365, "a rate per year from 0 to 365")
_TERMS = {
    "volatility": _Number(lambda x: 0 < x <= 10, "a volatility per year above 0, up to 10 (0.5 is 50%)"),
    "reversion": _RATE,
}
_PRODUCTION = {
    "gpu_usd_per_hour": _ABOVE_ZERO,
    "kilowatt": _ABOVE_ZERO,
    "power_usage_effectiveness": _Number(lambda x: 1 <= x <= 10, "a number from 1 to 10"),
    "usd_per_kilowatt_hour": _ABOVE_ZERO,
    "tokens_per_second": _ABOVE_ZERO,
    "pass_through": _Number(lambda x: 0 <= x <= 2, "a share from 0 to 2 (0.3 is 30%)"),
}
_PEAK = {
    "share": _Number(lambda x: 0 < x <= 1, "a share of the tokens above 0, up to 1 (0.4 is 40%)"),
    "multiple": _Number(lambda x: 0.1 <= x <= 100, "peak price over off-peak price, from 0.1 to 100"),
    "starts_per_year": _RATE,
}
_EVENTS = {
    "shortage_share": _Number(lambda x: 0 <= x <= 5, "a share of the token's log jump from 0 to 5 (1 is all of it)"),
    "energy_per_year": _Number(lambda x: 0 <= x <= 12, "energy shocks a year, from 0 to 12"),
    "energy_multiple": _Number(lambda x: 1 < x <= 10, "power after a shock over before, above 1, up to 10"),
    "energy_spread": _Number(lambda x: 0 <= x <= 1, "a standard deviation of logarithms from 0 to 1"),
}
_SWITCHES = ("in_force", "in_index")


def parse_power(path: Path, report: FileFindings) -> DriverHistory | None:
    """Read the history of the power price, currency per MWh; None without a good row."""
    return _history(POWER, POWER_PRICE, path, report)


def parse_gpu(path: Path, report: FileFindings) -> DriverHistory | None:
    """Read the history of an accelerator's rent, currency per GPU hour; None without a good row."""
    return _history(GPU_RENT, GPU_PRICE, path, report)


def read_driver_rules(path: Place) -> Drivers:
    """Read what the user says of the drivers.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_driver_rules)


def parse_driver_rules(path: Path, report: FileFindings) -> Drivers | None:
    """Read what is said of the drivers and of events, and report every fault; the histories are not here."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    correlations = _numbers(keys, "correlations", dict.fromkeys(GIVEN_PAIRS, _CORRELATION)) or {}
    terms = {name: _numbers(keys, name, _TERMS) for name in DRIVERS}
    production = _numbers(keys, "production", _PRODUCTION)
    drivers = Drivers(
        correlations=correlations,
        terms={name: DriverTerms(**said) for name, said in terms.items() if said is not None},
        production=None if production is None else ProductionTerms(**production),
        peak=_peak(keys),
        events=_events(keys),
    )
    keys.reject_unknown()
    return drivers


def _history(name: str, wanted: Wanted, path: Path, report: FileFindings) -> DriverHistory | None:
    columns = open_columns(path, wanted, ("price",), report)
    if columns is None:
        return None
    found = dated(columns, columns.days("date"), columns.numbers("price", PRICE))
    return DriverHistory(name, columns.currency, *found) if found else None


def _numbers(
    keys: Keys, section: str, known: Mapping[str, _Number], switches: tuple[str, ...] = ()
) -> dict[str, float] | None:
    """Numbers of one table by name; None where the file has no such table."""
    table = _table(keys, section, (*known, *switches))
    if table is None:
        return None
    found = {}
    for key in (key for key in table if key in known):
        value, wanted = table[key], known[key]
        if is_number(value) and wanted.good(float(value)):
            found[key] = float(value)
        else:
            keys.fault(f"{section}.{key}", rendered(value), wanted.expected)
    return found


def _table(keys: Keys, section: str, known: tuple[str, ...]) -> Mapping[str, Any] | None:
    example = f"a table of {', '.join(known)}"
    table: Mapping[str, Any] | None = keys.value(section, lambda v: isinstance(v, dict), example)
    for key in table or ():
        if key not in known:
            keys.fault(f"{section}.{key}", "an unknown key", known_instead(key, known))
    return table


def _peak(keys: Keys) -> PeakTerms | None:
    numbers = _numbers(keys, "peak", _PEAK, _SWITCHES)
    if numbers is None:
        return None
    table, switched = keys.table["peak"], {}
    for key in _SWITCHES:
        switched[key] = table.get(key, False)
        if not isinstance(switched[key], bool):
            keys.fault(f"peak.{key}", rendered(switched[key]), "true or false")
    missing = [key for key in ("share", "multiple") if key not in table]
    for key in missing:
        keys.fault(f"peak.{key}", "no such key", _PEAK[key].expected)
    if not {"share", "multiple"} <= set(numbers):
        return None
    if not switched["in_force"] and "starts_per_year" not in table:
        keys.fault("peak.starts_per_year", "no such key", f"{_RATE.expected}, or in_force = true")
    return PeakTerms(numbers["share"], numbers["multiple"], numbers.get("starts_per_year", 0.0), **switched)


def _events(keys: Keys) -> EventTerms | None:
    numbers = _numbers(keys, "events", _EVENTS)
    if numbers is None:
        return None
    table, rate = keys.table["events"], "energy_per_year"
    wanted = {rate} if any(key.startswith("energy_") for key in table) else set()
    if numbers.get(rate, 0.0) > 0.0:
        wanted.add("energy_multiple")
    for key in sorted(wanted - set(table)):
        keys.fault(f"events.{key}", "no such key", _EVENTS[key].expected)
    return EventTerms(**numbers)
