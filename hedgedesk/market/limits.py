"""How many lots the venue lets one hold and open: position limit, hedging quota, nearby months, reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.values import Dates
from hedgedesk.market.calendar import TradingCalendar

INTERMEDIARY_SHARE = 0.6
"""Of the share from which a large trader reports: an intermediary reports for its clients earlier."""


@dataclass(frozen=True, slots=True)
class HeldLimit:
    """Most lots of either side that may be held, net of what accounts under common control hold."""

    lots: float
    rule: str
    """position_limit, quota, nearby_limit or nearby_quota: what allows no more."""
    since: np.datetime64 | None = None
    """First day of the nearby month; None: it holds in the regular months."""


def limit_on(
    contract: FuturesContract,
    day: np.datetime64,
    *,
    quota: float | None = None,
    nearby_quota: float | None = None,
    common_control_lots: float = 0.0,
) -> HeldLimit | None:
    """The limit in force on ``day``; None: nothing limits.

    Without a quota the position limit rules. An approved hedging quota stands in its place in the regular months; in
    the nearby month it is the smaller of the quota and the nearby position limit, unless it was applied for again.

    Parameters
    ----------
    quota
        Approved for the regular months, lots; None: none was asked for.
    nearby_quota
        Approved anew for the nearby month, lots; None: the smaller of the two rules.
    common_control_lots
        Lots held by accounts under common control; they count where the contract aggregates.
    """
    windows = _windows(contract, quota, nearby_quota)
    held = _in_force(windows, contract, day)
    return None if held is None else _less(held, contract.spec, common_control_lots)


def limit_to_expiry(
    contract: FuturesContract,
    day: np.datetime64,
    *,
    quota: float | None = None,
    nearby_quota: float | None = None,
    common_control_lots: float = 0.0,
) -> HeldLimit | None:
    """The tightest limit from ``day`` to the last trading day: what a position held to settlement must keep.

    Parameters are those of :func:`limit_on`.
    """
    windows = _windows(contract, quota, nearby_quota)
    ahead = [w for w in (_in_force(windows, contract, day), windows[1]) if w is not None]
    if not ahead:
        return None
    return _less(min(ahead, key=lambda held: held.lots), contract.spec, common_control_lots)


def nearby_from(contract: FuturesContract) -> np.datetime64:
    """First day of the nearby month; a contract that no calendar has seen counts weekdays."""
    if contract.nearby_from is not None:
        return contract.nearby_from
    last = contract.last_trading_day.astype("datetime64[D]")
    return TradingCalendar().before(last, contract.spec.quota_windows.nearby_from)


def _windows(
    contract: FuturesContract, quota: float | None, nearby_quota: float | None
) -> tuple[HeldLimit | None, HeldLimit | None]:
    """Limit of the regular months and of the nearby month."""
    spec, since = contract.spec, nearby_from(contract)
    general = ("position_limit", spec.position_limit)
    regular = _first_of([("quota", quota), general])
    nearby = _first_of([("nearby_limit", spec.quota_windows.nearby_limit), general], since)
    if nearby_quota is not None:
        return regular, HeldLimit(nearby_quota, "nearby_quota", since)
    if quota is not None and (nearby is None or quota < nearby.lots):
        return regular, HeldLimit(quota, "quota", since)
    return regular, nearby


def _first_of(rules: list[tuple[str, float | None]], since: np.datetime64 | None = None) -> HeldLimit | None:
    return next((HeldLimit(lots, rule, since) for rule, lots in rules if lots is not None), None)


def _in_force(
    windows: tuple[HeldLimit | None, HeldLimit | None], contract: FuturesContract, day: np.datetime64
) -> HeldLimit | None:
    return windows[1] if day >= nearby_from(contract) else windows[0]


def _less(held: HeldLimit, spec: ContractSpec, common_control_lots: float) -> HeldLimit:
    taken = abs(common_control_lots) if spec.aggregation else 0.0
    return HeldLimit(max(held.lots - taken, 0.0), held.rule, held.since)


def must_report(contract: FuturesContract, day: np.datetime64, lots: float, *, intermediary: bool = False) -> bool:
    """Whether a position of ``lots`` makes a large trader's report due: from the stated share of the limit on.

    Parameters
    ----------
    lots
        Of either side, with those of accounts under common control where the contract aggregates.
    """
    share, held = contract.spec.report_share, limit_on(contract, day)
    if share is None or held is None:
        return False
    return abs(lots) >= share * (INTERMEDIARY_SHARE if intermediary else 1.0) * held.lots


def most_opened(spec: ContractSpec, days: int = 1, *, hedging: bool = False) -> float | None:
    """Most lots of one contract that may be opened within ``days`` trading days; None: no limit.

    Parameters
    ----------
    hedging
        Whether the lots are opened as approved hedging, which some venues exempt.
    """
    rule = spec.opening_limit
    if rule is None or (hedging and rule.hedging_exempt):
        return None
    return rule.lots * days


def opening_banned(spec: ContractSpec, calendar: TradingCalendar, breach: np.datetime64) -> Dates:
    """(n,) trading days on which nothing may be opened after more than the daily limit was opened on ``breach``."""
    days = 0 if spec.opening_limit is None else spec.opening_limit.ban_days
    return np.array([calendar.after(breach, ahead) for ahead in range(1, days + 1)], dtype="datetime64[D]")


def opening_breaches(
    spec: ContractSpec, opened: dict[np.datetime64, float], *, hedging: bool = False
) -> Iterator[np.datetime64]:
    """The days on which more lots were opened than a day's limit allows, by day of opening."""
    most = most_opened(spec, hedging=hedging)
    for day, lots in opened.items():
        if most is not None and lots > most:
            yield day
