"""What was agreed with sellers: volume at a fixed price, or a price that falls with volume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats, Months

TIERED = "tiered"
KINDS = ("fixed", "take_or_pay", TIERED)
"""Kinds of commitment; the first two fix volume, ``tiered`` is a price and fixes none."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Volume bought at a fixed price: ``fixed``, or ``take_or_pay`` (paid whether used or not); or a ``tiered`` price.

    The rows of one tiered name are its bands in order: ``mtok_per_month`` is the width of the band and
    ``price_per_mtok`` the price of the volume in it.
    """

    name: str
    first_month: np.datetime64
    last_month: np.datetime64
    model: str
    meter: str
    mtok_per_month: float
    price_per_mtok: float
    currency: str
    kind: str = "fixed"

    @property
    def fixes_volume(self) -> bool:
        """Whether it takes volume out of what is open."""
        return self.kind != TIERED


@dataclass(frozen=True, slots=True)
class TieredCost:
    """What a volume costs under a tiered price, per month."""

    cost: float
    """Sum over the bands of price x volume in the band."""
    blended: float
    """Cost per Mtok; NaN where there is no volume."""
    marginal: float
    """Price of one more Mtok."""


@dataclass(frozen=True, slots=True)
class TierUse:
    """One tiered price in one month of the forecast, in ``currency`` per Mtok of raw tokens."""

    name: str
    month: np.datetime64
    model: str
    meter: str
    mtok: float
    """Forecast use."""
    cost: float
    blended: float
    marginal: float
    currency: str


def tiered_cost(bands: Sequence[tuple[float, float]], volume: float) -> TieredCost:
    """Cost of ``volume`` under ``bands``, each (width in Mtok, price per Mtok), in order.

    Volume above the last band costs the last band's price; a volume at the edge of two bands has the next band's price
    as its marginal one.

    Example: 100 Mtok at 10 and 100 Mtok at 8 make 150 Mtok cost 1,400: 9.33 blended, 8 marginal.

    Raises
    ------
    ValueError
        No band, or a negative width, price or volume.
    """
    if not bands or volume < 0 or any(width < 0 or price < 0 for width, price in bands):
        raise ValueError("a tiered price needs bands of widths and prices of at least 0, and a volume of at least 0")
    cost, left, marginal = 0.0, volume, bands[-1][1]
    for width, price in bands:
        if left < width:
            marginal = price
            cost += left * price
            left = 0.0
            break
        cost += width * price
        left -= width
    cost += left * bands[-1][1]
    return TieredCost(cost, cost / volume if volume > 0 else float("nan"), marginal)


def band_lists(commitments: Iterable[Commitment]) -> list[tuple[Commitment, ...]]:
    """The tiered prices among ``commitments``, each as its bands in order."""
    found: dict[tuple[str, str, str, str], list[Commitment]] = {}
    for item in commitments:
        if item.kind == TIERED:
            found.setdefault((item.name, str(item.first_month), item.model, item.meter), []).append(item)
    return [tuple(bands) for bands in found.values()]


def tier_use(
    months: Months, column: Mapping[tuple[str, str], int], volume: Floats, commitments: Iterable[Commitment]
) -> tuple[TierUse, ...]:
    """Every tiered price at the forecast: ``volume`` (T, L) by ``months`` (T,) and ``column`` of model and meter."""
    return tuple(
        _use(bands, months[t], float(volume[t, column[bands[0].model, bands[0].meter]]))
        for bands in band_lists(commitments)
        if (bands[0].model, bands[0].meter) in column
        for t in np.flatnonzero((months >= bands[0].first_month) & (months <= bands[0].last_month))
    )


def _use(bands: tuple[Commitment, ...], month: np.datetime64, mtok: float) -> TierUse:
    first = bands[0]
    paid = tiered_cost([(band.mtok_per_month, band.price_per_mtok) for band in bands], mtok)
    where = (first.name, month, first.model, first.meter)
    return TierUse(*where, mtok, paid.cost, paid.blended, paid.marginal, first.currency)


def tiers_told(tiers: Iterable[TierUse]) -> tuple[str, ...]:
    """One notice for each tiered price: what it is at the forecast, and what a run does with it."""
    found: dict[tuple[str, str, str], list[TierUse]] = {}
    for use in tiers:
        found.setdefault((use.name, use.model, use.meter), []).append(use)
    return tuple(
        f"tiered price {name}: {model} {meter} stays open at index x beta, because tiers are a price and fix no "
        f"volume; at the forecast, blended {_span([u.blended for u in uses])} and marginal "
        f"{_span([u.marginal for u in uses])} {uses[0].currency} per Mtok; the beta to give is marginal over index"
        for (name, model, meter), uses in found.items()
    )


def _span(values: Sequence[float]) -> str:
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return "unknown"
    low, high = min(known), max(known)
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
