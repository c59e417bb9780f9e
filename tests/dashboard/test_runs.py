"""The runs page: what its grids hold, and what a comparison shows or says."""

from __future__ import annotations

import dataclasses
import json

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard.pages import runs
from hedgedesk.dashboard.pages.runs import actions, compare, stored
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.workspace import Deed, RunLine

RUN = "7f3a9c2e51d04b86"
OTHER = "0badcafe00000001"


def line(run_id=RUN, **parts):
    told = RunLine(
        run_id=run_id,
        name=None,
        kind="run",
        based_on=None,
        changes="",
        desk="Sample desk",
        key="k1",
        made_at="2026-11-21T09:05:00+00:00",
        made_by="lin",
        as_of="2026-11-20",
        model="TwoFactor",
        scenarios=20_000,
        seed=7,
        currency="CNY",
        level=0.95,
        mean=10.9e6,
        cvar=15.5e6,
        unhedged_cvar=17.9e6,
        seconds=4.2,
    )
    return dataclasses.replace(told, **parts)


class TwoRuns:
    """A desk that has stored the same run twice."""

    def __init__(self, run) -> None:
        other = dataclasses.replace(run, manifest=dataclasses.replace(run.manifest, run_id=OTHER))
        self.held = {RUN: run, OTHER: other}

    def result(self, run_id):
        if run_id not in self.held:
            raise HedgeDeskError(f"run {run_id} is not stored")
        return self.held[run_id]

    def run_line(self, run_id):
        return line(run_id, name="Base case") if run_id == RUN else None


@pytest.fixture
def two(run):
    return TwoRuns(run)


def plain(component):
    return json.dumps(component.to_plotly_json(), default=lambda c: c.to_plotly_json())


def test_a_view_fills_exactly_its_leaves(run):
    assert set(runs.view(run)) == set(runs.LEAVES)
    assert set(stored.view([line()], [], "k1", RUN)) == set(stored.LEAVES)
    assert set(compare.view(run, run, ("one", "other"))) == set(compare.LEAVES)


def test_stored_runs_fill_the_grid_and_can_be_selected_by_their_id():
    shown = stored.view([line(), line(OTHER, key="k2")], [], "k1", RUN)
    assert [row["id"] for row in shown[f"{stored.GRID}.rowData"]] == [RUN, OTHER]
    assert [row["state_text"] for row in shown[f"{stored.GRID}.rowData"]] == ["shown", "other inputs"]
    assert shown[f"{stored.GRID}.dashGridOptions"]["rowSelection"]["mode"] == "multiRow"
    assert shown[f"{stored.GRID}-unit.children"].startswith("2 runs")
    assert not shown["runs-filled.hidden"]
    assert shown["runs-empty.hidden"]


def test_without_a_run_there_is_a_way_on_instead_of_an_empty_grid():
    shown = stored.view([], [], "k1", None)
    assert shown["runs-filled.hidden"]
    assert not shown["runs-empty.hidden"]


def test_a_long_list_is_turned_page_by_page():
    many = [line(f"{k:016x}") for k in range(21)]
    assert stored.view(many, [], "k1", None)[f"{stored.GRID}.dashGridOptions"]["pagination"]
    assert "pagination" not in stored.view(many[:20], [], "k1", None)[f"{stored.GRID}.dashGridOptions"]


def test_deeds_are_told_below():
    deed = Deed("2026-11-21T09:05:00+00:00", "lin", "ran", RUN, "")
    shown = stored.view([], [deed], "k1", None)
    assert shown[f"{stored.LOG}.rowData"][0]["what_text"] == "Ran the desk"
    assert shown[f"{stored.LOG}-unit.children"].startswith("1 entr")


def test_the_manifest_drawer_opens_with_every_input(run):
    shown = stored.sheet(run, line())
    assert not shown[f"{stored.SHEET}.hidden"]
    assert "a" * 64 in json.dumps([json.loads(plain(c)) for c in shown[f"{stored.SHEET_BODY}.children"]])


def test_two_runs_are_compared_by_name_and_by_id(two):
    shown = compare.compared(two, {"a": RUN, "b": OTHER})
    assert shown[f"{compare.NAMES}.children"] == (
        "A: Base case, run 7f3a9c2e as of 20 Nov 2026 · B: run 0badcafe as of 20 Nov 2026 · differences are B less A"
    )
    assert not shown[f"{compare.SECTION}.hidden"]
    assert not shown[f"{compare.FOUND}.hidden"]
    assert len(shown[f"{compare.MEASURES}.rowData"]) == 15


def test_a_run_that_is_gone_is_said_in_the_comparisons_place(two):
    shown = compare.compared(two, {"a": RUN, "b": "gone"})
    assert "run gone is not stored" in shown[f"{compare.VERDICT}.children"]
    assert not shown[f"{compare.SECTION}.hidden"]
    assert shown[f"{compare.FOUND}.hidden"]
    assert shown[f"{compare.MEASURES}.rowData"] is no_update


def test_without_a_pair_there_is_no_comparison(two):
    assert compare.compared(two, None)[f"{compare.SECTION}.hidden"]


def test_a_link_to_a_comparison_restores_it():
    def pair(**query):
        page = runs.layout(None, **query)
        return next(part.data for part in page._traverse() if getattr(part, "id", None) == compare.PAIR)

    assert pair(a=RUN, b=OTHER) == {"a": RUN, "b": OTHER}
    assert pair() is None
    assert pair(a=RUN) is None


def test_one_selected_row_is_needed():
    assert actions.chosen([{"id": RUN}]) == RUN
    for rows in (None, [], [{"id": RUN}, {"id": OTHER}]):
        with pytest.raises(PreventUpdate):
            actions.chosen(rows)
