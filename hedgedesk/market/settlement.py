"""What a contract settles at: the mean of the last index prints, each day's trades, and what stands in for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec
from hedgedesk.domain.values import Floats
from hedgedesk.market.price_limits import price_range


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement, and what it rests on."""

    price_per_mtok: float
    by: str
    """prints, exchange, last, published; trades, previous or quotes."""
    missing: tuple[int, ...] = ()
    """Which of the averaged prints (1 is the earliest) were not published."""


def final_settlement(spec: ContractSpec, prints: Floats, *, decided: float | None = None) -> Settled:
    """Arithmetic mean of the last prints of the index.

    Parameters
    ----------
    prints
        (n,) prints up to the last trading day, currency per Mtok, NaN where one was not published in time; the last
        ``spec.final_settlement`` of them are averaged.
    decided
        What the exchange decided where prints are missing.

    Raises
    ------
    InputError
        There are fewer prints than are averaged; or some are missing and the contract's fallback cannot fill them.
    """
    if prints.size < spec.final_settlement:
        raise InputError(f"final settlement averages {spec.final_settlement} prints, found {prints.size}")
    averaged = np.asarray(prints[prints.size - spec.final_settlement :], dtype=np.float64)
    missing = tuple((np.flatnonzero(np.isnan(averaged)) + 1).tolist())
    if not missing:
        return Settled(float(averaged.mean()), "prints")
    rule = spec.settlement.missing_print
    if rule == "exchange" and decided is not None:
        return Settled(float(decided), "exchange", missing)
    filled = averaged[~np.isnan(averaged)] if rule == "published" else _carried(prints)[-averaged.size :]
    if rule == "exchange" or filled.size == 0 or np.isnan(filled).any():
        told = ", ".join(f"P{number}" for number in missing)
        raise InputError(f"{told} of the final settlement is not published: what the exchange decided is needed")
    return Settled(float(filled.mean()), rule, missing)


def _carried(prints: Floats) -> Floats:
    """Each print, or the last published one before it; NaN where there is none."""
    known = np.where(np.isnan(prints), 0, np.arange(prints.size))
    carried: Floats = np.asarray(prints, dtype=np.float64)[np.maximum.accumulate(known)]
    return carried


def daily_settlement(
    spec: ContractSpec,
    previous: float,
    prices: Floats,
    lots: Floats,
    *,
    quotes: tuple[float, float] | None = None,
    locked_days: int = 0,
) -> Settled:
    """Volume-weighted mean of the day's trades; without trades, what the contract says.

    Parameters
    ----------
    previous
        Yesterday's settlement, currency per Mtok.
    prices, lots
        (n,) of the day's trades.
    quotes
        Best bid and best offer at the close, used where nothing was traded and the contract says so; their middle is
        kept within the day's limits.
    locked_days
        Days at the limit before this one, which widen it.
    """
    if lots.sum() > 0:
        return Settled(float(prices @ lots / lots.sum()), "trades")
    if spec.settlement.no_trades == "quotes" and quotes is not None:
        low, high = price_range(spec, previous, locked_days)
        return Settled(float(np.clip(sum(quotes) / 2.0, low, high)), "quotes")
    return Settled(previous, "previous")
