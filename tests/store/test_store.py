"""What is kept is found again, whole; what cannot be kept is said, and nothing that was there is lost."""

from __future__ import annotations

import dataclasses
import random
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update
from sqlalchemy.exc import IntegrityError

from hedgedesk.domain.errors import StoreError
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.workspace import Deed, RunLine
from hedgedesk.store import FILE, Store
from hedgedesk.store.tables import RUNS, SCHEMA_STEPS

LINE = RunLine(
    run_id="a1",
    name=None,
    kind="run",
    based_on=None,
    changes="",
    desk="Mine",
    key="k1",
    made_at="2026-11-21T10:00:00.000+00:00",
    made_by="treasurer",
    as_of="2026-11-20",
    model="TwoFactor",
    scenarios=20_000,
    seed=7,
    currency="USD",
    level=0.95,
    mean=1.25,
    cvar=1.5,
    unhedged_cvar=2.0,
    seconds=3.5,
)


def done(what: str = "ran", subject: str = "a1", at: str = "2026-11-21T10:00:00+00:00") -> Deed:
    return Deed(at, "treasurer", what, subject, "detail")


def saved(store: Store, run: HedgeRun, settings=None, **parts) -> RunLine:
    line = dataclasses.replace(LINE, **parts)
    store.save_run(run, line, settings, done(subject=line.run_id))
    return line


