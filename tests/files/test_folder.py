"""A whole desk folder: everything read, every fault of every file at once."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import CurrencyMismatch, InputError, MissingMonths
from hedgedesk.domain.run import RunSettings
from hedgedesk.files import read_desk

TABLES = ("consumption", "commitments", "book", "market/index", "market/futures", "market/list_prices", "market/fx")
NAMES = [*(f"{stem}.csv" for stem in TABLES), "market/contract.toml", "program.toml", "settings.toml"]


def test_a_desk_folder_is_read_whole(desk_folder):
    desk = read_desk(desk_folder)
    assert str(desk.market.as_of) == "2026-11-20"
    assert (len(desk.forecast.lines), len(desk.commitments), len(desk.book.positions)) == (5, 1, 1)
    assert (desk.program.budget, desk.settings) == (2000.0, RunSettings(scenarios=1000, seed=7))
    assert desk.notices == ()


def test_every_file_read_is_hashed_under_its_name(desk_folder):
    hashes = read_desk(desk_folder).file_hashes
    paths = [path for path in desk_folder.rglob("*") if path.is_file()]
    assert hashes == {
        path.relative_to(desk_folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def test_reading_writes_nothing(desk_folder):
    def state():
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in desk_folder.rglob("*")}

    before = state()
    read_desk(desk_folder)
    assert state() == before


def test_optional_files_may_be_absent(write, desk_folder):
    for name in ("commitments.csv", "book.csv", "settings.toml", "market/futures.csv", "market/fx.csv"):
        write(name, None)
    desk = read_desk(str(desk_folder))
    assert (desk.commitments, desk.book.positions, desk.settings) == ((), (), RunSettings())
    assert "book.csv" not in desk.file_hashes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("consumption.csv", "consumption.csv or consumption.xlsx"),
        ("program.toml", "a readable file"),
        ("market/index.csv", "index.csv or index.xlsx"),
        ("market/contract.toml", "a readable file"),
    ],
)
def test_a_missing_required_file_is_a_fault(write, desk_folder, faults_of, name, expected):
    write(name, None)
    assert faults_of(read_desk, desk_folder) == [(name, None, None, "no such file", expected)]


def test_a_table_in_two_formats_is_a_fault(desk_folder, write_workbook, faults_of):
    write_workbook("consumption.xlsx", [("month",)])
    assert faults_of(read_desk, desk_folder) == [
        ("consumption.csv", None, None, "both consumption.csv and consumption.xlsx", "only one of them")
    ]


def test_a_folder_that_is_not_there_or_empty_is_a_fault(tmp_path, faults_of):
    assert faults_of(read_desk, tmp_path / "none")[0][3:] == ("no such folder", "a desk folder")
    assert [fault[0] for fault in faults_of(read_desk, tmp_path)] == [
        "consumption.csv",
        "market/index.csv",
        "market/contract.toml",
        "program.toml",
    ]


def test_a_misspelt_file_is_noticed(write, desk_folder):
    write("commitment.csv", "x")
    (notice,) = read_desk(desk_folder).notices
    assert notice.startswith("commitment.csv: not read: the files here are consumption, commitments, book")


def test_every_fault_of_every_file_is_told_together(write, desk_folder, faults_of):
    write("consumption.csv", "month,model,meter,mtok\n2026-12,m,output,x\n2027-02,m,outptu,1\n")
    write("commitments.csv", "name\nd\n")
    write("market/index.csv", "date,price_usd_per_mtok\n2026-11-20,0\nnever,4\n")
    write("market/futures.csv", b"\x00\x01")
    write("market/fx.csv", "")
    write("market/contract.toml", 'currency = "USD"\nmultiplier = 0\nunit = "stu"\n')
    write("program.toml", 'currency = "USD"\nlevel = 3\nbugdet = 5\n')
    write("settings.toml", "seed = -1\n")
    write("book.csv", "trade_date,contract,lots,price_usd_per_mtok\n2026-10-02,2027-02,0,1\n2026-12-02,2027-02,1,1\n")
    assert [fault[:4] for fault in faults_of(read_desk, desk_folder)] == [
        ("consumption.csv", None, "month", "no row for 2027-01"),
        ("consumption.csv", 2, "mtok", "x"),
        ("consumption.csv", 3, "meter", "outptu"),
        ("commitments.csv", 1, "first_month", "no such column"),
        ("commitments.csv", 1, "last_month", "no such column"),
        ("commitments.csv", 1, "model", "no such column"),
        ("commitments.csv", 1, "meter", "no such column"),
        ("commitments.csv", 1, "mtok_per_month", "no such column"),
        ("commitments.csv", 1, "kind", "no such column"),
        ("commitments.csv", 1, "price_<currency>_per_mtok", "no such column"),
        ("market/index.csv", 2, "price_usd_per_mtok", "0"),
        ("market/index.csv", 3, "date", "never"),
        ("market/futures.csv", 1, None, "binary content (byte 0x00)"),
        ("market/fx.csv", None, None, "an empty file"),
        ("market/contract.toml", 2, "multiplier", "0"),
        ("program.toml", 2, "level", "3"),
        ("program.toml", 3, "bugdet", "an unknown key"),
        ("settings.toml", 1, "seed", "-1"),
        ("book.csv", 2, "lots", "0"),
        ("book.csv", 3, "trade_date", "2026-12-02"),
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), body=st.binary(max_size=60), at=st.integers(0, 400), keep=st.booleans())
def test_bytes_put_anywhere_in_any_file_raise_nothing_but_an_input_error(desk_folder, name, body, at, keep):
    path = desk_folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + body + (whole[at:] if keep else b""))
    try:
        with suppress(InputError):
            assert read_desk(desk_folder)
    finally:
        path.write_bytes(whole)


def test_the_message_is_the_list_of_faults(write, desk_folder):
    write("market/index.csv", "date,price_usd_per_mtok\n2026-11-20,0\n")
    with pytest.raises(InputError) as refused:
        read_desk(desk_folder)
    assert str(refused.value) == "market/index.csv:2:price_usd_per_mtok: found 0; expected a price above 0"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("consumption.csv", "month,model,meter,mtok\n2026-12,m,output,1\n2027-02,m,output,1\n", MissingMonths),
        ("market/index.csv", "date,price_per_mtok\n2026-11-20,1\n", CurrencyMismatch),
    ],
)
def test_faults_of_one_kind_raise_the_class_of_that_kind(write, desk_folder, name, text, kind):
    write(name, text)
    with pytest.raises(kind):
        read_desk(desk_folder)


def test_what_makes_the_desks_own_index_is_checked_with_the_desk(desk_folder):
    (desk_folder / "market/index.toml").write_text('method = "mean"\n', encoding="utf-8")
    (desk_folder / "market/scores.csv").write_text("model,benchmark,score\nm,mmlu,200\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_desk(desk_folder)
    assert [(fault.file, fault.column) for fault in refusal.value.faults] == [
        ("market/index.toml", "method"),
        ("market/scores.csv", "score"),
    ]
