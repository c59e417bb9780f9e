"""Today's curve by month, contracts and holidays."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.domain.venue import Fees, Holidays, LastTradingDay, OpeningLimit


def curve(*delivered):
    months = np.array(delivered, dtype="datetime64[M]")
    return ForwardCurve(np.datetime64("2026-11-20"), "CNY", months, 10.0 + np.arange(months.size))


def test_a_month_costs_what_the_first_contract_in_it_or_after_it_costs():
    months = np.arange("2026-12", "2027-07", dtype="datetime64[M]")
    found = curve("2027-01", "2027-03", "2027-05").price_of(months)
    assert found.tolist() == [10.0, 10.0, 11.0, 11.0, 12.0, 12.0, 12.0]


def test_without_a_contract_no_month_has_a_price():
    assert np.isnan(curve().price_of(np.arange("2026-12", "2027-03", dtype="datetime64[M]"))).all()


def test_a_contract_comes_back_from_plain_text_with_its_rules_and_days():
    spec = ContractSpec(
        "CNY",
        50.0,
        price_limit=None,
        calendar="cn_exchange",
        last_day=LastTradingDay(weekday="monday"),
        fees=Fees(0.00001),
        opening_limit=OpeningLimit(200.0),
    )
    days = (np.datetime64("2027-02-02"), np.datetime64("2027-02-17"))
    contract = FuturesContract(spec, np.datetime64("2027-02"), np.datetime64("2027-02-22"), days, days[1])
    assert from_plain(FuturesContract, json.loads(json.dumps(to_plain(contract)))) == contract


def test_a_contract_that_was_kept_before_there_were_calendars_is_still_read():
    now = to_plain(FuturesContract(ContractSpec("CNY", 50.0), np.datetime64("2027-02"), np.datetime64("2027-02-28")))
    then = {name: value for name, value in now.items() if name not in ("margin_from", "nearby_from")}
    then["spec"] = {name: value for name, value in now["spec"].items() if name in ("currency", "multiplier", "unit")}
    assert from_plain(FuturesContract, then) == from_plain(FuturesContract, now)


def test_holidays_are_told_by_calendar_each_once_and_in_order():
    dates = np.array(["2027-10-01", "2027-02-08", "2027-02-08", "2027-07-05"], dtype="datetime64[D]")
    holidays = Holidays(("cn", "cn", "cn", "us"), dates, ("", "", "", ""))
    assert [str(day) for day in holidays.of("cn")] == ["2027-02-08", "2027-10-01"]
    assert holidays.of("jp").size == 0
    with pytest.raises(ValueError, match="a calendar, a date and a name each"):
        Holidays(("cn",), dates, ("",))
