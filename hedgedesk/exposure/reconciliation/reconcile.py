"""Billed against priced by seller, model and month, the gap told by cause.

Cost exports (money without tokens) and usage exports (tokens without money) of one seller meet under
:func:`hedgedesk.domain.model_names.model_slug`. Where a seller's bill of a month names no model at all, its month is
one line. Where a seller's bill of a month comes apart from the tokens, a model that was used and is not on it counts as
billed 0: a bill that is too low must show as well. Usage is never scaled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.market import FxCurve, fx_factor
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.reconciliation import CAUSES, TOLERANCE, GapLine, Reconciliation
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats
from hedgedesk.exposure.pricing import MTOK
from hedgedesk.exposure.reconciliation.doubts import KINDS, Doubts, doubts
from hedgedesk.exposure.reconciliation.gaps import HALF_CENT, Gap, explain

Flags = NDArray[np.bool_]
LineKey = tuple[str, str, str]
"""Month, seller and model."""


def reconcile(
    usage: Usage,
    *,
    currency: str,
    cny_per_usd: float | FxCurve | None = None,
    book: PriceBook | None = None,
) -> Reconciliation:
    """Compare what was billed with what a price book makes of the tokens.

    Parameters
    ----------
    usage
        Priced rows, folded by day or not.
    currency
        Of the reconciliation.
    cny_per_usd
        Brings the usage's currency into ``currency``: one rate, or a history of which each row takes its day's.
    book
        The book that priced the usage; without it nothing is explained by tiers, hidden prompts and hours, unknown
        caches and currency, and more stays unexplained.

    Returns
    -------
    Lines by month, seller and model, and their sums. The sums are over lines that were billed.

    Raises
    ------
    CurrencyMismatch
        The usage is in another currency and no rate is given.
    """
    fx = cny_per_usd if isinstance(cny_per_usd, FxCurve) else None
    rows = _Rows(usage, doubts(usage, book, fx), _factors(usage, currency, cny_per_usd))
    keys, line = _lines(usage)
    apart = _months_of(usage, _apart(usage))
    found, gaps = list[GapLine](), dict[int, Gap]()
    places = _places(line, len(keys))
    for number, key in enumerate(keys):
        if rows.billed(places[number]) is not None or key[:2] in apart:
            gaps[number] = rows.gap(key, places[number])
    notices = explain(gaps.values())
    for number, key in enumerate(keys):
        found.append(rows.told(key, places[number], gaps.get(number)))
    return _whole(currency, found, (*notices, *_uneven(usage)))


@dataclass(frozen=True)
class _Rows:
    """Rows of usage with what is needed to sum them into lines."""

    usage: Usage
    doubts: Doubts
    factors: Floats
    """(n,) brings money of each row into the currency of the reconciliation."""

    def money(self, column: Floats, at: NDArray[np.int64]) -> float | None:
        """Sum of the told amounts of ``column``; None where none is told."""
        amounts = (column * self.factors)[at]
        told = np.isfinite(amounts)
        return float(amounts[told].sum()) if told.any() else None

    def billed(self, at: NDArray[np.int64]) -> float | None:
        """What was billed for the rows ``at``."""
        return self.money(self.usage.billed, at)

    def gap(self, key: LineKey, at: NDArray[np.int64]) -> Gap:
        """The gap of one line, still to be explained."""
        use = self.usage
        tokens = use.tokens[at].sum(axis=1)
        by_token = _by_token(use)[at]
        unpriced = (tokens > 0) & np.isnan(use.priced[at])
        settled = by_token & ~unpriced
        bounds = {kind: self.doubts.ranges[kind][at] * self.factors[at, None] for kind in KINDS}
        return Gap(
            seller=key[1],
            month=key[0],
            billed=self.billed(at) or 0.0,
            priced=self.money(use.priced, at),
            tokens=float(tokens.sum()),
            unpriced_tokens=float(tokens[unpriced].sum()),
            unpriced_billed=self.money(use.billed, at[by_token & unpriced]) or 0.0,
            apart=self.money(use.billed, at[by_token & (tokens == 0)]) or 0.0,
            other=self.money(use.billed, at[~by_token]) or 0.0,
            listed_off=self.money(use.billed - use.listed, at[settled]) or 0.0,
            half_cents=HALF_CENT * float(self.factors[at][np.isfinite(use.billed[at])].sum()),
            ranges={kind: (float(bound[:, 0].sum()), float(bound[:, 1].sum())) for kind, bound in bounds.items()},
        )

    def told(self, key: LineKey, at: NDArray[np.int64], gap: Gap | None) -> GapLine:
        """One line as it is shown; ``gap`` is None where nothing was billed."""
        month, seller, model = key
        return GapLine(
            seller=seller,
            model=model,
            month=month,
            mtok=float(self.usage.tokens[at].sum()) / MTOK,
            billed=None if gap is None else gap.billed,
            priced=self.money(self.usage.priced, at),
            gap=None if gap is None else gap.whole,
            causes={} if gap is None else gap.causes(),
            book=", ".join(sorted({self.doubts.sources[place] for place in at} - {""})),
        )


def _by_token(usage: Usage) -> Flags:
    """(n,) rows billed by the token."""
    by_token: Flags = np.array([key.item == TOKENS for key in usage.keys], dtype=bool)[usage.key]
    return by_token


def _factors(usage: Usage, currency: str, cny_per_usd: float | FxCurve | None) -> Floats:
    """(n,) rate of each row's day, the first known where a row is older than the history."""
    if not isinstance(cny_per_usd, FxCurve):
        return np.full(usage.starts.size, fx_factor(cny_per_usd, usage.currency, currency))
    place = np.searchsorted(cny_per_usd.dates.astype("datetime64[s]"), usage.starts, side="right") - 1
    rates = cny_per_usd.cny_per_usd[np.maximum(place, 0)]
    factors: Floats = rates * 0.0 + fx_factor(rates, usage.currency, currency)
    return factors


