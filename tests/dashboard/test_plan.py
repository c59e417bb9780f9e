"""The strip asks the desk one thing at a time, and shows an answer, a draft or a refusal in its place."""

from __future__ import annotations

import dataclasses
import json

import pytest
from dash import no_update

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages import plan
from hedgedesk.dashboard.pages.plan import answers, strip
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, NeedsScenarios
from hedgedesk.domain.values import to_plain
from hedgedesk.reports.strip import dials, places_of

BASE, OTHER = "7f3a9c2e51d04b86", "0badcafe00000001"


class AnsweringDesk:
    """One stored run, and what-ifs that are answered with the same numbers under another id."""

    def __init__(self, run) -> None:
        self.held = {BASE: run}
        self.asked: list[tuple[str, Changes]] = []
        self.started: list[tuple[str, Changes]] = []
        self.kept: dict[str, str] = {}
        self.bases: dict[str, tuple[str, Changes]] = {}
        self.refusal: HedgeDeskError | None = None
        self.what_ifs = self

    def result(self, run_id):
        if run_id not in self.held:
            raise HedgeDeskError(f"run {run_id} is not stored")
        return self.held[run_id]

    def run_line(self, run_id):
        return None

    def base_of(self, run_id):
        return self.bases.get(run_id)

    def answer(self, run_id, changes):
        self.asked.append((run_id, changes))
        if self.refusal is not None:
            raise self.refusal
        if changes.needs_scenarios:
            raise NeedsScenarios("new scenarios")
        if not changes.any:
            return run_id
        self.hold(OTHER, changes)
        return OTHER

    def hold(self, run_id, changes):
        run = self.held[BASE]
        self.held[run_id] = dataclasses.replace(run, manifest=dataclasses.replace(run.manifest, run_id=run_id))
        self.bases[run_id] = (BASE, changes)

    def start(self, run_id, changes):
        self.started.append((run_id, changes))
        return "job"


@pytest.fixture
def answering(run):
    return AnsweringDesk(run)


def places(run, **changes):
    return places_of(dials(run), Changes(**changes))


def words(components):
    return json.dumps([c.to_plotly_json() for c in components], default=lambda c: c.to_plotly_json())


def test_a_view_fills_exactly_the_leaves_of_the_page(run):
    assert set(plan.view(run)) == set(plan.LEAVES)


def test_the_strip_of_a_run_stands_at_its_own_values_with_a_tick_there(answering):
    shown = answers.settled(answering, BASE, None, None)
    assert set(shown) == {*strip.LEAVES, answers.ASKED_DATA}
    assert shown["plan-volume-dial.value"] == 50
    assert shown["plan-volume-dial.marks"] == [{"value": 50}]
    assert (shown["plan-volume-low.children"], shown["plan-volume-high.children"]) == ("−50%", "+100%")
    assert shown["plan-what-state.children"] == "As in run 7f3a9c2e"
    assert shown["plan-what-mean-delta.children"] == ""
    assert shown[f"{strip.SAVE}.disabled"]
    assert shown[f"{strip.DISCARD}.disabled"]


def test_turned_dials_are_one_question_to_the_desk_and_its_answer_is_shown(answering, run):
    shown = answers.answered(answering, BASE, places(run, volume=0.1, risk_weight=2.0))
    assert answering.asked == [(BASE, Changes(volume=0.1, risk_weight=2.0))]
    assert shown[answers.RUN_DATA] == shown[answers.ASKED_DATA] == OTHER
    assert shown[answers.DRAFT_DATA] is None


def test_dials_that_stand_as_the_shown_run_does_ask_nothing(answering, run):
    answering.hold(OTHER, Changes(volume=0.1))
    shown = answers.answered(answering, OTHER, places(run, volume=0.1))
    assert answering.asked == []
    assert shown[answers.RUN_DATA] is no_update
    assert not shown[f"{strip.SAVE}.disabled"]


def test_a_question_from_a_what_if_is_against_its_base(answering, run):
    answering.hold(OTHER, Changes(volume=0.1))
    answers.answered(answering, OTHER, places(run, volume=0.1, band=0.05))
    assert answering.asked == [(BASE, Changes(volume=0.1, band=0.05))]


def test_dials_turned_back_show_the_base_again(answering, run):
    answering.hold(OTHER, Changes(volume=0.1))
    shown = answers.answered(answering, OTHER, places(run))
    assert shown[answers.RUN_DATA] == BASE


def test_what_needs_new_scenarios_waits_as_a_draft_and_the_shown_run_stays(answering, run):
    wanted = places(run, volume=0.1, volatility=1.2)
    shown = answers.answered(answering, BASE, wanted)
    assert shown[answers.RUN_DATA] is no_update
    assert shown[answers.DRAFT_DATA] == {"run": BASE, "places": list(wanted)}
    assert shown["plan-what-state.children"] == "2 inputs changed; needs new scenarios"
    assert not shown[f"{strip.SIMULATE}.disabled"]
    assert shown[f"{strip.SAVE}-place.hidden"]


