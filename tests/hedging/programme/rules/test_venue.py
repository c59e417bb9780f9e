"""Position limit, quota windows, common control, opening limit and depth."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.venue import OpeningLimit, QuotaWindows
from hedgedesk.hedging.programme.rules.venue import most_held


def test_in_the_nearby_month_a_quota_above_the_general_limit_gives_no_more(state, named):
    rules = state(contract={"position_limit": 50.0}, position_limit=None, quota=300.0)
    assert {rule.limit for rule in named(rules, "quota").values()} == {300.0}
    assert {rule.limit for rule in named(rules, "position_limit").values()} == {50.0}


def test_a_position_held_to_settlement_keeps_the_nearby_months_limit(state, named):
    windows = QuotaWindows(nearby_limit=40.0)
    rules = state(contract={"position_limit": 500.0, "quota_windows": windows}, position_limit=None, quota=300.0)
    assert {rule.limit for rule in named(rules, "quota").values()} == {40.0}


def test_a_quota_approved_anew_for_the_nearby_month_stands_in_place_of_its_limit(state, named):
    windows = QuotaWindows(nearby_limit=40.0)
    venue = {"position_limit": 500.0, "quota_windows": windows}
    rules = state(contract=venue, position_limit=None, quota=300.0, nearby_quota_by_month={"2027-02": 120.0})
    assert named(rules, "quota")["2027-02"].limit == 120.0
    assert named(rules, "quota")["2027-04"].limit == 40.0
    wider = state(contract=venue, position_limit=None, quota=300.0, nearby_quota=900.0)
    assert {rule.limit for rule in named(wider, "quota").values()} == {300.0}


def test_a_nearby_quota_alone_limits_what_is_held_to_settlement(state, named):
    rules = state(contract={"position_limit": 500.0}, position_limit=None, nearby_quota=25.0)
    assert {rule.limit for rule in named(rules, "quota").values()} == {25.0}


def test_in_the_nearby_month_itself_only_the_quota_approved_for_it_rules():
    last = np.datetime64("2027-02-22")
    contract = FuturesContract(ContractSpec("CNY", 50.0), np.datetime64("2027-02"), last)
    program = HedgeProgram("CNY", quota=100.0, nearby_quota=60.0)
    assert most_held(program, contract, last - 60) == {"quota": 60.0}
    wider = HedgeProgram("CNY", quota=100.0, nearby_quota=600.0)
    assert most_held(wider, contract, last - 60) == {"quota": 100.0}
    assert most_held(wider, contract, last - 1) == {"quota": 600.0}


def test_a_quota_of_one_month_rules_that_month_alone(state, named):
    rules = state(position_limit=None, quota_by_month={"2027-02": 25.0})
    assert {where: rule.limit for where, rule in named(rules, "quota").items()} == {"2027-02": 25.0}


def test_programme_limit_and_quota_both_hold(state, named):
    rules = state(position_limit=60.0, quota=30.0)
    assert named(rules, "position_limit")["2027-02"].limit == 60.0
    assert named(rules, "quota")["2027-02"].limit == 30.0
    assert rules.problem.upper[1] == 30.0


def test_what_accounts_under_common_control_hold_uses_up_limit_and_quota(state, named):
    rules = state(quota=30.0, common_control_lots={"2027-02": 20.0})
    assert named(rules, "position_limit")["2027-02"].limit == 70.0
    assert named(rules, "quota")["2027-02"].limit == 10.0
    assert named(rules, "quota")["2027-04"].limit == 30.0


def test_accounts_that_the_venue_counts_apart_use_up_nothing(state, named):
    rules = state(contract={"aggregation": False}, quota=30.0, common_control_lots={"2027-02": 20.0})
    assert named(rules, "quota")["2027-02"].limit == 30.0


def test_more_lots_under_common_control_than_the_limit_leave_none(state, named):
    assert named(state(common_control_lots={"2027-02": 500.0}), "position_limit")["2027-02"].limit == 0.0


def test_no_more_is_opened_than_the_venue_allows_on_the_days_of_trading(state, named):
    opening = {"opening_limit": OpeningLimit(8.0, hedging_exempt=False)}
    rules = state(contract=opening, trading_days=3)
    assert {rule.limit for rule in named(rules, "opening").values()} == {24.0}
    assert np.all(rules.problem.upper <= 24.0)
    assert not named(state(contract=opening), "opening")


def test_the_opening_limit_is_of_what_is_bought_and_leaves_sales_free(state, lots_of):
    book = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 60, 9.0, "CNY"),))
    rules = state(contract={"opening_limit": OpeningLimit(1.0, hedging_exempt=False)}, trading_days=1, book=book)
    assert rules.keeps(lots_of(rules, 1, -60.0))
    assert not rules.keeps(lots_of(rules, 1, 2.0))


def test_depth_limits_what_is_bought_and_what_is_sold(state, named, lots_of):
    book = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 60, 9.0, "CNY"),))
    asked = {"trading_days": 2, "depth_share": 0.05, "average_daily_lots": 200.0}
    rules = state(book=book, **asked)
    assert named(rules, "depth")["2027-02"].limit == pytest.approx(20.0)
    assert rules.keeps(lots_of(rules, 1, -20.0))
    assert not rules.keeps(lots_of(rules, 1, -21.0))
    assert rules.problem.lower[1] == pytest.approx(-20.0)


def test_futures_that_are_not_allowed_are_not_traded(state, named):
    rules = state(instruments=())
    assert np.all(rules.problem.lower == 0.0)
    assert np.all(rules.problem.upper == 0.0)
    assert len(named(rules, "allowed")) == len(rules.columns.contracts)


def test_approved_hedging_may_be_exempt_from_the_opening_limit(state, named):
    opening = {"opening_limit": OpeningLimit(8.0)}
    assert named(state(contract=opening, trading_days=1), "opening")
    assert not named(state(contract=opening, trading_days=1, quota=300.0), "opening")


def test_a_stack_counts_in_every_contract_it_goes_through_and_is_traded_in_the_nearest(state, named, lots_of):
    stack = InstrumentTerms("stack", "stack_and_roll", {"most_lots": 99.0}, {"first_month": "2027-04"})
    asked = {"terms": (stack,), "instruments": ("futures", "stack"), "position_limit": 30.0}
    rules = state(**asked, trading_days=1, depth_share=0.1, average_daily_lots=200.0)
    column = rules.columns.names.index("stack 2027-10")
    through = [where for where, rule in named(rules, "position_limit").items() if rule.row[column] == 1.0]
    assert through == [code for code in rules.columns.contracts if code <= "2027-10"]
    assert [where for where, rule in named(rules, "depth").items() if rule.row[column] == 1.0] == ["2026-12"]
    assert rules.keeps(lots_of(rules, column, 15.0) + lots_of(rules, 1, 15.0))
    assert not rules.keeps(lots_of(rules, column, 15.0) + lots_of(rules, 1, 16.0))
