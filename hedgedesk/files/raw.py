"""A table as text cells for the editor, and back into a CSV file that reads the same."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path

from hedgedesk.domain.draft import CellEdit, MappedColumn, RawTable
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.files.columns import Columns
from hedgedesk.files.documented import TABLES, DocumentedTable
from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.headers import match, plain
from hedgedesk.files.numbers import read_number
from hedgedesk.files.table import Table, open_table
from hedgedesk.files.workbook import Cell

MOST_ROWS = 5_000
"""Rows given to the editor; the others stay in the file as they are."""
CELL_CHARACTERS = 2_000
"""Longest text that may be typed into a cell."""

_UNIT_SAID = {
    "mtok": "Mtok",
    "1k": "1k tokens",
    "token": "token",
    "mwh": "MWh",
    "kwh": "kWh",
    "gpu_hour": "GPU hour",
}
_UNITS = {
    "mtok": "Mtok",
    "mtok_per_month": "Mtok per month",
    "lots": "lots",
    "volume": "lots",
    "open_interest": "lots",
    "cny_per_usd": "CNY per USD",
}


@dataclass(slots=True)
class Sheet:
    """Every cell of one table as text."""

    header: list[str]
    header_line: int = 1
    delimiter: str = ","
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    """Each as long as the header, or longer where the file has too many cells."""
    whole: bool = True
    """Whether the file could be read to its end; else writing it would lose the rest."""


def read_sheet(path: Path, stem: str) -> Sheet | None:
    """Read the table at ``path``; None where there is not even a header."""
    scratch = FileFindings(path.name)
    table = open_table(path, scratch, blanks=True)
    if table is None:
        return None
    numbered = list(table.pending)
    lines, cells = [line for line, _ in numbered], [row for _, row in numbered]
    rows = _one_decimal_mark(table, lines, cells, TABLES[stem]) if table.delimiter is None else cells
    width = len(table.header)
    return Sheet(
        list(table.header),
        table.header_line,
        table.delimiter or ",",
        lines,
        [[*map(_text, row), *[""] * (width - len(row))] for row in rows],
        whole=not scratch.count,
    )


def _one_decimal_mark(
    table: Table, lines: list[int], rows: Sequence[Sequence[Cell]], known: DocumentedTable
) -> list[Sequence[Cell]]:
    """Rewrite the text numbers of a workbook that have decimal commas: beside its true numbers they would vote anew."""
    scratch = FileFindings("")
    matched = match(table, known.wanted, scratch)
    if matched is None:
        return list(rows)
    table.lines, table.rows = lines, list(rows)
    columns = Columns(table, matched, known.numeric, scratch)
    commas = [matched.position[name] for name in known.numeric if columns.has(name) and columns.decimal(name) == ","]
    return [[_pointed(cell) if i in commas else cell for i, cell in enumerate(row)] for row in rows]


def _pointed(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    value = read_number(cell.strip(), ",")
    return cell if value is None else repr(value)


def _text(cell: Cell) -> str:
    """A cell as a CSV would have it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def sheet_bytes(sheet: Sheet) -> bytes:
    """Write ``sheet`` as CSV, UTF-8, with its own delimiter: ``1,234`` means something else beside another one."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=sheet.delimiter, lineterminator="\r\n").writerows([sheet.header, *sheet.rows])
    return written.getvalue().encode()


def mapped_columns(header: Sequence[str], stem: str) -> tuple[MappedColumn, ...]:
    """What every column of a table is taken for, by its name alone."""
    return tuple(_mapped(name, TABLES[stem]) for name in header)


def _mapped(name: str, known: DocumentedTable) -> MappedColumn:
    key, wanted = plain(name), known.wanted
    price = wanted.priced(key) if wanted.price else None
    if price and wanted.price:
        return MappedColumn(shown(name), wanted.price, f"{price[0]} per {_UNIT_SAID[price[1]]}")
    if key in (*wanted.required, *wanted.optional):
        return MappedColumn(shown(name), key, _UNITS.get(key, ""))
    return MappedColumn(shown(name) if name.strip() else "", "", "")


def raw_table(place: str, sheet: Sheet, stem: str, faults: Iterable[Fault]) -> RawTable:
    """The first :data:`MOST_ROWS` rows of ``sheet`` for the editor, with the faults at their rows and columns."""
    names = display_header(sheet.header)
    lines = tuple(sheet.lines[:MOST_ROWS])
    rows = tuple(tuple(row[: len(names)]) for row in sheet.rows[:MOST_ROWS])
    units = tuple(column.unit for column in mapped_columns(sheet.header, stem))
    return RawTable(place, names, lines, rows, _placed(faults, sheet, names), units)


def display_header(header: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns, each once: one without a name, or with an earlier one's, has its number."""
    names: list[str] = []
    for number, name in enumerate(header, start=1):
        told = shown(name.strip()) if name.strip() else "column"
        while told in names or told == "column":
            told = f"{told} ({number})"
        names.append(told)
    return tuple(names)


