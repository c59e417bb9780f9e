"""Prices by the hour of the day from the book that knows on which days they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.rates import PriceBook, Rates

_DAY = np.timedelta64(1, "D")


@dataclass
class DatedHours:
    """A book, except where its answer turns with the hour and another book knows the model then.

    genai-prices keeps hours of the day without dates: a discount that ended in 2025 still holds in its 2026, and peak
    hours hold before they existed and on holidays. model-prices dates them and knows weekends and holidays.
    """

    book: PriceBook
    dated: PriceBook

    @property
    def name(self) -> str:
        """Name of the book; the other is named in the source of what it answers."""
        return self.book.name

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices at ``at`` (datetime64[s], UTC); None where the book does not know the model."""
        found = self.book.rates(seller, model, tier, at)
        if found is None or found.valid_from is None or found.valid_to is None:
            return found
        if found.valid_to - found.valid_from >= _DAY:
            return found
        return self.dated.rates(seller, model, tier, at) or found
