"""The report is written down once: the same run gives the same model, and its totals are sums of its rows."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.changes import Changes
from hedgedesk.domain.values import to_plain
from hedgedesk.reports.report.model import report_model

CENT = 0.005


def values(table, key):
    return [row[key].value for row in table.rows]


def test_the_same_run_gives_the_same_model(make_run):
    # Compared as it is written: a standard error that is not known is no number, and equals nothing.
    assert repr(report_model(make_run(), "Acme")) == repr(report_model(make_run(), "Acme"))


def test_the_time_is_that_of_the_run(run):
    assert report_model(run, "Acme").made_at == "2026-11-21T09:00:00+00:00"


def test_it_says_which_run_of_which_desk_on_which_day_it_is(run):
    model = report_model(run, "Acme")
    assert model.title == "Hedge report, Dec 2026 – Nov 2028"
    assert (model.desk, model.run_id, model.scenario_id) == ("Acme", run.manifest.run_id, run.manifest.scenario_id)
    assert (model.as_of, model.model) == ("20 Nov 2026", "Two-factor")
    assert len(model.inputs_hash) == 64


def test_other_inputs_have_another_hash(run):
    manifest = dataclasses.replace(run.manifest, causes=run.manifest.causes | {"files": {"consumption.csv": "c" * 64}})
    other = dataclasses.replace(run, manifest=manifest)
    assert report_model(other, "Acme").inputs_hash != report_model(run, "Acme").inputs_hash


def test_the_totals_are_those_of_the_run(run):
    totals = report_model(run, "Acme").totals
    report = run.report
    assert (totals.hedged_mean, totals.unhedged_mean) == (report.hedged.mean, report.unhedged.mean)
    assert (totals.hedged_cvar, totals.unhedged_cvar) == (report.hedged.cvar, report.unhedged.cvar)
    assert (totals.budget, totals.credit_line) == (11_600_000.0, 420_000.0)
    assert totals.hedge_cost == report.hedged.mean - report.unhedged.mean
    assert totals.transaction_cost == pytest.approx(run.plan.transaction_cost.sum())


def test_the_months_add_up_to_the_total_and_what_no_month_has_is_named(run):
    model = report_model(run, "Acme")
    table, totals = model.table("months"), model.totals
    assert sum(values(table, "cost")) + totals.in_no_month == pytest.approx(totals.hedged_mean, abs=CENT)
    assert table.total["cost"].value == pytest.approx(totals.hedged_mean, abs=CENT)
    assert model.section("months").facts[0][0] == "In no month"


def test_months_that_add_up_leave_nothing_over(run):
    parts = run.report.months.hedged_mean
    months = dataclasses.replace(run.report.months, hedged_mean=parts * (run.report.hedged.mean / parts.sum()))
    model = report_model(dataclasses.replace(run, report=dataclasses.replace(run.report, months=months)), "Acme")
    assert model.totals.in_no_month == 0.0
    assert model.section("months").facts == ()


def test_the_trades_add_up(run):
    table = report_model(run, "Acme").table("plan")
    for key in ("notional", "margin", "cost"):
        assert table.total[key].value == pytest.approx(sum(values(table, key)), abs=CENT)


def test_a_curve_that_nobody_quotes_is_said_to_be_indicative(make_run):
    assert "20 Nov 2026" in report_model(make_run(), "Acme").banner
    assert report_model(make_run(status="listed"), "Acme").banner == ""
    assert report_model(make_run(status="listed", indicative=True), "Acme").banner


def test_without_a_budget_nothing_is_compared_with_one(make_run):
    model = report_model(make_run(budget=None), "Acme")
    assert model.totals.budget is None
    assert "budget_at_risk" not in values(model.table("costs"), "measure")
    assert "Budget" not in dict(model.section("summary").facts)


def test_every_table_has_a_name_of_its_own(run):
    sections = report_model(run, "Acme").sections
    names = [item.table.name for s in sections for item in (*s.beside, *s.listings)]
    names += [item.twin.name for s in sections for item in s.exhibits]
    assert len(names) == len(set(names))


def test_assumptions_notices_files_and_settings_are_in_it(run):
    model = report_model(run, "Acme")
    lines = [line for note in model.section("method").notes for line in note.lines]
    for text in (*run.model.assumptions, *run.plan.notices, *run.report.notices, *run.exposure.notices):
        assert text[:1].upper() + text[1:] in lines
    assert values(model.table("files"), "file") == [None, None]
    assert [row["file"].text for row in model.table("files").rows] == ["consumption.csv", "market/index.csv"]
    assert ("seed", "7") in model.section("provenance").facts


def test_a_what_if_says_which_run_it_changes_and_how(run):
    changed = {"based_on": "aaaabbbbccccdddd", "changes": {"volume": 0.1, "credit_line": 250_000.0}}
    manifest = dataclasses.replace(run.manifest, causes=run.manifest.causes | changed)
    model = report_model(dataclasses.replace(run, manifest=manifest), "Acme")
    assert model.origin == "What-if on run aaaabbbbccccdddd: volume growth 0.1, credit line 250000"
    assert report_model(run, "Acme").origin == ""


def test_every_change_of_a_what_if_has_words(run):
    own = {"model": "JumpDiffusion", "parameters": {"sigma": 0.5, "kappa": 2.0}}
    own["program"] = to_plain(run.plan.program)
    changes = {field.name: 0.5 for field in dataclasses.fields(Changes)} | own
    causes = run.manifest.causes | {"based_on": "aaaabbbbccccdddd", "changes": changes}
    manifest = dataclasses.replace(run.manifest, causes=causes)
    told = report_model(dataclasses.replace(run, manifest=manifest), "Acme").origin
    assert told.count("0.5") == len(changes) - 2
    assert "price model Jump diffusion, own values sigma 0.5, kappa 2" in told
    assert "another programme: mean cvar, futures" in told
