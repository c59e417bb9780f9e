"""Drafts: what came is recognised, previewed and mended; nothing of it is the desk's until it is staged."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hedgedesk.desk import drafts as module
from hedgedesk.desk.drafts import Drafts
from hedgedesk.desk.places import sample
from hedgedesk.domain.draft import CellEdit, Preview
from hedgedesk.domain.errors import HedgeDeskError, InputError
from hedgedesk.files import read_desk
from hedgedesk.files.templates import TEMPLATES, template
from hedgedesk.jobs import Jobs

PATIENCE = 120.0
MARKET = ("index", "futures", "list_prices", "scores", "fx", "holidays", "power", "gpu", "contract", "drivers")
RULES = ("contract", "drivers", "program", "settings")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Drafts]:
    jobs = Jobs(1)
    yield Drafts(tmp_path / "drafts", jobs)
    jobs.close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An open desk: all the templates."""
    folder = tmp_path / "open"
    for name in TEMPLATES:
        place = folder / ("market" if name in MARKET else ".") / f"{name}.{'toml' if name in RULES else 'csv'}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(template(name, place.suffix))
    return folder


@pytest.fixture
def load(room: Drafts, base: Path, tmp_path: Path) -> Callable[..., Preview]:
    """Receive and read files here and now, as the job does in its process."""

    def receive(*files: tuple[str, bytes], alone: bool = False) -> Preview:
        draft = room.receive(files, None if alone else base)
        module.read({"folder": str(tmp_path / "drafts" / draft), "base": None}, lambda fraction, text: None)
        return room.preview(draft)

    return receive


def zipped(folder: Path, prefix: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, prefix + path.relative_to(folder).as_posix())
    return packed.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def line_of(room: Drafts, draft: str, file: str, key: str) -> int:
    table = room.table(draft, file)
    return next(line for line, row in zip(table.lines, table.rows, strict=True) if row[0] == key)


def test_a_job_reads_a_zipped_desk_and_says_how_it_went(tmp_path, base):
    jobs = Jobs(1)
    room = Drafts(tmp_path / "drafts", jobs)
    draft = room.receive([("mydesk.zip", zipped(base, "mydesk/"))])
    with pytest.raises(InputError, match="not been read yet"):
        room.preview(draft)
    state = jobs.wait(room.start_reading(draft), timeout=PATIENCE)
    jobs.close()
    assert (state.status, state.kind, state.title) == ("done", "import", "Reading mydesk")
    assert state.result == {"draft": draft, "ready": True, "faults": 0}
    assert contents(room.staged(draft)) == contents(base)


def test_a_preview_tells_columns_units_rows_and_where_each_file_came_from(load, base):
    preview = load(("mydesk.zip", zipped(base, "mydesk/")))
    assert (preview.ready, preview.name, preview.as_of, preview.faults) == (True, "mydesk", "2026-10-30", ())
    book = next(file for file in preview.files if file.name == "book.csv")
    assert (book.uploaded_as, book.rows, book.faults, book.editable) == ("mydesk.zip: mydesk/book.csv", 1, 0, True)
    assert [(column.meaning, column.unit) for column in book.columns][2:] == [
        ("lots", "lots"),
        ("price", "USD per Mtok"),
    ]
    assert (preview.undoable, preview.changes) == (False, 0)


def test_a_whole_desk_is_taken_as_it_is_and_not_completed(load, base):
    smaller = base.parent / "smaller"
    shutil.copytree(base, smaller)
    (smaller / "commitments.csv").unlink()
    preview = load(("desk.zip", zipped(smaller)))
    assert preview.ready
    assert "commitments.csv" not in {file.name for file in preview.files}
    assert preview.notices == ()


def test_a_single_table_is_completed_from_the_open_desk_and_says_so(load, base):
    preview = load(("forecast_2027.csv", (base / "consumption.csv").read_bytes()))
    assert preview.ready
    assert preview.files[0].uploaded_as == "forecast_2027.csv"
    assert preview.files[1].uploaded_as == ""
    assert preview.notices == (
        "taken from the open desk: commitments.csv, book.csv, market/index.csv, market/futures.csv, "
        "market/list_prices.csv, market/scores.csv, market/fx.csv, market/holidays.csv, market/power.csv, "
        "market/gpu.csv, market/contract.toml, market/drivers.toml, program.toml, settings.toml",
    )


