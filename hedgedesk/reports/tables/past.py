"""What each way to hedge would have paid for the delivery months that are over, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.strategies import LayeredHistory

DIGITS = 4
"""Decimals of a price per Mtok."""
FEW = 24
"""Fewer months than this tell of one market and little more."""
LAYERED, UNHEDGED, EVERYTHING = "layered", "nothing", "everything"
_COLUMNS = (
    ("way", "text", 200),
    ("mean", "number", 90),
    ("deviation", "number", 90),
    ("cover", "number", 80),
    ("dearer", "number", 110),
    ("worst", "number", 110),
    ("best", "number", 110),
)


def past_table(found: LayeredHistory) -> Table:
    """One row a way: what an Mtok cost over the months, how much of it was covered, and its regret."""
    columns = tuple(Column(key, say(f"past.column.{key}"), kind, width) for key, kind, width in _COLUMNS)
    rows = tuple(_row(found, w) for w in range(len(found.ways))) if found.months.size else ()
    return Table("past", columns, rows)


def past_unit(found: LayeredHistory) -> str:
    """What the amounts are in, and over which months; empty without any."""
    if not found.months.size:
        return ""
    price, span = fmt.per_unit(found.currency, found.unit), fmt.span(found.months[0], found.months[-1])
    return say("past.unit", price=price, span=span, count=fmt.number(found.months.size))


def past_words(found: LayeredHistory) -> str:
    """What the months come to, in one sentence."""
    if not found.months.size:
        return say("past.none")
    mean = dict(zip(found.ways, found.mean.tolist(), strict=True))
    texts = {way: fmt.number(mean[way], DIGITS) for way in (LAYERED, UNHEDGED, EVERYTHING)}
    price = fmt.per_unit(found.currency, found.unit)
    few = say("past.few") if found.months.size < FEW else ""
    return " ".join(text for text in (say("past.words", price=price, **texts), few) if text)


def way_name(way: str) -> str:
    """A way in words."""
    return catalogue().get(f"past.way.{way}", way)


def _row(found: LayeredHistory, w: int) -> dict[str, Cell]:
    regret, cover = found.regret[w], float(found.cover[w].mean())
    dearer = float((regret > 0).mean())
    signed = {"worst": float(regret.max()), "best": float(regret.min())}
    prices = {"mean": float(found.mean[w]), "deviation": float(found.standard_deviation[w])}
    return {
        "way": Cell(way_name(found.ways[w]), found.ways[w]),
        **{key: Cell(fmt.number(value, DIGITS), value) for key, value in prices.items()},
        "cover": Cell(fmt.share(cover), cover),
        "dearer": Cell(fmt.share(dearer), dearer),
        **{key: Cell(fmt.number(value, DIGITS, signed=True), value) for key, value in signed.items()},
    }
