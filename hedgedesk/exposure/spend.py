"""What each row of usage cost: billed, else priced, and no money twice where tokens and bills come in two exports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats


def spent(usage: Usage) -> Floats:
    """(n,) cost of every row in the usage's currency; NaN where neither a bill nor a price is known.

    Charges of services other than AI cost 0 here: they are no cost of tokens.

    A vendor's cost export bills money without tokens, its usage export counts tokens without money: then the money is
    shared out over those tokens, first of the same seller, month and model, then of the same seller and month, in
    proportion to their price (to their number, where nothing of them is priced). A model that such a bill of its
    seller's month does not name was charged nothing, as the reconciliation has it. The sum of the bills stays.
    """
    cost, _, unnamed = _shared_out(usage)
    return np.where(unnamed, 0.0, cost)


def charged(usage: Usage) -> Floats:
    """(n,) what a bill says each row cost, bills that come apart shared out as in :func:`spent`; NaN without a bill.

    What a bill that comes apart does not name stays unknown here.
    """
    cost, reached, _ = _shared_out(usage)
    return np.where(np.isnan(usage.billed) & ~reached, np.nan, cost)


def _shared_out(usage: Usage) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) cost of every row, those that a bill apart from them reached, and those that such a bill leaves out."""
    used = usage.tokens.sum(axis=1)
    cost = np.where(np.isnan(usage.billed), usage.priced, usage.billed)
    cost = np.where(usage.of_other_services, 0.0, cost)
    is_token = np.array([key.item == TOKENS for key in usage.keys], dtype=bool)[usage.key]
    bare = ~np.isnan(usage.billed) & (used == 0) & is_token
    unpaid = np.isnan(usage.billed) & (used > 0)
    asked, whole_bill = unpaid, unpaid & _any(_groups(usage, by_model=False), bare)
    for by_model in (True, False):
        groups = _groups(usage, by_model)
        shared = _shared(groups, np.where(bare, cost, 0.0), bare, _weights(groups, usage.priced, used, unpaid))
        handed = _any(groups, bare) & _any(groups, unpaid)
        cost = np.where(handed & unpaid, shared, np.where(handed & bare, 0.0, cost))
        bare, unpaid = bare & ~handed, unpaid & ~handed
    return cost, asked & ~unpaid, whole_bill & unpaid


def _groups(usage: Usage, by_model: bool) -> NDArray[np.int64]:
    """(n,) number of the seller, month (and model) of each row."""
    names = [(key.seller, model_slug(key.model) if by_model else "") for key in usage.keys]
    numbers = {name: n for n, name in enumerate(dict.fromkeys(names))}
    named = np.array([numbers[name] for name in names], dtype=np.int64)[usage.key]
    months = usage.starts.astype("datetime64[M]").astype(np.int64)
    _, groups = np.unique(np.stack([named, months]), axis=1, return_inverse=True)
    return groups.reshape(-1)


def _weights(groups: NDArray[np.int64], priced: Floats, used: Floats, unpaid: NDArray[np.bool_]) -> Floats:
    """(n,) what the money is shared out by: prices, or tokens in a group of which nothing is priced."""
    prices = np.where(unpaid, np.nan_to_num(priced), 0.0)
    return np.where(_sums(groups, prices) > 0, prices, np.where(unpaid, used, 0.0))


def _shared(groups: NDArray[np.int64], money: Floats, bare: NDArray[np.bool_], weights: Floats) -> Floats:
    pool, total = _sums(groups, np.where(bare, money, 0.0)), _sums(groups, weights)
    return pool * np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)


def _any(groups: NDArray[np.int64], flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) whether any row of the row's group is flagged."""
    return _sums(groups, flags.astype(np.float64)) > 0


def _sums(groups: NDArray[np.int64], amounts: Floats) -> Floats:
    """(n,) sum over the row's group."""
    return np.bincount(groups, weights=amounts).astype(np.float64)[groups] if groups.size else amounts
