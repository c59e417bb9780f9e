"""Totals of all exports: the documented object, its causes add up to the gap, and nothing known is null."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hedgedesk.domain.usage import MeasuredUsage, Usage, UsageFile, UsageKey
from hedgedesk.exposure.reconciliation.reconcile import reconcile
from hedgedesk.exposure.totals import NOT_BILLED, told_totals, usage_totals

GONE = float("nan")
DOCUMENTED = (
    "vendor",
    "files",
    "rows",
    "first_day",
    "last_day",
    "mtok",
    "reasoning_mtok",
    "standard_mtok",
    "priced",
    "billed",
    "gap",
    "currency",
    "unknown_columns",
)


def measured(*rows, files=None):
    """Rows of key, Mtok by meter, reasoning Mtok, billed and priced."""
    zeros = np.zeros(len(rows))
    usage = Usage(
        starts=np.array([f"2026-01-{n + 1:02d}" for n in range(len(rows))], dtype="datetime64[s]"),
        keys=tuple(row[0] for row in rows),
        key=np.arange(len(rows)),
        tokens=np.array([row[1] for row in rows]).reshape(len(rows), 4) * 1e6,
        cache_write_1h=zeros,
        reasoning=np.array([row[2] for row in rows]) * 1e6,
        requests=zeros,
        billed=np.array([row[3] for row in rows]),
        listed=np.full(len(rows), GONE),
        priced=np.array([row[4] for row in rows]),
    )
    files = files or (
        UsageFile("a.csv", "openai", "usage", 5, 1, "2026-01-01", "2026-01-02", unknown_columns=("x", "y")),
    )
    return MeasuredUsage(usage, files, notices=("a.csv: something",))


def totals(usage):
    return usage_totals(usage, reconcile(usage.usage, currency="USD"))


A = UsageKey("openai", "gpt-5")


def test_the_object_has_the_documented_keys_and_is_json():
    told = totals(measured((A, [60.0, 120.0, 20.0, 20.0], 5.0, 363.0, 360.0)))
    assert tuple(told)[: len(DOCUMENTED)] == DOCUMENTED
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["vendor"] == "openai"
    assert told["files"] == [{"file": "a.csv", "vendor": "openai", "rows": 5, "faults": 1}]
    assert (told["rows"], told["first_day"], told["last_day"]) == (5, "2026-01-01", "2026-01-01")
    assert told["mtok"] == {"uncached_input": 60.0, "cache_read": 120.0, "cache_write": 20.0, "output": 20.0}
    assert (told["reasoning_mtok"], told["standard_mtok"]) == (5.0, pytest.approx(188.2))
    assert (told["priced"], told["billed"], told["gap"], told["currency"]) == (360.0, 363.0, pytest.approx(3.0), "USD")
    assert told["unknown_columns"] == ["x", "y"]


def test_without_money_there_is_no_gap():
    told = totals(measured((A, [1.0, 0.0, 0.0, 0.0], 0.0, GONE, 2.0)))
    assert (told["billed"], told["gap"], told["causes"]) == (None, None, {})
    assert told["priced"] == 2.0


def test_what_no_book_knows_is_counted_and_has_no_price():
    told = totals(measured((A, [1.0, 0.0, 0.0, 3.0], 0.0, 7.0, GONE)))
    assert (told["priced"], told["gap"], told["unpriced_mtok"]) == (None, 7.0, 4.0)


def test_causes_add_up_to_the_gap_even_where_a_seller_has_no_bill():
    other = UsageKey("anthropic", "claude-sonnet-5")
    told = totals(
        measured(
            (A, [1.0, 0, 0, 1.0], 0.0, 9.0, 10.0), (other, [1.0, 0, 0, 0], 0.0, GONE, 4.0), (A, [0] * 4, 0.0, 0.5, GONE)
        )
    )
    assert told["gap"] == pytest.approx(told["billed"] - told["priced"])
    assert sum(told["causes"].values()) == pytest.approx(told["gap"])
    assert told["causes"][NOT_BILLED] == pytest.approx(-4.0)


def test_files_of_several_vendors_are_mixed_and_one_that_was_not_read_is_none():
    def files(*vendors):
        return tuple(UsageFile(f"{v}.csv", v, "usage", 1, 0, None, None, repeated=2) for v in vendors)

    row = (A, [1.0, 0, 0, 0], 0.0, GONE, 1.0)
    assert totals(measured(row, files=files("openai", "azure")))["vendor"] == "mixed"
    assert totals(measured(row, files=files("azure", "")))["vendor"] == "azure"
    assert totals(measured(row, files=files("azure", "")))["repeated"] == 4


def test_unknown_caches_are_told():
    blind = UsageKey("x", "m", cache_known=False)
    told = totals(measured((blind, [3.0, 0, 0, 1.0], 0.0, GONE, 1.0), (A, [5.0, 0, 0, 0], 0.0, GONE, 1.0)))
    assert told["cache_unknown_mtok"] == 3.0


def test_no_good_row_has_no_days_and_no_money():
    told = totals(measured())
    assert (told["first_day"], told["billed"], told["priced"], told["gap"]) == (None, None, None, None)
    assert "no export carries money; no price is known" in told_totals(told, ())


def test_the_words_tell_files_tokens_and_the_gap_by_cause():
    usage = measured((A, [60.0, 120.0, 20.0, 20.0], 5.0, 300.0, 363.0))
    files = (*usage.files, UsageFile("b.csv", "", "", 0, 1, None, None))
    words = told_totals(totals(usage), files).splitlines()
    assert words[0].startswith("a.csv: openai usage, 5 rows, 2026-01-01 to 2026-01-02, 0 Mtok, no money, 1 fault(s)")
    assert words[0].endswith(", columns not known: x, y")
    assert words[1] == "b.csv: not read"
    assert "together 220 Mtok" in words[3]
    assert "standard tokens: 188.2 M STU" in words[4]
    assert "billed 300.00 USD, priced 363.00 USD, gap -63.00: " in words[5]
