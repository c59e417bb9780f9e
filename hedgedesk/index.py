"""What a token costs: the matched-model, chain-linked index of list prices (methods.md §2a).

A list price is compared with its own past only: between two dates the index moves by the mean log price relative of
the families that have a price on both, so a model that appears or disappears moves nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.values import ArrayHolder, Dates, Floats

INPUT_SHARE = 0.75
"""Share of uncached input in the blended price 3:1, the rest is output; cache prices stay out of it."""
OLDEST_DAYS = 540
"""A family older than this is no longer compared."""
ROUNDING = 1e-12

Average = Literal["provider", "family"]

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


@dataclass(frozen=True, eq=False)
class MatchedIndex(ArrayHolder):
    """A chain-linked index and what each of its links rests on."""

    dates: Dates
    """(T,)."""
    level: Floats
    """(T,) base on the first date."""
    log_change: Floats
    """(T - 1,) r_t; 0 where nothing could be matched (the last level is carried)."""
    matched: NDArray[np.int64]
    """(T - 1,) families priced on both dates of the link."""
    changed: NDArray[np.int64]
    """(T - 1,) of these, families whose price moved."""


def capped_shares(shares: Floats, cap: float) -> Floats:
    """Weights that follow ``shares`` as far as none exceeds ``cap``, by water-filling (methods.md §2a).

    A weight above the cap is set to it, the others are scaled to what is left, until none exceeds it.
    (0.7, 0.2, 0.1) with a cap of 0.5 becomes (0.5, 1/3, 1/6).

    Parameters
    ----------
    shares
        (V,) at least 0 and not all 0; need not add to 1.
    cap
        Largest weight, a fraction above 0.

    Returns
    -------
    (V,) adding to 1.

    Raises
    ------
    InputError
        The cap times the number of providers with a share is below 1, or a share is negative.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if not np.all(shares >= 0) or shares.sum() <= 0:
        raise InputError("shares must be at least 0 and not all 0")
    holders = int(np.count_nonzero(shares))
    if cap * holders < 1.0 - ROUNDING:
        raise InputError(f"a cap of {cap:g} is impossible: {holders} providers could hold {cap * holders:g} at most")
    weights: Floats = shares / shares.sum()
    held = np.zeros(shares.size, dtype=bool)
    while np.any(weights > cap + ROUNDING):
        held |= weights > cap + ROUNDING
        weights[held] = cap
        free = shares[~held].sum()
        if free > 0:
            weights[~held] = shares[~held] / free * (1.0 - cap * held.sum())
    return weights


def matched_index(
    panel: PricePanel,
    *,
    average: Average = "provider",
    shares: Mapping[str, float] | None = None,
    cap: float | None = None,
    base: float = 100.0,
) -> MatchedIndex:
    """Chain the mean log price relatives: r_t = sum_v W_vt mean_i ln(p_it / p_i,t-1), I_t = I_t-1 exp(r_t).

    The source is methods.md §2a. The relatives of one family's snapshots are averaged first, then families within their
    provider, then providers. A price of 0 is free, not cheap: a move from or to it is not compared.

    Parameters
    ----------
    panel
        Prices in one currency, (T, N).
    average
        ``provider``: families within a provider, then providers; ``family``: every family counts the same.
    shares
        Spend share of every provider; None: equal. Shares are taken again over the providers matched in a link.
    cap
        Largest weight of a provider, see :func:`capped_shares`; None: no cap.
    base
        Level on the first date; a price here makes the index a price.

    Raises
    ------
    InputError
        A cap that the matched providers cannot keep, or a provider without a share.
    """
    log_price = np.full(panel.price_per_mtok.shape, np.nan)
    np.log(panel.price_per_mtok, out=log_price, where=panel.price_per_mtok > 0)
    families = list(dict.fromkeys(zip(panel.providers, panel.families, strict=True)))
    moves = _family_moves(np.diff(log_price, axis=0), panel, families)
    owners = np.array([provider for provider, _ in families])
    if shares is not None and (unknown := sorted(set(owners.tolist()) - set(shares))):
        raise InputError(f"no share given for {', '.join(unknown)}")
    change = np.array([_link(row, owners, average, shares, cap) for row in moves])
    return MatchedIndex(
        dates=panel.dates,
        level=base * np.exp(np.concatenate([[0.0], np.cumsum(change)])),
        log_change=change,
        matched=np.isfinite(moves).sum(axis=1),
        changed=(np.isfinite(moves) & (np.abs(moves) > ROUNDING)).sum(axis=1),
    )


