"""Which desk is open: the sample, the user's own folder, or a kept desk at one of its revisions."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hedgedesk.desk.folders import Folders, Watch
from hedgedesk.desk.memory import Memory, deed
from hedgedesk.desk.places import sample
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.workspace import KeptDesk, OpenDesk
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.store import Revision

LONGEST_NAME = 80
UNSEEN = ("Cc", "Cs", "Co", "Cn")
"""Kinds of characters that no screen shows: control, half a character, private, none at all."""
TURNING = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
"""Marks that turn the direction of what follows, so that it reads as what it is not."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A folder that is only read: the sample or the user's own."""

    kind: str
    watch: Watch


class Desks:
    """The desk that is open and those that can be opened.

    Parameters
    ----------
    folder
        The user's own folder; None: the kept desk that was open last, else the sample.
    """

    def __init__(self, folder: Path | None, memory: Memory, folders: Folders) -> None:
        self._memory = memory
        self._folders = folders
        self._lock = threading.RLock()
        self._open: _Read | Revision | None = _Read("folder", Watch(folder)) if folder is not None else None

    def opened(self) -> OpenDesk:
        """The desk that is open, its key as its files are now."""
        with self._lock:
            if self._open is None:
                self._open = self._last()
            return self._told(self._open)

    def kept(self) -> tuple[KeptDesk, ...]:
        """Every kept desk, the one changed last first."""
        store = self._memory.found
        return store.kept_desks() if store is not None else ()

    def open_kept(self, workspace: str) -> OpenDesk:
        """Open a kept desk.

        Raises
        ------
        StoreError
            There is no such desk.
        """
        with self._lock:
            self._open = self._memory.store.revision(workspace)
            self._memory.store.set_open_desk(workspace)
            return self._told(self._open)

    def open_sample(self) -> OpenDesk:
        """Open the sample."""
        with self._lock:
            self._open = _the_sample()
            if self._memory.found is not None:
                self._memory.found.set_open_desk(None)
            return self._told(self._open)

    def keep(self, folder: Path, name: str, what: str, *, new: bool) -> OpenDesk:
        """Keep the files of ``folder`` as a new desk, or as the next revision of the kept desk that is open."""
        name = proper_name(name)
        with self._lock:
            now = self.opened()
            key = self._folders.keep(folder)
            follows = not new and now.workspace is not None
            if follows and (now.key, now.name) == (key, name):
                return now
            store, told = self._memory.store, deed(what, name, key[:12])
            if follows and now.workspace is not None:
                self._open = store.add_revision(now.workspace, name, key, what, told)
            else:
                self._open = store.add_workspace(name, key, what, told)
            return self._told(self._open)

    def undo(self) -> OpenDesk:
        """Go one revision back; what has no revision before stays as it is."""
        with self._lock:
            now = self.opened()
            if now.workspace is not None and now.undoable:
                told = deed("undone", now.name, f"{now.revision}")
                self._open = self._memory.store.step_back(now.workspace, told)
            return self.opened()

    def _last(self) -> _Read | Revision:
        store = self._memory.found
        workspace = store.open_desk() if store is not None else None
        if store is None or workspace is None:
            return _the_sample()
        return store.revision(workspace)

    def _told(self, place: _Read | Revision) -> OpenDesk:
        if isinstance(place, _Read):
            folder = place.watch.folder
            name = say("app.sample") if place.kind == "sample" else folder.resolve().name
            return OpenDesk(name, place.kind, folder, place.watch.key())
        return OpenDesk(
            name=place.name,
            kind="kept",
            folder=self._folders.path(place.key),
            key=place.key,
            workspace=place.workspace,
            revision=place.number,
            undoable=place.parent is not None,
        )


def proper_name(name: str) -> str:
    """A name without spaces around it.

    Raises
    ------
    InputError
        It is empty or too long, or holds characters that nobody sees.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InputError(f"a name has 1 to {LONGEST_NAME} characters, this one {len(name)}")
    if any(unicodedata.category(c) in UNSEEN or unicodedata.bidirectional(c) in TURNING for c in name):
        raise InputError("a name has only characters that can be seen: type it anew")
    return name


def _the_sample() -> _Read:
    return _Read("sample", Watch(sample()))
