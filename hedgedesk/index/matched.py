"""The matched-model, chain-linked index of list prices.

A list price is compared with its own past only: between two dates the index moves by the mean log price relative of
the families that have a price on both, so a model that appears or disappears moves nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.values import ArrayHolder, Dates, Floats
from hedgedesk.index.panel import PricePanel
from hedgedesk.index.weights import ROUNDING, capped_shares

Average = Literal["provider", "family"]


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


def matched_index(
    panel: PricePanel,
    *,
    average: Average = "provider",
    shares: Mapping[str, float] | None = None,
    cap: float | None = None,
    base: float = 100.0,
) -> MatchedIndex:
    """Chain the mean log price relatives: r_t = sum_v W_vt mean_i ln(p_it / p_i,t-1), I_t = I_t-1 exp(r_t).

    The relatives of one family's snapshots are averaged first, then families within their
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
