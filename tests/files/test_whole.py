"""A file is there whole, or as it was before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgedesk.files.whole import write_whole


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_an_older_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("older", encoding="utf-8")
    write_whole(path, b"newer")
    assert path.read_bytes() == b"newer"
    assert names(tmp_path) == ["report.html"]


def test_a_write_that_fails_leaves_the_older_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("older", encoding="utf-8")

    def full(*_places: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"newer")
    assert path.read_bytes() == b"older"
    assert names(tmp_path) == ["report.html"]


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "report.html", b"x")
    assert names(tmp_path) == []
