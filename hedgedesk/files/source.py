"""The bytes of a file: how many, of what kind, in which encoding; nothing is believed because of a name."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from hedgedesk.files.findings import FileFindings

SIZE_CAP = 16 * 2**20
"""Bytes of the largest file that is read."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "a rich text document"),
)
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_BINARY_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def read_source(path: Path, report: FileFindings, cap: int = SIZE_CAP) -> bytes | None:
    """Read the whole file, at most ``cap`` bytes of it, and note its digest; None after a fault."""
    try:
        if not path.is_file():
            report.fault(None, None, "no such file" if not path.exists() else "not a file", "a readable file")
            return None
        with path.open("rb") as stream:
            content = stream.read(cap + 1)
    except (OSError, ValueError) as error:
        report.fault(None, None, f"a file that cannot be read ({error})", "a readable file")
        return None
    if len(content) > cap:
        report.fault(None, None, f"more than {cap / 2**20:g} MB", f"a file of at most {cap / 2**20:g} MB")
        return None
    report.digest = hashlib.sha256(content).hexdigest()
    return content


def foreign_kind(content: bytes) -> str | None:
    """Name the kind of a file that is surely not plain text, by how it starts; None: it may be text."""
    if content.startswith(ZIP_STARTS):
        return "an Excel workbook" if b"xl/workbook.xml" in content else "a zip archive"
    if _PAGE.match(content):
        return "a web page or XML document"
    return next((name for start, name in _KINDS if content.startswith(start)), None)


def decode(content: bytes, report: FileFindings) -> str | None:
    """Turn bytes into text: UTF-8 or UTF-16 by their mark, else UTF-8, else GB 2312 or Windows-1252 with a notice.

    None after a fault. A byte that no text contains makes the whole file binary: one fault, not one per line.
    """
    encoding = _UTF16.get(content[:2])
    if encoding is not None:
        return _decode_utf16(content[2:], encoding, report)
    hit = _BINARY.search(content)
    if hit:
        line = content.count(b"\n", 0, hit.start()) + 1
        report.fault(line, None, f"binary content (byte 0x{hit[0][0]:02x})", "text, UTF-8 encoded")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error.start, report)


def _decode_utf16(content: bytes, encoding: str, report: FileFindings) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY_TEXT.search(text):
        report.fault(None, None, "binary content after a UTF-16 mark", "text, UTF-8 encoded")
        return None
    return text


def _decode_legacy(content: bytes, first_bad: int, report: FileFindings) -> str | None:
    for encoding in ("gb2312", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        report.notice(f"not UTF-8; read as {encoding}, so check names with accents or Chinese characters")
        return text
    line = content.count(b"\n", 0, first_bad) + 1
    report.fault(line, None, f"a byte that is not UTF-8 (0x{content[first_bad]:02x})", "text, UTF-8 encoded")
    return None
