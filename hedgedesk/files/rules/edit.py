"""Edits of a TOML file, its comments and its order kept.

What is written is compared with what was meant: if the file's layout cannot take an edit, it is laid out anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import shown
from hedgedesk.files.raw import MOST_ROWS, require_text
from hedgedesk.files.rules.keys import wants_text
from hedgedesk.files.rules.raw import DEEPEST, RuleRow, rows_of
from hedgedesk.files.rules.tree import at_path, insert_part, prune, remove_path, set_path
from hedgedesk.files.rules.values import Path, inline, told, typed_value

_STEP = re.compile(r"([A-Za-z0-9_-]+)((?:\[[0-9]{1,3}\])*)")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def edit_rules(text: str, place: str, edits: Sequence[CellEdit]) -> str:
    """Apply ``edits`` in their order, all by the rows that the table had before; the file's new text.

    An empty value takes the key out. An add holds ``key<TAB>value``; without a text it adds another of what stands in
    its row: a band, a margin step, the next month.

    Raises
    ------
    InputError
        A row that is not there, a key that cannot be, or an edit that TOML cannot hold.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    plain: dict[str, Any] = tomllib.loads(text)
    steps, emptied = _steps(plain, place, edits)
    for step in steps:
        step(plain)
    prune(plain, emptied)
    try:
        document: Any = tomlkit.parse(text)
        for step in steps:
            step(document)
        prune(document, emptied)
        written = tomlkit.dumps(document)
        if tomllib.loads(written) == plain:
            return written
    except (TOMLKitError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        pass  # a layout that tomlkit cannot edit: laid out anew below
    return laid_out(plain)


def laid_out(plain: dict[str, Any]) -> str:
    """A table written anew, one key a line.

    Raises
    ------
    InputError
        TOML cannot hold it.
    """
    written = "".join(f"{told((key,))} = {inline(value)}\n" for key, value in plain.items())
    try:
        kept = tomllib.loads(written) == plain
    except (ValueError, RecursionError, OverflowError):
        kept = False
    if not kept:
        raise InputError("this edit cannot be written as TOML: change the file itself and load it again")
    return written


_Step = Callable[[Any], None]


def _steps(plain: dict[str, Any], place: str, edits: Sequence[CellEdit]) -> tuple[list[_Step], set[str]]:
    """What is to be done with the file's table, and the keys at its top that something is taken out of."""
    rows = dict(enumerate(rows_of(plain, place)[:MOST_ROWS], start=1))
    steps: list[_Step] = []
    additions: list[_Step] = []
    emptied = set()
    for edit in edits:
        require_text(edit.text)
        if edit.kind == "add" and edit.text:
            key, _, value = edit.text.partition("\t")
            steps.append(_setting(_path(key), place, value))
            continue
        if edit.line not in rows:
            raise InputError(f"no row {edit.line} in {place}: it has changed, so look at it again")
        # Parts are put into lists last: until then every path means what it meant to the caller.
        row = rows[edit.line]
        (additions if edit.kind == "add" else steps).append(_step(row, plain, place, edit))
        if _takes_out(edit) or edit.column == "key":
            emptied.add(str(row.path[0]))
    return [*steps, *reversed(additions)], emptied


def _step(row: RuleRow, plain: dict[str, Any], place: str, edit: CellEdit) -> _Step:
    if _takes_out(edit):
        return lambda root: remove_path(root, row.path)
    if edit.kind == "cell" and edit.column == "value":
        return _setting(row.path, place, edit.text)
    if edit.kind == "cell" and edit.column == "key":
        return _renaming(row, place, edit.text)
    if edit.kind == "add":
        return _another(row, plain)
    raise InputError(f"an edit of kind {shown(edit.kind)} in column {shown(edit.column)}: {place} has key and value")


def _takes_out(edit: CellEdit) -> bool:
    return edit.kind == "remove" or (edit.kind == "cell" and edit.column == "value" and not edit.text.strip())


def _path(key: str) -> Path:
    path: list[str | int] = []
    for part in key.strip().split("."):
        found = _STEP.fullmatch(part.strip().strip('"'))
        if not found:
            raise InputError(f"{shown(key)} is no key: for example level, bands[2].min or budget.2027-01")
        path += [found[1], *(int(n) - 1 for n in re.findall(r"\d+", found[2]))]
    if len(path) > DEEPEST or -1 in path:
        raise InputError(f"{shown(key)} is no key: parts count from 1, and there are at most {DEEPEST}")
    return tuple(path)


def _setting(path: Path, place: str, text: str) -> _Step:
    if not text.strip():
        raise InputError(f"{told(path)} has no value")
    value = typed_value(text, is_text=wants_text(place, told(path)))
    return lambda root: set_path(root, path, value)


def _renaming(row: RuleRow, place: str, key: str) -> _Step:
    path = _path(key)
    if not row.text:
        raise InputError(f"{row.key} has no value yet: give it one, or add {key} as a row of its own")
    value = typed_value(row.text, is_text=wants_text(place, row.key))

    def rename(root: Any) -> None:
        remove_path(root, row.path)
        set_path(root, path, value)

    return rename


def _another(row: RuleRow, plain: dict[str, Any]) -> _Step:
    """Another part of the list, or another month of the table, that ``row`` stands in."""
    for depth, step in enumerate(row.path):
        if isinstance(step, int):
            part, place, index = deepcopy(at_path(plain, row.path[: depth + 1])), row.path[:depth], step + 1
            return lambda root: insert_part(at_path(root, place), index, part)
    months = at_path(plain, row.path[:-1]) if len(row.path) > 1 else {}
    if months and all(_MONTH.fullmatch(str(month)) for month in months):
        path = (*row.path[:-1], _after(max(months)))
        return lambda root: set_path(root, path, at_path(plain, row.path))
    raise InputError(f"nothing can be added to {row.key}: every key of the file has a row already")


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
