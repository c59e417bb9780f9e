"""How a job stands, for whoever asks: the desk, the tray, the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hedgedesk.domain.errors import Fault

TELLING = 0.1
"""Before this fraction the pace says more about starting up than about the work."""
OPEN_ENDED = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job gave no result."""

    reference: str
    """Short id, beside the traceback in the log."""
    text: str
    faults: tuple[Fault, ...] = ()
    """Every fault of the input, where that is what failed."""


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as it stands now."""

    id: str
    key: str
    status: str
    """waiting, running, done, failed or cancelled."""
    fraction: float = 0.0
    text: str = ""
    seconds_left: float | None = None
    """None: too early to tell."""
    ahead: int = 0
    """How many jobs wait before this one."""
    failure: JobFailure | None = None
    result: dict[str, Any] | None = None
    kind: str = "run"
    """run, what_if, import or report."""
    title: str = ""
    """What it works on, in words for the tray."""

    @property
    def active(self) -> bool:
        """Whether it is still waiting or running."""
        return self.status in OPEN_ENDED


def seconds_left(elapsed: float, fraction: float) -> float | None:
    """Time to go at the pace so far, elapsed (1 - f) / f in seconds; None while it is too early to tell."""
    return elapsed * (1.0 - fraction) / fraction if fraction >= TELLING else None
