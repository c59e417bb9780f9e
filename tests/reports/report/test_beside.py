"""A report of a plan beside others: its sections are there where the studies are, and only there."""

from __future__ import annotations

import json

import pytest

from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.reports.report.beside import PlanStudies
from hedgedesk.reports.report.html import report_html
from hedgedesk.reports.report.model import report_model


@pytest.fixture(scope="module")
def beside(studies):
    return PlanStudies(studies.frontier(), studies.strategies(), studies.model_plans(), studies.history())


@pytest.fixture(scope="module")
def model(run, studies, beside):
    return report_model(studies.with_choices(run), "Acme", beside)


def test_a_report_without_studies_says_nothing_of_them(run):
    assert "ways" not in [section.key for section in report_model(run, "Acme").sections]
    assert report_model(run, "Acme").find("strategies") is None


def test_frontier_strategies_regret_and_models_stand_after_the_plan(model):
    assert [section.key for section in model.sections][3:5] == ["plan", "ways"]
    assert [item.twin.name for item in model.section("ways").exhibits] == ["frontier"]
    assert [item.table.name for item in model.section("ways").listings] == ["strategies", "past", "models"]
    assert [item.table.name for item in model.section("ways").beside] == ["regret"]


def test_strategies_alone_need_no_frontier(run, studies):
    section = report_model(run, "Acme", PlanStudies(strategies=studies.strategies())).section("ways")
    assert section.exhibits == ()
    assert [item.table.name for item in section.listings] == ["strategies"]


def test_a_report_of_some_studies_says_that_the_models_were_not_compared(run, studies):
    for models, said in ((None, True), (studies.model_plans(), False)):
        found = PlanStudies(strategies=studies.strategies(), models=models)
        (note,) = report_model(run, "Acme", found).section("ways").notes
        assert any("have not been worked out" in line for line in note.lines) == said


def test_a_past_without_months_says_nothing(run, studies):
    assert not PlanStudies(history=studies.history(0)).any
    section = report_model(run, "Acme", PlanStudies(history=studies.history())).section("ways")
    assert [item.table.name for item in section.listings] == ["past"]
    assert "in layers" in section.notes[0].lines[0]


def test_the_plan_says_why_and_what_is_taken_of_other_instruments(model):
    section = model.section("plan")
    assert "choices" in [item.table.name for item in section.listings]
    assert any("Credit line binds" in row["why"].text for row in model.table("why").rows)


def test_the_cost_of_trading_counts_other_instruments_too(model, run):
    assert model.totals.transaction_cost == pytest.approx(run.plan.transaction_cost.sum() + 120.0)


def test_the_page_shows_them_all(model):
    page = report_html(model)
    for part in (
        "What else could we do?",
        "Least variance",
        "In layers, on the past of the futures",
        "Best for Regimes",
        "winter cap",
        "More room saves",
    ):
        assert part in page


def test_studies_travel_to_the_job_that_writes_the_report(beside):
    back = from_plain(PlanStudies, json.loads(json.dumps(to_plain(beside))))
    assert (back.frontier, back.strategies) == (beside.frontier, beside.strategies)
    assert back.history.paid_per_mtok.tolist() == beside.history.paid_per_mtok.tolist()
    assert back.models.regret.tolist() == beside.models.regret.tolist()
    assert from_plain(PlanStudies, to_plain(PlanStudies())) == PlanStudies()
