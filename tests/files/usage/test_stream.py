"""Rows in batches, each with its line; what does not fit the header is told and left out."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage import stream as module
from hedgedesk.files.usage.stream import open_text
from hedgedesk.files.usage.survey import survey

HEADER = "date,model,output_tokens\n"


def batches(path) -> tuple[list[module.Batch], FileFindings, module.Opened]:
    findings = FileFindings(path.name)
    found = survey(path, findings, lambda _share: None)
    assert found is not None
    opened = open_text(path, found, findings)
    assert opened is not None
    rows = list(opened.batches())
    opened.close()
    return rows, findings, opened


def test_batches_have_their_lines_and_tell_how_far_the_file_is_read(write_export, monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 2)
    rows, findings, opened = batches(write_export("u.csv", HEADER + "a,b,1\n\nc,d,2\ne,f,3\n"))
    assert opened.header == ("date", "model", "output_tokens")
    assert [batch.lines.tolist() for batch in rows] == [[2], [4, 5]]
    assert [text for batch in rows for text in batch.columns[0]] == ["a", "c", "e"]
    assert rows[-1].fraction == 1.0
    assert findings.count == 0


def test_a_quoted_line_end_moves_the_lines_that_follow(write_export):
    (batch,), _, _ = batches(write_export("u.csv", HEADER + 'a,"two\nlines",1\nc,d,2\n'))
    assert batch.lines.tolist() == [2, 4]
    assert batch.columns[1].tolist() == ["two\nlines", "d"]


def test_long_rows_end_a_batch_early(write_export, monkeypatch):
    monkeypatch.setattr(module, "BATCH_CHARACTERS", 100)
    rows, _, _ = batches(write_export("u.csv", HEADER + f"a,{'m' * 80},1\n" * 6))
    assert len(rows) >= 3


def test_ragged_rows_are_faults_and_empty_cells_too_many_are_not(read_exports):
    text = HEADER + "2026-10-01,m,1,,\n2026-10-02,m,1,extra\n2026-10-03,m\n2026-10-04,m,2\n"
    measured = read_exports({"u.csv": text})
    assert [(f.row, f.found) for f in measured.faults] == [(3, "4 cells"), (4, "fewer cells than the header's 3")]
    assert measured.usage.tokens.sum() == 3.0


def test_the_header_in_the_middle_is_a_fault(read_exports):
    measured = read_exports({"u.csv": HEADER + "2026-10-01,m,1\n" + HEADER + "2026-10-02,m,1\n"})
    assert [(f.row, f.found) for f in measured.faults] == [(3, "the header again (date, model, output_tokens)")]
    assert measured.usage.tokens.sum() == 2.0


def test_a_quote_that_never_closes_names_the_lines_that_are_lost(read_exports):
    text = HEADER + '2026-10-01,m,1\n2026-10-02,"m,1\n2026-10-03,m,1\n'
    measured = read_exports({"u.csv": text})
    (fault,) = measured.faults
    assert fault.row == 3
    assert fault.found.startswith("rows 3 to 4 that cannot be cut into cells")
    assert measured.usage.tokens.sum() == 1.0


def test_reading_goes_on_after_a_row_that_cannot_be_cut(read_exports):
    text = HEADER + '2026-10-01,"m"x,1\n2026-10-02,m,1\n'
    measured = read_exports({"u.csv": text})
    assert [fault.row for fault in measured.faults] == [2]
    assert measured.usage.tokens.sum() == 1.0


def test_cells_lines_columns_and_rows_have_limits(read_exports, monkeypatch):
    long = read_exports({"cell.csv": HEADER + f"2026-10-01,{'m' * (2**20 + 1)},1\n2026-10-02,m,1\n"})
    assert [fault.row for fault in long.faults] == [2]
    assert "cells of at most 1,048,576 characters" in long.faults[0].expected
    wide = ",".join(f"c{i}" for i in range(501))
    with pytest.raises(InputError, match="501 columns"):
        read_exports({"wide.csv": f"{wide}\n"})
    monkeypatch.setattr(module, "ROW_CAP", 2)
    many = read_exports({"rows.csv": HEADER + "2026-10-01,m,1\n2026-10-02,m,1\n2026-10-03,m,1\n"})
    assert many.faults[0].found == "more than 2 rows"
    assert many.usage.starts.size == 0, "a part of the file is not taken for the whole"
    monkeypatch.setattr(module, "LINE_CAP", 60)
    line = read_exports({"line.csv": HEADER + f"2026-10-01,{'m' * 80},1\n"})
    assert line.faults[0].found == "a line of more than 60 characters"


def test_a_separator_line_and_other_delimiters_are_obeyed(read_exports):
    for text in (
        "sep=;\ndate;model;output_tokens\n2026-10-01;m;1\n",
        "\ndate\tmodel\toutput_tokens\n2026-10-01\tm\t1\n",
        "date|model|output_tokens\n2026-10-01|m|1\n",
    ):
        measured = read_exports({"u.csv": text})
        assert measured.usage.tokens.sum() == 1.0
    bad = read_exports({"u.csv": "sep=;\ndate;model;output_tokens\n2026-10-01;m;x\n"})
    assert bad.faults[0].row == 3


def test_memory_does_not_grow_with_the_rows(write_export, monkeypatch):
    from hedgedesk.files.usage import read_usage

    monkeypatch.setattr(module, "BATCH_ROWS", 500)

    def peak(rows: int) -> int:
        text = "".join(f"2026-10-{i % 28 + 1:02d},model-{i % 7},{i},id-{i}\n" for i in range(rows))
        path = write_export(f"{rows}.csv", HEADER.replace("\n", ",id\n") + text)
        tracemalloc.start()
        measured = read_usage([path])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert measured.usage.tokens.sum() == rows * (rows - 1) / 2
        return most

    peak(1_000)  # what is made once
    assert peak(12_000) < 2.0 * peak(3_000)


@pytest.mark.parametrize("change", [b"\xff", b""], ids=["other bytes", "cut off"])
def test_a_file_that_changes_while_it_is_read_is_left_out(write_export, change):
    text = gzip.compress((HEADER + "".join(f"2026-10-01,m,{i}\n" for i in range(20_000))).encode())
    path = write_export("u.csv.gz", text)
    findings = FileFindings(path.name)
    found = survey(path, findings, lambda _share: None)
    assert found is not None
    path.write_bytes(text[: len(text) // 2] + change)
    opened = open_text(path, found, findings)
    assert opened is not None
    with pytest.raises(module.BrokenOff):
        list(opened.batches())
    opened.close()
    assert [fault.expected for fault in findings.listed()] == ["a file that nobody writes while it is read"]
    path.write_bytes(change)
    assert open_text(path, found, findings) is None


CELL = st.sampled_from(["a", "", "x;y", "a,b", 'say ""no""', "two\nlines", "r\rs", "\u4e2d", "m" * 9])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), ENDS, st.integers(1, 40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_where_a_block_of_text_ends_does_not_matter(write_export, rows, end, size):
    text = "".join(",".join(f'"{cell}"' if cell else "" for cell in row) + end for row in [["x", "y", "z"], *rows])
    path = write_export("u.csv", text)
    whole, _, _ = batches(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_CHARACTERS", size)
        parts, findings, _ = batches(path)
    assert findings.count == 0
    assert [batch.lines.tolist() for batch in parts] == [batch.lines.tolist() for batch in whole]
    assert [[cut.tolist() for cut in b.columns] for b in parts] == [[cut.tolist() for cut in b.columns] for b in whole]
    told = [[cell.replace('""', '"') for cell in row] for row in rows if any(row)]
    assert [list(row) for batch in parts for row in zip(*batch.columns, strict=True)] == told


def test_rows_of_delimiters_alone_are_no_rows(write_export):
    rows, findings, _ = batches(write_export("u.csv", HEADER + "2026-10-01,m,1\n,,\n2026-10-02,m,2\n,,\n"))
    assert [line for batch in rows for line in batch.lines.tolist()] == [2, 4]
    assert findings.count == 0


@pytest.mark.parametrize("size", [5, 2**16])
def test_rows_that_cannot_be_cut_are_told_wherever_a_block_ends(write_export, monkeypatch, size):
    monkeypatch.setattr(module, "BLOCK_CHARACTERS", size)
    text = HEADER + 'a,b,1\na,"b"x,2\na,"b\nc",3\nd,e,4\n'
    rows, findings, _ = batches(write_export("u.csv", text))
    assert [line for batch in rows for line in batch.lines.tolist()] == [2, 4, 6]
    assert [text for batch in rows for text in batch.columns[2]] == ["1", "3", "4"]
    assert findings.count == 1


def test_thousands_with_a_dot_in_a_file_with_semicolons_are_never_taken_for_decimals(read_exports):
    columns = "date;model;output_tokens\n"
    measured = read_exports({"u.csv": columns + "01.10.2026;m;1.000\n02.10.2026;m;2.500\n03.10.2026;m;7\n"})
    assert [(fault.row, fault.column, fault.found) for fault in measured.faults] == [
        (2, "output_tokens", "1.000"),
        (3, "output_tokens", "2.500"),
    ]
    assert measured.faults[0].expected == (
        "a number of at least 0, without marks of thousands: nothing in this file tells whether 1.000 is 1 or 1000"
    )
    assert measured.usage.tokens.sum() == 7.0
    for sure in ("1.000.000", "0,5"):  # one number that can be read in one way only settles the others
        more = read_exports({"u.csv": columns + f"01.10.2026;m;1.000\n02.10.2026;m;{sure}\n"})
        assert more.usage.tokens.sum() == 1_000 + float(sure.replace(".", "").replace(",", "."))
