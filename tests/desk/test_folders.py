"""Folders by content: the key follows what a run may read, and a copy is what was copied."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from hedgedesk.desk import folders as room
from hedgedesk.desk.folders import Folders, Watch, content_key, desk_files, zipped
from hedgedesk.desk.places import sample
from hedgedesk.domain.errors import StoreError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample desk."""
    copy = tmp_path / "desk"
    shutil.copytree(sample(), copy)
    return copy


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "home")


def age(folder: Path, seconds: float) -> None:
    """Let every file have been changed ``seconds`` after the epoch."""
    for path in folder.rglob("*"):
        os.utime(path, (seconds, seconds))


def test_only_files_that_a_run_may_read_count(folder):
    (folder / "market" / "notes.txt").write_text("x", encoding="utf-8")
    (folder / "attic").mkdir()
    (folder / "attic" / "index.csv").write_text("x", encoding="utf-8")
    names = [name for name, _ in desk_files(folder)]
    assert names == sorted(names)
    assert "market/index.csv" in names
    assert {Path(name).suffix for name in names if not name.startswith("usage/")} == {".csv", ".toml"}
    assert not any(name.startswith("attic") for name in names)


def test_vendors_exports_are_part_of_a_desk(folder, folders):
    before, usage = content_key(folder), folder / "usage"
    usage.mkdir(exist_ok=True)
    for name in ("new.csv", "new.csv.gz", "new.parquet", "vendors.toml", "new.xlsx", "notes.txt"):
        (usage / name).write_bytes(b"x")
    told = {name for name, _ in desk_files(folder) if name.startswith("usage/")}
    assert told >= {f"usage/{name}" for name in ("new.csv", "new.csv.gz", "new.parquet", "vendors.toml")}
    assert not told & {"usage/new.xlsx", "usage/notes.txt"}
    key = folders.keep(folder)
    assert key == content_key(folder) != before
    assert (folders.path(key) / "usage" / "new.csv.gz").read_bytes() == b"x"
    assert told <= set(zipfile.ZipFile(io.BytesIO(zipped(folder))).namelist())


def test_the_key_follows_names_and_contents_and_not_the_place(folder, tmp_path):
    key = content_key(folder)
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert content_key(tmp_path / "elsewhere") == key
    (folder / "notes.txt").write_text("not read by a run", encoding="utf-8")
    assert content_key(folder) == key
    (folder / "book.csv").write_bytes((folder / "book.csv").read_bytes() + b"\n")
    edited = content_key(folder)
    (folder / "book.csv").rename(folder / "buch.csv")
    assert len({key, edited, content_key(folder)}) == 3


def test_a_missing_folder_has_a_key_too(tmp_path):
    assert content_key(tmp_path / "nowhere") == content_key(tmp_path / "neither")


def test_a_watched_folder_is_hashed_again_only_when_it_has_changed(folder, monkeypatch):
    hashed = []
    monkeypatch.setattr(room, "content_key", lambda folder: hashed.append(folder) or f"key {len(hashed)}")
    age(folder, 1_000.0)
    watch = Watch(folder)
    assert [watch.key(), watch.key()] == ["key 1", "key 1"]
    (folder / "book.csv").write_text("x", encoding="utf-8")
    os.utime(folder / "book.csv", (2_000.0, 2_000.0))
    assert [watch.key(), watch.key()] == ["key 2", "key 2"]
    (folder / "book.csv").unlink()
    assert watch.key() == "key 3"


def test_a_file_that_may_still_be_changing_is_hashed_every_time(folder):
    os.utime(folder / "book.csv")
    watch = Watch(folder)
    before = watch.key()
    status = (folder / "book.csv").stat()
    content = (folder / "book.csv").read_bytes()
    (folder / "book.csv").write_bytes(bytes([content[0] ^ 1]) + content[1:])
    os.utime(folder / "book.csv", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert watch.key() != before  # neither size nor time tell


def test_a_copy_lies_under_its_key_and_holds_the_desk_files_alone(folder, folders):
    key = folders.keep(folder)
    assert key == content_key(folder) == content_key(folders.path(key))
    assert [name for name, _ in desk_files(folders.path(key))] == [name for name, _ in desk_files(folder)]
    assert not (folders.path(key) / "README.md").exists()
    assert [path.name for path in folders.home.iterdir()] == [key]


def test_the_same_files_are_kept_once_and_a_copy_changed_by_hand_is_made_again(folder, folders):
    key = folders.keep(folder)
    copy = folders.path(key) / "book.csv"
    inode = copy.stat().st_ino
    assert folders.keep(folder) == key
    assert copy.stat().st_ino == inode
    copy.write_text("changed by hand", encoding="utf-8")
    assert folders.keep(folder) == key
    assert content_key(folders.path(key)) == key


def test_a_copy_that_cannot_be_written_is_told_and_leaves_nothing(folder, folders):
    folders.home.parent.mkdir()
    folders.home.write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        folders.keep(folder)
    assert folders.home.read_text(encoding="utf-8") == "in the way"


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_link_that_leads_outside_is_left_out_of_the_zip(folder, tmp_path):
    (tmp_path / "private.csv").write_text("secret", encoding="utf-8")
    (folder / "linked.csv").symlink_to(tmp_path / "private.csv")
    held = zipfile.ZipFile(io.BytesIO(zipped(folder))).namelist()
    assert held == [name for name, _ in desk_files(folder) if name != "linked.csv"]


def test_the_same_files_give_the_same_zip(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    age(copy, 1_000_000_000)
    assert zipped(copy) == zipped(folder)


def test_copies_that_nothing_uses_are_removed_after_a_day(folder, folders):
    used = folders.keep(folder)
    (folder / "book.csv").write_text("contract,lots\n", encoding="utf-8")
    old = folders.keep(folder)
    (folder / "book.csv").write_text("contract,lots\n\n", encoding="utf-8")
    fresh = folders.keep(folder)
    (folders.home / "0.part").mkdir()
    for name in (used, old, "0.part"):
        os.utime(folders.path(name), (0, 0))
    folders.clear_out({used})
    assert {path.name for path in folders.home.iterdir()} == {used, fresh}


def test_a_copy_that_is_found_again_counts_as_new(folder, folders):
    key = folders.keep(folder)
    os.utime(folders.path(key), (0, 0))
    folders.keep(folder)
    folders.clear_out(set())
    assert folders.path(key).is_dir()
