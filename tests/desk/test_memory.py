"""The desk's memory: the newest runs are held, the store is opened only where there is one."""

from __future__ import annotations

import dataclasses
import getpass
import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgedesk.desk.memory import HELD, STORE_FILE, Memory, deed, user
from hedgedesk.desk.running import line_of

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "home")


def save(memory: Memory, *run_ids: str) -> None:
    """Store the run made by hand under each id."""
    run = runpy.run_path(str(REPO / "tests" / "reports" / "sample_run.py"))["sample_run"]()
    run.manifest.causes.setdefault("settings", {"seed": 1})
    for run_id in run_ids:
        line = dataclasses.replace(line_of(run, desk="Mine", key="k", seconds=1.0), run_id=run_id)
        memory.store.save_run(run, line, None, deed("ran", run_id))


def test_where_nothing_was_saved_nothing_is_made(memory, tmp_path):
    assert memory.found is None
    assert memory.run("a1") is None
    assert not (tmp_path / "home").exists()


def test_a_run_is_read_once_and_the_one_longest_not_asked_for_goes_first(memory):
    names = [f"r{number}" for number in range(HELD + 1)]
    save(memory, *names)
    first, second = memory.run("r0"), memory.run("r1")
    assert memory.run("r0") is first
    for name in names[2:]:
        memory.run(name)
    assert memory.run("r0") is first
    assert memory.run("r1") is not second
    assert memory.run("r1").record() == second.record()


def test_a_run_that_is_dropped_is_read_again(memory):
    save(memory, "a1")
    held = memory.run("a1")
    memory.drop("a1")
    memory.drop("a1")
    assert memory.run("a1") is not held


def test_a_store_that_was_taken_away_is_made_anew(memory, tmp_path):
    save(memory, "a1")
    (tmp_path / "home" / STORE_FILE).unlink()
    assert memory.found is None
    assert memory.store.lines() == ()


def test_a_deed_says_who_and_when_in_universal_time(monkeypatch):
    told = deed("named", "a1", "Budget")
    assert (told.what, told.subject, told.detail, told.who) == ("named", "a1", "Budget", getpass.getuser())
    assert datetime.fromisoformat(told.at).tzinfo == UTC

    def nobody() -> str:
        raise OSError("no user name")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert user() == "unknown"
