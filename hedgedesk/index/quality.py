"""The quality-constant index: the cheapest price that has reached a benchmark score.

A running minimum: it can only fall, and a shortage does not show in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings, Scores
from hedgedesk.domain.values import Dates, Floats
from hedgedesk.index.audit import Audit
from hedgedesk.index.panel import PricePanel, list_price_panel
from hedgedesk.index.prints import Prints
from hedgedesk.index.selection import comparable
from hedgedesk.index.sources import confirmed_share, in_force, quoted_prices


def quality_prints(
    settings: IndexSettings, list_prices: ListPrices, scores: Scores, audit: Audit, dates: Dates
) -> Prints:
    """Lowest blended price so far of the models whose score reaches the threshold, currency per Mtok.

    Every day on which a price or a score changed is looked at, not the ends of the periods alone: a price that stood
    for a week in mid-month was there to be bought.

    Raises
    ------
    InputError
        No listed model reaches the threshold on the benchmark.
    """
    prices, notices = comparable(list_prices, settings)
    days = _days(prices, scores, dates)
    quoted = quoted_prices(prices, days, dates[np.searchsorted(dates, days)], settings, audit)
    panel = list_price_panel(
        prices,
        days,
        input_share=settings.input_share,
        oldest_days=None,
        quoted={key: one.price for key, one in quoted.items()},
    )
    table = np.where(_reached(panel, scores, settings) & (panel.price_per_mtok > 0), panel.price_per_mtok, np.inf)
    if not np.isfinite(table).any():
        raise InputError(f"no listed model reaches {settings.threshold:g} on {settings.benchmark}")
    return _running_minimum(panel, table, dates, notices, confirmed_share(quoted))


def _days(prices: ListPrices, scores: Scores, dates: Dates) -> Dates:
    """Days on which something may change, and the ends of the periods."""
    known = scores.known_from[~np.isnat(scores.known_from)]
    days: Dates = np.unique(np.concatenate([dates, prices.effective_dates, known]))
    return days[: np.searchsorted(days, dates[-1], side="right")]


def _reached(panel: PricePanel, scores: Scores, settings: IndexSettings) -> NDArray[np.bool_]:
    """(T, N) whether the model's score in force reaches the threshold; a model without a score does not."""
    rows: dict[tuple[str, str], list[int]] = {}
    for i in np.argsort(scores.known_from, kind="stable"):
        if scores.benchmarks[i].casefold() == settings.benchmark.casefold():
            rows.setdefault((scores.providers[i], scores.models[i]), []).append(int(i))
    reached = np.zeros(panel.price_per_mtok.shape, dtype=bool)
    for n, (provider, model) in enumerate(zip(panel.providers, panel.models, strict=True)):
        at = rows.get((provider, model)) or rows.get(("", model))
        if at:
            reached[:, n] = _score(scores, at, panel.dates) >= settings.threshold
    return reached


def _score(scores: Scores, at: list[int], dates: Dates) -> Floats:
    """(T,) score in force; one without a date is known from the beginning."""
    since = scores.known_from[at]
    since = np.where(np.isnat(since), np.datetime64("0001-01-01", "D"), since)
    order = np.argsort(since, kind="stable")
    return in_force(since[order], scores.score_pct[at][order], dates)


@dataclass(slots=True)
class _Cheapest:
    price: float = np.inf
    model: int = -1


def _running_minimum(
    panel: PricePanel, table: Floats, dates: Dates, notices: tuple[str, ...], confirmed: float
) -> Prints:
    best, ends = _Cheapest(), set(dates.tolist())
    values: list[float] = []
    who: list[int] = []
    for day, row in zip(panel.dates.tolist(), table, strict=True):
        cheapest = int(np.argmin(row))
        if row[cheapest] < best.price:
            best = _Cheapest(float(row[cheapest]), cheapest)
        if day in ends:
            values.append(best.price if best.model >= 0 else np.nan)
            who.append(best.model)
    return _told(panel, dates, np.array(values), who, notices, confirmed)


def _told(
    panel: PricePanel, dates: Dates, values: Floats, who: list[int], notices: tuple[str, ...], confirmed: float
) -> Prints:
    """The whole weight of a print lies on the model that set the minimum."""
    setters = list(dict.fromkeys(n for n in who if n >= 0))
    place: Mapping[int, int] = {n: i for i, n in enumerate(setters)}
    weights = np.zeros((dates.size, len(setters)))
    moves = np.full(weights.shape, np.nan)
    for t, n in enumerate(who):
        if n >= 0:
            weights[t, place[n]] = 1.0
            if t and who[t - 1] >= 0:
                moves[t, place[n]] = np.log(values[t] / values[t - 1])
    return Prints(
        dates,
        values,
        tuple(f"{panel.providers[n]}/{panel.models[n]}" for n in setters),
        tuple(panel.providers[n] for n in setters),
        weights,
        moves,
        confirmed_share=confirmed,
        notices=notices,
    )
