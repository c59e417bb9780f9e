"""List prices as a panel: blended prices of models on common dates, ready to be compared with their own past."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import STANDARD_MODE, ListPrices
from hedgedesk.domain.values import ArrayHolder, Dates, Floats
from hedgedesk.index.selection import BLENDED
from hedgedesk.index.sources import Key, in_force

INPUT_SHARE = 0.75
"""Share of uncached input in the blended price 3:1, the rest is output; cache prices stay out of it."""
OLDEST_DAYS = 540
"""A family older than this is no longer compared."""

_SNAPSHOT = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|\d{2}-\d{4}|\d{2}-\d{2})$")


@dataclass(frozen=True, eq=False)
class PricePanel(ArrayHolder):
    """Blended list prices of models on common dates, ready to be compared with their own past."""

    dates: Dates
    """(T,) rising."""
    models: tuple[str, ...]
    """(N,)."""
    providers: tuple[str, ...]
    """(N,)."""
    families: tuple[str, ...]
    """(N,) models of one family of one provider are dated snapshots of one thing."""
    price_per_mtok: Floats
    """(T, N), NaN where a model has no price or is too old."""

    def validate(self) -> None:
        """Raise ``ValueError`` when the shapes disagree or the dates do not rise."""
        columns = len(self.models)
        if self.price_per_mtok.shape != (self.dates.size, columns):
            raise ValueError("prices must be (dates, models)")
        if len(self.providers) != columns or len(self.families) != columns:
            raise ValueError("every model needs a provider and a family")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("panel dates must rise strictly")


def list_price_panel(
    prices: ListPrices,
    dates: Dates,
    *,
    input_share: float = INPUT_SHARE,
    oldest_days: int | None = OLDEST_DAYS,
    quoted: Mapping[Key, Floats] | None = None,
) -> PricePanel:
    """Blend input and output list prices of every model on ``dates``.

    A model has a price from the first date on which both meters are listed, until its family (counted from the first
    listing of any of its snapshots) is ``oldest_days`` old. A price stands until the next row; of two rows of one day
    the later in the file stands. Only standard prices count.

    Parameters
    ----------
    prices
        One row per change.
    dates
        (T,) datetime64[D], rising.
    input_share
        Weight of the uncached input price; the output price has the rest.
    oldest_days
        Age in days beyond which a family is dropped; None: never.
    quoted
        (T,) price of each provider, model and meter on ``dates``, where something else than the newest row stands.

    Raises
    ------
    InputError
        No model has both prices.
    """
    rows = _rows_by_price(prices)
    keys = sorted({key[:2] for key in rows if all((*key[:2], meter) in rows for meter in BLENDED)})
    if not keys:
        raise InputError("no model has a list price for both uncached_input and output")
    standing = quoted if quoted is not None else {key: in_force(*rows[key], dates) for key in rows}
    table = np.stack(
        [
            input_share * standing[*key, "uncached_input"] + (1.0 - input_share) * standing[*key, "output"]
            for key in keys
        ],
        axis=1,
    )
    families = tuple(family_of(model) for _, model in keys)
    providers = tuple(provider for provider, _ in keys)
    if oldest_days is not None:
        first = [max(rows[*key, meter][0][0] for meter in BLENDED) for key in keys]
        born: dict[tuple[str, str], np.datetime64] = {}
        for family, day in zip(zip(providers, families, strict=True), first, strict=True):
            born[family] = min(born.get(family, day), day)
        listed = np.array([born[family] for family in zip(providers, families, strict=True)], dtype="datetime64[D]")
        table[dates[:, None] - listed[None, :] > np.timedelta64(oldest_days, "D")] = np.nan
    return PricePanel(dates, tuple(model for _, model in keys), providers, families, table)


def family_of(model: str) -> str:
    """Name of a model without the date of its snapshot: ``gpt-4o-2024-08-06`` is ``gpt-4o``."""
    return _SNAPSHOT.sub("", model)


def _rows_by_price(prices: ListPrices) -> dict[Key, tuple[Dates, Floats]]:
    """Days and values of every standard price, in the order of time."""
    places: dict[Key, list[int]] = {}
    for i in np.argsort(prices.effective_dates, kind="stable"):
        if prices.modes[i] == STANDARD_MODE:
            places.setdefault((prices.providers[i], prices.models[i], prices.meters[i]), []).append(int(i))
    return {key: (prices.effective_dates[at], prices.price_per_mtok[at]) for key, at in places.items()}
