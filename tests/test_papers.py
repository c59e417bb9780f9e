"""What leaves the desk as a file: whole or not at all, named safely, in the format that was asked for."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from hedgedesk.desk import papers as papers_room
from hedgedesk.desk.papers import Papers, gathered
from hedgedesk.domain.errors import HedgeDeskError, InputError, NeedsScenarios
from hedgedesk.domain.run import HedgeRun
from hedgedesk.jobs import Jobs

RUN_ID = "7f3a9c2e51d04b86"
PATIENCE = 120.0


@pytest.fixture(scope="module")
def run() -> HedgeRun:
    build = runpy.run_path(str(Path(__file__).parent / "reports" / "sample_run.py"))["sample_run"]
    return HedgeRun.from_record(json.loads(json.dumps(build().record())))


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(limit=1)
    yield made
    made.close()


@pytest.fixture
def papers(tmp_path: Path, jobs: Jobs, run: HedgeRun) -> Papers:
    def result(run_id: str) -> HedgeRun:
        if run_id != RUN_ID:
            raise HedgeDeskError(f"no run {run_id}")
        return run

    return Papers(tmp_path / "home", jobs, result, lambda _run_id: "Acme & Söhne")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_ending_decides_the_format(papers, run, tmp_path):
    papers.report(run, tmp_path / "report.html")
    papers.report(run, tmp_path / "REPORT.XLSX")
    assert "Acme &amp; Söhne" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Summary" in openpyxl.load_workbook(tmp_path / "REPORT.XLSX", read_only=True).sheetnames


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.html.exe", ".html"])
def test_another_ending_is_refused_before_anything_is_written(papers, run, tmp_path, name):
    with pytest.raises(InputError, match=r"\.html or \.xlsx") as refusal:
        papers.report(run, tmp_path / name)
    assert refusal.value.faults[0].found == name
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_named(papers, run, tmp_path):
    with pytest.raises(InputError, match="nowhere does not exist"):
        papers.report(run, tmp_path / "nowhere" / "report.html")


def test_an_older_report_is_replaced_and_nothing_else_is_left(papers, run, tmp_path):
    out = tmp_path / "report.html"
    out.write_text("older", encoding="utf-8")
    papers.report(run, out)
    assert names(tmp_path) == ["report.html"]
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_write_that_fails_leaves_the_older_report(papers, run, tmp_path, monkeypatch):
    out = tmp_path / "report.html"
    out.write_text("older", encoding="utf-8")

    def full(*_places: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        papers.report(run, out)
    assert names(tmp_path) == ["report.html"]
    assert out.read_text(encoding="utf-8") == "older"


@pytest.mark.parametrize("suffix", ["html", "xlsx"])
def test_a_job_writes_the_report_where_it_is_found(papers, jobs, suffix):
    assert papers.report_file(RUN_ID, suffix) is None
    state = jobs.wait(papers.start_report(RUN_ID, suffix), timeout=PATIENCE)
    assert state is not None
    assert (state.status, state.kind) == ("done", "report")
    found = papers.report_file(RUN_ID, suffix)
    assert found is not None
    assert state.result == {"run": RUN_ID, "suffix": suffix, "file": found.name, "size": found.stat().st_size}
    assert names(found.parent) == [f"{RUN_ID}.{suffix}"]


def test_a_report_that_was_removed_is_written_again(papers, jobs):
    first = papers.start_report(RUN_ID, ".html")
    jobs.wait(first, timeout=PATIENCE)
    papers.report_file(RUN_ID, ".html").unlink()
    second = papers.start_report(RUN_ID, ".html")
    assert second != first
    jobs.wait(second, timeout=PATIENCE)
    assert papers.report_file(RUN_ID, ".html") is not None


def test_asking_twice_while_it_is_written_is_one_job(papers):
    assert papers.start_report(RUN_ID, "html") == papers.start_report(RUN_ID, ".html")


def test_an_unknown_run_or_format_starts_no_job(papers):
    with pytest.raises(HedgeDeskError, match="no run elsewhere"):
        papers.start_report("elsewhere", "html")
    with pytest.raises(InputError):
        papers.start_report(RUN_ID, "exe")


@pytest.mark.parametrize("run_id", ["../secret", "a/b", "", "x" * 65, "..", "a\\b", "a\0b"])
def test_a_report_is_looked_for_in_its_own_folder_only(papers, tmp_path, run_id):
    (tmp_path / "secret.html").write_text("not yours", encoding="utf-8")
    assert papers.report_file(run_id, "html") is None


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_a_table_leaves_under_a_name_that_every_system_takes(papers, run, suffix):
    name, content = papers.table(run, "plan.trades", suffix)
    assert name == f"plan-trades-7f3a9c2e.{suffix}"
    assert re.fullmatch(r"[0-9A-Za-z_.-]+", name)
    assert content


def test_a_table_says_on_its_second_sheet_what_it_is_of(papers, run):
    _, content = papers.table(run, "plan.months", "xlsx")
    about = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["About"]
    told = dict(about.iter_rows(values_only=True))
    assert told["Desk"] == "Acme & Söhne"
    assert told["Run"] == RUN_ID


def test_an_unknown_table_is_refused(papers, run):
    with pytest.raises(HedgeDeskError, match="no table is called"):
        papers.table(run, "plan.nothing", "csv")


def test_reports_are_written_without_the_solver_or_the_screen(papers, run, tmp_path):
    (tmp_path / "record.json").write_text(json.dumps(run.record()), encoding="utf-8")
    code = (
        "import json, sys; from hedgedesk.desk.papers import write_report; "
        f"spec = dict(record=json.load(open({str(tmp_path / 'record.json')!r})), desk='d', "
        f"out={str(tmp_path / 'r' / 'x.html')!r}, data={str(tmp_path)!r}); write_report(spec, lambda *_: None); "
        "print(sorted({'dash', 'plotly', 'cvxpy', 'xlsxwriter'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def of_csv(content: bytes) -> list[list[str]]:
    import csv

    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", ["measures", "inputs", "trades", "cost-a", "cost-b"])
def test_every_table_of_a_comparison_leaves_as_a_file_that_names_both_runs(papers, run, name):
    file, content = papers.compared(run, run, name, "csv")
    assert file == f"compare-{name}-{RUN_ID[:8]}-{RUN_ID[:8]}.csv"
    assert len(of_csv(content)[0]) > 2
    book = openpyxl.load_workbook(io.BytesIO(papers.compared(run, run, name, "xlsx")[1]), read_only=True)
    about = " ".join(str(row[1]) for row in book["About"].iter_rows(values_only=True))
    assert f"run {RUN_ID}, as of 20 Nov 2026" in about
    assert "Same scenarios" in about


def test_each_measure_of_a_comparison_leaves_with_its_unit(papers, run):
    header, *rows = of_csv(papers.compared(run, run, "measures", "csv")[1])
    units = {row[0]: row[header.index("Unit")] for row in rows}
    assert units["Mean cost"] == "CNY"
    assert units["Chance of breaking the budget"] == "share"
    assert units["Lots traded, net"] == "lots"
    assert "" not in units.values()


def test_a_table_of_two_runs_that_nobody_knows_is_an_error(papers, run):
    with pytest.raises(HedgeDeskError, match="known are cost-a"):
        papers.compared(run, run, "nothing", "csv")


def test_the_audit_log_leaves_with_times_to_the_second_and_text_that_stays_text(papers):
    from hedgedesk.domain.workspace import Deed

    deed = Deed("2026-11-21T09:05:07+00:00", "ann", "named", RUN_ID, "=cmd()")
    _header, row = of_csv(papers.audit_log([deed], "csv")[1])
    assert row[:2] == ["2026-11-21T09:05:07+00:00", "ann"]
    assert row[-1] == "'=cmd()"


def test_old_reports_give_room_to_new_ones(tmp_path):
    for age, name in enumerate(("new.html", "middle.xlsx", "old.html", "note.txt")):
        (tmp_path / name).write_bytes(b"x" * 40)
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    papers_room.clear_out(tmp_path, spare=tmp_path / "new.html", most=100)
    assert names(tmp_path) == ["middle.xlsx", "new.html", "note.txt"]
    papers_room.clear_out(tmp_path, spare=tmp_path / "new.html", most=10)
    assert names(tmp_path) == ["new.html", "note.txt"]


class StudiedPlans:
    """Studies of a plan: strategies, no comparison over models, and a frontier whose scenarios are gone."""

    def __init__(self) -> None:
        self.made = runpy.run_path(str(Path(__file__).parent / "reports" / "plan_studies.py"))

    def frontier(self, run_id: str) -> object:
        raise NeedsScenarios("the scenarios are no longer kept")

    def strategies(self, run_id: str) -> object:
        return self.made["strategies"]()

    def models(self, run_id: str) -> None:
        return None

    def history(self, run_id: str) -> object:
        return self.made["history"]()


def test_what_is_known_of_a_plan_beside_others_is_gathered_and_the_rest_left_out():
    found = gathered(StudiedPlans(), RUN_ID)
    assert found.strategies is not None
    assert (found.frontier, found.models) == (None, None)
    assert found.history.months.size == 3


def test_a_report_sets_the_plan_beside_others_here_and_by_a_job(tmp_path, jobs, run):
    plans = StudiedPlans()
    studied = Papers(
        tmp_path / "home", jobs, lambda _run_id: run, lambda _run_id: "Acme", lambda run_id: gathered(plans, run_id)
    )
    studied.report(run, tmp_path / "here.html")
    jobs.wait(studied.start_report(RUN_ID, "html"), timeout=PATIENCE)
    written = studied.report_file(RUN_ID, "html")
    assert "Least variance" in (tmp_path / "here.html").read_text(encoding="utf-8")
    assert "In layers, on the past of the futures" in (tmp_path / "here.html").read_text(encoding="utf-8")
    assert written.read_bytes() == (tmp_path / "here.html").read_bytes()
