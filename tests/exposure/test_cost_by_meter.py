"""A bill by meter: shares of list price times tokens, and no money lost."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.rates import Rates
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.cost_by_meter import cost_by_meter


class Book:
    """3, 0.025, 3 and 6 for the model a; b has no price for its output."""

    name = "test"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        if model == "a":
            return Rates(seller, model, 3.0, 0.025, 3.0, 6.0, 6.0)
        return Rates(seller, model, 1.0, 1.0, 1.0, float("nan"), 1.0) if model == "b" else None


def usage(*rows: tuple[UsageKey, list[float]]) -> Usage:
    zeros = np.zeros(len(rows))
    return Usage(
        starts=np.full(len(rows), np.datetime64("2026-01-01", "s")),
        keys=tuple(key for key, _ in rows),
        key=np.arange(len(rows)),
        tokens=np.array([tokens for _, tokens in rows]).reshape(len(rows), 4) * 1e6,
        **dict.fromkeys(("cache_write_1h", "reasoning", "requests", "billed", "listed", "priced"), zeros),
    )


A, B, SECRET = (UsageKey("s", name) for name in ("a", "b", "secret"))
QUANTITIES = [60.0, 120.0, 20.0, 20.0]


def test_a_bill_at_list_is_its_meters():
    found = cost_by_meter(usage((A, QUANTITIES)), np.array([363.0]), Book())
    np.testing.assert_allclose(found, [180.0, 3.0, 60.0, 120.0])


def test_a_discount_falls_on_all_meters_alike():
    found = cost_by_meter(usage((A, QUANTITIES)), np.array([36.3]), Book())
    np.testing.assert_allclose(found, [18.0, 0.3, 6.0, 12.0])


def test_tokens_of_an_unknown_model_count_alike_and_a_missing_price_nothing():
    np.testing.assert_allclose(cost_by_meter(usage((SECRET, [1, 1, 0, 2])), np.array([8.0]), Book()), [2, 2, 0, 4])
    np.testing.assert_allclose(cost_by_meter(usage((B, [1, 1, 0, 2])), np.array([8.0]), Book()), [4, 4, 0, 0])


def test_no_money_is_lost_and_other_items_are_left_out():
    tax = UsageKey("s", "", item="tax")
    use = usage((A, QUANTITIES), (SECRET, [5.0, 0.0, 0.0, 5.0]), (UsageKey("s", ""), [0.0] * 4), (tax, [0.0] * 4))
    found = cost_by_meter(use, np.array([300.0, 100.0, 40.0, 9.0]), Book())
    assert found.sum() == pytest.approx(440.0)


def test_nothing_used_costs_nothing():
    assert cost_by_meter(usage(), np.zeros(0), Book()).tolist() == [0.0] * 4
    assert cost_by_meter(usage((A, [0.0] * 4)), np.array([5.0]), Book()).tolist() == [0.0] * 4
