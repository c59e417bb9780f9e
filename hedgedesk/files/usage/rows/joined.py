"""Usage of several kinds out of the same rows, such as the tokens of a request and the web searches it paid for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from hedgedesk.domain.usage import Usage
from hedgedesk.files.usage.rows.export import Chunk, Flags

_ROWS = tuple(each.name for each in fields(Usage) if each.name not in ("keys", "key", "currency"))


def usage_of(chunk: Chunk, where: Flags, **columns: Any) -> Usage | None:
    """What :meth:`Chunk.usage` makes of the good rows ``where`` alone; the others stay good."""
    good = chunk.good
    chunk.good = good & where
    try:
        return chunk.usage(**columns)
    finally:
        chunk.good = good


def joined(*parts: Usage | None) -> Usage | None:
    """One usage of several in one currency, one after the other; None where there is nothing."""
    told = [part for part in parts if part is not None]
    if len(told) < 2:
        return told[0] if told else None
    keys = tuple(sorted({key for part in told for key in part.keys}))
    place = {key: i for i, key in enumerate(keys)}
    key = [np.array([place[each] for each in part.keys], dtype=np.int64)[part.key] for part in told]
    rows = {name: np.concatenate([getattr(part, name) for part in told]) for name in _ROWS}
    return Usage(keys=keys, key=np.concatenate(key), currency=told[0].currency, **rows)
