"""The programme as a form at the desk: tried on a run's scenarios, kept as a desk's next revision."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.desk import Desk
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, InputError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A copy of the sample desk that runs in a moment, and its run."""
    folder = tmp_path_factory.mktemp("form") / "desk"
    shutil.copytree(desk_room.sample(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    desk = Desk(folder, folder.parent / "own")
    yield desk, desk.run_and_keep().manifest.run_id
    desk.close()


@pytest.fixture
def desk(made: tuple[Desk, str], tmp_path: Path) -> Iterator[Desk]:
    """The same data, opened anew for each test."""
    data = tmp_path / "own"
    shutil.copytree(made[0].data, data)
    again = Desk(made[0].folder, data)
    yield again
    again.close()


@pytest.fixture
def run(made: tuple[Desk, str]) -> str:
    return made[1]


def test_a_form_that_says_what_the_run_has_changes_nothing(desk, run):
    assert not desk.programmes.changes(run, desk.programmes.texts(run)).any


def test_what_is_typed_is_tried_on_the_scenarios_of_the_run(desk, run):
    texts = desk.programmes.texts(run) | {"bands[1].min": "55", "lots": "fractional"}
    found = desk.what_ifs.answer(run, desk.programmes.changes(run, texts))
    answer = desk.result(found)
    assert answer.plan.program.lots == "fractional"
    assert answer.plan.program.bands[0].min == 0.55
    assert answer.manifest.scenario_id == desk.result(run).manifest.scenario_id
    assert desk.programmes.texts(found)["bands[1].min"] == "55"


def test_a_form_upon_an_answer_is_against_the_run_at_its_root(desk, run):
    first = desk.what_ifs.answer(run, desk.programmes.changes(run, desk.programmes.texts(run) | {"level": "90"}))
    texts = desk.programmes.texts(first) | {"lots": "fractional"}
    second = desk.result(desk.what_ifs.answer(first, desk.programmes.changes(first, texts)))
    assert (second.plan.program.level, second.plan.program.lots) == (0.9, "fractional")
    assert desk.what_ifs.base_of(second.manifest.run_id)[0] == run


def test_faults_and_contradictions_have_their_names(desk, run):
    own = desk.programmes.texts(run)
    with pytest.raises(InputError) as refused:
        desk.programmes.changes(run, own | {"bands[1].min": "80", "level": "0"})
    assert {fault.column for fault in refused.value.faults} == {"bands[1].min", "level"}
    with pytest.raises(Infeasible, match="credit line"):
        desk.what_ifs.answer(run, desk.programmes.changes(run, own | {"credit_line": "1"}))


def test_keeping_makes_a_desk_of_the_folder_and_then_its_next_revision(desk, run):
    first = desk.programmes.keep(run, desk.programmes.texts(run) | {"risk_weight": "0.25"})
    assert (first.kind, first.revision) == ("kept", 1)
    assert desk.check().program.risk_weight == 0.25
    second = desk.programmes.keep(run, desk.programmes.texts(run) | {"quota": "80"})
    assert (second.workspace, second.revision) == (first.workspace, 2)
    text = (second.folder / "program.toml").read_text(encoding="utf-8")
    assert "# of the 24 months together" in text
    assert desk.check().program.quota == 80.0


def test_nothing_is_kept_where_the_form_has_a_fault(desk, run):
    before = desk.opened()
    with pytest.raises(InputError):
        desk.programmes.keep(run, desk.programmes.texts(run) | {"level": "high"})
    assert desk.opened() == before


def test_the_programme_of_another_desk_is_not_written_into_the_open_one(desk, run):
    desk.open_sample()
    with pytest.raises(HedgeDeskError, match="another desk"):
        desk.programmes.keep(run, desk.programmes.texts(run))
