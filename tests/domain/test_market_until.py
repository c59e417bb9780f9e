"""The market as it was known: nothing that is dated later is left."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.market import FuturesHistory, ListPrices, MarketSnapshot


@pytest.fixture
def market(small_market: MarketSnapshot) -> MarketSnapshot:
    dates = small_market.index.dates[[-20, -10, -1]]
    months = np.array(["2026-08", "2026-12", "2027-06"], dtype="datetime64[M]")
    quotes = np.array([[9.0, 9.1, np.nan], [9.2, 9.3, np.nan], [9.4, 9.5, 9.6]])
    listed = ListPrices(
        "USD",
        np.array(["2026-01-05", "2026-10-28"], dtype="datetime64[D]"),
        ("one", "two"),
        ("a", "b"),
        ("output", "output"),
        np.array([1.0, 2.0]),
        sources=("x", "y"),
    )
    return dataclasses.replace(small_market, futures=FuturesHistory("CNY", dates, months, quotes), list_prices=listed)


def test_every_fact_after_the_day_is_left_out(market):
    day = market.index.dates[-10]
    known = market.until(day)
    assert known.as_of == known.index.dates[-1] == known.fx.dates[-1] == day
    assert list(known.futures.dates) == list(market.futures.dates[:2])
    assert known.list_prices.providers == ("one",)
    assert (known.list_prices.sources, known.list_prices.modes) == (("x",), ("standard",))
    assert known.curve.price_per_mtok.tolist() == [9.2, 9.3]


def test_contracts_not_yet_quoted_are_unknown(market):
    known = market.until(market.index.dates[-10])
    assert [str(month) for month in known.futures.delivery_months] == ["2026-08", "2026-12"]


def test_before_the_first_quote_rate_or_list_price_there_is_none(market):
    known = market.until(market.index.dates[-40])
    assert known.futures is None
    assert known.curve is None
    early = dataclasses.replace(market, fx=dataclasses.replace(market.fx, dates=market.fx.dates + 3_650))
    assert early.until(market.index.dates[5]).fx is None
    assert early.until(market.index.dates[5]).list_prices is None


def test_until_its_newest_day_a_market_is_whole(market):
    known = market.until(market.as_of)
    assert np.array_equal(known.futures.settlement_per_mtok, market.futures.settlement_per_mtok, equal_nan=True)
    assert known.index.dates.size == market.index.dates.size


def test_before_its_first_price_there_is_no_market(market):
    with pytest.raises(ValueError, match="at least one"):
        market.until(np.datetime64("2000-01-01"))
