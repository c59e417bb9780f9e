"""Usage exports among uploads: told by their columns at any packing, kept under safe names beside one another."""

from __future__ import annotations

import gzip

import pytest

from hedgedesk.files.draft.exports import export_place, is_export, lies_in_usage, told_apart
from hedgedesk.files.draft.recognise import recognise
from hedgedesk.files.draft.records import Candidate
from hedgedesk.files.findings import FileFindings

GENERIC = "date,seller,model,team,uncached_input_tokens,output_tokens,cost_usd\n2026-10-01,a,b,c,1,2,3\n"


def written(tmp_path, content):
    path = tmp_path / "0001.bin"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        GENERIC,
        "﻿" + GENERIC,
        GENERIC.replace(",", ";"),
        "sep=;\n" + GENERIC.replace(",", ";"),
        "\n\n" + GENERIC,
        GENERIC.encode("utf-16"),
        gzip.compress(GENERIC.encode()),
        gzip.compress(GENERIC.encode() * 1_000)[:200],
        b"PAR1 and whatever follows",
    ],
)
def test_an_export_is_known_by_its_columns(tmp_path, content):
    assert is_export(written(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    ["", "month,model,meter,mtok\n2026-11,a,output,1\n", b"\x1f\x8b broken", b"\0\0\0\0", '"never closed', b"%PDF-1.7"],
)
def test_other_files_are_none(tmp_path, content):
    assert not is_export(written(tmp_path, content))


def test_a_bomb_is_looked_at_no_further_than_its_header(tmp_path):
    bomb = gzip.compress(b"\0" * 400_000_000, compresslevel=9)
    assert len(bomb) < 500_000
    assert not is_export(written(tmp_path, bomb))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("june.csv", "usage/june.csv"),
        ("C:\\exports\\June 2026 (1).CSV", "usage/June-2026-1.csv"),
        ("../../evil.csv.gz", "usage/evil.csv.gz"),
        ("=cmd|' /C calc'!A1.csv", "usage/C-calc-A1.csv"),
        ("=cmd+1.tsv", "usage/cmd-1.csv"),
        ("数据.parquet", "usage/export.parquet"),
        ("..", "usage/export.csv"),
        ("x" * 300 + ".csv", f"usage/{'x' * 80}.csv"),
    ],
)
def test_names_are_made_safe(name, place):
    assert export_place(name) == place


def test_what_lies_in_a_folder_usage_is_an_export_whatever_its_columns():
    assert lies_in_usage("desk/usage/x.csv")
    assert lies_in_usage("Usage\\x.csv.gz")
    assert not lies_in_usage("usage/vendors.toml")
    assert not lies_in_usage("usage/deeper/x.csv")
    assert not lies_in_usage("x.csv")


@pytest.mark.parametrize(
    ("name", "content", "stem"),
    [
        ("june.csv", GENERIC, "usage/june.csv"),
        ("june.csv.gz", gzip.compress(GENERIC.encode()), "usage/june.csv.gz"),
        ("june.txt", GENERIC.replace(",", "\t"), "usage/june.csv"),
        ("usage/strange.csv", "a,b\n1,2\n", "usage/strange.csv"),
        ("usage/vendors.toml", "", "usage/vendors.toml"),
        ("consumption.csv", GENERIC, "consumption"),
    ],
)
def test_exports_have_their_place_beside_the_documented_files(tmp_path, name, content, stem):
    report = FileFindings(name)
    assert recognise(name, written(tmp_path, content), report) == stem
    assert report.count == 0


def test_a_packed_file_that_is_no_export_is_a_fault(tmp_path):
    report = FileFindings("x.csv.gz")
    assert recognise("x.csv.gz", written(tmp_path, gzip.compress(b"a,b\n1,2\n")), report) is None
    assert "without the columns of a usage export" in report.listed()[0].found


def test_exports_of_one_name_are_numbered_and_tables_are_not():
    stems = [
        "usage/a.csv.gz",
        "book",
        "usage/a.csv.gz",
        "book",
        "usage/a.csv.gz",
        "usage/vendors.toml",
        "usage/vendors.toml",
    ]
    told = told_apart([Candidate(stem, f"{n}", f"{n}") for n, stem in enumerate(stems)])
    assert [candidate.stem for candidate in told] == [
        "usage/a.csv.gz",
        "book",
        "usage/a-2.csv.gz",
        "book",
        "usage/a-3.csv.gz",
        "usage/vendors.toml",
        "usage/vendors.toml",
    ]
