"""How much one company may weigh."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.index.weights import CompanyCap, capped_shares


@pytest.mark.parametrize(
    ("shares", "cap", "expected"),
    [
        ([0.7, 0.2, 0.1], 0.5, [0.5, 0.3333, 0.1667]),
        ([0.6, 0.3, 0.1], 0.4, [0.4, 0.4, 0.2]),
    ],
)
def test_a_cap_is_water_filled(shares, cap, expected):
    assert capped_shares(np.array(shares), cap) == pytest.approx(expected, abs=5e-5)


def test_a_cap_repeats_until_no_weight_exceeds_it():
    # 0.5 is capped at 0.3 and pushes 0.28 to 0.392, which is capped in turn: 0.3, 0.3, then 0.4 by 12:10.
    weights = capped_shares(np.array([0.5, 0.28, 0.12, 0.10]), 0.3)
    assert weights == pytest.approx([0.3, 0.3, 0.4 * 12 / 22, 0.4 * 10 / 22])


def test_a_cap_that_is_just_possible_gives_equal_weights():
    assert capped_shares(np.array([0.8, 0.15, 0.05]), 1 / 3) == pytest.approx([1 / 3] * 3)


def test_shares_need_not_add_to_one_and_a_provider_without_spend_weighs_nothing():
    assert capped_shares(np.array([6.0, 2.0, 0.0]), 1.0) == pytest.approx([0.75, 0.25, 0.0])


@pytest.mark.parametrize("shares", [[0.7, 0.2, 0.1], [0.9, 0.1, 0.0]])
def test_an_impossible_cap_is_refused(shares):
    with pytest.raises(InputError, match=r"a cap of 0\.3 is impossible"):
        capped_shares(np.array(shares), 0.3)


def test_negative_shares_are_refused():
    with pytest.raises(InputError, match="at least 0"):
        capped_shares(np.array([1.2, -0.2]), 1.0)


def test_caps_may_differ_by_company():
    assert capped_shares(np.array([0.6, 0.2, 0.2]), np.array([0.3, 0.5, 0.5])) == pytest.approx([0.3, 0.35, 0.35])


def test_a_company_that_never_kept_the_cap_weighs_the_cap():
    weights, cut = CompanyCap(0.5).weigh({"a": 8.0, "b": 1.0, "c": 1.0})
    assert weights == pytest.approx({"a": 0.5, "b": 0.25, "c": 0.25})
    assert [(one.company, one.found, one.weight) for one in cut] == [("a", 0.8, 0.5)]


def test_a_company_that_jumps_past_the_cap_keeps_the_share_it_had():
    cap = CompanyCap(0.5)
    cap.weigh({"a": 2.0, "b": 4.0, "c": 4.0})
    weights, cut = cap.weigh({"a": 12.0, "b": 4.0, "c": 4.0})
    assert weights == pytest.approx({"a": 0.2, "b": 0.4, "c": 0.4})
    assert cut[0].found == pytest.approx(0.6)


def test_growth_within_the_cap_is_believed():
    cap = CompanyCap(0.5)
    cap.weigh({"a": 2.0, "b": 4.0, "c": 4.0})
    assert cap.weigh({"a": 4.0, "b": 4.0, "c": 4.0}) == ({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, ())


@pytest.mark.parametrize("volume", [{"a": 3.0}, {"a": 9.0, "b": 1.0}])
def test_a_cap_that_too_few_companies_can_keep_is_kept_as_far_as_it_goes(volume):
    weights, _ = CompanyCap(0.5).weigh(volume)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["a"] == pytest.approx(1.0 / len(volume))


def test_without_a_cap_the_shares_are_as_found():
    assert CompanyCap(None).weigh({"a": 3.0, "b": 1.0}) == ({"a": 0.75, "b": 0.25}, ())
