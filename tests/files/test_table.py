"""Files as bytes: encodings, delimiters, and things that are not what their name says."""

from __future__ import annotations

import os

import pytest

from hedgedesk.files import read_consumption, read_desk
from hedgedesk.files import table as module

TEXT = "month,model,meter,mtok\n2027-01,modèle,output,1.5\n"
EXPECTED_TEXT = "comma-separated text, as .csv says"


def only_line(path):
    (line,) = read_consumption(path).lines
    return line.model, line.mtok


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_in_any_of_the_known_encodings(write, encoding):
    assert only_line(write("consumption.csv", TEXT.encode(encoding))) == ("modèle", 1.5)


def test_chinese_text_in_gb2312_is_read_as_chinese(write):
    content = TEXT.replace("modèle", "通义千问").encode("gb2312")
    assert only_line(write("consumption.csv", content)) == ("通义千问", 1.5)


def test_an_assumed_encoding_is_a_notice_of_the_desk(write, desk_folder):
    text = (desk_folder / "consumption.csv").read_text(encoding="utf-8").replace(",m,", ",modèle,")
    write("consumption.csv", text.encode("cp1252"))
    (notice,) = (n for n in read_desk(desk_folder).notices if n.startswith("consumption.csv"))
    assert "not UTF-8; read as cp1252" in notice


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found(write, delimiter, newline):
    text = TEXT.replace(",", delimiter).replace("\n", newline)
    assert only_line(write("consumption.csv", text)) == ("modèle", 1.5)


def test_excels_separator_line_is_obeyed_and_counted(write, faults_of):
    text = "sep=;\n" + TEXT.replace(",", ";")
    assert only_line(write("consumption.csv", text)) == ("modèle", 1.5)
    ((_, row, *_),) = faults_of(read_consumption, write("consumption.csv", text.replace("1.5", "x")))
    assert row == 3


def test_quoted_cells_may_hold_the_delimiter_and_quotes(write):
    text = 'month,"model",meter,mtok\n2027-01,"a, ""b""",output,"1,234.5"\n'
    assert only_line(write("consumption.csv", text)) == ('a, "b"', 1234.5)


def test_missing_cells_at_the_end_of_a_row_are_empty(write, faults_of):
    text = "month,model,meter,mtok,team\n2027-01,m,output,1\n2027-01,n,output\n"
    ((_, row, column, found, _),) = faults_of(read_consumption, write("consumption.csv", text))
    assert (row, column, found) == (3, "mtok", "an empty cell")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"PK\x03\x04 something", "a zip archive"),
        (b"PK\x03\x04 xl/workbook.xml", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or password-protected Office file"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"<!DOCTYPE html><p>sign in</p>", "a web page or XML document"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_named_for_what_it_is(write, faults_of, content, found):
    path = write("consumption.csv", content)
    assert faults_of(read_consumption, path) == [("consumption.csv", None, None, found, EXPECTED_TEXT)]


@pytest.mark.parametrize(
    ("content", "row", "found", "expected"),
    [
        (b"", None, "an empty file", "a header and at least one row"),
        (b"\n \n", None, "an empty file", "a header and at least one row"),
        (b"\xef\xbb\xbf", None, "an empty file", "a header and at least one row"),
        (b",,,\n", None, "an empty file", "a header and at least one row"),
        (b"month,model,meter,mtok\n", None, "a header and no rows", "a header and at least one row"),
        (b"month,model,meter,mtok\n2027-01,\0,output,1\n", 2, "binary content (byte 0x00)", "text, UTF-8 encoded"),
        (b"\xff\xfea", None, "binary content after a UTF-16 mark", "text, UTF-8 encoded"),
        (b"month\n\x81\x20\n", 2, "a byte that is not UTF-8 (0x81)", "text, UTF-8 encoded"),
    ],
)
def test_empty_and_binary_files_make_one_fault(write, faults_of, content, row, found, expected):
    path = write("consumption.csv", content)
    assert faults_of(read_consumption, path) == [("consumption.csv", row, None, found, expected)]


def test_quotes_that_never_close_are_told_where_they_open(write, faults_of):
    text = 'month,model,meter,mtok\n2027-01,m,output,1\n2027-02,"m,output,1\n2027-03,m,output,1\n'
    ((_, row, _, found, _),) = faults_of(read_consumption, write("consumption.csv", text))
    assert row == 3
    assert found.startswith("a row that cannot be cut into cells")


def test_a_thousand_columns_are_refused(write, faults_of):
    path = write("consumption.csv", ",".join(f"c{i}" for i in range(1000)) + "\n1\n")
    assert faults_of(read_consumption, path)[0][3] == "1,000 columns"


def test_rows_past_the_cap_are_one_fault(write, faults_of, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 1)
    path = write("consumption.csv", TEXT + "2027-02,m,output,x\n" * 5)
    assert faults_of(read_consumption, path) == [("consumption.csv", 3, None, "more than 1 rows", "at most 1 rows")]


def test_other_endings_folders_and_missing_files_are_refused(desk_folder, faults_of):
    (desk_folder / "a.pdf").write_text("x")
    (desk_folder / "b.csv").mkdir()
    assert faults_of(read_consumption, desk_folder / "a.pdf")[0][4] == "a table: .csv or .xlsx"
    assert faults_of(read_consumption, desk_folder / "b.csv")[0][3] == "not a file"
    assert faults_of(read_consumption, str(desk_folder / "c.csv"))[0][3] == "no such file"


def test_a_pipe_is_refused_rather_than_waited_for(desk_folder, faults_of):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this platform has no named pipes")
    os.mkfifo(desk_folder / "pipe.csv")
    assert faults_of(read_consumption, desk_folder / "pipe.csv")[0][3] == "not a file"


def test_a_link_is_followed(desk_folder, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(desk_folder / "consumption.csv")
    assert len(read_consumption(link).lines) == 5