def raw(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(store.place)


def test_a_run_comes_back_number_for_number(store, run):
    line = saved(store, run)
    assert Store(Path(store.place).parent).run("a1").record() == run.record()
    assert store.line("a1") == line
    assert store.lines() == (line,)
    assert (store.run("b2"), store.line("b2")) == (None, None)


def test_runs_are_listed_the_newest_first(store, run):
    for run_id, hour in (("a1", 10), ("c3", 12), ("b2", 11)):
        saved(store, run, run_id=run_id, made_at=f"2026-11-21T{hour}:00:00.000+00:00")
    assert [line.run_id for line in store.lines()] == ["c3", "b2", "a1"]


def test_a_question_is_answered_by_its_files_and_settings_alone(store, run):
    saved(store, run, {"seed": 7, "model": "TwoFactor"})
    answer = store.answer("k1", {"model": "TwoFactor", "seed": 7})
    assert answer.run_id == "a1"
    assert answer.versions == run.manifest.causes.get("versions", {})
    assert store.answer("k2", {"model": "TwoFactor", "seed": 7}) is None
    assert store.answer("k1", {}) is None


def test_a_question_asked_again_is_answered_by_the_newer_run(store, run):
    saved(store, run, {})
    saved(store, run, {}, run_id="b2")
    assert store.answer("k1", {}).run_id == "b2"
    assert {line.run_id for line in store.lines()} == {"a1", "b2"}


def test_one_run_may_answer_for_several_folders(store, run):
    saved(store, run, {})
    saved(store, run, {}, key="k2")
    assert len(store.lines()) == 1
    assert [store.is_made_of("a1", key) for key in ("k1", "k2", "k3")] == [True, True, False]
    assert [store.newest(key) for key in ("k1", "k2", "k3")] == ["a1", "a1", None]


def test_the_newest_is_a_run_and_no_what_if(store, run):
    saved(store, run, {})
    saved(store, run, run_id="w1", kind="what_if", based_on="a1", made_at="2026-11-22T10:00:00.000+00:00")
    assert store.newest("k1") == "a1"
    assert store.is_made_of("w1", "k1")


def test_a_removed_run_takes_its_answers_along_and_leaves_its_deeds(store, run):
    saved(store, run, {})
    store.remove_run("a1", done("removed"))
    store.remove_run("a1", done("removed"))
    assert (store.lines(), store.answer("k1", {}), store.newest("k1")) == ((), None, None)
    assert [deed.what for deed in store.deeds()] == ["removed", "ran"]


def test_a_run_saved_twice_is_one_and_keeps_its_name(store, run):
    saved(store, run)
    store.name_run("a1", "Budget", done("named"))
    saved(store, run, seconds=9.0)
    assert [(line.name, line.seconds) for line in store.lines()] == [("Budget", 9.0)]


def test_two_runs_cannot_have_one_name(store, run):
    saved(store, run, name="Budget")
    saved(store, run, run_id="b2")
    with pytest.raises(StoreError, match="already called 'Budget'"):
        store.name_run("b2", "Budget", done("named", "b2"))
    with pytest.raises(StoreError, match="already called 'Budget'"):
        saved(store, run, run_id="w1", name="Budget")
    assert [deed.what for deed in store.deeds()] == ["ran", "ran"]
    assert store.line("w1") is None


def test_a_record_of_another_version_is_told(store, run):
    saved(store, run)
    with raw(store) as connection:
        connection.execute("UPDATE runs SET record = x'00'")
    connection.close()
    with pytest.raises(StoreError, match=r"a1.*run again"):
        store.run("a1")
    assert store.line("a1") == LINE


def test_the_audit_log_is_only_ever_added_to(store):
    store.add_deed(done("imported"))
    store.add_deed(done("edited"))
    connection = raw(store)
    for attempt in ("UPDATE deeds SET who = 'nobody'", "DELETE FROM deeds"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            connection.execute(attempt)
    connection.close()
    assert [deed.what for deed in store.deeds()] == ["edited", "imported"]


def test_a_desk_goes_back_along_its_parents(store):
    first = store.add_workspace("Mine", "k1", "imported", done("imported"))
    second = store.add_revision(first.workspace, "Mine", "k2", "edited", done("edited"))
    assert (first.number, first.parent, second.number, second.parent) == (1, None, 2, 1)
    assert store.step_back(first.workspace, done("undone")) == first
    assert store.step_back(first.workspace, done("undone")) == first
    third = store.add_revision(first.workspace, "Ours", "k3", "edited", done("edited"))
    assert (third.number, third.parent, third.name) == (3, 1, "Ours")
    assert store.revision(first.workspace) == third
    assert [(desk.name, desk.revision) for desk in store.kept_desks()] == [("Ours", 3)]
    with pytest.raises(StoreError, match="no desk is kept"):
        store.revision("gone")


def test_it_remembers_which_desk_was_open(store):
    assert store.open_desk() is None
    kept = store.add_workspace("Mine", "k1", "imported", done("imported"))
    assert store.open_desk() == kept.workspace
    store.set_open_desk(None)
    assert store.open_desk() is None


def test_two_threads_and_two_stores_of_one_file_lose_nothing(store, run):
    stores = [store, Store(Path(store.place).parent)]

    def save(number: int) -> None:
        for step in range(5):
            saved(stores[number % 2], run, run_id=f"r{number}{step}")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.lines()) == len(store.deeds()) == 20


def test_it_lies_in_a_file_that_readers_do_not_block(store):
    connection = raw(store)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_any_database_of_sqlalchemy_will_do(tmp_path, run):
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    saved(Store(tmp_path / "home", url), run)
    assert Store(tmp_path / "home", url).line("a1") == LINE
    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "home" / FILE).exists()


def test_any_name_of_a_folder_will_do(tmp_path, run):
    home = tmp_path / "Währung & Öl #1 %20 100%?x=y"
    saved(Store(home), run)
    assert Store(home).line("a1") == LINE
    assert (home / FILE).exists()


def test_opening_again_takes_no_step_twice(store):
    Store(Path(store.place).parent)
    connection = raw(store)
    assert connection.execute("SELECT number FROM steps").fetchall() == [(n + 1,) for n in range(len(SCHEMA_STEPS))]
    connection.close()


def test_a_store_of_a_newer_version_is_left_alone(store):
    connection = raw(store)
    with connection:
        connection.execute("INSERT INTO steps VALUES (99)")
    connection.close()
    with pytest.raises(StoreError, match=r"newer HedgeDesk.*step 99.*update") as refusal:
        Store(Path(store.place).parent)
    assert store.place in str(refusal.value)


