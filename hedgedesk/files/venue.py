"""The terms of ``contract.toml`` that are a venue's rules: dates, limits, quotas, fees, settlement.

Each may be a table of what formulas use. A text is kept for the record; where a formula would have used the term and
cannot read the text, a notice says what stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hedgedesk.domain.market import ContractSpec
from hedgedesk.domain.venue import (
    LAST,
    Fees,
    LastTradingDay,
    LimitLock,
    OpeningLimit,
    QuotaWindows,
    SettlementRules,
)
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.keys import Keys, is_number, is_whole, known_instead, rendered

RATE_EXPECTED = "a rate above 0 and below 1"
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
AFTER_LOCK = ("suspended", "widened", "reduced")
MISSING_PRINT = ("exchange", "last", "published")
NO_TRADES = ("previous", "quotes")

_RULE = re.compile(
    rf"(?:the )?({'|'.join(PLACES)}) ((?:futures-)?trading |business )?({'|'.join(WEEKDAYS)}|day)"
    r"(?: of (?:the|a|each|its) (?:delivery |contract )?month)?"
)
_DAYS_EXPECTED = "a whole number of trading days from 0 to 60"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one key of a table must be."""

    good: Callable[[Any], bool]
    expected: str


def _number(least: float, most: float, expected: str) -> _Part:
    return _Part(lambda value: is_number(value) and least <= value <= most, expected)


def _one_of(choices: tuple[str, ...]) -> _Part:
    return _Part(lambda value: value in choices, f"one of {', '.join(choices)}")


_SWITCH = _Part(lambda value: isinstance(value, bool), "true or false")
_LOTS = _number(0, 1e12, "lots of at least 0")
_DAYS = _Part(lambda value: is_whole(value) and 0 <= value <= 60, _DAYS_EXPECTED)
_POINTS = _number(0, 90, "percentage points from 0 to 90 (3 widens a limit of 10% to 13%)")
_SHARE = _number(0, 1, "a share from 0 to 1")

_LAST_DAY = {
    "which": _one_of(tuple(PLACES)),
    "weekday": _one_of(WEEKDAYS),
    "trading_days_before": _DAYS,
    "closed": _one_of(("skipped", "before")),
}
_LOCK = {"d2_limit": _POINTS, "d2_margin": _POINTS, "d3_limit": _POINTS, "afterwards": _one_of(AFTER_LOCK)}
_FEES = {
    "turnover": _number(0, 0.1, "a share of a trade's value from 0 to 0.1 (0.00001 is 0.001%)"),
    "per_lot": _number(0, 1e9, "an amount of at least 0"),
    "day_close_free": _SWITCH,
}
_OPENING = {"lots": _LOTS, "hedging_exempt": _SWITCH}
_QUOTA = {"nearby_from": _DAYS, "nearby_limit": _LOTS}


def price_limit(keys: Keys, default: ContractSpec) -> tuple[float | None, float]:
    """The ordinary limit of a day (None: ``false`` says there is none), and the multiple of a contract's first day."""
    rate = _Part(lambda value: is_number(value) and 0 < value < 1, RATE_EXPECTED)
    said = keys.value("price_limit", lambda v: v is False or isinstance(v, dict) or rate.good(v), rate.expected)
    if said is False:
        return None, default.first_day_multiple
    if is_number(said):
        said = {"rate": said}
    known = {"rate": rate, "first_day_multiple": _number(1, 10, "a number from 1 to 10")}
    parts = _parts(keys, "price_limit", said, known) or {}
    multiple = parts.get("first_day_multiple", default.first_day_multiple)
    limit = parts.get("rate", default.price_limit)
    return None if limit is None else float(limit), float(multiple)


def last_day(keys: Keys, report: FileFindings, terms: dict[str, str]) -> LastTradingDay | None:
    """The rule of the last trading day; None: not said, or in words that no rule is made of."""
    key = "last_trading_day"
    said = _said(keys, key, terms)
    if isinstance(said, str):
        found = _RULE.fullmatch(" ".join(said.casefold().split()))
        if found is None:
            report.notice(f"{key}: no rule is known in these words, so it is the delivery month's last day: {said}")
            return None
        terms.pop(key, None)
        weekday = found[3] if found[3] in WEEKDAYS else None
        return LastTradingDay(PLACES[found[1]], weekday, closed="skipped" if found[2] or weekday is None else "before")
    parts = _parts(keys, key, said, _LAST_DAY)
    if parts is None:
        return None
    return LastTradingDay(**(parts | {"which": PLACES[parts.get("which", "last")]}))


