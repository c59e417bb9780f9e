"""What tokens cost at a book's prices: each request by its own time and prompt, never a month in one call.

A row of usage is priced as follows.

*Time.* At the start of its bucket. A bucket that begins at midnight UTC and is not a single request may be a whole
day, of which nobody knows the share used in peak hours; it costs the mean of the day's prices over its 24 hours,
(pi m + 1 - pi) p_off with pi the peak hours' share of the day. Single requests and hours cost what holds when they
begin.

*Prompt length.* The prompt (uncached, read and written) over the number of requests decides the price of all its
tokens: exact for single requests, the mean prompt for buckets. Where the number is not told, the price of short
prompts holds.

*What no book knows* stays NaN, and so do rows without tokens: there is nothing to price. A book that knows no price at
some time is asked again the next day, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.rates import PriceBook, Rates
from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats

DAY = 86_400
"""Seconds."""
MTOK = 1e6

Rows = NDArray[np.int64]
Who = tuple[str, str, str]
"""Seller, model and tier."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Rows of one seller, model and tier, and the prices that hold for all of them."""

    rows: Rows
    """Places in the usage."""
    parts: tuple[tuple[float, Rates], ...]
    """Shares of the time, adding to 1, and the prices that hold then; more than one only for whole days."""


def price(usage: Usage, book: PriceBook) -> Usage:
    """Price usage row by row at the prices of ``book``.

    Parameters
    ----------
    usage
        Request-sized or bucketed rows in any order.
    book
        Where prices are looked up.

    Returns
    -------
    The same usage with ``priced`` filled, in the usage's currency; NaN where a row has no tokens, or the book does not
    know the model then or lists it in another currency without a rate.
    """
    tokens, prompts = priced_tokens(usage), prompt_sizes(usage)
    priced = np.full(usage.starts.size, np.nan)
    for quote in quotes(usage, book):
        at = quote.rows
        priced[at] = mean_cost(quote, tokens[at], prompts[at], usage.currency)
    return replace(usage, priced=priced)


def priced_tokens(usage: Usage) -> Floats:
    """(n, 5) tokens in the order of :data:`hedgedesk.domain.rates.PRICES`: writes kept an hour apart from the rest."""
    hour = np.minimum(usage.cache_write_1h, usage.tokens[:, METERS.index("cache_write")])
    tokens = np.column_stack([usage.tokens, hour])
    tokens[:, METERS.index("cache_write")] -= hour
    return tokens


def prompt_sizes(usage: Usage) -> Floats:
    """(n,) tokens of the mean prompt of each row; 0 where the number of requests is not told."""
    prompt = usage.tokens.sum(axis=1) - usage.tokens[:, METERS.index("output")]
    told = usage.requests > 0
    sizes: Floats = np.divide(prompt, usage.requests, out=np.zeros_like(prompt), where=told)
    return sizes


def may_be_days(usage: Usage) -> NDArray[np.bool_]:
    """(n,) rows that may sum a whole day: they begin at midnight UTC and are not one request."""
    days: NDArray[np.bool_] = (_seconds(usage.starts) % DAY == 0) & (usage.requests != 1)
    return days


def mean_cost(quote: Quote, tokens: Floats, prompts: Floats, currency: str) -> Floats:
    """(n,) money in ``currency``: the mean over the quote's parts by their share of the time."""
    money = np.zeros(prompts.shape)
    for share, rates in quote.parts:
        money += share * cost(rates, tokens, prompts, currency)
    return money


def cost(rates: Rates, tokens: Floats, prompts: Floats, currency: str) -> Floats:
    """Money for tokens at one set of prices.

    Parameters
    ----------
    rates
        The prices.
    tokens
        (n, 5) as :func:`priced_tokens` gives them.
    prompts
        (n,) size of the prompt that picks the price.
    currency
        Of the money.

    Returns
    -------
    (n,) money; NaN where a used meter has no price or the currency cannot be had.
    """
    bands = np.array(rates.bands())
    which = np.searchsorted([band.tokens for band in rates.above], prompts, side="left")
    money = np.where(tokens > 0, tokens * bands[which], 0.0).sum(axis=1) / MTOK
    amount: Floats = money * exchange(rates, currency)
    return amount


def exchange(rates: Rates, currency: str) -> float:
    """Multiply a price of ``rates`` by this to have it in ``currency``; NaN where the book knows no rate."""
    if rates.currency != currency and (rates.cny_per_usd is None or {rates.currency, currency} != {"CNY", "USD"}):
        return float("nan")
    return float(fx_factor(rates.cny_per_usd, rates.currency, currency))


def quotes(usage: Usage, book: PriceBook) -> Iterator[Quote]:
    """Prices of all rows with tokens that the book knows; each row is in one quote at most."""
    used = np.flatnonzero(usage.tokens.any(axis=1))
    who = [(key.seller, key.model, key.tier) for key in usage.keys]
    places = {each: place for place, each in enumerate(dict.fromkeys(who))}
    code = np.array([places[each] for each in who], dtype=np.int64)[usage.key[used]]
    order = np.lexsort((usage.starts[used], code))
    ends = np.flatnonzero(np.diff(code[order])) + 1
    starts, days = _seconds(usage.starts), may_be_days(usage)
    for rows in np.split(used[order], ends):
        if rows.size:
            yield from _of_model(book, who[usage.key[rows[0]]], rows, starts[rows], days[rows])


def _of_model(book: PriceBook, who: Who, rows: Rows, starts: Rows, days: NDArray[np.bool_]) -> Iterator[Quote]:
    """Quotes of one seller, model and tier; rows in the order of time, one look-up for each run of equal prices."""
    first = 0
    while first < rows.size:
        rates, end = _look_up(book, who, int(starts[first]))
        last = int(np.searchsorted(starts, end, side="left"))
        run = slice(first, last)
        first = last
        if rates is None:
            continue
        outlasted = days[run] & (starts[run] + DAY > end)
        if not outlasted.all():
            yield Quote(rows[run][~outlasted], ((1.0, rates),))
        if outlasted.any():
            yield Quote(rows[run][outlasted], _through_day(book, who, int(starts[run][outlasted][0])))


def _look_up(book: PriceBook, who: Who, at: int) -> tuple[Rates | None, int]:
    """Prices at a second, and the second up to which they hold."""
    rates = book.rates(*who, np.datetime64(at, "s"))
    if rates is None:
        return None, (at // DAY + 1) * DAY
    if rates.valid_to is None:
        return rates, np.iinfo(np.int64).max
    return rates, max(int(rates.valid_to.astype("datetime64[s]").astype(np.int64)), at + 1)


def _through_day(book: PriceBook, who: Who, midnight: int) -> tuple[tuple[float, Rates], ...]:
    """Prices of a day that begins at ``midnight``, each with its share of the time at which a price is known."""
    at, found = midnight, list[tuple[int, Rates]]()
    while at < midnight + DAY:
        rates, end = _look_up(book, who, at)
        end = min(end, midnight + DAY)
        if rates is not None:
            found.append((end - at, rates))
        at = end
    known = sum(seconds for seconds, _ in found)
    return tuple((seconds / known, rates) for seconds, rates in found)


def _seconds(starts: NDArray[np.datetime64]) -> Rows:
    return starts.astype("datetime64[s]").astype(np.int64)
