"""What two runs were made of, where it differs."""

from __future__ import annotations

import dataclasses

from hedgedesk.reports.comparison.inputs import inputs_table


def with_causes(run, **causes):
    return dataclasses.replace(run, manifest=dataclasses.replace(run.manifest, causes=run.manifest.causes | causes))


def changed(a, b):
    table = inputs_table(a, b)
    return {(row["kind"].text, row["name"].text): (row["a"].text, row["b"].text) for row in table.rows}


def test_the_same_inputs_have_no_differences(run):
    assert changed(run, run) == {}


def test_files_settings_rules_and_versions_that_differ_are_named(run, make_run):
    files = run.manifest.causes["files"] | {"consumption.csv": "c" * 64, "book.csv": "d" * 64}
    settings = run.manifest.causes["settings"] | {"scenarios": 50_000}
    other = with_causes(make_run(budget=12_000_000.0), files=files, settings=settings, versions={"hedgedesk": "0.2.0"})
    assert changed(run, other) == {
        ("File", "consumption.csv"): ("a" * 12, "c" * 12),
        ("File", "book.csv"): ("not there", "d" * 12),
        ("Setting", "scenarios"): ("20,000", "50,000"),
        ("Programme", "Budget"): ("11,600,000", "12,000,000"),
        ("Version", "hedgedesk"): ("0.1.0", "0.2.0"),
        ("Version", "numpy"): ("2.4.6", "not there"),
    }


def test_a_what_if_names_its_changes(run):
    other = with_causes(run, changes={"volume": 0.1}, based_on=run.manifest.run_id)
    assert changed(run, other) == {("What if", "Volume growth"): ("not there", "+10%")}


def test_bands_are_told_in_words(run):
    program = dataclasses.replace(run.plan.program, bands=run.plan.program.bands[:1])
    other = dataclasses.replace(run, plan=dataclasses.replace(run.plan, program=program))
    assert changed(run, other) == {
        ("Programme", "Policy bands"): ("months 1–12: 30% to 72%; months 13–24: 10% to 50%", "months 1–12: 30% to 72%")
    }


def test_a_what_if_with_another_model_names_it_and_its_parameters(run):
    asked = {"model": "StepPrice", "parameters": {"down_rate": 2.5}}
    other = with_causes(run, changes=asked, based_on=run.manifest.run_id)
    assert changed(run, other) == {
        ("What if", "model"): ("not there", "StepPrice"),
        ("What if", "parameters"): ("not there", "down_rate 2.5"),
    }
