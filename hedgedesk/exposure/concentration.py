"""How use is spread over sellers, models, teams and regions."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.study import Concentration, Share
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats
from hedgedesk.exposure.spend import spent

FIELDS = ("seller", "model", "team", "region")


def concentrations(usage: Usage) -> tuple[Concentration, ...]:
    """:func:`concentration` by seller, model, team and region; none where there is no use."""
    cost = spent(usage)
    return tuple(_by(usage, by, cost) for by in FIELDS) if usage.starts.size else ()


def concentration(usage: Usage, by: str) -> Concentration:
    """Shares of the cost by ``by``, the largest first, and their Herfindahl index.

    Cost is billed, else priced, and no money twice; where nothing has a cost, shares are of the tokens. Money that was
    not charged for tokens (tax, credits) is left out, and a row whose cost is unknown counts tokens and no money.

    Parameters
    ----------
    by
        One of :data:`FIELDS`.

    Raises
    ------
    ValueError
        ``by`` is none of them.
    """
    if by not in FIELDS:
        raise ValueError(f"usage is spread by {', '.join(FIELDS)}, not by {by!r}")
    return _by(usage, by, spent(usage))


def _by(usage: Usage, by: str, cost: Floats) -> Concentration:
    names = [model_slug(key.model) if by == "model" else getattr(key, by) for key in usage.keys]
    known = sorted(set(names))
    counted = np.array([key.item == TOKENS for key in usage.keys], dtype=np.bool_)
    rows = np.flatnonzero(counted[usage.key])
    place = np.array([known.index(name) for name in names], dtype=np.int64)[usage.key[rows]]
    mtok = np.bincount(place, weights=usage.tokens[rows].sum(axis=1), minlength=len(known)) / 1e6
    money = np.bincount(place, weights=np.nan_to_num(cost[rows]), minlength=len(known))
    # A refund can leave a name below zero, and a share below zero would put the others above the whole.
    basis = np.maximum(money, 0.0) if money.sum() > 0 else mtok
    share = basis / basis.sum() if basis.sum() > 0 else np.zeros(len(known))
    seen = np.bincount(place, minlength=len(known)) > 0
    order = [int(j) for j in np.argsort(-share, kind="stable") if seen[j]]
    shares = tuple(Share(known[j], float(mtok[j]), float(money[j]), float(share[j])) for j in order)
    return Concentration(by, shares, float(np.sum(share**2)))
