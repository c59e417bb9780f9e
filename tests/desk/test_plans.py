"""Plans: studies of a run's plan, of stored runs and of answers that nobody has saved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hedgedesk import plan_study
from hedgedesk.desk import Desk
from hedgedesk.desk import plans as module
from hedgedesk.desk.places import sample
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, InputError, NeedsScenarios
from hedgedesk.domain.strategies import ModelPlans

PATIENCE = 180.0
MORE = Changes(volume=0.10, risk_weight=3.0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A copy of the sample desk without futures that runs in a moment, and its own data folder."""
    folder = tmp_path / "desk"
    shutil.copytree(sample(), folder, ignore=shutil.ignore_patterns("usage", "futures.csv", "*.py", "__pycache__"))
    (folder / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    made = Desk(folder, tmp_path / "own")
    yield made
    made.close()


@pytest.fixture
def base(desk: Desk) -> str:
    return desk.run_and_keep().manifest.run_id


def by_hand() -> ModelPlans:
    return ModelPlans(
        models=("RandomWalk", "Bootstrap"),
        plans=("RandomWalk", "Bootstrap", "minimax_regret", "robust", "proposed"),
        columns=("2027-02",),
        positions=np.array([[1.0], [2.0], [1.5], [1.5], [1.0]]),
        objective=np.array([[5.0, 9.0], [6.0, 8.0], [5.4, 8.4], [5.5, 8.3], [5.0, 9.0]]),
        refused={"TwoFactor": "too short"},
    )


def test_frontier_and_strategies_of_a_stored_run_are_worked_out_once(desk, base, monkeypatch):
    frontier, strategies = desk.plans.frontier(base), desk.plans.strategies(base)
    assert frontier.proposed.cvar == pytest.approx(desk.result(base).report.hedged.cvar)
    assert [line.name for line in strategies.lines][-1] == "proposed"
    monkeypatch.setattr(plan_study, "frontier", None)
    monkeypatch.setattr(plan_study, "strategies", None)
    assert desk.plans.frontier(base) is frontier
    assert desk.plans.strategies(base) is strategies


def test_an_answer_that_nobody_has_saved_is_studied_over_its_own_forecast(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    found, report = desk.plans.frontier(run_id), desk.result(run_id).report
    assert found.open.mean == pytest.approx(report.unhedged.mean)
    assert found.proposed.cvar == pytest.approx(report.hedged.cvar)
    assert found.proposed.risk_weight == 3.0
    lines = {line.name: line for line in desk.plans.strategies(run_id).lines}
    assert lines["proposed"].cvar == pytest.approx(report.hedged.cvar)


def test_a_saved_answer_is_studied_after_a_restart(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    before = desk.plans.frontier(run_id)
    desk.what_ifs.save(run_id, "more")
    again = Desk(desk.folder, desk.data)
    assert again.plans.frontier(run_id) == before


def test_scenarios_that_are_gone_are_drawn_again_by_a_job(desk, base):
    before = desk.plans.frontier(base)
    desk.store.scenario_cache.path(desk.result(base).manifest.scenario_id).unlink()
    again = Desk(desk.folder, desk.data)
    with pytest.raises(NeedsScenarios, match="a job draws them again"):
        again.plans.frontier(base)
    state = again.wait(again.plans.redraw(base), PATIENCE)
    assert state.status == "done", state
    assert again.plans.frontier(base) == before
    again.close()


def test_a_run_that_is_not_kept_has_no_studies(desk):
    for verb in (desk.plans.frontier, desk.plans.strategies, desk.plans.start_models):
        with pytest.raises(HedgeDeskError, match="not kept"):
            verb("0123456789abcdef")


def test_a_run_that_was_removed_since_has_no_studies_left(desk, base):
    desk.plans.frontier(base)
    desk.remove_run(base)
    with pytest.raises(HedgeDeskError, match="not kept"):
        desk.plans.frontier(base)


def test_the_past_of_the_futures_is_looked_back_on_once(desk, base):
    found = desk.plans.history(base)
    assert found.months.size == 0, "this desk has no futures"
    assert found.ladder == "bands"
    assert desk.plans.history(base) is found


@pytest.mark.parametrize("name", ["trades.txt", "no/such/trades.csv"])
def test_a_list_of_trades_needs_a_known_ending_and_a_folder(desk, base, tmp_path, name):
    with pytest.raises(InputError, match=r"ends in neither|does not exist"):
        desk.plans.trades(base, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_plan_and_studies_are_written_as_json(desk, base, tmp_path):
    desk.plans.numbers(base, {"strategies": desk.plans.strategies(base)}, tmp_path / "plan.json")
    told = json.loads((tmp_path / "plan.json").read_text())
    assert told["run_id"] == base
    assert [line["name"] for line in told["strategies"]["lines"]] == [
        "nothing",
        "everything",
        "layered",
        "minimum_variance",
        "proposed",
    ]
    assert {use["rule"] for use in told["limits"]} >= {"band_min", "credit_line"}
    assert told["options"] == [], "the plan of this desk takes none"


def test_plans_under_every_model_are_kept_for_their_run_alone(desk, base):
    assert desk.plans.models(base) is None
    module.write_plans(by_hand(), desk.plans.place(base))
    found = desk.plans.models(base)
    assert found.worst_regret.tolist() == pytest.approx([1.0, 1.0, 0.4, 0.5, 1.0])
    assert found.refused == {"TwoFactor": "too short"}
    run_id = desk.what_ifs.answer(base, MORE)
    assert desk.plans.models(run_id) is None
    state = desk.job(desk.plans.start_models(base))
    assert (state.status, state.kind) == ("done", "plans")
    assert state.result == {"plans": desk.plans.place(base).name, "models": 2, "refused": 1}


def test_a_job_plans_an_unsaved_answer_under_every_model(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    state = desk.wait(desk.plans.start_models(run_id), PATIENCE)
    assert state.status == "done", state.failure
    found = desk.plans.models(run_id)
    assert found.models[0] == "RandomWalk"
    assert {"TwoFactor", "TwoFactorJumps"} <= set(found.refused), "they need a history of futures"
    own = found.plans.index("proposed"), 0
    assert found.regret[own] >= -1e-6 * abs(found.objective[own])
    assert desk.plans.across_models(run_id).objective.tolist() == found.objective.tolist()
