"""Several books one upon the other, and the currency of the day beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import isnan

import numpy as np

from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.rates import PRICES, LongPrompt, PriceBook, Rates


@dataclass
class Stacked:
    """Ask the first book, then the next; a book lower down fills the meters that the ones above do not list.

    A book that prices the tier asked goes before one that has only standard prices. Books fill one another only within
    one currency and one tier.
    """

    books: Sequence[PriceBook]
    fx: FxCurve | None = None
    """Brings prices into the other currency, at the rate of the day; None: they keep their own."""
    _told: dict[tuple[str, str, str, np.datetime64], list[Rates]] = field(default_factory=dict)
    """Answers by seller, model, tier and day: exports in no order of time ask the same again and again."""

    @property
    def name(self) -> str:
        """Names of the books, the first asked first."""
        return " > ".join(book.name for book in self.books)

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices at ``at`` (datetime64[s], UTC); None where no book knows any."""
        told = self._told.setdefault((seller, model, tier, at.astype("datetime64[D]")), [])
        for rates in told:
            if _holds(rates, at):
                return rates
        found = self._ask(seller, model, tier, at)
        if found is not None:
            told.append(found)
        return found

    def _ask(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        asked, merged = list[Rates | None](), None
        for book in self.books:
            asked.append(book.rates(seller, model, tier, at))
            merged = _merged(asked, tier)
            if merged is not None and merged.tier == tier and not _missing(merged):
                break
        if merged is None:
            return None
        held = _as_long_as_all(merged, asked, at)
        return held if self.fx is None else _exchanged(held, self.fx, at)


def _holds(rates: Rates, at: np.datetime64) -> bool:
    begun = rates.valid_from is None or rates.valid_from <= at
    return bool(begun and (rates.valid_to is None or at < rates.valid_to))


def _merged(asked: Sequence[Rates | None], tier: str) -> Rates | None:
    """What the answers so far make together: those for the tier asked first, each filling what the ones before lack."""
    found = sorted((rates for rates in asked if rates is not None), key=lambda rates: rates.tier != tier)
    return reduce(_filled, found) if found else None


def _missing(rates: Rates) -> list[str]:
    return [name for name in PRICES if isnan(getattr(rates, name))]


def _as_long_as_all(merged: Rates, asked: Sequence[Rates | None], at: np.datetime64) -> Rates:
    """``merged`` until any answer behind it may change; a book that knew nothing is asked again the next day."""
    starts = [rates.valid_from for rates in asked if rates is not None and rates.valid_from is not None]
    ends = [rates.valid_to for rates in asked if rates is not None and rates.valid_to is not None]
    if None in asked:
        day = at.astype("datetime64[D]")
        starts.append(day.astype("datetime64[s]"))
        ends.append((day + np.timedelta64(1, "D")).astype("datetime64[s]"))
    return replace(merged, valid_from=max(starts, default=None), valid_to=min(ends, default=None))


def _filled(upper: Rates, lower: Rates) -> Rates:
    """``upper`` with the prices that it lacks, of short and long prompts, taken from ``lower``."""
    taken = [name for name in _missing(upper) if not isnan(getattr(lower, name))]
    if not taken or upper.currency != lower.currency or lower.tier != upper.tier:
        return upper
    return replace(
        upper,
        **{name: getattr(lower, name) for name in taken},
        source=f"{upper.source}, {lower.source}",
        above=tuple(_long(upper, lower, band, taken) for band in lower.above),
    )


def _long(upper: Rates, lower: Rates, band: LongPrompt, taken: list[str]) -> LongPrompt:
    return LongPrompt(band.tokens, **{name: getattr(band if name in taken else upper, name) for name in PRICES})


def _exchanged(rates: Rates, fx: FxCurve, at: np.datetime64) -> Rates:
    """``rates`` with the newest rate at ``at``, for as long as that rate is the newest; before the history, none."""
    turns = fx.dates.astype("datetime64[s]")
    place = int(np.searchsorted(turns, at, side="right"))
    starts = [day for day in (rates.valid_from, *turns[max(place - 1, 0) : place]) if day is not None]
    ends = [day for day in (rates.valid_to, *turns[place : place + 1]) if day is not None]
    return replace(
        rates,
        cny_per_usd=float(fx.cny_per_usd[place - 1]) if place else None,
        valid_from=max(starts, default=None),
        valid_to=min(ends, default=None),
    )
