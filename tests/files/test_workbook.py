"""Excel files: typed cells, and workbooks that want to do harm."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import datetime

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files import read_consumption, read_desk, read_market
from hedgedesk.files import workbook as module

HEADER = ("month", "model", "meter", "mtok", "team", "spread")
SHEET = "xl/worksheets/sheet1.xml"
START = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


@pytest.fixture
def altered(write_workbook):
    """Write a workbook with some of its parts replaced or added."""

    def alter(parts, name="consumption.xlsx"):
        path = write_workbook(name, [HEADER, ("2027-01", "m", "output", 5, "a", 0.2)])
        with zipfile.ZipFile(path) as archive:
            content = {entry: archive.read(entry) for entry in archive.namelist()} | parts
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, part in content.items():
                archive.writestr(entry, part)
        path.write_bytes(packed.getvalue())
        return path

    return alter


def test_typed_cells_are_read_as_they_are(write_workbook):
    path = write_workbook(
        "a.xlsx", [HEADER, (datetime.fromisoformat("2027-01-01"), 4.0, "output", 1234.5, None, "0.2")]
    )
    (line,) = read_consumption(path).lines
    assert (line.month, line.model, line.mtok, line.spread) == (np.datetime64("2027-01"), "4", 1234.5, 0.2)


def test_a_forecast_in_excel_equals_the_same_in_csv(desk_folder, write_workbook):
    rows = [line.split(",") for line in (desk_folder / "consumption.csv").read_text(encoding="utf-8").splitlines()]
    path = write_workbook("a.xlsx", rows[:1] + [[*r[:3], float(r[3]), r[4], float(r[5])] for r in rows[1:]])
    assert read_consumption(path) == read_consumption(desk_folder / "consumption.csv")


def test_every_table_may_be_a_workbook(desk_folder, write, write_workbook):
    before = read_desk(desk_folder)
    for name in (
        "consumption",
        "commitments",
        "book",
        "market/index",
        "market/futures",
        "market/list_prices",
        "market/fx",
    ):
        rows = [line.split(",") for line in (desk_folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()]
        write(f"{name}.csv", None)
        write_workbook(f"{name}.xlsx", rows)
    after = read_desk(desk_folder)
    assert (after.forecast, after.commitments, after.book) == (before.forecast, before.commitments, before.book)
    assert np.array_equal(after.market.index.price_per_mtok, before.market.index.price_per_mtok)
    assert "market/futures.xlsx" in after.file_hashes


def test_rows_are_counted_as_excel_counts_them(write_workbook, faults_of):
    path = write_workbook("a.xlsx", [(), HEADER, (), ("2027-01", "m", "output", True, "a", "x")])
    found = [(row, column, what) for _, row, column, what, _ in faults_of(read_consumption, path)]
    assert found == [(4, "mtok", "True"), (4, "spread", "x")]


def test_a_number_written_as_text_with_dots_is_told_what_it_may_mean(write_workbook, faults_of):
    path = write_workbook("a.xlsx", [HEADER, ("2027-01", "m", "output", "1.060.000", "a", 0.2)])
    assert faults_of(read_consumption, path) == [
        ("a.xlsx", 2, "mtok", "1.060.000", "a number with . for decimals: 1060000")
    ]


def test_a_price_per_token_in_a_typed_cell_is_converted_exactly(desk_folder, write, write_workbook):
    write("market/index.csv", None)
    write_workbook(
        "market/index.xlsx", [("date", "price_usd_per_token"), (datetime.fromisoformat("2026-11-20"), 2.9e-6)]
    )
    assert read_market(desk_folder / "market").index.price_per_mtok[0] == 2.9


def test_further_sheets_are_set_aside_with_a_notice(desk_folder, write, write_workbook):
    rows = [line.split(",") for line in (desk_folder / "consumption.csv").read_text(encoding="utf-8").splitlines()]
    write("consumption.csv", None)
    write_workbook("consumption.xlsx", rows, ("FY27", "notes"))
    assert read_desk(desk_folder).notices == (
        'consumption.xlsx: only the first sheet "FY27" is read; set aside: notes',
    )


def test_an_empty_workbook_is_an_empty_file(write_workbook, faults_of):
    assert faults_of(read_consumption, write_workbook("a.xlsx", []))[0][3] == "an empty file"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"month,model\n", "text or unknown bytes"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\0\1\2", "text or unknown bytes"),
    ],
)
def test_what_is_no_workbook_is_refused(write, faults_of, content, found):
    ((_, _, _, told, expected),) = faults_of(read_consumption, write("a.xlsx", content))
    assert (told, expected) == (found, "an Excel workbook, as .xlsx says")


def refuse_calamine(*_):
    raise AssertionError("calamine must not see this file")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({SHEET: START + b'<row r="1"><c r="A1"><v>1</v></c></row>' * 300_000 + END}, "packed more than 200 times"),
        ({f"xl/x{i}.xml": b"" for i in range(1_100)}, "parts in the workbook"),
        ({SHEET: START + b'<row r="9"><c r="XFD1048576"/></row>' + END}, "cells up to row 1,048,576 and column 16,384"),
        ({SHEET: START + b"<row><c a='>' r='XFD9'/></row>" + END}, "cells up to row 9 and column 16,384"),
        ({SHEET: START + b"<row><c a='1'r='XFD9'/></row>" + END}, "cells up to row 9 and column 16,384"),
        ({SHEET: START + b"<row><c a=' r=\"A1\"' r='XFD9'/></row>" + END}, "cells up to row 9 and column 16,384"),
        ({SHEET: START + b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>" + END}, "cells up to row 1 and column 300"),
        ({SHEET: START + b'<row r="999999"><c r="T999999"/></row>' + END}, "cells up to row 999,999 and column 20"),
        ({SHEET: (START + END).decode().encode("utf-16")}, "is not UTF-8"),
    ],
)
def test_a_workbook_that_would_swell_is_refused_before_calamine_sees_it(altered, faults_of, monkeypatch, parts, found):
    path = altered(parts)
    monkeypatch.setattr(module, "_first_sheet", refuse_calamine)
    (fault,) = faults_of(read_consumption, path)
    assert found in fault[3]


def test_a_sheet_that_writes_one_cell_millions_of_times_is_refused(altered, faults_of, monkeypatch):
    path = altered({SHEET: START + b'<row r="1">' + b'<c r="A1"/>' * 20 + b"</row>" + END})
    monkeypatch.setattr(module, "MAX_CELLS", 10)
    monkeypatch.setattr(module, "_first_sheet", refuse_calamine)
    assert faults_of(read_consumption, path)[0][3] == "more than 10 cells"


def test_a_workbook_above_a_hundred_megabytes_unpacked_is_refused(altered, faults_of, monkeypatch):
    path = altered({})
    monkeypatch.setattr(module, "MAX_UNPACKED", 1_000)
    monkeypatch.setattr(module, "_first_sheet", refuse_calamine)
    assert "MB when unpacked" in faults_of(read_consumption, path)[0][3]


def test_a_sheet_that_calamine_cannot_read_is_a_fault(altered, faults_of):
    (fault,) = faults_of(read_consumption, altered({SHEET: b"<worksheet><sheetData><row"}))
    assert fault[3].startswith("a workbook that cannot be read") or fault[3] == "an empty file"


def test_a_zip_without_a_workbook_and_a_cut_one_are_refused(altered, write, faults_of):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    path = write("a.xlsx", packed.getvalue())
    assert faults_of(read_consumption, path)[0][3] == "a zip archive without a workbook in it"
    whole = altered({}).read_bytes()
    assert faults_of(read_consumption, write("a.xlsx", whole[:-40]))[0][3].startswith("a damaged workbook")


def test_two_parts_of_one_name_are_refused(altered, faults_of):
    path = altered({})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, b"x")
    assert faults_of(read_consumption, path)[0][3] == "two parts of one name in the workbook"


def test_every_cut_and_every_flipped_byte_raises_nothing_but_an_input_error(altered, write):
    whole = bytearray(altered({}).read_bytes())
    rng = np.random.default_rng(3)
    for place in rng.integers(0, len(whole), 150):
        broken = bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :])
        with suppress(InputError):
            assert read_consumption(write("a.xlsx", broken)).lines
