"""Hedge ratios: the textbook's, on past changes and on scenarios.

:func:`backtest` judges a run's hedge with :func:`minimum_variance`. :func:`uncertain_volume` and :func:`tailed` are for
a notebook: a plan needs neither, since its scenarios hold volume and price together and it counts gains without
interest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import FuturesHistory, MarketSnapshot
from hedgedesk.domain.results import HedgeBacktest
from hedgedesk.domain.units import month_of
from hedgedesk.domain.values import Floats

FEWEST_CHANGES = 24
"""Below this many changes a ratio is not estimated."""
WEEK = np.timedelta64(5, "D")
"""Dates closer than this belong to one week."""


@dataclass(frozen=True, slots=True)
class MinimumVariance:
    """A minimum-variance hedge ratio."""

    ratio: float
    effectiveness: float
    """In sample: 1 - Var(hedged)/Var(open), the squared correlation."""
    standard_error: float
    """Of the ratio, ordinary least squares."""
    n: int


def minimum_variance(spot_changes: Floats, futures_changes: Floats) -> MinimumVariance:
    """h* = Cov(dS, dF) / Var(dF) of changes in level over the hedge horizon.

    Parameters
    ----------
    spot_changes, futures_changes
        (n,) changes over the same periods, in one currency per one unit.

    Raises
    ------
    InputError
        Fewer than three pairs, different lengths, a value that is not finite, or futures that never move.

    References
    ----------
    Johnson (1960); Ederington (1979); Hull, Options, Futures and Other Derivatives, ch. 3.
    """
    spot, futures = np.asarray(spot_changes, dtype=float), np.asarray(futures_changes, dtype=float)
    if spot.ndim != 1 or spot.shape != futures.shape or spot.size < 3:
        raise InputError("a hedge ratio needs two series of changes of one length, at least three")
    if not (np.all(np.isfinite(spot)) and np.all(np.isfinite(futures))):
        raise InputError("a hedge ratio needs changes that are finite numbers")
    spot, futures = spot - spot.mean(), futures - futures.mean()
    futures_square = float(futures @ futures)
    if futures_square <= 0:
        raise InputError("the futures never moved, so no hedge ratio can be estimated")
    ratio = float(spot @ futures) / futures_square
    residual = spot - ratio * futures
    spot_square = float(spot @ spot)
    effectiveness = 1.0 - float(residual @ residual) / spot_square if spot_square > 0 else 0.0
    error = float(np.sqrt(residual @ residual / (spot.size - 2) / futures_square))
    return MinimumVariance(ratio, effectiveness, error, spot.size)


def uncertain_volume(volume: Floats, price: Floats, futures_price: Floats) -> float:
    """Volume to hedge where volume moves with price: Cov(Q S, F) / Var(F), in the unit of ``volume``.

    Jointly normal volume and price with S = F give mean(Q) + mean(P) rho sd(Q) / sd(P): 1,000 Mtok with a standard
    deviation of 300, at a price of 10 with one of 3 and a correlation of -0.3, are hedged by 700 Mtok.

    Parameters
    ----------
    volume, price, futures_price
        (S,) scenarios of what is bought, what it costs per unit, and the final settlement, in one currency.

    Raises
    ------
    InputError
        As :func:`minimum_variance`.

    References
    ----------
    McKinnon (1967), Futures markets, buffer stocks, and income stability for primary producers, Journal of Political
    Economy 75.
    """
    return minimum_variance(np.asarray(volume, dtype=float) * np.asarray(price, dtype=float), futures_price).ratio


def tailed(lots: float, rate: float, years: float) -> float:
    """Lots that make the same hedge where gains are paid daily and earn interest until the end: lots e^(-rate years).

    37.031 lots at 3% for half a year are 36.480; they grow back as time passes.

    References
    ----------
    Hull, Options, Futures and Other Derivatives, ch. 3.
    """
    return lots * float(np.exp(-rate * years))


def backtest(market: MarketSnapshot) -> HedgeBacktest:
    """Ratio estimated on the first two thirds of the real weekly changes, judged on the last third.

    A futures change is always within one contract, never across a roll: the nearest contract quoted on both dates.
    """
    if market.futures is None:
        return HedgeBacktest(None, None, None, 0, 0, "no futures history, so the hedge cannot be judged on the past")
    spot, futures = weekly_changes(market, market.futures)
    first = 2 * spot.size // 3
    if first < FEWEST_CHANGES:
        return HedgeBacktest(
            None,
            None,
            None,
            first,
            spot.size - first,
            f"{spot.size} weekly changes have both an index and a futures price; "
            f"{3 * FEWEST_CHANGES // 2} are needed to judge the hedge out of sample",
        )
    if not np.any(np.diff(futures[:first])):
        return HedgeBacktest(None, None, None, first, spot.size - first, "the futures never moved in the first part")
    fitted = minimum_variance(spot[:first], futures[:first])
    open_variance = float(np.var(spot[first:]))
    if open_variance == 0:
        note = "the index never moved in the last third, so there was nothing to hedge"
        return HedgeBacktest(None, fitted.ratio, fitted.standard_error, first, spot.size - first, note)
    hedged_variance = float(np.var(spot[first:] - fitted.ratio * futures[first:]))
    return HedgeBacktest(
        effectiveness=1.0 - hedged_variance / open_variance,
        ratio=fitted.ratio,
        ratio_standard_error=fitted.standard_error,
        estimated_on=first,
        judged_on=spot.size - first,
        note="nearest contract, weekly changes within one contract",
    )


def weekly_changes(market: MarketSnapshot, futures: FuturesHistory) -> tuple[Floats, Floats]:
    """Pairs of weekly changes of index and nearest contract, currency per Mtok; weeks with a gap are left out.

    Returns
    -------
    Two (n,) arrays.
    """
    spot_changes, futures_changes = [], []
    before: int | None = None
    for now in _weekly_rows(futures):
        if before is not None:
            pair = _change(market, futures, before, now)
            if pair is not None:
                spot_changes.append(pair[0])
                futures_changes.append(pair[1])
        before = now
    return np.array(spot_changes), np.array(futures_changes)


def _weekly_rows(futures: FuturesHistory) -> list[int]:
    rows: list[int] = []
    for row, date in enumerate(futures.dates):
        if not rows or date - futures.dates[rows[-1]] >= WEEK:
            rows.append(row)
    return rows


def _change(market: MarketSnapshot, futures: FuturesHistory, before: int, now: int) -> tuple[float, float] | None:
    index = [_index_on(market, futures.dates[row]) for row in (before, now)]
    quotes = futures.settlement_per_mtok[[before, now]]
    alive = futures.delivery_months >= month_of(futures.dates[now])
    both = np.flatnonzero(np.isfinite(quotes).all(axis=0) & alive)
    if both.size == 0 or index[0] is None or index[1] is None:
        return None
    return index[1] - index[0], float(quotes[1, both[0]] - quotes[0, both[0]])


def _index_on(market: MarketSnapshot, day: np.datetime64) -> float | None:
    """The print of ``day`` or the newest within the week before it."""
    position = int(np.searchsorted(market.index.dates, day, side="right")) - 1
    if position < 0 or day - market.index.dates[position] > np.timedelta64(6, "D"):
        return None
    return float(market.index.price_per_mtok[position])
