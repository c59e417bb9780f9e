"""Columns in which every cell is written in the plainest way, read at one stroke.

Whatever is not beyond doubt is left to :mod:`~hedgedesk.files.usage.rows.cells`, cell by cell: what is read here is
read there as the same number and the same second.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.rows.cells import FIRST_YEAR, LAST_YEAR

Texts = NDArray[np.object_]

_SECONDS_LONG = len("2026-01-31 23:59:59")
_AFTER_SECONDS = re.compile(r"(?:\.[0-9]{1,9})?(?:Z|\+00:00| UTC)?")
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_MARKS = ((4, "-"), (7, "-"), (10, " T"), (13, ":"), (16, ":"))


def clean_numbers(texts: Texts, default: float) -> Floats | None:
    """(n,) numbers of cells as programs write them, ``default`` for empty ones; None: some cell is no such number."""
    written = (texts != "").astype(np.bool_)
    told = texts[written]
    if "_" in "".join(told.tolist()):  # Python reads 1_000 as a number
        return None
    try:
        numbers = told.astype(np.float64)
    except ValueError:
        return None
    if not np.isfinite(numbers).all():
        return None
    values = np.full(texts.size, default, dtype=np.float64)
    values[written] = numbers
    return values


def clean_times(texts: Texts) -> NDArray[np.int64] | None:
    """(n,) seconds since 1970 of ISO instants in UTC, ``2026-01-31T23:59:59.123Z``; None: some cell is no such one."""
    told = texts.tolist()
    if not all(map(_AFTER_SECONDS.fullmatch, {text[_SECONDS_LONG:] for text in told})):
        return None
    try:
        heads = np.array([text[:_SECONDS_LONG] for text in told], dtype="S")
    except UnicodeEncodeError:
        return None
    if heads.dtype.itemsize != _SECONDS_LONG:
        return None
    letters = heads.view(np.uint8).reshape(-1, _SECONDS_LONG)
    digits = letters[:, _DIGITS] - np.uint8(ord("0"))  # what is below wraps around to more than 9
    if np.any(digits > 9) or not all(np.isin(letters[:, at], list(marks.encode())).all() for at, marks in _MARKS):
        return None
    return _seconds(digits.astype(np.int64))


def _seconds(digits: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """(n,) seconds since 1970 of (n, 14) digits; None where the calendar or the clock lacks one of them."""
    year = digits[:, :4] @ np.array([1_000, 100, 10, 1])
    month, day, hour, minute, second = (digits[:, 4::2] * 10 + digits[:, 5::2]).T
    if np.any((year < FIRST_YEAR) | (year > LAST_YEAR) | (month < 1) | (month > 12) | (day < 1)):
        return None
    if np.any((hour > 23) | (minute > 59) | (second > 59)):
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    if np.any(days.astype("datetime64[M]") != months):
        return None
    seconds: NDArray[np.int64] = days.astype(np.int64) * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds
