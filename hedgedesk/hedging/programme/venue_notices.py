"""What a venue asks of whoever holds and opens so much, told beside a plan: no rule that a plan could keep or break."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.market import FuturesContract, MarketSnapshot
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.values import Floats
from hedgedesk.market.contracts import calendar_of
from hedgedesk.market.limits import must_report, opening_banned, opening_breaches


def unlisted_notices(program: HedgeProgram, contracts: tuple[FuturesContract, ...]) -> Iterator[str]:
    """Months that the programme gives lots for, and in which no contract is delivered: what it says binds nothing."""
    listed = {contract.code for contract in contracts}
    by_month = {
        "position_limit": program.position_limit_by_month,
        "quota": program.quota_by_month,
        "nearby_quota": program.nearby_quota_by_month,
        "common_control_lots": program.common_control_lots,
    }
    for key, lots in by_month.items():
        months = sorted(set(lots) - listed)
        if months:
            yield f"{key} of {', '.join(months)} binds nothing: no listed contract is delivered then"


def report_notices(
    program: HedgeProgram, contracts: tuple[FuturesContract, ...], position: Floats, as_of: np.datetime64
) -> Iterator[str]:
    """Which of the (K,) lots of ``position`` make a large trader's report due on ``as_of``."""
    for contract, lots in zip(contracts, position.tolist(), strict=True):
        others = program.common_control_lots.get(contract.code, 0.0) if contract.spec.aggregation else 0.0
        if must_report(contract, as_of, abs(lots) + abs(others)):
            held = f"{abs(lots):,.6g} lots" + (f" and {abs(others):,.6g} under common control" if others else "")
            yield f"{contract.code}: {held} make a large trader's report to the venue due"


def opening_notices(
    program: HedgeProgram, contracts: tuple[FuturesContract, ...], market: MarketSnapshot, book: HedgeBook
) -> Iterator[str]:
    """Contracts in which nothing may be opened today, because the book opened more on a day than the venue allows.

    Raises
    ------
    InputError
        The contract's calendar does not know a year in which one of them is delivered.
    """
    for contract in contracts:
        hedging = program.quota_of(contract.code) is not None
        opened = _opened(book, contract, market.as_of)
        for day in opening_breaches(contract.spec, opened, hedging=hedging):
            calendar = calendar_of(market, np.array([each.delivery_month for each in contracts]))
            banned = opening_banned(contract.spec, calendar, day)
            if banned.size and banned[-1] >= market.as_of:
                yield (
                    f"{contract.code}: the book opened {opened[day]:,.6g} lots on {day}, more than the venue's limit "
                    f"of a day, so nothing may be opened in it up to {banned[-1]}; the plan does not wait for that"
                )


def _opened(book: HedgeBook, contract: FuturesContract, as_of: np.datetime64) -> dict[np.datetime64, float]:
    """Lots bought of a contract by day."""
    opened: dict[np.datetime64, float] = {}
    for position in book.positions:
        if position.contract == contract.delivery_month and position.lots > 0 and position.trade_date <= as_of:
            opened[position.trade_date] = opened.get(position.trade_date, 0.0) + position.lots
    return opened
