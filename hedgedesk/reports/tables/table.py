"""A table as the screen, a sheet or a page shows it: columns with units, cells with the number and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

Builder = TypeVar("Builder")

BAND_TOLERANCE = 5e-4
"""Cover is shown to whole percentage points; less than this beyond a band is not called outside."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the cells, its title with the unit, and what it holds."""

    key: str
    title: str
    kind: str = "number"
    """text, name (text that is not broken), number, cover or state."""
    width: int = 90
    """Least width in pixels; columns share what is left in this proportion."""
    unit: str = ""
    """Unit of the numbers behind the cells, where the title does not say it; files show it after the title."""
    help: str = ""
    """What the column holds, for who does not know its title."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover of a month against its band, shares of the forecast."""

    share: float
    low: float | None
    high: float | None

    @property
    def state(self) -> str:
        """in, under, over, or none where no band binds."""
        if self.low is None or self.high is None:
            return "none"
        if self.share < self.low - BAND_TOLERANCE:
            return "under"
        return "over" if self.share > self.high + BAND_TOLERANCE else "in"

    @property
    def words(self) -> str:
        """``in band``, ``▼ under 19 pp``, ``▲ over 2 pp``."""
        outside = {"under": (self.low or 0.0) - self.share, "over": self.share - (self.high or 0.0)}.get(
            self.state, 0.0
        )
        return say(f"cover.{self.state}", points=fmt.points(outside))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows, and the number behind it for sorting and the tooltip."""

    text: str
    value: float | str | None = None
    full: str = ""
    """Tooltip, where it says more than the text."""
    tone: str = ""
    """under, over, breach, accent or empty."""
    cover: Cover | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under typed columns, and a total row where one makes sense."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Cell], ...]
    total: dict[str, Cell] = field(default_factory=dict)


def named(builders: Mapping[str, Builder], name: str, what: str) -> Builder:
    """What builds the table called ``name``.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message says ``what`` was looked for, and lists what there is.
    """
    if name not in builders:
        raise HedgeDeskError(f"no {what} is called {name!r}; known are {', '.join(sorted(builders))}")
    return builders[name]
