"""The rows of an export in batches, with the lines they stand on; never more than one batch in memory."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.numbers import vote
from hedgedesk.files.usage.survey import Surveyed

BATCH_ROWS = 50_000
BATCH_CHARACTERS = 16 * 2**20
"""A batch of long rows ends earlier."""
ROW_CAP = 50_000_000
COLUMN_CAP = 500
CELL_CAP = 2**20
"""Characters of one cell: some exports carry whole prompts."""
LINE_CAP = 16 * 2**20

Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*')
_UNREADABLE = (OSError, EOFError, UnicodeDecodeError, zlib.error)
_AT_REST = "a file that nobody writes while it is read"
_VOTERS = 1_000
"""Rows that decide what marks decimals in a file with semicolons."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows."""

    lines: NDArray[np.int64]
    """(n,) where each row begins."""
    columns: list[Texts]
    """One (n,) array of str per column of the header, in its order."""
    fraction: float
    """Share of the file that was read."""
    short: Flags
    """(n,) True: the row had fewer cells than the header; the missing ones are empty."""


@dataclass(slots=True)
class Opened:
    """A file whose header is read and whose rows are not."""

    header: tuple[str, ...]
    """As written."""
    header_line: int
    batches: Callable[[], Iterator[Batch]]
    """To be called once; what does not fit the header becomes a fault in the file's findings."""
    close: Callable[[], None] = lambda: None
    decimal: str = "."
    """What marks decimals; settled when the first batch is there."""


class BrokenOff(Exception):
    """The rest of a file cannot be read; its fault is told, and nothing of the file counts."""


def open_text(path: Path, surveyed: Surveyed, findings: FileFindings) -> Opened | None:
    """Open a file of text as far as its header; None after a fault."""
    # One limit for the whole interpreter: it only ever grows, so that no reader takes it from another.
    csv.field_size_limit(max(csv.field_size_limit(), CELL_CAP))
    raw = path.open("rb")
    unpacked: Any = raw
    if surveyed.packed:
        import gzip

        unpacked = gzip.GzipFile(fileobj=raw, mode="rb")
    try:
        rows = _Rows(io.TextIOWrapper(unpacked, encoding=surveyed.encoding, newline=""), findings)
        header = _header(rows, findings)
    except _UNREADABLE as error:
        findings.fault(1, None, f"bytes that cannot be read ({error})", _AT_REST)
        header = None
    if header is None:
        raw.close()
        return None
    opened = Opened(header, rows.line, lambda: iter(()), raw.close)
    opened.batches = lambda: _batches(rows, opened, findings, lambda: raw.tell() / max(surveyed.size, 1))
    return opened


class _Rows:
    """Cells row by row, with the line on which each row begins."""

    def __init__(self, text: TextIO, findings: FileFindings) -> None:
        self.line = 1
        """Of the row last given."""
        self.characters = 0
        """Read since somebody set it to 0."""
        self._text = text
        self._findings = findings
        self.delimiter, self._skipped, first = self._start()
        self._csv: Any = csv.reader(chain(first, self._text_lines()), delimiter=self.delimiter, strict=True)

    def __iter__(self) -> Iterator[list[str]]:
        following = self._csv.line_num + self._skipped + 1
        while True:
            try:
                for row in self._csv:
                    self.line = following
                    following = self._csv.line_num + self._skipped + 1
                    yield row
            except csv.Error as error:
                self._tell_uncut(following, error)
                following = self._csv.line_num + self._skipped + 1
                continue
            except _UNREADABLE as error:
                self._findings.fault(following, None, f"bytes that cannot be read ({error})", _AT_REST)
                raise BrokenOff from error
            return

    def _start(self) -> tuple[str, int, list[str]]:
        """Delimiter, leading lines that are not the table's, and the first line that is."""
        line = self._text.readline(LINE_CAP)
        marked = _SEPARATOR_LINE.fullmatch(line)
        if marked:
            return marked[1], 1, []
        skipped = 0
        while line and not line.strip():
            line = self._text.readline(LINE_CAP)
            skipped += 1
        unquoted = re.sub(r'"[^"]*"', "", line[:CELL_CAP])
        return max(",;\t|", key=unquoted.count), skipped, [line]

    def _text_lines(self) -> Iterator[str]:
        read = self._text.readline
        while line := read(LINE_CAP):
            if len(line) == LINE_CAP:
                self._findings.fault(
                    self.line + 1, None, f"a line of more than {LINE_CAP:,} characters", "one row a line"
                )
                raise BrokenOff
            self.characters += len(line)
            yield line

    def _tell_uncut(self, line: int, error: csv.Error) -> None:
        last = self._csv.line_num + self._skipped
        told = f"rows {line} to {last} that cannot" if last > line else "a row that cannot"
        expected = 'a cell with quotes closes them and doubles those inside ("")'
        if "field limit" in str(error):
            expected = f"cells of at most {CELL_CAP:,} characters, their quotes closed"
        self._findings.fault(line, None, f"{told} be cut into cells ({error})", expected)


