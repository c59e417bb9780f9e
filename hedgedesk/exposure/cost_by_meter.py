"""A bill by meter: what of it was paid for uncached input, cache reads, cache writes and output."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import TOKENS, Usage, UsageKey
from hedgedesk.domain.values import Floats


def cost_by_meter(usage: Usage, cost: Floats, book: PriceBook) -> Floats:
    """Share the cost of tokens out over the meters, in proportion to list price x tokens.

    Parameters
    ----------
    usage
        Rows; those of other items than tokens are left out.
    cost
        (n,) of each row; NaN counts nothing.
    book
        Asked once for every key and month; tokens of a model that it does not know count alike.

    Returns
    -------
    (4,) in the order of ``METERS``; it adds up to the cost of all tokens.
    """
    is_token = np.array([key.item == TOKENS for key in usage.keys], dtype=bool)[usage.key]
    money = np.where(is_token, np.nan_to_num(cost), 0.0)
    months = usage.starts.astype("datetime64[M]")
    pairs = np.stack([usage.key, months.astype(np.int64)])
    groups, which = np.unique(pairs, axis=1, return_inverse=True)
    total = np.zeros(len(METERS))
    for number in range(groups.shape[1]):
        rows = which.reshape(-1) == number
        tokens, key = usage.tokens[rows].sum(axis=0), usage.keys[int(groups[0, number])]
        value = tokens * _prices(key, usage.starts[rows].min(), book)
        value = value if value.sum() > 0 else tokens
        if value.sum() > 0:
            total += money[rows].sum() * value / value.sum()
    # Money without tokens (a bill that no usage export belongs to) falls as the rest does.
    return total * (money.sum() / total.sum()) if total.sum() > 0 else total


def _prices(key: UsageKey, at: np.datetime64, book: PriceBook) -> Floats:
    rates = book.rates(key.seller, key.model, key.tier, at)
    if rates is None:
        return np.zeros(len(METERS))
    return np.nan_to_num(np.array([getattr(rates, meter) for meter in METERS], dtype=np.float64))
