"""``program.toml`` with another table in it: comments, order and what is equal stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from hedgedesk.files.rules.edit import laid_out


def rewritten(text: str, table: Mapping[str, Any], implied: Mapping[str, Any]) -> str:
    """The text of a TOML file after its table has become ``table``.

    Parameters
    ----------
    implied
        What a file means that does not say it: not written where it was not written before.

    Raises
    ------
    InputError
        TOML cannot hold it.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    before: dict[str, Any] = tomllib.loads(text)
    wanted = {key: value for key, value in table.items() if key in before or implied.get(key) != value}
    try:
        document: Any = tomlkit.parse(text)
        _become(document, before, wanted)
        written = tomlkit.dumps(document)
        if tomllib.loads(written) == wanted:
            return written
    except (TOMLKitError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        pass  # a layout that tomlkit cannot edit: laid out anew below
    return laid_out(wanted)


def _become(node: Any, before: dict[str, Any], after: Mapping[str, Any]) -> None:
    """Change what differs, table by table."""
    for key in [key for key in before if key not in after]:
        del node[key]
    for key in sorted(after, key=lambda key: _of_tables(after[key])):  # a key below a table would fall into it
        value, old = after[key], before.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _become(node[key], old, value)
        elif _parts(old) and _parts(value) and len(old or ()) == len(value):
            for item, was, now in zip(node[key], old or (), value, strict=True):
                _become(item, was, now)
        elif old != value or isinstance(old, bool) != isinstance(value, bool):
            _put(node, key, value)


def _parts(value: Any) -> bool:
    """Whether it is a list of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)


def _of_tables(value: Any) -> bool:
    """Whether it is a table of tables."""
    return isinstance(value, dict) and bool(value) and all(isinstance(part, dict) for part in value.values())


def _put(node: Any, key: str, value: Any) -> None:
    import tomlkit
    from tomlkit.items import Table

    if _of_tables(value):
        above = tomlkit.table(is_super_table=True)
        for name, part in value.items():
            above.append(name, _table(part))
        node[key] = above
    elif isinstance(value, dict) and isinstance(node, Table) and node.is_super_table():
        node[key] = _table(value)
    else:
        node[key] = _in_line(value)


def _table(part: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for name, value in part.items():
        table[name] = _in_line(value)
    return table


def _in_line(value: Any) -> Any:
    """A value that stands where it is put: a table of its own would swallow the keys below it."""
    import tomlkit

    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for name, part in value.items():
            inline[name] = _in_line(part)
        return inline
    if _parts(value):
        array = tomlkit.array().multiline(multiline=True)
        for part in value:
            array.append(_in_line(part))
        return array
    return value
