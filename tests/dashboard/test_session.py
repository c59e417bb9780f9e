"""A window's session: what it shows on arrival, which jobs it follows, and when its result is stale."""

from __future__ import annotations

import json

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids, session
from hedgedesk.dashboard.session import arrival, asked_run, begin, follow, standing
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import Fault
from hedgedesk.domain.workspace import OpenDesk
from hedgedesk.jobs import JobFailure, JobState

RUN = "7f3a9c2e51d04b86"


def running(job="job", kind="run", **more):
    return JobState(job, "key", "running", 0.62, "Simulating 20,000 scenarios", 13.4, kind=kind, **more)


def done(job="job", kind="run", **result):
    return JobState(job, "key", "done", 1.0, result=result or {"run_id": RUN}, kind=kind)


def failed(job="job", kind="run", text="two faults", faults=()):
    return JobState(job, "key", "failed", failure=JobFailure("ab12cd", text, faults), kind=kind)


def plain(components):
    return json.dumps([c.to_plotly_json() for c in components], default=lambda c: c.to_plotly_json())


def look(desk, *following, shown=None):
    leaves = follow(desk, following, shown)
    assert set(leaves) == set(session.FOLLOWED)
    return leaves


# Arrival


def test_a_permalink_shows_its_run_and_starts_nothing(desk):
    run, job, fault = arrival(desk, RUN, None)
    assert (run, job, fault) == (RUN, no_update, [])
    assert desk.started == []


def test_a_permalink_to_a_run_that_is_not_kept_is_told_in_its_place(desk):
    run, job, fault = arrival(desk, "abcdef123456", None)
    assert (run, job) == (no_update, no_update)
    assert "No run abcdef123456 is kept" in plain(fault)
    assert "/runs" in plain(fault)


def test_a_permalink_that_is_no_id_at_all_is_told_shortly(desk):
    _, _, fault = arrival(desk, "<script>" * 90, None)
    assert len(plain(fault)) < 900


def test_the_newest_run_is_shown_at_once_without_running(desk):
    desk.kept = RUN
    assert arrival(desk, None, None) == (RUN, no_update, no_update)
    assert desk.started == []


def test_the_first_visit_starts_the_run_and_does_not_try_a_failed_one_again(desk):
    assert arrival(desk, None, None) == (no_update, "job", no_update)
    assert desk.retried == [False]


@pytest.mark.parametrize("asked", [None, RUN])
def test_changing_the_page_keeps_the_run(desk, asked):
    with pytest.raises(PreventUpdate):
        arrival(desk, asked, RUN)


@pytest.mark.parametrize(
    ("search", "run"), [("", None), (None, None), ("?run=ab12", "ab12"), ("?a=1&run=ab12", "ab12"), ("?run=", None)]
)
def test_the_address_names_the_run(search, run):
    assert asked_run(search) == run


def test_the_browser_is_answered_on_arrival(call, desk):
    desk.kept = RUN
    answer = call("session-run.data", **{"_pages_location.search": ""}).json["response"]
    assert answer == {ids.RUN: {"data": RUN}}


# Following


def test_while_a_job_runs_the_tray_shows_its_progress(desk):
    desk.states["job"] = running()
    leaves = look(desk, "job")
    assert leaves[f"{ids.TRAY}.children"] == "Simulating 20,000 scenarios"
    assert leaves[f"{ids.PERCENT}.children"] == "62%"
    assert leaves[f"{ids.LEFT}.children"] == "14\u00a0s left"
    assert leaves[f"{ids.BAR}.style"] == {"width": "62%"}
    assert leaves[f"{ids.RUN_BUTTON}.disabled"]
    assert not leaves[f"{ids.POLL}.disabled"]
    assert leaves[f"{ids.RUN}.data"] is no_update
    assert leaves[f"{ids.DONE}.data"] is no_update


