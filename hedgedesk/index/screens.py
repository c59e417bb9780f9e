"""Screens of the quotes of one price: several sources on one model and meter on one day, never two sellers.

Each function takes prices of one moment and returns the places of those it rejects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from hedgedesk.domain.values import Floats

FEWEST_FOR_GRUBBS = 7
FEWEST_FOR_ODD_ONE = 3
GRUBBS_SHARE = 0.1
"""Largest part of a sample that Grubbs' test may remove."""
SIGMAS = 3.0
SAME = 1e-9
"""Relative difference below which two prices are the same."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one source says of a price."""

    source: str
    price: float
    since: np.datetime64
    """Day of the source's newest row."""


def zero_beside_positive(quotes: Sequence[Quote]) -> list[int]:
    """Quotes of 0 beside as many that ask for money, which one slip must not make free; else the few that ask."""
    zeros = [i for i, quote in enumerate(quotes) if quote.price == 0]
    paid = [i for i, quote in enumerate(quotes) if quote.price > 0]
    return zeros if len(paid) >= len(zeros) else paid


def stale(quotes: Sequence[Quote]) -> list[int]:
    """Sources without a row since at least two others came to agree on another price.

    The two are more than half of all, or both have spoken after everybody else: a second source confirms a seller's
    own cut, however many have not looked yet.
    """
    agreed, count = Counter(quote.price for quote in quotes).most_common(1)[0]
    if count < 2:
        return []
    if 2 * count > len(quotes):
        confirmed = sorted(quote.since for quote in quotes if quote.price == agreed)[1]
        behind = [i for i, quote in enumerate(quotes) if quote.price != agreed and quote.since < confirmed]
        if behind:
            return behind
    return _behind_the_newest(quotes)


def _behind_the_newest(quotes: Sequence[Quote]) -> list[int]:
    """Everybody else, where two sources or more agree on a price and have all spoken after the others."""
    newest = max(quotes, key=lambda quote: quote.since).price
    agreeing = [quote.since for quote in quotes if quote.price == newest]
    others = [i for i, quote in enumerate(quotes) if quote.price != newest]
    confirmed = len(agreeing) > 1 and all(quotes[i].since < min(agreeing) for i in others)
    return others if confirmed else []


def unconfirmed(quotes: Sequence[Quote], last: float | None, factor: float) -> list[int]:
    """Quotes further than ``factor`` from the last print that no other source follows.

    Another source follows when it is nearer to the quote than to the last print. Before the first print, three sources
    or more are compared with the middle of the others.
    """
    if len(quotes) < FEWEST_FOR_ODD_ONE and not last:
        return []
    alone = []
    for i, quote in enumerate(quotes):
        others = [other.price for j, other in enumerate(quotes) if j != i and other.price > 0]
        reference = last or (float(np.median(others)) if others else 0.0)
        if reference <= 0 or _apart(quote.price, reference) <= np.log(factor) + SAME:
            continue
        if not any(_apart(quote.price, other) < _apart(other, reference) for other in others):
            alone.append(i)
    return alone


def odd_one_out(prices: Floats) -> list[int]:
    """The one that differs where all others are equal, from three sources on: no spread is left to test it against."""
    if prices.size < FEWEST_FOR_ODD_ONE:
        return []
    middle = float(np.median(prices))
    odd = np.flatnonzero(~np.isclose(prices, middle, rtol=SAME, atol=0.0))
    return odd.tolist() if odd.size == 1 else []


@cache
def grubbs_critical(n: int, level: float) -> float:
    """Largest max|x - mean| / s that ``n`` normal draws have at ``level``; 2.28995 for 10 at 5%."""
    from scipy.stats import t as student

    t = float(student.isf(level / (2 * n), n - 2))
    return float((n - 1) / np.sqrt(n) * np.sqrt(t**2 / (n - 2 + t**2)))


def grubbs(prices: Floats, level: float) -> list[int]:
    """Outliers of Grubbs' test on log prices, repeated, at most a tenth of the sample; none below seven."""
    left = list(range(prices.size))
    out: list[int] = []
    while len(left) >= FEWEST_FOR_GRUBBS and len(out) + 1 <= GRUBBS_SHARE * prices.size + SAME:
        x = np.log(prices[left])
        spread = float(x.std(ddof=1))
        if spread <= SAME:
            break
        far = np.abs(x - x.mean()) / spread
        worst = int(np.argmax(far))
        if far[worst] <= grubbs_critical(len(left), level):
            break
        out.append(left.pop(worst))
    return out


def beyond_three_sigma(prices: Floats) -> list[int]:
    """Places of log prices further than three standard deviations from their mean.

    The largest possible distance is (n - 1) / sqrt(n), 2.846 for ten, so this rejects nothing up to n = 10.
    """
    if prices.size < 2:
        return []
    x = np.log(prices)
    spread = float(x.std(ddof=1))
    if spread <= SAME:
        return []
    return np.flatnonzero(np.abs(x - x.mean()) / spread > SIGMAS).tolist()


def trimmed(prices: Floats, share: float) -> list[int]:
    """The lowest and the highest ``floor(share n)`` of the prices."""
    each = int(np.floor(share * prices.size + SAME))
    order = np.argsort(prices, kind="stable")
    return [*order[:each].tolist(), *order[prices.size - each :].tolist()]


def _apart(a: float, b: float) -> float:
    """Distance of two prices in logarithms; a price of 0 is infinitely far from any other."""
    return abs(float(np.log(a / b))) if a > 0 and b > 0 else (0.0 if a == b else float("inf"))
