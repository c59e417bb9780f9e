"""The rules of the programme: every key, and every way to get one wrong."""

from __future__ import annotations

import pytest

from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.files import read_program

BASE = 'currency = "USD"\n'

FULL = """
currency = "USD"
budget = 1_250_000.0
level = 0.95
risk_weight = 1.0
over_hedge = 1.0
credit_line = 200_000.0
position_limit = 500
transaction_cost_per_mtok = 0.01
lots = "whole"
instruments = ["futures"]
bands = [{months_ahead = [1, 12], min = 0.5, max = 0.75},
         {months_ahead = [13, 24], min = 0.25, max = 0.5}]
"""


def test_the_program_of_the_architecture_is_read(write):
    assert read_program(write("program.toml", FULL)) == HedgeProgram(
        currency="USD",
        budget=1_250_000.0,
        level=0.95,
        risk_weight=1.0,
        over_hedge=1.0,
        credit_line=200_000.0,
        position_limit=500.0,
        transaction_cost_per_mtok=0.01,
        bands=(Band(1, 12, 0.5, 0.75), Band(13, 24, 0.25, 0.5)),
    )


def test_what_is_left_out_has_the_default_of_the_noun(write):
    assert read_program(write("program.toml", BASE)) == HedgeProgram("USD")


def test_budget_and_limit_may_be_tables_by_month(write):
    text = BASE + 'budget = {"2027-01" = 50_000.0, 2027-02 = 60000}\n[position_limit]\n2027-02 = 200\n'
    program = read_program(write("program.toml", text))
    assert program.budget is None
    assert program.budget_by_month == {"2027-01": 50_000.0, "2027-02": 60_000.0}
    assert program.position_limit_by_month == {"2027-02": 200.0}


LEVEL = "a level above 0.5 and up to 0.9999"
AHEAD = "[first, last] with 1 <= first <= last <= 240"
SHARE = "a share of the forecast from 0 to 2 (0.5 is 50%)"
BAND = "a table {months_ahead = [1, 12], min = 0.5, max = 0.75}"


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("level = 0.5", "level", "0.5", LEVEL),
        ("level = 1", "level", "1", LEVEL),
        ("level = 95", "level", "95", LEVEL),
        ("level = true", "level", "true", LEVEL),
        ("budget = 0", "budget", "0", 'an amount above 0, or a table {"2027-01" = ...}'),
        ('budget = "5"', "budget", "5", 'an amount above 0, or a table {"2027-01" = ...}'),
        ("budget = {}", "budget", "{}", "a table with at least one month"),
        ("budget = {2027-13 = 5}", "budget.2027-13", "2027-13", "a month, YYYY-MM"),
        ("budget = {2027-01 = -5}", "budget.2027-01", "-5", "an amount above 0"),
        ("position_limit = -1", "position_limit", "-1", 'lots of at least 0, or a table {"2027-01" = ...}'),
        ('position_limit = {2027-01 = "x"}', "position_limit.2027-01", "x", "lots of at least 0"),
        ("risk_weight = -0.1", "risk_weight", "-0.1", "a number of at least 0"),
        ("over_hedge = 2.1", "over_hedge", "2.1", "a number from 0 to 2"),
        ("credit_line = -1", "credit_line", "-1", "an amount of at least 0"),
        ("transaction_cost_per_mtok = -1", "transaction_cost_per_mtok", "-1", "an amount of at least 0"),
        ('lots = "half"', "lots", "half", "one of whole, fractional"),
        ("lots = 1", "lots", "1", "one of whole, fractional"),
        (
            'instruments = ["futures", "options"]',
            "instruments",
            '["futures", "options"]',
            '["futures"]: only futures so far',
        ),
        ("credit_lines = 5", "credit_lines", "an unknown key", "credit_line (is that meant?)"),
        ("bands = 5", "bands", "5", f"a list: {BAND}, ..."),
        ("bands = [5]", "bands[1]", "5", BAND),
        (
            "bands = [{months_ahead = [1, 2], min = 0.6, max = 0.5}]",
            "bands[1].min",
            "0.6",
            "at most the band's max, 0.5",
        ),
        ("bands = [{months_ahead = [1, 2], min = -0.1, max = 0.5}]", "bands[1].min", "-0.1", SHARE),
        ("bands = [{months_ahead = [1, 2], min = 0.1, max = 75}]", "bands[1].max", "75", SHARE),
        ("bands = [{months_ahead = [1, 2], min = 0.1}]", "bands[1].max", "no such key", SHARE),
        ("bands = [{months_ahead = [2, 1], min = 0.1, max = 0.2}]", "bands[1].months_ahead", "[2, 1]", AHEAD),
        ("bands = [{months_ahead = [0, 1], min = 0.1, max = 0.2}]", "bands[1].months_ahead", "[0, 1]", AHEAD),
        ("bands = [{months_ahead = 1, min = 0.1, max = 0.2}]", "bands[1].months_ahead", "1", AHEAD),
        ("bands = [{min = 0.1, max = 0.2}]", "bands[1].months_ahead", "no such key", AHEAD),
        (
            "bands = [{months_ahead = [1, 2], min = 0.1, max = 0.2, maximum = 1}]",
            "bands[1].maximum",
            "an unknown key",
            "max (is that meant?)",
        ),
        (
            "bands = [{months_ahead = [1, 6], min = 0, max = 1}, {months_ahead = [6, 9], min = 0, max = 1}]",
            "bands[2].months_ahead",
            "[6, 9]",
            "months outside those of bands[1]",
        ),
    ],
)
def test_a_faulty_key_is_told_with_its_line(write, faults_of, line, column, found, expected):
    path = write("program.toml", BASE + line + "\n")
    assert faults_of(read_program, path) == [("program.toml", 2, column, found, expected)]


def test_the_currency_must_be_there(write, faults_of):
    expected = [("program.toml", None, "currency", "no such key", 'a currency of three letters, for example "USD"')]
    assert faults_of(read_program, write("program.toml", "level = 0.9\n")) == expected


def test_every_fault_of_the_file_is_told_at_once(write, faults_of):
    text = "level = 2\nbudget = -1\nlot = 1\nbands = [{months_ahead = [3, 1], min = 5, max = -1}]\n"
    columns = [column for _, _, column, _, _ in faults_of(read_program, write("program.toml", text))]
    assert columns == ["currency", "level", "budget", "lot", "bands[1].months_ahead", "bands[1].min", "bands[1].max"]
