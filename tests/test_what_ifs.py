"""What if: answered at once on the loaded scenarios, by a job where they need new ones, saved or thrown away."""

from __future__ import annotations

import dataclasses
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.desk import Desk
from hedgedesk.desk import what_ifs as room
from hedgedesk.desk.memory import deed
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, NeedsScenarios
from hedgedesk.domain.run import RunManifest
from hedgedesk.domain.values import to_plain

PATIENCE = 120.0
MORE = Changes(volume=0.10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A copy of the sample desk that runs in a moment, and its own data folder."""
    folder = tmp_path / "desk"
    shutil.copytree(desk_room.sample(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    made = Desk(folder, tmp_path / "own")
    yield made
    made.close()


@pytest.fixture
def base(desk: Desk) -> str:
    return desk.run_and_keep().manifest.run_id


def follow(desk: Desk, job_id: str):
    state = desk.wait(job_id, PATIENCE)
    assert state.status == "done", state
    return desk.finished(job_id)


def test_an_answer_is_a_run_that_the_desk_finds_and_nobody_has_saved(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    run = desk.result(run_id)
    assert run_id != base
    assert run.exposure.forecast_mtok.sum() == pytest.approx(1.1 * desk.result(base).exposure.forecast_mtok.sum())
    assert run.scenarios is None
    assert desk.what_ifs.base_of(run_id) == (base, MORE)
    assert not desk.what_ifs.is_saved(run_id)
    assert desk.what_ifs.is_saved(base)
    assert [line.run_id for line in desk.runs()] == [base]


def test_what_changes_nothing_is_the_run_itself(desk, base):
    assert desk.what_ifs.answer(base, Changes()) == base
    assert desk.what_ifs.base_of(base) is None


def test_the_same_changes_are_solved_once(desk, base, monkeypatch):
    run_id = desk.what_ifs.answer(base, MORE)
    from hedgedesk import pipeline

    monkeypatch.setattr(pipeline, "replan", None)
    assert desk.what_ifs.answer(base, MORE) == run_id


def test_what_if_upon_a_what_if_is_against_the_run_at_its_root(desk, base):
    first = desk.what_ifs.answer(base, MORE)
    second = desk.what_ifs.answer(first, Changes(risk_weight=3.0))
    root, changes = desk.what_ifs.base_of(second)
    assert root == base
    assert changes.told() == pytest.approx({"volume": 0.10, "risk_weight": 3.0})


def test_a_saved_answer_is_a_run_with_a_name_after_a_restart(desk, base):
    run_id = desk.what_ifs.answer(base, Changes(risk_weight=3.0))
    before = desk.result(run_id)
    desk.what_ifs.save(run_id, "bolder")
    again = Desk(desk.folder, desk.data)
    line = again.run_line(run_id)
    assert (line.name, line.kind, line.based_on) == ("bolder", "what_if", base)
    assert "3" in line.changes
    assert again.result(run_id).as_json() == before.as_json()
    assert again.what_ifs.base_of(run_id) == (base, Changes(risk_weight=3.0))
    assert again.what_ifs.is_saved(run_id)
    assert desk.deeds()[0].what == "saved_what_if"


def test_a_run_that_is_no_what_if_is_not_saved_as_one(desk, base):
    with pytest.raises(HedgeDeskError, match="no what-if"):
        desk.what_ifs.save(base, "again")


def test_a_discarded_answer_is_gone(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    desk.what_ifs.discard(run_id)
    desk.what_ifs.discard(run_id)
    with pytest.raises(HedgeDeskError, match="nobody saved"):
        desk.result(run_id)


def test_a_saved_answer_that_is_removed_is_gone(desk, base):
    run_id = desk.what_ifs.answer(base, MORE)
    desk.what_ifs.save(run_id, "more")
    desk.remove_run(run_id)
    with pytest.raises(HedgeDeskError, match="removed"):
        desk.result(run_id)


def test_rules_that_contradict_one_another_are_told_and_nothing_is_kept(desk, base):
    with pytest.raises(Infeasible, match="credit line"):
        desk.what_ifs.answer(base, Changes(credit_line=1.0))
    assert [line.run_id for line in desk.runs()] == [base]


def test_another_view_of_the_price_needs_a_job_and_the_job_answers_it(desk, base):
    wider = Changes(volatility=1.5, volume=0.10)
    with pytest.raises(NeedsScenarios, match="needs a job"):
        desk.what_ifs.answer(base, wider)
    job = desk.what_ifs.start(base, wider)
    assert desk.job(job).kind == "what_if"
    assert desk.job(job).title
    run_id = follow(desk, job)
    assert desk.what_ifs.base_of(run_id) == (base, wider)
    assert not desk.what_ifs.is_saved(run_id)
    spread = desk.result(run_id).report.unhedged.standard_deviation
    assert spread > 1.2 * desk.result(base).report.unhedged.standard_deviation
    assert desk.what_ifs.start(base, wider) == job


def test_a_view_of_the_price_once_drawn_answers_other_changes_at_once(desk, base):
    view = {"volatility": 1.5, "risk_premium": 0.1}
    follow(desk, desk.what_ifs.start(base, Changes(**view, volume=-0.1)))
    both = Changes(**view, risk_weight=3.0, volume=0.1)
    run_id = desk.what_ifs.answer(base, both)
    quick = desk.result(run_id)
    desk.what_ifs.discard(run_id)
    assert follow(desk, desk.what_ifs.start(base, both)) == run_id
    whole = desk.result(run_id)
    assert whole is not quick
    assert whole.manifest.scenario_id == quick.manifest.scenario_id
    assert whole.plan.lots.tolist() == quick.plan.lots.tolist()
    assert whole.report.hedged.cvar == pytest.approx(quick.report.hedged.cvar, rel=1e-9)
    assert whole.model == quick.model
    assert desk.what_ifs.base_of(run_id) == (base, both)
    with pytest.raises(NeedsScenarios):
        desk.what_ifs.answer(base, Changes(volatility=1.6))


def test_a_saved_view_of_the_price_answers_at_once_after_a_restart(desk, base):
    run_id = follow(desk, desk.what_ifs.start(base, Changes(volatility=0.5)))
    desk.what_ifs.save(run_id, "calm")
    again = Desk(desk.folder, desk.data)
    bolder = again.result(again.what_ifs.answer(base, Changes(volatility=0.5, risk_weight=3.0)))
    assert bolder.report.unhedged == desk.result(run_id).report.unhedged
    assert bolder.fan.quantile_per_mtok.tolist() == desk.result(run_id).fan.quantile_per_mtok.tolist()


def test_scenarios_that_are_no_longer_kept_are_drawn_again_by_a_job(desk, base):
    expected = desk.what_ifs.answer(base, MORE)
    fresh = Desk(desk.folder, desk.data)
    shutil.rmtree(desk.data / "scenarios")
    with pytest.raises(NeedsScenarios, match="needs a job"):
        fresh.what_ifs.answer(base, MORE)
    run_id = follow(fresh, fresh.what_ifs.start(base, MORE))
    assert run_id == expected
    assert fresh.result(run_id).report.hedged == desk.result(expected).report.hedged
    assert fresh.what_ifs.answer(base, Changes(risk_weight=2.0)) == desk.what_ifs.answer(base, Changes(risk_weight=2.0))
    fresh.close()


def test_the_answers_longest_not_asked_for_go_first(desk, base, monkeypatch):
    monkeypatch.setattr(room, "KEPT", 2)
    first, second = (desk.what_ifs.answer(base, Changes(risk_weight=w)) for w in (2.0, 3.0))
    desk.result(first)
    desk.what_ifs.answer(base, Changes(risk_weight=4.0))
    assert desk.what_ifs.found(first) is not None
    assert desk.what_ifs.found(second) is None


def test_pages_read_on_while_an_answer_is_solved(desk, base, monkeypatch):
    from hedgedesk import pipeline

    replan, read = pipeline.replan, []

    def looking(*arguments, **more):
        reader = threading.Thread(target=lambda: read.append(desk.result(base).manifest.run_id))
        reader.start()
        reader.join(PATIENCE)
        return replan(*arguments, **more)

    monkeypatch.setattr(pipeline, "replan", looking)
    desk.what_ifs.answer(base, MORE)
    assert read == [base]


def test_scenarios_are_held_within_a_bound_of_bytes_and_the_newest_always(desk, base, monkeypatch):
    monkeypatch.setattr(room, "LOADED_BYTES", 1)
    first = desk.result(base).manifest.scenario_id
    desk.what_ifs.answer(base, MORE)
    assert list(desk.what_ifs._scenarios) == [first]
    job = desk.what_ifs.start(base, Changes(volatility=1.5))
    follow(desk, job)
    desk.what_ifs.answer(desk.finished(job), MORE)
    assert len(desk.what_ifs._scenarios) == 1
    assert first not in desk.what_ifs._scenarios


def test_saved_twice_at_once_it_is_one_line_in_the_audit_log(desk, base):
    answer = desk.what_ifs.answer(base, MORE)
    gate = threading.Barrier(3)

    def save() -> None:
        gate.wait(PATIENCE)
        desk.what_ifs.save(answer, "Tenth more")

    threads = [threading.Thread(target=save) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [deed.what for deed in desk.deeds()] == ["saved_what_if", "ran"]


def test_an_answer_whose_base_was_removed_can_still_be_handed_over(desk, base):
    answer = desk.what_ifs.answer(base, MORE)
    desk.remove_run(base)
    assert desk.desk_of(answer) == desk.name
    with pytest.raises(HedgeDeskError, match="is not kept"):
        desk.what_ifs.save(answer, "Orphan")


def test_another_model_with_parameters_of_ones_own_is_a_what_if_that_later_changes_keep(desk, base):
    other = Changes(model="RandomWalk", parameters={"sigma": 1.2})
    job = desk.what_ifs.start(base, other)
    assert "sigma 1.2" in desk.job(job).title
    run_id = follow(desk, job)
    drawn = desk.result(run_id)
    assert drawn.model.view == {"sigma": 1.2}
    assert drawn.report.unhedged.standard_deviation > 1.5 * desk.result(base).report.unhedged.standard_deviation
    both = desk.what_ifs.answer(run_id, Changes(risk_weight=3.0))
    assert desk.what_ifs.base_of(both) == (
        base,
        Changes(risk_weight=3.0, model="RandomWalk", parameters={"sigma": 1.2}),
    )
    assert desk.result(both).report.unhedged == drawn.report.unhedged
    assert desk.result(both).manifest.causes["settings"]["view"] == {"sigma": 1.2}


def as_made_by_an_earlier_version(desk, run_id):
    """Keep the run again as it was written before four settings and one package were known; its id."""
    run, line = desk.result(run_id), desk.run_line(run_id)
    causes = json.loads(json.dumps(run.manifest.causes))
    for name in ("precision", "sampling", "margin_grid", "view"):
        del causes["settings"][name]
    del causes["versions"]["arch"]
    manifest = RunManifest.of(causes, {"settings": causes["settings"]}, run.manifest.outcomes)
    earlier = dataclasses.replace(run, manifest=manifest)
    desk.store.save_run(
        earlier, dataclasses.replace(line, run_id=manifest.run_id), None, deed("ran", manifest.run_id, "earlier")
    )
    scenarios = desk.data / "scenarios"
    shutil.copy(scenarios / f"{run.manifest.scenario_id}.npz", scenarios / f"{manifest.scenario_id}.npz")
    return manifest.run_id


def test_a_run_of_an_earlier_version_is_answered_at_once_and_its_new_views_answer_later_changes(desk, base):
    earlier = as_made_by_an_earlier_version(desk, base)
    quick = desk.what_ifs.answer(earlier, MORE)
    assert desk.result(quick).report.hedged == desk.result(desk.what_ifs.answer(base, MORE)).report.hedged
    assert desk.what_ifs.base_of(quick) == (earlier, MORE)
    follow(desk, desk.what_ifs.start(earlier, Changes(volatility=1.5)))
    both = desk.what_ifs.answer(earlier, Changes(volatility=1.5, volume=0.1))
    assert desk.what_ifs.base_of(both)[0] == earlier


def test_a_run_of_an_earlier_version_stays_the_base_when_its_scenarios_are_gone(desk, base):
    earlier = as_made_by_an_earlier_version(desk, base)
    shutil.rmtree(desk.data / "scenarios")
    run_id = follow(desk, desk.what_ifs.start(earlier, MORE))
    assert desk.what_ifs.base_of(run_id) == (earlier, MORE)
    desk.what_ifs.save(run_id, "against the earlier one")
    assert desk.run_line(run_id).based_on == earlier


def test_a_programme_that_limits_margin_along_the_path_is_drawn_once_and_then_answers_at_once(desk, base):
    program = dataclasses.replace(desk.result(base).plan.program, credit_line=600_000.0, credit_line_level=0.95)
    changes = Changes(program=to_plain(program))
    with pytest.raises(NeedsScenarios):
        desk.what_ifs.answer(base, changes)
    first = follow(desk, desk.what_ifs.start(base, changes))
    again = desk.what_ifs.answer(first, Changes(risk_weight=2.0))
    assert desk.what_ifs.base_of(again) == (base, Changes(program=to_plain(program), risk_weight=2.0))
    assert "liquidity" in {use.rule for use in desk.result(again).plan.limits}
    assert desk.result(again).manifest.scenario_id == desk.result(first).manifest.scenario_id
