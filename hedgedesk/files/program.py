"""``program.toml``: what is allowed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hedgedesk.domain.program import FUTURES, LOT_WORDS, OBJECTIVES, Band, HedgeProgram, contradictions
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.instruments import read_instruments
from hedgedesk.files.keys import Keys, is_number, is_whole, known_instead, open_keys, rendered
from hedgedesk.files.program_limits import at_least_zero, limits, number_or_table

MOST_MONTHS_AHEAD = 240
MOST_COVER = 2.0
"""Largest cover a band or omega may name; above 1 is more than the forecast."""

LEVEL_EXPECTED = "a level above 0.5 and up to 0.9999"
INSTRUMENTS_EXPECTED = f'a list of names, each once: "{FUTURES}", or that of an [instrument.NAME] table'

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
    return None if keys is None else parse_keys(keys, report)


def parse_keys(keys: Keys, report: FileFindings) -> HedgeProgram:
    """Read the rules from keys at hand and report every fault; what is faulty has its default in the result."""
    budget, budget_by_month = number_or_table(keys, "budget", lambda x: x > 0, "an amount above 0")
    terms = read_instruments(keys)
    program = HedgeProgram(
        currency=keys.currency(),
        budget=budget,
        budget_by_month=budget_by_month,
        level=keys.number("level", lambda x: 0.5 < x <= 0.9999, LEVEL_EXPECTED, 0.95) or 0.95,
        risk_weight=keys.number("risk_weight", lambda x: x >= 0, "a number of at least 0", None),
        over_hedge=_over_hedge(keys),
        transaction_cost_per_mtok=at_least_zero(keys, "transaction_cost_per_mtok", "an amount of at least 0") or 0.0,
        lots=keys.choice("lots", LOT_WORDS, "whole"),
        instruments=_instruments(keys),
        bands=_bands(keys),
        terms=terms,
        objective=keys.choice("objective", OBJECTIVES, "mean_cvar"),
        **limits(keys),
    )
    _cross_check(keys, program, report)
    keys.reject_unknown()
    return program


def _cross_check(keys: Keys, program: HedgeProgram, report: FileFindings) -> None:
    """Tell what keys say against one another, unless one of them is faulty by itself."""
    described = keys.table.get("instrument")
    for each in contradictions(dataclasses.replace(program, bands=())):  # bands are told by their place in the file
        faulty = any(report.faulted(key) for key in (each.key, each.needs))
        described_badly = each.key == "instruments" and isinstance(described, dict) and each.found in described
        if not faulty and not described_badly:
            keys.fault(each.key, each.found, each.expected)


def _over_hedge(keys: Keys) -> float:
    value = keys.number("over_hedge", lambda x: 0 <= x <= MOST_COVER, f"a number from 0 to {MOST_COVER:g}", 1.0)
    return 1.0 if value is None else value


def _instruments(keys: Keys) -> tuple[str, ...]:
    value: list[str] = keys.value("instruments", _are_names, INSTRUMENTS_EXPECTED, [FUTURES])
    return tuple(value)


def _are_names(value: object) -> bool:
    """Whether a TOML value is a list of texts, none of them twice."""
    return isinstance(value, list) and all(isinstance(v, str) for v in value) and 0 < len(set(value)) == len(value)


def _bands(keys: Keys) -> tuple[Band, ...]:
    raw = keys.value("bands", lambda v: isinstance(v, list), f"a list: {_BAND_EXPECTED}, ...", [])
    read = [(i, _band(keys, f"bands[{i}]", band)) for i, band in enumerate(raw, start=1)]
    bands = [(i, band) for i, band in read if band is not None]
    for n, (i, band) in enumerate(bands):
        for earlier, other in bands[:n]:
            if band.overlaps(other):
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
