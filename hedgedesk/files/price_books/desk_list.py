"""The desk's own ``list_prices.csv`` as a price book.

A row holds from midnight UTC of its date until the next row of the same provider, model, meter and mode. Where several
sources report one price, the desk's own row (without a source) holds; without one, the median of what each source
reported last.

A model with some meters listed only is answered with those, the others NaN: a library further down the stack fills
them, and only what nobody lists falls back (``hedgedesk.domain.rates.INSTEAD``: an unlisted cache meter costs uncached
input, unlisted uncached input or output leaves the row unpriced). Prices of the list hold for prompts of any length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

import numpy as np

from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.rates import PRICES, Rates
from hedgedesk.files.price_books.sellers import one_name

_Change = tuple[np.datetime64, str, str, float]
"""Since when, meter, source, price."""
_Asked = tuple[str, str, str]
"""Provider, model and mode."""


@dataclass
class DeskList:
    """A :class:`hedgedesk.domain.rates.PriceBook` of the desk's list prices."""

    prices: ListPrices
    _rates: dict[tuple[str, str, str, np.datetime64 | None], Rates | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name for the audit."""
        return "list_prices.csv"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices at ``at`` (datetime64[s], UTC), in the list's currency per Mtok; None where nothing is listed yet."""
        provider = one_name(seller)
        for mode in dict.fromkeys((tier, STANDARD_MODE)):
            for named in dict.fromkeys((model.casefold(), model_slug(model))):
                asked = (provider, named, mode)
                if asked in self._changes and (found := self._at(asked, seller, at)):
                    return found
        return None

    def _at(self, asked: _Asked, seller: str, at: np.datetime64) -> Rates | None:
        changes = self._changes[asked]
        since = max((day for day, *_ in changes if day <= at), default=None)
        key = (*asked, since)
        if key not in self._rates:
            self._rates[key] = None if since is None else self._held(asked, seller, since)
        return self._rates[key]

    def _held(self, asked: _Asked, seller: str, since: np.datetime64) -> Rates:
        """Prices from ``since``, a day of change, to the next."""
        changes = self._changes[asked]
        last = {(meter, source): price for day, meter, source, price in changes if day <= since}
        prices: dict[str, Any] = {meter: _agreed(last, meter) for meter in PRICES}
        return Rates(
            seller=seller,
            model=asked[1],
            **prices,
            currency=self.prices.currency,
            source=self.name,
            valid_from=since,
            valid_to=min((day for day, *_ in changes if day > since), default=None),
            tier=asked[2],
        )

    @cached_property
    def _changes(self) -> dict[_Asked, list[_Change]]:
        """Rows by provider, model and mode in the order of time; a model answers to its own name and its slug."""
        found: dict[_Asked, list[_Change]] = {}
        for row in self._rows():
            found.setdefault(row[0], []).append(row[1])
        for (provider, model, mode), changes in list(found.items()):
            found.setdefault((provider, model_slug(model), mode), changes)
        return {asked: sorted(changes, key=lambda change: change[0]) for asked, changes in found.items()}

    def _rows(self) -> list[tuple[_Asked, _Change]]:
        listed = self.prices
        days = listed.effective_dates.astype("datetime64[s]")
        return [
            ((one_name(provider), model.casefold(), mode), (day, meter, source, float(price)))
            for provider, model, mode, day, meter, source, price in zip(
                listed.providers,
                listed.models,
                listed.modes,
                days,
                listed.meters,
                listed.sources,
                listed.price_per_mtok,
                strict=True,
            )
        ]


def _agreed(last: dict[tuple[str, str], float], meter: str) -> float:
    """The desk's own price, else the median of the sources', else NaN."""
    if (meter, "") in last:
        return last[meter, ""]
    reported = [price for (named, _), price in last.items() if named == meter]
    return median(reported) if reported else float("nan")
