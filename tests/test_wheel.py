"""The wheel carries the assets and the sample desk, and finds its own; a checkout finds those beside the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hedgedesk.files.places import assets_folder, sample_folder

REPO = Path(__file__).resolve().parents[1]
CARRIED = ("app.py", "pyproject.toml", "README.md", "LICENSE", "hedgedesk", "assets", "sample_data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build offline, from a copy, so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in CARRIED:
        source, target = REPO / name, folder / "source" / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, target)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", "--wheel-dir", str(folder), str(folder / "source")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("hedgedesk-*.whl")
    return built


def files_below(folder: Path, prefix: str) -> set[str]:
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_every_asset_and_the_whole_sample_desk(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = files_below(REPO / "assets", "hedgedesk/assets") | files_below(
        REPO / "sample_data", "hedgedesk/sample_data"
    )
    assert "hedgedesk/sample_data/market/futures.csv" in wanted
    assert sorted(wanted - names) == []


def test_the_wheel_carries_no_test_and_no_build_output(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"hedgedesk"}


def test_an_installed_wheel_finds_its_own_folders(wheel, tmp_path):
    home = tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(home)
    code = "from hedgedesk.files import places; print(places.sample_folder()); print(places.assets_folder())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [Path(line).resolve() for line in done.stdout.splitlines()]
    assert found == [(home / "hedgedesk" / name).resolve() for name in ("sample_data", "assets")]


def test_an_editable_checkout_finds_the_folders_at_its_top():
    assert sample_folder().resolve() == REPO / "sample_data"
    assert assets_folder().resolve() == REPO / "assets"
