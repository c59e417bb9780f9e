"""The use cases: same files and settings, same run; what is kept is found again; what is wrong is said."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.desk import Desk, data_folder
from hedgedesk.desk.folders import desk_files
from hedgedesk.desk.memory import STORE_FILE
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.errors import HedgeDeskError, InputError, StoreError
from hedgedesk.store import FILE

PATIENCE = 120.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample desk that runs in a moment."""
    copy = tmp_path / "desk"
    shutil.copytree(desk_room.sample(), copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (copy / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    return copy


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the desk keeps its own files; not there before it keeps any."""
    return tmp_path / "home"


@pytest.fixture
def desk(folder: Path, home: Path) -> Iterator[Desk]:
    made = Desk(folder, home)
    yield made
    made.close()


def follow(desk: Desk, job_id: str):
    return desk.wait(job_id, PATIENCE)


def ran(desk: Desk) -> str:
    """Id of a run made and kept here and now, as the job's child does."""
    return desk.run_and_keep().manifest.run_id


def changed(folder: Path) -> None:
    (folder / "settings.toml").write_text('scenarios = 401\nmodel = "RandomWalk"\n', encoding="utf-8")


def test_without_a_folder_it_is_the_sample_desk(home):
    desk = Desk(data=home)
    assert desk.sample
    assert desk.folder == desk_room.sample()
    assert (desk.opened().kind, desk.opened().workspace, desk.opened().undoable) == ("sample", None, False)


def test_looking_makes_no_file_and_opens_no_store(desk, home):
    assert desk.opened().kind == "folder"
    assert (desk.runs(), desk.desks(), desk.deeds(), desk.newest()) == ((), (), (), None)
    assert desk.run_line("gone") is None
    assert desk.check().settings.scenarios == 400
    assert desk.open_sample().kind == "sample"
    assert not home.exists()


def test_a_first_start_needs_neither_numbers_nor_a_database(home):
    code = (
        "import sys; from pathlib import Path; from hedgedesk.desk import Desk, assets\n"
        "desk = Desk(data=Path(sys.argv[1])); desk.require_store(); desk.opened(); desk.newest(); assets()\n"
        "print(sorted({'numpy', 'pandas', 'sqlalchemy', 'sqlite3'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_check_gives_the_inputs_and_refuses_with_every_fault(desk, folder):
    assert desk.check().settings.scenarios == 400
    (folder / "program.toml").write_text('currency = "USD"\nlevel = 7\nbudget = "much"\n', encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        desk.check()
    assert len(refusal.value.faults) >= 2


def test_flags_beat_the_settings_file_and_a_run_here_and_now_keeps_nothing(desk, home):
    told = []
    run = desk.run(None, {"scenarios": 300}, tick=lambda fraction, text: told.append(fraction))
    assert run.report.scenarios == 300
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert not home.exists()


def test_a_job_gives_the_numbers_of_a_run_here_and_now(desk):
    job = desk.start_run()
    assert follow(desk, job).status == "done", desk.job(job)
    run_id = desk.finished(job)
    here = desk.run()
    assert run_id == here.manifest.run_id
    assert desk.result(run_id).report.hedged == here.report.hedged
    assert desk.result(run_id).plan.lots.tolist() == here.plan.lots.tolist()


def test_only_the_id_of_a_run_crosses_from_the_child(folder, home):
    spec = {"folder": str(folder), "overrides": {}, "desk": "mine", "data": str(home)}
    told = desk_room.run_folder(spec, lambda *_: None)
    assert told == {"run_id": Desk(folder, home).newest()}


def test_a_kept_run_is_found_after_a_restart_without_running(desk, folder, home):
    run_id = ran(desk)
    again = Desk(folder, home)
    assert again.newest() == run_id
    assert again.result(run_id).record() == desk.result(run_id).record()
    job = again.start_run()
    assert again.job(job).status == "done"
    assert again.finished(job) == run_id
    assert again.start_run(retry=False) == job


def test_a_kept_run_says_what_it_is_of(desk, folder):
    run_id = ran(desk)
    line, run = desk.run_line(run_id), desk.result(run_id)
    assert desk.runs() == (line,)
    assert (line.run_id, line.kind, line.desk, line.key) == (run_id, "run", "desk", desk.opened().key)
    assert (line.scenarios, line.model, line.seed) == (400, "RandomWalk", 1)
    assert (line.mean, line.cvar) == (run.report.hedged.mean, run.report.hedged.cvar)
    assert line.seconds > 0
    assert desk.desk_of(run_id) == "desk"
    assert [(deed.what, deed.subject) for deed in desk.deeds()] == [("ran", run_id)]
    assert desk.store.scenarios(run.manifest.scenario_id).count == 400


def test_the_very_files_of_a_run_are_kept_and_the_users_own_are_not_touched(desk, folder):
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    run_id = ran(desk)
    kept = desk.folder_of(run_id)
    (folder / "consumption.csv").write_text("spoilt", encoding="utf-8")
    assert (kept / "consumption.csv").read_bytes() == before[folder / "consumption.csv"]
    assert not (kept / "README.md").exists()
    (folder / "consumption.csv").write_bytes(before[folder / "consumption.csv"])
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before


def test_the_same_files_are_run_once_and_changed_files_anew(desk, folder):
    job = desk.start_run()
    follow(desk, job)
    assert desk.start_run() == job
    assert not desk.is_stale(desk.finished(job))
    changed(folder)
    assert desk.is_stale(desk.finished(job))
    assert desk.newest() is None
    again = desk.start_run()
    assert again != job
    assert follow(desk, again).status == "done"
    assert desk.result(desk.finished(again)).report.scenarios == 401
    assert desk.result(desk.finished(job)).report.scenarios == 400
    assert [state.id for state in desk.jobs()] == [again, job]


def test_settings_that_say_the_same_as_the_file_find_the_same_run(desk):
    run_id = ran(desk)
    job = desk.start_run({"scenarios": 400})
    assert follow(desk, job).status == "done"
    assert desk.finished(job) == run_id
    assert len(desk.runs()) == 1
    assert desk.job(desk.start_run({"scenarios": 400})).status == "done"


def test_a_run_of_other_versions_is_made_again(desk, folder, home, monkeypatch):
    run_id = ran(desk)
    monkeypatch.setattr("hedgedesk.desk.running._version", lambda name: "0.0")
    later = Desk(folder, home)
    job = later.start_run()
    assert later.job(job).active
    assert follow(later, job).status == "done"
    assert later.finished(job) == run_id  # here the versions were the same after all


def test_a_cancelled_run_is_started_anew_and_keeps_nothing(desk):
    job = desk.start_run()
    desk.cancel(job)
    assert desk.job(job).status == "cancelled"
    assert desk.finished(job) is None
    assert desk.start_run(retry=False) == job
    assert desk.start_run() != job


def test_a_run_that_nobody_kept_says_so(desk):
    assert desk.job("gone") is None
    assert desk.job(None) is None
    with pytest.raises(HedgeDeskError, match="not kept"):
        desk.result("gone")
    assert desk.is_stale("gone")
    ran(desk)
    assert desk.is_stale("gone")


def test_a_missing_folder_is_told_by_the_run(tmp_path, home):
    desk = Desk(tmp_path / "nowhere", home)
    state = follow(desk, desk.start_run())
    assert state.status == "failed"
    assert "nowhere" in state.failure.text or state.failure.faults
    assert desk.runs() == ()
    desk.close()


def test_the_faults_of_a_folder_come_back_from_the_job(desk, folder):
    (folder / "program.toml").write_text('currency = "USD"\nlevel = 7\n', encoding="utf-8")
    state = follow(desk, desk.start_run())
    assert state.status == "failed"
    assert {fault.file for fault in state.failure.faults} == {"program.toml"}


def test_a_named_run_is_found_by_its_name_its_beginning_or_as_the_newest(desk, folder):
    first = ran(desk)
    changed(folder)
    second = ran(desk)
    desk.name_run(first, "  Budget  2027 ")
    assert desk.run_line(first).name == "Budget 2027"
    assert desk.find_run("Budget 2027").run_id == first
    assert desk.find_run(second[:7]).run_id == second
    assert desk.find_run("latest").run_id == second
    for unknown in ("Budget", ""):
        with pytest.raises(InputError, match=second):
            desk.find_run(unknown)
    with pytest.raises(StoreError, match="already called"):
        desk.name_run(second, "Budget 2027")
    with pytest.raises(InputError, match="1 to 80"):
        desk.name_run(second, "x" * 81)
    with pytest.raises(StoreError, match="not stored"):
        desk.name_run("gone", "name")
    desk.name_run(first, " ")
    assert desk.run_line(first).name is None


def test_a_name_survives_the_same_run_made_again(desk):
    desk.name_run(ran(desk), "mine")
    ran(desk)
    assert [line.name for line in desk.runs()] == ["mine"]


def test_a_removed_run_is_gone_and_can_be_made_again(desk):
    job = desk.start_run()
    follow(desk, job)
    run_id = desk.finished(job)
    desk.remove_run(run_id)
    desk.remove_run(run_id)
    assert desk.runs() == ()
    assert [deed.what for deed in desk.deeds()] == ["removed", "ran"]
    with pytest.raises(HedgeDeskError, match="not kept"):
        desk.result(run_id)
    assert desk.start_run() != job


def test_the_first_keeping_makes_a_desk_and_the_next_a_revision_that_can_be_undone(desk, folder, home):
    own = desk.opened()
    kept = desk.keep(folder, "Mine", "imported", new=False)
    assert (kept.kind, kept.name, kept.revision, kept.undoable, kept.key) == ("kept", "Mine", 1, False, own.key)
    changed(folder)
    edited = desk.keep(folder, "Mine", "edited", new=False)
    assert (edited.workspace, edited.revision, edited.undoable) == (kept.workspace, 2, True)
    assert edited.key != kept.key
    assert desk.check().settings.scenarios == 401
    back = desk.undo()
    assert back == kept
    assert desk.check().settings.scenarios == 400
    assert desk.undo() == kept
    assert [deed.what for deed in desk.deeds()] == ["undone", "edited", "imported"]


def test_a_revision_after_an_undo_is_undone_to_the_one_it_was_made_of(desk, folder):
    first = desk.keep(folder, "Mine", "imported", new=True)
    changed(folder)
    desk.keep(folder, "Mine", "edited", new=False)
    desk.undo()
    (folder / "settings.toml").write_text('scenarios = 402\nmodel = "RandomWalk"\n', encoding="utf-8")
    third = desk.keep(folder, "Mine", "edited", new=False)
    assert third.revision == 3
    assert desk.undo() == first


def test_keeping_what_is_kept_already_makes_no_revision(desk, folder):
    kept = desk.keep(folder, "Mine", "imported", new=True)
    assert desk.keep(folder, "Mine", "edited", new=False) == kept
    assert len(desk.deeds()) == 1


def test_the_desk_that_was_open_last_is_open_after_a_restart(desk, folder, home):
    kept = desk.keep(folder, "Mine", "imported", new=True)
    other = desk.keep(desk_room.sample(), "Other", "imported", new=True)
    assert Desk(data=home).opened() == other
    assert desk.open_kept(kept.workspace) == kept
    assert Desk(data=home).opened() == kept
    assert {one.name for one in desk.desks()} == {"Mine", "Other"}
    desk.open_sample()
    assert Desk(data=home).sample
    assert Desk(folder, home).opened().kind == "folder"
    with pytest.raises(StoreError, match="no desk is kept"):
        desk.open_kept("gone")


def test_a_run_of_a_kept_desk_is_stale_after_an_edit_and_fresh_after_undo(desk, folder):
    desk.keep(folder, "Mine", "imported", new=True)
    run_id = ran(desk)
    changed(folder)
    assert not desk.is_stale(run_id)  # a kept desk does not follow the folder it came from
    desk.keep(folder, "Mine", "edited", new=False)
    assert desk.is_stale(run_id)
    desk.undo()
    assert not desk.is_stale(run_id)
    assert desk.newest() == run_id


def test_a_confirmed_import_is_a_desk_of_its_own_with_one_line_in_the_log(desk, folder):
    own = desk.opened()
    files = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in folder.rglob("*.*ml")]
    files += [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in folder.rglob("*.csv*")]
    draft = desk.drafts.receive(files)
    assert follow(desk, desk.drafts.start_reading(draft)).status == "done"
    assert desk.desks() == ()
    kept = desk.confirm(draft, "Mine", new=True)
    assert (kept.kind, kept.name, kept.key) == ("kept", "Mine", own.key)
    assert [(deed.what, deed.subject) for deed in desk.deeds()] == [("imported", "Mine")]
    assert desk.check().settings.scenarios == 400
    with pytest.raises(InputError, match="no longer here"):
        desk.drafts.preview(draft)


def test_a_confirmed_edit_is_the_next_revision(desk, folder):
    kept = desk.keep(folder, "Mine", "imported", new=True)
    draft = desk.drafts.copy_of(kept.folder, kept.name)
    table = desk.drafts.table(draft, "consumption.csv")
    desk.drafts.edit(draft, "consumption.csv", [CellEdit("cell", table.lines[0], "mtok", "123456")])
    edited = desk.confirm(draft, "Mine", new=False)
    assert (edited.workspace, edited.revision) == (kept.workspace, 2)
    assert "123456" in (edited.folder / "consumption.csv").read_text(encoding="utf-8")
    assert "123456" not in (kept.folder / "consumption.csv").read_text(encoding="utf-8")
    assert desk.deeds()[0].what == "edited"


def test_kept_files_that_were_changed_by_hand_are_not_run(desk, folder):
    kept = desk.keep(folder, "Mine", "imported", new=True)
    changed(kept.folder)
    state = follow(desk, desk.start_run())
    assert state.status == "failed"
    assert "changed by hand" in state.failure.text
    assert desk.keep(folder, "Mine", "imported", new=False) == kept
    assert follow(desk, desk.start_run()).status == "done"


def test_a_desk_needs_a_name(desk, folder):
    for name in ("", "  ", "x" * 81):
        with pytest.raises(InputError, match="1 to 80"):
            desk.keep(folder, name, "imported", new=True)
    assert desk.desks() == ()


def test_a_saved_what_if_is_a_run_of_the_same_files_beside_the_newest(desk):
    run_id = ran(desk)
    answer = desk.what_ifs.answer(run_id, Changes(volume=0.1))
    assert desk.result(answer).manifest.run_id == answer
    assert desk.run_line(answer) is None
    assert not desk.is_stale(answer)
    assert desk.desk_of(answer) == "desk"
    desk.what_ifs.save(answer, "More volume")
    line = desk.run_line(answer)
    assert (line.kind, line.based_on, line.name, line.desk) == ("what_if", run_id, "More volume", "desk")
    assert desk.newest() == run_id
    assert not desk.is_stale(answer)
    assert desk.deeds()[0].what == "saved_what_if"


def test_a_what_if_upon_nothing_is_not_kept(desk):
    run = desk.run()
    with pytest.raises(HedgeDeskError, match="not stored"):
        desk.keep_what_if(run, based_on="gone", changes="", name="x")


def test_a_report_is_written_in_the_format_of_its_ending_and_noted(desk, tmp_path):
    run_id = ran(desk)
    desk.report(run_id, tmp_path / "out.html")
    assert run_id in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert (desk.deeds()[0].what, desk.deeds()[0].subject) == ("reported", run_id)


def test_a_report_made_by_a_job_is_noted_when_it_is_written(desk):
    run_id = ran(desk)
    job = desk.papers.start_report(run_id, ".html")
    assert follow(desk, job).status == "done", desk.job(job)
    assert desk.finished(job) is None  # it is no run
    assert run_id in desk.papers.report_file(run_id, ".html").read_text(encoding="utf-8")
    assert (desk.deeds()[0].what, desk.deeds()[0].subject) == ("reported", run_id)


def test_a_folder_that_cannot_be_written_fails_the_run_before_it_is_made(folder, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    desk = Desk(folder, tmp_path / "file")
    state = follow(desk, desk.start_run())
    assert state.status == "failed"
    assert str(tmp_path / "file") in state.failure.text
    assert state.failure.text.count("\n") == 0


def test_a_damaged_store_is_told_and_left_as_it_is(folder, home):
    home.mkdir()
    (home / STORE_FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=STORE_FILE):
        Desk(data=home).opened()
    assert (home / STORE_FILE).read_bytes() == b"not a database at all" * 100


def test_desk_and_store_mean_the_same_file():
    assert STORE_FILE == FILE


def test_a_run_in_one_line_has_every_field_of_the_table():
    from hedgedesk.domain.workspace import RunLine
    from hedgedesk.store.tables import RUNS

    assert {field.name for field in dataclasses.fields(RunLine)} | {"record"} == set(RUNS.c.keys())


def test_own_files_live_where_asked_else_where_the_environment_says_else_where_the_platform_keeps_them(
    tmp_path, own_data_folder, monkeypatch
):
    assert data_folder(tmp_path) == tmp_path
    assert data_folder() == own_data_folder
    assert Desk(data=tmp_path).data == tmp_path
    monkeypatch.delenv("HEDGEDESK_DATA")
    assert data_folder().name == "HedgeDesk"


def at_once(*deeds):
    """Do all of it at the same time, each in a thread of its own; what each gives or how it is refused."""
    gate, given = threading.Barrier(len(deeds)), [None] * len(deeds)

    def attempt(number, deed):
        gate.wait(PATIENCE)
        try:
            given[number] = deed()
        except HedgeDeskError as error:
            given[number] = error

    threads = [threading.Thread(target=attempt, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return given


def test_a_draft_confirmed_twice_at_once_is_one_whole_desk(desk):
    draft = desk.drafts.copy_of(desk.folder, "Mine")
    desk.drafts.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "5")])
    names = {name for name, _ in desk_files(desk.folder)}
    given = at_once(*[lambda: desk.confirm(draft, "Mine")] * 4)
    assert len({opened.workspace for opened in given}) == 1
    assert len(desk.desks()) == 1
    assert {name for name, _ in desk_files(desk.folder)} == names
    assert [deed.what for deed in desk.deeds()] == ["edited"]


def test_a_draft_thrown_away_while_it_is_confirmed_is_kept_whole_or_not_at_all(desk):
    names = {name for name, _ in desk_files(desk.folder)}
    for number in range(4):
        draft = desk.drafts.copy_of(desk.folder, "Mine")
        desk.drafts.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", str(number))])
        at_once(lambda draft=draft: desk.confirm(draft, "Mine"), lambda draft=draft: desk.drafts.discard(draft))
        for kept in desk.desks():
            assert {name for name, _ in desk_files(desk.open_kept(kept.workspace).folder)} == names


@pytest.mark.parametrize("name", ["\x00", "a\x1b[31m", "\u202egpj", "x\u2066y", "half \ud800"])
def test_a_name_with_characters_that_nobody_sees_is_refused(desk, name):
    with pytest.raises(InputError, match="can be seen"):
        desk.keep(desk.folder, name, "imported", new=True)
    assert desk.desks() == ()


@pytest.mark.parametrize("name", ["Söhne & Co", "树 desk", "😀", "<b>", 'a"b', "../x"])
def test_any_name_that_can_be_seen_is_kept_as_it_is(desk, name):
    assert desk.keep(desk.folder, name, "imported", new=True).name == name
