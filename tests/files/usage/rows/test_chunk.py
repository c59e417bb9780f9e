"""A batch of text cells: every bad cell is a fault at its line and column, and its row is left out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows.chunk import Chunk


def chunk(**columns: list[str]) -> Chunk:
    cells = {name: np.array(texts, dtype=object) for name, texts in columns.items()}
    rows = len(next(iter(columns.values())))
    return Chunk(cells, np.arange(2, rows + 2), FileFindings("u.csv"), {name: name.upper() for name in columns})


def told(rows: Chunk) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.found) for fault in rows.findings.listed()]


def test_counts_and_numbers_read_floats_groups_and_nothing():
    rows = chunk(n=["59200.0", "1,234", "", "NULL", "7e3"])
    assert rows.counts("n").tolist() == [59_200.0, 1_234.0, 0.0, 0.0, 7_000.0]
    assert math.isnan(rows.numbers("n", np.nan)[2])
    assert rows.good.all()


def test_a_bad_cell_is_told_once_and_drops_its_row():
    rows = chunk(n=["1", "-1", "x"], m=["1", "-1", "1"])
    for default in (0.0, np.nan):
        rows.counts("n", default)
    assert rows.numbers("m").tolist() == [1.0, -1.0, 1.0]
    assert told(rows) == [(3, "N", "-1"), (4, "N", "x")]
    assert rows.good.tolist() == [True, False, False]


def test_a_column_that_is_not_there_has_its_default_and_a_time_must_be_there():
    rows = chunk(n=["1"])
    assert rows.texts("team").tolist() == [""]
    assert rows.counts("requests", 2.0).tolist() == [2.0]
    assert rows.flags("batch").tolist() == [False]
    assert not rows.has("team")
    with pytest.raises(InputError, match="no column time"):
        rows.times("time")


def test_flags_read_what_exports_write():
    rows = chunk(b=["TRUE", "f", "", "perhaps"])
    assert rows.flags("b").tolist() == [True, False, False, False]
    assert told(rows) == [(5, "B", "perhaps")]


def test_month_first_is_read_only_where_the_vendor_documents_it():
    rows = chunk(t=["10/05/2026"])
    assert str(rows.times("t", month_first=True)[0]) == "2026-10-05T00:00:00"
    rows = chunk(t=["10/05/2026"])
    rows.times("t")
    assert told(rows) == [(2, "T", "10/05/2026")]


def test_a_meter_below_0_is_a_double_subtraction():
    rows = chunk(t=["2026-10-01"] * 2, p=["5", "5"], c=["3", "6"])
    usage = rows.usage(rows.times("t"), seller="S", model="M", uncached_input=rows.counts("p") - rows.counts("c"))
    assert usage is not None
    assert usage.tokens.tolist() == [[2.0, 0.0, 0.0, 0.0]]
    assert usage.keys[0].seller == "s"
    (fault,) = rows.findings.listed()
    assert (fault.row, fault.found) == (3, "-1 uncached_input tokens")
    assert "double subtraction" in fault.expected


def test_two_currencies_in_a_column_are_faults_of_the_later_rows():
    rows = chunk(t=["2026-10-01"] * 3, c=["usd", "CNY", "USD"], m=["1", "2", "3"])
    usage = rows.usage(rows.times("t"), seller="s", model="m", billed=rows.numbers("m"), currency=rows.texts("c"))
    assert usage is not None
    assert (usage.currency, usage.billed.tolist()) == ("USD", [1.0, 3.0])
    assert told(rows) == [(3, None, "CNY")]


def test_no_good_row_is_no_usage():
    rows = chunk(t=["never"])
    assert rows.usage(rows.times("t"), seller="s", model="m") is None
