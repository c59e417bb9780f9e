"""The limits of ``program.toml``: cash, venue, depth, and the rules of a state-owned enterprise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hedgedesk.domain.program import StateRules
from hedgedesk.files.dates import read_month
from hedgedesk.files.keys import Keys, is_number, is_whole, known_instead, rendered

MOST_DAYS = 250
"""Longest time, in trading days, within which a plan may be traded."""
MOST_TENOR = 240

_AMOUNT = "an amount of at least 0"
_LOTS = "lots of at least 0"
_LEVEL = "a level above 0.5 and up to 0.9999"
_STATE_KEYS = ("annual_share", "tenor_months", "rolls_count", "traded_mtok")
_STATE_EXPECTED = "a table {annual_share = 0.9, tenor_months = 12}"


def limits(keys: Keys) -> dict[str, Any]:
    """The limits as fields of :class:`HedgeProgram`, by name; what is faulty has its default."""
    limit, limit_by_month = number_or_table(keys, "position_limit", lambda x: x >= 0, _LOTS)
    quota, quota_by_month = number_or_table(keys, "quota", lambda x: x >= 0, _LOTS)
    nearby, nearby_by_month = number_or_table(keys, "nearby_quota", lambda x: x >= 0, _LOTS)
    return {
        "credit_line": at_least_zero(keys, "credit_line", _AMOUNT),
        "credit_line_level": keys.number("credit_line_level", lambda x: 0.5 < x <= 0.9999, _LEVEL, None),
        "budget_at_risk": at_least_zero(keys, "budget_at_risk", _AMOUNT),
        "premium_budget": at_least_zero(keys, "premium_budget", _AMOUNT),
        "turnover_mtok": at_least_zero(keys, "turnover_mtok", "a volume of at least 0, Mtok"),
        "position_limit": limit,
        "position_limit_by_month": limit_by_month,
        "quota": quota,
        "quota_by_month": quota_by_month,
        "nearby_quota": nearby,
        "nearby_quota_by_month": nearby_by_month,
        "common_control_lots": _by_month(keys, "common_control_lots", lambda x: x >= 0, _LOTS),
        "trading_days": _trading_days(keys),
        "depth_share": keys.number("depth_share", lambda x: 0 < x <= 1, "a share above 0 and up to 1", 0.05),
        "average_daily_lots": keys.number("average_daily_lots", lambda x: x > 0, "lots above 0", None),
        "state_rules": _state_rules(keys),
    }


def at_least_zero(keys: Keys, key: str, expected: str) -> float | None:
    """A number of at least 0; None: the file does not say."""
    return keys.number(key, lambda x: x >= 0, expected, None)


def number_or_table(
    keys: Keys, key: str, good: Callable[[float], bool], expected: str
) -> tuple[float | None, dict[str, float]]:
    """A number for all months, or one for each month of a table."""
    if isinstance(keys.table.get(key), dict):
        return None, _by_month(keys, key, good, expected)
    return keys.number(key, good, f'{expected}, or a table {{"2027-01" = ...}}', None), {}


def _by_month(keys: Keys, key: str, good: Callable[[float], bool], expected: str) -> dict[str, float]:
    told = "a table with at least one month"
    table = keys.value(key, lambda v: isinstance(v, dict) and bool(v), told, {})
    by_month: dict[str, float] = {}
    for name, amount in table.items():
        month = read_month(name)
        if month is None or str(month) != name:
            keys.fault(f"{key}.{name}", name, "a month, YYYY-MM")
        elif not is_number(amount) or not good(amount):
            keys.fault(f"{key}.{name}", rendered(amount), expected)
        else:
            by_month[name] = float(amount)
    return by_month


def _trading_days(keys: Keys) -> int | None:
    expected = f"a whole number of trading days from 1 to {MOST_DAYS}"
    days: int | None = keys.value("trading_days", lambda v: is_whole(v) and 1 <= v <= MOST_DAYS, expected)
    return days


def _state_rules(keys: Keys) -> StateRules | None:
    table = keys.value("state_rules", lambda v: isinstance(v, dict), _STATE_EXPECTED)
    if table is None:
        return None
    for key in table:
        if key not in _STATE_KEYS:
            keys.fault(f"state_rules.{key}", "an unknown key", known_instead(key, _STATE_KEYS))
    return StateRules(
        annual_share=_part(keys, table, "annual_share", 0.9, _is_share, "a share above 0 and up to 1"),
        tenor_months=_part(keys, table, "tenor_months", 12, _is_tenor, f"whole months from 1 to {MOST_TENOR}"),
        rolls_count=_part(keys, table, "rolls_count", False, lambda v: isinstance(v, bool), "true or false"),
        traded_mtok=_traded(keys, table),
    )


def _part(
    keys: Keys, table: Mapping[str, Any], key: str, default: Any, good: Callable[[Any], bool], expected: str
) -> Any:
    value = table.get(key, default)
    if good(value):
        return value
    keys.fault(f"state_rules.{key}", rendered(value), expected)
    return default


def _is_share(value: object) -> bool:
    return is_number(value) and 0 < value <= 1


def _is_tenor(value: object) -> bool:
    return is_whole(value) and 1 <= value <= MOST_TENOR


def _traded(keys: Keys, table: Mapping[str, Any]) -> dict[str, float]:
    """New volume already hedged by calendar year, in quotes or not."""
    path = "state_rules.traded_mtok"
    by_year = table.get("traded_mtok", {})
    if not isinstance(by_year, dict):
        keys.fault(path, rendered(by_year), "a table of calendar years {2026 = 1200.0}")
        return {}
    traded: dict[str, float] = {}
    for year, volume in by_year.items():
        if not (len(year) == 4 and year.isascii() and year.isdigit()):
            keys.fault(f"{path}.{year}", year, "a calendar year, YYYY")
        elif not is_number(volume) or volume < 0:
            keys.fault(f"{path}.{year}", rendered(volume), "a volume of at least 0, Mtok")
        else:
            traded[year] = float(volume)
    return traded
