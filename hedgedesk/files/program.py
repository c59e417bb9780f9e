"""``program.toml``: what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.files.dates import read_month
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.keys import Keys, is_number, is_whole, known_instead, open_keys, rendered

LOTS = ("whole", "fractional")
MOST_MONTHS_AHEAD = 240
MOST_COVER = 2.0
"""Largest cover a band or omega may name; above 1 is more than the forecast."""

_BAND_KEYS = ("months_ahead", "min", "max")
_BAND_EXPECTED = "a table {months_ahead = [1, 12], min = 0.5, max = 0.75}"


def read_program(path: Place) -> HedgeProgram:
    """Read the rules of a hedge programme.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_program)


def parse_program(path: Path, report: FileFindings) -> HedgeProgram | None:
    """Read the rules and report every fault; what is faulty has its default in the result."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    budget, budget_by_month = _number_or_table(keys, "budget", lambda x: x > 0, "an amount above 0")
    limit, limit_by_month = _number_or_table(keys, "position_limit", lambda x: x >= 0, "lots of at least 0")
    program = HedgeProgram(
        currency=keys.currency(),
        budget=budget,
        budget_by_month=budget_by_month,
        level=keys.number("level", lambda x: 0.5 < x <= 0.9999, "a level above 0.5 and up to 0.9999", 0.95) or 0.95,
        risk_weight=keys.number("risk_weight", lambda x: x >= 0, "a number of at least 0", None),
        over_hedge=_at_least_zero(keys, "over_hedge", MOST_COVER, f"a number from 0 to {MOST_COVER:g}", 1.0),
        credit_line=keys.number("credit_line", lambda x: x >= 0, "an amount of at least 0", None),
        position_limit=limit,
        position_limit_by_month=limit_by_month,
        transaction_cost_per_mtok=_at_least_zero(
            keys, "transaction_cost_per_mtok", np.inf, "an amount of at least 0", 0.0
        ),
        lots=keys.choice("lots", LOTS, "whole"),
        instruments=tuple(_instruments(keys)),
        bands=_bands(keys),
    )
    keys.reject_unknown()
    return program


def _at_least_zero(keys: Keys, key: str, most: float, expected: str, default: float) -> float:
    value = keys.number(key, lambda x: 0 <= x <= most, expected, default)
    return default if value is None else value


def _instruments(keys: Keys) -> list[str]:
    expected = '["futures"]: only futures so far'
    value: list[str] = keys.value("instruments", lambda v: v == ["futures"], expected, ["futures"])
    return value


def _number_or_table(
    keys: Keys, key: str, good: Callable[[float], bool], expected: str
) -> tuple[float | None, dict[str, float]]:
    """A number for all months, or one for each month of a table."""
    if not isinstance(keys.table.get(key), dict):
        return keys.number(key, good, f'{expected}, or a table {{"2027-01" = ...}}', None), {}
    table = keys.value(key, lambda v: bool(v), "a table with at least one month", {})
    by_month: dict[str, float] = {}
    for name, amount in table.items():
        month = read_month(name)
        if month is None or str(month) != name:
            keys.fault(f"{key}.{name}", name, "a month, YYYY-MM")
        elif not is_number(amount) or not good(amount):
            keys.fault(f"{key}.{name}", rendered(amount), expected)
        else:
            by_month[name] = float(amount)
    return None, by_month


def _bands(keys: Keys) -> tuple[Band, ...]:
    raw = keys.value("bands", lambda v: isinstance(v, list), f"a list: {_BAND_EXPECTED}, ...", [])
    read = [(i, _band(keys, f"bands[{i}]", band)) for i, band in enumerate(raw, start=1)]
    bands = [(i, band) for i, band in read if band is not None]
    for n, (i, band) in enumerate(bands):
        for earlier, other in bands[:n]:
            if band.first_month_ahead <= other.last_month_ahead and other.first_month_ahead <= band.last_month_ahead:
                found = f"[{band.first_month_ahead}, {band.last_month_ahead}]"
                keys.fault(f"bands[{i}].months_ahead", found, f"months outside those of bands[{earlier}]")
    return tuple(band for _, band in bands)


def _band(keys: Keys, path: str, band: object) -> Band | None:
    if not isinstance(band, dict):
        keys.fault(path, rendered(band), _BAND_EXPECTED)
        return None
    for key in band:
        if key not in _BAND_KEYS:
            keys.fault(f"{path}.{key}", "an unknown key", known_instead(key, _BAND_KEYS))
    ahead = _months_ahead(keys, path, band)
    least, most = (_cover(keys, path, band, key) for key in ("min", "max"))
    if least is not None and most is not None and least > most:
        keys.fault(f"{path}.min", f"{least:g}", f"at most the band's max, {most:g}")
        return None
    return None if ahead is None or least is None or most is None else Band(*ahead, least, most)


def _months_ahead(keys: Keys, path: str, band: Mapping[str, Any]) -> tuple[int, int] | None:
    value = band.get("months_ahead")
    if isinstance(value, list) and len(value) == 2 and all(is_whole(v) for v in value):
        first, last = value
        if 1 <= first <= last <= MOST_MONTHS_AHEAD:
            return first, last
    found = "no such key" if value is None else rendered(value)
    keys.fault(f"{path}.months_ahead", found, f"[first, last] with 1 <= first <= last <= {MOST_MONTHS_AHEAD}")
    return None


def _cover(keys: Keys, path: str, band: Mapping[str, Any], key: str) -> float | None:
    value = band.get(key)
    if is_number(value) and 0 <= value <= MOST_COVER:
        return float(value)
    found = "no such key" if value is None else rendered(value)
    keys.fault(f"{path}.{key}", found, f"a share of the forecast from 0 to {MOST_COVER:g} (0.5 is 50%)")
    return None
