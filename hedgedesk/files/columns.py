"""Columns of a table as checked values: one list each, None where a fault was told or an optional cell is empty."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.files.dates import MONTH_EXPECTED, day_expected, read_day, read_month
from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.headers import Matched, Wanted, match
from hedgedesk.files.numbers import (
    REACH_EXPECTED,
    count_votes,
    decimal_mark,
    expected_instead,
    in_reach,
    read_number,
    shifted,
)
from hedgedesk.files.table import Table, open_table
from hedgedesk.files.workbook import Cell

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a number must be."""

    expected: str
    good: Callable[[float], bool]
    optional: bool = False
    """An empty cell is None and no fault."""


PRICE = Rule("a price above 0", lambda x: x > 0)
VOLUME = Rule("a number of at least 0", lambda x: x >= 0)
COUNT = Rule("a number of at least 0, or nothing", lambda x: x >= 0, optional=True)


class Columns:
    """A table whose columns were found.

    Parameters
    ----------
    table
        As read.
    matched
        Where the columns stand.
    numeric
        Names of the columns that hold numbers; they decide together what marks decimals.
    report
        Where faults go.
    """

    def __init__(self, table: Table, matched: Matched, numeric: Sequence[str], report: FileFindings) -> None:
        self.lines = table.lines
        self.currency = matched.currency
        self._matched = matched
        self._rows = table.rows
        self._report = report
        self._delimiter = table.delimiter
        present = [name for name in numeric if name in matched.position]
        self._votes = {name: count_votes(self._cells(name), table.delimiter) for name in present}

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self._matched.position

    def label(self, name: str) -> str:
        """The column's name as the file writes it."""
        return self._matched.label[name]

    def texts(self, name: str, choices: Sequence[str] = (), *, optional: bool = False) -> list[str | None]:
        """Text without spaces around it; of ``choices`` only, when given, whatever their case."""
        expected = f"one of {', '.join(choices)}" if choices else "a text"

        def read(cell: Cell) -> str | None:
            text = _as_text(cell)
            if choices:
                text = text.casefold()
                return text if text in choices else None
            return text or None

        return self._read(name, read, lambda _: expected, optional=optional)

    def months(self, name: str) -> list[np.datetime64 | None]:
        """Months, datetime64[M]."""
        return self._read(name, read_month, lambda _: MONTH_EXPECTED)

    def days(self, name: str, *, optional: bool = False) -> list[np.datetime64 | None]:
        """Days, datetime64[D]."""
        return self._read(name, read_day, day_expected, optional=optional)

    def numbers(self, name: str, rule: Rule) -> list[float | None]:
        """Numbers that obey ``rule``; those of the price column are turned into currency per Mtok."""
        shift = self._matched.shift if name in ("price", "settlement") else 0
        decimal = self.decimal(name)

        def read(cell: Cell) -> float | None:
            value = _as_number(cell, decimal, shift)
            return value if value is not None and rule.good(value) and in_reach(value) else None

        def expected(cell: Cell) -> str:
            value = _as_number(cell, decimal, shift)
            if value is not None and rule.good(value):
                return REACH_EXPECTED
            text = cell.strip() if isinstance(cell, str) else ""
            wrong_way = text and read_number(text, decimal) is None
            return expected_instead(text, decimal, rule.expected) if wrong_way else rule.expected

        return self._read(name, read, expected, optional=rule.optional)

    def require_once(self, keys: Sequence[Hashable], column: str, expected: str) -> list[bool]:
        """(n,) True where a key stands for the first time; each later one is a fault. None is no key."""
        first: dict[Hashable, int] = {}
        once = []
        for line, key in zip(self.lines, keys, strict=True):
            earlier = None if key is None else first.setdefault(key, line)
            once.append(earlier == line)
            if earlier is not None and earlier != line:
                told = " ".join(str(part) for part in key if str(part)) if isinstance(key, tuple) else str(key)
                self.fault(line, column, f"{told} again (first in line {earlier})", expected)
        return once

    def last_of_each(self, keys: Sequence[Hashable]) -> list[bool]:
        """(n,) True where a key stands for the last time; rows before it are told in one notice. None is no key."""
        last = {key: line for line, key in zip(self.lines, keys, strict=True) if key is not None}
        by = [last.get(key) for key in keys]
        stands = [other == line for line, other in zip(self.lines, by, strict=True)]
        replaced = [
            (line, other) for line, other in zip(self.lines, by, strict=True) if other is not None and other != line
        ]
        if replaced:
            told = "line {} by line {}".format(*replaced[0])
            self.notice(f"{len(replaced)} row(s) replaced by a later one of the same day ({told}): the last stands")
        return stands

    def fault(
        self, line: int | None, name: str, found: object, expected: str, kind: type[InputError] = InputError
    ) -> None:
        """Record a fault in the column ``name``."""
        self._report.fault(line, self._matched.label.get(name, name), found, expected, kind)

    def notice(self, text: str) -> None:
        """Record something set aside or assumed."""
        self._report.notice(text)

    def _cells(self, name: str) -> list[Cell]:
        i = self._matched.position[name]
        return [row[i] if i < len(row) else "" for row in self._rows]

    def _read(
        self, name: str, read: Callable[[Cell], V | None], expected: Callable[[Cell], str], *, optional: bool = False
    ) -> list[V | None]:
        if not self.has(name):
            return [None] * len(self.lines)
        # A month or a model stands in thousands of rows: each text is read once.
        known: dict[Cell, V | None] = {}
        values = []
        for line, cell in zip(self.lines, self._cells(name), strict=True):
            key = cell if isinstance(cell, str) else None
            if key is not None and key in known:
                value = known[key]
            else:
                value = read(cell)
                if key is not None:
                    known[key] = value
            values.append(value)
            if value is None and not (optional and _empty(cell)):
                self.fault(line, name, cell, expected(cell))
        return values

    def decimal(self, name: str) -> str:
        """What marks decimals in the texts of a column, ``.`` or ``,``."""
        votes: Counter[str] = self._votes.get(name, Counter())
        others = [other for column, other in self._votes.items() if column != name]
        decided = decimal_mark(votes, others, self._delimiter)
        if decided is not None or not self.has(name):
            return decided or "."
        return self._fallback(name)

    def _fallback(self, name: str) -> str:
        """Rule 3 of :mod:`hedgedesk.files.numbers`, told in a notice where it matters."""
        texts = [cell.strip() for cell in self._cells(name) if isinstance(cell, str)]
        commas = next((text for text in texts if "," in text and read_number(text, ".") is not None), None)
        decimal = "," if commas and self._delimiter == ";" else "."
        example = commas or next((t for t in texts if "." in t and read_number(t, ",") is not None), None)
        if example and (commas or self._delimiter == ";"):
            value = read_number(example, decimal)
            self.notice(f"column {self.label(name)}: {shown(example)} is read as {value:.15g}; nothing else decides")
        return decimal


def open_columns(path: Path, wanted: Wanted, numeric: Sequence[str], report: FileFindings) -> Columns | None:
    """Read a table and find its columns; None after a fault that leaves nothing to check."""
    table = open_table(path, report)
    if table is None:
        return None
    matched = match(table, wanted, report)
    if matched is None:
        return None
    table.fill(report, may_be_empty=wanted.may_be_empty)
    return Columns(table, matched, numeric, report)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _as_number(cell: Cell, decimal: str, shift: int) -> float | None:
    if isinstance(cell, str):
        return read_number(cell.strip(), decimal, shift)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not math.isfinite(cell):
        return None
    return shifted(repr(cell), shift)


def _empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
