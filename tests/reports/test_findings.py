"""Findings are real: each follows from a number of the run, and nothing else is listed."""

from __future__ import annotations

import dataclasses

from hedgedesk.reports.findings import findings


def kinds(run):
    return [finding.kind for finding in findings(run)]


def test_months_outside_their_band_come_first_with_how_far(run):
    found = [f for f in findings(run) if f.kind in ("under", "over")]
    assert found[0].title == "Dec 2026: cover below the policy floor"
    assert found[0].detail == "Worst Dec 2026, ▼ under 9\u00a0pp"
    assert [f.kind for f in found] == ["under", "under", "over", "over"]


def test_a_budget_that_breaks_more_often_than_the_level_allows_is_named(run):
    (found,) = [f for f in findings(run) if f.kind == "budget"]
    assert found.title == "30% chance of breaking the budget with the plan"


def test_a_budget_that_holds_is_no_finding(run):
    safe = dataclasses.replace(run.report.hedged, probability_over_budget=0.05)
    assert "budget" not in kinds(dataclasses.replace(run, report=dataclasses.replace(run.report, hedged=safe)))


def test_without_a_budget_nothing_is_said_of_it(make_run):
    assert "budget" not in kinds(make_run(budget=None))


def test_binding_rules_are_gathered_and_idle_ones_left_out(run):
    titles = [f.title for f in findings(run) if f.kind == "limit"]
    assert titles == ["Least cover binds in 2 places", "Credit line binds"]


def test_each_notice_is_shown_once(run):
    doubled = dataclasses.replace(run, plan=dataclasses.replace(run.plan, notices=run.exposure.notices * 2))
    notes = [f.title for f in findings(doubled) if f.kind == "note"]
    assert len(notes) == len(set(notes)) == 2
