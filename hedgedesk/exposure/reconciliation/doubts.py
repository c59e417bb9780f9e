"""How far the price of a row may be off because its bucket does not tell enough: ranges, never corrections.

A range says by how much the true price of a row may lie below and above ``priced``. Reconciliation may explain a gap
with a range, up to its bounds; nothing is ever repriced or scaled.

``served``  the book prices the row as standard although it was served otherwise. Bounds are shares of the price, wide
            enough for every published tier (:data:`SERVED`): batch and flex cost about half, priority and fast more.
``prompts`` prices rise above a prompt length, and the row hides the single prompts: nobody told the number of requests,
            or the mean prompt reaches a quarter of the threshold (:data:`LONG_SHARE`, assumption). From all prompts
            short to all prompts long.
``hours``   prices change in the course of the day and the row was priced at the day's mean: from all tokens in the
            cheapest hour to all in the dearest.
``cache``   the export does not tell what came from a cache: from all uncached input read from it to none.
``fx``      the book lists in the other currency: from the lowest to the highest rate of the month, instead of the
            rate of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

import numpy as np

from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.rates import PRICES, PriceBook
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats
from hedgedesk.exposure.pricing import MTOK, Quote, exchange, mean_cost, priced_tokens, prompt_sizes, quotes

KINDS = ("served", "prompts", "hours", "cache", "fx")

SERVED = {"batch": (-0.55, 0.0), "flex": (-0.55, 0.0), "priority": (0.0, 1.5), "fast": (0.0, 5.0)}
"""By which share of the standard price a tier may cost less or more [A]; other tiers: :data:`OTHER`."""
OTHER = (-0.55, 1.5)

LONG_SHARE = 0.25
"""Share of a threshold that the mean prompt of a bucket reaches before long prompts are thought to be in it [A]."""

_SAME = 1e-9
"""Relative difference up to which a row counts as priced at the day's mean."""


@dataclass(frozen=True)
class Doubts:
    """Ranges by kind, in the usage's currency, and whose prices the rows have."""

    ranges: dict[str, Floats]
    """By name of :data:`KINDS`: (n, 2), by how much the price may be too high (<= 0) and too low (>= 0)."""
    sources: list[str]
    """(n,) name of the book behind each row; empty where none knows it."""


def doubts(usage: Usage, book: PriceBook | None, fx: FxCurve | None = None) -> Doubts:
    """Ranges of priced rows.

    Parameters
    ----------
    usage
        Priced rows.
    book
        The book that priced them; None: no range can be told, and all are 0.
    fx
        History of rates for ``fx``; None: that range is 0.
    """
    rows = usage.starts.size
    ranges, sources = {kind: np.zeros((rows, 2)) for kind in KINDS}, [""] * rows
    if book is None:
        return Doubts(ranges, sources)
    seen = _Seen(usage, priced_tokens(usage), prompt_sizes(usage))
    for quote in quotes(usage, book):
        for place in quote.rows:
            sources[place] = quote.parts[0][1].source
        known = quote.rows[np.isfinite(usage.priced[quote.rows])]
        if known.size:
            _add(ranges, seen, Quote(known, quote.parts), fx)
    return Doubts(ranges, sources)


@dataclass(frozen=True)
class _Seen:
    """Usage, and what pricing makes of it."""

    usage: Usage
    tokens: Floats
    prompts: Floats

    def cost(self, quote: Quote, prompts: Floats | None = None) -> Floats:
        """(m,) money for the rows of a quote, at their own prompts or others."""
        at = quote.rows
        sizes = self.prompts[at] if prompts is None else prompts
        return mean_cost(quote, self.tokens[at], sizes, self.usage.currency)


