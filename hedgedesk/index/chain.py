"""Prints of the matched list: screened prices, chained, with the weight of every family in every link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.index.audit import Audit
from hedgedesk.index.emergency import Emergency
from hedgedesk.index.panel import PricePanel, list_price_panel
from hedgedesk.index.prints import Prints
from hedgedesk.index.realised import spend_by_seller
from hedgedesk.index.selection import BLENDED, comparable
from hedgedesk.index.sources import Quoted, confirmed_share, quoted_prices
from hedgedesk.index.weights import CompanyCap


def matched_prints(
    settings: IndexSettings, list_prices: ListPrices, usage: Usage | None, audit: Audit, dates: Dates
) -> Prints:
    """Chain the list prices that the settings compare, on ``dates``.

    A link compares each family with the last print that was not carried, so what moved in the meantime enters later.
    """
    prices, notices = comparable(list_prices, settings)
    quoted = quoted_prices(prices, dates, dates, settings, audit)
    panel = list_price_panel(
        prices,
        dates,
        input_share=settings.input_share,
        oldest_days=settings.oldest_days,
        quoted={key: one.price for key, one in quoted.items()},
    )
    chain = _Chain(settings, audit, panel, _held(panel, quoted), _spend(settings, usage, dates))
    return chain.prints(notices, confirmed_share(quoted))


@dataclass(slots=True)
class _Chain:
    """The chain from print to print; columns are families, in the order of their first models."""

    settings: IndexSettings
    audit: Audit
    panel: PricePanel
    held: NDArray[np.bool_]
    """(T, N) by model."""
    spend: tuple[Mapping[str, float], ...]
    """(T,) by provider; empty: providers count the same."""
    families: list[tuple[str, str]] = field(init=False)
    of_family: NDArray[np.int64] = field(init=False)
    """(N,) which family each model is of."""
    cap: CompanyCap = field(init=False)
    emergency: Emergency = field(init=False)

    def __post_init__(self) -> None:
        members = list(zip(self.panel.providers, self.panel.families, strict=True))
        self.families = list(dict.fromkeys(members))
        place = {family: i for i, family in enumerate(self.families)}
        self.of_family = np.array([place[member] for member in members], dtype=np.int64)
        self.cap = CompanyCap(self.settings.company_cap if self.settings.screens else None)
        self.emergency = Emergency(self.settings, self.audit)

    def prints(self, notices: tuple[str, ...], confirmed_share: float) -> Prints:
        """Walk the dates once."""
        dates, log_price = self.panel.dates, _logs(self.panel.price_per_mtok)
        shape = dates.size, len(self.families)
        values, weights, moves = np.full(dates.size, self.settings.base), np.zeros(shape), np.full(shape, np.nan)
        priced = self._by_family(np.isfinite(log_price[0])) > 0
        weights[0] = self._weights(0, priced)
        self.emergency.most_companies = self._companies(priced)
        corrected = self._corrected()
        reference, excused = log_price[0], corrected[0]
        for t in range(1, dates.size):
            change = log_price[t] - reference
            excused = excused | corrected[t]
            change[excused] = np.nan
            row = self._family_moves(change)
            if self._must_carry(t, reference, row):
                values[t], weights[t] = values[t - 1], weights[t - 1]
                continue
            known = np.isfinite(row)
            weights[t], moves[t], reference = self._weights(t, known), row, log_price[t]
            values[t] = values[t - 1] * np.exp(weights[t][known] @ row[known])
            # A correction that is held for want of confirmation is still to come.
            excused = excused & self.held[t]
        return Prints(
            dates,
            values,
            tuple(f"{provider}/{family}" for provider, family in self.families),
            tuple(provider for provider, _ in self.families),
            weights,
            moves,
            self.emergency.carried,
            self.emergency.failed,
            confirmed_share,
            notices,
        )

    def _by_family(self, values: NDArray[np.bool_] | Floats) -> Floats:
        summed = np.bincount(self.of_family, weights=values, minlength=len(self.families))
        return summed.astype(np.float64)

    def _family_moves(self, change: Floats) -> Floats:
        """(F,) mean log relative of each family's snapshots; NaN where none is compared."""
        known = np.isfinite(change)
        count = self._by_family(known)
        total = self._by_family(np.where(known, change, 0.0))
        mean: Floats = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
        return mean

    def _must_carry(self, t: int, reference: Floats, row: Floats) -> bool:
        """Ask the minimum-sample rule; a family that grew too old is not expected, one that is held is missing."""
        alive = np.isfinite(_logs(self.panel.price_per_mtok[t]))
        expected = self._by_family(np.isfinite(reference) & alive) > 0
        missing = expected & (self._by_family(self.held[t]) > 0)
        return self.emergency.must_carry(
            self.panel.dates[t],
            expected=int(expected.sum()),
            missing=int(missing.sum()),
            companies=self._companies(expected),
        )

    def _companies(self, there: NDArray[np.bool_]) -> int:
        return len({self.families[i][0] for i in np.flatnonzero(there)})

    def _weights(self, t: int, known: NDArray[np.bool_]) -> Floats:
        """(F,) weight of every family in the print, adding to 1; all 0 where none is compared."""
        weights = np.zeros(len(self.families))
        counts: dict[str, int] = {}
        for i in np.flatnonzero(known):
            counts[self.families[i][0]] = counts.get(self.families[i][0], 0) + 1
        if not counts:
            return weights
        shares, cut = self.cap.weigh(self._volume(t, counts))
        for one in cut:
            found = f"{one.found:.1%} of the weight"
            self.audit.add(self.panel.dates[t], "company_cap", one.company, found, f"taken at {one.weight:.1%}")
        for i in np.flatnonzero(known):
            provider = self.families[i][0]
            weights[i] = shares[provider] / counts[provider]
        return weights

    def _volume(self, t: int, counts: Mapping[str, int]) -> dict[str, float]:
        """What each compared provider weighs before the cap."""
        if self.settings.average == "family":
            return {provider: float(count) for provider, count in counts.items()}
        spent = {name: self.spend[t].get(name, 0.0) for name in counts} if self.spend else {}
        return spent if sum(spent.values()) > 0 else dict.fromkeys(counts, 1.0)

    def _corrected(self) -> NDArray[np.bool_]:
        """(T, N) links of a model that hold a move which the settings call a correction."""
        dates = self.panel.dates
        table = np.zeros((dates.size, len(self.panel.models)), dtype=bool)
        names = {pair: n for n, pair in enumerate(zip(self.panel.providers, self.panel.models, strict=True))}
        for entry in self.settings.not_compared:
            name, _, day = entry.rpartition(" ")
            provider, _, model = name.partition("/")
            t = int(np.searchsorted(dates, np.datetime64(day, "D")))
            column = names.get((provider, model))
            if column is not None and 0 < t < dates.size:
                table[t, column] = True
                self.audit.add(dates[t], "correction", name, f"listed move of {day}", "not compared")
        return table


def _logs(prices: Floats) -> Floats:
    """Log prices; a price of 0 is free, not cheap: NaN."""
    logs = np.full(prices.shape, np.nan)
    np.log(prices, out=logs, where=prices > 0)
    return logs


def _held(panel: PricePanel, quoted: Mapping[tuple[str, str, str], Quoted]) -> NDArray[np.bool_]:
    pairs = zip(panel.providers, panel.models, strict=True)
    return np.stack([np.any([quoted[*pair, meter].held for meter in BLENDED], axis=0) for pair in pairs], axis=1)


def _spend(settings: IndexSettings, usage: Usage | None, dates: Dates) -> tuple[Mapping[str, float], ...]:
    return spend_by_seller(usage, dates) if settings.average == "spend" and usage is not None else ()
