"""A table as text cells and back: an edit changes what it names and nothing else, in the file's own manner."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.files import raw
from hedgedesk.files.consumption import parse_consumption
from hedgedesk.files.documented import TABLES
from hedgedesk.files.findings import FileFindings

HEADER = ["month", "model", "meter", "mtok"]


@pytest.fixture
def sheet_of(tmp_path):
    """Read content as the consumption table."""

    def read(content, name="consumption.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return raw.read_sheet(path, "consumption")

    return read


def edited(sheet, *edits):
    raw.edit_sheet(sheet, edits)
    return sheet.rows


def forecast(path):
    """The lines that can be read, and how many faults there are."""
    report = FileFindings("")
    parsed = parse_consumption(path, report)
    return parsed and parsed[0] and parsed[0].lines, report.count


CELLS = st.text(
    st.one_of(st.sampled_from(",;\t\"'\n =-09"), st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))),
    max_size=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=6), delimiter=st.sampled_from(",;\t"))
def test_whatever_stands_in_the_cells_reads_back(sheet_of, rows, delimiter):
    # A first row equal to the header would be told as a header again; no cell here is one of its names.
    sheet = raw.Sheet(list(HEADER), delimiter=delimiter, lines=list(range(2, len(rows) + 2)), rows=rows)
    back = sheet_of(raw.sheet_bytes(sheet))
    assert (back.header, back.rows, back.delimiter) == (HEADER, rows, delimiter)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(
        st.sampled_from(["1.234", "1,234", "0,5", "1.5", "1 234,5", "7", "1.060.000", "12,50"]), min_size=1, max_size=8
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_an_edited_file_has_the_values_it_had(tmp_path, sheet_of, amounts, delimiter):
    written = io.StringIO()
    rows = [[f"{2027 + n // 12}-{n % 12 + 1:02d}", "m", "output", amount] for n, amount in enumerate(amounts)]
    csv.writer(written, delimiter=delimiter).writerows([HEADER, *rows])
    sheet = sheet_of(written.getvalue())
    before = forecast(tmp_path / "consumption.csv")
    raw.edit_sheet(sheet, [])
    (tmp_path / "consumption.csv").write_bytes(raw.sheet_bytes(sheet))
    assert forecast(tmp_path / "consumption.csv") == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb2312"])
def test_other_encodings_become_utf_8(sheet_of, encoding):
    sheet = sheet_of("sep=;\r\nmonth;model;meter;mtok\r\n2027-01;模型;output;5\r\n".encode(encoding))
    assert raw.sheet_bytes(sheet) == "month;model;meter;mtok\r\n2027-01;模型;output;5\r\n".encode()


def test_a_workbook_becomes_the_text_that_a_csv_would_have(tmp_path, write_workbook):
    path = write_workbook(
        "a.xlsx",
        [HEADER, (datetime.fromisoformat("2027-01-01"), 4.0, "output", 1234.5), ("2027-02", "m", "output", "0.25")],
    )
    sheet = raw.read_sheet(path, "consumption")
    assert sheet.rows == [["2027-01-01", "4", "output", "1234.5"], ["2027-02", "m", "output", "0.25"]]
    assert sheet.lines == [2, 3]
    assert sheet.delimiter == ","


def test_decimal_commas_typed_into_a_workbook_keep_their_value_beside_true_numbers(tmp_path, write_workbook):
    rows = [HEADER] + [
        (f"2027-{month:02d}", "m", "output", cell)
        for month, cell in enumerate(("0,5", 1.25, 1.75, 2.25, "1.060,5"), start=1)
    ]
    path = write_workbook("a.xlsx", rows)
    before = forecast(path)
    (tmp_path / "a.csv").write_bytes(raw.sheet_bytes(raw.read_sheet(path, "consumption")))
    assert before[1] == 0
    assert forecast(tmp_path / "a.csv") == before


def test_cells_rows_and_columns_are_changed_by_the_lines_they_had(sheet_of):
    sheet = sheet_of("month,model,meter,mtok\n2027-01,a,output,1\n\n2027-02,b,output,2\n2027-03,c,output,3\n")
    assert sheet.lines == [2, 4, 5]
    rows = edited(
        sheet,
        CellEdit("remove", 4),
        CellEdit("add", 4, text="2027-02\tnew"),
        CellEdit("cell", 5, "mtok", "30"),
        CellEdit("add", 0, text="first"),
        CellEdit("add", 5),
        CellEdit("add", 0, "team", "ops"),
        CellEdit("add", 0, "spread", "0.1"),
        CellEdit("cell", 0, "model", "Model"),
    )
    assert sheet.header == ["month", "Model", "meter", "mtok", "team", "spread"]
    assert rows == [
        ["first", "", "", "", "ops", "0.1"],
        ["2027-01", "a", "output", "1", "ops", "0.1"],
        ["2027-02", "new", "", "", "ops", "0.1"],
        ["2027-03", "c", "output", "30", "ops", "0.1"],
        ["", "", "", "", "ops", "0.1"],
    ]


def test_a_new_row_stays_until_it_is_filled(sheet_of):
    sheet = sheet_of("month,model,meter,mtok\n2027-01,a,output,1\n")
    edited(sheet, CellEdit("add", 2))
    assert sheet_of(raw.sheet_bytes(sheet)).rows[-1] == ["", "", "", ""]


def test_cells_beyond_the_header_stay_until_their_row_is_touched(sheet_of):
    content = "month,model,meter,mtok\n2027-01,a,output,1,9\n2027-02,b,output,2\n"
    untouched = sheet_of(content)
    assert edited(untouched, CellEdit("cell", 3, "mtok", "5"))[0] == ["2027-01", "a", "output", "1", "9"]
    touched = sheet_of(content)
    assert edited(touched, CellEdit("cell", 2, "mtok", "1.9"))[0] == ["2027-01", "a", "output", "1.9"]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (CellEdit("cell", 99, "mtok", "1"), "no row 99"),
        (CellEdit("cell", 2, "colour", "1"), "no column colour"),
        (CellEdit("cell", 2, "mtok", "a\0b"), "a character that nobody sees"),
        (CellEdit("cell", 2, "mtok", "\u202e9"), "a character that nobody sees"),
        (CellEdit("cell", 2, "mtok", "x" * 2_001), "2,001 characters"),
        (CellEdit("cell", 2, "mtok", "\ud800"), "a character that nobody sees"),
        (CellEdit("add", 0, "\ud800"), "a character that nobody sees"),
        (CellEdit("remove", 0), "the header cannot be removed"),
        (CellEdit("add", 2, text="1\t2\t3\t4\t5"), "5 cells for a row"),
        (CellEdit("paint", 2), "an edit of kind paint"),
    ],
)
def test_an_edit_that_cannot_be_done_is_refused(sheet_of, edit, told):
    sheet = sheet_of("month,model,meter,mtok\n2027-01,a,output,1\n")
    with pytest.raises(InputError, match=told):
        raw.edit_sheet(sheet, [edit])


def test_a_row_removed_in_the_same_go_cannot_be_changed(sheet_of):
    sheet = sheet_of("month,model,meter,mtok\n2027-01,a,output,1\n")
    with pytest.raises(InputError, match="removed just before"):
        raw.edit_sheet(sheet, [CellEdit("remove", 2), CellEdit("cell", 2, "mtok", "1")])


def test_faults_stand_at_rows_and_columns_that_the_editor_has(sheet_of):
    sheet = sheet_of(" Month ,model,,mtok,mtok\n2027-01,a,output,1,2\n")
    table = raw.raw_table(
        "consumption.csv",
        sheet,
        "consumption",
        [
            Fault("consumption.csv", 2, "Month", "x", "y"),
            Fault("consumption.csv", 1, "meter", "no such column", "y"),
            Fault("consumption.csv", 77, "mtok", "x", "y"),
        ],
    )
    assert table.header == ("Month", "model", "column (3)", "mtok", "mtok (5)")
    assert [(f.row, f.column, f.found) for f in table.faults] == [
        (2, "Month", "x"),
        (None, None, "meter: no such column"),
        (None, "mtok", "x"),
    ]


def test_a_long_table_shows_its_first_rows_and_keeps_the_others(sheet_of, monkeypatch):
    monkeypatch.setattr(raw, "MOST_ROWS", 2)
    sheet = sheet_of("month,model,meter,mtok\n" + "".join(f"2027-{n:02d},a,output,{n}\n" for n in range(1, 6)))
    assert raw.raw_table("consumption.csv", sheet, "consumption", ()).lines == (2, 3)
    rows = edited(sheet, CellEdit("remove", 3), CellEdit("add", 2))
    assert [row[3] for row in rows] == ["1", "", "3", "4", "5"]
    with pytest.raises(InputError, match="no row 5"):
        raw.edit_sheet(sheet, [CellEdit("remove", 5)])


def test_a_file_that_breaks_off_is_not_whole(sheet_of):
    assert not sheet_of('month,model,meter,mtok\n2027-01,a,output,1\n2027-02,"b,output,2\n').whole
    assert sheet_of("month,model,meter,mtok\n2027-01,a,output,1\n").whole


@pytest.mark.parametrize(
    ("header", "stem", "mapped"),
    [
        (("Month", " MTOK ", "colour"), "consumption", [("month", ""), ("mtok", "Mtok"), ("", "")]),
        (("price_cny_per_1k",), "book", [("price", "CNY per 1k tokens")]),
        (("settlement_usd_per_token",), "market/futures", [("settlement", "USD per token")]),
        (("price_per_mtok",), "market/index", [("", "")]),
        (("cny_per_usd",), "market/fx", [("cny_per_usd", "CNY per USD")]),
    ],
)
def test_columns_are_told_with_what_they_mean_and_the_unit_of_their_header(header, stem, mapped):
    assert [(column.meaning, column.unit) for column in raw.mapped_columns(header, stem)] == mapped


@pytest.mark.parametrize("stem", TABLES)
def test_an_absent_table_has_a_header_that_its_reader_takes(tmp_path: Path, stem):
    sheet = raw.empty_sheet(stem, "CNY")
    columns = raw.mapped_columns(sheet.header, stem)
    wanted = TABLES[stem].wanted
    assert {c.meaning for c in columns} == {*wanted.required, *([wanted.price] if wanted.price else [])}
