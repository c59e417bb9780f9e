"""A TOML value as the text of a cell, and what a typed text means; a key as messages write it."""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import Any

from hedgedesk.files.numbers import read_number

Path = tuple[str | int, ...]
"""Keys and places in lists, from the top of the file."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


def told(path: Path) -> str:
    """A path as messages write it: ``bands[2].min``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += ("." if text else "") + (step if _PLAIN_KEY.fullmatch(step) else json.dumps(step))
    return text


def value_text(value: Any, *, is_text: bool = False) -> str:
    """A TOML value as a cell: a text without quotes where :func:`typed_value` takes it for the same text."""
    if isinstance(value, str) and value and typed_value(value, is_text=is_text) == value:
        return value
    return inline(value)


def inline(value: Any) -> str:
    """A value on one line, as TOML."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{told((key,))} = {inline(part)}" for key, part in value.items()) + "}"
    return str(value) if isinstance(value, int) else value.isoformat()


def typed_value(text: str, *, is_text: bool = False) -> Any:
    """What a cell means: TOML where it is TOML, else a number with thousands, else the text itself."""
    text = text.strip()
    value = _as_toml(text)
    if value is None or (is_text and not isinstance(value, str)):
        number = None if is_text else read_number(text, ".")
        value = text if number is None else number
    return value


def _as_toml(text: str) -> Any:
    if "\n" in text or not text:
        return None
    try:
        table = tomllib.loads(f"v = {text}")
    except (ValueError, RecursionError, OverflowError):
        return None
    return table["v"] if set(table) == {"v"} else None
