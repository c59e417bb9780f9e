"""The tray: what runs first, how each job is told, and the words of the closed tray."""

from __future__ import annotations

import json

import pytest

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.tray import CLOSED, ENDED_SHOWN, fault, tray
from hedgedesk.domain.errors import Fault
from hedgedesk.jobs import JobFailure, JobState

RUN = "7f3a9c2e51d04b86"


def job(name, status="done", **more):
    return JobState(name, "key", status, **more)


def rows(*jobs):
    leaves = tray(jobs)
    assert tuple(leaves) == CLOSED
    return leaves[f"{ids.JOBS}.data"]


def words(*jobs):
    return tray(jobs)[f"{ids.TRAY}.children"]


def plain(components):
    return json.dumps([c.to_plotly_json() for c in components], default=lambda c: c.to_plotly_json())


def test_running_comes_first_then_waiting_in_turn_then_the_newest_that_ended():
    shown = rows(
        job("late", "waiting", ahead=2), job("next", "waiting", ahead=1), job("now", "running"), job("new"), job("old")
    )
    assert [row["id"] for row in shown] == ["now", "next", "late", "new", "old"]


def test_only_the_last_that_ended_are_listed():
    assert len(rows(*(job(str(k)) for k in range(30)))) == ENDED_SHOWN


def test_a_running_job_shows_its_share_its_time_left_and_a_way_to_cancel():
    (row,) = rows(job("a", "running", fraction=0.62, text="Simulating", seconds_left=13.4, title="Sample desk"))
    assert (row["title"], row["state"], row["note"]) == ("Sample desk", "62% · 14\u00a0s", "Simulating")
    assert (row["share"], row["action"]) == (0.62, "cancel")


def test_a_waiting_job_shows_its_turn_and_no_bar():
    (row,) = rows(job("a", "waiting", ahead=2))
    assert (row["state"], row["note"], row["action"]) == ("waiting", "Waiting, 2 before this one", "cancel")
    assert "share" not in row


@pytest.mark.parametrize("kind", ["run", "what_if"])
def test_a_run_that_is_done_can_be_opened(kind):
    (row,) = rows(job("a", kind=kind, result={"run_id": RUN}))
    assert (row["action"], row["run"], row["state"]) == ("open", RUN, "done")


def test_a_report_that_is_done_can_be_fetched_again():
    (row,) = rows(job("a", kind="report", result={"run": RUN, "suffix": "xlsx"}))
    assert (row["action"], row["href"]) == ("download", f"/download/report/{RUN}.xlsx")


def test_an_import_that_is_done_leads_to_its_page():
    (row,) = rows(job("a", kind="import", result={"draft": "d1"}))
    assert (row["action"], row["href"]) == ("visit", "/inputs")


def test_a_failed_job_says_why_in_one_line_with_its_reference():
    (row,) = rows(job("a", "failed", failure=JobFailure("ab12cd", "no plan keeps every rule\nand more")))
    assert row["note"] == "no plan keeps every rule · Reference ab12cd"
    assert "action" not in row


def test_faults_of_the_files_are_counted():
    faults = (Fault("a.csv", 1, "b", "c", "d"),) * 3
    (row,) = rows(job("a", "failed", failure=JobFailure("ab12cd", "", faults)))
    assert row["note"].startswith("3 faults in the files of this desk")


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        ("done", "run", "No jobs running"),
        ("cancelled", "run", "Run cancelled"),
        ("failed", "report", "Report failed"),
        ("cancelled", "what_if", "What-if cancelled"),
        ("failed", "import", "Import failed"),
    ],
)
def test_the_closed_tray_says_how_the_last_job_ended_where_it_went_wrong(status, kind, told):
    assert words(job("a", status, kind=kind)) == told


def test_the_closed_tray_shows_the_job_in_front():
    assert words(job("b", "waiting", ahead=1), job("a", "running", text="Solving")) == "Solving"
    assert words(job("a", "running", text="Fitting TwoFactorJumps")) == "Fitting Two-factor with jumps"
    assert words(job("a", "running", kind="report")) == "Writing the report"
    assert words() == "No jobs running"


def test_how_many_run_and_wait_is_counted():
    counted = tray((job("a", "running"), job("b", "waiting"), job("c")))[f"{ids.TRAY_COUNT}.children"]
    assert counted == "1 running, 1 waiting"


def test_a_failure_that_is_no_fault_of_a_file_is_told_in_its_own_words():
    told = plain(fault(job("a", "failed", failure=JobFailure("ab12cd", "no plan keeps every rule")), None))
    assert "no plan keeps every rule" in told
    assert "There is no result to show yet" in told


def test_a_long_failure_scrolls_in_its_place_and_the_keyboard_reaches_it():
    told = plain(fault(job("a", "failed", failure=JobFailure("ab12cd", "\n".join(["credit line"] * 40))), None))
    assert '"className": "hd-scroll hd-long", "tabIndex": 0' in told


def test_file_and_column_of_a_fault_are_not_broken_over_lines():
    failure = JobFailure("ab12cd", "", (Fault("consumption.csv", 5, "mtok", "abc", "a number"),))
    assert plain(fault(job("a", "failed", failure=failure), None)).count('"className": "hd-whole') == 4


@pytest.mark.parametrize("kind", ["models", "validate"])
def test_fitted_and_judged_models_are_opened_on_their_part_of_market(kind):
    shown = tray([JobState("j", "k", "done", kind=kind, result={"study": "x.json"})])
    (row,) = shown[f"{ids.JOBS}.data"]
    assert (row["action"], row["href"]) == ("visit", "/market?part=models")
