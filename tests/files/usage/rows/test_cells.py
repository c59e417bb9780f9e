"""One cell as a number or a time; None where it is none, or could be two."""

from __future__ import annotations

import pytest

from hedgedesk.files.usage.rows import cells


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12", ".", 12.0),
        (" 1,234.5 ", ".", 1_234.5),
        ("1.234,5", ",", 1_234.5),
        ("1e-7", ".", 1e-7),
        ("1_000", ".", None),
        ("nan", ".", None),
        ("inf", ".", None),
        ("12%", ".", None),
        ("", ".", None),
    ],
)
def test_a_cell_holds_a_number_or_nothing(text, decimal, value):
    assert cells.number(text, decimal) == value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1759276800", 1_759_276_800),
        ("1759276800.0", 1_759_276_800),
        ("1759276800123", 1_759_276_800),
        ("2025-10-01", 1_759_276_800),
        ("2025-10-01 00:00:00.1234567 UTC", 1_759_276_800),
        ("2025-10-01T02:00:00+02:00", 1_759_276_800),
        ("2025-10-01T00:00:00Z", 1_759_276_800),
        ("20251001", 1_759_276_800),
        ("01.10.2025", 1_759_276_800),
        ("10/01/2025", None),
        ("2025-W40-3", None),
        ("0", None),
        ("99999999999999", None),
        ("2250-01-01", None),
    ],
)
def test_a_cell_holds_a_moment_in_utc_seconds_or_nothing(text, seconds):
    assert cells.time(text) == seconds


def test_json_that_is_no_map_or_too_deep_is_none():
    assert cells.json_map("[1]") is None
    assert cells.json_map("{") is None
    assert cells.json_map("[" * 100_000) is None
    assert cells.json_map('{"a": 1}') == {"a": 1}
