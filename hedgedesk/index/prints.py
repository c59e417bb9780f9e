"""The prints of an index before they are told: values, and what each rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Dates, Floats
from hedgedesk.index.weights import ROUNDING


@dataclass(frozen=True, slots=True)
class Prints:
    """What a method makes of its inputs."""

    dates: Dates
    """(T,)."""
    values: Floats
    """(T,) NaN before the first print."""
    constituents: tuple[str, ...]
    """(N,)."""
    companies: tuple[str, ...]
    """(N,) who sells each."""
    weights: Floats
    """(T, N)."""
    moves: Floats
    """(T, N) NaN where nothing is compared."""
    carried: int = 0
    failed: bool = False
    confirmed_share: float = 0.0
    """Share of the prices in the last print that two sources or more speak of; realised: share of money billed."""
    notices: tuple[str, ...] = ()

    def since(self, first: int) -> Prints:
        """The same from print number ``first`` on."""
        return Prints(
            self.dates[first:],
            self.values[first:],
            self.constituents,
            self.companies,
            self.weights[first:],
            self.moves[first:],
            self.carried,
            self.failed,
            self.confirmed_share,
            self.notices,
        )

    def concentration(self) -> Floats:
        """(T,) largest weight of one company; NaN where nothing weighs."""
        names = sorted(set(self.companies))
        member = np.array([[company == name for name in names] for company in self.companies], dtype=np.float64)
        by_company = self.weights @ member.reshape(len(self.companies), len(names))
        largest: Floats = by_company.max(axis=1, initial=0.0)
        return np.where(largest > 0, largest, np.nan)

    def stale_share(self) -> Floats:
        """(T,) share of the compared constituents whose price has not moved; NaN where none is compared."""
        compared = np.isfinite(self.moves)
        count = compared.sum(axis=1)
        still = (compared & (np.abs(np.where(compared, self.moves, 1.0)) <= ROUNDING)).sum(axis=1)
        share: Floats = np.divide(still, count, out=np.full(count.shape, np.nan), where=count > 0)
        return share
