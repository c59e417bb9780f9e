"""What the desk remembers: the store, opened when it is needed, and the newest runs in memory."""

from __future__ import annotations

import getpass
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hedgedesk.domain.workspace import Deed

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.store import Store

STORE_FILE = "hedgedesk.sqlite"
HELD = 16
"""Runs held in memory, the one longest not asked for goes first."""


class Memory:
    """The store of a folder and the runs that were read from it.

    A folder that nothing was saved in yet has no store; then nothing is imported and nothing made, so that a first
    start stays light.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: Store | None = None
        self._runs: OrderedDict[str, HedgeRun] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def found(self) -> Store | None:
        """The store; None: nothing was saved yet."""
        return self.store if (self._folder / STORE_FILE).exists() else None

    @property
    def store(self) -> Store:
        """The store, made when it is absent.

        Raises
        ------
        StoreError
            It cannot be opened; nothing is overwritten.
        """
        with self._lock:
            if self._store is None or not (self._folder / STORE_FILE).exists():
                from hedgedesk.store import Store

                self._store = Store(self._folder)
            return self._store

    def run(self, run_id: str) -> HedgeRun | None:
        """A stored run."""
        with self._lock:
            if run_id in self._runs:
                self._runs.move_to_end(run_id)
                return self._runs[run_id]
        run = self.found.run(run_id) if self.found is not None else None
        return None if run is None else self._hold(run_id, run)

    def drop(self, run_id: str) -> None:
        """Hold a run no longer."""
        with self._lock:
            self._runs.pop(run_id, None)

    def _hold(self, run_id: str, run: HedgeRun) -> HedgeRun:
        with self._lock:
            held = self._runs.setdefault(run_id, run)
            while len(self._runs) > HELD:
                self._runs.popitem(last=False)
            return held


def deed(what: str, subject: str, detail: str = "") -> Deed:
    """A line of the audit log, here and now."""
    return Deed(now(), user(), what, subject, detail)


def now() -> str:
    """ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def user() -> str:
    """User name on this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a user list
        return "unknown"
