"""Plans under every model: how far each is from the best one, and which is least bad over all."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.tables import model_plans as tables
from hedgedesk.reports.tables import plans_shelf


@pytest.fixture(scope="module")
def found(studies):
    return studies.model_plans()


def test_a_plan_is_told_by_what_it_is_best_for(found):
    table = tables.models_table(found, "CNY")
    assert [row["plan"].text for row in table.rows] == [
        "Best for Two-factor",
        "Best for Regimes",
        "Best for Random walk",
        "Least regret at worst",
        "Least cost at worst",
        "Proposed",
    ]
    assert [column.title for column in table.columns[2:]] == ["Two-factor", "Regimes", "Random walk"]


def test_regret_is_the_objective_above_the_best_plan_of_the_same_model(found):
    rows = tables.models_table(found, "CNY").rows
    assert [rows[k][f"model{k}"].value for k in range(3)] == [0.0, 0.0, 0.0]
    assert rows[3]["worst"].value == pytest.approx(300_000.0)
    assert rows[5]["model1"].value == pytest.approx(550_000.0)


def test_words_say_what_the_proposed_plan_and_the_least_bad_one_can_miss(found):
    words = tables.models_words(found, "CNY").replace("\u00a0", " ")
    assert "the proposed plan would miss the best one by at most 550.0 CNY k (Regimes)." in words
    assert words.endswith("The plan of least regret misses it by at most 300.0 CNY k (Regimes).")


def test_a_plan_that_is_as_good_as_any_says_so(found):
    level = np.full((6, 3), 12.0e6) + np.array([0.0, 1.0, 0.0, 1.0, 2.0, 3.0])[:, None]
    same = dataclasses.replace(found, objective=level)
    words = tables.models_words(same, "CNY")
    assert words.startswith("Whichever of the 3 models is right, no plan is better than the proposed one.")
    assert words.endswith("The plan of least regret is as good as the best one under each.")


def test_a_model_that_cannot_be_had_says_what_it_needs(found):
    assert tables.refusals(found) == ("Bootstrap cannot be had: Bootstrap needs 60 weekly changes; 34 are there",)


def test_positions_are_told_by_contract_and_plan(found):
    table = tables.positions_table(found)
    assert [row["column"].text for row in table.rows] == ["2026-12", "2027-01"]
    assert table.rows[0]["plan0"].value == 100.0


@pytest.mark.parametrize("name", sorted(plans_shelf.TABLES))
def test_every_table_of_the_studies_is_on_the_shelf_with_unlike_titles(name, run, studies):
    made = {"frontier": studies.frontier, "strategies": studies.strategies, "models": studies.model_plans}
    made["history"] = studies.history
    table = plans_shelf.table(name, made[plans_shelf.study_of(name)](), run)
    assert table.rows
    titles = [column.title for column in table.columns]
    assert len(set(titles)) == len(titles)


def test_an_unknown_table_is_refused_with_the_names_there_are():
    with pytest.raises(HedgeDeskError, match=r"'nothing'.*frontier.*strategies"):
        plans_shelf.study_of("nothing")
