"""Market fills its scenarios from the run alone, and its index from the desk."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from hedgedesk.dashboard.pages import market
from hedgedesk.dashboard.pages.market import index, places
from hedgedesk.domain import price_index
from hedgedesk.domain.errors import InputError

RUN = "7f3a9c2e51d04b86"
INDEX = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "index_study.py"))["index_study"]
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


def test_an_index_fills_exactly_its_leaves(run):
    assert set(index.view(INDEX(), run.fan)) == set(index.STUDY_LEAVES)
    assert set(index.view(INDEX())) == set(index.STUDY_LEAVES)
    assert set(index.constituents(INDEX(), "2026-09-20")) == set(index.CONSTITUENT_LEAVES)


def test_every_decision_of_the_audit_can_be_filtered_and_read_whole():
    shown = index.view(INDEX())
    columns = shown["market-audit.columnDefs"]
    assert [column["field"] for column in columns] == ["date", "rule", "subject", "found", "action"]
    assert all(column["floatingFilter"] and column["wrapText"] for column in columns)
    assert len(shown["market-audit.rowData"]) == 2
    assert shown["market-audit-open.children"] == "Open the audit (2)"


def test_the_print_offered_first_is_the_newest_with_weights():
    shown = index.view(INDEX())
    assert shown["market-print.value"] == "2026-10-04"
    assert [each["value"] for each in shown["market-print.data"]][:2] == ["2026-10-04", "2026-09-27"]


def test_the_half_that_is_not_shown_asks_for_no_index(call, desk):
    assert call("market-own.figure", market_part__value="scenarios", session_run__data=RUN).status_code == 204
    assert desk.indices == []


def test_a_method_is_asked_for_and_said_with_the_index_that_the_contract_settles_on(call, run):
    asked = {"market-index-method.value": "quality_constant", "session-run.data": RUN, "market-part.value": "index"}
    shown = call("market-own.figure", **asked).json["response"]
    assert shown["market-own-title"]["children"] == "Own index: constant quality"
    assert f"settles on {run.fan.index}" in shown["market-index-settles"]["children"]
    assert shown["market-index-section"]["data-asked"] == "quality_constant.week.on"
    assert shown["market-index-empty"]["hidden"] is True


def test_the_desks_own_method_is_taken_until_one_is_chosen(call, desk):
    shown = call("market-own.figure", market_part__value="index").json["response"]
    assert desk.indices == [(None, None, True)]
    assert shown["market-index-method"]["value"] == "matched_list"
    assert "settles on" not in shown["market-index-settles"]["children"].partition(":")[0]


def test_without_the_screens_the_bare_prints_are_shown(call):
    asked = {"market-index-screens.value": "off", "market-part.value": "index"}
    shown = call("market-own.figure", **asked).json["response"]
    assert shown["market-newest-value"]["children"] == "120.00"
    assert shown["market-index-section"]["data-asked"] == "matched_list.week.off"


def test_what_is_missing_is_said_with_the_file_that_would_give_it(call):
    asked = {"market-index-method.value": "realised", "market-part.value": "index"}
    shown = call("market-own.figure", **asked).json["response"]
    assert "usage/" in shown["market-index-why"]["children"]
    assert "realised needs usage" in shown["market-index-why"]["children"]
    assert (shown["market-index-found"]["hidden"], shown["market-index-empty"]["hidden"]) == (True, False)
    assert shown["market-audit-open"]["disabled"] is True
    assert "market-own" not in shown


def test_the_constituents_of_another_print_are_shown(call):
    asked = {"market-print.value": "2026-09-20", "market-index-section.data-asked": "matched_list.week.on"}
    shown = call("market-constituents.rowData", **asked, **{"market-index-empty.hidden": True}).json["response"]
    assert len(shown["market-constituents"]["rowData"]) == 3
    empty = call("market-constituents.rowData", **asked, **{"market-index-empty.hidden": False})
    assert empty.status_code == 204


def test_the_prints_stand_behind_the_chart_when_they_are_asked_for(call):
    asked = {"market-own-twin.n_clicks": 1, "market-index-section.data-asked": "matched_list.week.on"}
    shown = call("market-own-table.children", **asked).json["response"]
    assert shown["market-own-table"]["hidden"] is False
    assert "20 Sep 2026" in json.dumps(shown["market-own-table"]["children"])


def test_every_method_and_frequency_that_there_is_can_be_chosen():
    assert (places.METHODS, places.FREQUENCIES) == (price_index.METHODS, price_index.FREQUENCIES)


@pytest.mark.parametrize("asked", ["matched_list.week.on", "realised.month.off", "quality_constant.week.off"])
def test_what_was_asked_is_told_in_one_word(asked):
    assert index.told(index.heard(asked)) == asked


def test_a_link_opens_the_half_that_it_names(desk):
    hidden = {
        part: {
            c.id: c.hidden
            for c in market.layout(desk, part=part)._traverse()
            if getattr(c, "id", None) in (market.SCENARIOS, places.SECTION)
        }
        for part in (None, "index")
    }
    assert hidden[None] == {market.SCENARIOS: False, places.SECTION: True}
    assert hidden["index"] == {market.SCENARIOS: True, places.SECTION: False}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("matched_list.week.on/audit.csv", 200),
        ("matched_list.month.off/audit.xlsx", 200),
        ("realised.week.on/audit.csv", 404),
        ("matched_list.day.on/audit.csv", 404),
        ("matched_list.week.on/weights.csv", 404),
        ("matched_list.week.on/audit.exe", 404),
        ("..%2f..%2f.week.on/audit.csv", 404),
    ],
)
def test_tables_of_the_index_are_files_under_their_own_address(client, address, status):
    answer = client.get(f"/download/index/{address}")
    assert answer.status_code == status
    assert "attachment" in answer.headers.get("Content-Disposition", "") or status == 404


def test_what_an_index_cannot_be_made_of_is_said_instead_of_a_file(client):
    answer = client.get("/download/index/realised.week.on/audit.csv")
    assert answer.get_data(as_text=True) == str(InputError("realised needs usage"))
