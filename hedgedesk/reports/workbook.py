"""Workbooks with typed cells: text is never a formula, the same content gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from hedgedesk.reports.tables.fields import Field
    from hedgedesk.reports.tables.table import Table

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Only what is written as a formula on purpose is one."""
LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""
LINE_HEIGHT = 13.5
"""Of a line of words, in points."""
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
NUMBER_FORMATS = {
    "text": "@",
    "number": "#,##0.00##",
    "whole": "#,##0",
    "lots": "+#,##0.##;-#,##0.##;0",
    "money": "#,##0.00_);[Red](#,##0.00)",
    "price": "#,##0.0000",
    "parameter": "0.000000",
    "share": "0.0%",
    "month": "mmm yyyy",
    "day": "d mmm yyyy",
    "general": "General",
}


@dataclass(frozen=True, slots=True)
class Live:
    """A number that follows from others: the formula, and what it gives."""

    formula: str
    value: float


Content = str | float | Live | None


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of a sheet: its title, a key of :data:`NUMBER_FORMATS`, its width in characters."""

    title: str
    look: str = "text"
    width: float = 12


@contextmanager
def workbook(out: io.BytesIO, title: str, recorded_at: str = "") -> Iterator[Workbook]:
    """A workbook that is written to ``out`` when the block ends.

    Parameters
    ----------
    out
        Where its bytes go.
    title
        Title among the document's properties.
    recorded_at
        ISO 8601; stands as the time the document was made.
    """
    from xlsxwriter import Workbook

    book = Workbook(out, TEXT_ONLY)
    book.set_properties({"title": clipped(title)[:255], "author": say("app.name"), "created": moment(recorded_at)})
    book.set_calc_mode("auto")
    try:
        yield book
    finally:
        book.close()


def moment(recorded_at: str) -> datetime:
    """An ISO 8601 time in UTC without its zone, as a document keeps it; a fixed one where none was recorded."""
    try:
        when = datetime.fromisoformat(recorded_at)
    except ValueError:
        when = EPOCH
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def clipped(text: str) -> str:
    """As much of a text as a cell can hold."""
    return text[:LONGEST_TEXT]


def formats(book: Workbook, **common: Any) -> dict[str, Format]:
    """A cell format for each of :data:`NUMBER_FORMATS`, with properties they all share, and one for headings."""
    base = {"font_name": "Calibri", "font_size": 10, "valign": "top", **common}
    made = {name: book.add_format({**base, "num_format": code}) for name, code in NUMBER_FORMATS.items()}
    for name in ("text", "month", "day"):
        made[name].set_align("left")
        made[name].set_indent(1)  # else text touches the number before it
    return made


def heading(book: Workbook, **more: Any) -> Format:
    """The format of a header cell."""
    look = {"bold": True, "font_size": 10, "text_wrap": True, "valign": "top", "font_color": "#48525F"}
    return book.add_format({**look, "bg_color": "#EEF1F4", "bottom": 1, "bottom_color": "#7C8694", **more})


def put(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    """Write one value as what it is: text as text, a number as a number, nothing as an empty cell."""
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, clipped(value), look)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, Live):
        sheet.write_formula(row, column, value.formula, look, value.value)
    else:
        sheet.write_number(row, column, float(value), look)  # type: ignore[arg-type]


def date_of(iso: str) -> datetime:
    """``2026-12`` as the first of the month, ``2026-12-05`` as that day."""
    return datetime.fromisoformat(iso if len(iso) > 7 else f"{iso}-01")


def lay(
    book: Workbook,
    sheet: Worksheet,
    top: int,
    lanes: Sequence[Lane],
    rows: Sequence[Sequence[Content]],
    total: Sequence[Content] = (),
) -> int:
    """Write a header, its rows and a total; the row after them.

    Parameters
    ----------
    top
        Row of the header, from 0.
    lanes
        The columns, from the first of the sheet on.
    rows
        As many values each as there are lanes; text in a column of dates is an ISO month or day.
    total
        A last row in bold; empty: none.
    """
    plain, bold = formats(book, text_wrap=True), formats(book, bold=True, top=1)
    left, right = heading(book, align="left", indent=1), heading(book, align="right")
    sheet.set_row(top, LINE_HEIGHT * max(-(-len(lane.title) // max(1, int(lane.width) - 2)) for lane in lanes))
    for at, lane in enumerate(lanes):
        put(sheet, top, at, lane.title, left if lane.look in ("text", "month", "day") else right)
    everything = [*((row, plain) for row in rows), *([(total, bold)] if total else [])]
    for down, (row, looks) in enumerate(everything):
        lines = max((_lines(lane, value) for lane, value in zip(lanes, row, strict=True)), default=1)
        if lines > 1:
            sheet.set_row(top + 1 + down, LINE_HEIGHT * lines)
        for at, (lane, value) in enumerate(zip(lanes, row, strict=True)):
            dated = _dated(lane.look, value)
            put(sheet, top + 1 + down, at, date_of(str(value)) if dated else value, looks[_own(lane.look, value)])
    return top + 1 + len(everything)


def _lines(lane: Lane, value: Content) -> int:
    """Lines that a text takes in its column, where it wraps: a row of one line would lay it over the next."""
    return -(-len(value) // max(1, int(lane.width) - 2)) if isinstance(value, str) and lane.look == "text" else 1


def print_wide(sheet: Worksheet, footer: str, pages: int = 0) -> None:
    """Landscape, A4, one page wide, the page's number in the foot; ``pages`` high, 0 for as many as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, pages)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    escaped = footer.replace("&", "&&")[:200]
    sheet.set_footer(f"&L&8{escaped}&R&8&P / &N")


