"""``contract.toml``: the terms of the futures contract."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from hedgedesk.domain.errors import UnitError
from hedgedesk.domain.market import ContractSpec, MarginStep
from hedgedesk.domain.units import METERS, STANDARD_UNITS, UnitWeights
from hedgedesk.files import venue
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.keys import Keys, is_number, is_whole, known_instead, open_keys, rendered
from hedgedesk.files.numbers import in_reach

STATUSES = ("not_listed", "announced", "listed", "otc")

TERMS = ("quote", "hours", "quota_evidence", "collateral")
"""Fields that no formula uses; kept as text for the reader and the audit."""

_STEP_EXPECTED = "a table {rate = 0.12} or {days_before_last = 7, rate = 0.20}"
_UNIT_EXPECTED = f"one of {', '.join(STANDARD_UNITS)}, or a table of weights of {', '.join(METERS)}"


def read_contract(path: Place) -> ContractSpec:
    """Read the terms of a contract.

    Raises
    ------
    InputError
        Every fault of the file; :class:`UnitError` when all that is wrong is the unit.
    """
    return read_alone(path, parse_contract)


def parse_contract(path: Path, report: FileFindings) -> ContractSpec | None:
    """Read the terms and report every fault; what is faulty has its default in the result."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    keys.require("multiplier", "money per index point, a number above 0")
    keys.require("unit", _UNIT_EXPECTED, UnitError)
    default, terms = ContractSpec(currency="", multiplier=1.0), _terms(keys)
    limit, first_day = venue.price_limit(keys, default)
    spec = ContractSpec(
        name=keys.text("name") or default.name,
        venue=keys.text("venue"),
        status=keys.choice("status", STATUSES, default.status),
        index=keys.text("index"),
        unit=_unit(keys),
        currency=keys.currency(),
        multiplier=_above_zero(keys, "multiplier", default.multiplier),
        price_per_point=_above_zero(keys, "price_per_point", default.price_per_point),
        tick=_above_zero(keys, "tick", default.tick),
        months=_months(keys, default.months),
        listed_months=keys.value("listed_months", _is_term, "a whole number of months from 1 to 120", 12),
        price_limit=limit,
        margin_schedule=_margin_schedule(keys, default.margin_schedule),
        final_settlement=_prints(keys, default.final_settlement),
        position_limit=keys.number("position_limit", lambda x: x >= 0, "a number of lots of at least 0", None),
        terms=terms,
        calendar=_calendar(keys, report),
        last_day=venue.last_day(keys, report, terms),
        limit_lock=venue.limit_lock(keys, terms),
        first_day_multiple=first_day,
        fees=venue.fees(keys, report, terms),
        opening_limit=venue.opening_limit(keys, terms),
        quota_windows=venue.quota_windows(keys, terms),
        settlement=venue.settlement_rules(keys, terms),
        aggregation=venue.aggregation(keys, terms),
        report_share=venue.report_share(keys, terms),
    )
    if not report.faulted("price_limit"):
        _require_possible_limits(keys, spec, report)
    keys.reject_unknown()
    return spec


def _is_term(value: object) -> bool:
    return is_whole(value) and 1 <= value <= 120


def _above_zero(keys: Keys, key: str, default: float) -> float:
    value = keys.number(key, lambda x: x > 0, "a number above 0", default)
    return default if value is None else value


def _calendar(keys: Keys, report: FileFindings) -> str | None:
    name = keys.text("calendar")
    if name is None and not report.faulted("calendar"):
        report.notice("calendar: none is named, so weekdays count as trading days, holidays among them")
    return None if name is None else name.strip().casefold()


def _terms(keys: Keys) -> dict[str, str]:
    found = {key: keys.value(key, lambda _: True, "any value") for key in TERMS}
    return {key: rendered(value) for key, value in found.items() if value is not None}


def _months(keys: Keys, default: tuple[int, ...]) -> tuple[int, ...]:
    def good(value: object) -> bool:
        if not isinstance(value, list) or not value or not all(is_whole(m) and 1 <= m <= 12 for m in value):
            return False
        return len(set(value)) == len(value)

    months = keys.value("months", good, "a list of different months from 1 to 12, for example [2, 4, 6]", default)
    return tuple(sorted(months))


def _prints(keys: Keys, default: int) -> int:
    def good(value: object) -> bool:
        prints = value.get("prints") if isinstance(value, dict) and set(value) == {"prints"} else value
        return is_whole(prints) and 1 <= prints <= 366

    expected = "a whole number of index prints of at least 1, or {prints = 3}"
    value = keys.value("final_settlement", good, expected, default)
    return int(value["prints"] if isinstance(value, dict) else value)