def _lines(usage: Usage) -> tuple[list[LineKey], NDArray[np.int64]]:
    """Distinct lines in their order, and the line of each row."""
    months = np.datetime_as_string(usage.starts.astype("datetime64[M]"))
    unnamed = _unnamed_bills(usage)
    slugs = [model_slug(key.model) for key in usage.keys]
    of_row: list[LineKey] = []
    for month, key in zip(months.tolist(), usage.key.tolist(), strict=True):
        seller = usage.keys[key].seller
        of_row.append((month, seller, "" if (month, seller) in unnamed else slugs[key]))
    keys = sorted(set(of_row))
    number = {key: place for place, key in enumerate(keys)}
    return keys, np.array([number[key] for key in of_row], dtype=np.int64)


def _places(line: NDArray[np.int64], lines: int) -> list[NDArray[np.int64]]:
    """Rows of each line."""
    order = np.argsort(line, kind="stable")
    return np.split(order, np.searchsorted(line[order], np.arange(1, lines)))


def _months_of(usage: Usage, rows: Flags) -> set[tuple[str, str]]:
    """Months and sellers of some rows."""
    months = np.datetime_as_string(usage.starts[rows].astype("datetime64[M]")).tolist()
    sellers = [usage.keys[key].seller for key in usage.key[rows].tolist()]
    return set(zip(months, sellers, strict=True))


def _apart(usage: Usage) -> Flags:
    """(n,) rows of a bill for tokens that comes apart from them."""
    apart: Flags = _by_token(usage) & np.isfinite(usage.billed) & ~usage.tokens.any(axis=1)
    return apart


def _unnamed_bills(usage: Usage) -> set[tuple[str, str]]:
    """Months and sellers whose whole bill for tokens comes apart from them and names no model."""
    named: Flags = np.array([bool(key.model) for key in usage.keys], dtype=bool)[usage.key]
    unnamed: Flags = _apart(usage) & ~named
    others: Flags = _by_token(usage) & np.isfinite(usage.billed) & ~unnamed
    return _months_of(usage, unnamed) - _months_of(usage, others)


def _uneven(usage: Usage) -> list[str]:
    """Notices of months whose bill and usage do not cover the same days."""
    apart, used = _apart(usage), usage.tokens.sum(axis=1) > 0
    days = usage.starts.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    sellers = np.array([key.seller for key in usage.keys], dtype=object)[usage.key]
    notices = []
    for month, seller in sorted(_months_of(usage, apart) & _months_of(usage, used)):
        here = (months == np.datetime64(month, "M")) & (sellers == seller)
        bill, use = days[here & apart], days[here & used]
        ends = (bill.min(), bill.max()), (use.min(), use.max())
        # A bill that is one row for the month says nothing of its days.
        if ends[0][0] != ends[0][1] and ends[0] != ends[1]:
            spans = [f"{first} to {last}" for first, last in ends]
            notices.append(f"{seller} {month}: the bill covers {spans[0]}, the usage {spans[1]}")
    return notices


def _whole(currency: str, lines: list[GapLine], notices: tuple[str, ...]) -> Reconciliation:
    billed = [line for line in lines if line.billed is not None]
    if not billed:
        return Reconciliation(currency, tuple(lines), None, _sum(line.priced for line in lines), None, notices=notices)
    priced = _sum(line.priced for line in billed)
    unexplained = sum(abs(line.causes["unexplained"]) for line in billed)
    # Other things on the bill, such as a cloud's storage, leave no more room for what is not explained of the tokens.
    bill = sum(abs((line.billed or 0.0) - line.causes["non_token"]) for line in billed)
    return Reconciliation(
        currency=currency,
        lines=tuple(lines),
        billed=_sum(line.billed for line in billed),
        priced=priced,
        gap=_sum(line.gap for line in billed),
        causes={cause: sum(line.causes[cause] for line in billed) for cause in CAUSES},
        reconciled=priced is not None and unexplained <= TOLERANCE * bill,
        notices=notices,
    )


def _sum(amounts: Iterator[float | None]) -> float | None:
    """Sum of the told amounts; None where none is told."""
    told = [amount for amount in amounts if amount is not None]
    return sum(told) if told else None
