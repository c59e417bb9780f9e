"""The map of what is open has a row a model or team, its numbers in its cells, and the same sum however it is cut."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.domain.open_volume import MEASURES, open_by_line, open_by_team
from hedgedesk.reports import figures
from hedgedesk.reports.figures.heatmap import STRENGTH
from hedgedesk.reports.paint import plotly


@pytest.fixture
def of_teams(run):
    """The run with three teams, one without a name; the first uses half of every line."""
    use = run.exposure
    share = np.broadcast_to(np.array([0.5, 0.3, 0.2]), (*use.forecast_mtok.shape, 3))
    return dataclasses.replace(run, exposure=dataclasses.replace(use, teams=("search", "chat", ""), team_share=share))


@pytest.mark.parametrize("measure", MEASURES)
def test_teams_and_models_add_up_to_the_same_months(of_teams, measure):
    by_line, by_team = open_by_line(of_teams, measure), open_by_team(of_teams, measure)
    assert by_team.sum(axis=1) == pytest.approx(by_line.sum(axis=1))
    assert by_team[:, 0] == pytest.approx(by_line.sum(axis=1) / 2)


def test_a_run_without_teams_has_no_team_in_any_month(run):
    assert open_by_team(run, "tokens").shape == (24, 0)


def test_the_map_by_team_names_the_teams_the_largest_on_top(of_teams):
    chart = figures.open_map(of_teams, "tokens", "team")
    assert [words.strip() for _, words in chart.y.ticks] == ["search", "chat", "no team"]
    assert chart.title == "Open by month and team"
    assert "search 1,692.9" in chart.alt


def test_a_cell_has_its_number_in_it_and_is_pale_enough_to_read_it(run):
    chart = figures.open_map(run, "tokens", "model")
    months = run.exposure.months.size
    inside = [label.text for label in chart.labels if label.where == "data"]
    assert len(inside) == months
    assert inside[0] == "89"
    assert chart.marks[0].strength == STRENGTH
    painted = plotly(chart)["data"][0]
    assert painted["colorscale"][1][1].endswith(",0.38)")


def test_many_months_leave_the_numbers_to_the_pointer_and_the_table(run, edges):
    chart = figures.open_map(edges.of_months(run, 60), "tokens", "model")
    assert [label for label in chart.labels if label.where == "data"] == []
    assert len(chart.marks[0].told_cells[0]) == 60
    assert len(json.dumps(plotly(chart))) < 1_000_000
