"""Units and currencies in the names of columns."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import CurrencyMismatch, InputError, UnitError
from hedgedesk.files import read_book, read_desk

EXAMPLE = "price_<currency>_per_mtok, for example price_usd_per_mtok"
UNITS = f"{EXAMPLE}; units _per_mtok, _per_1k, _per_token"


def book(write, price, value="3.9"):
    return write("book.csv", f"trade_date,contract,lots,{price}\n2026-10-02,2027-02,3,{value}\n")


@pytest.mark.parametrize(
    ("price", "column", "kind", "found", "expected"),
    [
        ("price_per_mtok", "price_per_mtok", CurrencyMismatch, "no currency in the column's name", EXAMPLE),
        ("price", "price", CurrencyMismatch, "no currency in the column's name", EXAMPLE),
        ("price_usd_per_gtok", "price_usd_per_gtok", UnitError, "a unit or currency that is not known", UNITS),
        ("price_usd", "price_usd", UnitError, "a unit or currency that is not known", UNITS),
        ("paid", "price_<currency>_per_mtok", InputError, "no such column", f"a column {EXAMPLE}"),
        (
            "price_usd_per_mtok,price_cny_per_mtok",
            "price_cny_per_mtok",
            CurrencyMismatch,
            "two currencies (USD, CNY)",
            "one price column in one currency",
        ),
        (
            "price_usd_per_mtok,price_usd_per_1k",
            "price_usd_per_1k",
            InputError,
            "2 price columns",
            "one price column in one currency",
        ),
    ],
)
def test_a_price_column_without_one_currency_and_unit_is_refused(
    write, faults_of, price, column, kind, found, expected
):
    path = book(write, price)
    assert faults_of(read_book, path) == [("book.csv", 1, column, found, expected)]
    with pytest.raises(kind) as refused:
        read_book(path)
    assert type(refused.value) is kind


def test_header_names_may_have_capitals_spaces_and_hyphens(write):
    (position,) = read_book(book(write, " Price USD-per Mtok ")).positions
    assert (position.currency, position.price_per_mtok) == ("USD", 3.9)


def test_unknown_columns_are_a_notice_and_no_fault(write, desk_folder):
    book(write, "price_usd_per_mtok,Broker,note", "3.9,x,y")
    assert read_desk(desk_folder).notices == ("book.csv: unknown columns ignored: Broker, note",)


def test_a_misspelt_column_is_named_as_the_one_that_may_be_meant(write, faults_of):
    path = write("book.csv", "trade_date,contract,lot,price_usd_per_mtok\n2026-10-02,2027-02,3,1\n")
    assert faults_of(read_book, path) == [("book.csv", 1, "lots", "no such column", "a column lots (is lot meant?)")]


def test_a_header_with_nothing_known_makes_one_fault(write, faults_of):
    path = write("book.csv", "a,b,c\n1,2,3\n")
    expected = "the columns trade_date, contract, lots, price_<currency>_per_mtok"
    assert faults_of(read_book, path) == [("book.csv", 1, None, "the columns a, b, c", expected)]
