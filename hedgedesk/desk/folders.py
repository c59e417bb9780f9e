"""Desk folders by content: which files count, their key, and immutable copies under it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
import uuid
import zipfile
from collections.abc import Container, Iterator
from pathlib import Path

from hedgedesk.domain.errors import StoreError

DESK_FILES = (".csv", ".xlsx", ".toml")
PLACES = {"": DESK_FILES, "market": DESK_FILES, "usage": (".csv", ".gz", ".parquet", ".toml")}
"""Subfolders that a run reads, and the endings of what it reads there."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The same files give the same zip: entries have no time of their own."""
UNUSED = 86_400.0
"""Seconds after which a copy that nothing refers to is removed."""
SETTLED = 2.0
"""Seconds after its last change in which a file may change again without its time telling."""

Signature = tuple[tuple[str, int, int], ...]


def desk_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a desk folder that a run may read, by its relative name with ``/``, sorted."""
    found = {}
    for place, endings in PLACES.items():
        if (folder / place).is_dir():
            for path in (folder / place).iterdir():
                if path.suffix.lower() in endings and path.is_file():
                    found[path.relative_to(folder).as_posix()] = path
    yield from sorted(found.items())


def content_key(folder: Path, without: Container[str] = ()) -> str:
    """SHA-256 over names and bytes of the desk's files, wherever the folder lies: what a run is made of.

    Parameters
    ----------
    folder
        Of the desk.
    without
        Names, without their endings, of files that do not count.
    """
    digest = hashlib.sha256()
    for name, path in desk_files(folder):
        if name.rsplit(".", 1)[0] not in without:
            digest.update(name.encode() + b"\0" + _hash_of(path))
    return digest.hexdigest()


class AllBut:
    """Every name that has none of some beginnings."""

    def __init__(self, beginnings: tuple[str, ...]) -> None:
        self._beginnings = beginnings

    def __contains__(self, name: object) -> bool:
        return not str(name).startswith(self._beginnings)


def _hash_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:  # a usage export may be larger than the memory
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:  # the run itself says what cannot be read
        return hashlib.sha256(str(error).encode()).digest()


def zipped(folder: Path) -> bytes:
    """The files of a desk folder that a run may read, in one zip; a link that leads outside is left out."""
    into, home = io.BytesIO(), folder.resolve()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in desk_files(folder):
            if path.resolve().is_relative_to(home):
                entry = zipfile.ZipInfo(name, EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as content, archive.open(entry, "w") as packed:
                    shutil.copyfileobj(content, packed)
    return into.getvalue()


class Watch:
    """The key of a folder that others may change: hashed again only when a size or a time has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: tuple[Signature, str] | None = None

    def key(self) -> str:
        """Content key of the folder as it is now."""
        signature = self._signature()
        if self._seen is not None and self._seen[0] == signature:
            return self._seen[1]
        key = content_key(self.folder)
        newest = max((changed for _, _, changed in signature), default=0)
        settled = time.time_ns() - newest > SETTLED * 1e9
        self._seen = (signature, key) if settled else None
        return key

    def _signature(self) -> Signature:
        return tuple((name, path.stat().st_size, path.stat().st_mtime_ns) for name, path in desk_files(self.folder))


def _age(path: Path) -> float:
    """Seconds since the last change; 0 for what has just been removed by another."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


class Folders:
    """Immutable copies of desk folders, each under the key of its contents."""

    def __init__(self, home: Path) -> None:
        self.home = home / "folders"

    def path(self, key: str) -> Path:
        """Where the copy of ``key`` lies, made or not."""
        return self.home / key

    def keep(self, folder: Path) -> str:
        """Copy the desk's files; the key of what was copied. A copy that is there and whole is used as it is.

        Raises
        ------
        StoreError
            The copy cannot be written.
        OSError
            A file of ``folder`` cannot be read.
        """
        files = list(desk_files(folder))
        for _, path in files:
            path.open("rb").close()  # what cannot be read is told before anything is written
        part = self.home / f"{uuid.uuid4().hex}.part"
        try:
            for name, path in files:
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, part / name)
            part.mkdir(parents=True, exist_ok=True)
            return self._put(part)
        except OSError as error:
            raise StoreError(f"{self.home} cannot be written: {error.strerror or error}") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def clear_out(self, used: Container[str]) -> None:
        """Remove the copies that are not ``used`` and were not put or found here for a day.

        The day leaves time to whoever has just put a copy and still makes the run or the desk that uses it.
        """
        if not self.home.is_dir():
            return
        for copy in self.home.iterdir():
            if copy.name not in used and _age(copy) > UNUSED:
                shutil.rmtree(copy, ignore_errors=True)

    def require_whole(self, folder: Path) -> None:
        """Raise :class:`StoreError` if ``folder`` is one of the copies and somebody has changed it."""
        if folder.parent == self.home and content_key(folder) != folder.name:
            raise StoreError(f"the kept files in {folder} were changed by hand: import the desk again")

    def _put(self, part: Path) -> str:
        key = content_key(part)
        target = self.path(key)
        if target.is_dir() and content_key(target) != key:
            shutil.rmtree(target)  # somebody changed the copy by hand
        if target.is_dir():
            os.utime(target)  # in use again: see clear_out
        else:
            try:
                part.replace(target)
            except OSError:
                if not target.is_dir():  # else another process has just put the same files there
                    raise
        return key
