"""One table as a file: CSV for programs and Excel, TSV for the clipboard, XLSX with typed numbers.

Numbers leave whole, not as they are shown. Text that a spreadsheet could take for a formula leaves as text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.tables.fields import Field, Value, fields
from hedgedesk.reports.tables.table import Table

FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
"""What makes a spreadsheet calculate; the wide forms do in some East Asian settings."""
INVISIBLE = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))
"""Unicode categories that a spreadsheet may skip before it looks for a formula."""
BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def csv_bytes(table: Table) -> bytes:
    """Comma-separated, a point before the decimals, UTF-8 with the mark that makes Excel read it as such."""
    return _separated(fields(table), ",", "\r\n").encode("utf-8-sig")


def tsv_bytes(table: Table) -> bytes:
    """Tab-separated for the clipboard: no tab and no line break inside a cell, no mark before it."""
    flat = [
        replace(f, title=_flat(f.title), values=tuple(_flat(v) if isinstance(v, str) else v for v in f.values))
        for f in fields(table)
    ]
    return _separated(flat, "\t", "\n").encode()


def sheet_bytes(table: Table, suffix: str, about: Sequence[tuple[str, str]] = (), recorded_at: str = "") -> bytes:
    """The table as a file.

    Parameters
    ----------
    table
        What to write.
    suffix
        csv, tsv or xlsx.
    about
        Name and text of what a second sheet of an XLSX says of the table: run, as-of date, unit.
    recorded_at
        ISO 8601; stands in an XLSX as the time it was made, so that the same run gives the same bytes.

    Raises
    ------
    HedgeDeskError
        Another suffix.
    """
    if suffix == "csv":
        return csv_bytes(table)
    if suffix == "tsv":
        return tsv_bytes(table)
    if suffix == "xlsx":
        from hedgedesk.reports.workbook import table_workbook

        return table_workbook(table, fields(table), about, recorded_at)
    raise HedgeDeskError(f"a table can be written as csv, tsv or xlsx, not as {suffix!r}")


def harmless(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet could take it for a formula.

    Example: ``=1+1`` leaves as ``'=1+1``, and so does text where blanks or invisible characters stand before it.
    """
    if text[:1] in FORMULA_STARTS:
        return f"'{text}"
    first = next((c for c in text if unicodedata.category(c) not in INVISIBLE), "")
    return f"'{text}" if first in FORMULA_STARTS else text


def _separated(columns: Iterable[Field], delimiter: str, line_end: str) -> str:
    columns = list(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow([harmless(f.title) for f in columns])
    writer.writerows([_text(v) for v in row] for row in zip(*(f.values for f in columns), strict=True))
    return out.getvalue()


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def _flat(text: str) -> str:
    return BREAKS.sub(" ", text)
