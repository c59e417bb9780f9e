"""Files on their way in: what was recognised, what is wrong, the cells that can be mended before all is kept."""

from __future__ import annotations

from dataclasses import dataclass

from hedgedesk.domain.errors import Fault


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of an uploaded table and what it was taken for."""

    header: str
    """As the file writes it."""
    meaning: str
    """Name of the documented column; empty: unknown, set aside."""
    unit: str
    """Read from the header, such as ``CNY per Mtok`` or ``Mtok``; empty where it has none."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One uploaded file."""

    name: str
    """Its place in the desk folder, such as ``market/index.csv``; empty where none was recognised."""
    uploaded_as: str
    """Name it came under."""
    rows: int
    columns: tuple[MappedColumn, ...]
    faults: int
    editable: bool
    """Whether its cells can be mended here (a table or a TOML file that could be read at all)."""
    vendor: str = ""
    """Of a usage export: whose it was taken for; empty: no usage export, or of nobody known."""
    vendor_named: bool = False
    """Of a usage export: the user has named its vendor."""


@dataclass(frozen=True, slots=True)
class ModelChange:
    """A model of a draft's forecast whose lines a forecast from usage would not just give other numbers."""

    model: str
    new: tuple[str, ...]
    """Teams that it does not have yet."""
    gone: tuple[str, ...]
    """Teams that it would have no more."""
    meters: tuple[str, ...] = ()
    """Meters that it has and the exports do not know: their lines would be empty."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would be as a desk; nothing of it is kept until it is confirmed."""

    draft: str
    """Id."""
    name: str
    """Proposed name of the desk."""
    files: tuple[DraftFile, ...]
    faults: tuple[Fault, ...]
    """Of every file, and between files."""
    notices: tuple[str, ...]
    as_of: str | None
    """Newest market date, where the desk could be read."""
    ready: bool
    """No fault: the draft can be confirmed."""
    undoable: bool = False
    """Whether a cell was edited that can be taken back."""
    changes: int = 0
    """Edits made to the draft since it came."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file of a draft as text cells, for the editor."""

    name: str
    """Place in the desk folder."""
    header: tuple[str, ...]
    lines: tuple[int, ...]
    """(n,) line of each row as messages count them."""
    rows: tuple[tuple[str, ...], ...]
    """(n,) of as many cells as the header has."""
    faults: tuple[Fault, ...] = ()
    """Of this file; ``row`` is one of ``lines``, ``column`` one of ``header``, either None for the whole file."""
    units: tuple[str, ...] = ()
    """Of each column, for the grid's header; empty: none known."""
    meanings: tuple[str, ...] = ()
    """Of each row where the table is a TOML file (one key a row); else empty."""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One change to a raw table."""

    kind: str
    """cell (set ``column`` of row ``line`` to ``text``), add (a row after ``line``) or remove (the row ``line``)."""
    line: int
    column: str = ""
    text: str = ""
