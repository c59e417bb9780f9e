"""What a price list announced: by seller and day, how far its families moved together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.values import Dates, Floats

BLEND = {"uncached_input": 0.75, "output": 0.25}
"""Weights of the meters in a family's price, as the matched index has them."""
MATCHED_DAYS = np.timedelta64(540, "D")
"""A family older than this has left the matched index."""
NO_MOVE = 1e-9
"""Mean log changes smaller than this have cancelled out."""

Span = tuple[np.datetime64, np.datetime64]
Prices = dict[np.datetime64, dict[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Announcements:
    """Changes of list prices, one row per seller and day, because sellers change many families at once."""

    dates: Dates
    """(n,) datetime64[D], rising."""
    log_sizes: Floats
    """(n,) mean change of the log prices of the seller's families, unchanged ones included."""
    families: Floats
    """(n,) how many of its families changed."""
    sellers: tuple[str, ...]
    """(n,)."""
    families_of: Mapping[str, tuple[Span, ...]]
    """First and last day on the list of each family of each seller."""
    sellers_now: int
    """Sellers with a family on the list at the end."""

    def watched(self, seller: str) -> Span:
        """First and last day of the seller on the list."""
        spans = self.families_of[seller]
        return min(first for first, _ in spans), max(last for _, last in spans)


@dataclass(frozen=True, slots=True)
class _Family:
    first: np.datetime64
    last: np.datetime64
    changes: Mapping[np.datetime64, float]


def announcements(prices: ListPrices, as_of: np.datetime64) -> Announcements:
    """Gather the announcements of a price list until ``as_of``.

    Standard mode, prices above 0; dated snapshots of one model are one family, whose price is 0.75 input and 0.25
    output and which leaves the list 540 days after it came. Of several sources the desk's own stands, else the first
    by name.
    """
    by_seller = _families(prices, as_of)
    rows = sorted(row for seller, families in by_seller.items() for row in _rows(seller, families))
    return Announcements(
        dates=np.array([day for day, *_ in rows], dtype="datetime64[D]"),
        log_sizes=np.array([size for *_, size in rows], dtype=np.float64),
        families=np.array([count for _, _, count, _ in rows], dtype=np.float64),
        sellers=tuple(seller for _, seller, _, _ in rows),
        families_of={seller: tuple((f.first, f.last) for f in families) for seller, families in by_seller.items()},
        sellers_now=sum(any(f.last >= as_of for f in families) for families in by_seller.values()),
    )


def _rows(seller: str, families: Iterable[_Family]) -> Iterable[tuple[np.datetime64, str, int, float]]:
    listed = list(families)
    for day in sorted({day for family in listed for day in family.changes}):
        live = [family for family in listed if family.first < day <= family.last]
        moves = [family.changes.get(day, 0.0) for family in live]
        changed = sum(move != 0.0 for move in moves)
        if changed and abs(float(np.mean(moves))) > NO_MOVE:
            yield day, seller, changed, float(np.mean(moves))


def _families(prices: ListPrices, as_of: np.datetime64) -> dict[str, list[_Family]]:
    members: dict[tuple[str, str], list[Prices]] = defaultdict(list)
    for (seller, model), dated in _models(prices, as_of).items():
        members[seller, model_slug(model)].append(dated)
    families: dict[str, list[_Family]] = defaultdict(list)
    for (seller, _slug), models in sorted(members.items()):
        families[seller].append(_family(models, as_of))
    return families


def _models(prices: ListPrices, as_of: np.datetime64) -> dict[tuple[str, str], Prices]:
    """Prices by day and meter of each seller's model, from one source each."""
    sourced: dict[tuple[str, str], dict[str, Prices]] = defaultdict(lambda: defaultdict(dict))
    columns = (prices.providers, prices.models, prices.meters, prices.modes, prices.sources)
    for day, price, row in zip(prices.effective_dates, prices.price_per_mtok, zip(*columns, strict=True), strict=True):
        seller, model, meter, mode, source = row
        if mode == STANDARD_MODE and meter in BLEND and price > 0 and day <= as_of:
            sourced[seller, model][source].setdefault(day.astype("datetime64[D]"), {})[meter] = float(price)
    return {key: by_source[min(by_source)] for key, by_source in sourced.items()}


def _family(models: list[Prices], as_of: np.datetime64) -> _Family:
    first = min(min(dated) for dated in models)
    last = min(first + MATCHED_DAYS, as_of)
    total: dict[np.datetime64, float] = defaultdict(float)
    for dated in models:
        for day, move in _moves(dated):
            if day <= last:
                listed = sum(min(other) < day for other in models)
                total[day] += move / listed
    return _Family(first, last, dict(total))


def _moves(dated: Prices) -> Iterable[tuple[np.datetime64, float]]:
    """Log changes of a model's blended price, over the meters known before and after."""
    known: dict[str, float] = {}
    for day in sorted(dated):
        after = known | dated[day]
        before = sum(BLEND[meter] * price for meter, price in known.items())
        now = sum(BLEND[meter] * after[meter] for meter in known)
        if before > 0 and now != before:
            yield day, float(np.log(now / before))
        known = after
