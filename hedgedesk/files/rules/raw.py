"""A TOML file as rows of key and value for the editor.

Every documented key has a row, with an empty value where the file leaves it out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hedgedesk.domain.draft import RawTable
from hedgedesk.domain.errors import Fault
from hedgedesk.files.raw import MOST_ROWS, placed
from hedgedesk.files.rules.keys import KEYS, meaning_of, wants_text
from hedgedesk.files.rules.values import Path, told, value_text

HEADER = ("key", "value")
DEEPEST = 4
"""Levels of tables that become rows; what lies deeper stands in one value."""
EDIT_CAP = 65_536
"""Bytes of the largest TOML file that can be edited here; a documented one has two thousand."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One key with its value as text; an empty text: the key is not there."""

    path: Path
    key: str
    text: str


def rule_rows(text: str, place: str) -> list[RuleRow]:
    """Every key of a TOML file in its order, then the documented ones that it leaves out.

    Raises
    ------
    ValueError, RecursionError
        The text is no TOML or nested too deeply.
    """
    return rows_of(tomllib.loads(text), place)


def rows_of(table: dict[str, Any], place: str) -> list[RuleRow]:
    """The same of a file that is read already."""
    there = [
        RuleRow(path, key := told(path), value_text(value, is_text=wants_text(place, key)))
        for path, value in _leaves(table, ())
    ]
    return [*there, *(RuleRow((key,), key, "") for key in KEYS[place] if key not in table)]


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict) and len(path) < DEEPEST:
        inside = value.items()
    elif isinstance(value, list) and value and all(isinstance(v, dict) and v for v in value) and len(path) < DEEPEST:
        inside = enumerate(value)
    if path and not inside:
        yield path, value
    for step, part in inside:
        yield from _leaves(part, (*path, step))


def rules_table(place: str, text: str, faults: Sequence[Fault]) -> RawTable:
    """The file for the editor: rows numbered from 1, each with what its key means."""
    rows = rule_rows(text, place)[:MOST_ROWS]
    number = {row.key: n for n, row in reversed(list(enumerate(rows, start=1)))}
    return RawTable(
        place,
        HEADER,
        tuple(range(1, len(rows) + 1)),
        tuple((row.key, row.text) for row in rows),
        tuple(_placed(fault, number) for fault in faults),
        meanings=tuple(meaning_of(place, row.key) for row in rows),
    )


def _placed(fault: Fault, number: dict[str, int]) -> Fault:
    column = fault.column or ""
    row = number.get(column) or min((n for key, n in number.items() if _inside(key, column)), default=None)
    if row is None:
        return placed(fault, set(), {})
    found = fault.found if column in number else f"{column}: {fault.found}"
    return Fault(fault.file, row, "value", found, fault.expected)


def _inside(key: str, column: str) -> bool:
    return bool(column) and key.startswith((f"{column}.", f"{column}["))
