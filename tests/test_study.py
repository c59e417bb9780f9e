"""The study of a desk's usage: the rooms of exposure composed, and money that adds up across them."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.domain.market import FxCurve, TokenIndex
from hedgedesk.domain.rates import Rates
from hedgedesk.domain.study import UsageStudy
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.domain.usage import MeasuredUsage, Usage, UsageFile, UsageKey
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.study import study, totals

STU = STANDARD_UNITS["stu"]
DAYS = np.arange("2026-05-01", "2026-09-11", dtype="datetime64[D]")
A, B = UsageKey("openai", "gpt-a", "search"), UsageKey("openai", "gpt-b", "support", tier="batch")
TAX = UsageKey("openai", "", item="tax")
GONE = float("nan")


class Book:
    name = "a book"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        price = 2.0 if model == "gpt-a" else 1.0
        half = 0.5 if tier == "batch" else 1.0
        return Rates(seller, model, price, 0.1 * price * half, price * half, 4 * price * half, 2 * price, tier=tier)


def usage(keys=(A, B, TAX), billed=True, days=DAYS) -> MeasuredUsage:
    """Two models every day, and a tax on the first of each month."""
    random = np.random.default_rng(2)
    n, m = days.size, len(keys)
    tokens = np.zeros((n, m, 4))
    tokens[:, 0] = np.array([8.0, 4.0, 0.0, 2.0]) * random.uniform(0.9, 1.1, (n, 1))
    if m > 1:
        tokens[:, 1] = np.array([5.0, 0.0, 0.0, 1.0]) * random.uniform(0.9, 1.1, (n, 1))
    priced = np.zeros((n, m))
    priced[:, 0] = tokens[:, 0] @ [2.0, 0.2, 2.0, 8.0]
    if m > 1:
        priced[:, 1] = tokens[:, 1] @ [0.5, 0.05, 0.5, 2.0]
    bill = 0.9 * priced
    if m > 2:
        bill[:, 2] = np.where(days == days.astype("datetime64[M]"), 3.0, 0.0)
        priced[:, 2] = GONE
    rows = n * m
    found = Usage(
        starts=np.repeat(days.astype("datetime64[s]"), m),
        keys=keys,
        key=np.tile(np.arange(m), n),
        tokens=tokens.reshape(rows, 4) * 1e6,
        cache_write_1h=np.zeros(rows),
        reasoning=np.zeros(rows),
        requests=np.full(rows, 5.0),
        billed=bill.reshape(rows) if billed else np.full(rows, GONE),
        listed=np.full(rows, GONE),
        priced=priced.reshape(rows),
    )
    return MeasuredUsage(found, (UsageFile("a.csv", "openai", "usage", rows, 0, "2026-05-01", "2026-09-10"),))


@pytest.fixture(scope="module")
def market(small_market):
    days = np.arange("2026-01-02", "2026-10-30", 7, dtype="datetime64[D]")
    index = TokenIndex("Test", "CNY", days, np.linspace(14.0, 10.0, days.size))
    fx = FxCurve(days, np.linspace(7.0, 7.2, days.size))
    return dataclasses.replace(small_market, index=index, fx=fx)


@pytest.fixture(scope="module")
def found(market) -> UsageStudy:
    return study(usage(), market, STU, "USD", book=Book(), months_ahead=2)


@pytest.fixture
def quick(monkeypatch):
    """Studies whose forecast is nobody's concern: it takes longer than all the rest."""
    monkeypatch.setattr("hedgedesk.study.forecast_use", lambda *_, **__: ())


def test_months_models_and_money_are_those_of_the_rows(found):
    rows = usage().usage
    assert [str(month) for month in found.months] == ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]
    assert found.models == ("gpt-a", "gpt-b", "")
    assert found.mtok.sum() == pytest.approx(rows.tokens.sum() / 1e6)
    assert found.cost.sum() == pytest.approx(rows.billed.sum())
    assert found.cost[:, 2].tolist() == [3.0] * 5
    assert found.reconciliation.billed == pytest.approx(found.cost.sum())
    assert (found.currency, found.unit) == ("USD", "stu")


def test_all_rooms_have_their_say(found):
    assert {forecast.model for forecast in found.forecasts} == {"gpt-a", "gpt-b"}
    assert [str(month) for month in found.forecasts[0].months] == ["2026-10", "2026-11"]
    assert [formula.model for formula in found.formulas] == ["gpt-a", "gpt-b"]
    assert {one.by for one in found.concentrations} >= {"seller", "model", "team", "region"}
    assert [ladder.month for ladder in found.ladders] == [str(month) for month in found.months]
    assert found.versions["prices"] == "a book"


def test_ladders_end_at_what_the_months_units_cost(found):
    for t, ladder in enumerate(found.ladders):
        paid = found.cost[t].sum() / found.standard_mtok[t].sum()
        steps = (ladder.list_vs_index, ladder.model_mix, ladder.unit_ratio, ladder.realised_vs_list)
        assert ladder.paid == pytest.approx(paid)
        assert ladder.index + sum(steps) == pytest.approx(paid)


