"""Vendors' usage exports among uploaded files: told by their columns, and kept in ``usage/`` under a safe name."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path, PurePosixPath

from hedgedesk.files.draft.records import Candidate
from hedgedesk.files.draft.upload import suffix_of
from hedgedesk.files.measured import ENDINGS, FOLDER, PREFIX, VENDORS_PLACE

HEAD = 2**16
"""Bytes, unpacked, in which a header is looked for."""
NAME_CHARACTERS = 80

_UNSAFE = re.compile(r"[^0-9A-Za-z_.-]+")
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_OF_GZIP = 16 + zlib.MAX_WBITS


def is_export(path: Path) -> bool:
    """Whether a file has the columns of an export that can be read; of Parquet files, whether it is one."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        if head.startswith(_GZIP):  # as far as it goes: one that is cut off is told by its reader
            head = zlib.decompressobj(_OF_GZIP).decompress(head, HEAD)
    except (OSError, zlib.error):
        return False
    return head.startswith(_PARQUET) or _fits(_header(head))


def _header(head: bytes) -> list[str]:
    """Names of the columns; empty where the bytes are no table."""
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.lower().startswith(("sep=", '"sep='))]
    if not lines or "\0" in lines[0]:
        return []
    delimiter = max(",;\t|", key=lines[0].count)
    try:
        return next(csv.reader(StringIO(lines[0]), delimiter=delimiter), [])
    except csv.Error:
        return []


def _fits(header: Sequence[str]) -> bool:
    from hedgedesk.files.usage.recognise import missing, normalised
    from hedgedesk.files.usage.vendors import EXPORTS

    names = [normalised(name) for name in header]
    return bool(names) and any(not missing(export, names) for export in EXPORTS)


def lies_in_usage(name: str) -> bool:
    """Whether a file lies in a folder ``usage`` and ends as exports do: then it is one, whatever its columns are."""
    path = PurePosixPath(name.replace("\\", "/").strip())
    return path.parent.name.casefold() == FOLDER and path.suffix.lower() in ENDINGS


def export_place(name: str) -> str:
    """Where an export of this name is kept: ``usage/`` and characters that no system minds."""
    suffix = suffix_of(name)
    last = PurePosixPath(name.replace("\\", "/").strip()).name
    stem = _UNSAFE.sub("-", last[: -len(suffix)] if suffix else last).strip("-.")
    return f"{PREFIX}{stem[:NAME_CHARACTERS] or 'export'}{suffix if suffix in ENDINGS else '.csv'}"


def told_apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, exports of one name numbered: exports stand beside one another, none takes another's place."""
    taken: set[str] = set()
    told = []
    for candidate in candidates:
        place = candidate.stem
        if place.startswith(PREFIX) and place != VENDORS_PLACE:
            place = next(name for name in _numbered(place) if name not in taken)
            taken.add(place)
        told.append(replace(candidate, stem=place))
    return told


def _numbered(place: str) -> list[str]:
    stem, dot, ending = place.partition(".")
    return [place, *(f"{stem}-{number}{dot}{ending}" for number in range(2, 1_000))]