def test_without_an_open_desk_what_is_missing_is_a_fault(load, base):
    preview = load(("forecast_2027.csv", (base / "consumption.csv").read_bytes()), alone=True)
    assert not preview.ready
    assert {fault.file for fault in preview.faults} == {"market/index.csv", "market/contract.toml", "program.toml"}


def test_a_workbook_of_an_unknown_name_replaces_the_open_desks_csv(load, base, room):
    preview = load(("Budget FY27.xlsx", template("consumption", "xlsx")))
    assert preview.ready
    assert preview.files[0].name == "consumption.xlsx"
    assert read_desk(room.staged(preview.draft)).forecast == read_desk(base).forecast


def test_files_that_cannot_be_placed_are_faults_until_they_are_left_out(load, room):
    preview = load(
        ("a/consumption.csv", template("consumption", "csv")),
        ("consumption.csv", template("consumption", "csv")),
        ("old.xls", b"\xd0\xcf\x11\xe0"),
    )
    assert [str(fault) for fault in preview.faults] == [
        "old.xls: found an old Excel workbook (.xls); expected a table saved as .xlsx or .csv",
        "consumption.csv: found 2 files for consumption: a/consumption.csv, consumption.csv; "
        "expected only one of them: leave the other out",
    ]
    assert [file.uploaded_as for file in preview.files if not file.name] == ["old.xls", "consumption.csv"]
    with pytest.raises(InputError, match=r"no file book\.csv waits"):
        room.leave_out(preview.draft, "book.csv")
    room.leave_out(preview.draft, "old.xls")
    mended = room.leave_out(preview.draft, "a/consumption.csv")
    assert mended.ready
    assert mended.files[0].uploaded_as == "consumption.csv"
    room.undo(preview.draft)
    assert room.undo(preview.draft).faults == preview.faults


def test_three_faults_are_mended_in_the_grid(load, room, base):
    text = (base / "consumption.csv").read_text(encoding="utf-8-sig")
    broken = text.replace("2026-11,my-model,uncached_input,900", "2026-11,my-model,input,900").replace("350", "35O", 1)
    preview = load(("consumption.csv", broken.replace("2027-03", "2027-13").encode()))
    assert not preview.ready
    table = room.table(preview.draft, "consumption.csv")
    at = {(fault.row, fault.column) for fault in table.faults}
    assert {(2, "meter"), (3, "mtok"), (10, "month"), (11, "month")} <= at
    with pytest.raises(InputError, match="2027-13"):
        room.staged(preview.draft)
    edits = [
        CellEdit("cell", 2, "meter", "uncached_input"),
        CellEdit("cell", 3, "mtok", "350"),
        CellEdit("cell", 10, "month", "2027-03"),
        CellEdit("cell", 11, "month", "2027-03"),
    ]
    mended = room.edit(preview.draft, "consumption.csv", edits)
    assert (mended.ready, mended.undoable, mended.changes) == (True, True, 1)
    assert read_desk(room.staged(preview.draft)).forecast == read_desk(base).forecast
    back = room.undo(preview.draft)
    assert (back.faults, back.undoable, back.changes) == (preview.faults, False, 0)
    with pytest.raises(InputError, match="nothing to take back"):
        room.undo(preview.draft)


def test_the_open_desk_can_be_edited_without_being_touched(room, base):
    before = contents(base)
    draft = room.copy_of(base, "Mine")
    assert (room.preview(draft).name, room.preview(draft).ready) == ("Mine", True)
    room.edit(draft, "program.toml", [CellEdit("cell", line_of(room, draft, "program.toml", "level"), "value", "0.9")])
    assert read_desk(room.staged(draft)).program.level == 0.9
    assert contents(base) == before


def test_an_edited_workbook_becomes_a_csv_of_the_same_values(load, room):
    draft = load(("consumption.xlsx", template("consumption", "xlsx"))).draft
    before = read_desk(room.staged(draft)).forecast
    preview = room.edit(draft, "consumption.xlsx", [])
    assert preview.files[0].name == "consumption.csv"
    assert preview.notices[-1] == "consumption.xlsx: kept as consumption.csv since its cells were edited"
    assert read_desk(room.staged(draft)).forecast == before
    room.edit(draft, "consumption.xlsx", [CellEdit("cell", 2, "mtok", "1")])
    room.undo(draft)
    assert room.undo(draft).files[0].name == "consumption.xlsx"


