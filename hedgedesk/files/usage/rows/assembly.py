"""Columns of an export put together as usage, its keys made distinct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, Union

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.domain.values import Floats

T = TypeVar("T")
Column = Union[NDArray[Any], T]  # noqa: UP007 - a subscripted alias needs the class at run time
"""One value for all rows, or (n,) values."""

Flags = NDArray[np.bool_]

_LOWER = ("seller", "model", "tier", "item")
_KEY_FIELDS = ("seller", "model", "team", "region", "tier", "item", "cache_known")


@dataclass(frozen=True)
class Parts:
    """What :meth:`hedgedesk.files.usage.rows.export.Chunk.usage` is given."""

    starts: NDArray[np.datetime64]
    seller: Column[str]
    model: Column[str]
    team: Column[str]
    region: Column[str]
    tier: Column[str]
    item: Column[str]
    cache_known: Column[bool]
    meters: Mapping[str, Column[float]]
    """The four of ``METERS``, cache_write_1h and reasoning."""
    requests: Column[float]
    billed: Column[float]
    listed: Column[float]


def assemble(parts: Parts, good: Flags, currency: str) -> Usage | None:
    """Usage of the rows ``good``, (n,); None where there are none."""
    if not good.any():
        return None
    keys, key = _keys(parts, good)
    meters = {name: _floats(values, good) for name, values in parts.meters.items()}
    return Usage(
        starts=np.asarray(parts.starts, dtype="datetime64[s]")[good],
        keys=keys,
        key=key,
        tokens=np.stack([meters[meter] for meter in METERS], axis=1),
        cache_write_1h=meters["cache_write_1h"],
        reasoning=meters["reasoning"],
        requests=_floats(parts.requests, good),
        billed=_floats(parts.billed, good),
        listed=_floats(parts.listed, good),
        priced=np.full(int(good.sum()), np.nan),
        currency=currency,
    )


def _floats(values: Column[float], good: Flags) -> Floats:
    column: Floats = np.broadcast_to(np.asarray(values, dtype=np.float64), good.shape)[good]
    return column


def _keys(parts: Parts, good: Flags) -> tuple[tuple[UsageKey, ...], NDArray[np.int64]]:
    """Distinct keys in their order, and which of them each good row has."""
    columns = [_told(getattr(parts, name), name, good) for name in _KEY_FIELDS]
    rows = int(good.sum())
    code = np.zeros(rows, dtype=np.int64)
    for names, which in columns:
        _, code = np.unique(code * len(names) + which, return_inverse=True)
    _, first, key = np.unique(code, return_index=True, return_inverse=True)
    found = [UsageKey(*(names[which[row]] for names, which in columns)) for row in first]
    keys = tuple(sorted(set(found)))
    place = {each: i for i, each in enumerate(keys)}
    return keys, np.array([place[each] for each in found], dtype=np.int64)[key]


def _told(values: Column[Any], name: str, good: Flags) -> tuple[list[Any], NDArray[np.int64]]:
    """The distinct values of a column, as a key has them, and which of them each good row has."""
    if not isinstance(values, np.ndarray):
        return [_as_key(values, name)], np.zeros(int(good.sum()), dtype=np.int64)
    cells = values[good].tolist()
    seen = {value: place for place, value in enumerate(dict.fromkeys(cells))}
    which = np.fromiter(map(seen.__getitem__, cells), np.int64, len(cells))
    return [_as_key(value, name) for value in seen], which


def _as_key(value: Any, name: str) -> Any:
    if name == "cache_known":
        return bool(value)
    text = str(value).strip()
    return text.lower() if name in _LOWER else text
