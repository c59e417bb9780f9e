"""Validations: made as a job or here and now, kept under the key of the market, and what they choose is run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk import validations as module
from hedgedesk.desk.places import sample
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_models import ModelChoice, Validation
from hedgedesk.domain.run import MODELS
from hedgedesk.domain.values import to_plain
from hedgedesk.files import read_market
from hedgedesk.validation import validate

PATIENCE = 300.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample without its usage, and without quotes, so that no model takes long."""
    copy = tmp_path / "desk"
    shutil.copytree(sample(), copy, ignore=shutil.ignore_patterns("usage", "futures.csv", "book.csv"))
    return copy


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(folder, tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def found(folder: Path) -> Validation:
    return validate(read_market(folder / "market"), models=["RandomWalk"])


def place(desk: Desk) -> Path:
    return desk.data / "validations" / f"{desk.validations.key()}.json"


def test_a_market_that_nobody_has_validated_has_no_result(desk):
    assert desk.validations.result() is None


def test_what_was_kept_is_found_again(desk, found):
    module.write_validation(found, place(desk))
    assert to_plain(desk.validations.result()) == to_plain(found)
    assert desk.validations.result() is desk.validations.result()


def test_a_changed_forecast_leaves_it_and_a_changed_market_does_not(desk, found, folder):
    module.write_validation(found, place(desk))
    (folder / "program.toml").write_text((folder / "program.toml").read_text() + "\n# changed\n")
    assert desk.validations.result() is not None
    with (folder / "market" / "index.csv").open("a", encoding="utf-8") as index:
        index.write("2026-10-30,matched-list-3,8.1000\n")
    assert desk.validations.result() is None


@pytest.mark.parametrize("content", ["{", '{"versions": {}}', '{"validation": []}', "[]"])
def test_a_damaged_file_is_no_validation(desk, content):
    place(desk).parent.mkdir(parents=True)
    place(desk).write_text(content)
    assert desk.validations.result() is None


def test_one_made_by_other_packages_is_none(desk, found):
    module.write_validation(found, place(desk))
    kept = json.loads(place(desk).read_text())
    place(desk).write_text(json.dumps(kept | {"versions": kept["versions"] | {"numpy": "0.1"}}))
    assert desk.validations.result() is None


def test_the_job_validates_and_is_found_done_when_asked_again(desk, monkeypatch, folder):
    monkeypatch.setattr(module, "MODELS", ("RandomWalk",))
    told = []
    spec = {"folder": str(folder), "out": str(place(desk))}
    answer = module.validate_folder(spec, lambda fraction, text: told.append((fraction, text)))
    assert answer == {"validation": place(desk).name, "model": "RandomWalk", "thin": True}
    assert told[-1] == (1.0, "Done")
    state = desk.job(desk.validations.start())
    assert (state.status, state.kind, state.result) == ("done", "validate", answer)


def test_a_job_can_be_cancelled(desk):
    job = desk.validations.start()
    desk.cancel(job)
    assert desk.wait(job, PATIENCE).status == "cancelled"
    assert desk.validations.result() is None


def test_all_models_with_the_usual_seed_are_kept_and_nothing_else_is(desk, monkeypatch, found):
    monkeypatch.setattr(module, "_validated", lambda *_: found)
    desk.validations.judge(["RandomWalk"])
    desk.validations.judge(seed=9)
    assert desk.validations.result() is None
    desk.validations.judge(MODELS)
    assert desk.validations.result() is not None


def test_the_numbers_are_written_whole(desk, found, tmp_path):
    out = tmp_path / "validation.json"
    desk.validations.numbers(found, out)
    written = json.loads(out.read_text())
    assert (written["thin"], written["choice"]["model"], written["seed"]) == (True, "RandomWalk", 1)


def test_a_market_with_faults_tells_them(desk, folder):
    (folder / "market" / "index.csv").write_text("date,index,price_cny_per_mtok\n2026-10-23,x,-1\n")
    with pytest.raises(InputError, match=r"index\.csv"):
        desk.validations.judge(["RandomWalk"])


def choose(desk: Desk, found: Validation, model: str) -> ModelChoice:
    import dataclasses

    choice = ModelChoice(model, f"validated: {model} it is", "k" * 64)
    module.write_validation(dataclasses.replace(found, choice=choice), place(desk))
    return choice


def test_a_run_takes_the_model_that_was_chosen_and_says_why(desk, found):
    before = desk.run_and_keep({"scenarios": 200})
    choice = choose(desk, found, "RandomWalk")
    after = desk.run_and_keep({"scenarios": 200})
    assert after.model.chosen_because == choice.reason
    assert after.manifest.causes["choice"] == to_plain(choice)
    assert "choice" not in before.manifest.causes
    assert after.manifest.run_id != before.manifest.run_id
    assert after.manifest.scenario_id == before.manifest.scenario_id


def test_a_model_that_is_asked_for_is_asked_for(desk, found):
    choose(desk, found, "TwoFactor")
    run = desk.run_and_keep({"scenarios": 200, "model": "RandomWalk"})
    assert (run.model.name, run.model.chosen_because) == ("RandomWalk", "asked for")
    assert "choice" not in run.manifest.causes


def test_a_stored_run_answers_only_while_the_choice_is_the_same(desk, found):
    run = desk.run_and_keep({"scenarios": 200})
    asked = desk.start_run({"scenarios": 200})
    assert desk.finished(asked) == run.manifest.run_id
    choose(desk, found, "RandomWalk")
    chosen = desk.run_and_keep({"scenarios": 200})
    assert desk.finished(desk.start_run({"scenarios": 200})) == chosen.manifest.run_id != run.manifest.run_id


def test_a_what_if_on_a_chosen_model_is_drawn_with_that_model(desk, found, folder):
    choose(desk, found, "RandomWalk")
    base = desk.run_and_keep({"scenarios": 200})
    changes = Changes(volatility=1.5)
    job = desk.what_ifs.start(base.manifest.run_id, changes)
    assert desk.wait(job, PATIENCE).status == "done"
    answer = desk.result(desk.finished(job))
    assert (answer.model.name, answer.model.chosen_because) == ("RandomWalk", base.model.chosen_because)
    assert answer.manifest.causes["choice"] == base.manifest.causes["choice"]
