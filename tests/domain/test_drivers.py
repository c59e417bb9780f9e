import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.drivers import (
    GIVEN_PAIRS,
    PAIRS,
    DriverHistory,
    Drivers,
    DriverTerms,
    EventTerms,
    PeakTerms,
    ProductionTerms,
)
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.values import from_plain, to_plain

DATES = np.array(["2026-10-09", "2026-10-16", "2026-10-23"], dtype="datetime64[D]")
POWER = DriverHistory("power", "USD", DATES, np.array([60.0, 62.0, 61.0]))
RENT = DriverHistory("gpu_rent", "USD", DATES[1:], np.array([2.0, 2.1]))


def test_what_was_known_of_the_drivers_on_a_day_leaves_out_what_came_later():
    drivers = Drivers(
        POWER,
        RENT,
        {"power_volume": 0.1},
        {"power": DriverTerms(0.4)},
        ProductionTerms(),
        PeakTerms(0.4, 2),
        EventTerms(0.5),
    )
    before = drivers.until(np.datetime64("2026-10-10"))
    assert before.power.price.tolist() == [60.0]
    assert before.gpu_rent is None
    assert before.histories == (before.power,)
    kept = ("correlations", "terms", "production", "peak", "events")
    assert [getattr(before, name) for name in kept] == [getattr(drivers, name) for name in kept]


def test_a_market_of_an_earlier_day_has_the_drivers_of_that_day(small_market: MarketSnapshot):
    market = dataclasses.replace(small_market, drivers=Drivers(POWER, RENT))
    assert market.until(np.datetime64("2026-10-16")).drivers.power.price.tolist() == [60.0, 62.0]
    assert small_market.until(np.datetime64("2026-10-16")).drivers is None


def test_drivers_come_back_from_plain_text():
    drivers = Drivers(
        POWER, None, {"token_power": 0.1}, {"power": DriverTerms(0.4)}, ProductionTerms(), PeakTerms(0.4, 2.0)
    )
    again = from_plain(Drivers, to_plain(drivers))
    assert to_plain(again) == to_plain(drivers)
    assert again.peak == drivers.peak


def test_arrays_are_locked():
    with pytest.raises(ValueError, match="read-only"):
        POWER.price[0] = 1.0


@pytest.mark.parametrize(
    ("dates", "prices"),
    [(DATES, [60.0, 62.0]), (DATES[::-1], [60.0, 62.0, 61.0]), (DATES, [60.0, 0.0, 61.0]), (DATES[:0], [])],
)
def test_a_history_that_contradicts_itself_is_refused(dates, prices):
    with pytest.raises(ValueError, match="driver"):
        DriverHistory("power", "USD", dates, np.array(prices))


def test_correlations_are_known_pairs_between_minus_one_and_one():
    assert set(PAIRS) - set(GIVEN_PAIRS) == {"token_volume"}
    for wrong in ({"power_token": 0.1}, {"token_volume": 0.1}, {"token_power": 1.01}):
        with pytest.raises(ValueError, match=r"pairs|between -1 and 1"):
            Drivers(correlations=wrong)
    with pytest.raises(ValueError, match="known are"):
        Drivers(terms={"token": DriverTerms()})


def test_two_fifths_of_the_tokens_at_twice_the_price_cost_1_4_times_as_much():
    assert PeakTerms(0.4, 2.0).average == pytest.approx(1.4)
