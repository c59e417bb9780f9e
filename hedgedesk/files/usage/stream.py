"""The rows of an export in batches, with the lines they stand on; never more than one batch in memory."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.numbers import vote
from hedgedesk.files.usage.rows.cells import UNDECIDED
from hedgedesk.files.usage.survey import Surveyed

BATCH_ROWS = 50_000
BATCH_CHARACTERS = 16 * 2**20
"""A batch of long rows ends earlier."""
BLOCK_CHARACTERS = 2**16
"""Read and cut at one stroke, and the rest of the last line."""
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
_EITHER_WAY = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
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
    """What marks decimals, or that it is undecided; settled when the first batch is there."""


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
    """Cells row by row or block by block, with the line on which each row begins."""

    def __init__(self, text: TextIO, findings: FileFindings) -> None:
        self.line = 1
        """Of the row last given."""
        self.characters = 0
        """Read since somebody set it to 0."""
        self._text = text
        self._findings = findings
        self._ahead: deque[str] = deque()
        self.delimiter, self._skipped = self._start()
        self._csv: Any = csv.reader(self._text_lines(), delimiter=self.delimiter, strict=True)

    def __iter__(self) -> Iterator[list[str]]:
        following = self._next_line()
        while True:
            try:
                for row in self._csv:
                    self.line = following
                    following = self._next_line()
                    yield row
            except csv.Error as error:
                self._tell_uncut(following, error)
                following = self._next_line()
                continue
            return

    def blocks(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Lines and rows, a block of text at a time: at one stroke where every row has a line to itself."""
        while self._ahead or self._fill():
            first, rows = self._next_line(), self._cut()
            yield self._one_by_one() if rows is None else (range(first, first + len(rows)), rows)

    def _cut(self) -> list[list[str]] | None:
        """The rows of the block; None: some row has several lines, or cannot be cut."""
        try:
            rows = list(csv.reader(self._ahead, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(self._ahead):
            return None
        self._skipped += len(rows)
        self._ahead.clear()
        return rows

    def _one_by_one(self) -> tuple[list[int], list[list[str]]]:
        lines, rows = list[int](), list[list[str]]()
        for row in self:
            lines.append(self.line)
            rows.append(row)
            if not self._ahead:
                break
        return lines, rows

    def _start(self) -> tuple[str, int]:
        """Delimiter, and the leading lines that are not the table's; the first line that is waits ahead."""
        line = self._text.readline(LINE_CAP)
        marked = _SEPARATOR_LINE.fullmatch(line)
        if marked:
            return marked[1], 1
        skipped = 0
        while line and not line.strip():
            line = self._text.readline(LINE_CAP)
            skipped += 1
        self._ahead.append(line)
        unquoted = re.sub(r'"[^"]*"', "", line[:CELL_CAP])
        return max(",;\t|", key=unquoted.count), skipped

    def _next_line(self) -> int:
        following: int = self._csv.line_num + self._skipped + 1
        return following

    def _text_lines(self) -> Iterator[str]:
        while self._ahead or self._fill():
            yield self._ahead.popleft()

    def _fill(self) -> bool:
        """Read a block of whole lines; False: there is no more."""
        try:
            block = self._text.read(min(BLOCK_CHARACTERS, BATCH_CHARACTERS))
            block += self._text.readline(LINE_CAP) if block else ""
        except _UNREADABLE as error:
            self._findings.fault(self._next_line(), None, f"bytes that cannot be read ({error})", _AT_REST)
            raise BrokenOff from error
        self._ahead.extend(io.StringIO(block, newline="").readlines())
        self.characters += len(block)
        if len(block) >= LINE_CAP:
            self._require_short_lines()
        return bool(self._ahead)

    def _require_short_lines(self) -> None:
        place = next((place for place, line in enumerate(self._ahead) if len(line) >= LINE_CAP), None)
        if place is not None:
            found = f"a line of more than {LINE_CAP:,} characters"
            self._findings.fault(self._next_line() + place, None, found, "one row a line")
            raise BrokenOff

    def _tell_uncut(self, line: int, error: csv.Error) -> None:
        last = self._next_line() - 1
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
    for places, cut in rows.blocks():
        lines.extend(places)
        batch.extend(cut)
        while len(batch) >= BATCH_ROWS:
            yield lines[:BATCH_ROWS], batch[:BATCH_ROWS]
            lines, batch, rows.characters = lines[BATCH_ROWS:], batch[BATCH_ROWS:], 0
        if batch and rows.characters > BATCH_CHARACTERS:
            yield lines, batch
            lines, batch, rows.characters = [], [], 0
    if batch:
        yield lines, batch


def _batch(
    lines: list[int], rows: list[list[str]], header: tuple[str, ...], findings: FileFindings, fraction: float
) -> Batch:
    width = len(header)
    sizes = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    kept = np.ones(len(rows), dtype=np.bool_)
    for place in np.flatnonzero(sizes != width).tolist():
        kept[place] = _made_to_fit(rows[place], width, lines[place], findings)
    first: Texts = np.array([row[0] if row else None for row in rows], dtype=object)
    for place in np.flatnonzero(kept & (first == "")).tolist():  # a spreadsheet saves its empty rows as delimiters
        kept[place] = any(rows[place])
    for place in np.flatnonzero(kept & (first == header[0])).tolist():
        kept[place] = not _header_again(rows[place], header, lines[place], findings)
    fitting = rows if kept.all() else list(compress(rows, kept.tolist()))
    columns = np.array(fitting, dtype=object).reshape(-1, width).T.copy()
    return Batch(np.array(lines, dtype=np.int64)[kept], list(columns), fraction, sizes[kept] < width)


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


def _decimal_mark(rows: list[list[str]], delimiter: str) -> str:
    """A comma only where semicolons cut cells and the numbers of the first rows say so; where 1.000 is all, nothing."""
    if delimiter != ";":
        return "."
    texts = {cell.strip() for row in rows[:_VOTERS] for cell in row}
    votes = Counter(filter(None, map(vote, texts)))
    commas = votes[","] + votes["1.0.0"]
    if commas != votes["."]:
        return "," if commas > votes["."] else "."
    return UNDECIDED if any(map(_EITHER_WAY.fullmatch, texts)) else "."
