"""Ways to hedge side by side: what they cost, what they risk, what they would regret."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.tables import strategies as tables


@pytest.fixture(scope="module")
def found(studies):
    return studies.strategies()


def test_every_strategy_is_a_row_in_one_scale(found):
    table = tables.strategies_table(found)
    rows = {row["name"].value: row for row in table.rows}
    assert list(rows) == ["nothing", "everything", "layered", "minimum_variance", "proposed"]
    assert [rows["proposed"][key].text for key in ("mean", "tail", "cover", "lots")] == [
        "10.90",
        "15.54",
        "58%",
        "2,944",
    ]
    assert tables.strategies_unit(found).replace("\u00a0", " ") == "CNY m over 20,000 common scenarios"


def test_a_strategy_outside_the_rules_is_marked_and_says_which(found):
    rows = {row["name"].value: row for row in tables.strategies_table(found).rows}
    assert (rows["everything"]["rules"].tone, rows["everything"]["note"].text) == ("breach", "Outside credit line")
    assert rows["layered"]["rules"].tone == "in"


def test_a_strategy_of_the_users_own_keeps_its_name(found):
    own = dataclasses.replace(found.lines[1], name="Half of it")
    table = tables.strategies_table(dataclasses.replace(found, lines=(own,)))
    assert table.rows[0]["name"].text == "Half of it"


def test_without_a_budget_there_is_no_budget_at_risk(found):
    line = dataclasses.replace(found.lines[4], budget_at_risk=None)
    (row,) = tables.strategies_table(dataclasses.replace(found, lines=(line,))).rows
    assert row["at_risk"].text == "–"


def test_regret_is_told_by_shock_against_no_hedge_with_the_worst_below(found):
    table = tables.regret_table(found)
    assert [column.title for column in table.columns] == [
        "Shock",
        "Everything",
        "In layers",
        "Least variance",
        "Proposed",
    ]
    war, peak = table.rows
    assert (war["stress"].text, war["way3"].text, war["way3"].tone) == ("Price war", "+3.10", "under")
    assert (peak["way3"].text, peak["way3"].tone) == ("−1.70", "accent")
    assert table.total["way0"].value == 6.4e6


def test_the_first_shock_is_told_in_words(found):
    words = tables.regret_words(found).replace("\u00a0", " ")
    assert words.startswith("Price war the day after, against no hedge: Everything 6.40 CNY m dearer; ")
    assert words.endswith("Proposed 3.10 CNY m dearer.")
    assert tables.regret_words(dataclasses.replace(found, stresses=())) == ""


def test_the_frontier_ends_with_the_plan_the_book_and_no_hedge(studies):
    rows = tables.frontier_table(studies.frontier()).rows
    assert [row["name"].text for row in rows] == [
        *(f"Point {k}" for k in range(1, 6)),
        "Proposed",
        "Book today",
        "No hedge",
    ]
    assert [row["weight"].text for row in rows] == ["0", "0.2", "1", "5", "tail only", "1", "", ""]
    assert rows[0]["tail"].value == pytest.approx(16.4e6)
