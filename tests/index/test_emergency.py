"""The minimum-sample rule."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.index import study
from hedgedesk.index.audit import Audit
from hedgedesk.index.emergency import Emergency

DAY = np.datetime64("2026-01-04")
MONTHLY = IndexSettings(frequency="month")
SELLERS = ("v", "w", "x", "y", "z")


def carried(*prints: tuple[int, int, int], **settings: object) -> tuple[list[bool], Emergency, Audit]:
    """What the rule says of prints with so many prices expected, missing, and companies."""
    audit = Audit()
    rule = Emergency(IndexSettings(**settings), audit)
    said = [
        rule.must_carry(DAY + 7 * n, expected=expected, missing=missing, companies=companies)
        for n, (expected, missing, companies) in enumerate(prints)
    ]
    return said, rule, audit


def test_a_third_may_be_missing_and_more_may_not():
    said, rule, _ = carried((9, 3, 5), (9, 4, 5), (9, 3, 5))
    assert said == [False, True, False]
    assert (rule.carried, rule.failed) == (1, False)


def test_fewer_than_five_companies_are_too_few_once_there_were_five():
    said, _, audit = carried((9, 0, 5), (9, 0, 4))
    assert said == [False, True]
    assert audit.lines[0].found == "4 companies, 5 are asked for"


def test_a_list_that_never_had_five_companies_is_printed_and_flagged_once():
    said, _, audit = carried((9, 0, 3), (9, 0, 3))
    assert said == [False, False]
    assert [(line.rule, line.date) for line in audit.lines] == [("thin", "2026-01-04")]


def test_more_than_three_carried_prints_in_a_row_are_a_failure_of_the_index():
    _, three, _ = carried((9, 0, 5), *[(9, 9, 5)] * 3, (9, 0, 5), (9, 9, 5))
    assert (three.carried, three.failed) == (4, False)
    _, four, audit = carried((9, 0, 5), *[(9, 9, 5)] * 4)
    assert four.failed
    assert audit.lines[-2].rule == "index_failure"


def test_without_the_screens_nothing_is_carried():
    assert carried((9, 9, 5), screens=False)[0] == [False]


def test_what_moved_while_prints_were_carried_enters_with_the_next_print(listed):
    rows = [("2026-01-05", f"{seller}/m", 4.0, "page") for seller in SELLERS]
    # Two of five move beyond the factor and nobody confirms them; in the same month a third falls a little.
    rows += [("2026-02-10", "v/m", 1.0, "page"), ("2026-02-10", "w/m", 1.0, "page"), ("2026-02-10", "x/m", 3.0, "page")]
    made = study(MONTHLY, list_prices=listed([*rows, ("2026-03-01", "y/m", 4.0, "page")]))
    assert made.values == pytest.approx([100.0, 100.0, 100 * (0.25 * 0.25 * 0.75) ** (1 / 5)])
    assert [line.date for line in made.audit if line.rule == "minimum_sample"] == ["2026-02-28"]
    assert made.audit[0].found == "2 of 5 expected prices missing or unconfirmed"


def test_a_list_that_loses_its_companies_is_carried_and_fails(listed):
    rows = [("2026-01-05", f"{seller}/m", 4.0, "") for seller in SELLERS]
    rows += [("2026-02-05", "v/n", 4.0, ""), ("2026-09-05", "v/n", 2.0, "")]
    settings = IndexSettings(frequency="month", oldest_days=100)
    made = study(settings, list_prices=listed([*rows, ("2026-08-01", "v/k", 1.0, "")]))
    assert made.failed
    assert made.values == pytest.approx(100.0)
    verdict = next(check for check in made.self_check if check.principle.startswith("7 "))
    assert verdict.verdict == "no"
