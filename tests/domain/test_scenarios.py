"""What the price fan says of the index's past and of today's curve."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.market import ForwardCurve
from hedgedesk.domain.scenarios import PriceFan


def fan(prices, days, contracts=(), quotes=()):
    as_of = np.datetime64("2026-11-20")
    dates = as_of - np.array(days, dtype="timedelta64[D]")
    delivered = np.array(contracts, dtype="datetime64[M]")
    curve = ForwardCurve(as_of, "CNY", delivered, np.array(quotes, dtype=float))
    months = np.array(["2026-12"], dtype="datetime64[M]")
    one = np.ones(1)
    return PriceFan("x", "CNY", "stu", as_of, dates, np.array(prices, float), months, one / 2, one[:, None], one, curve)


def test_moves_are_relative_changes_between_neighbours():
    assert fan([8.0, 10.0, 9.0], [14, 7, 0]).moves == pytest.approx([0.25, -0.1])


def test_the_change_is_from_the_last_price_at_least_so_many_days_ago():
    past = fan([5.0, 8.0, 9.0, 10.0], [40, 29, 27, 0])
    assert past.change_over(28) == pytest.approx(10.0 / 8.0 - 1.0)
    assert past.change_over(27) == pytest.approx(10.0 / 9.0 - 1.0)
    assert np.isnan(past.change_over(41))


def test_the_slope_is_a_growth_per_year():
    assert fan([9.0], [0], ["2026-12", "2027-06"], [10.0, 11.0]).slope == pytest.approx(1.1**2 - 1.0)
    assert np.isnan(fan([9.0], [0], ["2026-12"], [10.0]).slope)
    assert np.isnan(fan([9.0], [0]).slope)
