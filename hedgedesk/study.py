"""What a desk's usage teaches: pure composition of the exposure room, usage in, study out."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.study import BasisLadder, BasisSplit, PriceFormula, UnitView, UsageStudy, VolumeForecast
from hedgedesk.domain.units import STANDARD_UNITS, UnitWeights
from hedgedesk.domain.usage import MeasuredUsage, Usage
from hedgedesk.exposure.basis.formula import price_formula
from hedgedesk.exposure.basis.levels import LevelHistory, measure
from hedgedesk.exposure.by_month import MonthlyUse, in_currency, partial_months
from hedgedesk.exposure.concentration import concentrations
from hedgedesk.exposure.cost_by_meter import cost_by_meter
from hedgedesk.exposure.forecast.use import forecast_use
from hedgedesk.exposure.pricing import exchange
from hedgedesk.exposure.reconciliation.reconcile import reconcile
from hedgedesk.exposure.spend import spent
from hedgedesk.exposure.standard_tokens import TOKENS_PER_MTOK, is_batched, side_by_side
from hedgedesk.exposure.totals import told_totals, usage_totals

__all__ = ["study", "told_totals", "totals", "versions_of"]

VERSIONS = ("hedgedesk", "numpy", "statsmodels", "genai-prices")
"""Packages whose version a study depends on."""
MONTHS_AHEAD = 12
FAR = 0.2
"""Paid price over or under the index by more than this share is told (assumption)."""


def study(
    usage: MeasuredUsage,
    market: MarketSnapshot | None,
    unit: UnitWeights,
    currency: str,
    *,
    book: PriceBook,
    months_ahead: int = MONTHS_AHEAD,
    seed: int = 1,
    tick: Tick = silent,
) -> UsageStudy:
    """Reconcile, forecast, estimate formulas, and lead from the index to the bill.

    Parameters
    ----------
    usage
        Every export of the desk.
    market
        The index and the currency's history; None: there is neither formula nor ladder.
    unit
        The contract's.
    currency
        Of all money in the study; usage in another needs ``market.fx``, else the study stays in the usage's own.
    book
        Where list prices are looked up.
    months_ahead
        Of the forecast.
    seed
        Of the forecast's simulated paths.
    tick
        Told the progress.
    """
    tick(0.0, "Reconciling bills and prices")
    notices = list[str]()
    fx = market.fx if market is not None else None
    if usage.usage.currency != currency and fx is None:
        currency = usage.usage.currency
        notices.append(f"usage is billed in {currency} and no rates are known, so its study is in {currency}")
    found = reconcile(usage.usage, currency=currency, cny_per_usd=fx, book=book)
    tick(0.15, "Forecasting use")
    forecasts, told = _forecasts(usage.usage, months_ahead, seed, _part(tick, 0.15, 0.85))
    tick(0.85, "Leading from the index to the bill")
    converted = in_currency(usage.usage, currency, fx)
    by_month = MonthlyUse.of(converted, unit)
    history, why = _history(usage.usage, market, book, unit, currency)
    splits, partial = _splits(history, usage.usage) if history is not None else ((), ())
    ladders = history.ladders() if history is not None else ()
    notices += [*told, *why, *partial, *_off_the_index(ladders)]
    tick(1.0, "Done")
    return UsageStudy(
        files=usage.files,
        months=by_month.months,
        models=by_month.models,
        mtok=by_month.mtok,
        standard_mtok=by_month.units,
        cost=by_month.cost,
        currency=currency,
        unit=unit.name,
        reconciliation=found,
        forecasts=forecasts,
        formulas=_formulas(by_month, history),
        ladders=ladders,
        splits=splits,
        concentrations=tuple(concentrations(converted)),
        units=_units(converted, unit, book),
        notices=(*usage.notices, *notices),
        versions=versions_of(book.name),
    )


def versions_of(prices: str) -> dict[str, str]:
    """The packages of today that a study depends on, and ``prices``, the name of its book."""
    return {name: version(name) for name in VERSIONS} | {"prices": prices}


def totals(usage: MeasuredUsage, book: PriceBook) -> dict[str, Any]:
    """All exports together, the object of ``hedgedesk usage --json`` (:func:`usage_totals`), in the bill's currency."""
    found = reconcile(usage.usage, currency=usage.usage.currency, book=book)
    told = dataclasses.replace(usage, notices=(*usage.notices, *_without_rate(usage.usage, book)))
    return usage_totals(told, found)


