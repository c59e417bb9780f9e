"""What jobs have made is kept by the state of the files it was made of, within bounds."""

from __future__ import annotations

import json
import os

import pytest

from hedgedesk.desk import kept as module
from hedgedesk.desk.kept import Kept, asked_of_a_job, clear_out, of_versioned, versioned, write_kept
from hedgedesk.domain.price_models import Refusal

SHORT, STILL = Refusal("Regimes", "too short"), Refusal("StepPrice", "it never moved")


class OpenDesk:
    """A desk of one folder, opened as often as it is looked at."""

    def __init__(self, folder):
        self.folder, self.key = folder, "as it is"

    def opened(self):
        return self


class Answers:
    """Jobs that have answered some questions, and remember what they were told."""

    def __init__(self, *answered):
        self.answered, self.forgotten = set(answered), []

    def settle(self, asked, known, *, kind, title):
        return f"settled {asked}"

    def done(self, asked):
        return asked if asked in self.answered else None

    def forget(self, job):
        self.forgotten.append(job)

    def submit(self, asked, target, spec, *, kind, title):
        return f"working on {asked}"


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "files" / "market").mkdir(parents=True)
    (tmp_path / "files" / "market" / "index.csv").write_text("date,price\n")
    (tmp_path / "files" / "book.csv").write_text("lots\n")
    return OpenDesk(tmp_path / "files")


def kept_of(desk, folder):
    return Kept(desk, folder, ("book",), lambda kept: of_versioned(kept, "refusal", Refusal))


def test_what_is_written_is_found_until_a_file_that_counts_changes(desk, tmp_path):
    kept = kept_of(desk, tmp_path / "kept")
    assert kept.found is None
    write_kept(versioned("refusal", SHORT), kept.place)
    assert kept.found == SHORT
    (desk.folder / "book.csv").write_text("lots\n3\n")
    desk.key = "another book"
    assert kept.found == SHORT
    (desk.folder / "market" / "index.csv").write_text("date,price\n2026-01-02,3\n")
    desk.key = "another market"
    assert kept.found is None


def test_a_damaged_file_and_one_of_other_packages_count_as_absent(desk, tmp_path):
    kept = kept_of(desk, tmp_path / "kept")
    told = versioned("refusal", SHORT)
    for content in ("{", "[]", "{}", json.dumps(told | {"versions": told["versions"] | {"numpy": "0.1"}})):
        kept.place.parent.mkdir(exist_ok=True)
        kept.place.write_text(content)
        assert kept.found is None


def test_what_was_read_once_is_read_again_only_when_it_changed(desk, tmp_path):
    kept = kept_of(desk, tmp_path / "kept")
    write_kept(versioned("refusal", SHORT), kept.place)
    first = kept.found
    assert kept.found is first
    write_kept(versioned("refusal", STILL), kept.place)
    os.utime(kept.place, (1, 1))
    assert kept.found == STILL


def test_the_oldest_are_removed_and_other_files_are_not(tmp_path):
    names = [f"{n:064x}.json" for n in range(5)]
    for n, name in enumerate([*names, "notes.json"]):
        (tmp_path / name).write_text("{}")
        os.utime(tmp_path / name, (n, n))
    clear_out(tmp_path.iterdir(), spare=tmp_path / names[0], most=3)
    assert {path.name for path in tmp_path.iterdir()} == {names[0], names[3], names[4], "notes.json"}


def test_a_folder_holds_no_more_than_the_most(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    for n in range(4):
        write_kept({}, tmp_path / f"{n:064x}.json")
        os.utime(tmp_path / f"{n:064x}.json", (n, n))
    assert {path.name for path in tmp_path.iterdir()} == {f"{n:064x}.json" for n in (2, 3)}


def test_what_is_known_is_settled_and_what_was_lost_is_worked_on_again():
    jobs = Answers("lost")
    asking = {"target": None, "spec": {}, "kind": "test", "title": "Test"}
    assert asked_of_a_job(jobs, "known", {"number": 1}, **asking) == "settled known"
    assert asked_of_a_job(jobs, "new", None, **asking) == "working on new"
    assert jobs.forgotten == []
    assert asked_of_a_job(jobs, "lost", None, **asking) == "working on lost"
    assert jobs.forgotten == ["lost"]
