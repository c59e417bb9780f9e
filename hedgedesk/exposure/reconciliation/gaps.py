"""The gap of one line by cause: what is known first, then what is likely, each capped by what is left.

1. ``unknown_model``: money of rows that no book prices. Where the bill comes apart from the tokens, the unpriced share
   of the line's tokens is the most of it that can count here.
2. ``non_token``: money of rows billed otherwise than by the token (searches, tax, credits).
3. ``discount``: billed against the list price that the export itself gives, row by row.
4. ``tier``: rows served by batch, flex or priority that the book prices as standard.
5. ``discount``: where three or more lines of a seller, or of its month, are billed at one share of their price (within
   half a percent), that share. A uniform markup is none: it stays unexplained, with a notice.
6. ``rounding``: what is left, if half a cent for each billed row covers it.
7. ``fx``, ``tier`` (prompts and hours that a bucket hides), ``cache``: up to the ranges of
   :mod:`hedgedesk.exposure.reconciliation.doubts`.
8. ``rounding`` again for the rest, and ``unexplained`` for what still remains.

The parts of a line add up to its gap because the last is the difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from hedgedesk.domain.reconciliation import CAUSES

HALF_CENT = 0.005
UNIFORM = 0.005
"""How far, as a share, lines may stray from one another and still show one discount."""
FEWEST_LINES = 3
DEEPEST = 0.6
"""Largest uniform discount believed [A]; more is a wrong price or unit rather than a discount."""

Range = tuple[float, float]


@dataclass
class Gap:
    """One line on the way to being explained; all money in the currency of the reconciliation."""

    seller: str
    month: str
    billed: float
    priced: float | None
    tokens: float
    unpriced_tokens: float
    unpriced_billed: float
    """Billed for tokens in rows that no book prices."""
    apart: float
    """Billed for tokens in rows that have none: the bill comes apart from the tokens."""
    other: float
    """Billed for anything but tokens."""
    listed_off: float
    """Billed less the export's own list price."""
    half_cents: float
    ranges: dict[str, Range]
    parts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CAUSES, 0.0))

    @property
    def whole(self) -> float:
        """Billed less priced, an unknown price counting 0."""
        return self.billed - (self.priced or 0.0)

    @property
    def left(self) -> float:
        """What no cause explains so far."""
        return self.whole - sum(self.parts.values())

    @property
    def ratio(self) -> float | None:
        """What is billed for one of priced, without what is explained; None where nothing is priced."""
        return 1.0 + self.left / self.priced if self.priced and self.priced > 0 else None

    def take(self, cause: str, most: Range) -> None:
        """Explain what is left by ``cause``, within its bounds."""
        self.parts[cause] += min(max(self.left, most[0]), most[1])

    def causes(self) -> dict[str, float]:
        """Parts by cause; they add up to :attr:`whole`."""
        told = {cause: amount for cause, amount in self.parts.items() if cause != "unexplained"}
        return {**told, "unexplained": self.whole - sum(told.values())}


def explain(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Fill the parts of every gap in place; return notices of what was seen and counts for nothing."""
    lines = list(gaps)
    for gap in lines:
        _known(gap)
    notices = _uniform(lines)
    for gap in lines:
        _likely(gap)
    return notices


def _known(gap: Gap) -> None:
    gap.parts["non_token"] = gap.other
    if gap.priced is None:
        gap.parts["unknown_model"] = gap.billed - gap.other
        return
    gap.parts["unknown_model"] = gap.unpriced_billed
    gap.parts["discount"] = gap.listed_off
    if gap.unpriced_tokens > 0:
        gap.take("unknown_model", (0.0, gap.apart * gap.unpriced_tokens / gap.tokens))
    gap.take("tier", gap.ranges["served"])


def _uniform(lines: list[Gap]) -> tuple[str, ...]:
    """Give a uniform discount its part, seller by seller and else month by month."""
    notices = []
    for seller in sorted({gap.seller for gap in lines}):
        mine = [gap for gap in lines if gap.seller == seller]
        whole = _share(mine)
        groups = [mine] if whole is not None else _by_month(mine)
        for group in groups:
            share = whole if whole is not None else _share(group)
            if share is not None and 1.0 - DEEPEST <= share < 1.0 - UNIFORM:
                _give(group, share)
            elif share is not None and share > 1.0 + UNIFORM:
                notices.append(f"{_where(seller, group)}: billed {share:.3f} times its price on every line")
    return tuple(notices)


def _by_month(lines: list[Gap]) -> list[list[Gap]]:
    return [[gap for gap in lines if gap.month == month] for month in sorted({gap.month for gap in lines})]


def _share(lines: list[Gap]) -> float | None:
    """The one share of their price at which lines are billed; None where they differ or are too few."""
    ratios = [gap.ratio for gap in lines if gap.ratio is not None]
    if len(ratios) < FEWEST_LINES:
        return None
    middle = median(ratios)
    return middle if all(abs(ratio - middle) <= UNIFORM * abs(middle) for ratio in ratios) else None


def _give(lines: list[Gap], share: float) -> None:
    for gap in lines:
        if gap.priced is not None:
            gap.parts["discount"] += (share - 1.0) * gap.priced


def _where(seller: str, lines: list[Gap]) -> str:
    months = sorted({gap.month for gap in lines})
    return f"{seller} {months[0]}" if len(months) == 1 else f"{seller} {months[0]} to {months[-1]}"


def _likely(gap: Gap) -> None:
    cents = (-gap.half_cents, gap.half_cents)
    if abs(gap.left) > gap.half_cents:
        for cause, kind in (("fx", "fx"), ("tier", "prompts"), ("tier", "hours"), ("cache", "cache")):
            gap.take(cause, gap.ranges[kind])
    gap.take("rounding", cents)
