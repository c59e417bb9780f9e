import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import Band, HedgeProgram, StateRules
from hedgedesk.domain.values import to_plain


def test_nothing_asked_is_nothing_changed(make_desk):
    desk = make_desk()
    assert not Changes().any
    assert Changes().told() == {}
    assert Changes().of_inputs(desk) == desk


def test_what_is_asked_is_told_by_name_and_made_again_from_it():
    changes = Changes(volume=0.1, risk_weight=0.0, credit_line=5.0)
    assert changes.any
    assert changes.told() == {"volume": 0.1, "risk_weight": 0.0, "credit_line": 5.0}
    assert Changes(**changes.told()) == changes


@pytest.mark.parametrize("asked", [{"risk_premium": 0.0}, {"volatility": 1.2}])
def test_a_view_of_the_price_needs_new_scenarios(asked):
    assert Changes(**asked).needs_scenarios
    assert not Changes(volume=0.5, risk_weight=1.0, band=0.1, credit_line=1.0).needs_scenarios


def test_every_value_out_of_its_range_is_told_at_once():
    with pytest.raises(InputError) as raised:
        Changes(volume=-1.0, volatility=0.0, band=2.0, risk_premium=float("nan"))
    assert [fault.column for fault in raised.value.faults] == ["volume", "risk_premium", "volatility", "band"]


def test_both_ends_of_every_band_move_and_stay_within_0_and_1():
    program = HedgeProgram("USD", bands=(Band(1, 6, 0.2, 0.9), Band(7, 12, 0.0, 0.5)))
    up, down = (Changes(band=by).of_program(program).bands for by in (0.2, -0.3))
    assert [(b.min, b.max) for b in up] == [(pytest.approx(0.4), 1.0), (0.2, 0.7)]
    assert [(b.min, b.max) for b in down] == [(0.0, pytest.approx(0.6)), (0.0, pytest.approx(0.2))]


def test_weight_and_line_are_replaced_and_every_other_rule_stays():
    program = HedgeProgram("USD", budget=5.0, risk_weight=1.0, credit_line=9.0, position_limit=3.0)
    changed = Changes(risk_weight=0.0, credit_line=0.0).of_program(program)
    assert changed == dataclasses.replace(program, risk_weight=0.0, credit_line=0.0)


def test_the_forecast_ahead_grows_while_actuals_and_commitments_stay(make_desk):
    desk = make_desk()
    actual = dataclasses.replace(desk.forecast.lines[0], month=np.datetime64("2026-10"))
    lines = (actual, *desk.forecast.lines)
    desk = dataclasses.replace(desk, forecast=dataclasses.replace(desk.forecast, lines=lines))
    changed = Changes(volume=0.25).of_inputs(desk)
    assert changed.forecast.lines[0] == actual
    assert changed.forecast.lines[1].mtok == 1.25 * lines[1].mtok
    assert changed.commitments == desk.commitments
    opened = (Exposure.open(each.forecast, each.commitments) for each in (changed, desk))
    grown, before = opened
    assert before.grown(0.25, desk.market.as_of).forecast_mtok == pytest.approx(grown.forecast_mtok)


def test_growth_tells_anew_which_months_are_over_committed(make_desk):
    desk = make_desk()
    small = dataclasses.replace(desk.commitments[0], mtok_per_month=8_500.0)
    exposure = Exposure.open(desk.forecast, (small,))
    assert any("over-committed" in notice for notice in exposure.notices)
    assert not any("over-committed" in notice for notice in exposure.grown(0.1, desk.market.as_of).notices)
    shrunk = exposure.grown(-0.5, desk.market.as_of)
    assert sum("over-committed" in notice for notice in shrunk.notices) == 6
    assert "4,000 forecast" in shrunk.notices[-1]


def test_changes_upon_changes_are_one_set_of_changes():
    first = Changes(volume=0.1, band=0.8, risk_weight=1.0, volatility=2.0)
    both = Changes(volume=0.1, band=0.4, risk_weight=3.0).after(first)
    assert both.told() == pytest.approx({"volume": 0.21, "band": 1.0, "risk_weight": 3.0, "volatility": 2.0})
    assert Changes().after(first).told() == pytest.approx(first.told())


def test_another_model_needs_new_scenarios_and_starts_from_its_own_estimates(make_desk):
    changes = Changes(model="StepPrice")
    assert changes.needs_scenarios
    desk = make_desk()
    viewed = dataclasses.replace(desk, settings=dataclasses.replace(desk.settings, view={"sigma": 0.4}))
    settings = changes.of_inputs(viewed).settings
    assert (settings.model, settings.view) == ("StepPrice", {})
    assert Changes(**changes.told()) == changes
    assert Changes(parameters={"sigma": 0.5}).of_inputs(viewed).settings.view == {"sigma": 0.5}


def test_changes_upon_another_model_keep_it_and_a_third_drops_the_parameters_of_the_second():
    second = Changes(model="StepPrice", parameters={"down_rate": 2.0})
    assert Changes(volume=0.5).after(second) == Changes(volume=0.5, model="StepPrice", parameters={"down_rate": 2.0})
    assert Changes(model="RandomWalk").after(second) == Changes(model="RandomWalk")
    assert Changes(parameters={"up_rate": 1.0}).after(second).parameters == {"up_rate": 1.0}


def test_a_model_that_does_not_exist_and_a_parameter_without_a_value_are_told_at_once():
    with pytest.raises(InputError) as raised:
        Changes(model="Oracle", parameters={"sigma": float("nan"), "mu": 0.1})
    assert [fault.column for fault in raised.value.faults] == ["model", "parameters.sigma"]


def test_a_whole_programme_takes_the_place_of_the_runs_and_other_changes_come_on_top(make_desk):
    program = make_desk().program
    asked = dataclasses.replace(program, turnover_mtok=9_000.0, state_rules=StateRules(tenor_months=9))
    changes = Changes(program=to_plain(asked), risk_weight=3.0)
    assert changes.of_program(program) == dataclasses.replace(asked, risk_weight=3.0)
    assert Changes(**changes.told()) == changes
    assert not changes.needs_scenarios


def test_a_programme_that_contradicts_itself_is_told_by_key(make_desk):
    crossed = dataclasses.replace(make_desk().program, bands=(Band(1, 6, 0.8, 0.5),), credit_line=None)
    with pytest.raises(InputError) as raised:
        Changes(program=to_plain(dataclasses.replace(crossed, credit_line_level=0.95, objective="cheapest")))
    columns = [fault.column for fault in raised.value.faults]
    assert columns == ["bands[1].min", "objective", "credit_line_level"]


@pytest.mark.parametrize("plain", [{}, {"currency": "USD", "level": "high"}, {"currency": "USD", "bands": 5}])
def test_what_is_no_programme_is_refused_as_one_fault(plain):
    with pytest.raises(InputError, match="a whole programme"):
        Changes(program=plain)


def test_a_later_programme_drops_what_was_changed_of_the_earlier_one(make_desk):
    plain = to_plain(make_desk().program)
    earlier = Changes(volume=0.1, risk_weight=2.0, band=-0.1, credit_line=5.0)
    both = Changes(program=plain).after(earlier)
    assert both == Changes(volume=both.volume, program=plain)
    assert both.volume == pytest.approx(0.1)
    later = Changes(band=0.05).after(both)
    assert later == Changes(volume=later.volume, band=0.05, program=plain)
