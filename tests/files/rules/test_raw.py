"""A TOML file as rows: every documented key has one, faults stand at theirs."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import Fault
from hedgedesk.files.rules.keys import KEYS
from hedgedesk.files.rules.raw import rule_rows, rules_table

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


def test_every_key_is_a_row_and_those_left_out_are_empty():
    found = rows(TEXT)
    assert found["currency"] == "USD"
    assert found["budget"] == "1000.0"
    assert found["bands[2].months_ahead"] == "[13, 24]"
    assert found["bands[1].min"] == "0.2"
    assert found["credit_line"] == ""
    assert list(found)[:2] == ["currency", "budget"]


@pytest.mark.parametrize("place", KEYS)
def test_an_empty_file_shows_every_documented_key(place):
    table = rules_table(place, "", [])
    assert [row[0] for row in table.rows] == list(KEYS[place])
    assert all(table.meanings)


def test_faults_stand_at_the_row_of_their_key():
    text = 'currency = "USD"\n\nbands = [{months_ahead = [1, 6], min = 2, max = 1}]\n'
    faults = [
        Fault(PROGRAM, 3, "bands[1].min", "2", "less"),
        Fault(PROGRAM, 3, "bands[1]", "x", "y"),
        Fault(PROGRAM, None, "budget.2027-01", "no such key", "an amount"),
        Fault(PROGRAM, 1, None, "odd", "even"),
    ]
    placed = rules_table(PROGRAM, text, faults).faults
    assert [(f.row, f.column, f.found) for f in placed] == [
        (line_of(text, "bands[1].min"), "value", "2"),
        (line_of(text, "bands[1].months_ahead"), "value", "bands[1]: x"),
        (None, None, "budget.2027-01: no such key"),
        (None, None, "odd"),
    ]