def limit_lock(keys: Keys, terms: dict[str, str]) -> LimitLock:
    """What follows a day at the limit; percentage points in the file, shares in the result."""
    parts = _parts(keys, "limit_locked", _said(keys, "limit_locked", terms), _LOCK) or {}
    default = LimitLock()
    names = {"d2_limit": "second_day", "d2_margin": "margin_above", "d3_limit": "third_day"}
    added = {names[key]: float(parts[key]) / 100.0 for key in names if key in parts}
    if added.get("third_day", default.third_day) < added.get("second_day", default.second_day):
        expected = f"at least d2_limit, {100 * added.get('second_day', default.second_day):g}: limits widen"
        keys.fault("limit_locked.d3_limit", f"{100 * added.get('third_day', default.third_day):g}", expected)
        return default
    return LimitLock(**added, afterwards=parts.get("afterwards", default.afterwards))


def fees(keys: Keys, report: FileFindings, terms: dict[str, str]) -> Fees:
    """What a trade costs: a share of its value, or a table of shares and amounts."""
    said = _said(keys, "fees", terms)
    if isinstance(said, str):
        report.notice(f"fees: a text is for the record, so none are charged: {said}")
        return Fees()
    if is_number(said):
        said = {"turnover": said}
    return Fees(**(_parts(keys, "fees", said, _FEES) or {}))


def opening_limit(keys: Keys, terms: dict[str, str]) -> OpeningLimit | None:
    """Most lots opened in a day, and what follows a breach."""
    said, breach = _said(keys, "opening_limit_per_day", terms), _said(keys, "opening_breach", terms)
    ban = _parts(keys, "opening_breach", breach, {"ban_days": _DAYS}) or {}
    if is_number(said):
        said = {"lots": said}
    parts = _parts(keys, "opening_limit_per_day", said, _OPENING)
    if parts is None:
        return None
    if "lots" not in parts:
        if "lots" not in (said or {}):
            keys.fault("opening_limit_per_day.lots", "no such key", _LOTS.expected)
        return None
    return OpeningLimit(**parts, **ban)


def quota_windows(keys: Keys, terms: dict[str, str]) -> QuotaWindows:
    """When the nearby month begins, and how many lots it allows."""
    said = _said(keys, "hedging_quota", terms)
    if is_number(said):  # lots that someone wrote for the record: a quota is the programme's
        terms["hedging_quota"] = rendered(said)
        return QuotaWindows()
    return QuotaWindows(**(_parts(keys, "hedging_quota", said, _QUOTA) or {}))


def settlement_rules(keys: Keys, terms: dict[str, str]) -> SettlementRules:
    """What stands in for a missing print, and for a day without trades."""
    default = SettlementRules()
    fallback = _said(keys, "settlement_fallback", terms)
    missing = fallback if fallback in MISSING_PRINT else default.missing_print
    if not isinstance(fallback, str | None):
        keys.fault("settlement_fallback", rendered(fallback), f"a text, or one of {', '.join(MISSING_PRINT)}")
    daily = _parts(keys, "daily_settlement", _said(keys, "daily_settlement", terms), {"no_trades": _one_of(NO_TRADES)})
    return SettlementRules(missing, (daily or {}).get("no_trades", default.no_trades))


def aggregation(keys: Keys, terms: dict[str, str]) -> bool:
    """Whether accounts under common control count together; words mean that they do."""
    said = _said(keys, "aggregation", terms)
    return said if isinstance(said, bool) else True


def report_share(keys: Keys, terms: dict[str, str]) -> float | None:
    """Share of the position limit from which to report; None: never. What is no share is for the record."""
    said = _said(keys, "large_trader_report", terms)
    if said is False:
        return None
    if isinstance(said, dict):
        return float((_parts(keys, "large_trader_report", said, {"share": _SHARE}) or {}).get("share", 1.0))
    if said is not None and not isinstance(said, str):
        terms["large_trader_report"] = rendered(said)
    return 1.0


def _said(keys: Keys, key: str, terms: dict[str, str]) -> Any:
    """The value of ``key``; a text goes to the ``terms`` too."""
    said = keys.value(key, lambda _: True, "any value")
    if isinstance(said, str):
        terms[key] = said
    return said


def _parts(keys: Keys, key: str, said: Any, known: Mapping[str, _Part]) -> dict[str, Any] | None:
    """The good parts of a table; None where there is none: a text stays a text, anything else is a fault."""
    if said is None or isinstance(said, str):
        return None
    if not isinstance(said, dict):
        keys.fault(key, rendered(said), f"a table of {', '.join(known)}, or a text")
        return None
    found = {}
    for name, value in said.items():
        if name not in known:
            keys.fault(f"{key}.{name}", "an unknown key", known_instead(name, tuple(known)))
        elif known[name].good(value):
            found[name] = value
        else:
            keys.fault(f"{key}.{name}", rendered(value), known[name].expected)
    return found
