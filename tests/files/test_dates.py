"""Days and months as people write them."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgedesk.files.dates import day_expected, read_day, read_month


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "20261120",
        "20.11.2026",
        "20/11/2026",
        "11/20/2026",
        "20-11-2026",
        "20 Nov 2026",
        "20-Nov-2026",
        "20 November 2026",
        "Nov 20, 2026",
        "November 20 2026",
        "2026年11月20日",
        "2026-11-20 00:00:00",
        "2026-11-20T00:00Z",
        " 2026-11-20 ",
        date(2026, 11, 20),
        datetime.fromisoformat("2026-11-20"),
    ],
)
def test_a_day_is_read_where_it_has_one_reading(cell):
    day = read_day(cell)
    assert day == np.datetime64("2026-11-20")
    assert day.dtype == np.dtype("datetime64[D]")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "03/04/2026",
        "2026-02-30",
        "2026-13-01",
        "13/13/2026",
        "20 Nov 26",
        "20 Foo 2026",
        "today",
        "2026-11",
        "2026-11-20 15:00",
        "1899-01-01",
        "2200-01-01",
        "46000",
        46000,
        46000.5,
        True,
        datetime.fromisoformat("2026-11-20T15:00"),
    ],
)
def test_what_is_no_day_or_two_is_none(cell):
    assert read_day(cell) is None


def test_two_readings_are_named_as_the_reason():
    assert day_expected("03/04/2026") == "a date, YYYY-MM-DD (the found one has two readings, or none)"
    assert day_expected("soon") == "a date, YYYY-MM-DD"
    assert day_expected(5) == "a date, YYYY-MM-DD"


@pytest.mark.parametrize(
    "cell",
    [
        "2027-01",
        "2027/01",
        "2027-1",
        "01/2027",
        "Jan 2027",
        "January 2027",
        "Jan-2027",
        "2027年1月",
        "2027-01-01",
        "01.01.2027",
        date(2027, 1, 1),
        datetime.fromisoformat("2027-01-01"),
    ],
)
def test_a_month_is_read_from_its_name_or_its_first_day(cell):
    month = read_month(cell)
    assert month == np.datetime64("2027-01")
    assert month.dtype == np.dtype("datetime64[M]")


@pytest.mark.parametrize(
    "cell", ["2027-00", "2027-13", "2027", "Jan-27", "2027-01-02", "Foo 2027", 202701, date(2027, 1, 2)]
)
def test_what_is_no_month_is_none(cell):
    assert read_month(cell) is None


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_iso_day_survives_being_written_and_read(day):
    assert read_day(day.isoformat()) == np.datetime64(day)
    assert read_month(f"{day:%Y-%m}") == np.datetime64(day, "M")
