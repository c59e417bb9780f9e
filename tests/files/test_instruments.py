"""The [instrument.NAME] tables: every kind's terms, and every way to get one wrong."""

from __future__ import annotations

import pytest

from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.files import read_program
from hedgedesk.market.instruments import KINDS

BASE = 'currency = "USD"\n'

SEVERAL = """
[instrument."winter cap"]
kind = "cap"
strike = 12

[instrument.gpus]   # hours of our own
kind = "routing"
most_share = 0.25
cost_per_mtok = 1.5
first_month = "2027-03"
taken = "wholly"
"""


def test_numbers_are_numbers_and_texts_are_words(write):
    assert read_program(write("program.toml", BASE + SEVERAL)).terms == (
        InstrumentTerms("winter cap", "cap", {"strike": 12.0}),
        InstrumentTerms(
            "gpus",
            "routing",
            {"most_share": 0.25, "cost_per_mtok": 1.5},
            {"first_month": "2027-03", "taken": "wholly"},
        ),
    )


def test_without_a_table_there_are_no_terms(write):
    assert read_program(write("program.toml", BASE)).terms == ()


@pytest.mark.parametrize(
    ("table", "column", "found", "expected"),
    [
        ('kind = "batch"\neligible_share = 1.5', "eligible_share", "1.5", "a number from 0 to 1"),
        ('kind = "batch"\neligible_share = "a third"', "eligible_share", "a third", "a number from 0 to 1"),
        ('kind = "batch"\neligible_share = true', "eligible_share", "true", "a number from 0 to 1"),
        ('kind = "batch"', "eligible_share", "no such key", "a number from 0 to 1"),
        ('kind = "batch"\neligible_share = 1\nmost_shares = 1', "most_shares", "an unknown key", "most_share (is that"),
        ('kind = "batch"\neligible_share = 1\nsetup_cost = -1', "setup_cost", "-1", "a number of at least 0"),
        ('kind = "batch"\neligible_share = 1\nsetup_cost = 1e200', "setup_cost", "1e+200", "0, or a number from"),
        ('kind = "batch"\neligible_share = 1\nmeter = "input"', "meter", "input", "one of all, uncached_input,"),
        ('kind = "batch"\neligible_share = 1\nmodel = 4', "model", "4", "a text in quotes"),
        ('kind = "fixed_price"\nfirst_month = "May"', "first_month", "May", 'a month in quotes, "2027-01"'),
        ('kind = "fixed_price"\nfirst_month = 2027-01-01', "first_month", '"2027-01-01"', "a month in quotes"),
        ('kind = "swaption"', "kind", "swaption", "one of cap, floor, collar,"),
        ("strike = 1", "kind", "no such key", "one of cap, floor, collar,"),
    ],
)
def test_a_faulty_term_is_told_with_its_place(write, faults_of, table, column, found, expected):
    ((file, row, told, what, right),) = faults_of(read_program, write("program.toml", f"{BASE}[instrument.x]\n{table}"))
    assert (file, told, what) == ("program.toml", f"instrument.x.{column}", found)
    assert right.startswith(expected)
    lines = [BASE, "[instrument.x]", *table.split("\n")]
    in_the_file = [n for n, line in enumerate(lines, start=1) if line.startswith(f"{column} ")]
    assert row == (in_the_file or [2])[0]


def test_every_fault_of_every_instrument_is_told(write, faults_of):
    text = '[instrument.a]\nkind = "batch"\n[instrument."b c"]\nkind = "routing"\nmost_share = 2\n'
    found = faults_of(read_program, write("program.toml", BASE + text))
    assert [(row, column) for _, row, column, _, _ in found] == [
        (2, "instrument.a.eligible_share"),
        (6, "instrument.b c.most_share"),
    ]


def test_a_term_that_is_lacking_is_told_at_the_table_that_lacks_it(write, faults_of):
    text = '[instrument.a]\nkind = "cap"\n[instrument."b c"]\nkind = "routing"\n'
    ((_, row, column, _, _),) = faults_of(read_program, write("program.toml", BASE + text))
    assert (row, column) == (4, "instrument.b c.most_share")


@pytest.mark.parametrize("name", ['"futures"', '""', '" cap"', f'"{"x" * 61}"'])
def test_a_name_that_cannot_be_told_apart_is_refused(write, faults_of, name):
    ((_, _, _, _, expected),) = faults_of(
        read_program, write("program.toml", f'{BASE}[instrument.{name}]\nkind = "cap"\n')
    )
    assert expected == "a name of at most 60 characters, and not futures"


@pytest.mark.parametrize("value", ["4", '"cap"', "[1]"])
def test_what_is_no_table_is_refused(write, faults_of, value):
    ((_, _, column, _, _),) = faults_of(read_program, write("program.toml", f"{BASE}instrument = {value}\n"))
    assert column == "instrument"
    ((_, _, column, _, _),) = faults_of(read_program, write("program.toml", f"{BASE}instrument = {{cap = {value}}}\n"))
    assert column == "instrument.cap"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_can_be_written_with_its_defaults(write, kind):
    told = {term.name: term.default for term in kind.terms if term.default not in (None, "")}
    told |= {term.name: max(term.least, 0.1) for term in kind.terms if term.required}
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in told.items()]
    text = "\n".join([BASE, "[instrument.x]", f'kind = "{kind.name}"', *lines])
    (terms,) = read_program(write("program.toml", text)).terms
    assert terms.numbers | terms.words == told
