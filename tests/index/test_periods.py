"""When an index is printed."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.index.periods import period_end, period_ends


@pytest.mark.parametrize(
    ("day", "frequency", "end"),
    [
        ("2026-11-16", "week", "2026-11-22"),
        ("2026-11-22", "week", "2026-11-22"),
        ("2026-11-23", "week", "2026-11-29"),
        ("2024-02-01", "month", "2024-02-29"),
        ("2025-12-31", "month", "2025-12-31"),
    ],
)
def test_a_week_ends_on_its_sunday_and_a_month_on_its_last_day(day, frequency, end):
    assert str(period_end(np.datetime64(day), frequency)) == end


def test_the_periods_run_from_that_of_the_first_row_to_that_of_the_newest():
    ends = period_ends(np.datetime64("2025-12-05"), np.datetime64("2026-02-01"), "month")
    assert ends.astype(str).tolist() == ["2025-12-31", "2026-01-31", "2026-02-28"]
    weeks = period_ends(np.datetime64("2026-02-15"), np.datetime64("2026-02-16"), "week")
    assert weeks.astype(str).tolist() == ["2026-02-15", "2026-02-22"]
