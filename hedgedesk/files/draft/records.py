"""What a draft remembers on disk; every file of it is written whole or not at all.

::

    <draft>/record.json     name, what came, what it became, what was found on the way
    <draft>/incoming/       the uploaded bytes under names of ours
    <draft>/sorted/         what came more than once, until all but one are left out
    <draft>/desk/           the desk folder that the draft makes
    <draft>/history/000001/ record.json and the files as they were before the first change
    <draft>/preview.json    what was found by the last check
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hedgedesk.domain.draft import Preview
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.files.documented import RULES

RECORD, PREVIEW = "record.json", "preview.json"
INCOMING, SORTED, DESK = "incoming", "sorted", "desk"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that came and was recognised."""

    stem: str
    stored: str
    """Name in the folder :data:`SORTED`."""
    uploaded_as: str

    @property
    def place(self) -> str:
        """Where it belongs in a desk folder; text tables of any ending become .csv."""
        if self.stem in RULES:
            return self.stem
        return self.stem + (".xlsx" if self.stored.endswith(".xlsx") else ".csv")


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """What a draft remembers beside its files."""

    name: str
    base: str | None
    """Desk folder that completes it."""
    uploads: tuple[tuple[str, str], ...] = ()
    """Stored and shown name of each file that came."""
    candidates: tuple[Candidate, ...] = ()
    origins: dict[str, str] | None = None
    """Stem of each file of the desk that came with the upload, to the name it came under."""
    faults: tuple[Fault, ...] = ()
    """Of files that have no place in the desk."""
    notices: tuple[str, ...] = ()
    changes: int = 0


def load_record(folder: Path) -> DraftRecord:
    """What the draft remembers."""
    plain = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    record = from_plain(DraftRecord, plain)
    return replace(record, uploads=tuple((stored, name) for stored, name in plain["uploads"]))


def save_record(folder: Path, record: DraftRecord) -> None:
    """Keep what the draft remembers, whole or not at all."""
    write_json(folder / RECORD, to_plain(record))


def load_preview(folder: Path) -> Preview:
    """What the last check found.

    Raises
    ------
    InputError
        The draft has not been read yet.
    """
    try:
        return from_plain(Preview, json.loads((folder / PREVIEW).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise InputError("these files have not been read yet") from None


def copy_into(source: Path, target: Path) -> None:
    """Copy one file, whole or not at all.

    Raises
    ------
    InputError
        It cannot be read, or there is no room for it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, scratch)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise InputError(f"{source.name} cannot be copied ({error.strerror})") from error
    scratch.replace(target)


def write_json(path: Path, plain: Any) -> None:
    """Write JSON, whole or not at all."""
    write_bytes(path, json.dumps(plain, ensure_ascii=False).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.part")
    scratch.write_bytes(content)
    scratch.replace(path)