def test_a_table_that_is_not_there_is_a_header_and_editing_it_makes_the_file(room, base):
    (base / "book.csv").unlink()
    draft = room.copy_of(base, "Mine")
    table = room.table(draft, "book.csv")
    assert (table.header, table.rows) == (("trade_date", "contract", "lots", "price_usd_per_mtok"), ())
    room.edit(draft, "book.csv", [CellEdit("add", 0, text="2026-10-23\t2027-02\t-2\t4.1")])
    assert [position.lots for position in read_desk(room.staged(draft)).book.positions] == [-2.0]
    room.edit(draft, "book.csv", [CellEdit("remove", 2)])
    assert not (room.staged(draft) / "book.csv").exists()
    assert room.undo(draft).ready
    assert (room.staged(draft) / "book.csv").exists()


def test_an_added_row_waits_empty_until_it_is_filled(room, base):
    draft = room.copy_of(base, "Mine")
    assert room.edit(draft, "book.csv", [CellEdit("add", 2)]).ready
    assert room.table(draft, "book.csv").rows[-1] == ("", "", "", "")
    assert not room.edit(draft, "book.csv", [CellEdit("cell", 3, "lots", "5")]).ready


def test_an_edit_that_cannot_be_done_changes_nothing(room, base, tmp_path):
    draft = room.copy_of(base, "Mine")
    before = contents(tmp_path / "drafts")
    for file, edit in (
        ("book.csv", CellEdit("cell", 99, "lots", "1")),
        ("program.toml", CellEdit("add", 0, text="bands[9].min\t1")),
        ("../../evil.csv", CellEdit("add", 0)),
        ("market/../book.csv", CellEdit("add", 0)),
    ):
        with pytest.raises(InputError):
            room.edit(draft, file, [CellEdit("cell", 2, "lots", "1"), edit] if file == "book.csv" else [edit])
    assert contents(tmp_path / "drafts") == before


def test_a_file_that_breaks_off_cannot_be_edited(load, room):
    preview = load(("consumption.csv", b'month,model,meter,mtok\n2026-11,m,output,1\n2026-12,"m,output,1\n'))
    assert not preview.files[0].editable
    with pytest.raises(InputError, match="cannot be read to its end"):
        room.edit(preview.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "1")])


@pytest.mark.parametrize("content", [b"= 1", b"\xff\xfe\x00"])
def test_rules_that_are_no_toml_are_told_and_cannot_be_edited(load, room, content):
    preview = load(("program.toml", content))
    assert not next(file for file in preview.files if file.name == "program.toml").editable
    with pytest.raises(InputError, match="no TOML"):
        room.table(preview.draft, "program.toml")


@pytest.mark.parametrize("draft", ["", "..", "../open", "0" * 31, "0" * 32, "/etc", "A" * 32])
def test_an_id_that_is_none_is_told_to_load_again(room, base, draft):
    for verb in (room.preview, room.staged, room.undo, room.start_reading):
        with pytest.raises(InputError, match="load them again"):
            verb(draft)
    room.discard(draft)
    assert contents(base)


def test_a_discarded_draft_leaves_nothing(room, base, tmp_path):
    draft = room.copy_of(base, "Mine")
    room.discard(draft)
    room.discard(draft)
    assert contents(tmp_path / "drafts") == {}


def test_a_desk_with_one_table_twice_can_be_edited_once_one_is_left_out(room, base):
    (base / "book.xlsx").write_bytes(template("book", "xlsx"))
    draft = room.copy_of(base, "Mine")
    assert [str(fault) for fault in room.preview(draft).faults] == [
        "book.xlsx: found 2 files for book: book.csv, book.xlsx; expected only one of them: leave the other out"
    ]
    assert room.leave_out(draft, "book.csv").ready
    assert (room.staged(draft) / "book.xlsx").exists()


def test_a_desk_that_cannot_be_read_makes_no_draft(room, base, tmp_path, monkeypatch):
    def refuse(path, _target):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(InputError, match=r"consumption\.csv cannot be copied \(Permission denied\)"):
        room.copy_of(base, "Mine")
    assert contents(tmp_path / "drafts") == {}


def test_discarding_a_draft_ends_its_reading(tmp_path, base):
    jobs = Jobs(1)
    room = Drafts(tmp_path / "drafts", jobs)
    draft = room.receive([("mydesk.zip", zipped(base))])
    job = room.start_reading(draft)
    room.discard(draft)
    state = jobs.wait(job, timeout=PATIENCE)
    jobs.close()
    assert state.status in ("cancelled", "done")
    with pytest.raises(InputError, match="load them again"):
        room.preview(draft)


