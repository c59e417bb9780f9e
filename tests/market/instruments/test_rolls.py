"""A stack of near contracts that is rolled: the sum of its legs, its rolls and its margin."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.market.instruments import calls, cover_mtok, gain, gain_by_month, needs_paths, offers_of

DATES = np.array(["2026-12-31", "2027-01-31", "2027-02-28"], dtype="datetime64[D]")
FUTURES = np.array([[[9.5, 9.9], [9.5, 10.0], [9.5, 10.4]], [[8.5, 8.0], [8.5, 6.0], [8.5, 5.0]]], dtype=np.float32)


@pytest.fixture(scope="module")
def paths(moved):
    return moved(scenarios={"margin_dates": DATES, "futures_per_mtok": FUTURES})


@pytest.fixture(scope="module")
def stack(paths, terms):
    return offers_of(terms("stack_and_roll", first_month="2027-02", most_lots=30), paths)[0]


def test_it_gains_what_its_legs_gain(paths, stack):
    # In at 9.0 today, out at 9.5 and on at 9.9, settled at 10.4; and 9.0, 8.5 and on at 8.0, settled at 5.0.
    assert gain(stack, paths) == pytest.approx([50 * (0.5 + 0.5), 50 * (-0.5 - 3.0)], rel=1e-6)
    by_month = gain_by_month(stack, paths)
    assert np.all(by_month[:, :2] == 0.0)
    assert cover_mtok(stack, paths).tolist() == [0.0, 0.0, 50.0]
    assert (stack.unit, stack.upper, stack.whole) == ("lots", 30.0, True)
    assert (stack.code, stack.words["through"]) == ("deal 2027-02", "2026-12 2027-02")


def test_what_its_rolls_gain_on_average_is_told(paths, stack):
    assert stack.numbers["roll_gain_per_mtok"] == pytest.approx(((9.5 - 9.9) + (8.5 - 8.0)) / 2, abs=1e-6)


def test_each_roll_costs_what_it_is_said_to_cost(paths, stack, terms):
    given = {"first_month": "2027-02", "most_lots": 30, "roll_cost_per_mtok": 0.02}
    (dear,) = offers_of(terms("stack_and_roll", **given), paths)
    assert gain(stack, paths) - gain(dear, paths) == pytest.approx([50 * 0.02] * 2)


def test_what_is_not_said_is_the_programmes_cost_of_a_trade_and_two_of_them_a_roll(paths, stack, terms):
    with_cost = dataclasses.replace(paths, transaction_cost_per_mtok=0.01)
    (dear,) = offers_of(terms("stack_and_roll", first_month="2027-02", most_lots=30), with_cost)
    assert gain(stack, paths) - gain(dear, with_cost) == pytest.approx([50 * 0.02] * 2)
    assert (stack.fee_per_unit, dear.fee_per_unit) == (0.0, 0.5)
    assert gain(dear, paths) == pytest.approx(gain(dear, with_cost))  # an offer keeps what it was made with


def test_a_stack_for_the_near_month_is_the_future_itself(paths, terms):
    given = {"first_month": "2026-12", "last_month": "2026-12", "most_lots": 30}
    (near,) = offers_of(terms("stack_and_roll", **given), paths)
    assert gain(near, paths) == pytest.approx(paths.scenarios.gain_per_lot("USD")[:, 0], rel=1e-6)
    assert near.numbers["roll_gain_per_mtok"] == 0.0


def test_its_margin_follows_the_contract_held_and_what_was_lost(paths, stack):
    assert stack.margin_per_unit == pytest.approx(50 * 9.0 * 0.10)
    # The second path: 10% of the next contract's price, and 0.5, 2.5 and 3.5 lost.
    expected = [50 * (0.8 + 0.5) - 45, 50 * (0.6 + 2.5) - 45, 50 * (0.5 + 3.5) - 45]
    assert calls(stack, paths)[1] == pytest.approx(expected, rel=1e-6)


def test_in_another_currency_every_leg_is_turned_at_its_own_rate(moved, terms):
    rates = np.array([[7.0, 7.1, 7.2], [7.0, 7.0, 7.0]])
    parts = {"margin_dates": DATES, "futures_per_mtok": FUTURES, "cny_per_usd": rates, "cny_per_usd_today": 7.0}
    setting = moved(scenarios=parts, currency="CNY")
    (offer,) = offers_of(terms("stack_and_roll", first_month="2027-02", most_lots=30), setting)
    expected = 50 * (0.5 * 7.0 + 0.1 * 7.1 + 0.4 * 7.2)
    assert gain(offer, setting)[0] == pytest.approx(expected, rel=1e-5)


def test_without_paths_it_says_which_setting_keeps_them(setting, terms, fault_of):
    told = fault_of(offers_of, terms("stack_and_roll", most_lots=30), setting)
    expected = 'settings that keep futures prices along the paths: margin_grid = "monthly" or finer'
    assert told == ("instrument.deal.kind", "stack_and_roll", expected)
    assert needs_paths([terms("stack_and_roll"), terms("batch")])
    assert not needs_paths([terms("batch")])