def _without_rate(usage: Usage, book: PriceBook) -> tuple[str, ...]:
    """Tell of models that the book knows in another currency than the bill's, with no rate between the two."""
    unpriced = np.flatnonzero(usage.tokens.any(axis=1) & np.isnan(usage.priced))
    keys, first = np.unique(usage.key[unpriced], return_index=True)
    models: dict[str, set[str]] = {}
    for key, row in zip((usage.keys[k] for k in keys), unpriced[first], strict=True):
        rates = book.rates(key.seller, key.model, key.tier, usage.starts[row])
        if rates is not None and np.isnan(exchange(rates, usage.currency)):
            models.setdefault(rates.currency, set()).add(key.model)
    return tuple(
        f"{', '.join(sorted(names))}: prices are known in {currency}, and no rate into {usage.currency}: not priced"
        for currency, names in sorted(models.items())
    )


def _part(tick: Tick, start: float, end: float) -> Tick:
    """A tick whose 0 to 1 is a stretch of the whole."""
    return lambda fraction, text: tick(start + (end - start) * fraction, text)


def _forecasts(
    usage: Usage, months_ahead: int, seed: int, tick: Tick
) -> tuple[tuple[VolumeForecast, ...], tuple[str, ...]]:
    if not usage.tokens.sum():
        return (), ("the exports carry no tokens, so there is nothing to forecast",)
    return forecast_use(usage, months_ahead, seed=seed, tick=tick), ()


def _history(
    usage: Usage, market: MarketSnapshot | None, book: PriceBook, unit: UnitWeights, currency: str
) -> tuple[LevelHistory | None, tuple[str, ...]]:
    if market is None:
        return None, ()
    try:
        return measure(usage, market.index, book, unit, market.fx, currency=currency), ()
    except CurrencyMismatch as error:
        return None, (f"no ladder from the index to the bill: {error}",)


def _formulas(by_month: MonthlyUse, history: LevelHistory | None) -> tuple[PriceFormula, ...]:
    """Of every model that was used: its paid price of a unit against the index, both in the study's currency."""
    if history is None:
        return ()
    index = np.full(by_month.months.size, np.nan)
    if history.months.size:
        first = int((history.months[0] - by_month.months[0]).astype(np.int64))
        index[first : first + history.months.size] = history.prices[:, 0] * history.fx
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = np.where(by_month.units > 0, by_month.cost / by_month.units, np.nan)
    named = [m for m, name in enumerate(by_month.models) if name and (by_month.units[:, m] > 0).any()]
    return tuple(price_formula(paid[:, m], index, model=by_month.models[m]) for m in named)


def _splits(history: LevelHistory, usage: Usage) -> tuple[tuple[BasisSplit, ...], tuple[str, ...]]:
    """From every whole month to the next, and at last from the first to the last; and which months are not whole."""
    partial = partial_months(usage)
    whole = [month for month in history.months[history.complete] if str(month) not in partial]
    pairs = list(itertools.pairwise(whole))
    if len(whole) > 2:
        pairs.append((whole[0], whole[-1]))
    told = tuple(f"{month} has usage of a part of its days only, so it is in no change of cost" for month in partial)
    return tuple(history.split(first, last) for first, last in pairs), told


def _off_the_index(ladders: Sequence[BasisLadder]) -> tuple[str, ...]:
    """Tell that the newest month was paid far from the index, which a plan without ``beta`` takes for the price."""
    if not ladders or ladders[-1].index <= 0 or abs(ladders[-1].paid / ladders[-1].index - 1.0) <= FAR:
        return ()
    last = ladders[-1]
    return (
        f"{last.month} was paid at {last.paid / last.index:.2f} times the index: a plan and its landing cost the "
        "months ahead at the index itself where consumption.csv has no column beta",
    )


def _units(usage: Usage, unit: UnitWeights, book: PriceBook) -> tuple[UnitView, ...]:
    """The whole bill for tokens in every unit, the contract's first."""
    meters = cost_by_meter(usage, spent(usage), book)
    batched = is_batched(usage)
    ordinary, batch = (usage.tokens[chosen].sum(axis=0) / TOKENS_PER_MTOK for chosen in (~batched, batched))
    others = [known for known in STANDARD_UNITS.values() if known.name != unit.name]
    return side_by_side(ordinary, meters, [unit, *others], batch)
