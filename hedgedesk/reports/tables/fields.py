"""A table as columns of plain values, as files need them: numbers whole, months as ISO dates, shares as shares."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Table

Value = str | float | None
ISO_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file: its title with the unit, and one value a row."""

    title: str
    values: tuple[Value, ...]
    kind: str = "text"
    """text, number, share or date (ISO 8601, a month or a day)."""


def fields(table: Table) -> tuple[Field, ...]:
    """The table as columns of plain values, the total row last; a cover column brings its band as two more."""
    rows = [*table.rows, table.total] if table.total else list(table.rows)
    return tuple(field for column in table.columns for field in _fields(column, rows))


def _fields(column: Column, rows: Sequence[dict[str, Cell]]) -> list[Field]:
    cells = [row.get(column.key, Cell("")) for row in rows]
    title = (f"{column.title}, {column.unit}" if column.unit else column.title).replace(fmt.SPACE, " ")
    if column.kind not in ("number", "cover"):
        return [_words(title, cells)]
    values = tuple(_number(cell) for cell in cells)
    if column.kind == "number" and not _all_shares(cells):
        return [Field(title, values, "number")]
    if column.kind == "cover":
        title = title.partition(",")[0]  # its title names the band, which has columns of its own here
        return [Field(f"{title}, {say('sheet.share')}", values, "share"), *_band(title, cells)]
    return [Field(f"{title}, {say('sheet.share')}", values, "share")]


def _words(title: str, cells: Sequence[Cell]) -> Field:
    """Text as it is shown; months and days as ISO dates, which sort and do not depend on a language."""
    # A name can look like a date; of a date, text and value differ.
    dated = [isinstance(c.value, str) and c.value != c.text and ISO_DATE.fullmatch(c.value) is not None for c in cells]
    values = tuple(str(c.value) if is_date else c.text or None for c, is_date in zip(cells, dated, strict=True))
    return Field(title, values, "date" if any(dated) else "text")


def _number(cell: Cell) -> Value:
    """The number behind the cell, nothing where it is missing, its text where it has only that."""
    if isinstance(cell.value, (int, float)) and math.isfinite(cell.value):
        return cell.value
    return None if cell.text in ("", fmt.DASH) else cell.text


def _all_shares(cells: Sequence[Cell]) -> bool:
    shown = [cell.text for cell in cells if cell.text not in ("", fmt.DASH)]
    return bool(shown) and all(text.endswith("%") for text in shown)


def _band(title: str, cells: Sequence[Cell]) -> list[Field]:
    unit, covers = say("sheet.share"), [cell.cover for cell in cells]
    low = tuple(cover.low if cover else None for cover in covers)
    high = tuple(cover.high if cover else None for cover in covers)
    return [
        Field(f"{say('sheet.low', title=title)}, {unit}", low, "share"),
        Field(f"{say('sheet.high', title=title)}, {unit}", high, "share"),
    ]
