"""Counts out of JSON maps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.rows.export import Chunk
from hedgedesk.files.usage.rows.json_counts import Json, count, first_count, inner, map_counts


def _chunk(*cells: str) -> Chunk:
    return Chunk({"m": np.array(cells, dtype=object)}, np.arange(2, 2 + len(cells)), FileFindings("e.csv"))


def _a(content: Json) -> tuple[float, ...]:
    return (count(content.get("a")),)


def test_nothing_is_not_told_and_no_map_is_said() -> None:
    chunk = _chunk('{"a": 3}', "", "NULL", "[1]", '{"b": 1}', "{broken")
    found, unread = map_counts(chunk, "m", _a, width=1)
    np.testing.assert_array_equal(found[:, 0], [3, np.nan, np.nan, np.nan, np.nan, np.nan])
    assert unread.tolist() == [False, False, False, True, False, True]
    assert chunk.good.all()


def test_a_column_that_the_file_has_not_tells_nothing() -> None:
    found, unread = map_counts(_chunk("{}"), "other", _a, width=1)
    assert np.isnan(found).all()
    assert not unread.any()


@pytest.mark.parametrize("value", ["-1", "true", '"many"', "[]", "1e300", '"-3"'])
def test_what_is_no_count_faults_its_row_alone(value: str) -> None:
    chunk = _chunk('{"a": 1}', f'{{"a": {value}}}')
    found, _ = map_counts(chunk, "m", _a, width=1)
    assert chunk.good.tolist() == [True, False]
    assert [fault.row for fault in chunk.findings.listed()] == [3]
    assert found[:, 0].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("value", "expected"), [(3, 3.0), (2.5, 2.5), ("12", 12.0), (0, 0.0)])
def test_counts_may_be_numbers_or_written_ones(value: object, expected: float) -> None:
    assert count(value) == expected


def test_the_first_told_count_wins_and_inner_maps_are_maps() -> None:
    assert first_count(None, 0, 5) == 0.0
    assert math.isnan(first_count(None, None))
    assert inner({"a": {"b": 1}}, "a") == {"b": 1}
    assert inner({"a": [1]}, "a") == {}
