import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.venue import Holidays
from hedgedesk.market.calendar import CALENDARS, WEEKDAYS, TradingCalendar, trading_calendar


def day(text):
    return np.datetime64(text)


def own(*rows):
    dates = np.array([date for _, date in rows], dtype="datetime64[D]")
    return Holidays(tuple(name for name, _ in rows), dates, ("",) * len(rows))


def test_the_spring_festival_and_the_national_day_are_no_trading_days_in_china():
    # State Council, Notice on public holidays of 2026: Spring Festival 15-23 February, National Day 1-7 October.
    china = trading_calendar("cn_exchange", 2026, 2026)
    february = china.of_month(np.datetime64("2026-02"))
    assert february[0] == day("2026-02-02")
    assert not np.isin(np.arange("2026-02-15", "2026-02-24", dtype="datetime64[D]"), february).any()
    assert china.count(day("2026-10-01"), day("2026-10-08")) == 1


def test_a_weekend_that_china_works_is_no_trading_day():
    china = trading_calendar("cn_exchange", 2026, 2026)
    assert not china.is_trading(np.array(["2026-02-14", "2026-02-28"], dtype="datetime64[D]")).any()


def test_independence_day_thanksgiving_and_good_friday_close_new_york():
    # In 2026 the fourth of July is a Saturday, kept on the Friday before.
    york = trading_calendar("us_exchange", 2026, 2028)
    closed = np.array(["2026-04-03", "2026-07-03", "2026-11-26", "2027-07-05", "2028-07-04"], dtype="datetime64[D]")
    assert not york.is_trading(closed).any()
    assert york.is_trading(closed + np.timedelta64(7, "D")).all()


@pytest.mark.parametrize("name", CALENDARS)
def test_every_named_calendar_knows_this_year_and_closes_on_new_year(name):
    calendar = trading_calendar(name, 2026, 2026)
    assert calendar.unknown == ()
    assert 240 <= calendar.count(day("2026-01-01"), day("2026-12-31")) <= 260
    assert not calendar.is_trading(np.array(["2026-01-01"], dtype="datetime64[D]")).any()


def test_a_year_that_nobody_has_announced_is_an_error_that_names_it_and_the_cure():
    china = trading_calendar("cn_exchange", 2026, 2028)
    assert china.unknown == (2027, 2028)
    with pytest.raises(InputError) as refused:
        china.of_month(np.datetime64("2027-03"))
    (fault,) = refused.value.faults
    assert fault.found == "cn_exchange: its holidays of 2027 are not known"
    assert "market/holidays.csv: calendar, date, name" in fault.expected
    # A walk that only ends in such a year is refused too.
    with pytest.raises(InputError, match="2027"):
        china.after(day("2026-12-31"), 1)
    with pytest.raises(InputError, match="2027"):
        china.count(day("2026-12-30"), day("2027-01-04"))


def test_a_day_that_the_user_names_makes_its_year_known_and_adds_to_a_known_one():
    named = own(("cn_exchange", "2027-02-08"), ("cn_exchange", "2026-12-01"), ("other", "2028-01-03"))
    china = trading_calendar("cn_exchange", 2026, 2028, named)
    assert china.unknown == (2028,)
    assert china.count(day("2026-11-30"), day("2026-12-02")) == 2
    assert china.before(day("2027-02-09"), 1) == day("2027-02-05")


def test_a_calendar_of_the_users_own_knows_only_the_years_that_it_names():
    mine = trading_calendar("my_bank", 2026, 2027, own(("my_bank", "2026-12-25")))
    assert mine.unknown == (2027,)
    assert mine.after(day("2026-12-24"), 1) == day("2026-12-28")
    with pytest.raises(InputError, match="one of cn_exchange"):
        mine.of_month(np.datetime64("2027-01"))


@pytest.mark.parametrize("name", [None, WEEKDAYS])
def test_without_a_calendar_every_weekday_trades_in_every_year(name):
    weekdays = trading_calendar(name, 2026, 2199)
    assert weekdays == TradingCalendar()
    assert weekdays.count(day("2101-01-01"), day("2101-01-31")) == 21
    assert weekdays.count(day("2026-11-03"), day("2026-11-02")) == 0


def test_a_day_without_trading_counts_as_the_next_when_going_back_and_as_the_last_when_going_on():
    weekdays = TradingCalendar()
    assert weekdays.before(day("2026-11-22"), 1) == day("2026-11-20")
    assert weekdays.after(day("2026-11-22"), 1) == day("2026-11-23")


def test_years_far_away_are_unknown_and_no_failure_of_the_package():
    assert trading_calendar("us_exchange", 2199, 2300).unknown == tuple(range(2201, 2301))
