"""What a reader found wrong or worth saying, gathered file by file so that everything is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TypeVar

from hedgedesk.domain.errors import Fault, InputError

SHOWN_PER_FILE = 50
"""Faults of one file that are listed; the rest is counted."""
KEPT_PER_FILE = 5_000
"""Faults of one file that are kept to find the first :data:`SHOWN_PER_FILE` lines among them."""
SHOWN_CHARACTERS = 80

Place = str | PathLike[str]
"""A path as a caller may give it."""

T = TypeVar("T")


def shown(value: object) -> str:
    """Show ``value`` in a message: one line, at most :data:`SHOWN_CHARACTERS` long, nothing invisible."""
    text = str(value)
    if not text.strip():
        return "an empty cell"
    cut = visible(text[:SHOWN_CHARACTERS])
    return cut + "…" if len(text) > SHOWN_CHARACTERS else cut


def visible(text: str) -> str:
    """``text`` with everything that nobody sees written out: line ends, control characters, turns of direction."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass(slots=True)
class FileFindings:
    """Faults and notices of one file."""

    name: str
    """As the messages call it: relative to the desk folder, with forward slashes."""
    digest: str | None = None
    """SHA-256 of the bytes that were read; None: not read."""
    notices: list[str] = field(default_factory=list)
    places: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    """Line and written name of a column or key that was found, for checks that come after reading."""
    count: int = 0
    _kept: list[tuple[Fault, type[InputError]]] = field(default_factory=list)

    def fault(
        self,
        row: int | None,
        column: str | None,
        found: object,
        expected: str,
        kind: type[InputError] = InputError,
    ) -> None:
        """Record one fault; ``kind`` is the class to raise when every fault is of that kind."""
        self.count += 1
        if len(self._kept) < KEPT_PER_FILE:
            column = None if column is None else shown(column)
            self._kept.append((Fault(self.name, row, column, shown(found), visible(expected)), kind))

    def fault_at(self, name: str, found: object, expected: str, kind: type[InputError] = InputError) -> None:
        """Record one fault where the column or key ``name`` stands."""
        line, label = self.places.get(name, (None, name))
        self.fault(line, label, found, expected, kind)

    def faulted(self, column: str) -> bool:
        """Whether a fault of ``column`` was recorded, or of a part of that key, such as ``bands[1].min``."""
        parts = (f"{column}.", f"{column}[")
        return any(f.column == column or (f.column or "").startswith(parts) for f, _ in self._kept)

    def notice(self, text: str) -> None:
        """Record something that was set aside or assumed."""
        self.notices.append(f"{self.name}: {visible(text)}")

    @property
    def kinds(self) -> set[type[InputError]]:
        """The classes of the faults kept."""
        return {kind for _, kind in self._kept}

    def listed(self) -> list[Fault]:
        """The first faults by line, and one more that counts the rest."""
        in_order = sorted((fault for fault, _ in self._kept), key=lambda fault: fault.row or 0)
        listed = in_order[:SHOWN_PER_FILE]
        if self.count > len(listed):
            more = f"and {self.count - len(listed):,} more faults in this file"
            listed.append(Fault(self.name, None, None, more, "these after the ones above are corrected"))
        return listed


class Findings:
    """Findings of all files, in the order in which they were opened."""

    def __init__(self) -> None:
        self._files: dict[str, FileFindings] = {}
        self._told: list[Fault] = []

    def file(self, name: str) -> FileFindings:
        """Findings of the file ``name``; always the same object for one name."""
        return self._files.setdefault(name, FileFindings(name))

    def tell(self, faults: Iterable[Fault]) -> None:
        """Take in the faults that another reader has listed already; they come last."""
        self._told += faults

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, file by file and line by line."""
        return (*(fault for file in self._files.values() for fault in file.listed()), *self._told)

    @property
    def notices(self) -> tuple[str, ...]:
        """Every notice, file by file."""
        return tuple(notice for file in self._files.values() for notice in file.notices)

    @property
    def hashes(self) -> dict[str, str]:
        """File name to the SHA-256 of its bytes, for every file read."""
        return {file.name: file.digest for file in self._files.values() if file.digest is not None}

    def raise_any(self) -> None:
        """Raise what was found.

        Raises
        ------
        InputError
            Anything is wrong; a subclass of it where every fault is of that kind.
        """
        kinds = set().union(*(file.kinds for file in self._files.values()), {InputError} if self._told else set())
        if kinds:
            raise (kinds.pop() if len(kinds) == 1 else InputError)(faults=self.faults)


def read_alone(path: Place, parse: Callable[[Path, FileFindings], T | None]) -> T:
    """Read one file on its own with ``parse``, naming it by its last part.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    place = Path(path)
    return read_table(place.name, lambda report: parse(place, report))


def read_table(name: str, parse: Callable[[FileFindings], T | None]) -> T:
    """Read what ``parse`` has at hand, faults named by ``name``; raises as :func:`read_alone`."""
    findings = Findings()
    value = parse(findings.file(name))
    findings.raise_any()
    if value is None:
        raise InputError(f"{name}: nothing could be read")
    return value
