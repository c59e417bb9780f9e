"""The sheets of other instruments and of what a plan is set beside; each is there only where it has rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports.tables.fields import Field, fields
from hedgedesk.reports.workbook import Content, Lane, Live
from hedgedesk.reports.xlsx.cells import FIRST, Block, Leaf, sheet_name

if TYPE_CHECKING:
    from hedgedesk.reports.report.model import ReportModel
    from hedgedesk.reports.tables.table import Table

LOOKS = {"share": "share", "date": "month"}
SIGNED = "lots"
"""Look of amounts above and below 0 that are no money received or paid: with their sign."""
WIDEST = 44


def choices(model: ReportModel) -> tuple[Leaf, ...]:
    """Instruments beside the futures, and premium and greeks of the options among them."""
    options = _block(model, "options", below="choices", look="price")
    return _leaf(model, "choices", (*_block(model, "choices"), *options))


def ways(model: ReportModel) -> tuple[Leaf, ...]:
    """Strategies with their regret, the ladder on the past, the frontier, the plans of every model."""
    strategies = (*_block(model, "strategies"), *_block(model, "regret", total="MAX", below="strategies", look=SIGNED))
    return (
        *_leaf(model, "strategies", strategies),
        *_leaf(model, "past", _block(model, "past", look="price")),
        *_leaf(model, "frontier", _block(model, "frontier")),
        *_leaf(model, "models", _block(model, "models", look=SIGNED)),
    )


def _leaf(model: ReportModel, key: str, blocks: tuple[Block, ...]) -> tuple[Leaf, ...]:
    unit = model.totals.currency if key == "frontier" else ""
    return (Leaf(key, sheet_name(key), unit, blocks),) if blocks else ()


def _block(
    model: ReportModel, name: str, total: str = "SUM", below: str = "", look: str = "money"
) -> tuple[Block, ...]:
    """A table as it is, its last row worked out from those above; nothing where the report has no such table.

    Parameters
    ----------
    model
        The report.
    name
        Of the table.
    total
        What works out the last row of the numbers, where there is one.
    below
        Name of the table above it on the same sheet.
    look
        Of its numbers.
    """
    table = model.find(name)
    if table is None or not table.rows:
        return ()
    first = FIRST + (_height(model, below) if below else 0)
    columns = fields(table)
    lanes = tuple(
        Lane(field.title, look if field.kind == "number" else LOOKS.get(field.kind, "text"), _width(field))
        for field in columns
    )
    rows = tuple(zip(*(field.values[: len(table.rows)] for field in columns), strict=True))
    return (Block(lanes, rows, _total(table, columns, total, first)),)


def _height(model: ReportModel, name: str) -> int:
    """Rows of a table on its sheet, with its header and the empty one below."""
    table = model.find(name)
    return 0 if table is None else len(table.rows) + bool(table.total) + 2


def _total(table: Table, columns: list[Field] | tuple[Field, ...], function: str, first: int) -> tuple[Content, ...]:
    if not table.total:
        return ()
    last = first + len(table.rows) - 1
    return tuple(
        Live(f"={function}({_letter(at)}{first}:{_letter(at)}{last})", value)
        if isinstance(value := field.values[-1], (int, float))
        else value
        for at, field in enumerate(columns)
    )


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def _width(field: Field) -> float:
    longest = max((len(value) if isinstance(value, str) else 13 for value in field.values), default=8)
    return min(max(longest, len(field.title) * 0.7, 9) + 2, WIDEST)
