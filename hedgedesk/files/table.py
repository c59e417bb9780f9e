"""A table as it stands in a file: a header and rows of cells with their line numbers, from CSV or Excel.

CSV may be delimited by comma, semicolon or tab (whichever cuts the header into most cells; a first line ``sep=;`` is
obeyed), encoded as :func:`hedgedesk.files.source.decode` says, with cells quoted by ``"``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.source import ZIP_STARTS, decode, foreign_kind, read_source
from hedgedesk.files.workbook import MAX_COLUMNS, MAX_ROWS, Cell, read_workbook

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
SUFFIXES = (".csv", ".xlsx")
"""Endings under which a desk folder's tables are looked for."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\s*')


@dataclass(slots=True)
class Table:
    """Header of one file, and its rows once :meth:`fill` has read them.

    The header comes first because most files that are something else fail there, however long they are.
    """

    header: tuple[str, ...]
    header_line: int
    delimiter: str | None
    """None: a workbook."""
    pending: Iterator[tuple[int, Sequence[Cell]]]
    """Numbered rows after the header, not yet read."""
    lines: list[int] = field(default_factory=list)
    """(n,) line of each row as a text editor or Excel counts them."""
    rows: list[Sequence[Cell]] = field(default_factory=list)
    """(n,) of at most as many cells as the header has; empty rows are left out."""

    def fill(self, report: FileFindings, *, may_be_empty: bool = False) -> None:
        """Read the rows; those that do not fit the header are faults, and so are none unless there may be none."""
        count = 0
        for count, (line, row) in enumerate(self.pending, start=1):
            if count > MAX_ROWS:
                report.fault(line, None, f"more than {MAX_ROWS:,} rows", f"at most {MAX_ROWS:,} rows")
                break
            if self._fits(line, row, report):
                self.lines.append(line)
                self.rows.append(row)
        if not (count or report.count or may_be_empty):
            report.fault(None, None, "a header and no rows", "a header and at least one row")

    def _fits(self, line: int, row: Sequence[Cell], report: FileFindings) -> bool:
        width = len(self.header)
        if len(row) > width and _filled(row[width:]):
            expected = f"{width} cells, as the header has (a cell with the delimiter inside needs quotes)"
            report.fault(line, None, f"{len(row)} cells", expected)
            return False
        if row[0] == self.header[0] and tuple(str(cell) for cell in row[:width]) == self.header:
            report.fault(line, None, f"the header again ({shown(', '.join(self.header))})", "a row of values")
            return False
        return True


def open_table(path: Path, report: FileFindings, *, blanks: bool = False) -> Table | None:
    """Read ``path`` by its ending, believing its content, as far as the header; None after a fault.

    With ``blanks``, rows of empty cells under the header are kept: an editor's new row is one until it is filled.
    """
    suffix = path.suffix.lower()
    if suffix != ".xlsx" and suffix not in TEXT_SUFFIXES:
        report.fault(None, None, f"a file named {path.name}", "a table: .csv or .xlsx")
        return None
    content = read_source(path, report)
    if content is None:
        return None
    if not content.strip():
        report.fault(None, None, "an empty file", "a header and at least one row")
        return None
    if suffix == ".xlsx":
        return _from_workbook(content, report)
    return _from_text(content, path.name, report, blanks=blanks)


def _from_workbook(content: bytes, report: FileFindings) -> Table | None:
    if not content.startswith(ZIP_STARTS):
        report.fault(None, None, foreign_kind(content) or "text or unknown bytes", "an Excel workbook, as .xlsx says")
        return None
    rows = read_workbook(content, report)
    if rows is None:
        return None
    return _table(((number, row) for number, row in enumerate(rows, start=1)), None, report)


def _from_text(content: bytes, name: str, report: FileFindings, *, blanks: bool) -> Table | None:
    kind = foreign_kind(content)
    if kind is not None:
        report.fault(None, None, kind, f"comma-separated text, as {Path(name).suffix} says")
        return None
    text = decode(content, report)
    if text is None:
        return None
    delimiter, skipped = _delimiter(text)
    return _table(_csv_rows(text, delimiter, skipped, report), delimiter, report, blanks=blanks)


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter, and how many leading lines are not the table's."""
    lines = StringIO(text)
    first, skipped = lines.readline(), 0
    marked = _SEPARATOR_LINE.fullmatch(first)
    if marked:
        return marked[1], 1
    while first and not first.strip():
        first = lines.readline()
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=unquoted.count), skipped


def _csv_rows(text: str, delimiter: str, skipped: int, report: FileFindings) -> Iterator[tuple[int, list[str]]]:
    lines = StringIO(text, newline="")
    for _ in range(skipped):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for row in reader:
            yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        expected = 'one row a line; a cell with quotes closes them and doubles those inside ("")'
        report.fault(line, None, f"a row that cannot be cut into cells ({error})", expected)


def _table(
    numbered: Iterable[tuple[int, Sequence[Cell]]], delimiter: str | None, report: FileFindings, *, blanks: bool = False
) -> Table | None:
    rows = iter(numbered)
    line, first = next(((line, row) for line, row in rows if _filled(row)), (0, []))
    if not first:
        if not report.count:
            report.fault(None, None, "an empty file", "a header and at least one row")
        return None
    header = [str(cell) for cell in first]
    while not header[-1].strip():
        header.pop()
    if len(header) > MAX_COLUMNS:
        report.fault(line, None, f"{len(header):,} columns", f"at most {MAX_COLUMNS} columns")
        return None
    pending = ((line, row) for line, row in rows if _filled(row) or (blanks and row))
    return Table(tuple(header), line, delimiter, pending)


def _filled(row: Sequence[Cell]) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row)
