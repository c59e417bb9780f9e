"""Usage: measured here and now, studied as a job, kept under the desk's key, its forecast taken into a draft."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk import usages as module
from hedgedesk.desk.places import sample
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.reconciliation import Reconciliation
from hedgedesk.domain.study import UsageStudy, VolumeForecast
from hedgedesk.files import read_desk
from hedgedesk.study import versions_of

PATIENCE = 180.0
GENERIC = """date,seller,model,team,uncached_input_tokens,output_tokens,cost_usd
2026-09-30,my-provider,my-model,search,1200000,300000,4.15
2026-10-01,my-provider,my-model,search,900000,250000,1.90
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample with one small export in place of its own."""
    copy = tmp_path / "desk"
    shutil.copytree(sample(), copy, ignore=shutil.ignore_patterns("usage"))
    (copy / "usage").mkdir()
    (copy / "usage" / "october.csv").write_text(GENERIC, encoding="utf-8")
    return copy


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(folder, tmp_path / "data")
    yield opened
    for job in opened.jobs():
        opened.cancel(job.id)


def forecast(model: str = "my-model", mtok: float = 12.5) -> VolumeForecast:
    months = np.array(["2026-11", "2026-12"], dtype="datetime64[M]")
    values = np.full(2, mtok)
    return VolumeForecast(
        model, "output", "search", months, values, values, values, np.full(2, 0.2), "mean", 0.1, 0.2, 3
    )


def keep(desk: Desk, **changed: object) -> Path:
    """Keep a study of the open desk, made by hand; where it lies."""
    empty = np.zeros((0, 0))
    fields = {
        "files": (),
        "months": np.array([], dtype="datetime64[M]"),
        "models": (),
        "mtok": empty,
        "standard_mtok": empty,
        "cost": empty,
        "currency": "USD",
        "unit": "stu",
        "reconciliation": Reconciliation("USD", (), None, None, None),
        "forecasts": (forecast(), forecast("gone", 0.0)),
        "versions": versions_of("a book"),
    }
    place = desk.data / "studies" / f"{desk.usages.key()}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    module.write_study(UsageStudy(**(fields | changed)), place)
    return place


def test_files_are_measured_here_and_now_and_nothing_is_kept(desk, folder):
    found = desk.usages.measure([folder / "usage" / "october.csv"])
    assert (found.totals["vendor"], found.totals["billed"], found.faults) == ("generic", pytest.approx(6.05), ())
    assert found.totals["mtok"]["output"] == pytest.approx(0.55)
    assert "october.csv: generic usage, 2 rows" in found.words
    assert not desk.data.exists()


def test_totals_are_written_whole(desk, folder, tmp_path):
    found = desk.usages.measure([folder / "usage" / "october.csv"])
    desk.usages.numbers(found, tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text()) == found.totals
    assert not list(tmp_path.glob("*.part"))


def test_a_job_studies_the_open_desk_and_keeps_what_it_found_under_its_key(desk):
    assert desk.usages.study() is None
    job = desk.usages.start()
    state = desk.wait(job, timeout=PATIENCE)
    assert state is not None
    assert (state.status, state.kind) == ("done", "usage"), state.failure
    assert state.result == {"study": f"{desk.usages.key()}.json", "files": 1}
    found = desk.usages.study()
    assert found is not None
    assert [file.file for file in found.files] == ["october.csv"]
    assert found.currency == read_desk(desk.folder).program.currency
    assert desk.usages.study() is found
    assert desk.usages.start() == job


def test_a_study_at_hand_is_a_job_that_is_done_at_once(desk):
    keep(desk)
    state = desk.job(desk.usages.start())
    assert state is not None
    assert (state.status, state.kind) == ("done", "usage")


def test_a_changed_export_has_another_study(desk, folder):
    keep(desk)
    assert desk.usages.study() is not None
    (folder / "usage" / "october.csv").write_text(GENERIC.replace("my-model", "other-model"), encoding="utf-8")
    assert desk.usages.study() is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"versions": 1}', '{"versions": {}}'])
def test_a_study_that_cannot_be_read_is_no_study(desk, damage):
    keep(desk).write_text(damage, encoding="utf-8")
    assert desk.usages.study() is None


def test_a_study_by_other_packages_is_no_study(desk):
    keep(desk, versions=versions_of("a book") | {"numpy": "0.1"})
    assert desk.usages.study() is None


def test_a_study_may_be_removed_at_any_time(desk):
    place = keep(desk)
    first = desk.usages.start()
    place.unlink()
    assert desk.usages.study() is None
    again = desk.usages.start()
    assert again != first
    desk.cancel(again)


def test_a_desk_without_exports_has_nothing_to_study(desk, folder):
    assert desk.usages.loaded()
    shutil.rmtree(folder / "usage")
    assert not desk.usages.loaded()
    with pytest.raises(InputError, match="no usage exports"):
        desk.usages.start()
    with pytest.raises(InputError, match="no usage exports"):
        module.study_folder({"folder": str(folder), "out": str(folder / "x.json")}, lambda fraction, text: None)


def test_the_forecast_is_taken_into_a_draft_and_the_desk_stays_as_it_is(desk, folder):
    keep(desk)
    before = (folder / "consumption.csv").read_bytes()
    draft = desk.usages.adopt()
    table = desk.drafts.table(draft, "consumption.csv")
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    taken = [row for row in rows if row["model"] == "my-model"]
    assert [(row["month"], row["meter"], row["mtok"], row["team"]) for row in taken] == [
        ("2026-11", "output", "12.5", "search"),
        ("2026-12", "output", "12.5", "search"),
    ]
    assert not any(row["model"] == "gone" for row in rows)
    assert desk.drafts.preview(draft).undoable
    assert (folder / "consumption.csv").read_bytes() == before
    assert desk.usages.adopt(draft) == draft
    again = desk.drafts.table(draft, "consumption.csv").rows
    assert sorted(again) == sorted(table.rows)


def test_a_forecast_of_adoption_changes_is_told_and_can_keep_the_old_ones(desk, folder):
    keep(desk)
    header = "month,model,meter,mtok,team\n"
    lines = "2026-11,my-model,output,3,engineering\n2026-11,my-model,output,1,support\n"
    (folder / "consumption.csv").write_text(header + lines, encoding="utf-8")
    keep(desk)
    draft = desk.drafts.copy_of(folder, "Acme")
    (change,) = desk.usages.adoption_changes(draft)
    assert (change.model, change.new, change.gone) == ("my-model", ("search",), ("engineering", "support"))
    desk.usages.adopt(draft, keep_teams=True)
    table = desk.drafts.table(draft, "consumption.csv")
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    first = [(row["team"], float(row["mtok"])) for row in rows if row["month"] == "2026-11"]
    assert first == [("engineering", 9.375), ("support", 3.125)]


def test_a_changed_forecast_keeps_the_study_and_changed_prices_do_not(desk, folder):
    keep(desk)
    before = desk.opened().key
    (folder / "consumption.csv").write_text("month,model,meter,mtok\n2026-11,my-model,output,3\n", encoding="utf-8")
    assert desk.opened().key != before
    assert desk.usages.study() is not None
    with (folder / "market" / "index.csv").open("a", encoding="utf-8") as prices:
        prices.write("\n")
    assert desk.usages.study() is None


def test_without_a_study_there_is_no_forecast_to_take(desk):
    with pytest.raises(InputError, match="no forecast to take"):
        desk.usages.adopt()
    keep(desk, forecasts=(forecast("gone", 0.0),))
    with pytest.raises(InputError, match="no forecast to take"):
        desk.usages.adopt()


def test_the_packages_that_a_study_must_share_are_those_that_it_tells():
    assert set(module.PACKAGES) == set(versions_of("a book")) - {"prices"}
