"""The venue's rules in ``contract.toml``: as tables, as words for the record, and wrong."""

from __future__ import annotations

import pytest

from hedgedesk.domain.venue import Fees, LastTradingDay, LimitLock, OpeningLimit, QuotaWindows, SettlementRules
from hedgedesk.files import read_contract
from hedgedesk.files.contract import parse_contract
from hedgedesk.files.findings import FileFindings

BASE = 'currency = "CNY"\nmultiplier = 50\nunit = "stu"\n'
CALENDAR = 'calendar = "cn_exchange"\n'

TABLES = """
price_limit = {rate = 0.08, first_day_multiple = 1.5}
last_trading_day = {which = "third", weekday = "friday", trading_days_before = 1}
limit_locked = {d2_limit = 4, d2_margin = 1, d3_limit = 6, afterwards = "widened"}
fees = {turnover = 0.0006, per_lot = 2.5, day_close_free = true}
opening_limit_per_day = {lots = 200, hedging_exempt = false}
opening_breach = {ban_days = 5}
hedging_quota = {nearby_from = 10, nearby_limit = 120}
settlement_fallback = "last"
daily_settlement = {no_trades = "quotes"}
aggregation = false
large_trader_report = {share = 0.8}
"""


@pytest.fixture
def parsed(write):
    """Read a contract of the required keys, a calendar and more lines; the terms and the notices."""

    def read(lines, calendar=CALENDAR):
        report = FileFindings("contract.toml")
        spec = parse_contract(write("market/contract.toml", BASE + calendar + lines), report)
        assert report.listed() == []
        return spec, report.notices

    return read


def test_every_rule_can_be_said_as_a_table(parsed):
    spec, notices = parsed(TABLES)
    assert notices == []
    assert (spec.price_limit, spec.first_day_multiple) == (0.08, 1.5)
    assert spec.last_day == LastTradingDay(3, "friday", 1)
    assert spec.limit_lock == LimitLock(0.04, 0.01, 0.06, "widened")
    assert spec.fees == Fees(0.0006, 2.5, day_close_free=True)
    assert spec.opening_limit == OpeningLimit(200.0, hedging_exempt=False, ban_days=5)
    assert spec.quota_windows == QuotaWindows(10, 120.0)
    assert spec.settlement == SettlementRules("last", "quotes")
    assert (spec.aggregation, spec.report_share) == (False, 0.8)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("last futures-trading Monday of the delivery month", LastTradingDay(-1, "monday")),
        ("last Monday", LastTradingDay(-1, "monday", closed="before")),
        ("The third  Friday of the month", LastTradingDay(3, "friday", closed="before")),
        ("last trading day of the delivery month", LastTradingDay()),
        ("last business day", LastTradingDay()),
        ("first trading Wednesday of each month", LastTradingDay(1, "wednesday")),
    ],
)
def test_a_last_trading_day_can_be_said_in_words(parsed, words, rule):
    spec, notices = parsed(f'last_trading_day = "{words}"\n')
    assert (spec.last_day, notices) == (rule, [])
    assert "last_trading_day" not in spec.terms


def test_words_that_a_formula_cannot_use_are_kept_and_told_where_they_matter(parsed):
    spec, notices = parsed(
        'last_trading_day = "as the exchange says"\nfees = "0.001% of turnover"\nlimit_locked = "limit widens"\n'
        'hedging_quota = 1000\naggregation = "by group"\nlarge_trader_report = 400\n'
    )
    assert (spec.last_day, spec.fees, spec.limit_lock) == (None, Fees(), LimitLock())
    assert set(spec.terms) == {
        "last_trading_day",
        "fees",
        "limit_locked",
        "hedging_quota",
        "aggregation",
        "large_trader_report",
    }
    assert [notice.partition(":")[0] for notice in notices] == ["contract.toml"] * 2
    assert "it is the delivery month's last day" in notices[0]
    assert "none are charged" in notices[1]


def test_without_a_calendar_it_is_told_that_weekdays_count(parsed):
    spec, (notice,) = parsed("", calendar="")
    assert spec.calendar is None
    assert "weekdays count as trading days" in notice


