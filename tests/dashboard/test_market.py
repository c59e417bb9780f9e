"""Market fills its leaves from the run alone."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard.pages import market

RUN = "7f3a9c2e51d04b86"
EDGES = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "page_runs.py"))


def test_the_view_fills_exactly_its_leaves(run):
    assert set(market.view(run)) == set(market.LEAVES)


def test_a_run_without_contracts_is_shown(run):
    shown = market.view(EDGES["without_contracts"](run))
    assert set(shown) == set(market.LEAVES)
    assert shown["market-slope-value.children"] == "–"


@pytest.mark.parametrize("months", [1, 60])
def test_short_and_long_horizons_are_shown(run, months):
    assert len(market.view(EDGES["of_months"](run, months))["market-quantiles.rowData"]) == months


def test_parameters_stand_with_their_errors_and_meaning(call):
    answer = call("market-quantiles.rowData", session_run__data=RUN)
    words = json.dumps(answer.json["response"]["market-parameters"]["children"], ensure_ascii=False)
    for part in ("kappa", "1.49", "0.03", "Speed at which a short-term move fades"):
        assert part in words
    assert len(answer.data) < 400_000


def test_why_the_model_was_chosen_is_the_first_note(run):
    first = market.view(run)["market-assumptions.children"][0]
    assert first.children == "Choice of the model: the default."


@pytest.mark.parametrize("place", ["market-fan", "market-curve"])
def test_the_table_behind_a_chart_is_made_when_it_is_asked_for(call, place):
    asked = {f"{place}-twin.n_clicks": 1, "session-run.data": RUN}
    shown = call(f"{place}-table.children", **asked).json["response"]
    assert shown[f"{place}-table"]["hidden"] is False
    assert "9.70" in json.dumps(shown[f"{place}-table"]["children"])
