"""How one amount stands against another: the difference with its arrow, its sign, and whether it is better for us."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

ARROWS = {-1: "▼", 0: "", 1: "▲"}
NOTHING = 1e-9
"""A difference below this share of the amounts is rounding, not change."""


@dataclass(frozen=True, slots=True)
class Difference:
    """B less A, told."""

    text: str
    """Arrow and signed amount; a dash where one of the two is missing."""
    word: str
    """better, worse, more, less or unchanged; empty where nothing can be said."""
    tone: str
    """accent (better), under (worse) or empty."""
    value: float | None
    """In the unit of the two; None: one of them is missing."""

    @property
    def words(self) -> str:
        """Arrow, amount and word."""
        return f"{self.text} {self.word}".strip()


def money(
    after: float | None, before: float | None, currency: str = "", *, lower_is_better: bool | None = True
) -> Difference:
    """Difference of two amounts of one currency, cut to a scale of its own so that a small one is not shown as 0.

    Without ``currency`` the amount it stands beside tells it.
    """
    change = _change(after, before)
    if change is None:
        return _MISSING
    scale = fmt.money_scale(change)
    amount = f"{scale.text(change, signed=True)}{fmt.SPACE}{scale.unit(currency).strip()}".rstrip()
    return _told(change, amount, lower_is_better)


def points(after: float | None, before: float | None, *, lower_is_better: bool | None = True) -> Difference:
    """Difference of two shares in percentage points."""
    change = _change(after, before)
    return _MISSING if change is None else _told(change, fmt.points(change, signed=True), lower_is_better)


def count(
    after: float | None, before: float | None, decimals: int = 0, *, lower_is_better: bool | None = None
) -> Difference:
    """Difference of two counts, such as lots: more or less, unless one direction is ``lower_is_better``."""
    change = _change(after, before)
    if change is None:
        return _MISSING
    return _told(change, fmt.number(change, decimals, signed=True), lower_is_better)


def _change(after: float | None, before: float | None) -> float | None:
    """B less A; 0 where only the last digits of binary arithmetic differ."""
    if after is None or before is None or math.isnan(after) or math.isnan(before):
        return None
    change = after - before
    return 0.0 if abs(change) <= NOTHING * max(abs(after), abs(before)) else change


def _told(change: float, amount: str, lower_is_better: bool | None) -> Difference:
    if fmt.reads_as_nothing(amount):
        return Difference("±0", say("difference.none"), "", change)
    text = f"{ARROWS[1 if change > 0 else -1]} {amount}"
    if lower_is_better is None:
        return Difference(text, say("difference.more" if change > 0 else "difference.less"), "", change)
    better = (change < 0) == lower_is_better
    word = say("difference.better" if better else "difference.worse")
    return Difference(text, word, "accent" if better else "under", change)


_MISSING = Difference(fmt.DASH, "", "", None)
