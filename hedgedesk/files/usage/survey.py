"""A look at a whole file before its first row counts: kind, size, packing and encoding.

A truncated archive, a zip bomb or a file that is no text is so refused as a whole; nothing of it is kept as if it were
everything. The look costs about a tenth of the time of reading, and memory for one block.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.source import ZIP_STARTS, foreign_kind

TEXT_CAP = 8 * 2**30
"""Bytes of text, unpacked, of the largest export that is read."""
RATIO_CAP = 200
"""Unpacked bytes per packed byte; exports come out at 5 to 50, a bomb at 1,000."""
RATIO_SLACK = 16 * 2**20
"""Unpacked bytes that need no reason."""
BLOCK = 2**20

_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LEGACY = ("gb2312", "cp1252")

Say = Callable[[float], None]
"""Told the share of the file that was looked at."""


class Unreadable(Exception):
    """The bytes end too soon or unpack to too much: what was found, and what would be right."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a file is."""

    kind: str
    """``text`` or ``parquet``."""
    packed: bool
    """Whether it is a gzip archive, whatever its name says."""
    encoding: str
    digest: str
    """SHA-256 of the bytes on disk."""
    size: int
    """Bytes on disk."""


def survey(path: Path, findings: FileFindings, say: Say) -> Surveyed | None:
    """Look at all of ``path``; None after a fault."""
    try:
        if not path.is_file():
            findings.fault(None, None, "no such file" if not path.exists() else "not a file", "a readable file")
            return None
        with path.open("rb") as stream:
            start = stream.read(4)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        findings.digest = digest
        size = path.stat().st_size
        if start == _PARQUET:
            return Surveyed("parquet", False, "", digest, size)
        packed = start.startswith(_GZIP)
        encoding = _encoding(path, findings, say, packed=packed)
    except (OSError, ValueError) as error:
        findings.fault(None, None, f"a file that cannot be read ({error})", "a readable file")
        return None
    except Unreadable as error:
        findings.fault(None, None, *error.args)
        return None
    return None if encoding is None else Surveyed("text", packed, encoding, digest, size)


def blocks(path: Path, say: Say, *, packed: bool) -> Iterator[bytes]:
    """The unpacked bytes, block by block.

    Raises
    ------
    Unreadable
        The archive is broken, or unpacks to more than :data:`RATIO_CAP` times its size or :data:`TEXT_CAP`.
    """
    size = max(path.stat().st_size, 1)
    total = 0
    with path.open("rb") as raw:
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="rb")) if packed else raw
        while block := _next_block(stream):
            total += len(block)
            _require_size(total, raw.tell(), packed=packed)
            say(raw.tell() / size)
            yield block


def _next_block(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(BLOCK)
    except EOFError:
        whole = "the whole archive: it was cut off, so load it again from the vendor"
        raise Unreadable("a gzip archive that ends too soon", whole) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(
            f"a gzip archive that is damaged ({error})", "an archive that unpacks without errors"
        ) from None


def _require_size(total: int, consumed: int, *, packed: bool) -> None:
    if total > TEXT_CAP:
        raise Unreadable(f"more than {TEXT_CAP / 2**30:g} GB of text", f"at most {TEXT_CAP / 2**30:g} GB: split it")
    if packed and total > RATIO_SLACK + RATIO_CAP * consumed:
        found = f"an archive that unpacks to more than {RATIO_CAP} times its size"
        raise Unreadable(found, "an export packed by gzip: no export shrinks so much")


def _encoding(path: Path, findings: FileFindings, say: Say, *, packed: bool) -> str | None:
    first = next(blocks(path, lambda _share: None, packed=packed), b"")
    if not first.strip():
        findings.fault(None, None, "an empty file", "a header and rows")
        return None
    kind = foreign_kind(first) or ("a zip archive" if first.startswith(ZIP_STARTS) else None)
    if kind is not None:
        findings.fault(None, None, kind, "comma-separated text: .csv or .csv.gz")
        return None
    encoding = _UTF16.get(first[:2], "utf-8-sig")
    bad = _first_bad(path, encoding, say, packed=packed)
    if bad is None:
        return encoding
    line, what = bad
    if what == "undecodable" and encoding == "utf-8-sig":
        return _legacy(path, line, findings, packed=packed)
    findings.fault(line, None, what if what != "undecodable" else "bytes that are no UTF-16", "text, UTF-8 encoded")
    return None


def _legacy(path: Path, line: int, findings: FileFindings, *, packed: bool) -> str | None:
    """GB 2312 or Windows-1252, the first in which every byte has a meaning."""
    for encoding in _LEGACY:
        if _first_bad(path, encoding, lambda _share: None, packed=packed) is None:
            findings.notice(f"not UTF-8; read as {encoding}, so check names with accents or Chinese characters")
            return encoding
    findings.fault(line, None, "a byte that is not UTF-8", "text, UTF-8 encoded")
    return None


def _first_bad(path: Path, encoding: str, say: Say, *, packed: bool) -> tuple[int, str] | None:
    """Line and kind of the first thing that is no text in ``encoding``; None: all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for block in blocks(path, say, packed=packed):
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            return line + block.count(b"\n", 0, error.start), "undecodable"
        if "\0" in text:
            return line + text.count("\n", 0, text.index("\0")), "a NUL byte, as in a binary file"
        line += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line, "undecodable"
    return None
