"""The app as HTTP sees it: skeleton pages, callbacks whose every id exists, leaves that views fill exactly."""

from __future__ import annotations

import json
import re

import dash
import pytest

from hedgedesk.dashboard import ids, shell
from hedgedesk.dashboard.pages import overview, plan
from hedgedesk.dashboard.tray import TRAY, tray
from hedgedesk.domain.errors import Fault
from hedgedesk.jobs import JobFailure, JobState

PAGES = (overview, plan)
RUN = "7f3a9c2e51d04b86"


def layout_ids(component):
    """Every id of a component and what it holds."""
    own = getattr(component, "id", None)
    return ({own} if own else set()) | {c.id for c in component._traverse() if getattr(c, "id", None)}


def all_ids(app):
    pages = [page["layout"]() for page in dash.page_registry.values()]
    return set().union(*(layout_ids(part) for part in (app.layout, *pages)))


def spoken_ids(dependencies):
    for found in dependencies:
        # A callback without an output is named by a hash, which has no property.
        for output in (o for o in found["output"].strip(".").split("...") if "." in o):
            yield output.split("@")[0].rsplit(".", 1)[0]
        yield from (place["id"] for place in (*found["inputs"], *found["state"]))


def test_every_id_that_a_callback_speaks_of_stands_in_a_layout(app, client):
    spoken = set(spoken_ids(client.get("/_dash-dependencies").json)) - {""}
    assert len(spoken) > 40
    assert spoken - all_ids(app) == set()


def test_ids_are_page_and_thing(app):
    own = {i for i in all_ids(app) if not i.startswith("_pages")}
    assert [i for i in own if not re.fullmatch(r"[a-z]+-[a-z-]+", i)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.NAME)
def test_a_view_fills_exactly_the_leaves_of_its_page(page, run):
    assert set(page.view(run)) == set(page.LEAVES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.NAME)
def test_a_layout_is_a_skeleton_without_data(page, desk):
    skeleton = json.dumps(page.layout(desk).to_plotly_json(), default=lambda c: c.to_plotly_json())
    assert len(skeleton) < 40_000


def test_the_first_page_is_small_and_speaks_english(client):
    page = client.get("/")
    assert page.status_code == 200
    assert len(page.data) < 20_000
    assert '<html lang="en">' in page.text


def test_asking_for_a_page_starts_the_run(desk, app):
    app.server.test_client().get("/plan")
    assert desk.started == ["job"]


def test_a_page_read_again_does_not_try_a_cancelled_run_again(desk, app):
    app.server.test_client().get("/")
    assert desk.retried == [False]


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_page_that_the_user_asked_for_starts_the_run(desk, app, site):
    app.server.test_client().get("/", headers={"Sec-Fetch-Site": site})
    assert desk.started == ["job"]