def test_a_finished_run_is_handed_over_and_the_polling_rests(desk):
    desk.states["job"] = done()
    leaves = look(desk, "job")
    assert leaves[f"{ids.RUN}.data"] == RUN
    assert leaves[f"{ids.DONE}.data"] == {
        "job": "job",
        "kind": "run",
        "status": "done",
        "result": {"run_id": RUN, "run": RUN},
    }
    assert leaves[f"{ids.POLL}.disabled"]
    assert leaves[f"{ids.CANCEL}.hidden"]
    assert leaves[f"{ids.FAULT}.children"] == []


def test_a_run_on_the_screen_is_not_handed_over_again(desk):
    desk.states["job"] = done()
    assert look(desk, "job", shown=RUN)[f"{ids.RUN}.data"] is no_update
    assert look(desk, "job", shown="older")[f"{ids.RUN}.data"] == RUN


def test_what_another_window_started_moves_the_tray_and_nothing_else(desk):
    desk.states["theirs"] = running("theirs")
    leaves = look(desk, shown=RUN)
    assert leaves[f"{ids.TRAY}.children"] == "Simulating 20,000 scenarios"
    assert not leaves[f"{ids.RUN_BUTTON}.disabled"]
    desk.states["theirs"] = done("theirs")
    leaves = look(desk, shown="other")
    assert leaves[f"{ids.RUN}.data"] is no_update
    assert leaves[f"{ids.DONE}.data"] is no_update
    assert leaves[f"{ids.FAULT}.children"] is no_update


def test_of_several_jobs_that_ended_each_is_told_in_its_turn(desk):
    desk.states |= {"a": done("a"), "b": done("b", "report", run=RUN, suffix="xlsx"), "c": running("c", "import")}
    assert look(desk, "a", "b", "c")[f"{ids.DONE}.data"]["job"] == "a"
    told = look(desk, "b", "c")
    assert told[f"{ids.DONE}.data"] == {
        "job": "b",
        "kind": "report",
        "status": "done",
        "result": {"run": RUN, "suffix": "xlsx"},
    }
    assert told[f"{ids.RUN}.data"] is no_update
    assert not told[f"{ids.POLL}.disabled"]


def test_a_failed_import_is_left_to_its_page_but_shown_in_the_tray(desk):
    desk.states["job"] = failed("job", "import", "not a zip file")
    leaves = look(desk, "job")
    assert leaves[f"{ids.DONE}.data"]["status"] == "failed"
    assert leaves[f"{ids.FAULT}.children"] is no_update
    (row,) = leaves[f"{ids.JOBS}.data"]
    assert row["note"] == "not a zip file · Reference ab12cd"


def test_a_large_result_stays_on_the_server(desk):
    desk.states["job"] = done("job", "what_if", manifest={"run_id": RUN}, report={"rows": [0.0] * 10_000})
    leaves = look(desk, "job")
    assert leaves[f"{ids.DONE}.data"]["result"] == {"run": RUN}
    assert len(json.dumps(leaves[f"{ids.JOBS}.data"])) < 300


def test_a_server_started_again_says_that_it_forgot_the_job(desk):
    leaves = look(desk, "gone", shown=RUN)
    assert "has forgotten this job" in plain(leaves[f"{ids.FAULT}.children"])
    assert leaves[f"{ids.DONE}.data"] == {"job": "gone", "kind": "run", "status": "failed", "result": {}}


def test_a_failure_names_every_fault_and_what_was_kept(desk):
    faults = (Fault("consumption.csv", 5, "mtok", "abc", "a number"), Fault("book.csv", None, None, "", "rows"))
    desk.states["job"] = failed(faults=faults)
    words = plain(look(desk, "job", shown=RUN)[f"{ids.FAULT}.children"])
    for part in ("2 faults in the files", "consumption.csv", "abc", "a number", "earlier run 7f3a9c2e", "ab12cd"):
        assert part in words


def test_a_run_that_begins_clears_an_earlier_failure_and_is_announced():
    assert begin(running()) == ([], "Starting the run")
    assert begin(running(kind="report")) == (no_update, "Writing the report")
    assert begin(done()) == (no_update, no_update)
    assert begin(None) == (no_update, no_update)


def test_the_browser_is_answered_when_it_follows(call, desk):
    desk.states["job"] = done()
    answer = call("shell-tray.children", session_following__data=["job"]).json["response"]
    assert answer[ids.RUN]["data"] == RUN
    assert answer[ids.TRAY]["children"] == "No jobs running"


