"""The use cases: same files and settings, same run; what is wrong is said, not raised through the screen."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.desk import Desk, content_key, data_folder
from hedgedesk.domain.errors import HedgeDeskError, InputError

PATIENCE = 120.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample desk that runs in a moment."""
    copy = tmp_path / "desk"
    shutil.copytree(desk_room.sample(), copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (copy / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    return copy


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    made = Desk(folder)
    yield made
    made.close()


def follow(desk: Desk, job_id: str):
    return desk.wait(job_id, PATIENCE)


def test_without_a_folder_it_is_the_sample_desk():
    assert Desk().sample
    assert Desk().folder == desk_room.sample()


def test_check_gives_the_inputs_and_refuses_with_every_fault(desk, folder):
    assert desk.check().settings.scenarios == 400
    (folder / "program.toml").write_text('currency = "USD"\nlevel = 7\nbudget = "much"\n', encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        desk.check()
    assert len(refusal.value.faults) >= 2


def test_flags_beat_the_settings_file(desk):
    told = []
    run = desk.run(None, {"scenarios": 300}, tick=lambda fraction, text: told.append(fraction))
    assert run.report.scenarios == 300
    assert told[0] == 0.0
    assert told[-1] == 1.0


def test_a_job_gives_the_numbers_of_a_run_here_and_now(desk):
    job = desk.start_run()
    state = follow(desk, job)
    assert state.status == "done", state
    run_id = desk.finished(job)
    here = desk.run()
    assert run_id == here.manifest.run_id
    assert desk.result(run_id).report.hedged == here.report.hedged
    assert desk.result(run_id).plan.lots.tolist() == here.plan.lots.tolist()


def test_the_same_files_are_run_once_and_changed_files_anew(desk, folder):
    job = desk.start_run()
    follow(desk, job)
    assert desk.start_run() == job
    (folder / "settings.toml").write_text('scenarios = 401\nmodel = "RandomWalk"\n', encoding="utf-8")
    again = desk.start_run()
    assert again != job
    assert follow(desk, again).status == "done"
    assert desk.result(desk.finished(again)).report.scenarios == 401
    assert desk.result(desk.finished(job)).report.scenarios == 400


def test_a_cancelled_run_is_started_anew(desk):
    job = desk.start_run()
    desk.cancel(job)
    assert desk.job(job).status == "cancelled"
    assert desk.finished(job) is None
    assert desk.start_run() != job


def test_a_run_that_is_not_in_memory_says_so(desk):
    assert desk.job("gone") is None
    assert desk.job(None) is None
    with pytest.raises(HedgeDeskError, match="run again"):
        desk.result("gone")


def test_the_key_follows_contents_and_settings_alone(folder):
    key = content_key(folder, {})
    assert content_key(folder, {}) == key
    assert content_key(folder, {"seed": 2}) != key
    (folder / "notes.txt").write_text("not read by a run", encoding="utf-8")
    assert content_key(folder, {}) == key
    (folder / "book.csv").write_bytes((folder / "book.csv").read_bytes() + b"\n")
    assert content_key(folder, {}) != key


def test_a_missing_folder_is_told_by_the_run(tmp_path):
    desk = Desk(tmp_path / "nowhere")
    state = follow(desk, desk.start_run())
    assert state.status == "failed"
    assert "nowhere" in state.failure.text or state.failure.faults
    desk.close()


def test_the_record_of_a_run_is_all_that_crosses_from_the_child(folder):
    record = desk_room.run_folder({"folder": str(folder), "overrides": {}}, lambda *_: None)
    assert record["scenarios"] is None
    assert set(record) == {f.name for f in dataclasses.fields(desk_room.Desk(folder).run())}


def test_own_files_live_where_asked_else_where_the_environment_says_else_where_the_platform_keeps_them(
    tmp_path, own_data_folder, monkeypatch
):
    assert data_folder(tmp_path) == tmp_path
    assert data_folder() == own_data_folder
    assert Desk(data=tmp_path).data == tmp_path
    monkeypatch.delenv("HEDGEDESK_DATA")
    assert data_folder().name == "HedgeDesk"
