"""Which documented file is this: by its name, else by the columns of a table or the keys of a TOML file."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from hedgedesk.files.documented import RULES, SHORT_NAMES, TABLES, DocumentedTable
from hedgedesk.files.draft.exports import export_place, is_export, lies_in_usage
from hedgedesk.files.draft.upload import TABLE_SUFFIXES, USAGE_SUFFIXES, suffix_of
from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.headers import plain
from hedgedesk.files.keys import open_keys
from hedgedesk.files.measured import VENDORS_FILE, VENDORS_PLACE
from hedgedesk.files.rules.keys import KEYS
from hedgedesk.files.table import open_table

FOREIGN = {
    ".xls": "an old Excel workbook (.xls)",
    ".xlsm": "an Excel workbook with macros (.xlsm)",
    ".xlsb": "a binary Excel workbook (.xlsb)",
    ".ods": "an OpenDocument sheet (.ods)",
    ".numbers": "a Numbers sheet (.numbers)",
    ".pdf": "a PDF document",
    ".docx": "a Word document",
    ".json": "a JSON file",
}
SAVED_AGAIN = "a table saved as .xlsx or .csv"
LOADABLE = "a zip of a desk folder, a table as .csv or .xlsx, a vendor's usage export, or a .toml file"
FEWEST_SHARED = 2
"""Columns that a table must share with a documented one to be taken for it with the others missing."""

_COPY = re.compile(r" ?\([0-9]{1,3}\)$")
"""What a browser puts behind the name of a file that was there already."""


def recognise(name: str, path: Path, report: FileFindings) -> str | None:
    """Stem (:func:`~hedgedesk.files.documented.stem_of`) of the file at ``path`` that a user calls ``name``.

    None after a fault that says what would be right.
    """
    suffix = suffix_of(name)
    if suffix == ".toml":
        return _by_file_name(name) or _by_keys(path, report)
    if lies_in_usage(name):
        return export_place(name)
    if suffix in USAGE_SUFFIXES:
        return _as_export(name, path, report)
    if suffix in TABLE_SUFFIXES:
        return _by_file_name(name) or (export_place(name) if is_export(path) else _by_columns(path, report))
    found = FOREIGN.get(suffix) or (f"a file ending {suffix}" if suffix else "a file without ending")
    report.fault(None, None, found, SAVED_AGAIN if suffix in FOREIGN else LOADABLE)
    return None


def _as_export(name: str, path: Path, report: FileFindings) -> str | None:
    if is_export(path):
        return export_place(name)
    report.fault(None, None, f"a {suffix_of(name)} file without the columns of a usage export", LOADABLE)
    return None


def _by_file_name(name: str) -> str | None:
    path = PurePosixPath(name.replace("\\", "/").strip().casefold())
    if path.name == VENDORS_FILE:
        return VENDORS_PLACE
    if path.suffix == ".toml":
        return next((place for place in RULES if PurePosixPath(place).name == path.name), None)
    stem = re.sub(r"[\s_-]+", "_", _COPY.sub("", path.stem).strip())
    return next((known for known in TABLES if PurePosixPath(known).name == stem), None)


def _by_columns(path: Path, report: FileFindings) -> str | None:
    table = open_table(path, report)
    if table is None:
        return None
    names = {plain(name) for name in table.header}
    shared = {stem: _shared(known, names) for stem, known in TABLES.items()}
    best = _best({stem: got for stem, (got, asked) in shared.items() if got >= FEWEST_SHARED and 2 * got >= asked})
    if best is None:
        found = f"a table with the columns {shown(', '.join(table.header))}"
        report.fault(
            table.header_line,
            None,
            found,
            f"the columns, or the file name, of one of {_tables()}, or of a usage export",
        )
    return best


def _shared(known: DocumentedTable, names: set[str]) -> tuple[int, int]:
    """How many of the columns asked for are among ``names``, and how many are asked for."""
    stem = known.wanted.price
    price = stem is not None and any(known.wanted.priced(name) for name in names)
    return sum(name in names for name in known.wanted.required) + price, len(known.wanted.required) + (stem is not None)


def _by_keys(path: Path, report: FileFindings) -> str | None:
    keys = open_keys(path, report)
    if keys is None:
        return None
    shared = {place: sum(key in known for key in keys.table) for place, known in KEYS.items()}
    best = _best({place: got for place, got in shared.items() if got and 2 * got >= len(keys.table)})
    if best is None:
        found = f"the keys {shown(', '.join(keys.table)) if keys.table else '(none)'}"
        report.fault(None, None, found, f"the keys, or the file name, of one of {', '.join(_rules())}")
    return best


def _best(scores: dict[str, int]) -> str | None:
    """The one with the highest score; None where two share it or there is none."""
    top = [name for name, score in scores.items() if score == max(scores.values())]
    return top[0] if len(top) == 1 else None


def _tables() -> str:
    return ", ".join(name for name in SHORT_NAMES if not name.endswith(".toml"))


def _rules() -> list[str]:
    return [name for name in SHORT_NAMES if name.endswith(".toml")]
