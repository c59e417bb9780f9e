import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.market.price_limits import (
    limit_rate,
    locked_calls,
    locked_margin_rate,
    locked_prices,
    price_range,
    settled_within_limits,
)

FREIGHT = ContractSpec("CNY", 50.0)
LONG = 642 * 50
"""CNY that 642 lots of the freight handbook's example gain on a point."""


def test_a_long_position_locked_down_from_900_loses_what_the_rule_book_says():
    prices = locked_prices(FREIGHT, 900.0, up=False)
    assert prices == pytest.approx([810.0, 704.7, 599.0])
    assert LONG * (900.0 - prices) == pytest.approx([2_889_000.0, 6_269_130.0, 9_662_100.0])


def test_limits_widen_by_3_and_5_points_and_margin_stands_2_above_the_next_limit():
    assert [limit_rate(FREIGHT, days) for days in range(4)] == pytest.approx([0.10, 0.13, 0.15, 0.15])
    assert [locked_margin_rate(FREIGHT, 0.12, days) for days in range(3)] == pytest.approx([0.12, 0.15, 0.17])
    assert LONG * 810.0 * locked_margin_rate(FREIGHT, 0.12, 1) == pytest.approx(3_900_150.0)


def test_a_locked_market_calls_for_its_variation_and_the_margin_of_the_next_limit():
    contract = FuturesContract(FREIGHT, np.datetime64("2027-02"), np.datetime64("2027-02-22"))
    calls = 642 * locked_calls(contract, 900.0, np.datetime64("2026-12-01"))
    first = 2_889_000.0 + 3_900_150.0 - 3_466_800.0
    second = 6_269_130.0 + LONG * 704.7 * 0.17 - 3_466_800.0
    assert calls[:2] == pytest.approx([first, second])
    assert 642 * locked_calls(contract, 900.0, np.datetime64("2026-12-01"), up=True)[0] == pytest.approx(
        LONG * (90.0 + 990.0 * 0.15) - 3_466_800.0
    )


def test_margin_that_is_higher_already_is_not_lowered_by_a_locked_day():
    assert locked_margin_rate(FREIGHT, 0.30, 1) == 0.30


def test_the_first_day_of_a_contract_has_twice_the_limit():
    assert limit_rate(FREIGHT, first_day=True) == pytest.approx(0.20)


def test_prices_of_a_day_are_on_ticks_within_the_limit():
    assert price_range(FREIGHT, 900.0) == pytest.approx((810.0, 990.0))
    low, high = price_range(FREIGHT, 704.7)
    assert (low, high) == pytest.approx((634.3, 775.1))
    assert low >= 704.7 * 0.9
    assert high <= 704.7 * 1.1
    dear = dataclasses.replace(FREIGHT, price_per_point=2.0)
    assert price_range(dear, 100.1) == pytest.approx((90.2, 110.0))


def test_where_no_tick_is_within_the_limit_the_price_cannot_move():
    coarse = dataclasses.replace(FREIGHT, tick=500.0)
    assert price_range(coarse, 900.0) == (900.0, 900.0)
    assert locked_prices(coarse, 900.0, up=False).tolist() == [900.0] * 3


def test_more_locked_days_than_the_rules_cover_are_the_venues_decision():
    with pytest.raises(ValueError, match="3 days at the limit"):
        locked_prices(FREIGHT, 900.0, up=True, days=4)


def test_a_crash_is_carried_from_day_to_day_within_the_widening_limits():
    settled, locked = settled_within_limits(FREIGHT, 900.0, np.array([500.0, 500.0, 640.0, 640.0]))
    assert settled == pytest.approx([810.0, 704.7, 640.0, 640.0])
    assert locked.tolist() == [1, 2, 0, 0]


def test_a_turn_of_the_market_starts_again_at_the_ordinary_limit():
    settled, locked = settled_within_limits(FREIGHT, 100.0, np.array([80.0, 120.0, 100.0]))
    assert settled == pytest.approx([90.0, 99.0, 100.0])
    assert locked.tolist() == [1, 1, 0]


def test_within_the_limits_nothing_is_changed_on_any_path():
    paths = 900.0 * np.cumprod(1.0 + np.random.default_rng(5).uniform(-0.09, 0.09, (50, 12)), axis=1)
    settled, locked = settled_within_limits(FREIGHT, 900.0, paths)
    assert np.array_equal(settled, paths)
    assert not locked.any()


def test_no_day_moves_by_more_than_its_limit_and_the_price_arrives_in_the_end():
    random = np.random.default_rng(6)
    jump = 900.0 * np.exp(random.normal(0.0, 0.5, (200, 1)))
    settled, locked = settled_within_limits(FREIGHT, 900.0, np.repeat(jump, 40, axis=1))
    before = np.column_stack([np.full(200, 900.0), settled[:, :-1]])
    earlier = np.column_stack([np.zeros(200), locked[:, :-1]])
    most = np.array([0.10, 0.13, 0.15])[np.minimum(earlier, 2).astype(int)]
    assert (np.abs(settled / before - 1.0) <= most + 1e-12).all()
    assert settled[:, -1] == pytest.approx(jump[:, 0])


def test_a_venue_without_limits_never_stops_the_market():
    free = dataclasses.replace(FREIGHT, price_limit=None)
    assert price_range(free, 900.0) == (0.0, np.inf)
    assert settled_within_limits(free, 900.0, np.array([1.0]))[0].tolist() == [1.0]
    assert locked_margin_rate(free, 0.12, 2) == 0.12
    with pytest.raises(ValueError, match="never locked"):
        locked_prices(free, 900.0, up=False)
