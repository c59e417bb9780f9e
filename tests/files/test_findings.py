"""How faults are gathered and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgedesk.domain.errors import CurrencyMismatch, InputError, UnitError
from hedgedesk.files.findings import SHOWN_PER_FILE, Findings, read_alone, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [("", "an empty cell"), (" \t", "an empty cell"), (5, "5"), ("a\tb\n", "a\\tb\\n"), ("x" * 90, "x" * 80 + "…")],
)
def test_what_was_found_is_shown_on_one_short_line(value, text):
    assert shown(value) == text


def test_faults_are_listed_file_by_file_and_line_by_line():
    findings = Findings()
    findings.file("a").fault(3, "x", "1", "2")
    findings.file("b").fault(1, "x", "1", "2")
    findings.file("a").fault(2, "x", "1", "2")
    assert [(fault.file, fault.row) for fault in findings.faults] == [("a", 2), ("a", 3), ("b", 1)]


def test_the_class_is_that_of_all_faults_or_the_general_one():
    findings = Findings()
    findings.raise_any()
    findings.file("a").fault(1, None, "x", "y", UnitError)
    with pytest.raises(UnitError):
        findings.raise_any()
    findings.file("b").fault(1, None, "x", "y", CurrencyMismatch)
    with pytest.raises(InputError) as refused:
        findings.raise_any()
    assert type(refused.value) is InputError


def test_faults_past_the_shown_ones_are_counted():
    report = Findings().file("a")
    for row in range(SHOWN_PER_FILE + 7):
        report.fault(row, None, "x", "y")
    assert len(report.listed()) == SHOWN_PER_FILE + 1
    assert report.listed()[-1].found == "and 7 more faults in this file"


def test_a_reader_that_finds_neither_value_nor_fault_is_not_believed():
    with pytest.raises(InputError, match="nothing could be read"):
        read_alone(Path("a.csv"), lambda _path, _report: None)