def test_another_programs_database_is_left_alone(tmp_path):
    connection = sqlite3.connect(tmp_path / FILE)
    with connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError, match=r"not a store of HedgeDesk.*recipes"):
        Store(tmp_path)
    connection = sqlite3.connect(tmp_path / FILE)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    connection.close()
    assert len((tmp_path / FILE).read_bytes()) == len(before)


@pytest.mark.parametrize("spoil", [lambda b: b"garbage" * 1000, lambda b: b[:100] + b"\xff" * (len(b) - 100)])
def test_a_damaged_file_is_named_and_not_overwritten(store, run, spoil):
    saved(store, run)
    place = Path(store.place)
    spoilt = spoil(place.read_bytes())
    place.write_bytes(spoilt)
    with pytest.raises(StoreError, match="damaged and is left as it is") as refusal:
        Store(place.parent).lines()
    assert str(place) in str(refusal.value)
    assert place.read_bytes() == spoilt


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match=r"file.*cannot be used"):
        Store(tmp_path / "file" / "home")


def test_a_disk_that_is_full_or_read_only_is_told_in_plain_words(store, run, monkeypatch):
    saved(store, run)
    told = {}

    def refuse(said: str) -> None:
        def fail(*_: object) -> None:
            raise sqlite3.OperationalError(said)

        with monkeypatch.context() as patch:
            patch.setattr("hedgedesk.store.runs.note", fail)
            with pytest.raises(StoreError) as refusal:
                saved(store, run, {}, run_id="b2")
        told[said] = str(refusal.value)

    for said in ("attempt to write a readonly database", "database or disk is full", "database is locked"):
        refuse(said)
    assert "choose a folder that can be with --data" in told["attempt to write a readonly database"]
    assert "the disk is full" in told["database or disk is full"]
    assert "held by another program" in told["database is locked"]
    assert all(store.place in text for text in told.values())
    assert store.lines() == (LINE,)  # the transaction was taken back whole


def test_a_read_only_file_is_told(store, run):
    connection = raw(store)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    url = f"sqlite:///file:{store.place}?mode=ro&uri=true"
    with pytest.raises(StoreError, match="cannot be written"):
        Store(Path(store.place).parent, url)


def test_foreign_keys_hold(store):
    engine = create_engine(f"sqlite:///{store.place}")
    with pytest.raises(IntegrityError), store._writing() as connection:
        connection.exec_driver_sql("INSERT INTO answers VALUES ('k', '{}', 'nobody', '{}')")
    with engine.begin() as connection:
        assert connection.execute(update(RUNS).values(name="x")).rowcount == 0
    engine.dispose()


def look_at_all(home: Path) -> None:
    for look in (Store.lines, Store.deeds, Store.kept_desks, lambda found: found.run("a1")):
        look(Store(home))


def test_damage_in_the_middle_is_always_said_as_such(store, run, tmp_path):
    saved(store, run)
    whole = bytearray(Path(store.place).read_bytes())
    for seed in range(12):
        chance, spoilt = random.Random(seed), bytearray(whole)
        for _ in range(300):
            spoilt[chance.randrange(100, len(spoilt))] ^= 1 << chance.randrange(8)
        home = tmp_path / f"spoilt-{seed}"
        home.mkdir()
        (home / FILE).write_bytes(spoilt)
        with pytest.raises(StoreError) as refusal:
            look_at_all(home)
        assert str(home / FILE) in str(refusal.value) or "run a1" in str(refusal.value)
        assert "\n" not in str(refusal.value)
        assert (home / FILE).read_bytes() == spoilt


def test_keys_in_use_are_those_of_runs_questions_and_every_revision(store, run):
    saved(store, run, settings={})
    kept = store.add_workspace("Mine", "k2", "imported", done())
    store.add_revision(kept.workspace, "Mine", "k3", "edited", done())
    store.step_back(kept.workspace, done())
    assert store.keys_in_use() == {"k1", "k2", "k3"}
