"""A ladder on the past: what each delivery month would have cost, climbed month by month at the prices of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hedgedesk.domain.market import FuturesHistory, MarketSnapshot
from hedgedesk.domain.strategies import LayeredHistory
from hedgedesk.domain.units import month_of
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.market.calendar import TradingCalendar, trading_calendar
from hedgedesk.market.contracts import last_trading_day
from hedgedesk.market.settlement import final_settlement
from hedgedesk.plan_study.layered import Ladder, percentile_of, triggered

Wanted = Callable[[int, np.datetime64], float]
"""Cover wanted so many months ahead on a day."""
Steps = list[tuple[int, np.datetime64, float]]
"""Months ahead, day and futures price of each date on which a layer could be bought."""


def layered_history(market: MarketSnapshot, ladder: Ladder) -> LayeredHistory:
    """Every delivery month that was quoted and is over, bought at the index, at once, and in layers.

    Layers are bought on the last day of each month on which the contract was quoted, and never sold. What is not
    covered is paid at the mean of the month's index; a hedge gains the final settlement, the mean of the last prints up
    to the last trading day, less its price. A price is low or high among all prints of the index up to that day. Months
    that the index has too few prints to settle are left out.

    Parameters
    ----------
    market
        With its futures history; without one nothing can be judged.
    ladder
        Shares by months ahead; its own triggers are for ``layered``, the usual ones for ``triggered``.

    Raises
    ------
    InputError
        The contract's calendar does not know the trading days of a month that is over.
    """
    ways: dict[str, Wanted] = {
        "nothing": lambda _ahead, _day: 0.0,
        "everything": lambda _ahead, _day: 1.0,
        "layered": lambda ahead, day: ladder.share(ahead, _percentile(market, day)),
        "triggered": lambda ahead, day: triggered(ladder).share(ahead, _percentile(market, day)),
    }
    months, paid, cover = [], list[list[float]](), list[list[float]]()
    for month, steps, spot, settled in _past(market):
        found = [_bought(steps, wanted, spot, settled) for wanted in ways.values()]
        months.append(month)
        paid.append([each[0] for each in found])
        cover.append([each[1] for each in found])
    return LayeredHistory(
        currency=market.contract.currency,
        unit=market.contract.unit.name,
        ladder=ladder.name,
        months=np.array(months, dtype="datetime64[M]"),
        ways=tuple(ways),
        paid_per_mtok=np.array(paid, dtype=float).reshape(len(months), len(ways)).T,
        cover=np.array(cover, dtype=float).reshape(len(months), len(ways)).T,
    )


def _past(market: MarketSnapshot) -> Iterator[tuple[np.datetime64, Steps, float, float]]:
    """Each month that is over, the dates to buy on, the mean of its index and its final settlement."""
    if market.futures is None:
        return
    calendar, index, spec = _calendar(market, market.futures), market.index, market.contract
    of_month = index.dates.astype("datetime64[M]")
    for k, month in enumerate(market.futures.delivery_months):
        prints = index.price_per_mtok[of_month == month]
        steps = _steps(market.futures, k)
        if month >= month_of(market.as_of) or not prints.size or not steps:
            continue
        published = index.price_per_mtok[index.dates <= last_trading_day(spec, month, calendar)]
        if published.size >= spec.final_settlement:
            yield month, steps, float(prints.mean()), final_settlement(spec, published).price_per_mtok


def _calendar(market: MarketSnapshot, futures: FuturesHistory) -> TradingCalendar:
    """Trading days of the contract's venue over every delivery month that was ever quoted and is over."""
    years = [int(str(month)[:4]) for month in (futures.delivery_months[0], month_of(market.as_of))]
    return trading_calendar(market.contract.calendar, min(years), max(years), market.holidays)


def _steps(futures: FuturesHistory, k: int) -> Steps:
    """The last quote of each month before the delivery month."""
    delivery, quotes = futures.delivery_months[k], futures.settlement_per_mtok[:, k]
    months: Dates = futures.dates.astype("datetime64[M]")
    usable = np.isfinite(quotes) & (months < delivery)
    last = [int(np.flatnonzero(usable & (months == month))[-1]) for month in np.unique(months[usable])]
    return [(int((delivery - months[i]).astype(np.int64)), futures.dates[i], float(quotes[i])) for i in last]


def _bought(steps: Steps, wanted: Wanted, spot: float, settled: float) -> tuple[float, float]:
    """What an Mtok cost, and the share of it that was covered."""
    paid, covered = spot, 0.0
    for ahead, day, price in steps:
        more = max(0.0, min(1.0, wanted(ahead, day)) - covered)
        paid -= more * (settled - price)
        covered += more
    return paid, covered


def _percentile(market: MarketSnapshot, day: np.datetime64) -> float | None:
    known: Floats = market.index.price_per_mtok[market.index.dates <= day]
    return percentile_of(known[:-1], float(known[-1])) if known.size else None