def test_an_upload_beyond_the_limits_is_not_kept(room, tmp_path):
    with pytest.raises(InputError, match=r"big\.csv has 12\.0 MB"):
        room.receive([("big.csv", b"0" * 12_000_000)])
    assert contents(tmp_path) == {}


def test_only_the_newest_drafts_stay(room, monkeypatch):
    monkeypatch.setattr(module, "MOST_DRAFTS", 3)
    kept = [room.receive([("book.csv", b"x")]) for _ in range(5)]
    assert {path.name for path in room._folder.iterdir()} == set(kept[-3:])


def test_undoing_forgets_the_oldest_when_it_takes_too_much_room(room, base, monkeypatch):
    from hedgedesk.files.draft import history

    draft = room.copy_of(base, "Mine")
    size = (base / "consumption.csv").stat().st_size
    monkeypatch.setattr(history, "MOST_HISTORY", 3 * size)
    for amount in "12345":
        preview = room.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", amount)])
    assert preview.changes == 5
    while preview.undoable:
        preview = room.undo(draft)
    assert preview.changes > 1
    assert room.table(draft, "consumption.csv").rows[0][3] == str(preview.changes)


def test_the_sample_desk_is_ready_to_be_edited(room):
    draft = room.copy_of(sample(), "Sample")
    assert room.preview(draft).ready
    assert all(file.editable for file in room.preview(draft).files if not file.name.startswith("usage/"))


DAMAGED = (b"", b"{", b"[]", b"null", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000)


@pytest.mark.parametrize("content", DAMAGED, ids=lambda content: repr(content[:6]))
def test_a_damaged_preview_is_made_anew(room, base, tmp_path, content):
    draft = room.copy_of(base, "Mine")
    before = room.preview(draft)
    (tmp_path / "drafts" / draft / "preview.json").write_bytes(content)
    assert room.preview(draft) == before


@pytest.mark.parametrize("content", DAMAGED, ids=lambda content: repr(content[:6]))
def test_a_damaged_record_is_said_and_no_change_is_begun(room, base, tmp_path, content):
    draft = room.copy_of(base, "Mine")
    (tmp_path / "drafts" / draft / "record.json").write_bytes(content)
    desk = tmp_path / "drafts" / draft / "desk"
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="load them again"):
        room.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "5")])
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == before


def test_a_change_whose_copy_is_damaged_is_not_taken_back_and_said(room, base, tmp_path):
    draft = room.copy_of(base, "Mine")
    room.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "5")])
    (tmp_path / "drafts" / draft / "history" / "000001" / "files.json").write_bytes(b"{")
    with pytest.raises(InputError, match="cannot be taken back"):
        room.undo(draft)
    assert room.preview(draft).changes == 1


def test_a_draft_whose_files_are_gone_since_it_was_read_is_not_handed_over(room, base, tmp_path):
    draft = room.copy_of(base, "Mine")
    shutil.rmtree(tmp_path / "drafts" / draft / "desk" / "market")
    with pytest.raises(InputError, match=r"index\.csv"):
        room.staged(draft)


def test_a_desk_whose_folder_is_gone_is_said_and_leaves_no_draft(room, tmp_path):
    with pytest.raises(InputError, match="no longer there"):
        room.copy_of(tmp_path / "gone", "Mine")
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_disk_that_is_full_is_said_and_leaves_nothing_half(room, base, tmp_path, monkeypatch):
    draft = room.copy_of(base, "Mine")
    kept = {path: path.read_bytes() for path in (tmp_path / "drafts").rglob("*") if path.is_file()}

    def full(self, content):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    for attempt in (
        lambda: room.receive([("book.csv", b"a")]),
        lambda: room.copy_of(base, "Another"),
        lambda: room.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "5")]),
    ):
        with pytest.raises(HedgeDeskError, match=r"(?i)no space left on device"):
            attempt()
    monkeypatch.undo()
    found = {path: path.read_bytes() for path in (tmp_path / "drafts").rglob("*") if path.is_file()}
    assert {path: content for path, content in found.items() if "history" not in path.parts} == kept
    room.edit(draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "5")])


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path, base):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    room = Drafts(tmp_path / "taken" / "drafts", Jobs(1))
    with pytest.raises(HedgeDeskError, match="taken"):
        room.copy_of(base, "Mine")
