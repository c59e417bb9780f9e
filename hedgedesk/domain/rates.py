"""What sellers ask: dated prices of a model by meter, and the books they are looked up in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Rates:
    """Prices of one model while nothing changes, in ``currency`` per Mtok of raw tokens."""

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
