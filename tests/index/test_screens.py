"""Screens of the sources of one price."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.index import screens
from hedgedesk.index.screens import Quote

OLD, NEW = np.datetime64("2026-01-01"), np.datetime64("2026-02-01")


def quotes(*prices: float, since: np.datetime64 = OLD) -> list[Quote]:
    return [Quote(f"s{i}", price, since) for i, price in enumerate(prices)]


def test_grubbs_critical_value_is_the_published_one():
    # Tabled: 10 sources at 5%.
    assert screens.grubbs_critical(10, 0.05) == pytest.approx(2.28995, abs=5e-6)


def test_grubbs_rejects_the_outlier_and_not_the_rest():
    prices = np.array([1.00, 1.02, 0.99, 1.01, 1.00, 0.98, 1.01, 1.00, 1.02, 5.0])
    assert screens.grubbs(prices, 0.05) == [9]
    assert screens.grubbs(prices[:9], 0.05) == []


def test_grubbs_needs_seven_sources_and_removes_at_most_a_tenth():
    spread = [1.00, 1.02, 0.99, 1.01, 1.00, 0.98]
    assert screens.grubbs(np.array([*spread[:5], 9.0]), 0.05) == []
    assert screens.grubbs(np.array([*spread, 9.0]), 0.05) == []
    ten = np.array([*spread, 1.01, 1.00, 9.0, 90.0])
    assert len(screens.grubbs(ten, 0.05)) <= 1
    twenty = np.array([*spread, *spread, *spread, 9.0, 90.0])
    assert sorted(screens.grubbs(twenty, 0.05)) == [18, 19]


def test_grubbs_has_nothing_to_say_where_all_are_equal():
    assert screens.grubbs(np.full(12, 2.0), 0.05) == []


def test_three_sigma_cannot_reject_up_to_ten_sources():
    # The largest possible distance is (n - 1) / sqrt(n) = 2.846 at n = 10.
    far = np.array([1.0] * 9 + [1e9])
    x = np.log(far)
    assert np.abs(x - x.mean()).max() / x.std(ddof=1) == pytest.approx(2.846, abs=5e-4)
    assert screens.beyond_three_sigma(far) == []
    assert screens.beyond_three_sigma(np.array([1.0] * 11 + [1e9])) == [11]
    assert screens.beyond_three_sigma(np.array([1.0])) == []
    assert screens.beyond_three_sigma(np.full(12, 3.0)) == []


def test_the_odd_one_out_is_rejected_from_three_sources_on():
    assert screens.odd_one_out(np.array([1.0, 1.0, 1.2])) == [2]
    assert screens.odd_one_out(np.array([1.0, 1.2])) == []
    assert screens.odd_one_out(np.array([1.0, 1.0, 1.0])) == []
    assert screens.odd_one_out(np.array([1.0, 1.0, 1.2, 1.3])) == []


def test_a_tenth_is_trimmed_at_each_end_from_ten_sources_on():
    assert screens.trimmed(np.arange(1.0, 10.0), 0.1) == []
    assert screens.trimmed(np.arange(10.0, 0.0, -1.0), 0.1) == [9, 0]


def test_a_zero_beside_positive_prices_is_rejected_and_a_price_that_most_call_free_is_free():
    assert screens.zero_beside_positive(quotes(1.0, 0.0)) == [1]
    assert screens.zero_beside_positive(quotes(1.0, 0.0, 1.0)) == [1]
    assert screens.zero_beside_positive(quotes(0.0, 0.0, 1.0)) == [2]
    assert screens.zero_beside_positive(quotes(0.0)) == []


def test_a_source_is_stale_when_two_others_have_agreed_on_a_newer_price():
    moved = quotes(0.5, 0.5, since=NEW)
    assert screens.stale([*moved, *quotes(1.0)]) == [2]
    assert screens.stale([*moved, *quotes(1.0, since=NEW + 1)]) == []
    assert screens.stale([*moved[:1], *quotes(1.0)]) == []
    assert screens.stale([*moved, *quotes(1.0, 1.0), *quotes(1.0, since=NEW)]) == []
    assert screens.stale([*moved[:1], *quotes(0.4, since=NEW), *quotes(1.0, 1.0)]) == []


def test_two_sources_that_spoke_after_all_others_confirm_a_cut_however_many_have_not_looked_yet():
    moved = quotes(0.25, 0.25, since=NEW)
    assert screens.stale([*moved, *quotes(1.0, 1.0)]) == [2, 3]
    assert screens.stale([*moved, *quotes(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)]) == [2, 3, 4, 5, 6, 7]
    assert screens.stale([*moved[:1], *quotes(1.0, 1.0)]) == []
    assert screens.stale([*moved, *quotes(1.0, 1.0, since=NEW)]) == []


def test_a_move_beyond_the_factor_needs_another_source_that_follows():
    assert screens.unconfirmed(quotes(10.0, 1.0, 1.0), 1.0, 3.0) == [0]
    assert screens.unconfirmed(quotes(0.25, 0.25, 1.0), 1.0, 3.0) == []
    assert screens.unconfirmed(quotes(2.9, 1.0), 1.0, 3.0) == []
    assert screens.unconfirmed(quotes(0.0), 1.0, 3.0) == [0]


def test_before_the_first_print_three_sources_are_compared_with_each_other():
    assert screens.unconfirmed(quotes(10.0, 1.0, 1.1), None, 3.0) == [0]
    assert screens.unconfirmed(quotes(10.0, 1.0), None, 3.0) == []
