"""The states of a draft before each change, to go back to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from hedgedesk.domain.errors import InputError
from hedgedesk.files.draft.records import DAMAGE, DESK, RECORD, write_bytes, write_json

HISTORY = "history"
MOST_HISTORY = 64 * 10**6
"""Bytes of files kept for undoing; beyond, the oldest changes cannot be taken back."""


def remember(folder: Path, places: set[str]) -> None:
    """Keep the record and the files at ``places`` as they are, to go back to."""
    steps = steps_of(folder)
    number = int(steps[-1].name) + 1 if steps else 1
    scratch = folder / HISTORY / ".part"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    kept: dict[str, str | None] = {}
    for n, place in enumerate(sorted(places)):
        source = folder / DESK / place
        kept[place] = f"{n}.bin" if source.is_file() else None
        if source.is_file():
            shutil.copyfile(source, scratch / f"{n}.bin")
    shutil.copyfile(folder / RECORD, scratch / RECORD)
    write_json(scratch / "files.json", kept)
    scratch.replace(folder / HISTORY / f"{number:06d}")
    _forget_old(folder)


def take_back(folder: Path) -> None:
    """Put everything as it was before the last change.

    Raises
    ------
    InputError
        Nothing was changed, or what was kept of it is damaged.
    """
    steps = steps_of(folder)
    if not steps:
        raise InputError("nothing was changed, so there is nothing to take back")
    kept, record = _kept(steps[-1])
    for place, content in kept.items():
        if content is None:
            (folder / DESK / place).unlink(missing_ok=True)
        else:
            write_bytes(folder / DESK / place, content)
    write_bytes(folder / RECORD, record)
    shutil.rmtree(steps[-1])


def _kept(step: Path) -> tuple[dict[str, bytes | None], bytes]:
    """Files by place (None: there was none) and record as they were, all read before any is written."""
    try:
        names = json.loads((step / "files.json").read_text(encoding="utf-8")).items()
        files = {place: None if name is None else (step / name).read_bytes() for place, name in names}
        return files, (step / RECORD).read_bytes()
    except (*DAMAGE, OSError) as error:
        raise InputError("what was kept of the last change is damaged, so it cannot be taken back") from error


def _forget_old(folder: Path) -> None:
    room = MOST_HISTORY
    for step in reversed(steps_of(folder)):
        room -= sum(path.stat().st_size for path in step.iterdir())
        if room < 0:
            shutil.rmtree(step)


def steps_of(folder: Path) -> list[Path]:
    """The kept states, oldest first."""
    history = folder / HISTORY
    return sorted(step for step in history.iterdir() if step.name.isdigit()) if history.is_dir() else []
