"""What the user is told of a failure."""

from __future__ import annotations

from hedgedesk.domain.errors import HedgeDeskError, refused_by_disk
from hedgedesk.reports.messages import say


def in_words(error: BaseException | None, reference: str) -> str:
    """The failure in words; of one that is ours to mend, only where the log has it."""
    if isinstance(error, HedgeDeskError):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return refused_by_disk(error)
    return say("fault.unexpected", reference=reference)
