"""Which rows of a price list an index is made of, whatever the screens say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.price_index import IndexSettings

BLENDED = ("uncached_input", "output")
"""Meters whose prices are blended; cache prices stay out."""


def comparable(prices: ListPrices, settings: IndexSettings) -> tuple[ListPrices, tuple[str, ...]]:
    """The standard input and output prices of sellers' own text models, and how many rows are left out and why.

    Raises
    ------
    InputError
        No row is left.
    """
    rows = list(zip(prices.modes, prices.providers, prices.models, strict=True))
    reasons = {row: _left_out(*row, settings) for row in set(rows)}
    why = [reasons[row] for row in rows]
    counts = Counter(reason for reason in why if reason)
    notices = tuple(f"{count:,} rows of the price list left out: {reason}" for reason, count in sorted(counts.items()))
    kept = [i for i, reason in enumerate(why) if not reason and prices.meters[i] in BLENDED]
    if not kept:
        raise InputError("no row of the price list can be compared: " + "; ".join(notices))
    return _rows(prices, kept), notices


def _left_out(mode: str, provider: str, model: str, settings: IndexSettings) -> str:
    """Why a row is left out; empty: it is not."""
    name = model.casefold()
    if mode != STANDARD_MODE:
        return "another mode than standard"
    if provider.casefold() in settings.resellers:
        return "resellers"
    if name.startswith(settings.region_prefixes):
        return "a region prefix"
    return "another kind of model or a moving alias" if any(word in name for word in settings.excluded_words) else ""


def _rows(prices: ListPrices, kept: Sequence[int]) -> ListPrices:
    at = np.array(kept, dtype=np.int64)

    def of(column: Sequence[str]) -> tuple[str, ...]:
        return tuple(column[i] for i in kept)

    return ListPrices(
        prices.currency,
        prices.effective_dates[at],
        of(prices.providers),
        of(prices.models),
        of(prices.meters),
        prices.price_per_mtok[at],
        of(prices.modes),
        of(prices.sources),
    )
