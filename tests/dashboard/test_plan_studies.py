"""What a plan is set beside on its page: other instruments, the frontier, strategies, and plans of every model."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages import plan
from hedgedesk.dashboard.pages.market.models.head import Standing
from hedgedesk.dashboard.pages.plan import over_models, places, studies
from hedgedesk.domain.errors import HedgeDeskError, NeedsScenarios
from hedgedesk.jobs import JobState
from hedgedesk.jobs.state import JobFailure

RUN, OTHER = "7f3a9c2e51d04b86", "0badcafe00000001"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "plan_studies.py"))


@pytest.fixture(scope="module")
def chosen(run):
    return MADE["with_choices"](run)


def words(components):
    return json.dumps([c.to_plotly_json() for c in components])


def job(status, **more):
    return JobState("j", "plans:x", status, kind="plans", **more)


def test_other_instruments_have_a_card_where_the_programme_allows_some(run, chosen):
    assert plan.view(run)[f"{places.CHOICES_PLACE}.hidden"]
    shown = plan.view(chosen)
    assert not shown[f"{places.CHOICES_PLACE}.hidden"]
    assert [row["name"] for row in shown[f"{places.CHOICES}.rowData"]] == ["winter cap", "night batch"]
    assert shown[f"{places.UNTAKEN}.children"] == "Nothing is taken of: spring floor."


def test_a_view_with_other_instruments_fills_the_same_leaves(chosen):
    assert set(plan.view(chosen)) == set(plan.LEAVES)


def test_options_taken_have_a_card_of_premium_and_greeks(run, chosen):
    for without in (run, chosen):
        assert plan.view(without)[f"{places.OPTIONS_PLACE}.hidden"]
    shown = plan.view(MADE["with_options"](run))
    assert set(shown) == set(plan.LEAVES)
    assert not shown[f"{places.OPTIONS_PLACE}.hidden"]
    assert [row["delta"] for row in shown[f"{places.OPTIONS}.rowData"]] == [0.4, 0.6]


def test_the_past_of_the_futures_needs_no_scenarios(desk):
    shown = studies.answer(desk, RUN)
    assert [row["way"] for row in shown[f"{places.PAST}.rowData"]] == ["nothing", "everything", "layered", "triggered"]
    assert "3 delivery months" in shown[f"{places.PAST}-unit.children"]
    desk.plans.refusal = NeedsScenarios("the scenarios are no longer kept")
    assert studies.answer(desk, RUN)[f"{places.PAST}.rowData"] == shown[f"{places.PAST}.rowData"]
    desk.plans.refusal = HedgeDeskError("the files are gone.")
    why = studies.answer(desk, RUN)[f"{places.PAST_TOLD}.children"]
    assert why == "Not to be had for this run: the files are gone."
    desk.plans.refusal, desk.plans.past = None, MADE["history"](0)
    assert "no ladder" in studies.answer(desk, RUN)[f"{places.PAST_TOLD}.children"]


def test_the_page_says_why(chosen):
    assert "Credit line binds" in words(plan.view(chosen)[f"{places.WHY}.children"])


def test_the_studies_fill_exactly_their_leaves_with_and_without_a_result(desk):
    assert set(studies.answer(desk, RUN)) == set(studies.LEAVES)
    desk.plans.refusal = HedgeDeskError("no contract is listed")
    assert set(studies.answer(desk, RUN)) == set(studies.LEAVES)


def test_strategies_frontier_and_regret_are_those_of_the_run_that_is_shown(desk):
    shown = studies.answer(desk, RUN)
    assert shown[f"{places.STUDIES_OF}.data"] == RUN  # what the browser tells a stale card by
    assert [row["name"] for row in shown[f"{places.STRATEGIES}.rowData"]][-1] == "proposed"
    assert "Price war the day after" in shown[f"{places.REGRET_TOLD}.children"]
    assert "Proposed: 10.90 and 15.60" in shown["plan-frontier-alt.children"]
    assert shown[f"{places.NOT_NOW}.children"] == ""


def test_the_frontier_of_a_what_if_keeps_the_axes_of_its_base(desk):
    desk.what_ifs.bases[OTHER] = (RUN, None)
    base, moved = MADE["frontier"](), MADE["frontier"](0.01)
    desk.plans.frontier = lambda run_id: base if run_id == RUN else moved
    own, shown = (studies.answer(desk, run_id)["plan-frontier.figure"] for run_id in (RUN, OTHER))
    for axis in ("xaxis", "yaxis"):
        assert shown["layout"][axis]["range"] == own["layout"][axis]["range"]
    assert shown["data"][0]["y"] != own["data"][0]["y"]


def test_a_what_if_whose_base_is_gone_has_axes_of_its_own(desk):
    desk.what_ifs.bases[OTHER] = (RUN, None)

    def frontier(run_id):
        if run_id == RUN:
            raise HedgeDeskError("gone")
        return MADE["frontier"]()

    desk.plans.frontier = frontier
    assert studies.answer(desk, OTHER)["plan-frontier.figure"]["data"]


def test_studies_that_cannot_be_had_say_why_and_whether_drawing_again_would_help(desk):
    desk.plans.refusal = NeedsScenarios("the scenarios are no longer kept")
    shown = studies.answer(desk, RUN)
    told = "Not to be had for this run: the scenarios are no longer kept."
    assert shown[f"{places.NOT_NOW}.children"] == shown["plan-frontier-alt.children"] == told
    assert shown[f"{places.STRATEGIES}.rowData"] == []
    assert not shown[f"{places.REDRAW}-place.hidden"]
    desk.plans.refusal = HedgeDeskError("no contract is listed.")
    assert studies.answer(desk, RUN)[f"{places.REDRAW}-place.hidden"]


def test_scenarios_are_drawn_again_by_a_job(call, desk):
    answer = call("session-job.data", plan_redraw__n_clicks=1, session_run__data=RUN).json["response"]
    assert answer["session-job"]["data"] == "redraw-job"
    assert desk.plans.redrawn == [RUN]


def test_the_studies_wait_until_the_page_shows_the_run(client):
    known = client.get("/_dash-dependencies").json
    (found,) = [d for d in known if "plan-strategies.rowData" in d["output"]]
    assert {place["id"] for place in found["inputs"]} == {places.STUDIED, ids.DONE}


@pytest.mark.parametrize("asked", [{}, {"run": None}, {"run": ["x"]}, {"run": "gone"}])
def test_studies_of_a_run_that_there_is_not_are_told_in_their_place(desk, asked):
    desk.plans.refusal = HedgeDeskError("there is no such run")
    assert "no such run" in studies.answer(desk, str(asked.get("run")))[f"{places.NOT_NOW}.children"]


def test_plans_under_every_model_are_offered_as_a_job_until_they_are_there(desk):
    shown = over_models.answer(desk, RUN)
    assert set(shown) == set(over_models.LEAVES)
    assert shown[f"{places.MODELS_BODY}.hidden"]
    assert (shown[f"{places.COMPARE}.children"], shown[f"{places.COMPARE}.disabled"]) == ("Compare over models", False)
    assert "least bad over all of them" in shown[f"{places.STATE}.children"]


def test_plans_under_every_model_are_shown_with_the_verdict_and_what_was_left_out(desk):
    desk.plans.made = MADE["model_plans"]()
    shown = over_models.answer(desk, RUN)
    assert set(shown) == set(over_models.LEAVES)
    assert not shown[f"{places.MODELS_BODY}.hidden"]
    assert [row["plan"] for row in shown[f"{places.MODELS}.rowData"]][-3:] == ["minimax_regret", "robust", "proposed"]
    assert "at most 550.0" in shown[f"{places.VERDICT}.children"]
    assert "Bootstrap cannot be had" in words(shown[f"{places.REFUSED}.children"])
    assert shown[f"{places.COMPARE}.children"] == "Compare again"


@pytest.mark.parametrize(
    ("state", "told", "busy"),
    [
        (job("running"), "are being fitted", True),
        (job("cancelled"), "was cancelled", False),
        (
            job("failed", failure=JobFailure("ab12cd", "the market has no history\nmore")),
            "the market has no history",
            False,
        ),
    ],
)
def test_how_the_comparison_stands_is_told_in_the_card(desk, state, told, busy):
    desk.states["j"] = state
    shown = over_models.answer(desk, RUN)
    assert told in shown[f"{places.STATE}.children"]
    assert shown[f"{places.COMPARE}.disabled"] is busy


def test_models_that_cannot_be_asked_for_say_why(desk):
    def models(run_id):
        raise HedgeDeskError("run gone is not kept")

    desk.plans.models = models
    shown = over_models.answer(desk, "gone")
    assert shown[f"{places.STATE}.children"] == "Not to be had for this run: run gone is not kept."
    assert shown[f"{places.COMPARE}.disabled"]


def test_a_press_starts_the_comparison_for_the_run_that_is_shown(call, desk):
    answer = call("session-job.data", plan_models_start__n_clicks=1, session_run__data=RUN).json["response"]
    assert answer["session-job"]["data"] == "plans-job"
    assert desk.plans.started == [RUN]


def test_an_earlier_comparison_stays_while_the_next_one_runs():
    shown = over_models.view(MADE["model_plans"](), "CNY", Standing(busy=True))
    assert shown[f"{places.COMPARE}.disabled"]
    assert not shown[f"{places.MODELS_BODY}.hidden"]


def test_a_run_fills_the_cards_of_the_studies(call):
    answer = call("plan-strategies.rowData", plan_studied__data={"run": RUN, "turn": 1}).json["response"]
    assert len(answer["plan-strategies"]["rowData"]) == 5


def test_the_list_of_trades_is_a_file_of_the_trades_card(desk):
    page = plan.layout(desk)
    offered = {
        getattr(c, "data-suffix", "") for c in page._traverse() if getattr(c, "data-table", "") == "plan.trade_list"
    }
    assert offered == {"csv", "xlsx"}


@pytest.mark.parametrize("name", ["frontier", "strategies", "regret", "past", "models", "positions"])
def test_a_table_of_the_studies_is_a_file(client, desk, name):
    desk.plans.made = MADE["model_plans"]()
    answer = client.get(f"/download/plans/{RUN}/{name}.csv")
    assert answer.status_code == 200
    assert f"plan-{name}-7f3a9c2e.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (f"{RUN}/models.csv", "have not been worked out"),
        (f"{RUN}/nothing.csv", "no table of a plan's studies is called 'nothing'"),
        (f"{RUN}/frontier.exe", "no such file"),
        ("nobody/frontier.csv", "no such file"),
        (f"{OTHER}/frontier.csv", "is not kept"),
    ],
)
def test_a_file_that_there_is_not_says_so_in_words(client, place, why):
    answer = client.get(f"/download/plans/{place}")
    assert answer.status_code == 404
    assert why in answer.text
