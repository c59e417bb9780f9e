"""What the desk remembers: the desks a user has opened, their revisions, the runs made and what was done when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

RUN_ID = re.compile(r"[0-9a-f]{16}")


def is_run_id(text: str) -> bool:
    """Whether ``text`` is written as the id of a run is, so that a file may be called by it."""
    return RUN_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """The desk that is open."""

    name: str
    """What the user calls it."""
    kind: str
    """sample, folder (the user's own, only read) or kept (a workspace among the user's own files)."""
    folder: Path
    """Where its files are read from; of a kept desk its newest revision's."""
    key: str
    """SHA-256 over the desk's files: what a run was made of is compared with it."""
    workspace: str | None = None
    """Id of a kept desk."""
    revision: int | None = None
    """Number of a kept desk's revision, from 1."""
    undoable: bool = False
    """Whether there is a revision before."""


@dataclass(frozen=True, slots=True)
class KeptDesk:
    """A workspace in the list of those that can be opened."""

    workspace: str
    name: str
    revision: int
    changed_at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A stored run in one line; money in ``currency``."""

    run_id: str
    name: str | None
    """Given by the user; None: it has only its id."""
    kind: str
    """run or what_if."""
    based_on: str | None
    """Run id that a what-if started from."""
    changes: str
    """A what-if's changes in words; empty for a run."""
    desk: str
    """Name of the desk."""
    key: str
    """Content key of the desk's files (:attr:`OpenDesk.key`)."""
    made_at: str
    """ISO 8601, UTC."""
    made_by: str
    """User name on this computer."""
    as_of: str
    model: str
    scenarios: int
    seed: int
    currency: str
    level: float
    mean: float
    """Hedged."""
    cvar: float
    """Hedged."""
    unhedged_cvar: float
    seconds: float
    """Time it took, wall clock."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit log, which is only ever added to."""

    at: str
    """ISO 8601, UTC."""
    who: str
    what: str
    """imported, edited, undone, ran, named, saved_what_if, removed, reported."""
    subject: str
    """Desk or run."""
    detail: str
