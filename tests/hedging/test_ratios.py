import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec, FuturesHistory, MarketSnapshot, TokenIndex
from hedgedesk.hedging.ratios import backtest, minimum_variance, tailed, uncertain_volume, weekly_changes


@pytest.mark.parametrize(
    ("spot", "futures", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], "at least three"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "one length"),
        ([1.0, 2.0, np.nan], [1.0, 2.0, 3.0], "finite"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], "never moved"),
    ],
)
def test_changes_that_give_no_ratio_are_refused(spot, futures, message):
    with pytest.raises(InputError, match=message):
        minimum_variance(np.array(spot), np.array(futures))


def test_the_standard_error_is_that_of_the_regression_slope():
    random = np.random.default_rng(4)
    futures = random.standard_normal(60)
    spot = 0.8 * futures + 0.3 * random.standard_normal(60)
    found = minimum_variance(spot, futures)
    design = np.column_stack([np.ones(60), futures])
    residual = spot - design @ np.linalg.lstsq(design, spot, rcond=None)[0]
    covariance = residual @ residual / 58 * np.linalg.inv(design.T @ design)
    assert found.standard_error == pytest.approx(np.sqrt(covariance[1, 1]))


def test_volume_that_falls_when_prices_rise_needs_a_smaller_hedge():
    random, count = np.random.default_rng(12), 400_000
    z = random.standard_normal((count, 2))
    price = 10.0 + 3.0 * z[:, 0]
    volume = 1_000.0 + 300.0 * (-0.3 * z[:, 0] + np.sqrt(1 - 0.09) * z[:, 1])
    hedge = uncertain_volume(volume, price, price)
    # The slope's standard error: residual deviation 3,012 over that of the price and the root of the count, 1.6.
    assert hedge == pytest.approx(700.0, abs=4 * 3_012 / 3.0 / np.sqrt(count))
    for held, deviation in ((0.0, 3_671), (1_000.0, 3_144), (hedge, 3_012)):
        # Of a standard deviation the relative error is about sqrt(kurtosis / 4n), below 0.002 here.
        assert (volume * price - held * (price - 10.0)).std() == pytest.approx(deviation, rel=4 * 0.002)


def test_a_tailed_hedge_is_smaller_by_the_interest_its_gains_earn():
    assert tailed(37.031, 0.03, 0.5) == pytest.approx(36.480, abs=5e-4)
    assert tailed(37.031, 0.03, 0.0) == 37.031


def rolling_market(weeks=90, *, noise=0.05, seed=8):
    """An index that contracts follow one for one; at each roll the next contract stands 3 higher."""
    random = np.random.default_rng(seed)
    dates = np.datetime64("2025-01-03") + 7 * np.arange(weeks)
    index = 50.0 + np.cumsum(random.standard_normal(weeks))
    delivery = np.arange("2025-01", "2027-03", dtype="datetime64[M]")
    quotes = np.full((weeks, delivery.size), np.nan)
    for t, date in enumerate(dates):
        near = int((date.astype("datetime64[M]") - delivery[0]).astype(int))
        for k in (near, near + 1):
            quotes[t, k] = index[t] + 3.0 * k + noise * random.standard_normal()
    return MarketSnapshot(
        TokenIndex("rolling", "USD", dates, index),
        ContractSpec("USD", 1.0),
        FuturesHistory("USD", dates, delivery, quotes),
    )


def test_a_change_is_never_taken_across_a_roll():
    spot, futures = weekly_changes(rolling_market(), rolling_market().futures)
    # Across a roll the futures would jump by 3; within one contract they follow the index to the noise (sd 0.07).
    assert np.abs(futures - spot).max() < 5 * 0.05 * np.sqrt(2)
    assert spot.size == 89


def test_the_hedge_is_judged_on_weeks_it_has_not_seen():
    judged = backtest(rolling_market(noise=0.3))
    assert (judged.estimated_on, judged.judged_on) == (59, 30)
    assert judged.ratio == pytest.approx(1.0, abs=4 * judged.ratio_standard_error)
    # The noise of a change has variance 2 x 0.09 against 1 + that of the index: about 0.85 is taken away.
    assert 0.7 < judged.effectiveness < 0.95
    assert judged.note


def test_daily_quotes_are_read_week_by_week():
    market = rolling_market()
    daily = np.arange(market.index.dates[0], market.index.dates[-1] + 1)
    fill = np.searchsorted(market.index.dates, daily, side="right") - 1
    futures = FuturesHistory("USD", daily, market.futures.delivery_months, market.futures.settlement_per_mtok[fill])
    spot, _ = weekly_changes(dataclasses.replace(market, futures=futures), futures)
    assert 89 <= spot.size <= 125  # at least five days apart


def test_a_history_too_short_to_judge_says_what_it_would_need(small_market):
    assert backtest(small_market).effectiveness is None
    assert "no futures history" in backtest(small_market).note
    short = backtest(rolling_market(weeks=20))
    assert short.effectiveness is None
    assert "36 are needed" in short.note


def test_an_index_that_stood_still_in_the_last_third_is_told():
    market = rolling_market()
    price = market.index.price_per_mtok.copy()
    price[55:] = price[55]
    still = dataclasses.replace(market, index=dataclasses.replace(market.index, price_per_mtok=price))
    judged = backtest(still)
    assert judged.effectiveness is None
    assert "never moved" in judged.note
    assert judged.ratio is not None
