"""What a draft remembers on disk; every file of it is written whole or not at all.

::

    <draft>/record.json     name, what came, what it became, what was found on the way
    <draft>/incoming/       the uploaded bytes under names of ours
    <draft>/sorted/         what came more than once, until all but one are left out
    <draft>/desk/           the desk folder that the draft makes
    <draft>/history/000001/ record.json and the files as they were before the first change
    <draft>/preview.json    what was found by the last check
    <draft>/usage.json      what the exports of the desk say, read once
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
from hedgedesk.files.documented import RULES, is_usage
from hedgedesk.files.whole import write_whole

RECORD, PREVIEW = "record.json", "preview.json"
INCOMING, SORTED, DESK = "incoming", "sorted", "desk"
DAMAGE = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""How JSON that nobody here wrote fails to be read back."""


class Damaged(InputError):
    """What the last check found cannot be read; it can be made anew."""


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
        if self.stem in RULES or is_usage(self.stem):
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
    """What the draft remembers.

    Raises
    ------
    InputError
        It is damaged.
    """
    try:
        plain = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        record = from_plain(DraftRecord, plain)
        return replace(record, uploads=tuple((stored, name) for stored, name in plain["uploads"]))
    except DAMAGE as error:
        raise InputError("what is remembered of these files is damaged: load them again") from error


def save_record(folder: Path, record: DraftRecord) -> None:
    """Keep what the draft remembers, whole or not at all."""
    write_json(folder / RECORD, to_plain(record))


def load_preview(folder: Path) -> Preview:
    """What the last check found.

    Raises
    ------
    InputError
        The draft has not been read yet, or what was found is damaged.
    """
    try:
        return from_plain(Preview, json.loads((folder / PREVIEW).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise InputError("these files have not been read yet") from None
    except DAMAGE as error:
        raise Damaged("what was found in these files is damaged: load them again") from error


def copy_into(source: Path, target: Path) -> None:
    """Copy one file, whole or not at all; exports may be large, so it is never all in memory.

    Raises
    ------
    InputError
        It cannot be read, or there is no room for it.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, part)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"{source.name} cannot be copied ({error.strerror})") from error


def write_json(path: Path, plain: Any) -> None:
    """Write JSON, whole or not at all."""
    write_bytes(path, json.dumps(plain, ensure_ascii=False).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, in a folder that is made where it is absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
