"""Columns become usage: keys are distinct, in order, and in lower case where case says nothing."""

from __future__ import annotations

import numpy as np

from hedgedesk.files.usage.rows.assembly import Parts, assemble

METERS = ("uncached_input", "cache_read", "cache_write", "output", "cache_write_1h", "reasoning")


def parts(**columns: object) -> Parts:
    rows = 4
    usual: dict[str, object] = {
        "starts": np.full(rows, np.datetime64("2026-10-01T10:00:00", "s")),
        "seller": "OpenAI",
        "model": np.array(["B", "a ", "b", "A"], dtype=object),
        "team": np.array(["Search", "Search", "search", "Search"], dtype=object),
        "region": "",
        "tier": "standard",
        "item": "tokens",
        "cache_known": True,
        "meters": {name: np.arange(rows) for name in METERS},
        "requests": 1.0,
        "billed": np.nan,
        "listed": np.nan,
    }
    return Parts(**{**usual, **columns})


def test_keys_are_distinct_sorted_and_lower_case_but_for_teams():
    usage = assemble(parts(), np.ones(4, dtype=bool), "USD")
    assert usage is not None
    assert [(key.seller, key.model, key.team) for key in usage.keys] == [
        ("openai", "a", "Search"),
        ("openai", "b", "Search"),
        ("openai", "b", "search"),
    ]
    assert usage.key.tolist() == [1, 0, 2, 0]
    assert usage.tokens[:, 3].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_only_good_rows_are_kept_and_no_good_row_is_nothing():
    good = np.array([False, True, False, True])
    usage = assemble(parts(), good, "USD")
    assert usage is not None
    assert usage.tokens[:, 0].tolist() == [1.0, 3.0]
    assert [key.model for key in usage.keys] == ["a"]
    assert assemble(parts(), np.zeros(4, dtype=bool), "USD") is None


def test_whether_the_cache_is_known_tells_keys_apart():
    usage = assemble(
        parts(model="m", team="t", cache_known=np.array([True, False, True, False])), np.ones(4, bool), "USD"
    )
    assert usage is not None
    assert [key.cache_known for key in usage.keys] == [False, True]
    assert usage.key.tolist() == [1, 0, 1, 0]
