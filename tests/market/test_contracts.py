import dataclasses

import numpy as np
import pytest

from hedgedesk.market.contracts import contracts_for, cover_share, delivery_months


def months(first, last):
    return np.arange(first, last, dtype="datetime64[M]")


def test_without_quotes_the_template_says_which_months_are_listed(small_market):
    listed = delivery_months(small_market)
    assert [str(m) for m in listed] == ["2026-12", "2027-02", "2027-04", "2027-06", "2027-08", "2027-10"]


def test_quotes_beat_the_template(quoted_market):
    assert [str(m) for m in delivery_months(quoted_market)][-1] == "2027-10"
    fewer = dataclasses.replace(
        quoted_market.futures,
        delivery_months=quoted_market.futures.delivery_months[:2],
        settlement_per_mtok=quoted_market.futures.settlement_per_mtok[:, :2],
    )
    market = dataclasses.replace(quoted_market, futures=fewer)
    assert [str(m) for m in delivery_months(market)] == ["2026-12", "2027-02"]


def test_a_contract_in_its_last_month_covers_nothing_ahead(quoted_market):
    old = np.insert(quoted_market.futures.delivery_months, 0, np.datetime64("2026-10"))
    prices = np.insert(quoted_market.futures.settlement_per_mtok, 0, 9.5, axis=1)
    futures = dataclasses.replace(quoted_market.futures, delivery_months=old, settlement_per_mtok=prices)
    market = dataclasses.replace(quoted_market, futures=futures)
    assert str(delivery_months(market)[0]) == "2026-12"


def test_contracts_past_the_one_that_reaches_the_last_month_are_left_out(small_market):
    contracts = contracts_for(small_market, months("2026-11", "2027-02"))
    assert [c.code for c in contracts] == ["2026-12", "2027-02"]
    assert str(contracts[0].last_trading_day) == "2026-12-31"


def test_a_contract_covers_the_months_after_the_previous_one_in_proportion_to_open_volume():
    share = cover_share(months("2026-12", "2027-01"), months("2026-11", "2027-01"), np.array([100.0, 300.0]))
    assert share.tolist() == [[0.25, 0.75]]
    two = np.array(["2026-12", "2027-02"], dtype="datetime64[M]")
    share = cover_share(two, months("2026-11", "2027-04"), np.array([1.0, 1.0, 0.0, 5.0, 9.0]))
    assert share.tolist() == [[0.5, 0.5, 0, 0, 0], [0, 0, 0.0, 1.0, 0]]


def test_where_nothing_is_open_the_months_share_equally():
    share = cover_share(months("2026-12", "2027-01"), months("2026-11", "2027-01"), np.zeros(2))
    assert share.tolist() == [[0.5, 0.5]]
    assert share.sum() == pytest.approx(1.0)
