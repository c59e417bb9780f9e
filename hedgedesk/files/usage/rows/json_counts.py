"""Counts out of a column of JSON maps, a few per row: the maps of a million rows would not fit into memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.rows import cells
from hedgedesk.files.usage.rows.export import LARGEST, Chunk, Flags

Json = Mapping[str, Any]
COUNTS_EXPECTED = "counts of at least 0 in the JSON map"


def map_counts(chunk: Chunk, name: str, take: Callable[[Json], tuple[float, ...]], width: int) -> tuple[Floats, Flags]:
    """What ``take`` finds in each map of a column, (n, ``width``), and which cells are no JSON map, (n,).

    A cell without content is an empty map. NaN is "not told". A count below 0 or none at all is a fault of its row.
    """
    texts = chunk.cells[name].tolist() if chunk.has(name) else [""] * chunk.size
    nothing, taken, unread = take({}), list[tuple[float, ...]](), list[bool]()
    for text in texts:
        content = cells.json_map(text) if text.startswith("{") or not cells.empty(text) else {}
        unread.append(content is None)
        taken.append(take(content) if content else nothing)
    found = np.array(taken, dtype=np.float64).reshape(-1, width)
    wrong: Flags = np.any(found < 0, axis=1)
    chunk.fault(wrong, name, COUNTS_EXPECTED)
    found[wrong] = 0.0
    return found, np.array(unread, dtype=np.bool_)


def count(value: object) -> float:
    """A count in a map; NaN where it is missing or null, -1 where it is no count, which :func:`map_counts` refuses."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        number = cells.number(value)
        return -1.0 if number is None else float(number)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        return -1.0
    return float(value)


def inner(content: Json, name: str) -> Json:
    """The map inside a map; an empty one where there is none."""
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def first_count(*values: object) -> float:
    """The first count that is told."""
    return next((count(value) for value in values if value is not None), math.nan)
