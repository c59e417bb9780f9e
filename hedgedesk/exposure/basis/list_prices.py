"""List prices month by month, looked up in a price book: the mean over a month's time, and no month left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.rates import PriceBook, Rates
from hedgedesk.domain.values import Floats, Months

HOUR, DAY = np.timedelta64(3_600, "s"), np.timedelta64(86_400, "s")


def monthly_list_prices(
    book: PriceBook, cells: Sequence[tuple[str, str]], months: Months, rates: Floats | None, currency: str
) -> Floats:
    """List prices of uncached input and output, currency per Mtok.

    Parameters
    ----------
    book
        Where they are looked up.
    cells
        (J,) seller and model.
    months
        (T,).
    rates
        (T,) CNY per USD; None: not known.
    currency
        To give them in.

    Returns
    -------
    (T, J, 2); a month without a price has the newest before it, and before all of them the first (the entry price of
    a new model); NaN where the book never knows the model's price.

    Raises
    ------
    CurrencyMismatch
        A price is in a currency that ``rates`` do not turn into ``currency``.
    """
    prices = np.full((months.size, len(cells), 2), np.nan)
    for j, (seller, model) in enumerate(cells):
        for t, month in enumerate(months):
            rate = None if rates is None else float(rates[t])
            prices[t, j] = _month_price(book, seller, model, month, rate, currency)
        prices[:, j] = _carried(prices[:, j])
    return prices


def _carried(prices: Floats) -> Floats:
    """(T, 2) with the last known price of the meter where one is missing, and before all of them the first."""
    carried = prices.copy()
    for meter in range(prices.shape[1]):
        known = np.flatnonzero(np.isfinite(prices[:, meter]))
        if known.size:
            before = np.searchsorted(known, np.arange(prices.shape[0]), side="right") - 1
            carried[:, meter] = prices[known[np.maximum(before, 0)], meter]
    return carried


def _month_price(
    book: PriceBook, seller: str, model: str, month: np.datetime64, rate: float | None, currency: str
) -> Floats:
    """(2,) mean over the time of the month in which the model has a price; NaN: it has none."""
    at = month.astype("datetime64[s]")
    end = (month + np.timedelta64(1, "M")).astype("datetime64[s]")
    total, time = np.zeros(2), 0.0
    if book.rates(seller, model, "standard", at) is None and book.rates(seller, model, "standard", end - HOUR) is None:
        return np.full(2, np.nan)
    while at < end:
        rates = book.rates(seller, model, "standard", at)
        until = min(_until(rates, at), end) if rates is None or rates.valid_to is not None else end
        if rates is not None:
            seconds = float((until - at).astype(np.int64))
            factor = fx_factor(rate, rates.currency, currency)
            total, time = total + seconds * factor * np.array([rates.uncached_input, rates.output]), time + seconds
        at = until
    return total / time


def _until(rates: Rates | None, at: np.datetime64) -> np.datetime64:
    """When to look the price up again: where it may change, an unknown one the next day."""
    if rates is None or rates.valid_to is None:
        return at + DAY
    return max(rates.valid_to, at + HOUR)