def _add(ranges: dict[str, Floats], seen: _Seen, quote: Quote, fx: FxCurve | None) -> None:
    at = quote.rows
    priced = seen.usage.priced[at]
    ranges["served"][at] = priced[:, None] * _served(seen.usage, quote)
    ranges["prompts"][at] = _prompts(seen, quote, priced)
    ranges["hours"][at] = _hours(seen, quote, priced)
    ranges["cache"][at] = _cache(seen, quote)
    ranges["fx"][at] = priced[:, None] * _fx(seen.usage, quote, fx)


def _served(usage: Usage, quote: Quote) -> Floats:
    asked = usage.keys[usage.key[quote.rows[0]]].tier
    given = {rates.tier for _, rates in quote.parts}
    return np.array((0.0, 0.0) if given == {asked} else SERVED.get(asked, OTHER))


def _prompts(seen: _Seen, quote: Quote, priced: Floats) -> Floats:
    thresholds = [band.tokens for _, rates in quote.parts for band in rates.above]
    if not thresholds:
        return np.zeros((priced.size, 2))
    at = quote.rows
    whole, requests = seen.tokens[at].sum(axis=1) - seen.tokens[at, PRICES.index("output")], seen.usage.requests[at]
    untold = ~(requests > 0)
    likely = (requests != 1) & (seen.prompts[at] >= LONG_SHARE * min(thresholds))
    hidden = (untold | likely) & (whole > min(thresholds))
    # No prompt is longer than all of them together.
    short, long = seen.cost(quote, np.zeros(at.size)), seen.cost(quote, whole)
    return np.where(hidden[:, None], _around(priced, short, long), 0.0)


def _hours(seen: _Seen, quote: Quote, priced: Floats) -> Floats:
    if len(quote.parts) == 1:
        return np.zeros((priced.size, 2))
    each = [seen.cost(Quote(quote.rows, ((1.0, rates),))) for _, rates in quote.parts]
    mean = seen.cost(quote)
    flat = np.array([isclose(one, other, rel_tol=_SAME) for one, other in zip(priced, mean, strict=True)])
    return np.where(flat[:, None], _around(priced, *each), 0.0)


def _cache(seen: _Seen, quote: Quote) -> Floats:
    at = quote.rows
    told = np.array([seen.usage.keys[key].cache_known for key in seen.usage.key[at]])
    saved = sum(
        share * max(rates.bands()[0][0] - rates.bands()[0][1], 0.0) * exchange(rates, seen.usage.currency)
        for share, rates in quote.parts
    )
    most = np.where(told, 0.0, seen.tokens[at, PRICES.index("uncached_input")] * saved / MTOK)
    return np.column_stack([-most, np.zeros(at.size)])


def _fx(usage: Usage, quote: Quote, fx: FxCurve | None) -> Floats:
    """(m, 2) shares of the price."""
    rates = quote.parts[0][1]
    if fx is None or rates.currency == usage.currency or rates.cny_per_usd is None:
        return np.zeros((quote.rows.size, 2))
    months = usage.starts[quote.rows].astype("datetime64[M]")
    return np.array([_month_range(fx, month, rates.cny_per_usd, usage.currency) for month in months])


def _month_range(fx: FxCurve, month: np.datetime64, used: float, target: str) -> tuple[float, float]:
    """How much lower and higher the other rates of the month are than the rate ``used``."""
    in_month = fx.cny_per_usd[fx.dates.astype("datetime64[M]") == month]
    held = fx.cny_per_usd[fx.dates < month.astype("datetime64[D]")][-1:]
    moves = np.concatenate([in_month, held, [used]]) / used
    if target == "USD":
        moves = 1.0 / moves
    return float(moves.min()) - 1.0, float(moves.max()) - 1.0


def _around(priced: Floats, *others: Floats) -> Floats:
    """(m, 2) from the lowest to the highest of ``others``, seen from ``priced``."""
    apart = np.array([np.minimum.reduce(others) - priced, np.maximum.reduce(others) - priced])
    return np.column_stack([np.minimum(apart[0], 0.0), np.maximum(apart[1], 0.0)])
