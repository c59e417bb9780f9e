"""Rows that were read before, in the same file or another: known by two 64-bit fingerprints, never by their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.rows import cells
from hedgedesk.files.usage.rows.clean import clean_numbers
from hedgedesk.files.usage.rows.export import Export, Texts

Hashes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_RUNS = 12
"""Sorted runs that are searched one by one; more are merged."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells rows apart, (n,) each."""

    name: Hashes
    """Fingerprint of what names the row."""
    check: Hashes
    """Another of the same, made in another way: two rows are one only if both agree."""
    content: Hashes
    """Fingerprint of the row's numbers."""

    def of(self, which: NDArray[np.intp] | Flags) -> Marks:
        """The marks of some rows."""
        return Marks(self.name[which], self.check[which], self.content[which])


@dataclass(slots=True)
class Repeats:
    """Every row so far, 24 bytes each; a child is one file's, to be absorbed once the file is read well.

    Two different rows share both fingerprints by a chance of about n^2 / 2^129.
    """

    parent: Repeats | None = None
    runs: list[Marks] = field(default_factory=list)
    """Each sorted by name."""

    def sift(self, marks: Marks) -> tuple[Flags, Flags]:
        """Tell which rows were there before with the same numbers, and which with others; remember the new ones."""
        names, first, group = np.unique(marks.name, return_index=True, return_inverse=True)
        opener = first[group]
        again = opener != np.arange(marks.name.size)
        earlier = marks.of(opener)
        repeated = again & _same(earlier, marks)
        contrary = again & (earlier.check == marks.check) & ~repeated
        for run in (*self.runs, *(self.parent.runs if self.parent else ())):
            place = np.minimum(np.searchsorted(run.name, names), run.name.size - 1)
            before = run.of(place[group])
            met = (before.name == marks.name) & (before.check == marks.check)
            repeated = np.where(met, before.content == marks.content, repeated)
            contrary = np.where(met, before.content != marks.content, contrary)
        self._remember(marks.of(first[~(repeated | contrary)[first]]))
        return repeated, contrary

    def absorb(self, child: Repeats) -> None:
        """Take over the rows of a file."""
        for run in child.runs:
            self._remember(run)

    def _remember(self, new: Marks) -> None:
        if not new.name.size:
            return
        self.runs.append(new)
        if len(self.runs) > _MOST_RUNS:
            joined = Marks(*(np.concatenate([getattr(run, part) for run in self.runs]) for part in _PARTS))
            self.runs = [joined.of(np.argsort(joined.name, kind="stable"))]


_PARTS = ("name", "check", "content")
_KEY = np.uint64(hash("the content of a row") % 2**64)
"""Another one in every process, as Python's hash is."""


def _same(one: Marks, other: Marks) -> Flags:
    same: Flags = (one.check == other.check) & (one.content == other.content)
    return same


def marks_of(
    export: Export,
    columns: Mapping[str, Texts],
    known: Sequence[str],
    rows: int,
    clean: dict[str, Floats | None] | None = None,
) -> Marks | None:
    """Fingerprints of (n,) rows; None where the export's rows may repeat.

    Parameters
    ----------
    columns
        Normalised name to cells, of all columns of the file.
    known
        Those of them that the export documents.
    clean
        Takes up the columns that were read as numbers, NaN where there is nothing.
    """
    if export.identity == ():
        return None
    names = sorted(set(columns) | set(known))
    chosen = [name for name in export.identity or () if name in columns]
    if not chosen:
        return Marks(*_told(columns, names, export, rows), np.zeros(rows, dtype=np.int64))
    more = sorted(set(columns) - set(known)) if export.grouped else []
    named = _told(columns, [*(export.identity or ()), *more], export, rows)
    measured = export.measures or tuple(sorted(set(known) - set(export.identity or ())))
    content = _numbers(columns, [name for name in measured if name in columns], rows, {} if clean is None else clean)
    nameless = np.logical_and.reduce([columns[name] == "" for name in chosen]).astype(np.bool_)
    if not nameless.any():
        return Marks(*named, content)
    everything = _told(columns, names, export, rows)
    return Marks(
        np.where(nameless, everything[0], named[0]),
        np.where(nameless, everything[1], named[1]),
        np.where(nameless, 0, content),
    )


def _told(columns: Mapping[str, Texts], names: Sequence[str], export: Export, rows: int) -> tuple[Hashes, Hashes]:
    """Two fingerprints of the cells under ``names``; Python's own hash is keyed anew for every process."""
    cut = [columns[name].tolist() if name in columns else [""] * rows for name in names]
    salt = f"{export.vendor} {export.name}"
    one = _hashed(zip([salt] * rows, *cut, strict=True), rows)
    other = _hashed(map("\x1f".join, zip([salt] * rows, *cut, strict=True)), rows)
    return one, other


def _numbers(columns: Mapping[str, Texts], names: Sequence[str], rows: int, clean: dict[str, Floats | None]) -> Hashes:
    """Fingerprint of numbers, 59200.0 like 59200 and nothing like 0."""
    content = np.zeros(rows, dtype=np.uint64)
    for name in names:
        clean[name] = clean_numbers(columns[name], np.nan)
        content = _scattered(content ^ _bits(columns[name], clean[name]))
    return content.view(np.int64)


def _bits(cut: Texts, clean: Floats | None) -> NDArray[np.uint64]:
    """Each number as its bits, -0 like 0; a text that is none as its hash."""
    if clean is not None:
        return (np.nan_to_num(clean) + 0.0).view(np.uint64)
    texts = cut.tolist()
    known = {text: _value(text) for text in set(texts)}
    numbers = np.array([0.0 if isinstance(known[text], str) else known[text] for text in texts], dtype=np.float64)
    others = np.array([hash(text) if isinstance(known[text], str) else 0 for text in texts], dtype=np.int64)
    return (numbers + 0.0).view(np.uint64) ^ others.view(np.uint64)


def _scattered(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A permutation of the 64-bit numbers in which every bit moves about half of the others (splitmix64)."""
    bits = bits + _KEY
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _value(text: str) -> float | str:
    value = 0.0 if cells.empty(text) else cells.number(text)
    return text if value is None else value


def _hashed(values: Iterable[object], rows: int) -> Hashes:
    return np.fromiter(map(hash, values), dtype=np.int64, count=rows)