def table_workbook(table: Table, columns: Sequence[Field], about: Sequence[tuple[str, str]], recorded_at: str) -> bytes:
    """One table on one sheet, and what it is of on a second."""
    out = io.BytesIO()
    with workbook(out, table.name, recorded_at) as book:
        _table_sheet(book, columns, bool(table.total))
        sheet = book.add_worksheet(say("sheet.about"))
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 70)
        text, bold = formats(book, text_wrap=True)["text"], book.add_format({"bold": True, "font_size": 10})
        for row, (name, words) in enumerate(about):
            put(sheet, row, 0, name, bold)
            put(sheet, row, 1, words, text)
    return out.getvalue()


def _table_sheet(book: Workbook, columns: Sequence[Field], totalled: bool) -> None:
    sheet = book.add_worksheet(say("sheet.table"))
    lanes = [Lane(field.title, _look(field), _width(field)) for field in columns]
    rows = list(zip(*(field.values for field in columns), strict=True))
    lay(book, sheet, 0, lanes, rows[:-1] if totalled else rows, rows[-1] if totalled else ())
    for at, lane in enumerate(lanes):
        sheet.set_column(at, at, lane.width)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    print_wide(sheet, "")


def _look(field: Field) -> str:
    if field.kind == "date":
        return "day" if any(isinstance(v, str) and len(v) == 10 for v in field.values) else "month"
    if field.kind != "number":
        return field.kind
    numbers = [v for v in field.values if isinstance(v, (int, float))]
    if all(float(v).is_integer() for v in numbers):
        return "whole"
    largest = max(abs(v) for v in numbers)
    return "money" if largest >= 1_000 else "price" if largest >= 0.1 else "parameter"


def _dated(look: str, value: object) -> bool:
    return look in ("month", "day") and isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-"


def _own(look: str, value: object) -> str:
    if isinstance(value, str) and not _dated(look, value):
        return "text"
    return "whole" if look == "number" and isinstance(value, int) else look


def _width(field: Field) -> float:
    longest = max((len(str(v)) if isinstance(v, str) else 13 for v in field.values), default=8)
    return min(max(longest, len(field.title) * 0.7, 9) + 2, 60)
