"""A run made by hand, as it looks after it crossed from a job's process."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgedesk.domain.run import HedgeRun


@pytest.fixture(scope="session")
def make_run() -> Callable[..., HedgeRun]:
    """Builder of the run; keywords are those of ``sample_run``."""
    build = runpy.run_path(str(Path(__file__).with_name("sample_run.py")))["sample_run"]
    return lambda **parts: HedgeRun.from_record(json.loads(json.dumps(build(**parts).record())))


@pytest.fixture(scope="session")
def run(make_run: Callable[..., HedgeRun]) -> HedgeRun:
    """The run as it is by default: not listed, with a budget and a credit line."""
    return make_run()
