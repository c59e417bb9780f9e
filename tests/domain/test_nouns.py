import dataclasses
import json
import pickle

import numpy as np
import pytest

from hedgedesk.domain.errors import CurrencyMismatch, Fault, Infeasible, InputError, Shortfall
from hedgedesk.domain.market import (
    ContractSpec,
    ForwardCurve,
    FuturesContract,
    FuturesHistory,
    FxCurve,
    ListPrices,
    MarketSnapshot,
    TokenIndex,
    fx_factor,
)
from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.values import from_plain, to_plain

DAYS = np.array(["2026-01-02", "2026-01-09"], dtype="datetime64[D]")
MONTHS = np.array(["2026-02", "2026-04"], dtype="datetime64[M]")


@pytest.fixture
def curve():
    return ForwardCurve(DAYS[1], "CNY", MONTHS, np.array([9.0, 8.5]))


def test_an_array_holder_copies_and_locks_its_arrays():
    prices = np.array([9.0, 8.5])
    curve = ForwardCurve(DAYS[1], "CNY", MONTHS, prices)
    prices[0] = 1.0
    assert curve.price_per_mtok[0] == 9.0
    with pytest.raises(ValueError, match="read-only"):
        curve.price_per_mtok[0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        curve.currency = "USD"


def test_it_stays_locked_through_a_pickle(curve):
    back = pickle.loads(pickle.dumps(curve))
    assert not back.price_per_mtok.flags.writeable
    assert np.array_equal(back.price_per_mtok, curve.price_per_mtok)


def test_a_noun_written_as_plain_text_is_read_back_the_same(curve):
    back = from_plain(ForwardCurve, json.loads(json.dumps(to_plain(curve))))
    assert back.delivery_months.dtype == curve.delivery_months.dtype
    assert np.array_equal(back.delivery_months, curve.delivery_months)
    assert back.as_of == curve.as_of
    contract = FuturesContract(ContractSpec("CNY", 50.0, terms={"hours": "day"}), MONTHS[0], DAYS[1])
    assert from_plain(FuturesContract, json.loads(json.dumps(to_plain(contract)))) == contract


def test_what_is_not_a_number_is_written_as_nothing_and_read_back_as_not_a_number():
    futures = FuturesHistory("CNY", DAYS, MONTHS, np.array([[9.0, np.nan], [9.1, 8.7]]))
    plain = to_plain(futures)
    assert plain["settlement_per_mtok"][0] == [9.0, None]
    assert np.isnan(from_plain(FuturesHistory, plain).settlement_per_mtok[0, 1])
    assert to_plain(float("inf")) == "inf"


@pytest.mark.parametrize(
    "make",
    [
        lambda: TokenIndex("i", "CNY", DAYS, np.array([1.0])),
        lambda: TokenIndex("i", "CNY", DAYS[::-1], np.array([1.0, 2.0])),
        lambda: TokenIndex("i", "CNY", DAYS, np.array([1.0, 0.0])),
        lambda: ForwardCurve(DAYS[0], "CNY", MONTHS, np.array([1.0])),
        lambda: ForwardCurve(DAYS[0], "CNY", MONTHS[::-1], np.array([1.0, 2.0])),
        lambda: ForwardCurve(DAYS[0], "CNY", MONTHS, np.array([1.0, -2.0])),
        lambda: FuturesHistory("CNY", DAYS, MONTHS, np.array([[1.0, 2.0]])),
        lambda: FuturesHistory("CNY", DAYS[::-1], MONTHS, np.ones((2, 2))),
        lambda: FuturesHistory("CNY", DAYS, MONTHS, -np.ones((2, 2))),
        lambda: FxCurve(DAYS, np.array([7.0, 0.0])),
        lambda: FxCurve(DAYS[::-1], np.array([7.0, 7.0])),
        lambda: FxCurve(DAYS, np.array([7.0])),
        lambda: ListPrices("USD", DAYS, ("a",), ("m", "m"), ("output", "output"), np.ones(2)),
    ],
)
def test_facts_that_contradict_themselves_cannot_be_made(make):
    with pytest.raises(ValueError, match=r"must|needs?"):
        make()


def test_a_day_where_a_month_belongs_is_refused():
    with pytest.raises(TypeError, match=r"datetime64\[M\]"):
        ForwardCurve(DAYS[0], "CNY", DAYS, np.array([1.0, 2.0]))


def test_one_market_has_one_currency():
    index = TokenIndex("i", "CNY", DAYS, np.array([1.0, 2.0]))
    with pytest.raises(CurrencyMismatch, match="CNY, USD"):
        MarketSnapshot(index, ContractSpec("USD", 50.0))


def test_today_is_the_newest_date_of_index_and_futures():
    index = TokenIndex("i", "CNY", DAYS, np.array([1.0, 2.0]))
    later = FuturesHistory("CNY", DAYS + np.timedelta64(3, "D"), MONTHS, np.array([[9.0, 8.0], [9.1, np.nan]]))
    market = MarketSnapshot(index, ContractSpec("CNY", 50.0), later)
    assert str(market.as_of) == "2026-01-12"
    assert [str(m) for m in market.curve.delivery_months] == ["2026-02"]
    assert MarketSnapshot(index, ContractSpec("CNY", 50.0)).curve is None


def test_currencies_meet_only_with_a_rate():
    assert fx_factor(None, "CNY", "CNY") == 1.0
    assert fx_factor(7.0, "USD", "CNY") == 7.0
    assert fx_factor(7.0, "CNY", "USD") == pytest.approx(1 / 7)
    for rate, pair in ((None, ("CNY", "USD")), (7.0, ("CNY", "EUR"))):
        with pytest.raises(CurrencyMismatch, match=r"fx\.csv"):
            fx_factor(rate, *pair)


def test_three_lots_of_50_mtok_at_20_are_3000():
    contract = FuturesContract(ContractSpec("CNY", 50.0), MONTHS[0], DAYS[1])
    assert contract.mtok(3) == 150.0
    assert contract.notional(3, 20.0) == 3_000.0
    assert contract.code == "2026-02"


def test_every_setting_out_of_range_is_named_at_once():
    with pytest.raises(InputError) as raised:
        RunSettings(scenarios=10, seed=-1, price_volume_correlation=2.0, block_size=True, drift=99, volatility=0)
    assert {fault.column for fault in raised.value.faults} == {
        "scenarios", "seed", "price_volume_correlation", "block_size", "drift", "volatility",
    }  # fmt: skip


def test_a_fault_reads_as_file_row_column_found_expected():
    fault = Fault("market/index.csv", 7, "date", "'31/31/2026'", "a date such as 2026-01-31")
    assert str(fault) == "market/index.csv:7:date: found '31/31/2026'; expected a date such as 2026-01-31"
    assert str(Fault("a.csv", None, None, "nothing", "rows")) == "a.csv: found nothing; expected rows"


def test_an_infeasible_programme_tells_each_rule_and_its_gap():
    error = Infeasible("no plan", [Shortfall("credit line", 100.0, 150.0, "USD")])
    assert "credit line: set at 100, would have to be 150 USD (50 more)" in str(error)


def test_budget_and_bands_answer_for_months():
    program = HedgeProgram("USD", budget_by_month={"2026-02": 5.0, "2026-04": 7.0}, bands=(Band(2, 3, 0.1, 0.2),))
    assert program.total_budget(MONTHS) == 12.0
    assert program.total_budget(MONTHS + np.timedelta64(1, "M")) is None
    assert program.band(1) is None
    assert program.band(3) == Band(2, 3, 0.1, 0.2)
    assert HedgeProgram("USD", budget=9.0).total_budget(MONTHS) == 9.0
