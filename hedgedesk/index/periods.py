"""When an index is printed: Sundays, or the last days of months."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Dates

_A_SUNDAY = np.datetime64("2024-03-31")
_DAY = np.timedelta64(1, "D")


def period_end(day: np.datetime64, frequency: str) -> np.datetime64:
    """Last day, datetime64[D], of the week (Monday to Sunday) or month that ``day`` lies in."""
    if frequency == "month":
        return np.datetime64((day.astype("datetime64[M]") + np.timedelta64(1, "M")).astype("datetime64[D]") - _DAY)
    ahead = int((_A_SUNDAY - day).astype(np.int64)) % 7
    return np.datetime64(day + np.timedelta64(ahead, "D"))


def period_ends(first: np.datetime64, last: np.datetime64, frequency: str) -> Dates:
    """(T,) datetime64[D]: ends of every period from the one of ``first`` to the one of ``last``.

    The period of the newest row is printed although it may not be over, because a list price stands until the next
    row: what is known so far is what the print would be. No print uses a row dated after it.
    """
    start, end = period_end(first, frequency), period_end(last, frequency)
    if frequency == "week":
        return np.arange(start, end + _DAY, 7)
    after = np.arange(start.astype("datetime64[M]"), end.astype("datetime64[M]") + np.timedelta64(1, "M")) + 1
    return np.array(after.astype("datetime64[D]") - _DAY, dtype="datetime64[D]")
