"""A table as a file gives its numbers back whole, and no text in it becomes a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.sheet import harmless, sheet_bytes
from hedgedesk.reports.tables import shelf
from hedgedesk.reports.tables.table import Cell, Column, Table

ABOUT = (("Run", "7f3a9c2e51d04b86"),)
SIXTEEN_DIGITS = 1e-15
"""What a workbook keeps of a number."""
WHEN = "2026-11-21T09:00:00+00:00"


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def names_table(names) -> Table:
    columns = (Column("name", "Name", "text"), Column("mtok", "Volume, Mtok"))
    return Table("names", columns, tuple({"name": Cell(n), "mtok": Cell("−2", -2.0)} for n in names))


def test_csv_gives_numbers_back_whole_with_units_in_the_header(run):
    rows = read_csv(sheet_bytes(shelf.table("plan.trades", run), "csv"))
    header, first, second, *_, total = rows
    assert {"Volume, M STU", "Notional, CNY", "Cost, CNY"} <= set(header)
    at = header.index("Price, CNY per M STU")
    assert [float(row[at]) for row in (first, second)] == run.plan.price_per_mtok[:2].tolist()
    assert first[0] == "2026-12"
    assert float(total[header.index("Lots")]) == run.plan.lots.sum()


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8(run):
    assert sheet_bytes(shelf.table("plan.months", run), "csv").startswith(b"\xef\xbb\xbfMonth,")


def test_a_missing_value_is_an_empty_cell_and_a_negative_number_stays_a_number(run):
    rows = read_csv(sheet_bytes(shelf.table("plan.months", run), "csv"))
    low = rows[0].index("Cover: from, share")
    assert rows[1][low] == "0.46"
    assert rows[24][low] == ""
    trades = read_csv(sheet_bytes(shelf.table("plan.trades", run), "csv"))
    assert trades[1][trades[0].index("Lots")] == "-20"


def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_numbers_do_not(poison):
    rows = read_csv(sheet_bytes(names_table(poison), "csv"))[1:]
    for name, (written, volume) in zip(poison, rows, strict=True):
        assert written == (name if name[0] in '<{"' else f"'{name}")
        assert volume == "-2"


@pytest.mark.parametrize(
    "text", ["  =1", "\u00a0@SUM(1)", "\u200b+1", "\ufeff-2", "\r\n=1", "\tx", "＋1", "－1", "＠A1"]
)
def test_blanks_and_invisible_characters_hide_no_formula(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "kimi-k2", "1-2", "a=b", "▼ under 19 pp", "−20"])
def test_harmless_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_the_clipboard_gets_one_line_a_row_and_one_tab_a_column():
    text = sheet_bytes(names_table(["a\tb\r\nc\u2028d", "=1", 'say "x"']), "tsv").decode()
    assert text.splitlines() == ["Name\tVolume, Mtok", "a b c d\t-2", "'=1\t-2", '"say ""x"""\t-2']


def test_xlsx_gives_every_number_and_month_back(run):
    content = sheet_bytes(shelf.table("plan.trades", run), "xlsx", ABOUT, WHEN)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Table"]
    header = [cell.value for cell in sheet[1]]
    prices = [row[header.index("Price, CNY per M STU")].value for row in sheet.iter_rows(2, 13)]
    assert prices == pytest.approx(run.plan.price_per_mtok.tolist(), rel=SIXTEEN_DIGITS)
    assert sheet["A2"].value.isoformat() == "2026-12-01T00:00:00"
    assert sheet["A2"].number_format == "mmm yyyy"
    assert sheet.freeze_panes == "B2"
    (first, *_) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("About").to_python()
    assert first == ["Run", "7f3a9c2e51d04b86"]


def test_csv_and_xlsx_say_the_same(run):
    for name in ("overview.fan", "plan.months", "overview.stress"):
        table = shelf.table(name, run)
        rows = read_csv(sheet_bytes(table, "csv"))[1:]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(sheet_bytes(table, "xlsx"))).get_sheet_by_index(0)
        for texts, values in zip(rows, sheet.to_python()[1:], strict=True):
            for text, value in zip(texts, values, strict=True):
                if isinstance(value, float):
                    assert float(text) == pytest.approx(value, rel=SIXTEEN_DIGITS)


def test_in_xlsx_text_stays_a_string(poison):
    content = sheet_bytes(names_table(poison), "xlsx", [(name, name) for name in poison])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book["Table"]["A"][1:]] == list(poison)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_name_that_looks_like_a_month_stays_text():
    table = Table("t", (Column("model", "Model", "text"),), ({"model": Cell("2026-12", "2026-12")},))
    assert openpyxl.load_workbook(io.BytesIO(sheet_bytes(table, "xlsx")))["Table"]["A2"].value == "2026-12"


def test_the_same_table_gives_the_same_bytes(run):
    table = shelf.table("plan.trades", run)
    assert sheet_bytes(table, "xlsx", ABOUT, WHEN) == sheet_bytes(table, "xlsx", ABOUT, WHEN)


def test_another_format_is_refused(run):
    with pytest.raises(HedgeDeskError, match="csv, tsv or xlsx"):
        sheet_bytes(shelf.table("plan.trades", run), "exe")


def test_what_is_no_number_is_empty_and_what_has_no_end_is_told_in_words():
    cells = (Cell("–", float("nan")), Cell("no limit", float("inf")), Cell("3", 3.0))
    table = Table("t", (Column("limit", "Limit, lots"),), tuple({"limit": cell} for cell in cells))
    assert sheet_bytes(table, "csv").decode("utf-8-sig").splitlines()[2:] == ["no limit", "3"]
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_bytes(table, "xlsx")))["Table"]
    assert [cell.value for cell in sheet["A"][1:]] == [None, "no limit", 3]
