"""One price out of what several sources say of it, print after print.

A row without a source is the desk's own list: where it stands alone it needs no confirmation, beside named sources it
is one of them. A named source that stands alone is believed up to a factor at once, beyond it on its second print. A
source listed as the seller's own page stands alone and is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.index import screens
from hedgedesk.index.agreement import Agreement
from hedgedesk.index.audit import Audit, times
from hedgedesk.index.screens import Quote

Key = tuple[str, str, str]
"""Provider, model, meter."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """One price on the dates of an index."""

    price: Floats
    """(T,) NaN: not printed."""
    held: NDArray[np.bool_]
    """(T,) whether the last print stands because nobody confirms another."""
    sources: int
    """How many sources ever spoke of it."""


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    days: Dates
    prices: Floats

    def at(self, rows: int) -> Quote:
        return Quote(self.name, float(self.prices[rows - 1]), self.days[rows - 1])


def quoted_prices(
    prices: ListPrices, dates: Dates, prints: Dates, settings: IndexSettings, audit: Audit
) -> dict[Key, Quoted]:
    """Every standard price on ``dates``, screened as the settings say.

    Parameters
    ----------
    prices
        One row per change and source.
    dates
        (T,) datetime64[D], rising.
    prints
        (T,) day of the print that each date belongs to, rising: what was held in one is confirmed in the next.
    settings
        Without ``screens`` a price is the plain mean of its sources.
    """
    found = {}
    for key, sources in _by_source(prices).items():
        if len(sources) == 1 and not sources[0].name:
            found[key] = _own(key, sources[0], dates, prints, settings, audit)
        elif settings.screens:
            found[key] = _screened(key, sources, dates, prints, settings, audit)
        else:
            found[key] = _mean(sources, dates)
    return found


def confirmed_share(quoted: dict[Key, Quoted]) -> float:
    """Share of the prices that two sources or more speak of."""
    return sum(one.sources > 1 for one in quoted.values()) / len(quoted)


def in_force(days: Dates, values: Floats, dates: Dates) -> Floats:
    """(T,) value of the last row up to each date, NaN before the first."""
    known: Floats = np.concatenate([[np.nan], values])
    return known.take(np.searchsorted(days, dates, side="right"))


def _by_source(prices: ListPrices) -> dict[Key, list[_Source]]:
    rows: dict[Key, dict[str, list[int]]] = {}
    for i in np.argsort(prices.effective_dates, kind="stable"):
        if prices.modes[i] == STANDARD_MODE:
            key = prices.providers[i], prices.models[i], prices.meters[i]
            rows.setdefault(key, {}).setdefault(prices.sources[i], []).append(int(i))
    return {
        key: [_Source(name, prices.effective_dates[at], prices.price_per_mtok[at]) for name, at in sorted(by.items())]
        for key, by in sorted(rows.items())
    }


def _own(key: Key, source: _Source, dates: Dates, prints: Dates, settings: IndexSettings, audit: Audit) -> Quoted:
    """The desk's own list as it stands; a move that another source would have to confirm is recorded."""
    price = in_force(source.days, source.prices, dates)
    if settings.screens and source.prices.size > 1:
        for t in np.flatnonzero((price[1:] > 0) & (price[:-1] > 0) & (price[1:] != price[:-1])) + 1:
            if abs(np.log(price[t] / price[t - 1])) > np.log(settings.unconfirmed_factor) + screens.SAME:
                found = times(price[t - 1], price[t])
                audit.add(prints[t], "large_move", subject_of(key), found, "taken: the desk's own list, no source")
    return Quoted(price, np.zeros(dates.size, dtype=bool), 1)


def _mean(sources: list[_Source], dates: Dates) -> Quoted:
    table = np.stack([in_force(source.days, source.prices, dates) for source in sources])
    known = np.isfinite(table)
    count = known.sum(axis=0)
    total = np.where(known, table, 0.0).sum(axis=0)
    price = np.divide(total, count, out=np.full(dates.size, np.nan), where=count > 0)
    return Quoted(price, np.zeros(dates.size, dtype=bool), len(sources))


def _screened(
    key: Key,
    sources: list[_Source],
    dates: Dates,
    prints: Dates,
    settings: IndexSettings,
    audit: Audit,
) -> Quoted:
    rows = np.stack([np.searchsorted(source.days, dates, side="right") for source in sources])
    news = np.any(np.diff(rows, axis=1, prepend=0) > 0, axis=0).tolist()
    price, held = np.full(dates.size, np.nan), np.zeros(dates.size, dtype=bool)
    state = Agreement(subject_of(key), settings, audit)
    for t in range(dates.size):
        if news[t] or state.held:
            quotes = [source.at(n) for source, n in zip(sources, rows[:, t].tolist(), strict=True) if n]
            state.settle(prints[t], quotes)
        price[t] = np.nan if state.last is None else state.last
        held[t] = state.held
    return Quoted(price, held, len(sources))


def subject_of(key: Key) -> str:
    """A price as the audit names it."""
    provider, model, meter = key
    return f"{provider}/{model} {meter}"