def test_a_draft_is_simulated_by_a_job(answering, run):
    draft = answers.answered(answering, BASE, places(run, volatility=1.2))[answers.DRAFT_DATA]
    assert answers.simulated(answering, draft) == "job"
    assert answering.started == [(BASE, Changes(volatility=1.2))]


def test_a_draft_is_there_again_when_the_page_is_opened_again(answering, run):
    draft = answers.answered(answering, BASE, places(run, volatility=1.2))[answers.DRAFT_DATA]
    shown = answers.settled(answering, BASE, draft, None)
    assert shown["plan-volatility-dial.value"] == places(run, volatility=1.2)[2]
    assert not shown[f"{strip.SIMULATE}.disabled"]


def test_a_draft_against_another_run_is_forgotten(answering, run):
    draft = {"run": "gone", "places": list(places(run, volatility=1.2))}
    shown = answers.settled(answering, BASE, draft, None)
    assert shown["plan-volatility-dial.value"] == places(run)[2]
    assert shown[f"{strip.SIMULATE}.disabled"]


def test_a_refusal_is_told_in_its_place_and_the_shown_run_stays(answering, run):
    answering.refusal = Infeasible("no plan keeps every rule")
    shown = answers.answered(answering, BASE, places(run, credit_line=0.0))
    assert shown[answers.RUN_DATA] is no_update
    told = words(shown[f"{strip.REFUSED}.children"])
    assert "no plan keeps every rule" in told
    assert "still that of run 7f3a9c2e" in told
    assert not shown[f"{strip.DISCARD}.disabled"]


def test_a_failure_that_is_no_refusal_is_not_swallowed(answering, run):
    answering.refusal = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        answers.answered(answering, BASE, places(run, credit_line=0.0))


def test_dials_that_stand_for_a_run_are_not_moved_by_it_again(answering, run):
    answering.hold(OTHER, Changes(volume=0.1))
    shown = answers.settled(answering, OTHER, None, OTHER)
    assert all(shown[f"plan-{name}-dial.value"] is no_update for name in strip.DIALS)
    assert shown["plan-what-mean-delta.children"] == "±0 unchanged"


def test_a_what_if_opened_elsewhere_moves_the_dials_to_its_changes(answering, run):
    answering.hold(OTHER, Changes(volume=0.1))
    shown = answers.settled(answering, OTHER, None, None)
    assert shown["plan-volume-dial.value"] == 60
    assert shown["plan-volume-dial.marks"] == [{"value": 50}]
    assert shown["plan-what-state.children"] == "What if, against run 7f3a9c2e"
    assert not shown[f"{strip.SAVE}.disabled"]


def test_a_what_if_whose_base_is_gone_stands_on_itself(answering):
    answering.hold(OTHER, Changes(volume=0.1))
    del answering.held[BASE]
    assert answers.settled(answering, OTHER, None, None)["plan-volume-dial.value"] == 50


def test_a_dial_of_a_rule_that_is_not_set_is_off_and_says_why(answering, run):
    program = dataclasses.replace(run.plan.program, credit_line=None)
    answering.held[BASE] = dataclasses.replace(run, plan=dataclasses.replace(run.plan, program=program))
    shown = answers.settled(answering, BASE, None, None)
    assert shown["plan-credit-dial.disabled"]
    assert shown["plan-credit-why.children"] == "The programme sets no credit line."


def test_ctrl_s_presses_the_button_that_saves():
    assert ids.PLAN_SAVE == strip.SAVE == "plan-save"


@pytest.mark.parametrize(
    "places", [None, "abcdef", {}, [1], [0] * 100, [-1] * 6, [10**9] * 6, [0.5] * 6, [None] * 6, [float("nan")] * 6]
)
def test_places_that_no_dial_has_are_refused_in_words_and_asked_of_nobody(answering, places):
    with pytest.raises(HedgeDeskError, match="do not belong"):
        answers.answered(answering, BASE, places)
    assert answering.asked == []


def test_dials_stand_at_the_values_of_a_programme_that_was_typed(answering):
    program = answering.held[BASE].plan.program
    typed = dataclasses.replace(program, risk_weight=4.0, credit_line=2.0 * program.credit_line)
    answering.hold(OTHER, Changes(program=to_plain(typed)))
    on_it = answers.ground(answering, OTHER)
    weight, credit = (next(dial for dial in on_it.dials if dial.name == name) for name in ("weight", "credit"))
    assert weight.texts[weight.own] == "4"
    assert credit.values[credit.own] == 2.0 * program.credit_line
    assert on_it.places == tuple(dial.own for dial in on_it.dials)
