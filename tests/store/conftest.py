"""A store of its own for each test, the run made by hand, and a few scenarios."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgedesk import pipeline
from hedgedesk.domain.run import DeskInputs, HedgeRun, RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.store import Store

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def run() -> HedgeRun:
    """The run made by hand."""
    return runpy.run_path(str(REPO / "tests" / "reports" / "sample_run.py"))["sample_run"]()


@pytest.fixture(scope="session")
def scenarios(make_desk: Callable[..., DeskInputs]) -> ScenarioSet:
    """A hundred joint futures of the small desk, with currency."""
    return pipeline.run(make_desk(settings=RunSettings(scenarios=100, seed=7))).scenarios


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture(scope="session")
def reports_sample() -> Path:
    """The script that makes the run by hand."""
    return REPO / "tests" / "reports" / "sample_run.py"
