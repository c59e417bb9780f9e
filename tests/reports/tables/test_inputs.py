"""A draft in words and tables: the count first, files as they were taken, cells and marks for the editor."""

from __future__ import annotations

import pytest

from hedgedesk.domain.draft import DraftFile, MappedColumn, Preview, RawTable
from hedgedesk.domain.errors import Fault
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import inputs as input_tables

COLUMNS = (
    MappedColumn("Month", "month", ""),
    MappedColumn("price_cny_per_mtok", "price", "CNY per Mtok"),
    MappedColumn("comment", "", ""),
)


def file(name, rows=48, faults=0, *, came="upload.csv", editable=True):
    return DraftFile(name, came, rows, COLUMNS, faults, editable)


def preview(*files, faults=()):
    return Preview("d", "Desk", files, tuple(faults), (), None, not faults)


def fault(row, column="mtok", name="consumption.csv"):
    return Fault(name, row, column, "x", "a number")


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([fault(14), fault(27), fault(41)], "3 of 48 rows cannot be read. Nothing has been imported."),
        ([fault(14), fault(14, "month")], "1 of 48 rows cannot be read. Nothing has been imported."),
        ([fault(None), fault(2)], "2 faults in these files. Nothing has been imported."),
        ([fault(None)], "1 fault in these files. Nothing has been imported."),
        ([], "1 file, 48 rows, no fault."),
    ],
)
def test_the_count_comes_first(faults, said):
    read = preview(file("consumption.csv", faults=len(faults)), faults=faults)
    assert input_tables.headline(read) == said


def test_faults_that_are_only_counted_are_counted():
    read = preview(file("consumption.csv", rows=900, faults=120), faults=[fault(n) for n in range(2, 52)])
    assert input_tables.headline(read) == "120 faults in these files. Nothing has been imported."


def test_of_edits_it_is_said_that_they_are_not_saved():
    read = preview(file("consumption.csv", faults=1), faults=[fault(2)])
    assert input_tables.headline(read, coming=False).endswith("Nothing has been saved.")


def test_a_file_is_told_as_it_came_as_it_was_taken_and_with_its_units():
    table = input_tables.files_table(preview(file("market/index.csv", faults=2)))
    row = {key: cell.text for key, cell in table.rows[0].items()}
    assert row == {
        "came": "upload.csv",
        "known": "Index prices",
        "rows": "48",
        "columns": "Month → month, price_cny_per_mtok → price (CNY per Mtok), comment (set aside)",
        "faults": "2",
    }
    assert table.rows[0]["faults"].tone == "breach"


def test_a_file_without_a_place_and_one_of_the_open_desk_say_so():
    table = input_tables.files_table(preview(file("", came="notes.csv"), file("book.csv", came="")))
    assert [row["known"].text for row in table.rows] == ["not recognised, set aside", "Positions held"]
    assert table.rows[1]["came"].text == "from the open desk"


def test_the_four_tables_are_always_there_and_others_only_with_a_fault_or_while_they_are_shown():
    read = preview(
        file("consumption.xlsx", faults=1),
        file("market/index.csv", faults=2),
        file("market/fx.csv"),
        file("market/futures.csv", faults=1, editable=False),
        file("", came="notes.csv", faults=1),
        faults=[fault(2)],
    )
    assert [tab.label for tab in input_tables.tabs(read)] == [
        "Forecast · 1",
        "Commitments",
        "Programme",
        "Positions held",
        "Index prices · 2",
    ]
    assert input_tables.tabs(read)[0].file == "consumption.xlsx"
    assert input_tables.tabs(read)[2].file == "program.toml"
    assert [tab.stem for tab in input_tables.tabs(read, "market/fx")][-1] == "market/fx"


TABLE = RawTable(
    "consumption.csv",
    ("month", "mtok", "price", "mtok (4)"),
    (2, 3, 5),
    (("2026-12", "1,000.5", "", "a"), ("2027-01", "x", "", "1"), ("2027-02", "7289.7", "", "b")),
    (
        Fault("consumption.csv", 3, "mtok", "x", "a number"),
        Fault("consumption.csv", 3, "mtok", "x", "above 0"),
        Fault("consumption.csv", 5, None, "too few cells", "4 cells"),
        Fault("consumption.csv", None, "month", "no row for 2027-03", "every month"),
    ),
    ("", "Mtok", "USD per Mtok", ""),
)


def test_columns_of_numbers_stand_right_and_units_are_named_once():
    columns = input_tables.edit_columns(TABLE)
    assert [(c.key, c.title, c.numeric) for c in columns] == [
        ("c0", "month", False),
        ("c1", "mtok", True),
        ("c2", "price (USD per Mtok)", False),
        ("c3", "mtok (4)", False),
    ]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [(["7289.7", "2026.5"], True), (["2026.12.31", "2026.11.30"], False), (["2026-12"], False), ([], False)],
)
def test_a_day_with_dots_is_no_number(cells, numbers):
    assert input_tables.mostly_numbers(cells) is numbers


def test_marks_stand_at_line_and_column_and_gather_what_is_said_of_one_cell():
    assert input_tables.marks(TABLE) == {
        "3": {"c1": "Found x. Should be: a number\nFound x. Should be: above 0"},
        "5": {"c0": "Found too few cells. Should be: 4 cells"},
    }


def test_a_fault_at_no_row_opens_the_header_to_be_renamed():
    rows = input_tables.rows_for_editing(TABLE)
    assert [row["line"] for row in rows] == ["0", "2", "3", "5"]
    assert rows[0]["c1"] == "mtok"
    assert [row["line"] for row in input_tables.rows_for_editing(RawTable("a.csv", ("x",), (2,), (("1",),)))] == ["2"]


def test_keys_of_a_toml_file_stay_and_their_meaning_stands_beside_them():
    table = RawTable("program.toml", ("key", "value"), (1,), (("level", "0.95"),), meanings=("Confidence",))
    assert [column.editable for column in input_tables.edit_columns(table)] == [False, True]
    assert [column.numeric for column in input_tables.edit_columns(table)] == [False, False]
    assert input_tables.rows_for_editing(table)[0]["meaning"] == "Confidence"


def test_every_documented_file_has_a_title():
    assert [say(f"inputs.table.{name}") for name in input_tables.TABLES]
    assert input_tables.title("market/list_prices.xlsx") == "List prices"
    assert input_tables.title("notes.csv") == "notes.csv"
