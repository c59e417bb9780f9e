"""Use and cost by month and model, and the months that are covered whole."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.by_month import MonthlyUse, in_currency, partial_months

GONE = float("nan")
KEYS = (UsageKey("openai", "a"), UsageKey("openai", "b"))


def usage(*rows: tuple[str, int, float, float]) -> Usage:
    """Rows of day, which key, Mtok of output and billed."""
    zeros = np.zeros(len(rows))
    return Usage(
        starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
        keys=KEYS,
        key=np.array([row[1] for row in rows], dtype=np.int64),
        tokens=np.array([[0.0, 0.0, 0.0, row[2] * 1e6] for row in rows]).reshape(len(rows), 4),
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=zeros,
        billed=np.array([row[3] for row in rows]),
        listed=np.full(len(rows), GONE),
        priced=np.full(len(rows), GONE),
    )


def test_a_month_without_use_stands_between_those_with_and_an_unknown_cost_is_not_nothing():
    use = MonthlyUse.of(
        usage(("2026-01-05", 0, 1.0, 2.0), ("2026-03-05", 0, 1.0, GONE), ("2026-03-06", 1, 5.0, 4.0)),
        STANDARD_UNITS["stu"],
    )
    assert use.months.astype(str).tolist() == ["2026-01", "2026-02", "2026-03"]
    assert use.models == ("b", "a")  # most tokens first
    np.testing.assert_allclose(use.mtok, [[0, 1], [0, 0], [5, 1]])
    np.testing.assert_allclose(use.units, 4.21 * use.mtok)
    np.testing.assert_array_equal(use.cost, [[0, 2], [0, 0], [4, GONE]])


def test_money_is_turned_at_the_mean_rate_of_its_own_month():
    fx = FxCurve(np.array(["2026-01-10", "2026-01-20", "2026-02-10"], dtype="datetime64[D]"), np.array([6.9, 7.1, 8.0]))
    turned = in_currency(usage(("2026-01-31", 0, 1.0, 2.0), ("2026-02-01", 0, 1.0, 2.0)), "CNY", fx)
    np.testing.assert_allclose(turned.billed, [14.0, 16.0])
    assert turned.currency == "CNY"


def test_without_rates_money_is_not_turned():
    with pytest.raises(CurrencyMismatch):
        in_currency(usage(("2026-01-31", 0, 1.0, 2.0)), "CNY", None)


@pytest.mark.parametrize(
    ("first", "last", "partial"),
    [
        ("2026-01-04", "2026-02-25", []),
        ("2026-01-05", "2026-02-25", ["2026-01"]),
        ("2026-01-04", "2026-02-24", ["2026-02"]),
        ("2026-01-09", "2026-01-20", ["2026-01"]),
    ],
)
def test_a_month_may_lack_three_days_at_either_edge(first, last, partial):
    assert partial_months(usage((first, 0, 1.0, 1.0), (last, 0, 1.0, 1.0))) == partial


def test_no_usage_has_no_months():
    nothing = usage()
    assert MonthlyUse.of(nothing, STANDARD_UNITS["stu"]).months.size == 0
    assert partial_months(nothing) == []
