"""Edits of a TOML file: comments and order survive, and what is written is what was meant."""

from __future__ import annotations

import string
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.errors import InputError
from hedgedesk.files.rules.edit import edit_rules, laid_out
from hedgedesk.files.rules.raw import rule_rows

PROGRAM = "program.toml"
TEXT = """# ours
currency = "USD"   # ISO
budget = 1_000.0
bands = [{months_ahead = [1, 12], min = 0.2, max = 0.8},  # near
  {months_ahead = [13, 24], min = 0.1, max = 0.5}]
lots = "whole"
"""


def rows(text, place=PROGRAM):
    return {row.key: row.text for row in rule_rows(text, place)}


def line_of(text, key, place=PROGRAM):
    return list(rows(text, place)).index(key) + 1


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.dates(),
        st.text(st.characters(codec="utf-8"), max_size=20),
        st.text(string.digits + '.,-_ "#=[]{}', max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.-é ", max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)


def edit(text, key, value, place=PROGRAM):
    return edit_rules(text, place, [CellEdit("cell", line_of(text, key, place), "value", value)])


def test_a_changed_value_leaves_comments_and_order_alone():
    assert edit(TEXT, "budget", "2,500") == TEXT.replace("1_000.0", "2500.0")
    assert edit(TEXT, "bands[2].max", "0.6") == TEXT.replace("0.5", "0.6")
    assert edit(TEXT, "lots", "fractional") == TEXT.replace("whole", "fractional")


def test_an_empty_value_takes_the_key_out_and_a_value_brings_it_back():
    without = edit(TEXT, "budget", " ")
    assert without == TEXT.replace("budget = 1_000.0\n", "")
    assert tomllib.loads(edit(without, "credit_line", "5000"))["credit_line"] == 5000


def test_a_budget_of_months_is_one_row_a_month_and_grows_month_by_month():
    text = 'currency = "USD"\nlots = "whole"\n\n[budget]\n"2026-12" = 5.0 # first\n'
    assert rows(text)["budget.2026-12"] == "5.0"
    more = edit_rules(text, PROGRAM, [CellEdit("add", line_of(text, "budget.2026-12"))])
    assert tomllib.loads(more)["budget"] == {"2026-12": 5.0, "2027-01": 5.0}
    assert "# first" in more
    none = edit_rules(more, PROGRAM, [CellEdit("remove", line_of(more, f"budget.{m}")) for m in ("2026-12", "2027-01")])
    assert "budget" not in tomllib.loads(none)


def test_an_amount_becomes_months_and_back():
    by_month = edit_rules(TEXT, PROGRAM, [CellEdit("add", 0, text="budget.2027-01\t50,000")])
    assert tomllib.loads(by_month)["budget"] == {"2027-01": 50_000.0}
    assert tomllib.loads(by_month)["lots"] == "whole"
    again = edit_rules(by_month, PROGRAM, [CellEdit("add", 0, text="budget\t1000")])
    assert tomllib.loads(again) == tomllib.loads(TEXT)


def test_another_band_stands_behind_the_one_it_was_made_from():
    more = edit_rules(TEXT, PROGRAM, [CellEdit("add", line_of(TEXT, "bands[1].min"))])
    assert [band["min"] for band in tomllib.loads(more)["bands"]] == [0.2, 0.2, 0.1]
    assert "# ours" in more
    fewer = edit_rules(
        more, PROGRAM, [CellEdit("remove", line_of(more, f"bands[2].{key}")) for key in ("months_ahead", "min", "max")]
    )
    assert tomllib.loads(fewer) == tomllib.loads(TEXT)


def test_tables_in_double_brackets_can_be_edited_too():
    text = 'currency = "USD"\n[[bands]]\nmonths_ahead = [1, 6]\nmin = 0.1 # low\nmax = 0.5\n'
    more = edit_rules(text, PROGRAM, [CellEdit("add", line_of(text, "bands[1].min"))])
    assert len(tomllib.loads(more)["bands"]) == 2
    assert "# low" in edit(text, "bands[1].max", "0.9")


def test_a_key_can_be_renamed():
    text = 'currency = "USD"\nbuget = 5.0\n'
    mended = edit_rules(text, PROGRAM, [CellEdit("cell", 2, "key", "budget")])
    assert tomllib.loads(mended) == {"currency": "USD", "budget": 5.0}


@pytest.mark.parametrize(
    ("edit_asked", "told"),
    [
        (CellEdit("cell", 999, "value", "1"), "no row 999"),
        (CellEdit("cell", 1, "colour", "1"), "has key and value"),
        (CellEdit("cell", 1, "key", "a b"), "a b is no key"),
        (CellEdit("add", 0, text="bands[0].min\t1"), "no key"),
        (CellEdit("add", 0, text="bands[9].min\t1"), "the next is"),
        (CellEdit("add", 0, text="a.b.c.d.e\t1"), "no key"),
        (CellEdit("add", 0, text="level\t"), "level has no value"),
        (CellEdit("add", 1), "nothing can be added to currency"),
        (CellEdit("cell", 1, "value", "a\x00"), "a character that nobody sees"),
    ],
)
def test_an_edit_that_cannot_be_done_is_refused(edit_asked, told):
    with pytest.raises(InputError, match=told.replace("[", r"\[")):
        edit_rules(TEXT, PROGRAM, [edit_asked])


def test_where_only_a_text_makes_sense_no_quotes_are_needed():
    assert tomllib.loads(edit(TEXT, "currency", "2027"))["currency"] == "2027"
    assert rows('name = "2027"', "market/contract.toml")["name"] == "2027"
    assert rows('fees = "2027"', "market/contract.toml")["fees"] == '"2027"'


@settings(max_examples=150, deadline=None)
@given(table=st.dictionaries(st.text("ab_- .é", min_size=1, max_size=4), VALUES, max_size=4), data=st.data())
def test_an_edit_changes_one_key_and_nothing_else(table, data):
    text = "# top\n" + laid_out(table)
    before = rule_rows(text, PROGRAM)
    index = data.draw(st.integers(0, len(before) - 1))
    edited = edit_rules(text, PROGRAM, [CellEdit("cell", index + 1, "value", "7")])
    after = {row.path: row.text for row in rule_rows(edited, PROGRAM)}
    expected = {row.path: row.text for row in before} | {before[index].path: "7"}
    assert after == expected


def test_a_layout_that_cannot_be_edited_is_laid_out_anew(monkeypatch):
    import tomlkit

    monkeypatch.setattr(tomlkit, "dumps", lambda document: "")
    assert tomllib.loads(edit(TEXT, "budget", "7")) == tomllib.loads(TEXT) | {"budget": 7}
