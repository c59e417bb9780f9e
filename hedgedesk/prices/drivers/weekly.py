"""Histories on one grid of weeks, so that changes of different files can be compared."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.units import DAYS_PER_YEAR
from hedgedesk.domain.values import Dates, Floats

WEEK = 7
WEEKS_PER_YEAR = DAYS_PER_YEAR / WEEK


def week_ends(as_of: np.datetime64, *dates: Dates) -> Dates:
    """(W,) days a week apart that end on ``as_of``, from the first of all ``dates`` on."""
    first = min(days[0] for days in dates)
    count = max(0, int((as_of - first).astype(np.int64))) // WEEK + 1
    return np.asarray(as_of - WEEK * np.arange(count)[::-1].astype("timedelta64[D]"))


def weekly_log(dates: Dates, levels: Floats, ends: Dates) -> Floats:
    """(W,) log of the newest level within the seven days up to each of ``ends``; NaN where there is none."""
    newest = np.searchsorted(dates, ends, side="right") - 1
    found = np.maximum(newest, 0)
    fresh = (newest >= 0) & (dates[found] > ends - np.timedelta64(WEEK, "D"))
    return np.where(fresh, np.log(levels[found]), np.nan)


def weekly_changes(dates: Dates, levels: Floats, ends: Dates) -> Floats:
    """(W - 1,) changes of the log from week to week; NaN where either week has no level."""
    return np.diff(weekly_log(dates, levels, ends))