@pytest.mark.parametrize("path", ["/", "/plan"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_a_page_that_another_site_asked_for_starts_nothing(desk, app, path, headers):
    assert app.server.test_client().get(path, headers=headers).status_code == 200
    assert desk.started == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8050"])
def test_a_refused_request_starts_nothing(desk, app, host):
    assert app.server.test_client().get("/", headers={"Host": host}).status_code == 400
    assert desk.started == []


def test_before_the_first_answer_the_tray_says_that_the_run_starts(app):
    said = next(part for part in app.layout._traverse() if getattr(part, "id", None) == ids.TRAY)
    assert said.children == "Starting the run"


def test_only_the_two_pages_of_this_desk_are_in_the_navigation(app):
    links = {i for i in all_ids(app) if i.startswith("nav-")}
    assert links == {ids.nav("overview"), ids.nav("plan")}


def test_an_app_made_later_lends_nothing_to_an_earlier_one(desk, app):
    from hedgedesk.dashboard import create_app
    from hedgedesk.desk import assets

    create_app(desk, assets())
    assert sorted(dash.page_registry) == ["overview", "plan"]


def test_the_first_visit_starts_the_run_and_the_polling(call):
    answer = call("session-job.data").json["response"]
    assert answer == {"session-job": {"data": "job"}, "shell-poll": {"disabled": False}}


def test_while_a_job_runs_the_tray_shows_its_progress(call, desk):
    desk.states["job"] = JobState("job", "key", "running", 0.62, "Simulating 20,000 scenarios", 13.4)
    answer = call("shell-tray.children", session_job__data="job").json["response"]
    assert answer["shell-tray"]["children"] == "Simulating 20,000 scenarios"
    assert answer["shell-percent"]["children"] == "62%"
    assert answer["shell-left"]["children"] == "14\u00a0s left"
    assert answer["shell-bar"]["style"] == {"width": "62%"}
    assert answer["shell-run"]["disabled"]
    assert not answer["shell-poll"]["disabled"]
    assert "session-run" not in answer


def test_a_finished_job_hands_over_its_run_and_the_polling_rests(call, desk):
    desk.states["job"] = JobState("job", "key", "done", 1.0, "Done", result={})
    answer = call("shell-tray.children", session_job__data="job").json["response"]
    assert answer["session-run"]["data"] == RUN
    assert answer["shell-poll"]["disabled"]
    assert answer["shell-cancel"]["hidden"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.NAME)
def test_a_run_fills_the_page(call, page, run):
    answer = call(f"{page.NAME}-context.children", session_run__data=RUN).json["response"]
    context = answer[f"{page.NAME}-context"]["children"].replace("\u00a0", " ")
    for part in ("As of 20 Nov 2026", "Run 7f3a9c2e", "TwoFactor model", "20,000 scenarios, seed 7", "STU-CN realised"):
        assert part in context


def test_a_run_fills_the_banner_with_its_date(call):
    answer = call("shell-banner.children", session_run__data=RUN).json["response"]
    assert answer["shell-banner-lead"]["children"] == "Not listed."
    assert answer["shell-banner"]["children"].endswith("as of 20 Nov 2026.")
    assert "CNY per M\u00a0STU" in answer["shell-units"]["children"]


def test_a_page_that_cannot_be_filled_says_why_in_its_place(call):
    answer = call("overview-context.children", session_run__data="gone")
    assert answer.status_code == 200
    assert "run gone is not in memory" in json.dumps(answer.json["sideUpdate"][ids.FAULT])


def test_an_unexpected_failure_shows_a_reference_and_no_details(call, desk, caplog):
    desk.result = lambda run_id: 1 / 0
    answer = json.dumps(call("overview-context.children", session_run__data=RUN).json["sideUpdate"][ids.FAULT])
    (reference,) = re.findall(r"under ([0-9a-f]{6})", answer)
    assert "ZeroDivisionError" not in answer
    assert reference in caplog.text


def test_cancel_ends_the_job(client, desk):
    (found,) = [d for d in client.get("/_dash-dependencies").json if d["inputs"][0]["id"] == ids.CANCEL]
    body = {"output": found["output"], "outputs": [], "changedPropIds": ["shell-cancel.n_clicks"]}
    body["inputs"] = [{**found["inputs"][0], "value": 1}]
    body["state"] = [{**found["state"][0], "value": "job"}]
    assert client.post("/_dash-update-component", json=body).status_code in (200, 204)
    assert desk.cancelled == ["job"]


def told(state, shown=None, finished=None):
    leaves = tray(state, shown, finished)
    assert tuple(leaves) == TRAY
    return leaves


def plain(components):
    return json.dumps([c.to_plotly_json() for c in components], default=lambda c: c.to_plotly_json())


def test_an_old_result_is_marked_while_another_run_is_under_way():
    running = JobState("job", "key", "running", 0.1, "Reading")
    assert told(running, shown=RUN)[f"{ids.FRAME}.className"] == "hd-main hd-stale"
    assert told(running)[f"{ids.FRAME}.className"] == "hd-main"
    done = JobState("job", "key", "done", 1.0)
    assert told(done, shown=RUN, finished=RUN)[f"{ids.FRAME}.className"] == "hd-main"


def test_the_run_that_is_on_the_screen_is_not_handed_over_again():
    done = JobState("job", "key", "done", 1.0)
    assert told(done, shown=RUN, finished=RUN)[f"{ids.RUN}.data"] is dash.no_update
    assert told(done, shown="older", finished=RUN)[f"{ids.RUN}.data"] == RUN


def test_a_queue_is_told_by_its_length():
    assert told(JobState("job", "key", "waiting", ahead=2))[f"{ids.TRAY}.children"] == "Waiting, 2 before this one"


def test_a_server_started_again_says_that_it_forgot_the_job():
    leaves = told(None)
    assert "has forgotten this job" in plain(leaves[f"{ids.FAULT}.children"])
    assert leaves[f"{ids.RUN_BUTTON}.variant"] == "filled"


def test_a_failure_names_every_fault_and_what_was_kept():
    faults = (Fault("consumption.csv", 5, "mtok", "abc", "a number"), Fault("book.csv", None, None, "", "rows"))
    failed = JobState("job", "key", "failed", failure=JobFailure("ab12cd", "two faults", faults))
    words = plain(told(failed, shown=RUN)[f"{ids.FAULT}.children"])
    for part in ("2 faults in the files", "consumption.csv", "abc", "a number", "earlier run 7f3a9c2e", "ab12cd"):
        assert part in words


def test_a_failure_that_is_no_fault_of_a_file_is_told_in_its_own_words():
    failed = JobState("job", "key", "failed", failure=JobFailure("ab12cd", "no plan keeps every rule"))
    words = plain(told(failed)[f"{ids.FAULT}.children"])
    assert "no plan keeps every rule" in words
    assert "There is no result to show yet" in words


def test_a_long_failure_scrolls_in_its_place_and_the_keyboard_reaches_it():
    failed = JobState("job", "key", "failed", failure=JobFailure("ab12cd", "\n".join(["credit line"] * 40)))
    words = plain(told(failed)[f"{ids.FAULT}.children"])
    assert '"className": "hd-scroll hd-long", "tabIndex": 0' in words


def test_file_and_column_of_a_fault_are_not_broken_over_lines():
    failure = JobFailure("ab12cd", "", (Fault("consumption.csv", 5, "mtok", "abc", "a number"),))
    words = plain(told(JobState("job", "key", "failed", failure=failure))[f"{ids.FAULT}.children"])
    assert words.count('"className": "hd-whole') == 4  # both titles, both cells


def test_a_limits_state_stays_in_view_when_its_table_scrolls(run):
    columns = plan.view(run)[f"{plan.LIMITS}.columnDefs"]
    assert [column.get("pinned") for column in columns] == ["left", None, None, "right"]


def test_a_listed_contract_has_no_banner(run):
    import runpy
    from pathlib import Path

    builder = Path(__file__).resolve().parents[1] / "reports" / "sample_run.py"
    listed = runpy.run_path(str(builder))["sample_run"](status="listed")
    assert shell.frame(listed)[f"{ids.BANNER_LEAD}.children"] == ""
    assert shell.frame(run)[f"{ids.BANNER_LEAD}.children"] == "Not listed."