def list_price_panel(
    prices: ListPrices, dates: Dates, *, input_share: float = INPUT_SHARE, oldest_days: int = OLDEST_DAYS
) -> PricePanel:
    """Blend input and output list prices of every model on ``dates``.

    A model has a price from the first date on which both meters are listed, until its family (counted from the first
    listing of any of its snapshots) is ``oldest_days`` old. A price stands until the next row.

    Parameters
    ----------
    prices
        One row per change.
    dates
        (T,) datetime64[D], rising.
    input_share
        Weight of the uncached input price; the output price has the rest.
    oldest_days
        Age in days beyond which a family is dropped.

    Raises
    ------
    InputError
        No model has both prices.
    """
    rows = _rows_by_model(prices)
    keys = sorted({key[:2] for key in rows if (*key[:2], "uncached_input") in rows and (*key[:2], "output") in rows})
    if not keys:
        raise InputError("no model has a list price for both uncached_input and output")
    born: dict[tuple[str, str], np.datetime64] = {}
    columns = []
    for provider, model in keys:
        paid, made = (_in_force(rows[provider, model, meter], dates) for meter in ("uncached_input", "output"))
        columns.append(input_share * paid + (1.0 - input_share) * made)
        first = max(rows[provider, model, meter][0][0] for meter in ("uncached_input", "output"))
        family = (provider, family_of(model))
        born[family] = min(born.get(family, first), first)
    table = np.stack(columns, axis=1)
    listed = np.array([born[provider, family_of(model)] for provider, model in keys], dtype="datetime64[D]")
    table[dates[:, None] - listed[None, :] > np.timedelta64(oldest_days, "D")] = np.nan
    return PricePanel(
        dates=dates,
        models=tuple(model for _, model in keys),
        providers=tuple(provider for provider, _ in keys),
        families=tuple(family_of(model) for _, model in keys),
        price_per_mtok=table,
    )


def family_of(model: str) -> str:
    """Name of a model without the date of its snapshot: ``gpt-4o-2024-08-06`` is ``gpt-4o``."""
    return _SNAPSHOT.sub("", model)


def _family_moves(moves: Floats, panel: PricePanel, families: Sequence[tuple[str, str]]) -> Floats:
    """(T - 1, F) mean log relative of each family's snapshots, NaN where none has a price on both dates."""
    members = list(zip(panel.providers, panel.families, strict=True))
    columns = [_mean_of_known(moves[:, [member == family for member in members]]) for family in families]
    return np.stack(columns, axis=1) if columns else np.empty((moves.shape[0], 0))


def _mean_of_known(moves: Floats) -> Floats:
    """(T - 1,) row means over what is known; NaN where nothing is."""
    known = np.isfinite(moves)
    count = known.sum(axis=1)
    total = np.where(known, moves, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    return mean


def _link(
    moves: Floats, owners: NDArray[np.str_], average: Average, shares: Mapping[str, float] | None, cap: float | None
) -> float:
    """r_t of one link; 0 where no family is matched."""
    known = np.isfinite(moves)
    if not known.any():
        return 0.0
    if average == "family":
        return float(moves[known].mean())
    matched = sorted(set(owners[known].tolist()))
    means = np.array([moves[known & (owners == provider)].mean() for provider in matched])
    spend = np.ones(len(matched)) if shares is None else np.array([shares[provider] for provider in matched])
    return float(capped_shares(spend, 1.0 if cap is None else cap) @ means)


def _rows_by_model(prices: ListPrices) -> dict[tuple[str, str, str], list[tuple[np.datetime64, float]]]:
    """Every (provider, model, meter)'s rows by date; of two on one day the later in the file stands."""
    order = np.argsort(prices.effective_dates, kind="stable")
    rows: dict[tuple[str, str, str], list[tuple[np.datetime64, float]]] = {}
    for i in order:
        key = (prices.providers[i], prices.models[i], prices.meters[i])
        rows.setdefault(key, []).append((prices.effective_dates[i], float(prices.price_per_mtok[i])))
    return rows


def _in_force(rows: list[tuple[np.datetime64, float]], dates: Dates) -> Floats:
    """(T,) price in force at the end of each date, NaN before the first row."""
    since = np.array([day for day, _ in rows], dtype="datetime64[D]")
    price = np.array([np.nan, *(value for _, value in rows)], dtype=np.float64)
    return price.take(np.searchsorted(since, dates, side="right"))
