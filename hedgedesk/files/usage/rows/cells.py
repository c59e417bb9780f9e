"""One cell of an export as a number, a time, a flag or a JSON map; None where it is none."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from hedgedesk.files.dates import read_day
from hedgedesk.files.numbers import expected_instead, read_number

EMPTY = ("", "null", "none", "nan", "n/a", "\\n")
"""What exports write where they have nothing (FOCUS the text NULL, databases \\N), in lower case."""
FIRST_YEAR, LAST_YEAR = 2015, 2199
"""No token was sold before."""
LARGEST = 1e15
"""Of a single cell; beyond it, sums of tokens would no longer be exact."""
LONGEST_NAME = 4_000
"""Characters of a model's, a team's or any other name, or of a cloud's resource: a whole prompt is none."""
UNDECIDED = "?"
"""What marks decimals where a file leaves it open: see :func:`number`."""

NUMBER_EXPECTED = "a number"
COUNT_EXPECTED = "a number of at least 0"
TIME_EXPECTED = "a time: YYYY-MM-DD, ISO 8601 with or without zone, or epoch seconds"
NAME_EXPECTED = f"a text of at most {LONGEST_NAME:,} characters"
FLAG_EXPECTED = "true or false"

_FIRST_SECOND, _LAST_SECOND = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (FIRST_YEAR, LAST_YEAR))
_EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{13}")
_MILLISECONDS = 13
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_MICROSECONDS = 26
"""Characters of a time with six decimals and no zone."""
_LONG_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: 0?0:00(?::00)?)?")
_FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0", *EMPTY), False),
}


def empty(text: str) -> bool:
    """Whether a cell says nothing."""
    return not text or text.strip().casefold() in EMPTY


def number(text: str, decimal: str = ".") -> float | None:
    """A finite number; ``decimal`` is the mark of decimals, and where it is undecided, a number has no mark at all."""
    if decimal == UNDECIDED:
        decimal = "." if "." not in text and "," not in text else UNDECIDED
    if decimal == UNDECIDED:
        return None
    try:
        value = float(text) if decimal == "." and "_" not in text else None
    except ValueError:
        value = None
    if value is None:
        value = read_number(text.strip(), decimal)
    return value if value is not None and math.isfinite(value) else None


def name(text: str) -> str | None:
    """A text without spaces around it; None where it is too long for a name."""
    text = text.strip()
    return text if len(text) <= LONGEST_NAME else None


def number_expected(text: str, decimal: str, expected: str) -> str:
    """What would be right in place of a cell that is no ``expected`` number: the one that it may have meant, if any."""
    if decimal == UNDECIDED:
        return f"{expected}, without marks of thousands: nothing in this file tells whether 1.000 is 1 or 1000"
    value = number(text, decimal)
    if value is not None and abs(value) > LARGEST:
        return f"{expected}, up to {LARGEST:g}"
    return expected if value is not None else expected_instead(text.strip(), decimal, expected)


def time(text: str, *, month_first: bool = False) -> float | None:
    """Whole seconds since 1970 in UTC; a time without a zone is taken as UTC.

    ``month_first`` reads 03/04/2026 as 4 March, where a vendor documents that it writes so; else it is refused.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1_000.0 if len(text) == _MILLISECONDS else 1.0)
        return math.floor(seconds) if _in_reach(seconds) else None
    moment = _iso(text.removesuffix(" UTC")) or _written(text, month_first=month_first)
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def flag(text: str) -> bool | None:
    """Yes or no; an empty cell is no."""
    return _FLAGS.get(text.strip().casefold())


def json_map(text: str) -> dict[str, Any] | None:
    """A JSON object; an empty cell is an empty one."""
    if not text.startswith("{") and empty(text):
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _in_reach(seconds: float) -> bool:
    return _FIRST_SECOND <= seconds < _LAST_SECOND


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text if len(text) <= _MICROSECONDS else _LONG_FRACTION.sub(r"\1", text))
    except ValueError:
        return None


def _written(text: str, *, month_first: bool) -> datetime | None:
    if month_first and (found := _SLASHED.fullmatch(text)):
        try:
            return datetime(int(found[3]), int(found[1]), int(found[2]), tzinfo=UTC)
        except ValueError:
            return None
    day = read_day(text)
    return None if day is None else datetime.fromisoformat(f"{day}T00:00:00+00:00")
