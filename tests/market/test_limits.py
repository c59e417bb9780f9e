import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.venue import OpeningLimit, QuotaWindows
from hedgedesk.market.calendar import TradingCalendar
from hedgedesk.market.limits import (
    limit_on,
    limit_to_expiry,
    most_opened,
    must_report,
    nearby_from,
    opening_banned,
    opening_breaches,
)

EARLY, LATE = np.datetime64("2026-12-01"), np.datetime64("2027-02-12")
SPEC = ContractSpec("CNY", 50.0, position_limit=500.0, quota_windows=QuotaWindows(7, 200.0))


def contract(**terms):
    return FuturesContract(dataclasses.replace(SPEC, **terms), np.datetime64("2027-02"), np.datetime64("2027-02-22"))


def test_the_nearby_month_begins_on_the_7th_trading_day_before_the_last():
    assert nearby_from(contract()) == np.datetime64("2027-02-11")
    festival = dataclasses.replace(contract(), nearby_from=np.datetime64("2027-02-03"))
    assert nearby_from(festival) == np.datetime64("2027-02-03")


@pytest.mark.parametrize(
    ("day", "quota", "nearby_quota", "lots", "rule"),
    [
        (EARLY, None, None, 500.0, "position_limit"),
        (LATE, None, None, 200.0, "nearby_limit"),
        (EARLY, 900.0, None, 900.0, "quota"),
        (LATE, 900.0, None, 200.0, "nearby_limit"),
        (LATE, 150.0, None, 150.0, "quota"),
        (LATE, 900.0, 600.0, 600.0, "nearby_quota"),
        (EARLY, 100.0, 600.0, 100.0, "quota"),
    ],
)
def test_a_quota_stands_for_the_limit_and_near_expiry_the_smaller_of_both_rules(day, quota, nearby_quota, lots, rule):
    held = limit_on(contract(), day, quota=quota, nearby_quota=nearby_quota)
    assert (held.lots, held.rule) == (lots, rule)


def test_a_position_held_to_settlement_must_keep_the_tightest_limit_ahead():
    assert limit_to_expiry(contract(), EARLY, quota=900.0).lots == 200.0
    assert limit_to_expiry(contract(), EARLY, quota=900.0).since == np.datetime64("2027-02-11")
    assert limit_to_expiry(contract(), EARLY, quota=100.0, nearby_quota=600.0).lots == 100.0
    assert limit_to_expiry(contract(), LATE, quota=100.0, nearby_quota=600.0).lots == 600.0


def test_lots_of_accounts_under_common_control_use_up_the_limit_where_they_are_added():
    assert limit_on(contract(), EARLY, common_control_lots=-120.0).lots == 380.0
    assert limit_on(contract(), EARLY, common_control_lots=900.0).lots == 0.0
    assert limit_on(contract(aggregation=False), EARLY, common_control_lots=900.0).lots == 500.0


def test_where_nothing_is_stated_nothing_limits():
    free = contract(position_limit=None, quota_windows=QuotaWindows())
    assert limit_on(free, EARLY) is None
    assert limit_to_expiry(free, EARLY) is None
    assert not must_report(free, EARLY, 1e9)
    assert limit_to_expiry(free, EARLY, quota=50.0).lots == 50.0


def test_a_large_trader_reports_at_the_limit_and_an_intermediary_at_60_percent():
    assert not must_report(contract(), EARLY, 499.0)
    assert must_report(contract(), EARLY, -500.0)
    assert must_report(contract(), EARLY, 300.0, intermediary=True)
    assert must_report(contract(report_share=0.5), EARLY, 250.0)
    assert not must_report(contract(report_share=None), EARLY, 500.0)


def test_openings_are_limited_by_the_day_unless_hedging_is_exempt():
    spec = contract(opening_limit=OpeningLimit(200.0)).spec
    assert most_opened(spec, 5) == 1_000.0
    assert most_opened(spec, 5, hedging=True) is None
    assert most_opened(contract(opening_limit=OpeningLimit(200.0, hedging_exempt=False)).spec, hedging=True) == 200.0
    assert most_opened(SPEC) is None


def test_a_breach_bans_opening_for_at_least_three_trading_days():
    spec = contract(opening_limit=OpeningLimit(200.0)).spec
    friday = np.datetime64("2026-11-20")
    opened = {friday: 201.0, np.datetime64("2026-11-23"): 200.0}
    assert list(opening_breaches(spec, opened)) == [friday]
    assert list(opening_breaches(spec, opened, hedging=True)) == []
    banned = opening_banned(spec, TradingCalendar(), friday)
    assert [str(day) for day in banned] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert opening_banned(SPEC, TradingCalendar(), friday).size == 0
