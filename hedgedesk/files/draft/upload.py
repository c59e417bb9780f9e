"""What a browser sends: how much of it, and under which names it is kept until it is confirmed.

The user's names are only ever shown; on disk every file has a number for a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import shown

FILE_CAP = 11_500_000
"""Bytes of one file."""
TOTAL_CAP = 16 * 2**20
"""Bytes of all files of one upload together."""
MOST_FILES = 60
NAME_CHARACTERS = 60
"""Of the name proposed for a desk."""

TABLE_SUFFIXES = (".csv", ".xlsx", ".tsv", ".txt")
USAGE_SUFFIXES = (".gz", ".parquet")
"""Of exports that are no plain table."""
KEPT_SUFFIXES = (*TABLE_SUFFIXES, *USAGE_SUFFIXES, ".toml")
"""Of files that can have a place in a desk."""
KNOWN_SUFFIXES = (*KEPT_SUFFIXES, ".zip")


def require_limits(files: Sequence[tuple[str, bytes]]) -> None:
    """Refuse an upload that is too large or empty.

    Raises
    ------
    InputError
        One sentence: which file, how large, how much is allowed.
    """
    if not files:
        raise InputError("no file was chosen: drop a zip of a desk folder, or its tables")
    if len(files) > MOST_FILES:
        raise InputError(f"{len(files)} files at once: at most {MOST_FILES} can be loaded, or put them into one zip")
    for name, content in files:
        if len(content) > FILE_CAP:
            size, most = len(content) / 1e6, FILE_CAP / 1e6
            raise InputError(f"{display_name(name)} has {size:.1f} MB: at most {most:g} MB can be loaded")
    total = sum(len(content) for _, content in files)
    if total > TOTAL_CAP:
        allowed = f"at most {TOTAL_CAP / 2**20:g} MiB at once"
        raise InputError(f"these files have {total / 2**20:.1f} MiB together: {allowed}")


def stored_name(number: int, name: str) -> str:
    """Name on disk of the upload ``number``: ours, with the ending where it is one that can be read."""
    suffix = suffix_of(name)
    return f"{number:04d}{suffix if suffix in KNOWN_SUFFIXES else '.bin'}"


def suffix_of(name: str) -> str:
    """Ending of a user's file name, in small letters."""
    return PurePosixPath(name.replace("\\", "/").strip()).suffix.lower()


def display_name(name: str) -> str:
    """A user's file name as messages show it: its last parts, nothing invisible, never longer than a line."""
    path = name.replace("\\", "/").strip("/ ")
    last = PurePosixPath(path).name or path
    if not last:
        return "a file without a name"
    return shown(path if len(path) <= NAME_CHARACTERS else last[-NAME_CHARACTERS:])


def proposed_name(names: Sequence[str]) -> str:
    """Name of a desk made of files with these names: their folder's, the zip's, or the first table's."""
    if not names:
        return "My desk"
    first = PurePosixPath(names[0].replace("\\", "/").strip("/ "))
    in_folder = len(first.parts) > 1 and not first.parts[0].endswith(":")
    stem = first.parts[0] if in_folder else first.stem
    return "My desk" if not stem or stem.startswith(".") else shown(stem)[:NAME_CHARACTERS]


def keep_uploads(folder: Path, files: Sequence[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Write the files into ``folder`` under names of ours; stored and shown name of each."""
    folder.mkdir(parents=True)
    stored = [stored_name(number, name) for number, (name, _) in enumerate(files, start=1)]
    for file, (_, content) in zip(stored, files, strict=True):
        (folder / file).write_bytes(content)
    return list(zip(stored, told_apart([display_name(name) for name, _ in files]), strict=True))


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, each later one that came before with a number: ``book (2).csv``."""
    told: list[str] = []
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        stem, dot, suffix = name.rpartition(".")
        numbered = f"{stem} ({seen[name]}){dot}{suffix}" if dot else f"{name} ({seen[name]})"
        told.append(name if seen[name] == 1 else numbered)
    return told
