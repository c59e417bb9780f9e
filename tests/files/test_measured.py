"""``usage/`` of a desk folder: its exports, the vendors named for them, and what is told of both."""

from __future__ import annotations

import gzip
import hashlib
import shutil

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files import read_desk
from hedgedesk.files.findings import FileFindings, Findings
from hedgedesk.files.measured import exports_in, parse_vendors, read_measured, tell_usage, vendors_in, vendors_text
from hedgedesk.files.places import sample_folder

GENERIC = """date,seller,model,team,uncached_input_tokens,output_tokens,cost_usd
2026-10-01,my-provider,my-model,search,1200000,300000,4.15
2026-10-02,my-provider,my-model,search,900000,250000,1.90
"""


@pytest.fixture
def desk(tmp_path):
    """The sample without its own exports, and an empty ``usage/``."""
    folder = tmp_path / "desk"
    shutil.copytree(sample_folder(), folder, ignore=shutil.ignore_patterns("usage"))
    (folder / "usage").mkdir()
    return folder


def put(desk, name, content=GENERIC):
    path = desk / "usage" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_desk_without_exports_has_no_usage(desk):
    assert read_desk(desk).usage is None
    (desk / "usage").rmdir()
    assert read_desk(desk).usage is None
    assert exports_in(desk) == []


def test_the_exports_of_a_desk_are_read_and_their_bytes_are_causes_of_a_run(desk):
    path = put(desk, "october.csv")
    packed = put(desk, "more.csv.gz", gzip.compress(GENERIC.replace("my-model", "other").encode()))
    inputs = read_desk(desk)
    assert [file.file for file in inputs.usage.files] == ["more.csv.gz", "october.csv"]
    assert inputs.usage.usage.tokens.sum() == 2 * 2_650_000
    for each in (path, packed):
        assert inputs.file_hashes[f"usage/{each.name}"] == hashlib.sha256(each.read_bytes()).hexdigest()


def test_scenarios_do_not_depend_on_usage():
    from hedgedesk.pipeline import SIMULATION_FILES

    assert not "usage/october.csv".startswith(SIMULATION_FILES)


def test_faults_of_exports_join_those_of_the_desk(desk):
    put(desk, "october.csv", GENERIC.replace("900000", "-900000"))
    (desk / "settings.toml").write_text("scenarios = 3\n")
    with pytest.raises(InputError) as told:
        read_desk(desk)
    faults = [(fault.file, fault.row, fault.column) for fault in told.value.faults]
    assert ("settings.toml", 1, "scenarios") in faults
    assert ("usage/october.csv", 3, "uncached_input_tokens") in faults


def test_exports_of_which_none_can_be_read_are_faults_at_their_places(desk):
    put(desk, "broken.csv.gz", gzip.compress(GENERIC.encode())[:40])
    put(desk, "strange.csv", "a,b\n1,2\n")
    with pytest.raises(InputError) as told:
        read_desk(desk)
    assert {fault.file for fault in told.value.faults} == {"usage/broken.csv.gz", "usage/strange.csv"}


def test_a_named_vendor_beats_the_columns_of_its_file_alone(desk):
    put(desk, "october.csv")
    put(desk, "more.csv", GENERIC.replace("my-model", "other"))
    put(desk, "vendors.toml", vendors_text({"october.csv": "anthropic"}))
    with pytest.raises(InputError, match=r"usage/october\.csv.*anthropic"):
        read_desk(desk)
    put(desk, "vendors.toml", vendors_text({"october.csv": "generic"}))
    assert {file.vendor for file in read_desk(desk).usage.files} == {"generic"}


def test_vendors_are_read_back_as_they_are_written(desk):
    named = {"a b.csv": "openai", 'quo"te.csv': "azure", "Größe.csv.gz": "focus"}
    put(desk, "vendors.toml", vendors_text(named))
    assert vendors_in(desk) == named


@pytest.mark.parametrize(
    ("text", "column"), [('"x.csv" = "acme"', "x.csv"), ('"x.csv" = 3', "x.csv"), ("[x]\ncsv = 1", "x")]
)
def test_a_vendor_that_nobody_knows_is_a_fault(tmp_path, text, column):
    path = tmp_path / "vendors.toml"
    path.write_text(text)
    report = FileFindings("usage/vendors.toml")
    assert parse_vendors(path, report) == {}
    fault = report.listed()[0]
    assert (fault.column, "openai" in fault.expected) == (column, True)


def test_a_broken_list_of_vendors_stops_the_desk_with_its_line(desk):
    put(desk, "october.csv")
    put(desk, "vendors.toml", "october.csv =\n")
    with pytest.raises(InputError, match=r"usage/vendors\.toml"):
        read_desk(desk)
    with pytest.raises(InputError, match=r"usage/vendors\.toml"):
        vendors_in(desk)


def test_what_is_not_read_in_usage_is_told(desk):
    put(desk, "october.csv")
    put(desk, "november.xlsx", b"x")
    put(desk, "notes.md", b"x")
    put(desk, ".hidden.csv", b"x")
    put(desk, "vendors.toml", vendors_text({"gone.csv": "openai"}))
    notices = [notice for notice in read_desk(desk).notices if notice.startswith("usage/")]
    assert any("november.xlsx: not read: exports end in .csv, .gz, .parquet" in notice for notice in notices)
    assert any("gone.csv is not in usage/" in notice for notice in notices)
    assert not any("notes.md" in notice or "hidden" in notice for notice in notices)


def test_usage_that_has_just_been_read_is_not_read_again(desk, monkeypatch):
    put(desk, "october.csv")
    measured = read_measured(desk)
    monkeypatch.setattr("hedgedesk.files.folder.read_measured", lambda *_: pytest.fail("read again"))
    assert read_desk(desk, usage=measured).usage is measured


def test_the_desks_own_list_prices_price_its_usage(desk):
    put(desk, "october.csv")
    (desk / "market" / "list_prices.csv").write_text(
        "effective_date,provider,model,meter,price_usd_per_mtok\n"
        "2026-01-01,my-provider,my-model,uncached_input,2\n2026-01-01,my-provider,my-model,output,10\n"
    )
    assert read_desk(desk).usage.usage.priced.sum() == pytest.approx(2.1 * 2 + 0.55 * 10)


def test_a_folder_that_is_gone_has_nothing_to_tell(tmp_path):
    findings = Findings()
    tell_usage(None, tmp_path / "nowhere", findings)
    assert (findings.faults, findings.notices, findings.hashes) == ((), (), {})
