"""Days and months as people and Excel write them, where only one reading is possible.

ISO first. ``20.11.2026`` is day first everywhere it is written; ``13/11/2026`` has only one reading; ``03/04/2026`` has
two and is refused. ``Jan-27`` is what Excel makes of both 27 January and January 2027, and is refused too.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

import numpy as np

FIRST_YEAR, LAST_YEAR = 1900, 2199

DAY_EXPECTED = "a date, YYYY-MM-DD"
MONTH_EXPECTED = "a month, YYYY-MM"

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november")
_MONTH_NUMBER = {name: i for names in (_NAMES, (*_LONG, "december")) for i, name in enumerate(names, start=1)}
_MONTH_NUMBER["sept"] = 9

_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+]00:?00)?)?"
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _MIDNIGHT)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月(?:([0-9]{1,2})日)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_NAME_YEAR = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_NAME_YEAR = re.compile(r"([A-Za-z]{3,9})\.?[ -]([0-9]{4})")


def read_day(cell: object) -> np.datetime64 | None:
    """Read a cell as a day, datetime64[D]; None: it is none, or more than one."""
    if isinstance(cell, datetime):
        return _day(cell.year, cell.month, cell.day) if cell.time() == time() else None
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    return _day_from_text(cell.strip()) if isinstance(cell, str) else None


def read_month(cell: object) -> np.datetime64 | None:
    """Read a cell as a month, datetime64[M]; a full date counts when it is the first of its month."""
    if isinstance(cell, str):
        month = _month_from_text(cell.strip())
        if month is not None:
            return month
    day = read_day(cell)
    if day is None:
        return None
    month = day.astype("datetime64[M]")
    return month if day == month else None


def day_expected(cell: object) -> str:
    """What would be right in place of a cell that is no day."""
    if isinstance(cell, str) and _YEAR_LAST.fullmatch(cell.strip()):
        return f"{DAY_EXPECTED} (the found one has two readings, or none)"
    return DAY_EXPECTED


def _day(year: int, month: int, day: int) -> np.datetime64 | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return np.datetime64(date(year, month, day), "D")
    except ValueError:
        return None


def _month(year: int, month: int) -> np.datetime64 | None:
    first = _day(year, month, 1)
    return None if first is None else first.astype("datetime64[M]")


def _day_from_text(text: str) -> np.datetime64 | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if (found := _COMPACT.fullmatch(text)) or ((found := _CHINESE.fullmatch(text)) and found[3]):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        return _day_year_last(int(found[1]), int(found[3]), int(found[4]), found[2])
    if found := _DAY_NAME_YEAR.fullmatch(text):
        return _day(int(found[3]), _MONTH_NUMBER.get(found[2].lower(), 0), int(found[1]))
    if found := _NAME_DAY_YEAR.fullmatch(text):
        return _day(int(found[3]), _MONTH_NUMBER.get(found[1].lower(), 0), int(found[2]))
    return None


def _day_year_last(first: int, second: int, year: int, mark: str) -> np.datetime64 | None:
    if mark == "." or first > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else None


def _month_from_text(text: str) -> np.datetime64 | None:
    if found := _YEAR_MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]))
    if (found := _CHINESE.fullmatch(text)) and not found[3]:
        return _month(int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.fullmatch(text):
        return _month(int(found[2]), int(found[1]))
    if found := _NAME_YEAR.fullmatch(text):
        return _month(int(found[2]), _MONTH_NUMBER.get(found[1].lower(), 0))
    return None
