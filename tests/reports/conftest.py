"""A run made by hand, as it looks after it crossed from a job's process."""

from __future__ import annotations

import dataclasses
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from hedgedesk.domain.price_index import IndexStudy
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.study import UsageStudy
from hedgedesk.domain.values import from_plain, to_plain


@pytest.fixture(scope="session")
def make_run() -> Callable[..., HedgeRun]:
    """Builder of the run; keywords are those of ``sample_run``."""
    build = runpy.run_path(str(Path(__file__).with_name("sample_run.py")))["sample_run"]
    return lambda **parts: HedgeRun.from_record(json.loads(json.dumps(build(**parts).record())))


@pytest.fixture(scope="session")
def run(make_run: Callable[..., HedgeRun]) -> HedgeRun:
    """The run as it is by default: not listed, with a budget and a credit line."""
    return make_run()


@pytest.fixture(scope="session")
def make_index() -> Callable[..., IndexStudy]:
    """Builder of an index; keywords are those of ``index_study``."""
    build: Callable[..., IndexStudy] = runpy.run_path(str(Path(__file__).with_name("index_study.py")))["index_study"]
    return build


POISON = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "@SUM(1)",
    "{{7*7}}",
    "+1",
    "-2",
    "\t=1+1",
    "＝1+1",
    '"><img src=x onerror=alert(1)>',
)
"""Names that a spreadsheet would calculate, or a page would run."""


@pytest.fixture(scope="session")
def poison() -> tuple[str, ...]:
    """The names."""
    return POISON


@pytest.fixture(scope="session")
def poisoned(make_run: Callable[..., HedgeRun]) -> HedgeRun:
    """The run with such names wherever a user's files can put one."""
    run = make_run(indicative=True)
    wide = np.ones((1, len(POISON)))
    exposure = dataclasses.replace(
        run.exposure,
        models=POISON,
        meters=("output",) * len(POISON),
        forecast_mtok=run.exposure.forecast_mtok[:, :1] * wide,
        fixed_mtok=run.exposure.fixed_mtok[:, :1] * wide,
        beta=np.empty(0),
        notices=POISON,
    )
    named = dataclasses.replace(run.plan.contracts[0].spec, name=POISON[0], index=POISON[1])
    plan = dataclasses.replace(
        run.plan,
        contracts=tuple(dataclasses.replace(contract, spec=named) for contract in run.plan.contracts),
        reasons=tuple(POISON[k % len(POISON)] for k in range(len(run.plan.contracts))),
        notices=POISON,
    )
    model = dataclasses.replace(
        run.model,
        parameters=dict.fromkeys(POISON, 1.5),
        standard_errors={},
        assumptions=POISON,
        chosen_because=POISON[0],
    )
    stresses = tuple(dataclasses.replace(run.report.stresses[0], name=name, shock=name) for name in POISON)
    return dataclasses.replace(
        run,
        exposure=exposure,
        plan=plan,
        model=model,
        report=dataclasses.replace(run.report, stresses=stresses, notices=POISON),
        fan=dataclasses.replace(run.fan, index=POISON[1]),
        manifest=dataclasses.replace(
            run.manifest, causes=run.manifest.causes | {"files": dict.fromkeys(POISON, "a" * 64)}
        ),
    )


@pytest.fixture(scope="session")
def edges() -> SimpleNamespace:
    """Makers of runs at the edges of what a desk can be, from ``page_runs``."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("page_runs.py"))))


@pytest.fixture(scope="session")
def hand_made() -> SimpleNamespace:
    """The usage study, its split and the landing made by hand."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("sample_study.py"))))


@pytest.fixture(scope="session")
def study(hand_made: SimpleNamespace) -> UsageStudy:
    """The study as it looks after it crossed from a job's process."""
    return from_plain(UsageStudy, json.loads(json.dumps(to_plain(hand_made.sample_study()))))


@pytest.fixture(scope="session")
def fitted() -> SimpleNamespace:
    """Fitted models and their validation made by hand."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("model_study.py"))))


@pytest.fixture(scope="session")
def studies() -> SimpleNamespace:
    """Other instruments taken, a frontier, strategies and plans of every model, made by hand."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plan_studies.py"))))
