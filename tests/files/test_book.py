"""Positions already held."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.files import read_book

HEADER = "trade_date,contract,lots,price_cny_per_mtok\n"
LOTS = "a whole number of lots other than 0 (long above, short below)"


def test_positions_are_signed_dated_and_priced(write):
    text = HEADER + "2026-10-02,2027-02,3,3.9\n2026-10-05,2027-04,-2.0,4\n"
    first, second = read_book(write("book.csv", text)).positions
    assert first == Position(np.datetime64("2026-10-02"), np.datetime64("2027-02"), 3.0, 3.9, "CNY")
    assert second.lots == -2.0


def test_a_header_alone_is_a_book_with_nothing_in_it(write):
    assert read_book(write("book.csv", HEADER)) == HedgeBook.empty()


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ("2026-10-02,2027-02,0,3.9", "lots", "0", LOTS),
        ("2026-10-02,2027-02,1.5,3.9", "lots", "1.5", LOTS),
        ("2026-10-02,2027-02,x,3.9", "lots", "x", LOTS),
        ("2026-10-02,2027-02,3,0", "price_cny_per_mtok", "0", "a price above 0"),
        ("2026-10-02,2027-02,3,-1", "price_cny_per_mtok", "-1", "a price above 0"),
        (
            "03/04/2026,2027-02,3,1",
            "trade_date",
            "03/04/2026",
            "a date, YYYY-MM-DD (the found one has two readings, or none)",
        ),
        ("2026-10-02,soon,3,1", "contract", "soon", "a month, YYYY-MM"),
        ("2026-10-02,2026-09,3,1", "contract", "2026-09", "a delivery month not before its trade date, 2026-10-02"),
    ],
)
def test_a_faulty_row_is_told_with_its_line_and_column(write, faults_of, row, column, found, expected):
    assert faults_of(read_book, write("book.csv", HEADER + row)) == [("book.csv", 2, column, found, expected)]
