"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgedesk.files import read_consumption, read_desk, read_market
from hedgedesk.files.numbers import count_votes, decimal_mark, expected_instead, read_number, shifted, vote


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234.5", ".", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("1,234,567", ".", 1234567.0),
        ("1 234.5", ".", 1234.5),
        ("1\u00a0234.5", ".", 1234.5),
        ("1\u202f234.5", ".", 1234.5),
        ("1'234'567.5", ".", 1234567.5),
        ("1’234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1.060.000", ",", 1060000.0),
        ("0,5", ",", 0.5),
        (",5", ",", 0.5),
        ("5.", ".", 5.0),
        ("+5", ".", 5.0),
        ("−5", ".", -5.0),
        ("1.5E+03", ".", 1500.0),
    ],
)
def test_a_number_is_read_in_its_style(text, decimal, value):
    assert read_number(text, decimal) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "abc",
        "1,23",
        "12,34,567",
        "1234,567",
        "0,123",
        "1 23",
        "1,234 567",
        "1..2",
        "nan",
        "inf",
        "1e999",
        "0x10",
        "1_000",
        "5%",
        "$5",
        "(5)",
        "١٢",
        "1e5000",
        "1.060.000",
    ],
)
def test_what_is_no_number_is_none(text):
    assert read_number(text, ".") is None


@given(st.decimals(0, 10**9, places=9), st.sampled_from([0, 3, 6]))
def test_a_unit_moves_the_digits_exactly(number, shift):
    text = format(number, "f")
    assert read_number(text, ".", shift) == float(number * 10**shift)
    assert shifted(text, shift) == float(Decimal(text) * 10**shift)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1,234", None),
        ("1.234", None),
        ("12", None),
        ("1,234.5", "."),
        ("0,5", ","),
        ("12.75", "."),
        ("1.0.0", None),
        ("1.060.000", "1.0.0"),
        ("1,060,000", "."),
        ("0,123", ","),
        ("0.123", "."),
    ],
)
def test_a_cell_votes_only_when_it_has_one_reading(text, mark):
    assert vote(text) == mark


def test_votes_of_the_column_then_of_the_file_decide():
    assert decimal_mark(count_votes(["0,5", "1,234"], ","), [], ",") == ","
    assert decimal_mark(count_votes(["1,234"], ","), [count_votes(["0,5"], ";")], ";") == ","
    assert decimal_mark(count_votes(["1,234"], ","), [], ",") is None
    assert decimal_mark(count_votes(["1.000.000"], ";"), [], ";") == ","
    assert decimal_mark(count_votes(["1.000.000"], ","), [], ",") == "."


def test_the_number_that_may_have_been_meant_is_offered():
    assert expected_instead("0,5", ".", "a price") == "a number with . for decimals: 0.5"
    assert expected_instead("12,5 %", ",", "a price") == "a number, not a percentage: 0.125"
    assert expected_instead("five", ".", "a price") == "a price"


@pytest.mark.parametrize(
    ("cells", "delimiter", "volumes"),
    [
        (["1,234", "12,5"], ";", [1.234, 12.5]),
        (["1.234", "12,5"], ";", [1234.0, 12.5]),
        (["1,234", "5"], ";", [1.234, 5.0]),
        (["1.234", "5"], ";", [1.234, 5.0]),
        (["1.060.000", "5"], ";", [1060000.0, 5.0]),
        (["1,234", "5"], "\t", [1234.0, 5.0]),
        (["1,234", "0,5"], "\t", [1.234, 0.5]),
        (['"1,234"', '"1,234.5"'], ",", [1234.0, 1234.5]),
        (['"1,234"', "5"], ",", [1234.0, 5.0]),
        (['"1,234"', '"0,5"'], ",", [1.234, 0.5]),
        (["1 234,5", "1 234"], ";", [1234.5, 1234.0]),
    ],
)
def test_a_column_has_one_style(write, cells, delimiter, volumes):
    lines = ["month,model,meter,mtok", *(f"2027-0{i},m,output,@" for i in (1, 2))]
    text = "\n".join(lines).replace(",", delimiter)
    for cell in cells:
        text = text.replace("@", cell, 1)
    assert [line.mtok for line in read_consumption(write("consumption.csv", text)).lines] == volumes


def test_another_column_decides_where_the_own_one_cannot(write):
    text = "month;model;meter;mtok;spread\n2027-01;m;output;1.234;0,2\n"
    assert read_consumption(write("consumption.csv", text)).lines[0].mtok == 1234.0


def test_the_one_cell_that_does_not_fit_its_column_is_the_fault(write, faults_of):
    text = "month;model;meter;mtok\n2027-01;m;output;1.5\n2027-02;m;output;2.5\n2027-03;m;output;3,5\n"
    ((_, row, column, found, expected),) = faults_of(read_consumption, write("consumption.csv", text))
    assert (row, column, found, expected) == (4, "mtok", "3,5", "a number with . for decimals: 3.5")


def test_a_reading_that_nothing_decides_is_a_notice(write, desk_folder):
    text = (desk_folder / "consumption.csv").read_text(encoding="utf-8")
    write("consumption.csv", text.replace(",", ";").replace("130.5", "1,305").replace("0.2", "0"))
    assert read_desk(desk_folder).notices == (
        "consumption.csv: column mtok: 1,305 is read as 1.305; nothing else decides",
    )


@pytest.mark.parametrize(
    ("unit", "cell"), [("mtok", "2.9"), ("1k", "0.0029"), ("token", "0.0000029"), ("token", "2.9e-6")]
)
def test_prices_per_1k_and_per_token_become_exactly_the_price_per_mtok(write, desk_folder, unit, cell):
    write("market/index.csv", f"date,price_usd_per_{unit}\n2026-11-20,{cell}\n")
    assert read_market(desk_folder / "market").index.price_per_mtok[0] == 2.9


def test_settlements_and_commitments_are_converted_once_too(write, desk_folder):
    write("market/futures.csv", "as_of,delivery_month,settlement_usd_per_1k\n2026-11-20,2027-02,0.0037\n")
    text = (desk_folder / "commitments.csv").read_text(encoding="utf-8")
    write("commitments.csv", text.replace("usd_per_mtok", "usd_per_token").replace("3.1", "0.0000031"))
    desk = read_desk(desk_folder)
    assert desk.market.futures.settlement_per_mtok[0, 0] == 3.7
    assert desk.commitments[0].price_per_mtok == 3.1
    assert desk.commitments[0].mtok_per_month == 40
