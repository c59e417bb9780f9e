"""What was really used and paid: vendors' exports in the four meters, before and after folding by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import Fault
from hedgedesk.domain.units import METERS
from hedgedesk.domain.values import ArrayHolder, Floats

VENDORS = ("openai", "anthropic", "openrouter", "litellm", "langfuse", "azure", "focus", "generic")
"""Whose exports can be read; an export's vendor writes the file, its seller is paid."""

TOKENS = "tokens"
"""The item of a row that is billed by the token."""

OTHER_SERVICE = "other_service"
"""The item of a cloud's charge for something other than AI, such as storage: billed, but no part of an exposure."""


@dataclass(frozen=True, slots=True, order=True)
class UsageKey:
    """What a row of usage is of, besides its time."""

    seller: str
    """Who is paid, in lower case: openai, anthropic, azure, openrouter."""
    model: str
    """In lower case, as the export names it; empty where it names none."""
    team: str = ""
    """Project, workspace or team; empty where the export has none."""
    region: str = ""
    tier: str = "standard"
    """standard, batch, flex, priority, fast: how the request was served."""
    item: str = TOKENS
    """``tokens``, or what else was billed: web_search, tax, credit, other."""
    cache_known: bool = True
    """False: the export does not say what of the prompt came from a cache; all of it counts as uncached input."""


@dataclass(frozen=True, eq=False)
class Usage(ArrayHolder):
    """Rows of use and cost. Tokens are single tokens, not Mtok; money is in ``currency``."""

    starts: NDArray[np.datetime64]
    """(n,) datetime64[s], UTC: when each row's bucket begins; midnight of the day after folding."""
    keys: tuple[UsageKey, ...]
    """(K,) distinct."""
    key: NDArray[np.int64]
    """(n,) which of ``keys`` each row is of."""
    tokens: Floats
    """(n, 4) by meter, in the order of ``METERS``; at least 0."""
    cache_write_1h: Floats
    """(n,) part of the cache writes that are kept an hour, which vendors price apart."""
    reasoning: Floats
    """(n,) memo: part of the output tokens; never added to them."""
    requests: Floats
    """(n,) how many requests the row sums; NaN: not told."""
    billed: Floats
    """(n,) what the export says was charged; NaN: it carries no money."""
    listed: Floats
    """(n,) what the export itself gives as list price of the row; NaN: not told."""
    priced: Floats
    """(n,) what a price book makes of the tokens; NaN: not priced yet, or the book does not know the model."""
    currency: str = "USD"

    @property
    def of_other_services(self) -> NDArray[np.bool_]:
        """(n,) rows of services other than AI: their money is no cost of tokens."""
        other = np.array([key.item == OTHER_SERVICE for key in self.keys], dtype=np.bool_)
        return other[self.key]

    def validate(self) -> None:
        """Raise ``ValueError`` when the columns disagree or a count is negative."""
        rows = self.starts.size
        columns = (
            self.key,
            self.cache_write_1h,
            self.reasoning,
            self.requests,
            self.billed,
            self.listed,
            self.priced,
        )
        if self.tokens.shape != (rows, len(METERS)) or any(column.shape != (rows,) for column in columns):
            raise ValueError("usage needs columns of one length and tokens by meter")
        if rows and (self.key.min() < 0 or self.key.max() >= len(self.keys)):
            raise ValueError("usage names a key that it does not have")
        if np.any(self.tokens < 0) or np.any(self.reasoning < 0) or np.any(self.cache_write_1h < 0):
            raise ValueError("tokens must be at least 0")


@dataclass(frozen=True, slots=True)
class UsageFile:
    """One export as it was read."""

    file: str
    vendor: str
    """One of :data:`VENDORS`; empty: not recognised."""
    export: str
    """Which of the vendor's exports, such as ``cost`` or ``usage``."""
    rows: int
    """Rows with content, good or bad; empty time buckets are not counted."""
    faults: int
    first_day: str | None
    """YYYY-MM-DD, UTC, of the first good row."""
    last_day: str | None
    repeated: int = 0
    """Rows that another row or file says already, counted once."""
    unknown_columns: tuple[str, ...] = ()
    tokens: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    """By meter."""
    reasoning: float = 0.0
    cache_unknown: float = 0.0
    """Of the uncached input, tokens of rows that do not tell what came from a cache."""
    billed: float | None = None
    """Sum; None: the export carries no money."""
    currency: str = "USD"


@dataclass(frozen=True, eq=False)
class MeasuredUsage(ArrayHolder):
    """Every export read: the good rows folded by UTC day and key, and what is wrong with the others."""

    usage: Usage
    files: tuple[UsageFile, ...]
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()
