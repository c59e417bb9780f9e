"""Tables and lists of a TOML file changed in place: plain ones, and those that tomlkit keeps with their comments."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from itertools import pairwise
from typing import Any

from hedgedesk.domain.errors import InputError
from hedgedesk.files.rules.values import Path, told


def at_path(root: Any, path: Path) -> Any:
    """What stands at ``path``."""
    for step in path:
        root = root[step]
    return root


def insert_part(parts: Any, index: int, part: dict[str, Any]) -> None:
    """Put a table into a list of tables, before the one at ``index``."""
    from tomlkit.items import Array

    parts.insert(min(index, len(parts)), _in_line(part) if isinstance(parts, Array) else part)


def _in_line(part: Any) -> Any:
    """A value for tomlkit that does not open a table: what follows it would fall into that."""
    import tomlkit

    if not isinstance(part, dict):
        return part
    table = tomlkit.inline_table()
    table.update(part)
    return table


def set_path(root: Any, path: Path, value: Any) -> None:
    """Put ``value`` at ``path``, with the tables and lists on the way to it.

    Raises
    ------
    InputError
        The path leaves out parts of a list.
    """
    node = root
    for step, after in pairwise(path):
        node = _opened(node, step, list if isinstance(after, int) else dict)
    _put(node, path[-1], value, path)


def _opened(node: Any, step: str | int, kind: type) -> Any:
    """The table or list at ``step`` of ``node``, made where there is none."""
    there = step < len(node) if isinstance(step, int) else step in node
    if not there or not isinstance(node[step], kind):
        _put(node, step, kind(), (step,))
    return node[step]


def _put(node: Any, step: str | int, value: Any, path: Path) -> None:
    import tomlkit

    fits = isinstance(node, tomlkit.items.Item | tomlkit.TOMLDocument)
    value = _in_line(value) if fits else value
    if isinstance(step, int) and step == len(node):
        node.append(value)
    elif isinstance(step, int) and step > len(node):
        raise InputError(f"{told(path)}: the list has {len(node)} parts, so the next is [{len(node) + 1}]")
    else:
        node[step] = value


def remove_path(root: Any, path: Path) -> None:
    """Take a key out; a row that an edit before took out already stays out."""
    with contextlib.suppress(KeyError, IndexError, TypeError):
        node: Any = at_path(root, path[:-1])
        del node[path[-1]]


def prune(root: Any, keys: Collection[str]) -> None:
    """Take the tables and lists at ``keys`` out where edits left them empty, innermost first."""
    for key in [key for key in root if key in keys]:
        value = root[key]
        if isinstance(value, dict):
            prune(value, list(value))
        elif isinstance(value, list):
            for index in reversed(range(len(value))):
                if isinstance(value[index], dict) and not value[index]:
                    del value[index]
        if isinstance(value, dict | list) and not len(value):
            del root[key]
