"""Billed against priced: the causes of every line add up to its gap, and what is unexplained is said."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.tables.reconciliation import badge, gap_words, reconciliation_table


def row_of(table, model):
    return next(row for row in table.rows if row["model"].value == model)


def test_causes_that_are_shown_add_up_to_the_gap_of_their_line(study):
    table = reconciliation_table(study)
    causes = [column.key for column in table.columns if column.unit == "USD"]
    assert causes == ["unknown_model", "tier", "cache", "rounding", "unexplained"]
    for row in table.rows:
        if row["gap"].value is not None:
            assert sum(row[cause].value or 0.0 for cause in causes) == pytest.approx(row["gap"].value)


def test_the_newest_month_is_on_top_with_its_largest_bill(study):
    table = reconciliation_table(study)
    assert [row["month"].value for row in table.rows] == ["2026-10", "2026-10", "2026-09", "2026-09"]
    assert table.rows[0]["seller"].text == "anthropic"


def test_each_line_says_whether_it_is_explained(study):
    table = reconciliation_table(study)
    assert row_of(table, "claude-sonnet-4-5")["state"].text == "2% unexplained"
    assert table.rows[1]["state"].text == "explained"
    assert row_of(table, "")["state"].text == "no price known"
    assert row_of(table, "")["model"].text == "not named"
    assert table.rows[3]["state"].text == "no bill"


def test_the_whole_is_in_the_total_and_in_words(study):
    table = reconciliation_table(study)
    assert table.total["gap"].text == "+12.00"
    assert table.total["state"].tone == "under"
    assert badge(study.reconciliation) == ("not reconciled", "under")
    assert gap_words(study.reconciliation).startswith("billed 6.51\u00a0USD\u00a0k, priced 6.50, gap +0.01: tier −0.09")


def test_exports_without_money_have_nothing_to_reconcile(study):
    bare = dataclasses.replace(study.reconciliation, billed=None, gap=None)
    assert badge(bare) == ("nothing to compare", "plain")
    assert "no money" in gap_words(bare)
