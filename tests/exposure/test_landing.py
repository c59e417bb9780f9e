"""Where the year ends."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.study import Landing
from hedgedesk.domain.usage import MeasuredUsage, Usage, UsageKey
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.exposure.landing import actuals, landed, landed_again

TODAY = np.datetime64("2026-10-30")
AHEAD = np.arange("2026-11", "2027-05", dtype="datetime64[M]")
PROGRAM = HedgeProgram("USD", budget_by_month={f"2026-{m:02d}": 110.0 for m in range(1, 13)})
NONE = float("nan")


def measured(*rows, currency="USD", seller="openai"):
    """Rows of (day, billed, priced)."""
    count = len(rows)
    zeros, unknown = np.zeros(count), np.full(count, np.nan)
    tokens = np.zeros((count, 4))
    tokens[:, 3] = 1e6
    usage = Usage(
        starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
        keys=(UsageKey(seller, "a"),),
        key=np.zeros(count, dtype=np.int64),
        tokens=tokens,
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=unknown,
        billed=np.array([row[1] for row in rows]),
        listed=unknown,
        priced=np.array([row[2] for row in rows]),
        currency=currency,
    )
    return MeasuredUsage(usage, ())


def whole_year(until="2026-10-31", each=2.0):
    days = np.arange("2026-01-01", str(np.datetime64(until) + 1), dtype="datetime64[D]")
    return measured(*((str(day), each, NONE) for day in days))


def draws(mean=100.0, deviation=20.0, count=4_000, seed=1):
    random = np.random.default_rng(seed)
    return mean + deviation * random.standard_normal((count, AHEAD.size))


def test_the_landing_is_what_was_paid_plus_what_is_expected():
    cost = draws()
    found, told = landed(whole_year(), AHEAD, cost, PROGRAM, TODAY)
    assert found.year == 2026
    assert found.paid == pytest.approx(2.0 * 304)
    assert found.actual[0] == pytest.approx(2.0 * 31)
    assert np.isnan(found.actual[10:]).all()
    assert found.expected[10:] == pytest.approx(cost[:, :2].mean(axis=0))
    assert np.isnan(found.expected[:10]).all()
    assert found.mean == pytest.approx(found.paid + np.nansum(found.expected))
    assert found.year_budget == pytest.approx(1_320.0)
    assert (found.missing, told) == ((), ())


def test_the_band_holds_the_mean_and_nine_tenths_of_the_years():
    cost = draws()
    found, _ = landed(whole_year(), AHEAD, cost, PROGRAM, TODAY)
    totals = found.paid + cost[:, :2].sum(axis=1)
    assert found.low < found.mean < found.high
    assert np.mean((totals >= found.low) & (totals <= found.high)) == pytest.approx(0.90, abs=0.01)
    assert np.all(found.p05[10:] < found.expected[10:])
    assert np.all(found.expected[10:] < found.p95[10:])


def test_a_year_without_doubt_has_a_band_of_no_width():
    found, _ = landed(whole_year(), AHEAD, draws(deviation=0.0), PROGRAM, TODAY)
    assert found.low == found.high == pytest.approx(found.mean)


def test_billed_counts_and_priced_only_where_nothing_is_billed():
    rows = measured(("2026-03-05", 7.0, 9.0), ("2026-04-05", NONE, 4.0))
    found = actuals(rows, "USD", TODAY)
    assert found.paid[2:4].tolist() == [7.0, 4.0]


def test_a_seller_without_any_bill_is_told_to_be_priced():
    found = actuals(measured(("2026-04-05", NONE, 4.0)), "USD", TODAY)
    assert found.notices == ("actual cost of openai is priced, not billed",)


def test_a_month_that_the_exports_leave_is_missing_and_never_scaled():
    found, told = landed(whole_year(until="2026-10-20"), AHEAD, draws(), PROGRAM, TODAY)
    assert found.actual[9] == pytest.approx(2.0 * 20)
    assert found.missing == ("2026-10",)
    assert "no full cost of 2026-10" in told[-1]


def test_months_before_the_exports_and_beyond_the_run_are_missing():
    found, _ = landed(
        measured(("2026-09-01", 5.0, NONE), ("2026-10-31", 5.0, NONE)), AHEAD[:1], draws()[:, :1], PROGRAM, TODAY
    )
    assert found.missing == (*(f"2026-{m:02d}" for m in range(1, 9)), "2026-12")


def test_rows_of_other_years_and_of_months_ahead_are_no_actuals():
    rows = measured(("2025-12-31", 50.0, NONE), ("2026-10-01", 5.0, NONE), ("2026-11-02", 70.0, NONE))
    assert np.nansum(actuals(rows, "USD", TODAY).paid) == 5.0


def test_each_month_is_converted_at_its_own_mean_rate():
    fx = FxCurve(np.array(["2026-03-10", "2026-03-20", "2026-04-10"], dtype="datetime64[D]"), np.array([7.0, 7.2, 7.3]))
    rows = measured(("2026-03-05", 10.0, NONE), ("2026-04-05", 10.0, NONE), ("2026-05-05", 10.0, NONE))
    found = actuals(rows, "CNY", TODAY, fx)
    assert found.paid[2:5] == pytest.approx([71.0, 73.0, 73.0])
    assert "no rate in market/fx.csv for 2026-05" in found.notices[-1]


@pytest.mark.parametrize("currency", ["CNY", "EUR"])
def test_money_that_cannot_be_converted_makes_no_landing_and_says_why(currency):
    found, (told,) = landed(measured(("2026-03-05", 1.0, NONE), currency=currency), AHEAD, draws(), PROGRAM, TODAY)
    assert found is None
    assert f"no landing of the year: cannot turn {currency} into USD" in told


def test_exports_without_money_or_rows_make_no_landing_and_no_exports_say_nothing():
    found, told = landed(measured(("2026-03-05", NONE, NONE)), AHEAD, draws(), PROGRAM, TODAY)
    assert (found, told) == (None, ("no landing of the year: the usage exports carry no cost for 2026",))
    assert landed(measured(), AHEAD, draws(), PROGRAM, TODAY)[0] is None
    assert landed(None, AHEAD, draws(), PROGRAM, TODAY) == (None, ())


def test_another_plan_lands_on_the_same_actuals():
    first, _ = landed(whole_year(until="2026-10-20"), AHEAD, draws(), PROGRAM, TODAY)
    cheaper = draws(mean=50.0)
    again = landed_again(first, AHEAD, cheaper, PROGRAM)
    whole, _ = landed(whole_year(until="2026-10-20"), AHEAD, cheaper, PROGRAM, TODAY)
    assert to_plain(again) == to_plain(whole)


def test_in_december_nothing_is_left_to_expect():
    today = np.datetime64("2026-12-31")
    ahead = AHEAD[2:]
    found, _ = landed(whole_year(until="2026-12-31"), ahead, draws()[:, 2:], PROGRAM, today)
    assert found.low == found.mean == found.high == pytest.approx(730.0)
    assert np.isnan(found.expected).all()


def test_a_landing_survives_being_written_down():
    found, _ = landed(whole_year(until="2026-10-20"), AHEAD, draws(), PROGRAM, TODAY)
    back = from_plain(Landing, json.loads(json.dumps(to_plain(found))))
    assert to_plain(back) == to_plain(found)


def test_a_holiday_and_a_weekend_without_rows_at_the_edge_leave_a_month_whole():
    days = np.arange("2026-01-03", "2026-10-29", dtype="datetime64[D]")
    found, _ = landed(measured(*((str(day), 2.0, NONE) for day in days)), AHEAD, draws(), PROGRAM, TODAY)
    assert found.missing == ()
    late = measured(*((str(day), 2.0, NONE) for day in days[3:]))
    assert landed(late, AHEAD, draws(), PROGRAM, TODAY)[0].missing == ("2026-01",)