def test_false_says_that_there_is_no_limit_and_no_report(parsed):
    spec, _ = parsed("price_limit = false\nlarge_trader_report = false\n")
    assert (spec.price_limit, spec.report_share) == (None, None)


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("calendar = 5", "calendar", "5", "a text in quotes"),
        (
            "last_trading_day = 5",
            "last_trading_day",
            "5",
            "a table of which, weekday, trading_days_before, closed, or a text",
        ),
        ('last_trading_day = {weekday = "sunday"}', "last_trading_day.weekday", "sunday", "one of monday, tuesday"),
        ("last_trading_day = {day = 25}", "last_trading_day.day", "an unknown key", "weekday (is that meant?)"),
        ("limit_locked = {d2_limit = -1}", "limit_locked.d2_limit", "-1", "percentage points from 0 to 90"),
        (
            "price_limit = 0.1\nlimit_locked = {d3_limit = 90}",
            "limit_locked.d3_limit",
            "90",
            "fewer than 90 percentage points",
        ),
        ("limit_locked = {d2_limit = 6}", "limit_locked.d3_limit", "5", "at least d2_limit, 6: limits widen"),
        ("fees = -1", "fees.turnover", "-1", "a share of a trade's value from 0 to 0.1"),
        ("fees = {per_lots = 1}", "fees.per_lots", "an unknown key", "per_lot (is that meant?)"),
        ("fees = {day_close_free = 1}", "fees.day_close_free", "1", "true or false"),
        ("opening_limit_per_day = -5", "opening_limit_per_day.lots", "-5", "lots of at least 0"),
        ("opening_limit_per_day = {hedging_exempt = true}", "opening_limit_per_day.lots", "no such key", "lots of"),
        ("opening_breach = {ban_days = 1.5}", "opening_breach.ban_days", "1.5", "a whole number of trading days"),
        ("hedging_quota = {nearby_from = 99}", "hedging_quota.nearby_from", "99", "a whole number of trading days"),
        ("settlement_fallback = 3", "settlement_fallback", "3", "a text, or one of exchange, last, published"),
        ('daily_settlement = {no_trades = "guess"}', "daily_settlement.no_trades", "guess", "one of previous, quotes"),
        ("large_trader_report = {share = 2}", "large_trader_report.share", "2", "a share from 0 to 1"),
        ("price_limit = {rate = 1}", "price_limit.rate", "1", "a rate above 0 and below 1"),
        ("price_limit = {rate = 0.12}", "price_limit", "0.12", "a limit below the first margin rate"),
        ("price_limit = {}\nprice_limits = 1", "price_limits", "an unknown key", "price_limit (is that meant?)"),
        ("price_limit = true", "price_limit", "true", "a rate above 0 and below 1"),
    ],
)
def test_a_faulty_rule_is_told_with_its_key(write, faults_of, line, column, found, expected):
    (told,) = faults_of(read_contract, write("market/contract.toml", BASE + line + "\n"))
    assert told[2:4] == (column, found)
    assert expected in told[4]
    assert told[1] in (4, 5)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("price_limit = true\nmargin_schedule = [{rate = 0.1}]", {"price_limit"}),
        ("price_limit = 0.3\nmargin_schedule = [{rate = 2}]", {"margin_schedule[1].rate"}),
        ("price_limit = 0.05\nlimit_locked = {d3_limit = 95}", {"limit_locked.d3_limit"}),
    ],
)
def test_a_faulty_rule_is_not_compared_with_the_others(write, faults_of, lines, told):
    found = faults_of(read_contract, write("market/contract.toml", BASE + lines + "\n"))
    assert {column for _, _, column, _, _ in found} == told


def test_all_faults_of_a_contract_are_told_at_once(write, faults_of):
    lines = "fees = -1\nopening_breach = {ban_days = -1}\nlimit_locked = {d2 = 1}\nmultiplier = 0\n"
    told = faults_of(read_contract, write("market/contract.toml", 'currency = "CNY"\nunit = "stu"\n' + lines))
    assert {column for _, _, column, _, _ in told} == {
        "fees.turnover",
        "opening_breach.ban_days",
        "limit_locked.d2",
        "multiplier",
    }
