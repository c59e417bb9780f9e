"""Annual share, tenor and net position of a state-owned enterprise, against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.program import StateRules

LOT = 1_000.0


def test_new_volume_of_the_year_is_at_most_its_share_of_twelve_months_of_use(
    state, named, small_exposure, small_scenarios
):
    rule = named(state(state_rules=StateRules(annual_share=0.8)), "annual_share")[""]
    assert rule.limit == pytest.approx(0.8 * small_exposure.forecast_in(small_scenarios.unit).sum())
    assert rule.unit == "M STU"
    assert np.all(rule.row == LOT)


def test_what_was_hedged_before_in_the_same_year_counts(state, named):
    fresh = named(state(state_rules=StateRules()), "annual_share")[""].limit
    again = StateRules(traded_mtok={"2026": 30_000.0, "2025": 9e9})
    assert named(state(state_rules=again), "annual_share")[""].limit == pytest.approx(fresh - 30_000.0)


def test_what_is_sold_is_no_new_volume_and_what_is_held_is_none_either(state, lots_of):
    book = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 80, 9.0, "CNY"),))
    spent = StateRules(annual_share=0.5, traded_mtok={"2026": 1e9}, tenor_months=24)
    rules = state(state_rules=spent, book=book, position_limit=None)
    assert rules.keeps(lots_of(rules, 1, -40.0))
    assert not rules.keeps(lots_of(rules, 1, 1.0))


def test_nothing_is_opened_in_a_contract_beyond_the_tenor(state, named):
    # As of 2026-10 a tenor of six months ends in 2027-04.
    rules = state(state_rules=StateRules(tenor_months=6))
    assert list(named(rules, "tenor")) == ["2027-06", "2027-08", "2027-10"]
    assert np.array_equal(rules.problem.upper[3:], np.zeros(len(rules.columns.contracts) - 3))


def test_at_the_start_of_each_month_what_is_held_is_at_most_what_is_still_to_be_bought(
    state, named, small_exposure, small_scenarios
):
    rules = named(state(state_rules=StateRules()), "net_position")
    open_mtok = small_exposure.open_in(small_scenarios.unit)
    assert rules["2026-11"].limit == pytest.approx(open_mtok.sum())
    assert np.all(rules["2026-11"].row == LOT)
    # In December the contract of December still counts in full, though its November is over.
    assert rules["2026-12"].row[0] == LOT
    assert rules["2027-01"].row[0] == 0.0
    assert rules["2027-10"].limit == pytest.approx(open_mtok[-1])
    assert np.array_equal(np.flatnonzero(rules["2027-10"].row), [5])


def test_the_last_contract_may_hedge_no_more_than_its_last_month(state, small_exposure, small_scenarios):
    open_mtok = small_exposure.open_in(small_scenarios.unit)
    statement = state(state_rules=StateRules(), position_limit=None, over_hedge=2.0)
    assert statement.problem.upper[5] == pytest.approx(open_mtok[-1] / LOT)


def test_without_the_state_rules_none_of_them_stands(state):
    assert not {"annual_share", "tenor", "net_position"} & {rule.name for rule in state().rules}
