"""Usage and prices: what a study fills, what is said without one, and the next step that is offered."""

from __future__ import annotations

import dataclasses
import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard.pages.exposure import usage
from hedgedesk.jobs import JobState

MADE = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "sample_study.py"))


@pytest.fixture
def study():
    return MADE["sample_study"]()


def shown_of(call):
    return call("exposure-usage-state.children", **{"exposure-shares-by.value": "seller"}).json["response"]


def view(study, **parts):
    return usage.view(study, **{"loaded": True, "busy": False, "failed": "", "by": "seller"} | parts)


def test_a_study_under_way_is_seen_among_the_jobs(desk):
    assert usage.standing(desk) == {"loaded": False, "busy": False, "failed": ""}
    desk.states["j"] = JobState("j", "usage:key", "running", kind="usage")
    assert usage.standing(desk)["busy"] is True


@pytest.mark.parametrize("loaded", [True, False])
def test_the_part_fills_exactly_its_leaves_with_a_study_and_without(study, loaded):
    for made in (study, None):
        assert set(view(made, loaded=loaded)) == set(usage.LEAVES)


def test_without_exports_the_next_step_is_to_import_some():
    shown = view(None, loaded=False)
    assert shown["exposure-usage-state.children"] == "No usage export is loaded yet"
    assert shown["exposure-study.style"] == {"display": "none"}
    assert shown["exposure-studied.hidden"] is True


def test_exports_without_a_study_offer_one():
    shown = view(None)
    assert shown["exposure-study.style"] == {}


def test_while_the_study_runs_nothing_is_offered_twice():
    shown = view(None, busy=True)
    assert shown["exposure-study.style"] == {"display": "none"}
    assert "bar below" in shown["exposure-usage-note.children"]


def test_a_study_that_failed_says_why():
    assert "no prices" in view(None, failed="no prices")["exposure-usage-note.children"]


def test_the_badge_and_the_words_say_whether_the_bill_is_explained(study):
    shown = view(study)
    assert shown["exposure-gap-badge.children"] == "not reconciled"
    assert shown["exposure-gap-badge.className"] == "hd-badge hd-under"
    assert shown["exposure-gap-words.children"].startswith("billed 6.51")


def test_the_shares_follow_their_switch(study):
    assert view(study, by="team")["exposure-shares-title.children"] == "Cost by team"
    assert view(study, by="region")["exposure-shares-title.children"] == "Cost by seller"


def test_a_study_without_an_index_says_what_the_ladder_waits_for(study):
    bare = dataclasses.replace(study, ladders=(), splits=(), concentrations=(), formulas=())
    shown = view(bare)
    assert "index" in shown["exposure-ladder-alt.children"]
    assert set(shown) == set(usage.LEAVES)


def test_a_long_reconciliation_scrolls_inside_its_card(study):
    long = dataclasses.replace(study.reconciliation, lines=study.reconciliation.lines * 20)
    shown = view(dataclasses.replace(study, reconciliation=long))
    assert shown["exposure-gaps.dashGridOptions"]["domLayout"] == "normal"
    assert shown["exposure-gaps.style"]["height"].startswith("calc(")
    assert shown["exposure-exports.style"] == {"height": None}


def test_the_page_asks_the_desk_for_its_study(call, desk, study):
    assert shown_of(call)["exposure-studied"]["hidden"] is True
    desk.usages.made, desk.usages.has_exports = study, True
    assert shown_of(call)["exposure-studied"]["hidden"] is False


def test_the_button_starts_the_study_once_it_is_pressed(call, desk):
    assert call("session-job.data", **{"exposure-study.n_clicks": None}).status_code == 204
    answer = call("session-job.data", **{"exposure-study.n_clicks": 1})
    assert "usage-job" in answer.text
    assert desk.usages.started == 1


def test_the_twin_of_the_ladder_is_made_when_it_is_asked_for(call, desk, study):
    desk.usages.made = study
    shown = call("exposure-ladder-table.children", **{"exposure-ladder-twin.n_clicks": 1}).json["response"]
    assert shown["exposure-ladder-figure"]["hidden"] is True
    assert "List vs index" in json.dumps(shown["exposure-ladder-table"]["children"])


def test_the_tables_of_the_study_can_be_taken_away(client, desk, study):
    assert client.get("/download/study/reconciliation.csv").status_code == 404
    desk.usages.made = study
    answer = client.get("/download/study/reconciliation.csv")
    assert answer.status_code == 200
    assert "usage-reconciliation.csv" in answer.headers["Content-Disposition"]
    assert client.get("/download/study/nothing.csv").status_code == 404
    assert client.get("/download/study/reconciliation.exe").status_code == 404
