"""What rows cost: billed, else priced, and no money twice."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.usage import OTHER_SERVICE, Usage, UsageKey
from hedgedesk.exposure.spend import charged, spent

GONE = float("nan")


def usage(*rows: tuple[str, UsageKey, float, float, float]) -> Usage:
    """Rows of day, key, tokens of uncached input, billed and priced."""
    keys = tuple(dict.fromkeys(row[1] for row in rows))
    zeros = np.zeros(len(rows))
    return Usage(
        starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
        keys=keys,
        key=np.array([keys.index(row[1]) for row in rows], dtype=np.int64),
        tokens=np.array([[row[2], 0.0, 0.0, 0.0] for row in rows]).reshape(len(rows), 4),
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=zeros,
        billed=np.array([row[3] for row in rows]),
        listed=np.full(len(rows), GONE),
        priced=np.array([row[4] for row in rows]),
    )


A, B, ALL = UsageKey("openai", "a"), UsageKey("openai", "b"), UsageKey("openai", "")


def test_a_row_costs_its_bill_and_its_price_where_there_is_no_bill():
    use = usage(
        ("2026-01-01", A, 10.0, 5.0, 4.0), ("2026-01-01", B, 10.0, GONE, 3.0), ("2026-01-02", B, 1.0, GONE, GONE)
    )
    np.testing.assert_array_equal(spent(use), [5.0, 3.0, GONE])


def test_a_cost_export_pays_for_the_tokens_of_the_usage_export_of_its_model():
    use = usage(
        ("2026-01-01", A, 10.0, GONE, 3.0),
        ("2026-01-02", A, 10.0, GONE, 1.0),
        ("2026-01-05", A, 0.0, 3.6, GONE),
        ("2026-01-05", B, 20.0, GONE, 9.0),
    )
    np.testing.assert_allclose(spent(use), [2.7, 0.9, 0.0, 0.0])  # b is not on the bill of its month


def test_a_bill_without_models_is_shared_out_by_price_and_counted_once():
    use = usage(
        ("2026-01-01", A, 10.0, GONE, 3.0), ("2026-01-01", B, 10.0, GONE, 1.0), ("2026-01-31", ALL, 0.0, 8.0, GONE)
    )
    np.testing.assert_allclose(spent(use), [6.0, 2.0, 0.0])


def test_a_bill_stays_in_its_month_and_with_its_seller():
    other = UsageKey("anthropic", "a")
    use = usage(
        ("2026-02-01", A, 10.0, GONE, 3.0), ("2026-01-01", other, 10.0, GONE, 1.0), ("2026-01-31", ALL, 0.0, 8.0, GONE)
    )
    np.testing.assert_allclose(spent(use), [3.0, 1.0, 8.0])


def test_unpriced_tokens_share_a_bill_by_their_number():
    use = usage(
        ("2026-01-01", A, 30.0, GONE, GONE), ("2026-01-01", A, 10.0, GONE, GONE), ("2026-01-01", A, 0.0, 8.0, GONE)
    )
    np.testing.assert_allclose(spent(use), [6.0, 2.0, 0.0])


def test_a_tax_is_no_payment_for_tokens():
    tax = UsageKey("openai", "", item="tax")
    use = usage(("2026-01-01", A, 30.0, GONE, 4.0), ("2026-01-01", tax, 0.0, 8.0, GONE))
    np.testing.assert_allclose(spent(use), [4.0, 8.0])


def test_the_sum_of_the_bills_stays_whatever_the_rows():
    random = np.random.default_rng(5)
    keys = [UsageKey(s, m) for s in ("x", "y") for m in ("a", "b", "")]
    rows = []
    for _ in range(200):
        bare = random.random() < 0.3
        billed = random.uniform(0, 9) if bare or random.random() < 0.3 else GONE
        day = str(np.datetime64("2026-01-01") + random.integers(0, 90))
        rows.append(
            (day, keys[random.integers(6)], 0.0 if bare else random.uniform(1, 9), billed, random.uniform(0, 9))
        )
    use = usage(*rows)
    cost = spent(use)
    assert np.nansum(use.billed) <= cost.sum() + 1e-9 <= np.nansum(use.billed) + np.nansum(use.priced)
    unbilled = np.isnan(use.billed)
    months = use.starts.astype("datetime64[M]")
    for month in np.unique(months):
        for seller in ("x", "y"):
            rows_of = (months == month) & np.array([use.keys[k].seller == seller for k in use.key])
            if (rows_of & ~unbilled & (use.tokens.sum(axis=1) == 0)).any() and not (rows_of & unbilled).any():
                assert cost[rows_of].sum() == pytest.approx(np.nansum(use.billed[rows_of]))


def test_no_usage_costs_nothing():
    assert spent(usage()).shape == (0,)


def test_a_clouds_other_services_are_no_cost_of_tokens():
    storage = UsageKey("aws", "", item=OTHER_SERVICE)
    use = usage(("2026-01-01", storage, 0.0, 9.0, GONE), ("2026-01-01", A, 10.0, 5.0, 4.0))
    np.testing.assert_array_equal(use.of_other_services, [True, False])
    np.testing.assert_array_equal(spent(use), [0.0, 5.0])


def test_what_is_charged_is_a_bill_wherever_it_stands_and_never_a_price():
    use = usage(
        ("2026-01-01", A, 10.0, GONE, 3.0),
        ("2026-01-02", A, 10.0, GONE, 1.0),
        ("2026-01-05", A, 0.0, 3.6, GONE),
        ("2026-01-05", B, 20.0, GONE, 9.0),
        ("2026-02-01", A, 10.0, 5.0, 4.0),
        ("2026-03-01", A, 10.0, GONE, 4.0),
    )
    np.testing.assert_allclose(charged(use), [2.7, 0.9, 0.0, GONE, 5.0, GONE])
