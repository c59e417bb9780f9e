"""Usage exports in a draft: previewed by file, their vendors named, left out, taken back, kept with the desk."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk import drafts as module
from hedgedesk.desk.drafts import Drafts
from hedgedesk.desk.folders import zipped
from hedgedesk.desk.places import sample
from hedgedesk.domain.draft import CellEdit, DraftFile, Preview
from hedgedesk.domain.errors import InputError
from hedgedesk.files import read_desk
from hedgedesk.jobs import Jobs

GENERIC = b"""date,seller,model,team,uncached_input_tokens,output_tokens,cost_usd
2026-10-01,my-provider,my-model,search,1200000,300000,4.15
2026-10-02,my-provider,my-model,search,900000,250000,1.90
"""
WRONG = GENERIC.replace(b"900000", b"-900000")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Drafts]:
    jobs = Jobs(1)
    yield Drafts(tmp_path / "drafts", jobs)
    jobs.close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The sample without its own exports."""
    folder = tmp_path / "open"
    shutil.copytree(sample(), folder, ignore=shutil.ignore_patterns("usage"))
    return folder


@pytest.fixture
def load(room: Drafts, base: Path, tmp_path: Path) -> Callable[..., Preview]:
    """Receive and read files here and now, as the job does in its process."""

    def receive(*files: tuple[str, bytes]) -> Preview:
        draft = room.receive(files, base)
        module.read({"folder": str(tmp_path / "drafts" / draft), "base": None}, lambda fraction, text: None)
        return room.preview(draft)

    return receive


def exports(preview: Preview) -> dict[str, DraftFile]:
    return {file.name: file for file in preview.files if file.name.startswith("usage/")}


def test_exports_are_previewed_by_file_and_completed_from_the_open_desk(load, room):
    preview = load(("My June.csv", GENERIC), ("more.csv.gz", gzip.compress(GENERIC.replace(b"my-model", b"other"))))
    assert preview.ready, preview.faults
    found = exports(preview)
    assert list(found) == ["usage/My-June.csv", "usage/more.csv.gz"]
    june = found["usage/My-June.csv"]
    assert (june.uploaded_as, june.rows, june.faults, june.vendor) == ("My June.csv", 2, 0, "generic")
    assert (june.editable, june.vendor_named) == (False, False)
    assert any("taken from the open desk: consumption.csv" in notice for notice in preview.notices)
    with pytest.raises(InputError, match=r"a desk has no file usage/My-June\.csv"):
        room.table(preview.draft, "usage/My-June.csv")


def test_exports_of_the_open_desk_stay_beside_a_new_one(load, base):
    (base / "usage").mkdir()
    (base / "usage" / "may.csv").write_bytes(GENERIC.replace(b"2026-10", b"2026-05"))
    assert list(exports(load(("june.csv", GENERIC)))) == ["usage/june.csv", "usage/may.csv"]


def test_faults_of_an_export_are_told_at_its_place_and_leaving_it_out_is_one_step(load, room):
    preview = load(("june.csv", WRONG))
    assert not preview.ready
    assert [(fault.file, fault.row) for fault in preview.faults] == [("usage/june.csv", 3)]
    assert exports(preview)["usage/june.csv"].faults == 1
    without = room.leave_out(preview.draft, "june.csv")
    assert (without.ready, exports(without)) == (True, {})
    assert "june.csv: left out" in without.notices
    again = room.undo(preview.draft)
    assert exports(again)["usage/june.csv"].faults == 1


def test_a_vendor_can_be_named_and_taken_back(load, room):
    preview = load(("june.csv", GENERIC))
    wrong = room.name_vendor(preview.draft, "usage/june.csv", "openai")
    assert not wrong.ready
    shown = exports(wrong)["usage/june.csv"]
    assert (shown.vendor, shown.vendor_named, shown.faults) == ("openai", True, 1)
    right = room.name_vendor(preview.draft, "usage/june.csv", "generic")
    assert (right.ready, exports(right)["usage/june.csv"].vendor_named, right.changes) == (True, True, 2)
    assert (room.staged(preview.draft) / "usage" / "vendors.toml").read_text() == '"june.csv" = "generic"\n'
    told = room.name_vendor(preview.draft, "usage/june.csv", "")
    assert list(exports(told)) == ["usage/june.csv"]
    assert exports(told)["usage/june.csv"].vendor_named is False
    assert room.undo(preview.draft).ready
    assert "usage/vendors.toml" in exports(room.preview(preview.draft))


def test_an_unknown_export_or_vendor_changes_nothing(load, room):
    preview = load(("june.csv", GENERIC))
    with pytest.raises(InputError, match=r"no usage export may\.csv is here"):
        room.name_vendor(preview.draft, "usage/may.csv", "openai")
    with pytest.raises(InputError, match="no vendor acme: known are openai"):
        room.name_vendor(preview.draft, "usage/june.csv", "acme")
    assert room.preview(preview.draft) == preview


def test_an_edit_of_a_table_does_not_read_the_exports_again(load, room, monkeypatch):
    preview = load(("june.csv", GENERIC))
    monkeypatch.setattr("hedgedesk.files.draft.usages.read_measured", lambda *_, **__: pytest.fail("read again"))
    edited = room.edit(preview.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "12.5")])
    assert edited.ready
    assert exports(edited) == exports(preview)


def test_a_damaged_memory_of_the_exports_is_made_anew(load, room, tmp_path):
    preview = load(("june.csv", GENERIC))
    (tmp_path / "drafts" / preview.draft / "usage.json").write_text("{", encoding="utf-8")
    assert exports(room.edit(preview.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "9")])) == exports(preview)


def test_a_desk_with_exports_leaves_as_a_zip_and_comes_back_the_same(load, base):
    (base / "usage").mkdir()
    (base / "usage" / "may.csv.gz").write_bytes(gzip.compress(GENERIC))
    (base / "usage" / "vendors.toml").write_text('"may.csv.gz" = "generic"\n')
    preview = load(("desk.zip", zipped(base)))
    assert preview.ready, preview.faults
    assert list(exports(preview)) == ["usage/may.csv.gz", "usage/vendors.toml"]
    assert exports(preview)["usage/may.csv.gz"].vendor_named


def test_what_is_no_export_can_still_be_read_by_naming_its_vendor_or_is_told(load, base):
    (base / "usage").mkdir()
    (base / "usage" / "strange.csv").write_text("a,b\n1,2\n")
    preview = load(("desk.zip", zipped(base)))
    assert not preview.ready
    assert {fault.file for fault in preview.faults} == {"usage/strange.csv"}
    assert exports(preview)["usage/strange.csv"].faults == 1


def test_a_confirmed_draft_keeps_its_exports(base, tmp_path):
    desk = Desk(base, tmp_path / "data")
    draft = desk.drafts.receive([("june.csv", GENERIC)], base)
    module.read({"folder": str(tmp_path / "data" / "drafts" / draft), "base": None}, lambda fraction, text: None)
    desk.confirm(draft, "Mine")
    usage = read_desk(desk.folder).usage
    assert usage is not None
    assert [file.file for file in usage.files] == ["june.csv"]
