"""What sellers ask: dated prices of a model by meter, and the books they are looked up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Protocol

import numpy as np

PRICES = ("uncached_input", "cache_read", "cache_write", "output", "cache_write_1h")
"""The prices of a model: the four meters, and cache writes that are kept an hour."""

INSTEAD = {"cache_read": "uncached_input", "cache_write": "uncached_input", "cache_write_1h": "cache_write"}
"""Which price holds where a seller publishes none of its own: what is not priced apart is ordinary input."""


def without_gaps(prices: Mapping[str, float]) -> dict[str, float]:
    """Prices by name of :data:`PRICES`, a missing one (NaN) replaced as :data:`INSTEAD` says."""
    found = dict(prices)
    for name, other in INSTEAD.items():
        if isnan(found[name]):
            found[name] = found[other]
    return found


@dataclass(frozen=True, slots=True)
class Rates:
    """Prices of one model while nothing changes, in ``currency`` per Mtok of raw tokens; NaN: the book has none."""

    seller: str
    model: str
    """As the book names it."""
    uncached_input: float
    cache_read: float
    cache_write: float
    output: float
    cache_write_1h: float
    currency: str = "USD"
    source: str = ""
    """Name and version of the book."""
    above: tuple[LongPrompt, ...] = ()
    """Of requests with long prompts, the shortest first; the last that a prompt exceeds prices all its tokens."""
    valid_from: np.datetime64 | None = None
    """datetime64[s] UTC; None: since ever."""
    valid_to: np.datetime64 | None = None
    """datetime64[s] UTC, the first instant at which another price may hold (change, hour of day); None: open."""
    tier: str = "standard"
    """The tier that is priced: ``standard`` where the book has no price for the one asked."""
    cny_per_usd: float | None = None
    """Rate of the day at which the book brings its prices into the other currency; None: it knows none."""

    def bands(self) -> tuple[tuple[float, ...], ...]:
        """Prices in the order of :data:`PRICES` below the first threshold and above each, gaps filled by ``INSTEAD``.

        A price stays NaN where the model has none at all: uncached input or output that nobody lists.
        """
        found = [without_gaps({name: getattr(band, name) for name in PRICES}) for band in (self, *self.above)]
        return tuple(tuple(prices[name] for name in PRICES) for prices in found)


@dataclass(frozen=True, slots=True)
class LongPrompt:
    """Prices of a request whose whole prompt (uncached, read and written) exceeds ``tokens``."""

    tokens: float
    uncached_input: float
    cache_read: float
    cache_write: float
    output: float
    cache_write_1h: float


class PriceBook(Protocol):
    """Where prices are looked up: a library's bundled data, the desk's own list prices, or one upon the other."""

    @property
    def name(self) -> str:
        """Name and version, for the audit."""
        ...

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices in force at ``at`` (datetime64[s], UTC); None: unknown then."""
        ...