@pytest.mark.usefixtures("quick")
def test_a_bill_far_from_the_index_is_told_because_a_plan_without_beta_costs_the_months_ahead_at_the_index(market):
    def told(factor: float) -> list[str]:
        index = dataclasses.replace(market.index, price_per_mtok=market.index.price_per_mtok * factor)
        made = study(usage(), dataclasses.replace(market, index=index), STU, "USD", book=Book(), months_ahead=1)
        last = made.ladders[-1]
        expected = f"{last.month} was paid at {last.paid / last.index:.2f} times the index"
        return [notice for notice in made.notices if notice.startswith(expected)]

    assert told(1.0) == []
    assert len(told(0.5)) == 1


def test_splits_lead_from_month_to_month_and_then_over_the_whole_and_leave_out_a_month_that_has_begun(found):
    spans = [(split.first, split.last) for split in found.splits]
    assert spans == [("2026-05", "2026-06"), ("2026-06", "2026-07"), ("2026-07", "2026-08"), ("2026-05", "2026-08")]
    for split in found.splits:
        assert sum(round(part * 100) for part in split.parts.values()) == round(split.after * 100) - round(
            split.before * 100
        )
    assert any("2026-09 has usage of a part of its days only" in notice for notice in found.notices)


def test_every_unit_keeps_the_money_of_the_bill_for_tokens(found):
    tokens = found.cost[:, :2].sum()
    assert found.units[0].unit == "stu"
    for view in found.units:
        if view.mtok:
            assert view.mtok * view.price == pytest.approx(tokens)
    assert found.units[0].mtok == pytest.approx(found.standard_mtok.sum())


def test_a_study_is_read_back_from_json_as_it_was_written(found):
    text = json.dumps(to_plain(found), allow_nan=False)
    assert json.dumps(to_plain(from_plain(UsageStudy, json.loads(text)))) == text


@pytest.mark.usefixtures("quick")
def test_money_in_another_currency_is_turned_month_by_month(market, found):
    told = study(usage(), market, STU, "CNY", book=Book(), months_ahead=1)
    rate = told.cost.sum(axis=1) / found.cost.sum(axis=1)
    assert told.currency == "CNY"
    assert np.all((rate > 7.0) & (rate < 7.2) & (np.diff(rate, prepend=7.0) > 0))
    assert told.splits[-1].parts["fx"] > 0
    assert told.splits[-1].before == pytest.approx(told.cost[0].sum(), abs=0.01)
    assert [one.ratio for one in told.formulas] == pytest.approx([one.ratio for one in found.formulas])


@pytest.mark.usefixtures("quick")
def test_without_rates_the_study_stays_in_the_currency_of_the_bill(market):
    closed = dataclasses.replace(market, fx=None)
    told = study(usage(), closed, STU, "CNY", book=Book(), months_ahead=1)
    assert (told.currency, told.ladders, told.formulas) == ("USD", (), ())
    assert any("no rates are known" in notice for notice in told.notices)
    assert any("no ladder from the index to the bill" in notice for notice in told.notices)


@pytest.mark.usefixtures("quick")
def test_without_a_market_there_is_no_ladder_but_all_else(market):
    told = study(usage(), None, STU, "USD", book=Book(), months_ahead=1)
    assert (told.ladders, told.splits, told.formulas) == ((), (), ())
    assert told.cost.sum() > 0


def test_exports_of_money_alone_have_nothing_to_forecast(market):
    whole = usage().usage
    bills = dataclasses.replace(usage(), usage=dataclasses.replace(whole, tokens=np.zeros_like(whole.tokens)))
    told = study(bills, market, STU, "USD", book=Book())
    assert told.forecasts == ()
    assert any("no tokens, so there is nothing to forecast" in notice for notice in told.notices)
    assert told.cost.sum() == pytest.approx(np.nansum(whole.billed))


def test_no_good_row_makes_an_empty_study(market):
    told = study(usage(days=DAYS[:0]), market, STU, "USD", book=Book())
    assert (told.months.size, told.forecasts, told.ladders, told.splits, told.units[0].price) == (0, (), (), (), None)


@pytest.mark.usefixtures("quick")
def test_progress_only_rises(market):
    told: list[float] = []
    study(usage(), market, STU, "USD", book=Book(), months_ahead=1, tick=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_totals_tell_which_prices_are_known_in_another_currency_only():
    whole = usage(keys=(A,)).usage
    unpriced = dataclasses.replace(whole, currency="CNY", priced=np.full(whole.starts.size, GONE))
    told = totals(dataclasses.replace(usage(), usage=unpriced), Book())
    assert (told["priced"], told["gap"]) == (None, pytest.approx(whole.billed.sum()))
    assert told["notices"] == ["gpt-a: prices are known in USD, and no rate into CNY: not priced"]
    assert totals(usage(), Book())["notices"] == []
