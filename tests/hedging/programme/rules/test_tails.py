"""The tail above the budget, and the cash that margin calls for along a path."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.errors import InputError, NeedsScenarios
from hedgedesk.hedging.programme.statement import stated
from hedgedesk.market.margin import calls_per_lot
from hedgedesk.risk import measures


def the_tail(statement):
    (tail,) = statement.tails
    return tail


def test_the_tail_of_the_cost_is_measured_from_the_budget(state, small_exposure, small_scenarios, lots_of):
    statement = state(budget_at_risk=50_000.0)
    trades = lots_of(statement, 2, 7.0)
    cost = small_scenarios.cost_by_month(small_exposure, "USD").sum(axis=1)
    loss = cost - small_scenarios.gain_per_lot("USD") @ trades
    use = the_tail(statement).use(trades)
    assert use.limit == pytest.approx(50_000.0)
    assert use.used == pytest.approx(measures.cvar(loss, 0.95) + statement.columns.fee @ trades - 900_000.0)
    assert (use.rule, use.unit) == ("budget_at_risk", "USD")


def test_a_budget_by_month_that_leaves_months_out_names_them(state):
    with pytest.raises(InputError, match=r"no budget for 2026-12, 2027-01.*budget_at_risk"):
        state(budget=None, budget_by_month={"2026-11": 80_000.0}, budget_at_risk=1.0)


def needed(scenarios, lots, currency_rate):
    """(S,) the most cash of each path by a loop over dates: margin deposited and variation lost so far."""
    worst = np.empty(scenarios.count)
    for s in range(scenarios.count):
        price, lost, most = scenarios.curve.price_per_mtok, 0.0, 0.0
        size = lots * scenarios.mtok_per_lot
        most = float(0.12 * price @ size) / 7.1
        for d, date in enumerate(scenarios.margin_dates):
            now = scenarios.futures_per_mtok[s, d].astype(float)
            lost -= float((now - price) @ size) / currency_rate(s, date)
            rates = [rate_by(contract, date) for contract in scenarios.contracts]
            most = max(most, lost + float((rates * now) @ size) / currency_rate(s, date))
            price = now
        worst[s] = most
    return worst


def rate_by(contract, date):
    """By hand: 12%, 20% from the clearing eight weekdays before the last day, 30% from three before; 0 once paid."""
    left = int(np.busday_count(date, contract.last_trading_day))
    if left < 0:
        return 0.0
    return 0.30 if left <= 3 else 0.20 if left <= 8 else 0.12


def test_the_credit_line_holds_the_tail_of_the_most_cash_a_path_needs(state, small_scenarios):
    statement = state(credit_line=90_000.0, credit_line_level=0.9)
    few = dataclasses.replace(
        small_scenarios,
        **{
            name: getattr(small_scenarios, name)[:200]
            for name in ("price_per_mtok", "volume_mtok", "open_mtok", "settlement_per_mtok", "cny_per_usd")
        },
        futures_per_mtok=small_scenarios.futures_per_mtok[:200],
    )
    lots = np.array([3.0, 10.0, 0.0, 4.0, 1.0, 2.0])
    months = small_scenarios.months

    def rate(s, date):
        return few.cny_per_usd[s, int(np.clip((date.astype("datetime64[M]") - months[0]).astype(int), 0, 11))]

    tail = the_tail(statement).tail
    path = (tail.base - tail.slope @ lots)[:200].max(axis=1)
    dates_after = [d for d in small_scenarios.margin_dates if d <= small_scenarios.contracts[-1].last_trading_day]
    assert dates_after
    assert path == pytest.approx(needed(few, lots, rate), rel=1e-4)
    assert statement.tails[0].use(lots).limit == 90_000.0


def test_lots_already_held_need_their_cash_too(state, small_scenarios, lots_of):
    book = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2027-02"), 20, 9.0, "CNY"),))
    held, fresh = (state(credit_line=1e6, credit_line_level=0.95, book=b) for b in (book, HedgeBook.empty()))
    bought, nothing = lots_of(fresh, 1, 20.0), lots_of(fresh, 1, 0.0)
    assert held.tails[0].use(nothing).used == pytest.approx(fresh.tails[0].use(bought).used, rel=1e-5)


def test_without_margin_dates_the_scenarios_do_not_answer(small_desk, small_exposure, small_scenarios):
    asked = dataclasses.replace(small_desk.program, credit_line_level=0.95)
    without = dataclasses.replace(small_scenarios, margin_dates=None, futures_per_mtok=None)
    with pytest.raises(NeedsScenarios, match="margin dates"):
        stated(small_exposure, without, asked, small_desk.book)


def test_a_short_lot_gains_what_a_long_one_loses_and_deposits_the_same(small_scenarios):
    long, short = (calls_per_lot(small_scenarios, "CNY", side=side).astype(float) for side in (1.0, -1.0))
    gained = (small_scenarios.futures_per_mtok.astype(float) - small_scenarios.curve.price_per_mtok) * 1_000.0
    assert short - long == pytest.approx(2.0 * gained, abs=0.05)
    part = calls_per_lot(small_scenarios, "CNY", part=slice(100, 150))
    assert np.array_equal(part, calls_per_lot(small_scenarios, "CNY")[100:150])


def test_a_program_without_margin_paths_is_told_by_the_function_itself(small_scenarios):
    without = dataclasses.replace(small_scenarios, margin_dates=None, futures_per_mtok=None)
    with pytest.raises(ValueError, match="no futures prices"):
        calls_per_lot(without, "CNY")
