"""Exposure fills its leaves from the run alone; the switch changes its charts and nothing else."""

from __future__ import annotations

import dataclasses
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from hedgedesk.dashboard.pages import exposure
from hedgedesk.dashboard.pages.exposure import forecast
from hedgedesk.dashboard.pages.inputs.drafting import Held
from hedgedesk.domain.draft import ModelChange

RUN = "7f3a9c2e51d04b86"
STUDY = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "sample_study.py"))
EDGES = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "page_runs.py"))


def test_the_view_fills_exactly_its_leaves_and_the_charts_theirs(run):
    assert set(exposure.view(run)) == set(exposure.LEAVES)
    assert set(exposure.charts(run, "tokens")) == set(exposure.CHARTS)
    assert not set(exposure.LEAVES) & set(exposure.CHARTS)


@pytest.mark.parametrize("edge", ["nothing_open", "without_contracts", "before_quantiles"])
def test_runs_at_the_edge_are_shown(run, edge):
    case = EDGES[edge](run)
    assert set(exposure.view(case)) == set(exposure.LEAVES)
    for unit in ("tokens", "standard", "money"):
        assert set(exposure.charts(case, unit)) == set(exposure.CHARTS)


@pytest.mark.parametrize("months", [1, 60])
def test_short_and_long_horizons_are_shown(run, months):
    rows = exposure.view(EDGES["of_months"](run, months))["exposure-months.rowData"]
    assert len(rows) == months


def test_every_number_of_the_first_row_has_a_unit_or_is_a_share(run):
    shown = exposure.view(run)
    for name in exposure.BLANKS:
        value = shown[f"exposure-{name}-value.children"]
        assert value.endswith("%") or shown[f"exposure-{name}-unit.children"], name


def test_the_switch_offers_the_units_that_differ(run):
    offered = [choice["label"] for choice in exposure.view(run)["exposure-unit.data"]]
    assert offered == ["Tokens", "M\u00a0STU", "Money"]
    raw = dataclasses.replace(run, fan=dataclasses.replace(run.fan, unit="tokens"))
    assert [choice["value"] for choice in exposure.view(raw)["exposure-unit.data"]] == ["tokens", "money"]


def test_the_switch_draws_both_charts_in_its_unit(call):
    for unit, words in (("tokens", "thousand Mtok"), ("money", "CNY\u00a0k at today's curve")):
        answer = call(
            "exposure-open.figure", session_run__data=RUN, exposure_unit__value=unit, exposure_by__value="model"
        )
        shown = answer.json["response"]
        assert shown["exposure-open-unit"]["children"] == words
        assert shown["exposure-map"]["figure"]["data"][0]["type"] == "heatmap"
        assert len(answer.data) < 1_000_000


def test_without_a_run_nothing_is_drawn(call):
    answer = call(
        "exposure-open.figure", session_run__data=None, exposure_unit__value="tokens", exposure_by__value="model"
    )
    assert answer.status_code == 204


def test_the_whole_page_is_one_small_answer(call):
    answer = call("exposure-months.rowData", session_run__data=RUN)
    assert answer.status_code == 200
    assert len(answer.data) < 200_000
    assert answer.json["response"]["exposure-value-unit"]["children"] == "CNY\u00a0m"


@pytest.mark.parametrize("place", ["exposure-open", "exposure-map"])
def test_the_table_behind_a_chart_is_made_when_it_is_asked_for(call, place):
    asked = {f"{place}-twin.n_clicks": 1, "session-run.data": RUN}
    shown = call(f"{place}-table.children", **asked).json["response"]
    assert shown[f"{place}-figure"]["hidden"] is True
    assert "Mtok" in json.dumps(shown[f"{place}-table"]["children"])


def test_the_fifth_number_is_where_the_year_lands_and_the_largest_model_without_it(run):
    assert exposure.view(run)["exposure-last-label.children"] == "Largest model, share of open"
    landed = dataclasses.replace(run, report=dataclasses.replace(run.report, landing=STUDY["sample_landing"]()))
    shown = exposure.view(landed)
    assert shown["exposure-last-label.children"] == "Landing of 2026"
    assert shown["exposure-landing-title.children"] == "Landing of 2026"
    assert shown["exposure-landing.figure"]["data"]


def test_without_a_landing_its_chart_says_when_there_will_be_one(run):
    shown = exposure.view(run)
    assert shown["exposure-landing.figure"]["data"] == []
    assert "usage" in shown["exposure-landing-alt.children"]


def test_the_map_offers_teams_only_where_the_forecast_names_them(run):
    use = run.exposure
    share = np.ones((*use.forecast_mtok.shape, 1))
    of_teams = dataclasses.replace(run, exposure=dataclasses.replace(use, teams=("search",), team_share=share))
    assert [choice["value"] for choice in exposure.view(run)["exposure-by.data"]] == ["model"]
    assert [choice["value"] for choice in exposure.view(of_teams)["exposure-by.data"]] == ["model", "team"]
    assert exposure.charts(run, "tokens", "team")["exposure-map-title.children"] == "Open by month and model"
    assert exposure.charts(of_teams, "tokens", "team")["exposure-map-title.children"] == "Open by month and team"


@pytest.mark.parametrize(("section", "shown"), [("usage", "usage"), ("nowhere", "open")])
def test_a_link_opens_a_part_and_an_unknown_one_the_first(desk, section, shown):
    page = exposure.layout(desk, section=section)
    bodies = {c.id: c.hidden for c in page._traverse() if str(getattr(c, "id", "")).endswith("-body")}
    assert [name for name, hidden in bodies.items() if not hidden] == [f"exposure-{shown}-body"]


def test_a_forecast_from_usage_says_whose_teams_it_changes_before_it_is_kept():
    asked = []
    usages = SimpleNamespace(
        adoption_changes=lambda draft: (ModelChange("gpt-6", ("proj_a",), ("search",)),),
        adopt=lambda draft, *, keep_teams: asked.append((draft, keep_teams)),
    )
    desk, mine = SimpleNamespace(usages=usages), Held("d1", "edit", "key")
    assert "the lines of search gave way" in forecast.adopt(desk, mine, keep_teams=False)
    assert "shared among the teams" in forecast.adopt(desk, mine, keep_teams=True)
    assert asked == [("d1", False), ("d1", True)]
