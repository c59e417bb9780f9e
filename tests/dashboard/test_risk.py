"""Risk fills its leaves from the run alone."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard.pages import risk

RUN = "7f3a9c2e51d04b86"
EDGES = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "page_runs.py"))


def test_the_view_fills_exactly_its_leaves(run):
    assert set(risk.view(run)) == set(risk.LEAVES)


@pytest.mark.parametrize("edge", ["nothing_open", "without_contracts", "before_quantiles"])
def test_runs_at_the_edge_are_shown(run, edge):
    assert set(risk.view(EDGES[edge](run))) == set(risk.LEAVES)


@pytest.mark.parametrize("months", [1, 60])
def test_short_and_long_horizons_are_shown(run, months):
    assert len(risk.view(EDGES["of_months"](run, months))["risk-months.rowData"]) == months


def test_a_run_without_a_budget_shows_dashes_and_no_budget(run):
    build = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "sample_run.py"))["sample_run"]
    shown = risk.view(build(budget=None))
    assert shown["risk-budget-value.children"] == "–"
    assert "Budget" not in json.dumps(shown["risk-distribution.figure"])


def test_both_shares_of_effectiveness_are_told_with_what_they_mean(run):
    shown = risk.view(run)
    pairs = [(fact.children[0].children, fact.children[1].children) for fact in shown["risk-effectiveness.children"]]
    assert pairs[0] == ("In the scenarios, plan against none", "62.0%")
    assert "not fitted to them" in shown["risk-effectiveness-words.children"]


def test_the_whole_page_is_one_small_answer(call):
    answer = call("risk-stress.rowData", session_run__data=RUN)
    assert answer.status_code == 200
    assert len(answer.data) < 400_000
    assert answer.json["response"]["risk-margin-band"]["children"]


@pytest.mark.parametrize("place", ["risk-distribution", "risk-tornado", "risk-month-cost"])
def test_the_table_behind_a_chart_is_made_when_it_is_asked_for(call, place):
    asked = {f"{place}-twin.n_clicks": 1, "session-run.data": RUN}
    shown = call(f"{place}-table.children", **asked).json["response"]
    assert shown[f"{place}-table"]["children"]
    assert shown[f"{place}-figure"]["hidden"] is True
