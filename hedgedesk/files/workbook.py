"""Excel workbooks: looked at as a zip first, read by calamine only when small and honest.

Calamine lays a sheet out as a full rectangle, so a single cell in the last corner would ask for gigabytes. Every cell
reference is therefore counted before, and calamine is given a zip made anew from the parts that were looked at:
two zip readers may disagree about one file, and then the look would have been at something else.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO

from hedgedesk.files.findings import FileFindings

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What a cell may hold; a CSV has text only, an empty cell is an empty text."""

MAX_ENTRIES = 1_000
MAX_UNPACKED = 100 * 10**6
"""Bytes of all entries together."""
MAX_RATIO = 200
MAX_ROWS = 1_000_000
MAX_COLUMNS = 256
MAX_CELLS = 3_000_000
"""Rows x columns of the rectangle that a sheet spans, and the cells written in it."""

EXPECTED = "an Excel workbook (.xlsx) as Excel saves it"

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, RuntimeError)
ZIP_ERRORS += (EOFError, OSError, OverflowError, IndexError)  # type: ignore[assignment]
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])((?:[^>\"']++|\"[^\"]*\"|'[^']*')*+)>")
_REFERENCE = re.compile(rb"(?<![\w:.-])r\s*=\s*[\"']([A-Za-z]*)([0-9]*)[\"']")


def read_workbook(content: bytes, report: FileFindings) -> list[list[Cell]] | None:
    """Rows of the first visible sheet from its first row on, as typed cells; None after a fault."""
    safe = _repacked(content, report)
    return None if safe is None else _first_sheet(safe, report)


def entries_at_most(content: bytes) -> int:
    """Entries that a zip can name, counted before its list is read: a reader makes an object of every one."""
    return content.count(b"PK\x01\x02")


def is_packed_plainly(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is stored or deflated; the other ways let a header claim gigabytes of memory."""
    return entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _repacked(content: bytes, report: FileFindings) -> bytes | None:
    if entries_at_most(content) > MAX_ENTRIES:
        report.fault(None, None, f"more than {MAX_ENTRIES:,} parts in the workbook", f"at most {MAX_ENTRIES:,}")
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            problem = _size_problem(archive.infolist())
            if problem:
                report.fault(None, None, *problem)
                return None
            parts = {e.filename: archive.read(e) for e in archive.infolist() if _matters(e.filename)}
    except ZIP_ERRORS as error:
        report.fault(None, None, f"a damaged workbook ({error})", EXPECTED)
        return None
    problem = _span_problem(parts)
    if problem:
        report.fault(None, None, *problem)
        return None
    return _packed(parts)


def _matters(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _size_problem(entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        return "a zip archive without a workbook in it", EXPECTED
    if len(names) < len(entries):
        return "two parts of one name in the workbook", EXPECTED
    if any(entry.flag_bits & 1 for entry in entries):
        return "an encrypted workbook", "a workbook without a password"
    if not all(map(is_packed_plainly, entries)):
        return "a workbook packed in a rare way", EXPECTED
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        return f"{unpacked / 1e6:,.0f} MB when unpacked", f"at most {MAX_UNPACKED / 1e6:,.0f} MB"
    for entry in entries:
        if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            return f"{entry.filename} packed more than {MAX_RATIO} times", f"at most {MAX_RATIO} times (a zip bomb)"
    return None


def _span_problem(parts: dict[str, bytes]) -> tuple[str, str] | None:
    for name, part in parts.items():
        if b"\0" in part:
            return f"{name} is not UTF-8", EXPECTED
        span = _span(part)
        if span is None:
            return f"more than {MAX_CELLS:,} cells", f"at most {MAX_CELLS:,} cells"
        rows, columns = span
        if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            spans = f"cells up to row {rows:,} and column {columns:,}"
            return spans, f"at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns and {MAX_CELLS:,} cells"
    return None


def _span(part: bytes) -> tuple[int, int] | None:
    """Furthest row and column of the cells in ``part``; cells without a reference follow one another.

    None: there are more than :data:`MAX_CELLS`, counted one by one.
    """
    row = column = rows = columns = 0
    for count, found in enumerate(_TAG.finditer(part)):
        if count > MAX_CELLS:
            return None
        # More than one only where somebody hides a reference inside another attribute: the furthest counts.
        references = _REFERENCE.findall(found[2])
        numbers = [int(digits[:12]) for _, digits in references if digits]
        if found[1] == b"row":
            row, column = max(numbers, default=row + 1), 0
        else:
            column = max((_column_number(letters) for letters, _ in references if letters), default=column + 1)
            row = max(numbers, default=row)
        rows, columns = max(rows, row), max(columns, column)
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def _first_sheet(content: bytes, report: FileFindings) -> list[list[Cell]] | None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        rows = workbook.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False) if visible else []
    except BaseException as error:
        # A panic in Rust arrives as a BaseException of its own, which only its name tells from Ctrl+C.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        report.fault(None, None, f"a workbook that cannot be read ({error})", EXPECTED)
        return None
    if len(visible) > 1:
        report.notice(f'only the first sheet "{visible[0]}" is read; set aside: {", ".join(visible[1:])}')
    return rows
