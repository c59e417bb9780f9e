"""What could still hurt as tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.results import Effectiveness
from hedgedesk.reports.tables import risk as tables


def column(table, key):
    return np.array([row[key].value for row in table.rows])


def titles(table):
    return [column.title for column in table.columns]


def test_months_hold_every_quantile_and_what_is_at_risk(run):
    table, m = tables.month_costs_table(run.report), run.report.months
    assert column(table, "q0") == pytest.approx(m.hedged_quantile[0])
    assert column(table, "q4") == pytest.approx(m.hedged_quantile[4])
    assert column(table, "at_risk") == pytest.approx(m.cash_flow_at_risk)
    assert titles(table)[4:9] == ["5%", "25%", "50%", "75%", "95%"]
    assert "Budget" not in titles(table)


def test_a_budget_of_months_has_a_column_that_is_empty_where_there_is_none(run, edges):
    budget = np.full(24, np.nan)
    budget[3] = 600_000.0
    table = tables.month_costs_table(edges.with_months(run, budget=budget).report)
    assert "Budget" in titles(table)
    assert (table.rows[3]["budget"].text, table.rows[4]["budget"].text) == ("600.0", "")


def test_a_record_without_quantiles_has_no_columns_for_them(run, edges):
    assert "25%" not in titles(tables.month_costs_table(edges.before_quantiles(run).report))


def test_costs_stand_side_by_side_with_their_difference(run):
    rows = {row["measure"].value: row for row in tables.costs_table(run.report).rows}
    assert rows["mean"]["change"].text == "−0.10"
    assert rows["mean"]["change"].tone == "accent"
    assert rows["cvar"]["measure"].text == "CVaR 95%"
    assert rows["budget_at_risk"]["hedged"].value == pytest.approx(run.report.hedged.budget_at_risk)


def test_a_difference_that_rounds_to_nothing_is_neither_better_nor_worse(run):
    same = dataclasses.replace(run.report.hedged, mean=run.report.unhedged.mean - 12.0)
    row = tables.costs_table(dataclasses.replace(run.report, hedged=same)).rows[0]
    assert (row["change"].text, row["change"].tone) == ("0.00", "")


def test_without_a_budget_nothing_is_measured_against_one(make_run):
    measures = [row["measure"].value for row in tables.costs_table(make_run(budget=None).report).rows]
    assert measures == ["mean", "standard_deviation", "p05", "p50", "p95", "var", "cvar"]


def test_the_twin_of_the_tornado_holds_its_changes_in_its_order(run):
    table = tables.tornado_table(run.report)
    assert [row["change"].text for row in table.rows] == ["−5.10", "+2.40"]
    assert titles(table)[2] == "Change, CNY\u00a0m"


def test_effectiveness_says_which_share_is_of_what(run):
    facts = dict(tables.effectiveness_facts(run.report))
    assert facts == {
        "In the scenarios, plan against none": "62.0%",
        "On real weekly changes": "58.0%",
        "Real changes judged": "34",
        "Minimum-variance ratio, s.e.": "0.94, 0.03",
    }
    assert tables.effectiveness_words(run.report).endswith("Weekly changes within one contract.")


def test_without_real_changes_only_the_scenarios_speak_and_the_reason_is_told(run):
    report = dataclasses.replace(run.report, effectiveness=Effectiveness(0.5, note="no futures history"))
    assert len(tables.effectiveness_facts(report)) == 1
    assert tables.effectiveness_words(report).endswith("There is none on real changes. No futures history.")
    assert tables.effectiveness_table(report).rows[1]["value"].text == "–"
