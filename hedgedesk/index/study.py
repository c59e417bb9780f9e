"""An index with its audit: the prints of a method, with the screens and without."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings, IndexStudy, Scores
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Dates
from hedgedesk.index.audit import Audit
from hedgedesk.index.chain import matched_prints
from hedgedesk.index.periods import period_ends
from hedgedesk.index.prints import Prints
from hedgedesk.index.quality import quality_prints
from hedgedesk.index.realised import realised_prints
from hedgedesk.index.selection import BLENDED, comparable
from hedgedesk.index.self_check import self_check


def study(
    settings: IndexSettings,
    *,
    list_prices: ListPrices | None = None,
    scores: Scores | None = None,
    usage: Usage | None = None,
) -> IndexStudy:
    """Make the index that ``settings`` describe.

    The first print is at the end of the first period in which something is priced, the last at the end of the period
    of the newest row. No print uses a row dated after it.

    Parameters
    ----------
    settings
        Method, frequency, guards.
    list_prices
        For ``matched_list`` and ``quality_constant``; one row per change and source.
    scores
        For ``quality_constant``.
    usage
        For ``realised``, and for ``matched_list`` where providers weigh by spend. Any granularity up to a day.

    Raises
    ------
    InputError
        What the method needs is missing, or nothing of it can be compared.
    """
    dates = _dates(settings, list_prices, usage)
    audit = Audit()
    asked = _prints(settings, list_prices, scores, usage, audit, dates)
    plain = asked
    if settings.screens:
        bare = dataclasses.replace(settings, screens=False)
        plain = _prints(bare, list_prices, scores, usage, Audit(), dates)
    first = int(np.argmax(np.isfinite(asked.values)))
    made = asked.since(first)
    currency = (
        usage.currency if settings.method == "realised" and usage else list_prices.currency if list_prices else ""
    )
    return IndexStudy(
        method=settings.method,
        unit=_unit(settings, currency, made.dates),
        currency=currency,
        dates=made.dates,
        values=made.values,
        unscreened=plain.values[first:],
        constituents=made.constituents,
        weights=made.weights,
        moves=made.moves,
        concentration=made.concentration(),
        stale_share=made.stale_share(),
        audit=audit.lines,
        self_check=self_check(settings, made, audit.lines),
        notices=made.notices + _unfinished(made.dates, list_prices, usage, settings),
        failed=made.failed,
    )


def _prints(
    settings: IndexSettings,
    list_prices: ListPrices | None,
    scores: Scores | None,
    usage: Usage | None,
    audit: Audit,
    dates: Dates,
) -> Prints:
    if settings.method == "realised" and usage is not None:
        return realised_prints(settings, usage, audit, dates)
    if list_prices is None:
        raise InputError(f"{settings.method} needs list prices")
    if settings.method == "matched_list":
        return matched_prints(settings, list_prices, usage, audit, dates)
    if scores is None:
        raise InputError("quality_constant needs benchmark scores")
    return quality_prints(settings, list_prices, scores, audit, dates)


def _dates(settings: IndexSettings, list_prices: ListPrices | None, usage: Usage | None) -> Dates:
    """Ends of the periods from the first that can be printed to that of the newest row."""
    first, last = _span(settings, list_prices, usage)
    return period_ends(first, last, settings.frequency)


def _span(
    settings: IndexSettings, list_prices: ListPrices | None, usage: Usage | None
) -> tuple[np.datetime64, np.datetime64]:
    if settings.method == "realised":
        if usage is None or not usage.starts.size:
            raise InputError("realised needs usage: exports with tokens and money")
        days = usage.starts.astype("datetime64[D]")
        return days.min(), days.max()
    if list_prices is None or not list_prices.effective_dates.size:
        raise InputError(f"{settings.method} needs list prices")
    prices, _ = comparable(list_prices, settings)
    seen: dict[tuple[str, str], dict[str, np.datetime64]] = {}
    rows = zip(prices.providers, prices.models, prices.meters, prices.effective_dates, strict=True)
    for provider, model, meter, day in rows:
        days_of = seen.setdefault((provider, model), {})
        days_of[meter] = min(days_of.get(meter, day), day)
    both = [max(days_of[meter] for meter in BLENDED) for days_of in seen.values() if set(BLENDED) <= set(days_of)]
    if not both:
        raise InputError("no model has a list price for both uncached_input and output")
    if not np.any(prices.price_per_mtok > 0):
        raise InputError("every list price is 0: there is no price to make an index of")
    return min(both), prices.effective_dates.max()


def _unit(settings: IndexSettings, currency: str, dates: Dates) -> str:
    if settings.method == "matched_list":
        return f"base {settings.base:g} = {dates[0]}"
    return f"{currency.lower()} per mtok"


def _unfinished(
    dates: Dates, list_prices: ListPrices | None, usage: Usage | None, settings: IndexSettings
) -> tuple[str, ...]:
    """Tell that the last period is not over, as far as the rows go."""
    _, newest = _span(settings, list_prices, usage)
    if newest >= dates[-1]:
        return ()
    return (f"the print of {dates[-1]} rests on rows up to {newest}: its period may not be over",)