def test_run_starts_and_tries_a_failed_run_again(call, desk):
    assert call("session-job.data", shell_run__n_clicks=1).json["response"][ids.JOB]["data"] == "job"
    assert desk.retried[-1] is True


@pytest.mark.parametrize("row", [{"id": "job", "action": "cancel"}])
def test_cancel_ends_the_job_in_front(client, desk, row):
    press(client, ids.CANCEL, 1, [row])
    assert desk.cancelled == ["job"]


def test_cancel_of_a_job_that_has_just_ended_does_nothing(client, desk):
    press(client, ids.CANCEL, 1, [{"id": "job", "status": "done"}])
    assert desk.cancelled == []


def test_a_row_of_the_tray_cancels_its_own_job(client, desk):
    press(client, ids.ASKED, {"cancel": "second", "at": 1})
    assert desk.cancelled == ["second"]


def press(client, place, value, *states):
    (found,) = [d for d in client.get("/_dash-dependencies").json if d["inputs"][0]["id"] == place]
    body = {"output": found["output"], "outputs": [], "changedPropIds": [f"{place}.n_clicks"]}
    body["inputs"] = [{**found["inputs"][0], "value": value}]
    body["state"] = [{**state, "value": given} for state, given in zip(found["state"], states, strict=True)]
    assert client.post("/_dash-update-component", json=body).status_code in (200, 204)


# Reports


@pytest.mark.parametrize(("pressed", "suffix"), [("shell_report_html", ".html"), ("shell_report_xlsx", ".xlsx")])
def test_a_report_is_a_job_of_the_run_on_the_screen(call, desk, pressed, suffix):
    answer = call("session-job.data", **{f"{pressed}__n_clicks": 1, "session_run__data": RUN})
    assert answer.json["response"][ids.JOB]["data"] == "report-job"
    assert desk.papers.asked == [(RUN, suffix)]


# Standing


def test_inputs_that_changed_make_the_result_stale_and_run_the_next_step(desk):
    desk.stale = {RUN}
    leaves = standing(desk, RUN, failed=False)
    assert leaves[f"{ids.FRAME}.className"] == "hd-main hd-stale"
    assert leaves[f"{ids.RUN_BUTTON}.variant"] == "filled"
    desk.stale = set()
    assert standing(desk, RUN, failed=False)[f"{ids.FRAME}.className"] == "hd-main"
    assert standing(desk, RUN, failed=False)[f"{ids.RUN_BUTTON}.variant"] == "default"


def test_before_any_result_nothing_is_stale(desk):
    desk.stale = {RUN}
    assert standing(desk, None, failed=False)[f"{ids.FRAME}.className"] == "hd-main"


def test_after_a_failure_run_is_the_next_step(desk):
    assert standing(desk, RUN, failed=True)[f"{ids.RUN_BUTTON}.variant"] == "filled"


def test_a_what_if_is_marked_until_it_is_saved(desk):
    desk.what_ifs.bases[RUN] = ("base", Changes(volume=0.1))
    assert standing(desk, RUN, failed=False)[f"{ids.FRAME}.className"] == "hd-main hd-what-if"
    desk.what_ifs.saved.add(RUN)
    assert standing(desk, RUN, failed=False)[f"{ids.FRAME}.className"] == "hd-main"


@pytest.mark.parametrize(
    ("kind", "revision", "name", "told"),
    [
        ("sample", None, "Sample desk", "read only"),
        ("folder", None, "Larkspur", "your own folder, read only"),
        ("kept", 3, "Larkspur", "revision 3"),
    ],
)
def test_the_top_bar_names_the_open_desk_and_its_revision(desk, kind, revision, name, told):
    desk.open = OpenDesk("Larkspur", kind, desk.open.folder, "key", revision=revision)
    leaves = standing(desk, None, failed=False)
    assert leaves[f"{ids.DESK_NAME}.children"] == name
    assert leaves[f"{ids.DESK_REVISION}.children"] == told
