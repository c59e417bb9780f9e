"""Every error that HedgeDesk raises on purpose.

::

    HedgeDeskError
    ├── InputError            a file or an argument is wrong; carries every fault found
    │   ├── UnitError         a unit that is unknown or does not fit
    │   ├── CurrencyMismatch  two currencies met without a conversion
    │   └── MissingMonths     the forecast has a hole
    ├── ModelError            a price model cannot be fitted to this history
    │   └── NotConverged      the likelihood search found no interior maximum
    ├── PlanError             no plan can be proposed
    │   ├── Infeasible        the rules contradict one another; names those that bind and by how much
    │   └── SolverInaccurate  the solver's answer is not proved to the asked tolerance
    ├── BookError             a position or trade that cannot be
    ├── NeedsScenarios        the scenarios at hand cannot answer it; a job draws others
    ├── ClusterError          a cluster cannot be reached, or was lost
    └── StoreError            the desk's own store cannot be read or written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input: where it stands, what was found, what would be right."""

    file: str
    row: int | None
    """Line in the file as a text editor counts it (the header is line 1); None: the fault is of the whole file."""
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        row = "" if self.row is None else f":{self.row}"
        column = "" if self.column is None else f":{self.column}"
        return f"{self.file}{row}{column}: found {self.found}; expected {self.expected}"


class HedgeDeskError(Exception):
    """Root of the tree above."""


class InputError(HedgeDeskError):
    """An input is wrong.

    Parameters
    ----------
    message
        One sentence; left out, it is made from the faults.
    faults
        Every fault found, in the order of the files.
    """

    def __init__(self, message: str = "", faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message or "\n".join(str(fault) for fault in self.faults))


class UnitError(InputError):
    """A unit that is unknown or does not fit."""


class CurrencyMismatch(InputError):
    """Two currencies met without a conversion."""


class MissingMonths(InputError):
    """The forecast has a hole inside its range, or none of its months is ahead."""


class ModelError(HedgeDeskError):
    """A price model cannot be fitted to this history; the message says what it would need."""


class NotConverged(ModelError):
    """The likelihood search found no interior maximum."""


class PlanError(HedgeDeskError):
    """No plan can be proposed."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One rule that cannot be kept together with the others, and by how much it would have to give."""

    rule: str
    limit: float
    needed: float
    unit: str
    name: str = ""
    """Kind of rule, such as ``credit_line``; empty: it has no name of its own."""
    where: str = ""
    """YYYY-MM of the month or contract; empty: the whole plan."""

    def __str__(self) -> str:
        gap = self.needed - self.limit
        told = f"{self.rule}: set at {self.limit:,.6g}, would have to be {self.needed + 0.0:,.6g} {self.unit}".rstrip()
        return f"{told} ({abs(gap):,.6g} {'more' if gap > 0 else 'less'})"


class Infeasible(PlanError):
    """The rules contradict one another.

    Parameters
    ----------
    message
        One sentence of what was asked.
    shortfalls
        Concessions that would make a plan possible; the message says whether each alone does or only all together.
    together
        Only all of them together would; else each kind of rule by itself.
    """

    def __init__(self, message: str, shortfalls: Sequence[Shortfall] = (), *, together: bool = True) -> None:
        self.shortfalls = tuple(shortfalls)
        self.together = together
        super().__init__("\n  ".join([message, *(str(s) for s in self.shortfalls)]))


class SolverInaccurate(PlanError):
    """The solver's answer is not proved to the asked tolerance, so it is no plan."""


class BookError(HedgeDeskError):
    """A position or trade that cannot be."""


class NeedsScenarios(HedgeDeskError):
    """The scenarios at hand cannot answer what is asked, or are no longer kept; a job draws others."""


class ClusterError(HedgeDeskError):
    """A cluster cannot be reached, is not fit to draw the same numbers, or was lost on the way."""


class StoreError(HedgeDeskError):
    """The desk's own store cannot be read or written; the message names the file and says what to do."""


def refused_by_disk(error: OSError) -> str:
    """What a disk or a folder refused, in words without an exception's name: the file, and why."""
    why = (error.strerror or str(error)).lower() or "it cannot be used"
    return f"{error.filename}: {why}" if error.filename else why