def _unit(keys: Keys) -> UnitWeights:
    stu = STANDARD_UNITS["stu"]
    value = keys.value("unit", lambda _: True, _UNIT_EXPECTED, "stu")
    if isinstance(value, dict):
        return _custom_unit(keys, value) or stu
    if isinstance(value, str) and value in STANDARD_UNITS:
        return STANDARD_UNITS[value]
    keys.fault("unit", rendered(value), _UNIT_EXPECTED, UnitError)
    return stu


def _custom_unit(keys: Keys, table: Mapping[str, Any]) -> UnitWeights | None:
    known, faulty = ("name", *METERS), False
    for key in table:
        if key not in known:
            keys.fault(f"unit.{key}", "an unknown key", known_instead(key, known), UnitError)
            faulty = True
    for meter in METERS:
        weight = table.get(meter)
        if not is_number(weight) or weight < 0 or not in_reach(weight):
            found = "no such key" if weight is None else rendered(weight)
            keys.fault(f"unit.{meter}", found, "a weight of at least 0", UnitError)
            faulty = True
    name = table.get("name", "custom")
    if not isinstance(name, str) or not name or name in STANDARD_UNITS:
        keys.fault("unit.name", rendered(name), f"a name other than {', '.join(STANDARD_UNITS)}", UnitError)
        faulty = True
    if faulty:
        return None
    if all(table[meter] == 0 for meter in METERS):
        keys.fault("unit", "weights that are all 0", "at least one weight above 0", UnitError)
        return None
    return UnitWeights(name, **{meter: float(table[meter]) for meter in METERS})


def _margin_schedule(keys: Keys, default: tuple[MarginStep, ...]) -> tuple[MarginStep, ...]:
    raw = keys.value("margin_schedule", lambda v: isinstance(v, list) and len(v) > 0, f"a list: {_STEP_EXPECTED}, ...")
    if raw is None:
        return default
    steps = [_step(keys, i, step) for i, step in enumerate(raw)]
    whole = [step for step in steps if step is not None]
    if len(whole) < len(steps):
        return default
    _require_rising(keys, whole)
    return tuple(whole)


def _step(keys: Keys, i: int, step: object) -> MarginStep | None:
    path, known = f"margin_schedule[{i + 1}]", ("rate", "days_before_last")
    if not isinstance(step, dict):
        keys.fault(path, rendered(step), _STEP_EXPECTED)
        return None
    for key in step:
        if key not in known:
            keys.fault(f"{path}.{key}", "an unknown key", known_instead(key, known))
    rate = _step_rate(keys, path, step.get("rate"))
    days = step.get("days_before_last")
    good_days = (days is None) if i == 0 else is_whole(days) and 0 <= days <= 400
    if not good_days:
        expected = "nothing: the first rate is the ordinary one" if i == 0 else "a whole number of trading days"
        keys.fault(f"{path}.days_before_last", "no such key" if days is None else rendered(days), expected)
    return None if rate is None or not good_days else MarginStep(rate, days)


def _step_rate(keys: Keys, path: str, rate: object) -> float | None:
    if is_number(rate) and 0 < rate < 1:
        return float(rate)
    keys.fault(f"{path}.rate", "no such key" if rate is None else rendered(rate), venue.RATE_EXPECTED)
    return None


def _require_rising(keys: Keys, steps: list[MarginStep]) -> None:
    for i, (earlier, later) in enumerate(pairwise(steps), start=2):
        path = f"margin_schedule[{i}]"
        if later.rate <= earlier.rate:
            keys.fault(f"{path}.rate", f"{later.rate:g}", f"a rate above {earlier.rate:g}: margins rise towards expiry")
        nearer = earlier.days_before_last
        if nearer is not None and later.days_before_last is not None and later.days_before_last >= nearer:
            keys.fault(f"{path}.days_before_last", later.days_before_last, f"fewer days than {nearer}")


def _require_possible_limits(keys: Keys, spec: ContractSpec, report: FileFindings) -> None:
    """A day's move stays below the margin, and after locked days below the whole price."""
    limit, margin = spec.price_limit, spec.margin_schedule[0].rate
    if limit is None:
        return
    if limit >= margin and not report.faulted("margin_schedule"):
        expected = f"a limit below the first margin rate, {margin:g}: a day's move must not exceed the margin"
        keys.fault("price_limit", f"{limit:g}", expected)
    third = spec.limit_lock.third_day
    if limit + third >= 1 and not report.faulted("limit_locked"):
        most = f"fewer than {100 * (1 - limit):g} percentage points: with the price limit, {limit:g}, below the price"
        keys.fault("limit_locked.d3_limit", f"{100 * third:g}", most)
