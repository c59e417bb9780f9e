"""The realised index: what was spent over what was used: price, mix and cache together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.index.audit import Audit, times
from hedgedesk.index.emergency import Emergency
from hedgedesk.index.prints import Prints
from hedgedesk.index.weights import CompanyCap

MTOK = 1e6


@dataclass(frozen=True, slots=True)
class Sold:
    """Usage by print and by what was bought; a line is a model of a seller."""

    lines: tuple[tuple[str, str], ...]
    """(N,) seller and model."""
    mtok: Floats
    """(T, N)."""
    spent: Floats
    """(T, N) money."""
    billed: Floats
    """(T,) part of the money that an export says was charged; the rest is priced by a price book."""
    unpriced_mtok: float
    """Mtok with neither a charge nor a price, which are left out."""


def sold(usage: Usage, dates: Dates) -> Sold:
    """Sum the token rows of ``usage`` by the period that ends on each of ``dates``.

    What was charged counts (bills in exports of their own are shared out over the tokens before, by
    :func:`hedgedesk.exposure.spend.charged`); where no bill is, what a price book makes of the tokens. Rows without
    tokens (taxes, credits, searches) and rows without money are left out.
    """
    days = usage.starts.astype("datetime64[D]")
    priced = np.where(np.isfinite(usage.billed), usage.billed, usage.priced)
    tokens = usage.tokens.sum(axis=1)
    is_token = np.array([key.item == TOKENS for key in usage.keys], dtype=bool)[usage.key]
    known = is_token & (tokens > 0) & np.isfinite(priced)
    lines = sorted({(key.seller, key.model) for key in usage.keys})
    place = {line: n for n, line in enumerate(lines)}
    line_of_key = np.array([place[key.seller, key.model] for key in usage.keys], dtype=np.int64)
    shape = dates.size, len(lines)
    flat = np.searchsorted(dates, days[known]) * len(lines) + line_of_key[usage.key[known]]

    def by_print(values: Floats) -> Floats:
        summed = np.bincount(flat, weights=values, minlength=shape[0] * shape[1])
        return summed.reshape(shape).astype(np.float64)

    billed = by_print(np.where(np.isfinite(usage.billed[known]), priced[known], 0.0)).sum(axis=1)
    unpriced = float(tokens[is_token & ~np.isfinite(priced)].sum()) / MTOK
    return Sold(tuple(lines), by_print(tokens[known]) / MTOK, by_print(priced[known]), billed, unpriced)


def spend_by_seller(usage: Usage, dates: Dates) -> tuple[Mapping[str, float], ...]:
    """(T,) money by seller in the period that ends on each date; what was used after the last one is not looked at."""
    until = usage_until(usage, dates[-1])
    if until is None:
        return tuple({} for _ in dates)
    bought, spend = sold(until, dates), []
    for row in bought.spent:
        by: dict[str, float] = {}
        for (seller, _), money in zip(bought.lines, row.tolist(), strict=True):
            by[seller] = by.get(seller, 0.0) + max(money, 0.0)
        spend.append(by)
    return tuple(spend)


def usage_until(usage: Usage, last: np.datetime64) -> Usage | None:
    """The rows up to the end of ``last``; None: there is none."""
    kept = usage.starts.astype("datetime64[D]") <= last
    if not kept.any():
        return None
    rows = ("starts", "key", "tokens", "cache_write_1h", "reasoning", "requests", "billed", "listed", "priced")
    return replace(usage, **{name: getattr(usage, name)[kept] for name in rows})


def realised_prints(settings: IndexSettings, usage: Usage, audit: Audit, dates: Dates) -> Prints:
    """Spend over tokens of every period, currency per Mtok.

    Raises
    ------
    InputError
        No row has both tokens and money, or with the screens on all of it was free.
    """
    bought = sold(usage, dates)
    if not bought.mtok.any():
        raise InputError("no usage has both tokens and money: the realised index is what was spent over what was used")
    if settings.screens and not np.any(bought.spent > 0):
        raise InputError("all usage was free: there is no price to make an index of")
    notices: tuple[str, ...] = ()
    if bought.unpriced_mtok > 0:
        notices = (f"{bought.unpriced_mtok:,.1f} Mtok of usage left out: neither charged nor priced",)
    return _Realised(settings, audit, dates, bought).prints(notices)


@dataclass(slots=True)
class _Realised:
    """The realised index from print to print."""

    settings: IndexSettings
    audit: Audit
    dates: Dates
    bought: Sold
    cap: CompanyCap = field(init=False)
    emergency: Emergency = field(init=False)
    last: Floats = field(init=False)
    """(N,) unit price of every line in its last print."""
    waiting: dict[int, float] = field(default_factory=dict)
    """Line to a unit price that nobody has confirmed yet."""

    def __post_init__(self) -> None:
        self.cap = CompanyCap(self.settings.company_cap if self.settings.screens else None)
        self.emergency = Emergency(self.settings, self.audit)
        self.last = np.full(len(self.bought.lines), np.nan)

    def prints(self, notices: tuple[str, ...]) -> Prints:
        """Walk the periods once."""
        shape = self.bought.mtok.shape
        values, weights, moves = np.full(shape[0], np.nan), np.zeros(shape), np.full(shape, np.nan)
        before = np.zeros(shape[1], dtype=bool)
        for t in range(shape[0]):
            there = self._there(t)
            if not there.any() or self._must_carry(t, there, before):
                if not there.any() and np.isfinite(values[:t]).any():
                    self.audit.add(self.dates[t], "no_usage", "index", "no paid usage", "last print carried")
                values[t] = values[t - 1] if t else np.nan
                weights[t] = weights[t - 1] if t else 0.0
                continue
            unit = self._unit_prices(t, there)
            moves[t] = _log_ratio(unit, self.last)
            weights[t] = self._weights(t, there)
            values[t] = float(weights[t][there] @ unit[there])
            self.last, before = np.where(there, unit, self.last), there
        printed = int(np.flatnonzero(self.bought.mtok.any(axis=1))[-1])
        money = float(self.bought.spent[printed].sum())
        return Prints(
            self.dates,
            values,
            tuple(f"{seller}/{model}" for seller, model in self.bought.lines),
            tuple(seller for seller, _ in self.bought.lines),
            weights,
            moves,
            self.emergency.carried,
            self.emergency.failed,
            float(self.bought.billed[printed]) / money if money > 0 else 0.0,
            notices,
        )

    def _there(self, t: int) -> NDArray[np.bool_]:
        """(N,) lines that count in the print: with the screens, use that cost nothing is free, not cheap."""
        there: NDArray[np.bool_] = self.bought.mtok[t] > 0
        if not self.settings.screens:
            return there
        free = there & (self.bought.spent[t] <= 0)
        for n in np.flatnonzero(free).tolist():
            found = f"{self.bought.mtok[t, n]:,.1f} Mtok for {self.bought.spent[t, n]:g}"
            self.audit.add(self.dates[t], "zero_price", self._name(n), found, "left out: free, not cheap")
        there &= ~free
        return there

    def _must_carry(self, t: int, there: NDArray[np.bool_], before: NDArray[np.bool_]) -> bool:
        # A model that gave way to another of its seller is not missing: the desk moved on, and so does its bill.
        companies, known = ({self.bought.lines[n][0] for n in np.flatnonzero(lines)} for lines in (there, before))
        return self.emergency.must_carry(
            self.dates[t], expected=len(known), missing=len(known - companies), companies=len(companies)
        )

    def _unit_prices(self, t: int, there: NDArray[np.bool_]) -> Floats:
        """(N,) money per Mtok; a line that moved beyond the factor keeps its last one until its second print."""
        unit: Floats = np.divide(
            self.bought.spent[t], self.bought.mtok[t], out=np.full(there.size, np.nan), where=there
        )
        if not self.settings.screens:
            return unit
        moves, limit = np.abs(_log_ratio(unit, self.last)), np.log(self.settings.unconfirmed_factor)
        jumped = moves > limit + 1e-9
        for n in np.flatnonzero(there & ~jumped).tolist():
            self.waiting.pop(n, None)
        for n in np.flatnonzero(jumped).tolist():
            seen, found = self.waiting.pop(n, None), times(self.last[n], unit[n])
            if seen is not None and abs(np.log(unit[n] / seen)) <= limit:
                self.audit.add(self.dates[t], "confirmed_move", self._name(n), found, "taken on its second print")
                continue
            self.waiting[n] = float(unit[n])
            self.audit.add(self.dates[t], "unconfirmed_move", self._name(n), found, "last unit price held")
            unit[n] = self.last[n]
        return unit

    def _weights(self, t: int, there: NDArray[np.bool_]) -> Floats:
        """(N,) share of the tokens, no company above the cap."""
        mtok = np.where(there, self.bought.mtok[t], 0.0)
        volume: dict[str, float] = {}
        for n in np.flatnonzero(there):
            volume[self.bought.lines[n][0]] = volume.get(self.bought.lines[n][0], 0.0) + float(mtok[n])
        shares, cut = self.cap.weigh(volume)
        for one in cut:
            found = f"{one.found:.1%} of the volume"
            self.audit.add(self.dates[t], "company_cap", one.company, found, f"taken at {one.weight:.1%}")
        weights = np.zeros(there.size)
        for n in np.flatnonzero(there):
            seller = self.bought.lines[n][0]
            weights[n] = shares[seller] * mtok[n] / volume[seller]
        return weights

    def _name(self, n: int) -> str:
        return "/".join(self.bought.lines[n])


def _log_ratio(now: Floats, before: Floats) -> Floats:
    """Log of now / before where both are above 0, else NaN."""
    known = (now > 0) & (before > 0)
    ratio = np.divide(now, before, out=np.ones(now.shape), where=known)
    return np.where(known, np.log(ratio), np.nan)