def _placed(faults: Iterable[Fault], sheet: Sheet, names: tuple[str, ...]) -> tuple[Fault, ...]:
    label = {shown(name.strip()): told for name, told in reversed(list(zip(sheet.header, names, strict=True)))}
    label |= {plain(name): told for name, told in label.items()} | label
    lines = set(sheet.lines[:MOST_ROWS])
    return tuple(placed(fault, lines, label) for fault in faults)


def placed(fault: Fault, lines: set[int], label: dict[str, str]) -> Fault:
    """The fault at a row and column that the editor has; what has no column there names it in its text."""
    row = fault.row if fault.row in lines else None
    column = label.get(fault.column or "")
    found = fault.found if column or not fault.column else f"{fault.column}: {fault.found}"
    return Fault(fault.file, row, column, found, fault.expected)


def edit_sheet(sheet: Sheet, edits: Sequence[CellEdit]) -> None:
    """Apply ``edits`` in their order, all by the lines and columns that the table had before.

    A cell of line 0 is the header's: it renames a column. An add of line 0 with a column adds that column, its
    ``text`` in every row; any other add is a row, its ``text`` the cells between tabs.

    Raises
    ------
    InputError
        A line or column that the table does not have, or a text that no cell can hold; nothing is then kept.
    """
    names = display_header(sheet.header)
    slots: dict[int, list[list[str] | None]] = {0: [None]}
    for line, row in zip(sheet.lines[:MOST_ROWS], sheet.rows, strict=False):
        slots[line] = [row]
    for edit in edits:
        require_text(edit.text)
        require_text(edit.column)
        _VERBS.get(edit.kind, _refuse)(sheet, names, slots, edit)
    rest = sheet.rows[MOST_ROWS:]
    width = len(sheet.header)
    rows = [row for slot in slots.values() for row in slot if row is not None]
    sheet.rows = [row + [""] * (width - len(row)) for row in [*rows, *rest]]
    sheet.lines = list(range(2, len(sheet.rows) + 2))
    sheet.header_line = 1


def require_text(text: str) -> None:
    """Raise unless ``text`` may stand in a cell.

    Raises
    ------
    InputError
        It is too long or holds control characters.
    """
    if len(text) > CELL_CHARACTERS:
        raise InputError(f"a text of {len(text):,} characters: a cell holds at most {CELL_CHARACTERS:,}")
    unseen = next((c for c in text if not c.isprintable() and c not in "\t\n\u00a0\u2009\u202f\u3000\u200b"), None)
    if unseen is not None:
        raise InputError(f"a character that nobody sees ({shown(unseen)}): type the text anew")


_Slots = dict[int, list[list[str] | None]]


def _slot(slots: _Slots, line: int) -> list[list[str] | None]:
    if line not in slots:
        raise InputError(f"no row {line} in this table: it has changed, so look at it again")
    return slots[line]


def _column(names: tuple[str, ...], column: str) -> int:
    if column not in names:
        raise InputError(f"no column {shown(column)} in this table: it has {', '.join(names)}")
    return names.index(column)


def _set(sheet: Sheet, names: tuple[str, ...], slots: _Slots, edit: CellEdit) -> None:
    place = _column(names, edit.column)
    if edit.line == 0:
        sheet.header[place] = edit.text
        return
    row = _slot(slots, edit.line)[0]
    if row is None:
        raise InputError(f"row {edit.line} was removed just before")
    row[place] = edit.text
    del row[len(names) :]  # cells beyond the header: the row is now as the editor shows it


def _add(sheet: Sheet, names: tuple[str, ...], slots: _Slots, edit: CellEdit) -> None:
    if edit.line == 0 and edit.column:
        shown_rows = [row for slot in slots.values() for row in slot if row is not None]
        for row in [*shown_rows, *sheet.rows[MOST_ROWS:]]:
            row.insert(len(sheet.header), edit.text)
        sheet.header.append(edit.column)
        return
    cells = edit.text.split("\t") if edit.text else []
    if len(cells) > len(sheet.header):
        raise InputError(f"{len(cells)} cells for a row: the table has {len(sheet.header)} columns")
    _slot(slots, edit.line).append(cells + [""] * (len(sheet.header) - len(cells)))


def _remove(_sheet: Sheet, _names: tuple[str, ...], slots: _Slots, edit: CellEdit) -> None:
    if edit.line == 0:
        raise InputError("the header cannot be removed")
    _slot(slots, edit.line)[0] = None


def _refuse(_sheet: Sheet, _names: tuple[str, ...], _slots: _Slots, edit: CellEdit) -> None:
    raise InputError(f"an edit of kind {shown(edit.kind)}: only cell, add and remove are known")


_VERBS: dict[str, Callable[[Sheet, tuple[str, ...], _Slots, CellEdit], None]] = {
    "cell": _set,
    "add": _add,
    "remove": _remove,
}


def empty_sheet(stem: str, currency: str) -> Sheet:
    """The documented header of a table and no rows."""
    wanted = TABLES[stem].wanted
    price = [] if wanted.price is None else [wanted.price_column(currency.lower())]
    required = list(wanted.required)
    if stem == "commitments":
        required.remove("kind")
        return Sheet([*required, *price, "kind"])
    return Sheet([*required, *price])
