"""The two recipes for a noun, and the way both are written down as plain text.

*Small value*: ``@dataclass(frozen=True, slots=True)``, compared by value.

*Array holder*: ``@dataclass(frozen=True, eq=False)`` on top of :class:`ArrayHolder`. Its arrays are copied and locked
when it is made, and made again through the constructor when it is unpickled, because numpy forgets the lock
in a pickle and a frozen dataclass is frozen only one level deep.

:func:`to_plain` and :func:`from_plain` turn either into JSON-ready lists and dicts and back; this is how a result
crosses from a job's process to the screen, so that nothing is ever unpickled.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable, Mapping
from datetime import date
from functools import cache
from typing import Any, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""float64 array; the docstring of the field or argument says shape and unit."""
Singles = NDArray[np.float32]
"""float32 array, of paths that are too many to keep in float64."""
Months = NDArray[np.datetime64]
"""datetime64[M] array."""
Dates = NDArray[np.datetime64]
"""datetime64[D] array."""

T = TypeVar("T")


class ArrayHolder:
    """Base of every noun that holds arrays: copies and locks them, and keeps them locked through a pickle.

    An array that is locked already and owns its memory is shared: ``dataclasses.replace`` copies only what is new.
    """

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) and (value.flags.writeable or not value.flags.owndata):
                locked = value.copy()
                locked.setflags(write=False)
                object.__setattr__(self, field.name, locked)
        self.validate()

    def validate(self) -> None:
        """Raise when the fields contradict one another; each noun says what it requires."""

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), tuple(getattr(self, f.name) for f in dataclasses.fields(self))  # type: ignore[arg-type]


def require_months(name: str, values: NDArray[Any]) -> None:
    """Raise ``TypeError`` unless ``values`` is datetime64[M]: meeting a day, numpy would silently promote to days."""
    if values.dtype != np.dtype("datetime64[M]"):
        raise TypeError(f"{name} must be datetime64[M], not {values.dtype}")


def to_plain(value: Any) -> Any:
    """Turn a noun into JSON-ready values: floats stay floats, NaN becomes None, dates become ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "M":
            return np.datetime_as_string(value).tolist()
        return to_plain(value.tolist())
    if isinstance(value, np.datetime64):
        return str(value)
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(v) for v in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(value)
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """Rebuild a noun of class ``kind`` from what :func:`to_plain` wrote; unknown keys are ignored."""
    hints = _hints(cast("Hashable", kind))
    fields = {f.name for f in dataclasses.fields(kind) if f.init}  # type: ignore[arg-type]
    return kind(**{name: _revive(hints[name], part) for name, part in value.items() if name in fields})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _revive(hint: Any, value: Any) -> Any:
    if hint is np.datetime64:
        return np.datetime64(value)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        return _revive(next(a for a in arguments if a is not type(None)), value)
    if origin is np.ndarray:
        return _revive_array(arguments, value)
    if origin is tuple:
        return tuple(_revive(arguments[0], part) for part in value)
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {key: _revive(arguments[1], part) for key, part in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    if hint is float and value is None:
        return float("nan")
    if hint is float and isinstance(value, (int, str)):
        return float(value)
    return value


def _revive_array(arguments: tuple[Any, ...], value: Any) -> NDArray[Any]:
    kind = typing.get_args(arguments[1])[0]
    if kind is np.datetime64:
        # An ISO text names its own resolution (2027-01 is a month, 2027-01-31 a day), so numpy infers it.
        return np.array(value, dtype="datetime64") if value else np.array([], dtype="datetime64[M]")
    return np.array(value, dtype=kind)
