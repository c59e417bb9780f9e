import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec
from hedgedesk.domain.venue import Holidays, LastTradingDay
from hedgedesk.market.calendar import TradingCalendar, trading_calendar
from hedgedesk.market.contracts import (
    contracts_for,
    cover_share,
    covering_months,
    delivery_months,
    futures_contract,
    last_trading_day,
)


def months(first, last):
    return np.arange(first, last, dtype="datetime64[M]")


def test_without_quotes_the_template_says_which_months_are_listed(small_market):
    listed = delivery_months(small_market)
    assert [str(m) for m in listed] == ["2026-12", "2027-02", "2027-04", "2027-06", "2027-08", "2027-10"]


def test_quotes_beat_the_template(quoted_market):
    assert [str(m) for m in delivery_months(quoted_market)][-1] == "2027-10"
    fewer = dataclasses.replace(
        quoted_market.futures,
        delivery_months=quoted_market.futures.delivery_months[:2],
        settlement_per_mtok=quoted_market.futures.settlement_per_mtok[:, :2],
    )
    market = dataclasses.replace(quoted_market, futures=fewer)
    assert [str(m) for m in delivery_months(market)] == ["2026-12", "2027-02"]


def test_a_contract_in_its_last_month_covers_nothing_ahead(quoted_market):
    old = np.insert(quoted_market.futures.delivery_months, 0, np.datetime64("2026-10"))
    prices = np.insert(quoted_market.futures.settlement_per_mtok, 0, 9.5, axis=1)
    futures = dataclasses.replace(quoted_market.futures, delivery_months=old, settlement_per_mtok=prices)
    market = dataclasses.replace(quoted_market, futures=futures)
    assert str(delivery_months(market)[0]) == "2026-12"


def test_contracts_past_the_one_that_reaches_the_last_month_are_left_out(small_market):
    contracts = contracts_for(small_market, months("2026-11", "2027-02"))
    assert [c.code for c in contracts] == ["2026-12", "2027-02"]
    assert str(contracts[0].last_trading_day) == "2026-12-31"


def test_a_contract_covers_the_months_after_the_previous_one_in_proportion_to_open_volume():
    share = cover_share(months("2026-12", "2027-01"), months("2026-11", "2027-01"), np.array([100.0, 300.0]))
    assert share.tolist() == [[0.25, 0.75]]
    two = np.array(["2026-12", "2027-02"], dtype="datetime64[M]")
    share = cover_share(two, months("2026-11", "2027-04"), np.array([1.0, 1.0, 0.0, 5.0, 9.0]))
    assert share.tolist() == [[0.5, 0.5, 0, 0, 0], [0, 0, 0.0, 1.0, 0]]


def test_where_nothing_is_open_the_months_share_equally():
    share = cover_share(months("2026-12", "2027-01"), months("2026-11", "2027-01"), np.zeros(2))
    assert share.tolist() == [[0.5, 0.5]]
    assert share.sum() == pytest.approx(1.0)


FREIGHT = ContractSpec("CNY", 50.0, calendar="cn_exchange", last_day=LastTradingDay(weekday="monday"))


@pytest.mark.parametrize(
    ("rule", "month", "day"),
    [
        (LastTradingDay(weekday="monday"), "2026-08", "2026-08-31"),
        # The last Monday of February 2026 is the last day of the Spring Festival's holidays.
        (LastTradingDay(weekday="monday"), "2026-02", "2026-02-09"),
        (LastTradingDay(), "2026-02", "2026-02-27"),
        (LastTradingDay(1), "2026-10", "2026-10-08"),
        # The third Friday of June 2026 is the Dragon Boat Festival.
        (LastTradingDay(3, "friday"), "2026-06", "2026-06-26"),
        (LastTradingDay(3, "friday", closed="before"), "2026-06", "2026-06-18"),
        (LastTradingDay(-1, "monday", closed="before"), "2026-02", "2026-02-13"),
        (LastTradingDay(trading_days_before=3), "2026-02", "2026-02-24"),
    ],
)
def test_the_last_trading_day_is_the_one_that_the_rule_means_among_trading_days(rule, month, day):
    spec = dataclasses.replace(FREIGHT, last_day=rule)
    china = trading_calendar("cn_exchange", 2026, 2026)
    assert str(last_trading_day(spec, np.datetime64(month), china)) == day


def test_without_a_rule_it_is_the_months_last_trading_day_and_of_weekdays_the_months_last_day():
    china = trading_calendar("cn_exchange", 2026, 2026)
    spec = dataclasses.replace(FREIGHT, last_day=None)
    assert str(last_trading_day(spec, np.datetime64("2026-01"), china)) == "2026-01-30"
    plain = ContractSpec("CNY", 50.0)
    assert str(last_trading_day(plain, np.datetime64("2026-01"), TradingCalendar())) == "2026-01-31"


def test_a_month_without_a_day_that_fits_is_an_error_that_says_so():
    spec = dataclasses.replace(FREIGHT, last_day=LastTradingDay(4, "monday"))
    with pytest.raises(InputError, match="2026-02 has 2 days that fit"):
        last_trading_day(spec, np.datetime64("2026-02"), trading_calendar("cn_exchange", 2026, 2026))


def test_margin_steps_and_the_nearby_month_are_counted_in_trading_days():
    # The last Monday of October 2026 is the 26th; seven trading days earlier is the 15th. The holidays of the first
    # week do not reach there, those of February before the 9th do not either: before 2 March 2026 they do.
    contract = futures_contract(FREIGHT, np.datetime64("2026-10"), trading_calendar("cn_exchange", 2026, 2026))
    assert [str(day) for day in contract.margin_from] == ["2026-10-14", "2026-10-21"]
    assert str(contract.nearby_from) == "2026-10-15"
    march = dataclasses.replace(FREIGHT, last_day=LastTradingDay(1))
    contract = futures_contract(march, np.datetime64("2026-03"), trading_calendar("cn_exchange", 2026, 2026))
    assert str(contract.last_trading_day) == "2026-03-02"
    # 27, 26, 25, 24 February, then 13, 12 and 11 before the festival, and booked the day before.
    assert [str(day) for day in contract.margin_from] == ["2026-02-10", "2026-02-25"]


def with_calendar(market, holidays=None):
    spec = dataclasses.replace(market.contract, calendar="cn_exchange", last_day=LastTradingDay(weekday="monday"))
    return dataclasses.replace(market, contract=spec, holidays=holidays)


def test_a_contract_in_a_year_whose_holidays_nobody_has_named_is_an_error_with_its_cure(small_market):
    market = with_calendar(small_market)
    assert [c.code for c in contracts_for(market, months("2026-11", "2027-01"))] == ["2026-12"]
    with pytest.raises(InputError) as refused:
        contracts_for(market, months("2026-11", "2027-03"))
    (fault,) = refused.value.faults
    assert (fault.file, fault.column) == ("market/contract.toml", "calendar")
    assert "2027" in fault.found
    assert "market/holidays.csv" in fault.expected
    assert [str(month) for month in covering_months(market, months("2026-11", "2027-03"))] == ["2026-12", "2027-02"]


def test_holidays_that_the_desk_names_are_no_last_trading_days(small_market):
    named = Holidays(("cn_exchange",), np.array(["2027-02-22"], dtype="datetime64[D]"), ("assumed",))
    contracts = contracts_for(with_calendar(small_market, named), months("2026-11", "2027-03"))
    assert [str(c.last_trading_day) for c in contracts] == ["2026-12-28", "2027-02-15"]
