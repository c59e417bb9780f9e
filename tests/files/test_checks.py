"""What the files of a desk must agree on."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import CurrencyMismatch, InputError, MissingMonths
from hedgedesk.files import read_book, read_desk

BOOK = "trade_date,contract,lots,price_usd_per_mtok\n"


@pytest.fixture
def edit(desk_folder, write):
    """Replace a text in a file of the desk."""

    def replace(name, old, new):
        text = (desk_folder / name).read_text(encoding="utf-8")
        assert old in text
        write(name, text.replace(old, new))

    return replace


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-10,m,output,1\n2026-11,m,output,1\n", "months 2026-10 to 2026-11"),
        ("2027-01,m,output,1\n2027-02,m,output,1\n", "months 2027-01 to 2027-02"),
    ],
)
def test_the_month_after_the_newest_market_date_must_be_forecast(write, desk_folder, text, found):
    write("consumption.csv", "month,model,meter,mtok\n" + text)
    write("book.csv", None)
    with pytest.raises(MissingMonths) as refused:
        read_desk(desk_folder)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column, fault.found) == ("consumption.csv", None, "month", found)
    assert fault.expected == "2026-12 among them: the month after the newest market date, 2026-11-20"


@pytest.mark.parametrize(
    ("currency", "with_fx", "expected"),
    [
        ("CNY", False, "USD, the contract's, or a file market/fx.csv to convert"),
        ("EUR", True, "USD, the contract's: only CNY and USD can be converted"),
    ],
)
def test_a_program_in_another_currency_needs_a_way_to_convert(write, edit, desk_folder, currency, with_fx, expected):
    edit("program.toml", "USD", currency)
    write("commitments.csv", None)
    if not with_fx:
        write("market/fx.csv", None)
    with pytest.raises(CurrencyMismatch) as refused:
        read_desk(desk_folder)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column, fault.found) == ("program.toml", 1, "currency", currency)
    assert fault.expected == expected


def test_with_a_currency_file_yuan_and_dollars_go_together(edit, desk_folder):
    edit("program.toml", "USD", "CNY")
    assert read_desk(desk_folder).program.currency == "CNY"


@pytest.mark.parametrize("currency", ["cny", "eur"])
def test_commitments_in_another_currency_need_one_too(write, edit, desk_folder, faults_of, currency):
    edit("commitments.csv", "usd", currency)
    if currency == "cny":
        write("market/fx.csv", None)
    ((file, row, column, found, _),) = faults_of(read_desk, desk_folder)
    assert (file, row, column, found) == ("commitments.csv", 1, f"price_{currency}_per_mtok", currency.upper())


def test_the_book_is_in_the_currency_of_the_contract(edit, desk_folder, faults_of):
    edit("book.csv", "usd", "cny")
    assert faults_of(read_desk, desk_folder) == [
        ("book.csv", 1, "price_cny_per_mtok", "CNY", "USD, as market/contract.toml says")
    ]


def test_a_position_in_no_listed_contract_is_a_fault(write, desk_folder, faults_of):
    write("book.csv", BOOK + "2026-10-02,2027-01,3,3.9\n")
    assert faults_of(read_desk, desk_folder) == [
        ("book.csv", 2, "contract", "2027-01", "a listed contract: 2026-12, 2027-02")
    ]


def test_without_quotes_the_template_lists_the_contracts(write, desk_folder, faults_of):
    write("market/futures.csv", None)
    assert read_desk(desk_folder).book.positions
    write("book.csv", BOOK + "2026-10-02,2027-07,3,3.9\n")
    assert "2026-12, 2027-02" in faults_of(read_desk, desk_folder)[0][4]


def test_a_listed_position_beyond_the_forecast_is_set_aside_with_a_notice(write, desk_folder):
    write("market/futures.csv", None)
    write("book.csv", BOOK + "2026-10-02,2027-06,3,3.9\n2026-10-02,2027-02,1,3.9\n")
    desk = read_desk(desk_folder)
    assert [str(position.contract) for position in desk.book.positions] == ["2027-02"]
    assert "1 position(s) cover no month of the forecast" in desk.notices[0]


def test_quotes_older_than_the_index_are_noticed(write, desk_folder):
    rows = [
        line for line in (desk_folder / "market" / "futures.csv").read_text().splitlines() if "2026-11-20" not in line
    ]
    write("market/futures.csv", "\n".join(rows) + "\n")
    assert any("7 days older than the index" in notice for notice in read_desk(desk_folder).notices)


def test_a_trade_of_tomorrow_is_a_fault(write, desk_folder, faults_of):
    write("book.csv", BOOK + "2026-11-21,2027-02,3,3.9\n")
    assert faults_of(read_desk, desk_folder) == [
        ("book.csv", 2, "trade_date", "2026-11-21", "a day not after the newest market date, 2026-11-20")
    ]


def test_positions_delivered_up_to_this_month_are_set_aside_with_a_notice(write, desk_folder):
    path = write("book.csv", BOOK + "2026-08-02,2026-10,3,3.9\n2026-08-02,2026-11,3,3.9\n2026-08-02,2027-02,1,3.9\n")
    desk = read_desk(desk_folder)
    assert [str(position.contract) for position in desk.book.positions] == ["2027-02"]
    assert desk.notices == ("book.csv: 2 position(s) settled, set aside: delivered in 2026-11 or before",)
    assert len(read_book(path).positions) == 3


def test_a_budget_by_month_must_name_every_month_ahead(edit, desk_folder, faults_of):
    edit("program.toml", "budget = 2000.0", "budget = {2026-12 = 500, 2027-01 = -1}")
    assert faults_of(read_desk, desk_folder) == [
        ("program.toml", 2, "budget.2027-01", "-1", "an amount above 0"),
        ("program.toml", 2, "budget.2027-02", "no such key", "an amount for every month from 2026-12 to 2027-02"),
    ]


def test_limits_that_meet_no_contract_are_noticed(edit, desk_folder):
    edit("program.toml", "level = 0.95", "position_limit = {2027-01 = 5, 2027-02 = 6}")
    assert read_desk(desk_folder).notices == (
        "program.toml: position_limit names months that no contract is delivered in: 2027-01",
        "program.toml: position_limit leaves these contracts without a limit: 2026-12",
    )


def test_an_index_of_another_name_than_the_contracts_is_noticed(edit, desk_folder):
    edit("market/contract.toml", "multiplier", 'index = "other"\nmultiplier')
    assert read_desk(desk_folder).notices == (
        "market/index.csv: the history is of stu-usd, contract.toml settles on other",
    )


def test_a_calendar_that_does_not_know_a_contracts_year_is_a_fault_with_its_line_and_cure(edit, write, desk_folder):
    edit("market/contract.toml", '"weekdays"', '"cn_exchange"')
    with pytest.raises(InputError) as refused:
        read_desk(desk_folder)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column) == ("market/contract.toml", 6, "calendar")
    assert fault.found == "cn_exchange: its holidays of 2027 are not known"
    assert "in market/holidays.csv: calendar, date, name" in fault.expected
    write("market/holidays.csv", "calendar,date,name\ncn_exchange,2027-02-26,\n")
    assert read_desk(desk_folder).notices == ()


def test_a_calendar_that_nobody_knows_is_told_with_those_that_are_known(edit, desk_folder, faults_of):
    edit("market/contract.toml", '"weekdays"', '"lunar"')
    (told,) = faults_of(read_desk, desk_folder)
    assert told[3] == "lunar: its holidays of 2026, 2027 are not known"
    assert told[4].startswith("one of cn_exchange, us_exchange, us_futures, ice_us, weekdays, or ")


def test_other_faults_of_the_desk_are_told_beside_an_unknown_year(edit, desk_folder, faults_of):
    edit("market/contract.toml", '"weekdays"', '"cn_exchange"')
    edit("program.toml", "budget = 2000.0", "budget = {2026-12 = 500, 2027-01 = 600}")
    assert {column for _, _, column, _, _ in faults_of(read_desk, desk_folder)} == {"calendar", "budget.2027-02"}


def test_without_a_calendar_weekdays_count_and_it_is_told(edit, desk_folder):
    edit("market/contract.toml", 'calendar = "weekdays"\n', "")
    (notice,) = read_desk(desk_folder).notices
    assert notice == (
        "market/contract.toml: calendar: none is named, so weekdays count as trading days, holidays among them"
    )


def test_a_position_is_not_called_unlisted_where_the_quotes_are_faulty(edit, desk_folder):
    edit("market/futures.csv", ",2027-02,", ",2025-02,")
    with pytest.raises(InputError) as refused:
        read_desk(desk_folder)
    assert {fault.file for fault in refused.value.faults} == {"market/futures.csv"}
    assert [fault.found for fault in refused.value.faults] == ["2025-02", "2025-02"]


def test_a_tick_above_a_days_limit_is_told_with_one_that_would_do(edit, desk_folder):
    edit("market/contract.toml", "multiplier", "tick = 1.0\nmultiplier")
    (told,) = read_desk(desk_folder).notices
    assert told == (
        "market/contract.toml: tick: 1 points are 1 USD per Mtok, more than a day's limit of 0.1 x 3.9, so the price "
        "could never move; a tick below 0.39 points would be right"
    )


def test_a_contract_without_a_limit_has_no_tick_too_coarse(edit, desk_folder):
    edit("market/contract.toml", "multiplier", "tick = 1.0\nprice_limit = false\nmultiplier")
    assert read_desk(desk_folder).notices == ()
