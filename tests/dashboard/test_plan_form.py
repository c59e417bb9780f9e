"""The form of instruments and constraints: opened, typed into, refused in its fields, answered, kept."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from dash import no_update

from hedgedesk.dashboard.pages.plan import form
from hedgedesk.dashboard.pages.plan.form import fields
from hedgedesk.desk.programmes import Programmes
from hedgedesk.domain.errors import Infeasible, NeedsScenarios, Shortfall
from hedgedesk.domain.workspace import OpenDesk
from hedgedesk.reports.program_form import state, unit

BASE, OTHER = "7f3a9c2e51d04b86", "0badcafe00000001"
KEPT = OpenDesk("still", "kept", Path("still"), "new key", "w1", 2)


class FormDesk:
    """One run, answered under another id; the real forms."""

    def __init__(self, run) -> None:
        self.held = {BASE: run}
        self.bases: dict[str, tuple[str, object]] = {}
        self.asked: list[tuple[str, object]] = []
        self.refusal: Exception | None = None
        self.what_ifs = self
        self.programmes = Programmes(self)

    def result(self, run_id):
        return self.held[run_id]

    def opened(self):
        return OpenDesk("still", "kept", Path("still"), "key", "w1", 1)

    def answer(self, run_id, changes):
        self.asked.append((run_id, changes))
        if self.refusal is not None:
            raise self.refusal
        run = self.held[run_id]
        plan = dataclasses.replace(run.plan, program=changes.of_program(run.plan.program))
        self.held[OTHER] = dataclasses.replace(run, plan=plan)
        self.bases[OTHER] = (run_id, changes)
        return OTHER

    def base_of(self, run_id):
        return self.bases.get(run_id)

    def is_saved(self, run_id):
        return run_id == BASE

    def start(self, run_id, changes):
        self.asked.append((run_id, changes))
        return "a job"


@pytest.fixture
def still(run):
    return FormDesk(run)


def ask(desk, what, subject="", **typed):
    texts = desk.programmes.texts(BASE) | {key.replace("__", "."): text for key, text in typed.items()}
    return form.asked(desk, BASE, {"what": what, "subject": subject, "texts": texts, "turn": 1})


def told(leaves, leaf):
    return json.dumps(leaves[leaf], default=lambda component: component.to_plotly_json(), ensure_ascii=False)


def test_the_closed_form_says_how_much_is_set(still):
    closed = fields.closed(still.programmes.form(BASE))
    assert closed[f"{fields.BODY}.hidden"]
    assert "instruments allowed" in closed[f"{fields.UNIT}.children"]


def test_a_band_is_one_rule_and_costs_and_levels_are_none(still):
    texts = {"level": "95", "transaction_cost_per_mtok": "0.01", "credit_line": "5", "depth_share": "5"}
    texts |= {"bands[1].months_ahead": "1 to 12", "bands[1].min": "50", "bands[1].max": "75"}
    assert state(still.programmes.form(BASE, texts)).startswith("2 rules set")


def test_an_opened_form_has_every_field_with_its_unit_and_help(still):
    opened = ask(still, "open")
    shown = told(opened, f"{fields.FIELDS}.children")
    assert set(opened) == set(form.ANSWER)
    money = still.held[BASE].plan.program.currency
    for words in ("Credit line for margin", money, "Risk weight", "Least cover", "Longest tenor", "Empty: 5"):
        assert words in shown
    for field in still.programmes.form(BASE).fields:
        assert json.dumps(field.key) in shown


def test_faults_stand_in_their_fields_and_nothing_typed_is_lost(still):
    refused = ask(still, "work", level="ninety", credit_line="-3")
    shown = told(refused, f"{fields.FIELDS}.children")
    assert "ninety: a level above" in shown
    assert '"value": "ninety"' in shown
    assert '"value": "-3"' in shown
    assert refused["session-run.data"] is no_update
    assert still.asked == []


def test_rules_that_contradict_one_another_are_told_above_the_form(still):
    still.refusal = Infeasible(
        "no plan", [Shortfall("credit line for initial margin", 1.0, 5_000.0, "USD", "credit_line")]
    )
    refused = ask(still, "work", credit_line="1")
    assert "redit line" in told(refused, f"{fields.REFUSED}.children")
    assert '"value": "1"' in told(refused, f"{fields.FIELDS}.children")


def test_a_plan_that_is_worked_out_is_shown_and_the_form_is_then_its_own(still):
    answered = ask(still, "work", risk_weight="2.5")
    assert answered["session-run.data"] == OTHER
    assert "hd-form-moved" not in told(answered, f"{fields.FIELDS}.children")
    assert still.asked[0][1].program["risk_weight"] == 2.5


def follow(desk, run_id, texts):
    return form.asked(desk, run_id, {"what": "follow", "subject": "", "texts": texts, "turn": 2})


def test_a_form_that_follows_the_run_it_was_worked_out_in_goes_on_saying_so(still):
    ask(still, "work", risk_weight="2.5")
    for texts in ({}, still.programmes.texts(BASE) | {"risk_weight": "2.5"}):  # a job ends: the typed text still stands
        assert "worked out under this form" in follow(still, OTHER, texts)[f"{fields.TOLD}.children"]
    assert "worked out under" not in follow(still, BASE, {})[f"{fields.TOLD}.children"]


def test_a_form_that_is_being_typed_in_keeps_its_text_when_another_run_is_shown(still):
    ask(still, "work", risk_weight="2.5")
    kept = follow(still, OTHER, still.programmes.texts(BASE) | {"risk_weight": "7"})
    assert '"value": "7"' in told(kept, f"{fields.FIELDS}.children")
    assert "hd-form-moved" in told(kept, f"{fields.FIELDS}.children")
    assert "worked out under" not in kept[f"{fields.TOLD}.children"]


def test_a_refusal_names_every_field_that_is_wrong_in_the_units_it_is_typed_in(still):
    typed = {"bands[1].months_ahead": "1 to 2", "bands[1].min": "90", "bands[1].max": "75", "depth_share": "200"}
    refused = told(ask(still, "work", **typed), f"{fields.REFUSED}.children")
    assert "Band 1, Least cover: 90: at most the band's max, 75%" in refused
    assert "Share of a day's volume, at most: 200: a share above 0% and up to 100%" in refused


def test_volumes_are_in_the_contracts_unit(still):
    form_shown = still.programmes.form(BASE)
    turnover = next(field for field in form_shown.fields if field.key == "turnover_mtok")
    assert unit(turnover, dataclasses.replace(form_shown, volume="M STU")) == "M STU"


def test_what_the_run_has_already_asks_for_nothing(still):
    assert ask(still, "work")["session-run.data"] is no_update
    assert still.asked == []


def test_a_rule_that_needs_new_scenarios_starts_a_job(still):
    still.refusal = NeedsScenarios("margin dates")
    assert ask(still, "work", credit_line_level="90")["session-job.data"] == "a job"


def test_bands_and_instruments_come_and_go(still):
    more = told(ask(still, "add-band"), f"{fields.FIELDS}.children")
    count = len(still.programmes.form(BASE).parts[0].fields)
    assert "bands[" in more
    added = told(ask(still, "add-instrument", new__name="winter cap", new__kind="cap"), f"{fields.FIELDS}.children")
    assert "instrument.winter cap.dealer_spread" in added
    assert count >= 1
    faulty = told(ask(still, "add-instrument", new__name="", new__kind="cap"), f"{fields.FIELDS}.children")
    assert "a name of at most" in faulty


def test_the_run_s_own_comes_back(still):
    back = ask(still, "back", risk_weight="9")
    assert '"value": "9"' not in told(back, f"{fields.FIELDS}.children")


def test_keeping_names_the_revision(still, monkeypatch):
    monkeypatch.setattr(still.programmes, "keep", lambda run_id, texts: KEPT)
    kept = ask(still, "keep", risk_weight="2")
    assert "revision 2 of still" in kept[f"{fields.TOLD}.children"]
    assert kept["session-desk.data"] == "new key"


@pytest.mark.parametrize(
    "wish", [{}, {"texts": [1], "what": "work"}, {"what": "work", "texts": {"level": 3, "x": "y"}}]
)
def test_what_no_page_of_ours_sends_is_no_traceback(call, run, wish):
    response = call(
        f"{fields.FIELDS}.children", **{"plan-form-wish__data": wish, "session-run__data": run.manifest.run_id}
    )
    assert response.status_code in (200, 204)
