"""Models: fitted as a job, kept under the market's key, found again while market and packages are the same."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk import models as module
from hedgedesk.desk.places import sample
from hedgedesk.domain.price_models import ModelStudy, Refusal
from hedgedesk.domain.run import MODELS

PATIENCE = 180.0
NAMES = ("RandomWalk", "TwoFactor")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample without its futures, so that a fit is quick and one model is refused."""
    copy = tmp_path / "desk"
    shutil.copytree(sample(), copy, ignore=shutil.ignore_patterns("usage", "futures.csv"))
    return copy


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(folder, tmp_path / "data")
    yield opened
    for job in opened.jobs():
        opened.cancel(job.id)


def made(names: tuple[str, ...] = NAMES, **changed: object) -> ModelStudy:
    """A study by hand in which every model is refused."""
    fields = {
        "as_of": np.datetime64("2026-10-23"),
        "index": "by hand",
        "currency": "USD",
        "unit": "stu",
        "history_dates": np.array(["2026-10-23"], dtype="datetime64[D]"),
        "history_per_mtok": np.array([9.0]),
        "fits": (),
        "refusals": tuple(Refusal(name, "too short") for name in names),
    }
    return ModelStudy(**(fields | changed))


def keep(desk: Desk, study: ModelStudy) -> Path:
    """Keep a study of the open desk; where it lies."""
    place = desk.data / "models" / f"{desk.models.key()}.json"
    module.write_study(study, place)
    return place


def test_a_job_fits_the_open_desks_models_and_keeps_the_study_under_the_markets_key(desk):
    assert desk.models.study() is None
    job = desk.models.start(NAMES, {"RandomWalk": {"sigma": 0.5}}, uncertainty=True)
    state = desk.wait(job, timeout=PATIENCE)
    assert state is not None
    assert (state.status, state.kind) == ("done", "models"), state.failure
    assert state.result == {"study": f"{desk.models.key()}.json", "models": 1, "refused": 1}
    found = desk.models.study()
    assert found is not None
    assert found.fits[0].summary.view == {"sigma": 0.5}
    assert found.parameter_uncertainty
    assert found.seed == 7, "as settings.toml says"
    assert desk.models.study() is found
    assert desk.models.start(NAMES, {"RandomWalk": {"sigma": 0.5}}, uncertainty=True) == job


def test_a_view_that_does_not_fit_its_model_fails_with_every_fault(desk):
    state = desk.wait(desk.models.start(("RandomWalk",), {"RandomWalk": {"speed": 1.0, "sigma": -1.0}}), PATIENCE)
    assert state is not None
    assert state.status == "failed"
    assert state.failure is not None
    assert [fault.column for fault in state.failure.faults] == ["speed", "sigma"]


def test_a_study_at_hand_is_a_job_that_is_done_at_once(desk):
    keep(desk, made(MODELS))
    state = desk.job(desk.models.start())
    assert state is not None
    assert (state.status, state.kind) == ("done", "models")


@pytest.mark.parametrize(
    "asked",
    [
        {"names": ("RandomWalk",)},
        {"view": {"RandomWalk": {"sigma": 0.5}}},
        {"uncertainty": True},
    ],
)
def test_another_question_is_another_job(desk, asked):
    keep(desk, made())
    state = desk.job(desk.models.start(**({"names": NAMES} | asked)))
    assert state is not None
    assert state.active


def test_a_view_of_a_model_that_is_not_asked_for_changes_nothing(desk):
    keep(desk, made())
    state = desk.job(desk.models.start(NAMES, {"Bootstrap": {"sigma": 1.0}, "RandomWalk": {}}))
    assert state is not None
    assert state.status == "done"


def test_a_changed_index_has_another_study_and_a_changed_programme_has_not(desk, folder):
    keep(desk, made())
    with (folder / "program.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n# another word\n")
    assert desk.models.study() is not None
    with (folder / "market" / "index.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert desk.models.study() is None


def test_a_study_of_other_packages_or_a_damaged_one_is_made_again(desk):
    place = keep(desk, made())
    kept = json.loads(place.read_text())
    assert desk.models.study() is not None
    place.write_text(json.dumps(kept | {"versions": kept["versions"] | {"numpy": "0.1"}}))
    os.utime(place, (1, 1))
    assert desk.models.study() is None
    place.write_text("{")
    os.utime(place, (2, 2))
    assert desk.models.study() is None
