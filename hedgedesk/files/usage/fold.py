"""Batches of usage added up by UTC day and key.

Sums do not depend on the order of the rows: every number is cut into a multiple of 2^-20, a multiple of 2^-50 and a
rest below 2^-51, and each part is added for itself, which is exact for the first two (sums below 2^33, and below 2^3
of at most 2^23 rows of one day and key). What is left of order is smaller than 1e-15 in absolute terms.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.domain.values import Floats

KEY_CAP = 100_000
"""Distinct keys (model, team, region, tier) of one import; beyond, single requests were taken for teams."""

_MONEY = ("requests", "billed", "listed", "priced")
"""Columns where NaN is "not told"; a sum is NaN only where no row was."""
_COLUMNS = (*METERS, "cache_write_1h", "reasoning", *_MONEY, "unpriced")
_WHOLE, _FINE = 1.5 * 2.0**32, 1.5 * 2.0**2
"""Added and taken off again, they round a number to a multiple of 2^-20 and of 2^-50."""
_ROWS_BETWEEN = 200_000
"""Folded rows kept apart before they are folded together."""


class TooManyKeys(Exception):
    """More than :data:`KEY_CAP`: what was found, and what would be right."""

    def __init__(self) -> None:
        found = f"more than {KEY_CAP:,} combinations of seller, model, team, region and tier"
        super().__init__(found, "teams and regions, not a name per request")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Folded rows: (m,) days and keys, (m, 3, C) sums by part, (m, 4) whether told."""

    day: NDArray[np.int64]
    key: NDArray[np.int64]
    sums: Floats
    told: NDArray[np.bool_]


@dataclass(slots=True)
class Fold:
    """What was added so far."""

    keys: dict[UsageKey, int] = field(default_factory=dict)
    currency: str = ""
    """Of the money added; empty: none was."""
    rows: int = 0
    _pieces: list[_Piece] = field(default_factory=list)

    def add(self, usage: Usage) -> None:
        """Add rows of any time and order; the caller sees to it that they are of one currency.

        Raises
        ------
        TooManyKeys
            Nothing was added.
        """
        if len(self.keys.keys() | set(usage.keys)) > KEY_CAP:
            raise TooManyKeys
        place = np.array([self.keys.setdefault(key, len(self.keys)) for key in usage.keys], dtype=np.int64)
        if usage.starts.size == 0:
            return
        values, told = _columns(usage)
        if np.any(told[:, 1:3]):
            self.currency = usage.currency
        day = usage.starts.astype("datetime64[D]").astype(np.int64)
        self.rows += day.size
        self._append(_folded(day, place[usage.key], _parts(values), told))

    def merge(self, other: Fold) -> None:
        """Add what another fold has.

        Raises
        ------
        TooManyKeys
            Both together have too many.
        """
        if len(self.keys.keys() | other.keys.keys()) > KEY_CAP:
            raise TooManyKeys
        place = np.array([self.keys.setdefault(key, len(self.keys)) for key in other.keys], dtype=np.int64)
        self.currency = self.currency or other.currency
        self.rows += other.rows
        for piece in other._pieces:
            self._append(_Piece(piece.day, place[piece.key], piece.sums, piece.told))

    def usage(self) -> Usage:
        """The sums, sorted by day and then by key; money is NaN where no row of the day and key told it."""
        piece = self._compact()
        keys = tuple(sorted(self.keys))
        place = np.empty(len(keys), dtype=np.int64)
        place[[self.keys[key] for key in keys]] = np.arange(len(keys))
        order = np.lexsort((place[piece.key], piece.day))
        totals = dict(zip(_COLUMNS, piece.sums[order, ::-1].sum(axis=1).T, strict=True))
        for column, name in enumerate(_MONEY):
            totals[name] = np.where(piece.told[order, column], totals[name], np.nan)
        return Usage(
            starts=piece.day[order].astype("datetime64[D]").astype("datetime64[s]"),
            keys=keys,
            key=place[piece.key[order]],
            tokens=np.stack([totals[meter] for meter in METERS], axis=1),
            cache_write_1h=totals["cache_write_1h"],
            reasoning=totals["reasoning"],
            requests=totals["requests"],
            billed=totals["billed"],
            listed=totals["listed"],
            priced=totals["priced"],
            currency=self.currency or "USD",
        )

    def unpriced_beside_priced(self) -> float:
        """Tokens without a price on days and keys where other rows have one: their priced sum is of those alone."""
        piece = self._compact()
        unpriced = piece.sums[:, :, _COLUMNS.index("unpriced")].sum(axis=1)
        return float(unpriced[piece.told[:, _MONEY.index("priced")]].sum())

    def _append(self, piece: _Piece) -> None:
        self._pieces.append(piece)
        if (
            len(self._pieces) > 1
            and sum(p.day.size for p in self._pieces) > _ROWS_BETWEEN + 2 * self._pieces[0].day.size
        ):
            self._compact()

    def _compact(self) -> _Piece:
        if len(self._pieces) != 1:
            self._pieces = [_joined(self._pieces)]
        return self._pieces[0]


def _columns(usage: Usage) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, C) numbers, unknown ones 0, and (n, 4) whether money and requests are told."""
    money = np.stack([getattr(usage, name) for name in _MONEY], axis=1)
    told = ~np.isnan(money)
    unpriced = np.where(told[:, _MONEY.index("priced")], 0.0, usage.tokens.sum(axis=1))
    parts = (
        usage.tokens,
        usage.cache_write_1h[:, None],
        usage.reasoning[:, None],
        np.nan_to_num(money),
        unpriced[:, None],
    )
    return np.concatenate(parts, axis=1), told


def _parts(values: Floats) -> Floats:
    """(n, 3, C): what adds up without rounding, and the rest."""
    whole = (values + _WHOLE) - _WHOLE
    rest = values - whole
    fine = (rest + _FINE) - _FINE
    return np.stack((whole, fine, rest - fine), axis=1)


def _folded(day: NDArray[np.int64], key: NDArray[np.int64], sums: Floats, told: NDArray[np.bool_]) -> _Piece:
    order = np.lexsort((key, day))
    day, key = day[order], key[order]
    begins = np.flatnonzero(np.r_[True, (day[1:] != day[:-1]) | (key[1:] != key[:-1])])
    return _Piece(
        day[begins],
        key[begins],
        np.add.reduceat(sums[order], begins, axis=0),
        np.logical_or.reduceat(told[order], begins, axis=0),
    )


def _joined(pieces: list[_Piece]) -> _Piece:
    if not pieces:
        shape = (0, 3, len(_COLUMNS))
        return _Piece(
            np.empty(0, np.int64), np.empty(0, np.int64), np.empty(shape), np.empty((0, len(_MONEY)), np.bool_)
        )
    return _folded(
        *(np.concatenate([getattr(piece, part) for piece in pieces]) for part in ("day", "key", "sums", "told"))
    )
