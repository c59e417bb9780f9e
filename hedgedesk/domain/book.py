"""What was done: positions already held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from hedgedesk.domain.errors import BookError
from hedgedesk.domain.values import Floats, Months


@dataclass(frozen=True, slots=True)
class Position:
    """One trade already made."""

    trade_date: np.datetime64
    contract: np.datetime64
    """Delivery month, datetime64[M]."""
    lots: float
    """Signed; long is positive."""
    price_per_mtok: float
    currency: str


@dataclass(frozen=True, slots=True)
class HedgeBook:
    """Every trade made and not undone."""

    positions: tuple[Position, ...] = ()

    @classmethod
    def empty(cls) -> Self:
        """A book with nothing in it."""
        return cls()

    def after(self, as_of: np.datetime64) -> HedgeBook:
        """The positions not yet settled: delivery months after the month of ``as_of``."""
        month = as_of.astype("datetime64[M]")
        return HedgeBook(tuple(p for p in self.positions if p.contract > month))

    def lots(self, delivery_months: Months) -> Floats:
        """(K,) net lots held in each delivery month.

        Raises
        ------
        BookError
            A position is in a contract that is not among ``delivery_months``.
        """
        held = np.zeros(delivery_months.size)
        for position in self.positions:
            found = np.flatnonzero(delivery_months == position.contract)
            if found.size == 0:
                known = ", ".join(str(m) for m in delivery_months)
                raise BookError(f"the book holds {position.lots:+g} lots of {position.contract}; listed are {known}")
            held[found[0]] += position.lots
        return held

    def entry_gain_per_mtok(self, delivery_months: Months, price_per_mtok: Floats) -> Floats:
        """(K,) gain so far, lots x (today's price - price paid), in the contract's currency per Mtok of a lot."""
        gain = np.zeros(delivery_months.size)
        for position in self.positions:
            (k,) = np.flatnonzero(delivery_months == position.contract)
            gain[k] += position.lots * (price_per_mtok[k] - position.price_per_mtok)
        return gain
