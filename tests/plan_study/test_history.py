"""A ladder on the past pays what its purchases and the month's index add up to, and never looks ahead."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex
from hedgedesk.domain.program import Band
from hedgedesk.domain.venue import LastTradingDay
from hedgedesk.plan_study.history import layered_history
from hedgedesk.plan_study.layered import Ladder

HALVES = Ladder("halves", (Band(1, 2, 0.5, 1.0),))


@pytest.fixture
def market() -> MarketSnapshot:
    """A contract of 2026-04 quoted at 10 and 12 in the two months before; the index is 20 in April, 26 at its end."""
    dates = np.arange("2026-02-01", "2026-05-10", 7, dtype="datetime64[D]")
    price = np.full(dates.size, 11.0)
    april = np.flatnonzero(dates.astype("datetime64[M]") == np.datetime64("2026-04"))
    price[april] = [14.0, 18.0, 22.0, 26.0]
    quotes = np.array([[9.0, 30.0], [10.0, 30.0], [12.0, 30.0], [13.0, 30.0]])
    days = np.array(["2026-02-10", "2026-02-24", "2026-03-31", "2026-04-03"], dtype="datetime64[D]")
    futures = FuturesHistory("CNY", days, np.array(["2026-04", "2026-06"], dtype="datetime64[M]"), quotes)
    return MarketSnapshot(TokenIndex("i", "CNY", dates, price), ContractSpec("CNY", 1_000.0), futures)


def test_each_way_pays_its_own_purchases(market):
    found = layered_history(market, HALVES)
    assert [str(month) for month in found.months] == ["2026-04"], "June is not over"
    assert found.ways == ("nothing", "everything", "layered", "triggered")
    # Index 20, settlement (18 + 22 + 26) / 3 = 22: everything at 10; half at 10 and half at 12.
    assert found.paid_per_mtok[:, 0] == pytest.approx([20.0, 8.0, 9.0, 9.0])
    assert found.cover[:, 0].tolist() == [0.0, 1.0, 1.0, 1.0]
    assert found.regret[:, 0] == pytest.approx([0.0, -12.0, -11.0, -11.0])


def test_prints_after_the_last_trading_day_settle_nothing(market):
    # A week before the last Monday is 20 April: (14 + 18 + 22) / 3 = 18 is settled, 26 only paid.
    rule = LastTradingDay(which=-1, weekday="monday", trading_days_before=5)
    early = dataclasses.replace(market, contract=dataclasses.replace(market.contract, last_day=rule))
    assert layered_history(early, HALVES).paid_per_mtok[:2, 0] == pytest.approx([20.0, 20.0 - (18.0 - 10.0)])


def test_a_month_with_fewer_prints_than_settle_it_is_left_out(market):
    asked = dataclasses.replace(market, contract=dataclasses.replace(market.contract, final_settlement=40))
    assert layered_history(asked, HALVES).months.size == 0


def test_a_calendar_that_does_not_know_the_past_is_named(market):
    unheard = dataclasses.replace(market, contract=dataclasses.replace(market.contract, calendar="moon"))
    with pytest.raises(InputError, match=r"moon: its holidays of 2026 are not known"):
        layered_history(unheard, HALVES)


def test_what_a_ladder_leaves_open_is_paid_at_the_index(market):
    found = layered_history(market, Ladder("near", (Band(1, 1, 0.0, 0.25),)))
    assert found.paid_per_mtok[2, 0] == pytest.approx(20.0 - 0.25 * (22.0 - 12.0))
    assert found.cover[2, 0] == 0.25


def test_a_low_price_buys_ahead_and_a_high_one_waits(market):
    days = np.arange("2025-06-01", "2026-02-01", 7, dtype="datetime64[D]")
    for before, cover in ((15.0, 1.0), (5.0, 0.5)):
        index = market.index
        longer = TokenIndex(
            "i", "CNY", np.append(days, index.dates), np.append(np.full(days.size, before), index.price_per_mtok)
        )
        found = layered_history(dataclasses.replace(market, index=longer), HALVES)
        assert found.cover[3, 0] == cover
        assert found.cover[2, 0] == 1.0


def test_without_futures_or_a_month_that_is_over_there_is_nothing_to_judge(market, small_market):
    for given in (small_market, market.until(np.datetime64("2026-04-20"))):
        found = layered_history(given, HALVES)
        assert found.months.size == 0
        assert found.paid_per_mtok.shape == (4, 0)
        assert np.isnan(found.mean).all()
        assert "no delivery month" in found.summary()


def test_what_is_known_later_changes_no_purchase(market):
    known = layered_history(market, HALVES)
    moved = dataclasses.replace(
        market,
        futures=dataclasses.replace(
            market.futures,
            settlement_per_mtok=market.futures.settlement_per_mtok + np.array([[0.0], [0.0], [0.0], [9.0]]),
        ),
    )
    assert layered_history(moved, HALVES).paid_per_mtok.tolist() == known.paid_per_mtok.tolist()
