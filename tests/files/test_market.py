"""The market folder."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.files import market as module
from hedgedesk.files import read_market
from hedgedesk.files.folder import read_desk

INDEX = "date,index,price_usd_per_mtok\n2026-11-13,a,4\n"
FUTURES = "as_of,delivery_month,settlement_usd_per_mtok,volume\n2026-11-20,2027-02,4,1\n"
LIST = "effective_date,provider,model,meter,price_usd_per_mtok\n2026-06-01,p,m,output,5\n"
FX = "date,cny_per_usd\n2026-11-20,7\n"
DAY = "a date, YYYY-MM-DD"
TWO = f"{DAY} (the found one has two readings, or none)"


def test_the_index_is_put_in_the_order_of_time(write, desk_folder):
    write("market/index.csv", "price_usd_per_mtok;date\n3,9;20.11.2026\n4,1;13.11.2026\n")
    index = read_market(desk_folder / "market").index
    assert index.dates.tolist() == np.array(["2026-11-13", "2026-11-20"], dtype="datetime64[D]").tolist()
    assert index.price_per_mtok.tolist() == [4.1, 3.9]


def test_futures_become_a_panel_with_nan_where_nothing_was_settled(write, desk_folder):
    write("market/futures.csv", FUTURES + "2026-11-13,2026-12,5,\n")
    futures = read_market(desk_folder / "market").futures
    np.testing.assert_equal(futures.settlement_per_mtok, [[5.0, np.nan], [np.nan, 4.0]])
    assert str(futures.newest_curve().delivery_months[0]) == "2027-02"


def test_only_index_and_contract_are_required(write, desk_folder):
    for name in ("futures", "list_prices", "fx"):
        write(f"market/{name}.csv", None)
    market = read_market(desk_folder / "market")
    assert (market.futures, market.fx, market.list_prices, market.curve) == (None, None, None, None)


def test_the_index_has_the_name_of_the_file_else_of_the_contract(write, desk_folder):
    assert read_market(desk_folder / "market").index.name == "stu-usd"
    write("market/index.csv", "date,price_usd_per_mtok\n2026-11-20,4\n")
    assert read_market(desk_folder / "market").index.name == "token index"
    text = (desk_folder / "market/contract.toml").read_text(encoding="utf-8")
    write("market/contract.toml", text + 'index = "ours"\n')
    assert read_market(str(desk_folder / "market")).index.name == "ours"


@pytest.mark.parametrize(
    ("name", "text", "row", "column", "found", "expected"),
    [
        ("index", INDEX + "2026-11-20,a,0", 3, "price_usd_per_mtok", "0", "a price above 0"),
        ("index", INDEX + "2026-11-20,a,-1", 3, "price_usd_per_mtok", "-1", "a price above 0"),
        ("index", INDEX + "2026-11-20,a,", 3, "price_usd_per_mtok", "an empty cell", "a price above 0"),
        ("index", INDEX + "yesterday,a,4", 3, "date", "yesterday", DAY),
        ("index", INDEX + "03/04/2026,a,4", 3, "date", "03/04/2026", TWO),
        ("index", INDEX + "2026-02-30,a,4", 3, "date", "2026-02-30", DAY),
        ("index", INDEX + "2026-11-13,a,4", 3, "date", "2026-11-13 again (first in line 2)", "each date once"),
        ("index", INDEX + "2026-11-20,b,4", 3, "index", "b", "a in every row: one index is supported so far"),
        (
            "futures",
            FUTURES + "2026-11-20,2026-10,4,1",
            3,
            "delivery_month",
            "2026-10",
            "a month not before its as_of, 2026-11-20",
        ),
        (
            "futures",
            FUTURES + "2026-11-20,2027-02,5,1",
            3,
            "delivery_month",
            "2026-11-20 2027-02 again (first in line 2)",
            "each as_of and delivery_month once",
        ),
        ("futures", FUTURES + "2026-11-20,2027-04,x,1", 3, "settlement_usd_per_mtok", "x", "a price above 0"),
        ("futures", FUTURES + "2026-11-20,2027-04,5,-1", 3, "volume", "-1", "a number of at least 0, or nothing"),
        ("list_prices", LIST + "2026-06-02,p,m,output,-1", 3, "price_usd_per_mtok", "-1", "a price of at least 0"),
        ("fx", FX + "2026-11-21,0", 3, "cny_per_usd", "0", "a rate above 0, CNY per USD"),
        (
            "fx",
            "date,usd_per_cny\n2026-11-21,0.14",
            1,
            "cny_per_usd",
            "no such column",
            "a column cny_per_usd",
        ),
    ],
)
def test_a_fault_is_told_under_the_folder_with_line_and_column(
    write, desk_folder, faults_of, name, text, row, column, found, expected
):
    write(f"market/{name}.csv", text)
    assert faults_of(read_market, desk_folder / "market") == [(f"market/{name}.csv", row, column, found, expected)]


def test_of_two_list_prices_of_one_day_the_later_stands_and_is_told(write, desk_folder):
    # A real catalogue: a model is listed as free and priced two hours later.
    write("market/list_prices.csv", LIST + "2026-06-01,p,m,output,0\n2026-06-01,p,m,output,3.2\n")
    inputs = read_desk(desk_folder)
    assert inputs.market.list_prices.price_per_mtok.tolist() == [3.2]
    (told,) = [notice for notice in inputs.notices if "list_prices" in notice]
    assert "2 row(s) replaced by a later one of the same day (line 2 by line 4): the last stands" in told


@pytest.mark.parametrize(("name", "column"), [("index", "price"), ("futures", "settlement")])
def test_index_futures_and_contract_share_one_currency(write, desk_folder, name, column):
    text = (desk_folder / f"market/{name}.csv").read_text(encoding="utf-8")
    write(f"market/{name}.csv", text.replace("_usd_", "_cny_"))
    with pytest.raises(CurrencyMismatch) as refused:
        read_market(desk_folder / "market")
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column) == (f"market/{name}.csv", 1, f"{column}_cny_per_mtok")
    assert (fault.found, fault.expected) == ("CNY", "USD, as contract.toml says")


@pytest.mark.parametrize(
    ("name", "expected"), [("index.csv", "index.csv or index.xlsx"), ("contract.toml", "a readable file")]
)
def test_a_missing_required_file_is_a_fault(write, desk_folder, faults_of, name, expected):
    write(f"market/{name}", None)
    told = [("market/" + name, None, None, "no such file", expected)]
    assert faults_of(read_market, desk_folder / "market") == told


def test_a_folder_that_is_not_there_is_a_fault(tmp_path, faults_of):
    assert faults_of(read_market, tmp_path / "none")[0][3:] == ("no such folder", "a market folder")


def test_holidays_are_read_by_calendar_whatever_its_letters(write, desk_folder):
    write("market/holidays.csv", "calendar,date,name\nCN_exchange,2027-02-08,Spring Festival\nmine,2027-02-09,\n")
    holidays = read_market(desk_folder / "market").holidays
    assert holidays.of("cn_exchange").tolist() == np.array(["2027-02-08"], dtype="datetime64[D]").tolist()
    assert (holidays.calendars, holidays.names) == (("cn_exchange", "mine"), ("Spring Festival", ""))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cn_exchange,soon,x", (2, "date", "soon", DAY)),
        (",2027-02-08,x", (2, "calendar", "an empty cell", "a text")),
        ("c,2027-02-08,x\nC,2027-02-08,y", (3, "date", "C again", "each calendar and date once")),
    ],
)
def test_a_faulty_holiday_is_told_with_its_line(write, desk_folder, faults_of, text, fault):
    write("market/holidays.csv", f"calendar,date,name\n{text}\n")
    ((file, row, column, found, expected),) = faults_of(read_market, desk_folder / "market")
    assert (file, row, column) == ("market/holidays.csv", *fault[:2])
    assert expected == fault[3]
    assert found


def test_a_panel_too_wide_for_memory_is_refused(write, desk_folder, faults_of, monkeypatch):
    monkeypatch.setattr(module, "PANEL_CAP", 3)
    (fault,) = faults_of(read_market, desk_folder / "market")
    assert fault[3] == "2 dates x 2 delivery months"
