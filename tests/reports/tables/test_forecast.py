"""The forecast by month: every line has one cell, faults stand at theirs, edits go back to the line they came from."""

from __future__ import annotations

import pytest

from hedgedesk.domain.draft import ModelChange, RawTable
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.reports.tables.forecast import changes_words, edits_of, month_title, pivot

HEADER = ("Month", "model", "meter", "team", "Mtok", "spread")
ROWS = (
    ("2026-12", "gpt", "output", "chat", "10", "0.1"),
    ("2026-11", "gpt", "output", "chat", "8.5", "0.1"),
    ("2026-11", "gpt", "output", "search", "x", ""),
)


def raw(rows=ROWS, header=HEADER, faults=()):
    return RawTable("consumption.csv", header, tuple(range(2, 2 + len(rows))), rows, faults)


def test_lines_lie_in_the_row_of_their_names_and_the_column_of_their_month():
    laid = pivot(raw())
    assert laid.months == ("2026-11", "2026-12")
    chat, search = laid.rows
    assert (chat["model"], chat["meter_text"], chat["team"]) == ("gpt", "Output", "chat")
    assert (chat["m0"], chat["m1"], chat["lines"]) == ("8.5", "10", {"m1": 2, "m0": 3})
    assert search["lines"] == {"m0": 4}
    assert laid.named("team") == ("chat", "search")


def test_a_month_sums_only_where_every_cell_is_a_number():
    totals = pivot(raw()).totals
    assert totals["m1"] == "10"
    assert "m0" not in totals


def test_a_line_that_stands_twice_has_a_row_of_its_own_and_loses_nothing():
    laid = pivot(raw((*ROWS, ROWS[0])))
    assert len(laid.rows) == 3
    assert sum(len(row["lines"]) for row in laid.rows) == 4


def test_a_fault_stands_at_the_cell_of_its_line_with_the_column_it_is_of():
    faults = (
        Fault("consumption.csv", 4, "Mtok", "x", "a number of at least 0"),
        Fault("consumption.csv", 2, "spread", "0.1", "less"),
    )
    chat, search = pivot(raw(faults=faults)).rows
    assert search["marks"]["m0"].startswith("Found: x") or "x" in search["marks"]["m0"]
    assert chat["marks"]["m1"].startswith("spread: ")


def test_a_forecast_without_a_column_says_which():
    with pytest.raises(InputError, match="no column mtok"):
        pivot(raw(header=("Month", "model", "meter", "team", "volume", "spread")))


def test_a_cell_goes_back_to_its_line_a_new_one_becomes_a_row_and_an_emptied_one_leaves():
    asked = [
        {"line": 3, "text": "9"},
        {"line": 0, "model": "gpt", "meter": "output", "team": "search", "month": "2026-12", "text": "4"},
        {"line": 4, "text": " "},
    ]
    cell, add, remove = edits_of(asked, raw())
    assert (cell.kind, cell.line, cell.column, cell.text) == ("cell", 3, "Mtok", "9")
    assert (add.kind, add.line, add.text) == ("add", 4, "2026-12\tgpt\toutput\tsearch\t4\t")
    assert (remove.kind, remove.line) == ("remove", 4)


@pytest.mark.parametrize("asked", [[{}], [{"line": "x", "text": "1"}], [{"text": "1", "model": "gpt"}]])
def test_what_is_no_edit_is_refused(asked):
    with pytest.raises(InputError):
        edits_of(asked, raw())


def test_months_are_named_and_what_is_none_stays():
    assert (month_title("2026-11"), month_title("soon")) == ("Nov 2026", "soon")


def test_adoption_changes_are_named_with_what_gave_way_to_them():
    changes = (ModelChange("gpt-6", ("proj_a", ""), ("search",)),)
    words = changes_words(changes, kept=False)
    assert "proj_a, no team" in words
    assert "the lines of search gave way" in words
    assert "shared among the teams" in changes_words(changes, kept=True)
    assert "gave way" not in changes_words((ModelChange("gpt-6", ("proj_a",), ()),), kept=False)
    assert changes_words((ModelChange("gpt-6", (), (), ("output",)),), kept=False).endswith("now: gpt-6 Output.")
    assert changes_words((), kept=False) == ""