def _header(rows: _Rows, findings: FileFindings) -> tuple[str, ...] | None:
    try:
        first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    except BrokenOff:
        return None
    while first and not first[-1].strip():
        first.pop()
    if findings.count:
        return None
    if not first:
        findings.fault(None, None, "an empty file", "a header and rows")
        return None
    if len(first) > COLUMN_CAP:
        findings.fault(rows.line, None, f"{len(first):,} columns", f"at most {COLUMN_CAP} columns")
        return None
    return tuple(first)


def _batches(rows: _Rows, opened: Opened, findings: FileFindings, fraction: Callable[[], float]) -> Iterator[Batch]:
    total = 0
    first = True
    for lines, batch in _bundles(rows):
        total += len(batch)
        if total > ROW_CAP:
            findings.fault(lines[-1], None, f"more than {ROW_CAP:,} rows", f"at most {ROW_CAP:,} rows: split the file")
            raise BrokenOff
        if first:
            opened.decimal = _decimal_mark(batch, rows.delimiter)
            first = False
        yield _batch(lines, batch, opened.header, findings, min(fraction(), 1.0))


def _bundles(rows: _Rows) -> Iterator[tuple[list[int], list[list[str]]]]:
    lines: list[int] = []
    batch: list[list[str]] = []
    for row in rows:
        lines.append(rows.line)
        batch.append(row)
        if len(batch) == BATCH_ROWS or rows.characters > BATCH_CHARACTERS:
            yield lines, batch
            lines, batch, rows.characters = [], [], 0
    if batch:
        yield lines, batch


def _batch(
    lines: list[int], rows: list[list[str]], header: tuple[str, ...], findings: FileFindings, fraction: float
) -> Batch:
    width = len(header)
    kept: list[int] = []
    short: list[bool] = []
    for place, row in enumerate(rows):
        cells = len(row)
        if (cells == width or _made_to_fit(row, width, lines[place], findings)) and not (
            row[0] == header[0] and _header_again(row, header, lines[place], findings)
        ):
            kept.append(place)
            short.append(cells < width)
    if len(kept) < len(rows):
        rows = [rows[place] for place in kept]
    columns = [_texts(column) for column in zip(*rows, strict=True)] if rows else [_texts(())] * width
    return Batch(
        np.array([lines[place] for place in kept], dtype=np.int64), columns, fraction, np.array(short, dtype=np.bool_)
    )


def _made_to_fit(row: list[str], width: int, line: int, findings: FileFindings) -> bool:
    """Cut empty cells beyond the header, or fill up; False: the row is empty, or a fault that was told."""
    if not any(row):
        return False
    if any(cell.strip() for cell in row[width:]):
        expected = f"{width} cells, as the header has (a cell with the delimiter inside needs quotes)"
        findings.fault(line, None, f"{len(row)} cells", expected)
        return False
    del row[width:]
    row.extend([""] * (width - len(row)))
    return True


def _header_again(row: list[str], header: tuple[str, ...], line: int, findings: FileFindings) -> bool:
    if tuple(row) != header:
        return False
    findings.fault(line, None, f"the header again ({shown(', '.join(header))})", "a row of values")
    return True


def _texts(cells: tuple[str, ...]) -> Texts:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _decimal_mark(rows: list[list[str]], delimiter: str) -> str:
    """A comma only where semicolons cut cells and the numbers of the first rows say so."""
    if delimiter != ";":
        return "."
    votes = Counter(vote(cell.strip()) for row in rows[:_VOTERS] for cell in row)
    return "," if votes[","] > votes["."] else "."
