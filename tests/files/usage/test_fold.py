"""Usage added up by UTC day and key: nothing is lost, and the order of the rows does not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.files.usage import fold as module
from hedgedesk.files.usage.fold import Fold, TooManyKeys

KEYS = tuple(UsageKey("s", model, team) for model in ("a", "b") for team in ("x", "y"))
ROWS = st.lists(
    st.tuples(
        st.integers(0, 5 * 86_400),
        st.integers(0, 3),
        st.integers(0, 10**12),
        st.one_of(st.just(math.nan), st.floats(-1e6, 1e6).map(lambda x: round(x, 9))),
    ),
    max_size=60,
)


def usage(rows, currency: str = "USD") -> Usage:
    start = np.datetime64("2026-10-01T00:00:00", "s")
    n = len(rows)
    tokens = np.zeros((n, 4))
    tokens[:, 3] = [row[2] for row in rows]
    unknown = np.full(n, np.nan)
    return Usage(
        starts=start + np.array([row[0] for row in rows], dtype="timedelta64[s]"),
        keys=KEYS,
        key=np.array([row[1] for row in rows], dtype=np.int64),
        tokens=tokens,
        cache_write_1h=np.zeros(n),
        reasoning=tokens[:, 3] / 2,
        requests=np.ones(n),
        billed=np.array([row[3] for row in rows], dtype=np.float64),
        listed=unknown,
        priced=unknown,
        currency=currency,
    )


def folded(*parts) -> Usage:
    fold = Fold()
    for rows in parts:
        fold.add(usage(rows))
    return fold.usage()


def known(values) -> list[float]:
    return [value for value in values if not math.isnan(value)]


@given(ROWS, ROWS)
@settings(max_examples=150, deadline=None)
def test_tokens_and_money_are_conserved(first, second):
    total = folded(first, second)
    rows = first + second
    assert total.tokens[:, 3].sum() == sum(row[2] for row in rows)
    assert total.requests.sum() == len(rows)
    billed = known(row[3] for row in rows)
    assert math.fsum(known(total.billed)) == pytest.approx(math.fsum(billed), rel=1e-12, abs=1e-9)
    assert (not billed) == bool(np.isnan(total.billed).all())


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_rows_and_batches_does_not_matter_to_the_last_bit(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    cut = random.randint(0, len(rows))
    one, other = folded(rows), folded(shuffled[:cut], shuffled[cut:])
    for column in ("starts", "tokens", "reasoning", "requests"):
        assert getattr(one, column).tolist() == getattr(other, column).tolist()
    assert np.array_equal(one.billed, other.billed, equal_nan=True)
    assert [one.keys[k] for k in one.key] == [other.keys[k] for k in other.key]


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_folding_what_is_folded_changes_nothing(rows):
    once = folded(rows)
    again = Fold()
    again.add(once)
    twice = again.usage()
    assert twice.tokens.tolist() == once.tokens.tolist()
    assert np.array_equal(twice.billed, once.billed, equal_nan=True)


def test_ten_thousand_small_amounts_add_up_as_if_exact():
    amounts = np.random.default_rng(1).random(10_000) * 1e-4
    total = folded([(0, 0, 1, float(amount)) for amount in amounts])
    assert total.billed[0] == math.fsum(amounts)


def test_folded_rows_are_kept_together_when_there_are_many(monkeypatch):
    monkeypatch.setattr(module, "_ROWS_BETWEEN", 3)
    parts = [[(day * 86_400, key, 1, 0.25) for day in range(4) for key in range(4)] for _ in range(5)]
    total = folded(*parts)
    assert total.starts.size == 16
    assert total.billed.tolist() == [1.25] * 16


def test_days_are_utc_days_and_rows_are_sorted_by_day_and_key():
    total = folded([(86_399, 1, 1, 1.0), (86_400, 0, 1, 1.0), (0, 0, 1, 1.0)])
    assert np.datetime_as_string(total.starts, "D").tolist() == ["2026-10-01", "2026-10-01", "2026-10-02"]
    assert [total.keys[k].team for k in total.key] == ["x", "y", "x"]


def test_money_is_unknown_only_where_no_row_told_it():
    total = folded([(0, 0, 1, math.nan), (1, 0, 1, 2.0), (0, 1, 1, math.nan)])
    assert total.billed[0] == 2.0
    assert math.isnan(total.billed[1])
    assert np.isnan(total.listed).all()


def test_names_of_single_requests_are_refused_as_keys(monkeypatch):
    monkeypatch.setattr(module, "KEY_CAP", 3)
    with pytest.raises(TooManyKeys, match="combinations of seller, model"):
        folded([(0, 0, 1, 1.0)])
