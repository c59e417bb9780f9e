"""Cost between two periods by cause, and the price indices beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.exposure.attribution import CAUSES, ORDERS, Period, attribute, price_indices

BEFORE = Period(
    1_000.0,
    np.array([0.5, 0.5]),
    np.array([[0.5, 0.3, 0.2], [0.6, 0.2, 0.2]]),
    np.array([[3.0, 0.3, 12.0], [1.0, 0.1, 4.0]]),
)
AFTER = Period(
    1_200.0,
    np.array([0.7, 0.3]),
    np.array([[0.3, 0.5, 0.2], [0.6, 0.2, 0.2]]),
    np.array([[3.0, 0.3, 12.0], [1.0, 0.1, 3.0]]),
    hedge=150.0,
)


def cost(period: Period) -> float:
    return float(period.volume * np.sum(period.shares[:, None] * period.ratios * period.prices) - period.hedge)


def test_the_published_example_is_met_to_the_cent():
    assert cost(BEFORE) == pytest.approx(2_705.00)
    assert cost(AFTER) == pytest.approx(3_187.20)
    parts = attribute(BEFORE, AFTER)
    assert tuple(parts) == CAUSES
    assert list(parts.values()) == pytest.approx([541.00, 616.80, -453.60, -72.00, -150.00])


def test_the_published_price_indices_are_met():
    found = price_indices(BEFORE, AFTER)
    assert found["laspeyres"] == pytest.approx(0.963031, abs=5e-7)
    assert found["paasche"] == pytest.approx(0.978881, abs=5e-7)
    assert found["fisher"] == pytest.approx(0.970924, abs=5e-7)


def test_the_other_order_has_other_parts_and_the_same_sum():
    forward, backward = (attribute(BEFORE, AFTER, order=order) for order in ORDERS)
    assert forward["mix"] != pytest.approx(backward["mix"])
    assert sum(forward.values()) == pytest.approx(sum(backward.values())) == pytest.approx(482.20)


def test_a_new_model_takes_its_entry_price_and_shows_in_the_mix():
    unknown = np.array([[3.0, 0.3, 12.0], [np.nan, np.nan, np.nan]])
    before = Period(1_000.0, np.array([1.0, 0.0]), BEFORE.ratios, unknown)
    after = Period(1_000.0, np.array([0.6, 0.4]), BEFORE.ratios, BEFORE.prices)
    parts = attribute(before, after)
    assert parts["price"] == 0.0
    assert parts["mix"] == pytest.approx(1_000.0 * 0.4 * (1.42 - 3.99))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    def weights(shape: tuple[int, ...]) -> np.ndarray:
        raw = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))))
        raw = raw.reshape(shape)
        return raw / raw.sum(axis=-1, keepdims=True)

    prices = draw(st.lists(st.floats(0.0, 100.0), min_size=12, max_size=12))
    volume, hedge = draw(st.floats(0.0, 1e6)), draw(st.floats(-1e5, 1e5))
    return Period(volume, weights((3,)), weights((3, 4)), np.array(prices).reshape(3, 4), hedge)


@given(periods(), periods(), st.sampled_from(ORDERS))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_parts_add_up_to_the_change_of_cost(before, after, order):
    parts = attribute(before, after, order=order)
    scale = max(abs(cost(before)), abs(cost(after)), *(abs(part) for part in parts.values()), 1.0)
    assert sum(parts.values()) == pytest.approx(cost(after) - cost(before), abs=1e-9 * scale)


def test_shares_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="add up to 1"):
        Period(1.0, np.array([0.5, 0.4]), BEFORE.ratios, BEFORE.prices)
    with pytest.raises(ValueError, match="a share for every model"):
        Period(1.0, np.array([1.0]), BEFORE.ratios, BEFORE.prices)


def test_an_unknown_order_is_named():
    with pytest.raises(ValueError, match="'sideways'"):
        attribute(BEFORE, AFTER, order="sideways")
