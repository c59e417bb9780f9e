"""Columns at one stroke: what is read so is what the cells say one by one, and any doubt is left to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgedesk.files.usage.rows import cells
from hedgedesk.files.usage.rows.clean import clean_numbers, clean_times


def column(*texts: str) -> np.ndarray:
    return np.array(texts, dtype=object)


ODD = st.sampled_from(["", " 5", "1_000", "1,000", "nan", "inf", "-0", "1e3", "1e400", "+2", ".5", "5.", "\u0665", "x"])
NUMBERS = st.one_of(ODD, st.integers().map(str), st.floats().map(str), st.text(max_size=4))


@given(st.lists(NUMBERS, max_size=5))
def test_numbers_are_those_of_the_cells(texts):
    found = clean_numbers(column(*texts), np.nan)
    if found is not None:
        expected = [np.nan if text == "" else cells.number(text) for text in texts]
        np.testing.assert_array_equal(found, np.array(expected, dtype=np.float64))


def test_a_column_as_programs_write_it_is_read_at_one_stroke():
    assert clean_numbers(column("59200", "", "0.5", "-1e3"), 7.0).tolist() == [59200.0, 7.0, 0.5, -1000.0]
    assert clean_numbers(column("", ""), 0.0).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "1e400", "1,000", "five", " "])
def test_a_doubtful_number_is_left_to_the_cells(text):
    assert clean_numbers(column("1", text), 0.0) is None


PARTS = (
    st.sampled_from(["2026", "2014", "2015", "2199", "2200", "20a6"]),
    st.sampled_from(["01", "02", "12", "13", "00"]),
    st.sampled_from(["01", "28", "29", "30", "31", "32", "00"]),
    st.sampled_from([" ", "T", "t", "_"]),
    st.sampled_from(["00", "23", "24", "1"]),
    st.sampled_from(["00", "59", "60"]),
    st.sampled_from(["00", "59", "60", "6"]),
    st.sampled_from(["", ".5", ".123456", ".123456789", ".", "Z", ".1Z", "+00:00", " UTC", "+02:00", " ", "\u0661"]),
)


@given(st.lists(st.tuples(*PARTS), min_size=1, max_size=4))
def test_times_are_those_of_the_cells(parts):
    texts = [f"{y}-{m}-{d}{mark}{h}:{i}:{s}{rest}" for y, m, d, mark, h, i, s, rest in parts]
    found = clean_times(column(*texts))
    if found is not None:
        assert found.tolist() == [cells.time(text) for text in texts]


def test_instants_in_utc_are_read_at_one_stroke_whatever_their_decimals():
    texts = [
        "1970-01-01 00:00:00",
        "2026-02-28T23:59:59.999Z",
        "2024-02-29 12:00:00.5 UTC",
        "2026-06-01T00:00:00+00:00",
    ]
    assert clean_times(column(*texts)) is None, "no token was sold in 1970"
    assert clean_times(column(*texts[1:])).tolist() == [cells.time(text) for text in texts[1:]]


@pytest.mark.parametrize("text", ["2026-02-30 10:00:00", "2026-06-01", "", "1793491200", "2026-06-01T00:00:00+08:00"])
def test_any_other_time_is_left_to_the_cells(text):
    assert clean_times(column("2026-06-01 00:00:00", text)) is None
