"""The strip's dials: where they begin and end, where the run stands on them, and what turning them asks for."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.changes import Changes
from hedgedesk.reports import strip


def by_name(run):
    return {dial.name: dial for dial in strip.dials(run)}


def with_program(run, **rules):
    program = dataclasses.replace(run.plan.program, **rules)
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, program=program))


def turned(run, **texts):
    """Places of the dials, with some turned to what they then say."""
    dials = strip.dials(run)
    return dials, tuple(d.texts.index(texts[d.name]) if d.name in texts else d.own for d in dials)


def test_six_dials_stand_at_the_runs_own_values(run):
    dials = by_name(run)
    assert tuple(dials) == strip.DIALS
    own = {name: dial.texts[dial.own] for name, dial in dials.items()}
    assert own == {
        "volume": "0%",
        "drift": "0%",
        "volatility": "× 1.00",
        "weight": "tail only",
        "band": "0\u00a0pp",
        "credit": "420.0",
    }
    assert (dials["credit"].label, dials["credit"].low, dials["credit"].high) == (
        "Credit line, CNY\u00a0k",
        "0.0",
        "1,680.0",
    )
    assert (dials["volume"].low, dials["volume"].high) == ("−50%", "+100%")


def test_every_place_of_a_dial_has_its_words(run):
    for dial in strip.dials(run):
        assert len(dial.texts) == len(dial.values)
        assert len(set(dial.texts)) == len(dial.texts)


def test_dials_at_rest_ask_for_nothing(run):
    dials = strip.dials(run)
    assert strip.changes_of(dials, [dial.own for dial in dials]) == Changes()


def test_a_turned_dial_asks_for_its_change_alone(run):
    dials, places = turned(run, volume="+10%", weight="2", band="−5\u00a0pp")
    assert strip.changes_of(dials, places) == Changes(volume=0.1, risk_weight=2.0, band=-0.05)
    assert not strip.changes_of(dials, places).needs_scenarios


def test_another_price_view_needs_new_scenarios(run):
    for asked in ({"drift": "+5%"}, {"volatility": "× 1.20"}):
        assert strip.changes_of(*turned(run, **asked)).needs_scenarios


def test_the_dials_stand_where_the_changes_say(run):
    dials = strip.dials(run)
    changes = Changes(0.25, -0.03, 1.5, 0.3, 0.1, 840_000.0)
    assert strip.changes_of(dials, strip.places_of(dials, changes)) == changes


def test_turned_dials_are_told_in_words(run):
    dials, places = turned(run, volume="+10%", weight="2")
    assert strip.words_of(dials, places) == "Volume growth +10%, Risk weight 2"
    assert strip.words_of(dials, [dial.own for dial in dials]) == ""


def test_a_weight_of_its_own_is_put_on_the_scale(run):
    weight = by_name(with_program(run, risk_weight=0.37))["weight"]
    assert weight.values[weight.own] == pytest.approx(0.37)
    assert list(weight.values) == sorted(weight.values)
    assert (weight.low, weight.high) == ("cost only", "10")


@pytest.mark.parametrize(
    ("rules", "name", "why"),
    [
        ({"credit_line": None}, "credit", "The programme sets no credit line."),
        ({"credit_line": 0.0}, "credit", "The programme sets no credit line."),
        ({"bands": ()}, "band", "The programme sets no bands."),
    ],
)
def test_a_dial_of_a_rule_that_is_not_set_says_why_it_cannot_be_turned(run, rules, name, why):
    changed = with_program(run, **rules)
    dial = by_name(changed)[name]
    assert dial.unavailable == why
    assert strip.changes_of([dial], [0]) == Changes()


def test_the_answer_is_told_with_its_change_from_the_run_it_started_from(run):
    hedged = dataclasses.replace(run.report.hedged, mean=11.0e6, cvar=15.0e6)
    other = dataclasses.replace(
        run,
        report=dataclasses.replace(run.report, hedged=hedged),
        plan=dataclasses.replace(run.plan, lots=run.plan.lots + 1),
    )
    told = {m.name: m for m in strip.measures(other, run)}
    assert told["mean"].difference.words == "▲ +100.0\u00a0k worse"
    assert told["tail"].difference.words == "▼ −540.0\u00a0k better"
    assert told["lots"].difference.words == "▲ +12 more"
    assert told["margin"].difference.words == "±0 unchanged"
    assert told["mean"].value == "11.00\u00a0CNY\u00a0m"


def test_a_run_that_is_its_own_base_has_no_changes(run):
    assert [measure.difference for measure in strip.measures(run)] == [None] * 4


def test_another_model_and_its_parameters_stay_when_a_dial_is_turned_and_are_told_after_it(run):
    other = Changes(model="StepPrice", parameters={"down_rate": 2.5})
    dials, places = turned(run, volume="+10%")
    assert strip.changes_of(dials, places, other) == Changes(
        volume=0.1, model="StepPrice", parameters={"down_rate": 2.5}
    )
    words = strip.words_of_changes(dials, strip.changes_of(dials, places, other))
    assert words.startswith("Volume growth +10%, ")
    assert words.endswith("down_rate 2.5")
    assert strip.words_of_changes(dials, Changes()) == ""
