"""A zip of a desk folder: looked at before anything is unpacked, and unpacked in memory only.

The names inside say which file is which and are never used as paths.
"""

from __future__ import annotations

import re
import stat
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.source import SIZE_CAP, ZIP_STARTS, foreign_kind
from hedgedesk.files.workbook import (
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED,
    ZIP_ERRORS,
    entries_at_most,
    is_packed_plainly,
)

EXPECTED = "a zip of a desk folder"
NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")
PACKED_TABLE = ".csv.gz"
"""No archive: how vendors hand out large exports."""
IGNORED = ("thumbs.db", "desktop.ini")
FOLDERS_ASIDE = {"__MACOSX"}

_DRIVE = re.compile(r"[A-Za-z]:")


def unpack(content: bytes, report: FileFindings, wanted: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Path and bytes of every file inside whose ending is ``wanted``; empty after a fault of the whole archive.

    Files of other kinds, hidden files and what macOS adds are told in one notice.
    """
    if not content.startswith(ZIP_STARTS):
        report.fault(None, None, foreign_kind(content) or "text or unknown bytes", f"{EXPECTED}, as .zip says")
        return []
    if entries_at_most(content) > MAX_ENTRIES:
        report.fault(None, None, f"more than {MAX_ENTRIES:,} files in the archive", f"at most {MAX_ENTRIES:,}")
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            problem = _problem(entries)
            if problem:
                report.fault(None, None, *problem)
                return []
            return [(_path(e), archive.read(e)) for e in _chosen(entries, wanted, report)]
    except ZIP_ERRORS as error:
        report.fault(None, None, f"a damaged archive ({error})", EXPECTED)
        return []


def _path(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _problem(entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """What is wrong with the archive as a whole: found and expected."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        return f"{unpacked / 1e6:,.0f} MB when unpacked", f"at most {MAX_UNPACKED / 1e6:,.0f} MB"
    for entry in entries:
        problem = _entry_problem(entry)
        if problem:
            return problem
    return None


def _entry_problem(entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    path = _path(entry)
    if path.startswith("/") or _DRIVE.match(path) or ".." in PurePosixPath(path).parts:
        return f"{path}: a path that leads out of the archive", "paths inside the folder only"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return f"{path}: a link", "files only"
    if entry.flag_bits & 1:
        return f"{path}: encrypted", "an archive without a password"
    if not is_packed_plainly(entry):
        return f"{path}: packed in a rare way", "an archive as Windows, macOS or Linux makes it"
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return f"{path}: packed more than {MAX_RATIO} times", f"at most {MAX_RATIO} times (a zip bomb)"
    return None


def _chosen(entries: list[zipfile.ZipInfo], wanted: tuple[str, ...], report: FileFindings) -> list[zipfile.ZipInfo]:
    chosen, others = [], []
    for entry in entries:
        path = PurePosixPath(_path(entry))
        suffix = path.suffix.lower()
        if _is_litter(path):
            others.append(path.name)
        elif suffix in NESTED and not path.name.lower().endswith(PACKED_TABLE):
            report.fault(None, None, f"{path}: an archive inside the archive", "its files beside the others")
        elif suffix not in wanted:
            others.append(path.name)
        elif entry.file_size > SIZE_CAP:
            report.fault(None, None, f"{path}: more than {SIZE_CAP / 2**20:g} MB", "smaller files")
        else:
            chosen.append(entry)
    if others:
        report.notice(f"set aside, no part of a desk: {_listed(others)}")
    return chosen


def _is_litter(path: PurePosixPath) -> bool:
    """Whether a path is nobody's own file."""
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or not FOLDERS_ASIDE.isdisjoint(path.parts[:-1]) or path.name.lower() in IGNORED


def _listed(names: list[str], most: int = 6) -> str:
    first = ", ".join(shown(name) for name in names[:most])
    return first if len(names) <= most else f"{first} and {len(names) - most:,} more"
