"""``usage/``: the vendors' exports that lie in a desk folder, and the vendors that the user named for them.

``usage/vendors.toml`` holds a line for every file whose vendor is not taken from its columns::

    "june.csv" = "litellm"
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.rates import PriceBook
from hedgedesk.domain.usage import VENDORS, MeasuredUsage
from hedgedesk.files.findings import FileFindings, Findings, shown
from hedgedesk.files.keys import open_keys, rendered

FOLDER = "usage"
PREFIX = f"{FOLDER}/"
"""Before the name of every file of the folder."""
ENDINGS = (".csv", ".gz", ".parquet")
VENDORS_FILE = "vendors.toml"
VENDORS_PLACE = PREFIX + VENDORS_FILE
NEAR_MISSES = (".xlsx", ".xls", ".tsv", ".txt", ".json", ".zip", ".toml")
"""Endings of files that somebody may have meant to be read."""


def exports_in(desk: Path) -> list[Path]:
    """The exports that lie in a desk folder, sorted by name; hidden files are none."""
    if not (desk / FOLDER).is_dir():
        return []
    found = [path for path in (desk / FOLDER).iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
    return sorted(path for path in found if not path.name.startswith("."))


def read_measured(desk: Path, book: PriceBook | None = None, tick: Tick = silent) -> MeasuredUsage | None:
    """Read all exports of a desk folder together.

    Parameters
    ----------
    desk
        The desk folder.
    book
        Prices every row; None: nothing is priced.
    tick
        Told the progress.

    Returns
    -------
    What was read, with its faults; None where the desk has no exports. :func:`tell_usage` tells the faults on.

    Raises
    ------
    InputError
        No export can be read at all.
    """
    files = exports_in(desk)
    if not files:
        return None
    from hedgedesk.files.usage import read_usage

    try:
        return read_usage(files, vendor=_vendors(desk, Findings()), book=book, tick=tick)
    except InputError as error:
        raise InputError(str(error) if not error.faults else "", faults=_placed(error.faults)) from error


def tell_usage(measured: MeasuredUsage | None, desk: Path, findings: Findings) -> None:
    """Tell ``findings`` what is wrong in ``usage/``, what in it is not read, and what the bytes of its files are."""
    vendors, files = _vendors(desk, findings), exports_in(desk)
    _tell_unread(desk, vendors, files, findings)
    if measured is not None:
        findings.tell(_placed(measured.faults))
    for path in files:
        findings.file(PREFIX + path.name).digest = _digest(path)


def _placed(faults: Iterable[Fault]) -> list[Fault]:
    """The faults at the places that the files have in the desk folder."""
    return [replace(fault, file=PREFIX + fault.file.removeprefix(PREFIX)) for fault in faults]


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # its reader has told so
        return None


def parse_vendors(path: Path, report: FileFindings) -> dict[str, str] | None:
    """Read ``vendors.toml``: file name to vendor; every fault is told, None where it is no TOML."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    found = {}
    for name, vendor in keys.table.items():
        if vendor in VENDORS:
            found[name] = str(vendor)
        else:
            report.fault(None, shown(name), rendered(vendor), f"one of {', '.join(VENDORS)}")
    return found


def vendors_text(vendors: Mapping[str, str]) -> str:
    """``vendors.toml`` as it is written."""
    return "".join(f"{json.dumps(name)} = {json.dumps(vendor)}\n" for name, vendor in sorted(vendors.items()))


def vendors_in(desk: Path) -> dict[str, str]:
    """The vendors that the user named, as far as they can be read.

    Raises
    ------
    InputError
        ``vendors.toml`` is no TOML or names a vendor that nobody knows.
    """
    findings = Findings()
    found = _vendors(desk, findings)
    if findings.faults:
        raise InputError(faults=findings.faults)
    return found


def _vendors(desk: Path, findings: Findings) -> dict[str, str]:
    path = desk / FOLDER / VENDORS_FILE
    return (parse_vendors(path, findings.file(VENDORS_PLACE)) or {}) if path.is_file() else {}


def _tell_unread(desk: Path, vendors: Mapping[str, str], files: list[Path], findings: Findings) -> None:
    """Notice what lies in the folder and is not read, and a vendor of a file that is not there."""
    for name in sorted(set(vendors) - {path.name for path in files}):
        findings.file(VENDORS_PLACE).notice(f"{shown(name)} is not in {FOLDER}/, so its vendor is not used")
    if not (desk / FOLDER).is_dir():
        return
    for path in sorted((desk / FOLDER).iterdir()):
        if path.suffix.lower() in NEAR_MISSES and path.name != VENDORS_FILE and not path.name.startswith("."):
            findings.file(PREFIX + path.name).notice(f"not read: exports end in {', '.join(ENDINGS)}")
