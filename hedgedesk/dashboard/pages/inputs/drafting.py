"""The draft that a window works on: found again, or made as a copy of the open desk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import Preview


@dataclass(frozen=True, slots=True)
class Held:
    """What a window remembers of its draft; ids only, the draft itself is on the server."""

    draft: str
    kind: str
    """import (files that were loaded) or edit (a copy of the open desk)."""
    base: str
    """Content key of the desk that was open when the draft was made."""
    job: str | None = None
    """The job that reads it; None: it is read at once."""
    turn: int = 0
    """Counts what was done to it, so that the page shows it again."""

    def again(self) -> Held:
        """The same, to be shown again."""
        return Held(self.draft, self.kind, self.base, self.job, self.turn + 1)

    def record(self) -> dict[str, Any]:
        """For the browser."""
        return asdict(self)


KINDS: dict[str, Any] = {"draft": str, "kind": str, "base": str, "job": str | None, "turn": int}
"""What the fields of :class:`Held` are, for what comes back from the browser."""


def held(record: dict[str, Any] | None) -> Held | None:
    """What the browser gave back; None where that is nothing we made."""
    if not isinstance(record, dict) or set(record) - set(KINDS):
        return None
    if any(not isinstance(record.get(name), kind) for name, kind in KINDS.items()):
        return None
    return Held(**record)


def current(desk: Desk, mine: Held | None) -> Held:
    """The window's own draft while it lives; a copy of the open desk otherwise.

    A copy in which nothing was changed follows the open desk.
    """
    if mine is None:
        return copy_of_open(desk)
    if reading(desk, mine):
        return mine.again()
    preview = preview_of(desk, mine)
    if preview is None:
        return copy_of_open(desk)
    if mine.kind == "import" or preview.changes or mine.base == desk.opened().key:
        return mine.again()
    desk.drafts.discard(mine.draft)
    return copy_of_open(desk)


def copy_of_open(desk: Desk) -> Held:
    """A new draft of the open desk's files."""
    opened = desk.opened()
    return Held(desk.drafts.copy_of(opened.folder, opened.name), "edit", opened.key)


def reading(desk: Desk, mine: Held) -> bool:
    """Whether the job that reads the draft is still at work."""
    state = desk.job(mine.job) if mine.job else None
    return state is not None and state.active


def preview_of(desk: Desk, mine: Held) -> Preview | None:
    """The draft as it stands; None: the server does not know it any more."""
    try:
        return desk.drafts.preview(mine.draft)
    except HedgeDeskError:
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands to the desk that is open."""

    conflict: bool
    """The open desk was changed since; saving as its next revision would undo that unseen."""
    follows: int | None
    """Number of the revision that keeping makes; None: it makes a new desk."""
    name: str
    """Proposed for the desk."""


def standing(desk: Desk, mine: Held, preview: Preview) -> Standing:
    """What keeping the draft would make.

    Edits, and single tables that the open desk completes, make its next revision; a whole desk makes a new one.
    """
    opened = desk.opened()
    partial = mine.kind == "edit" or any(file.name and not file.uploaded_as for file in preview.files)
    worth = mine.kind == "import" or preview.changes > 0
    follows = opened.revision + 1 if partial and opened.workspace and opened.revision else None
    copied = opened.name if follows else say("inputs.copy_name", name=opened.name)
    return Standing(partial and worth and mine.base != opened.key, follows, copied if partial else preview.name)
