"""The ladder on the past as a table: a row a way, what it paid and how it compares with the index."""

from __future__ import annotations

import pytest

from hedgedesk.reports.tables.past import past_table, past_unit, past_words


def test_a_row_tells_what_a_way_paid_and_when_it_was_dearer(studies):
    rows = {row["way"].value: row for row in past_table(studies.history()).rows}
    assert list(rows) == ["nothing", "everything", "layered", "triggered"]
    # At the index 9, 10 and 11; in layers 9.5, 10 and 10.5.
    layered = rows["layered"]
    assert (layered["mean"].value, layered["deviation"].value, layered["cover"].text) == (10.0, 0.5, "75%")
    assert layered["dearer"].value == pytest.approx(1 / 3)
    assert (layered["worst"].value, layered["best"].value) == (0.5, -0.5)
    assert layered["worst"].text == "+0.5000"


def test_unit_and_sentence_name_months_and_prices(studies):
    found = studies.history()
    assert (
        past_unit(found).replace("\u00a0", " ")
        == "CNY per M STU over 3 delivery months, Feb – Jun 2026 · regret against the index, + dearer"
    )
    words = past_words(found).replace("\u00a0", " ")
    assert words.startswith("Bought in layers, the past months cost 10.0000 CNY per M STU on average, against 10.0000")
    assert "one market only" in words
    assert "one market only" not in past_words(studies.history(24))


def test_without_a_month_that_is_over_there_is_no_row_and_a_reason(studies):
    found = studies.history(0)
    assert past_table(found).rows == ()
    assert past_unit(found) == ""
    assert "no ladder can be judged" in past_words(found)
