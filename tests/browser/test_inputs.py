"""The Inputs page as a treasurer meets it: load, be told, mend, keep, edit, take back, and two windows at once."""

from __future__ import annotations

import base64
import gzip
import io
import re
import shutil
import threading
import zipfile
from pathlib import Path

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def without_usage(folder):
    """Fewer rows to read: only one test here is of exports, and it brings its own."""
    shutil.rmtree(folder / "usage")
    return folder


@pytest.fixture
def served(tmp_path, make_folder):
    """Address of a small desk of the user's own folder, with an own place for what is kept; and the desk."""
    from werkzeug.serving import make_server

    desk = Desk(without_usage(make_folder()), tmp_path / "kept")
    server = make_server("127.0.0.1", 0, create_app(desk, desk_room.assets()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/inputs", desk
    desk.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def faulty(tmp_path, make_folder):
    """A desk folder with three faults: a meter, a level, a number of lots."""
    folder = tmp_path / "Larkspur"
    shutil.copytree(without_usage(make_folder()), folder)
    change(folder / "consumption.csv", "uncached_input", "cached")
    change(folder / "program.toml", "level = 0.95", "level = 95")
    change(folder / "book.csv", ",18,", ",eighteen,")
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def choose(page, files, button="Choose files"):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(files)


def cell(page, line, column):
    return page.locator(f"#inputs-grid .ag-center-cols-container [row-id='{line}'] [col-id='{column}']")


def type_into(page, line, column, text):
    cell(page, line, column).dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def opened(page):
    """Wait until the page is filled and the desk's first run has ended: reading files would wait for it."""
    # A key opens the dialogue of files faster than the browser can be told to leave it to the test.
    page.on("filechooser", lambda _chooser: None)
    expect(cell(page, 2, "c0")).to_be_visible()
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def test_a_folder_with_three_faults_is_mended_in_the_grid_kept_and_run(open_page, served, faulty):
    address, desk = served
    before = {path: path.read_bytes() for path in faulty.rglob("*") if path.is_file()}
    page = opened(open_page(address))
    choose(page, faulty, "Choose a folder")
    title = page.locator("#inputs-preview-title")
    expect(title).to_have_text("3 of 2,987 rows cannot be read. Nothing has been imported.")
    expect(title).to_be_focused()
    expect(page.locator("#inputs-confirm")).to_be_disabled()
    assert desk.desks() == ()

    expect(cell(page, 2, "c2")).to_have_class(re.compile("hd-cell-fault"))
    type_into(page, 2, "c2", "uncached_input")
    expect(title).to_contain_text("2 of 2,987")
    page.locator("#inputs-preview-faults tr", has_text="program.toml").click()
    expect(cell(page, 3, "c0")).to_have_text("level")
    type_into(page, 3, "c1", "0.95")
    expect(title).to_contain_text("1 of 2,987")
    page.get_by_role("radiogroup").get_by_text("Positions held").click()
    expect(cell(page, 2, "c2")).to_have_text("eighteen")
    type_into(page, 2, "c2", "18")
    expect(title).to_have_text("16 files, 2,987 rows, no fault.")

    expect(page.locator("#inputs-title")).to_have_value("Larkspur")
    page.get_by_role("button", name="Confirm and keep").click()
    expect(page.locator("#inputs-said")).to_contain_text("Larkspur is kept and open")
    expect(page.locator("#shell-desk-name")).to_have_text("Larkspur")
    assert [kept.name for kept in desk.desks()] == ["Larkspur"]
    assert {path: path.read_bytes() for path in before} == before

    first = page.locator(".hd-context").inner_text()
    expect(page.locator("#shell-run")).to_have_attribute("data-variant", "filled")
    page.locator("#shell-run").click()
    expect(page.locator("#shell-run")).to_have_attribute("data-variant", "default")
    expect(page.locator(".hd-context")).not_to_have_text(first)


def test_tables_and_exports_come_together_and_a_vendor_is_chosen_here_too(open_page, served, faulty, tmp_path):
    address, desk = served
    export = tmp_path / "team-usage.csv.gz"
    lines = ["date,model,uncached_input_tokens,output_tokens", "2026-09-01,gpt-5,1000000,2000"]
    export.write_bytes(gzip.compress("\n".join(lines).encode()))
    page = opened(open_page(address))
    choose(page, [faulty / "consumption.csv", export])
    expect(page.locator("#inputs-preview-title")).to_contain_text("1 of")
    row = page.locator("#inputs-preview-files tr", has_text="team-usage.csv.gz")
    vendor = row.get_by_role("combobox", name="Vendor of team-usage.csv.gz")
    expect(row).to_contain_text("Usage export")
    expect(vendor).to_have_value("generic")
    vendor.select_option("azure")
    expect(page.locator("#inputs-preview-faults")).to_contain_text("azure")
    vendor.select_option(label="as recognised")
    expect(page.locator("#inputs-preview-title")).to_contain_text("1 of")
    type_into(page, 2, "c2", "uncached_input")
    expect(page.locator("#inputs-confirm")).to_be_enabled()
    page.locator("#inputs-confirm").click()
    expect(page.locator("#inputs-said")).to_contain_text("is kept and open")
    assert (desk.opened().folder / "usage" / "team-usage.csv.gz").is_file()


def test_faults_in_place_and_an_empty_table_are_accessible(open_page, served, faulty, accessible):
    page = opened(open_page(served[0]))
    choose(page, [faulty / "book.csv", faulty / "consumption.csv"])
    expect(page.locator("#inputs-preview-title")).to_contain_text("2 of")
    expect(page.locator("#inputs-grid .hd-cell-fault")).to_have_count(1)
    accessible(page)
    page.get_by_role("radiogroup").get_by_text("Commitments").click()
    for _ in range(2):
        expect(cell(page, 2, "c0")).to_be_visible()
        cell(page, 2, "c0").click()
        page.get_by_role("button", name="Remove row").click()
    expect(page.locator("#inputs-grid")).to_contain_text("No row yet")
    accessible(page)


def test_wrong_types_and_an_oversized_file_are_told_in_place_and_nothing_is_sent(open_page, served, tmp_path):
    address, desk = served
    page = opened(open_page(address))
    sent = []
    page.on("request", lambda request: sent.append(request) if "inputs-files.data" in (request.post_data or "") else 0)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(12_000_000)
    choose(page, tmp_path / "large.csv")
    expect(page.locator("#inputs-refused")).to_have_text(
        "large.csv has 12.0 MB; 11.5 MB is the most. Nothing was loaded."
    )
    choose(page, tmp_path / "picture.png")
    expect(page.locator("#inputs-left-out")).to_contain_text("picture.png was left out")
    expect(page.locator("#inputs-refused")).to_be_empty()
    assert sent == []
    (tmp_path / "lies.zip").write_bytes(b"PK\x03\x04 this is no zip")
    choose(page, tmp_path / "lies.zip")
    expect(page.locator("#inputs-preview")).to_contain_text("lies.zip")
    expect(page.locator("#inputs-confirm")).to_be_disabled()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#inputs-preview")).to_be_hidden()
    assert desk.desks() == ()


DROP = """([place, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"])
    document.querySelector(place).dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


def test_a_dropped_zip_is_read_and_thrown_away_again(open_page, served, faulty):
    address, desk = served
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for path in faulty.rglob("*.*"):
            archive.write(path, path.relative_to(faulty))
    page = opened(open_page(address))
    content = base64.b64encode(whole.getvalue()).decode()
    page.evaluate(DROP, ["#inputs-drop", "Quarter.zip", content])
    expect(page.locator("#inputs-preview-title")).to_contain_text("3 of")
    page.reload()
    expect(page.locator("#inputs-preview-title")).to_contain_text("3 of")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#inputs-said")).to_have_text("Thrown away. The open desk is as it was.")
    expect(page.locator("#inputs-bar")).to_be_hidden()
    assert desk.desks() == ()


def test_edits_are_undone_saved_as_revisions_and_a_revision_is_taken_back(open_page, served):
    address, desk = served
    page = opened(open_page(address))
    folder = desk.opened().folder
    own = (folder / "consumption.csv").read_bytes()
    old = cell(page, 2, "c3").inner_text()
    type_into(page, 2, "c3", "8000")
    expect(page.locator("#inputs-bar")).to_contain_text("1 change, not saved")
    expect(page.locator("#inputs-bar")).to_contain_text("Your own folder is not changed")
    cell(page, 4, "c0").click()
    page.keyboard.press("Control+z")
    expect(cell(page, 2, "c3")).to_have_text(old)
    expect(page.locator("#inputs-bar")).to_be_hidden()

    for text, revision in (("8000", 1), ("9000", 2)):
        type_into(page, 2, "c3", text)
        expect(page.locator("#inputs-confirm")).to_be_enabled()
        page.locator("#inputs-confirm").click()
        expect(page.locator("#inputs-desk-kind")).to_have_text(f"Kept, revision {revision}")
        expect(page.locator("#inputs-bar")).to_be_hidden()
    page.get_by_role("button", name="Undo last change").click()
    expect(page.locator("#inputs-desk-kind")).to_have_text("Kept, revision 1")
    expect(cell(page, 2, "c3")).to_have_text("8000")
    page.get_by_role("button", name="Load sample desk").click()
    expect(page.locator("#inputs-desk-kind")).to_have_text("Sample, only read")
    page.get_by_label("Kept desks").click()
    page.get_by_role("option").first.click()
    expect(page.locator("#inputs-desk-kind")).to_have_text("Kept, revision 1")
    assert ",8000," in (desk.opened().folder / "consumption.csv").read_text(encoding="utf-8")
    assert (folder / "consumption.csv").read_bytes() == own


PASTE = """(text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }));
}"""


def test_rows_come_and_go_and_a_block_from_excel_fills_cells_and_makes_rows(open_page, served):
    page = opened(open_page(served[0]))
    page.get_by_role("radiogroup").get_by_text("Commitments").click()
    expect(cell(page, 3, "c0")).to_have_text("DeepSeek reserve")
    cell(page, 3, "c5").click()
    page.evaluate(PASTE, "5000\t0.20\r\n6000\t0.30\r\n")
    expect(cell(page, 3, "c5")).to_have_text("5000")
    expect(cell(page, 4, "c6")).to_have_text("0.30")
    expect(cell(page, 4, "c0")).to_have_class(re.compile("ag-cell"))
    cell(page, 4, "c0").click()
    page.get_by_role("button", name="Remove row").click()
    expect(cell(page, 4, "c6")).to_have_count(0)
    cell(page, 2, "c0").click()
    page.get_by_role("button", name="Add row").click()
    expect(cell(page, 3, "c0")).to_have_text("")
    expect(cell(page, 4, "c0")).to_have_text("DeepSeek reserve")


def test_two_windows_that_edit_at_once_lose_nothing(open_page, served):
    address, desk = served
    one, other = opened(open_page(address)), opened(open_page(address))
    type_into(one, 2, "c3", "8000")
    type_into(other, 3, "c3", "9000")
    expect(other.locator("#inputs-bar")).to_contain_text("1 change, not saved")
    one.locator("#inputs-confirm").click()
    expect(one.locator("#inputs-said")).to_contain_text("is kept and open")
    other.locator("#inputs-confirm").click()
    expect(other.locator("#inputs-bar")).to_contain_text("The open desk has changed since you began.")
    expect(cell(other, 3, "c3")).to_have_text("9000")
    other.locator("#inputs-title").fill("Second opinion")
    other.get_by_role("button", name="Keep as a new desk").click()
    expect(other.locator("#inputs-said")).to_contain_text("Second opinion is kept and open")
    assert {kept.name for kept in desk.desks()} >= {"Second opinion"}
    assert len(desk.desks()) == 2


def test_the_keyboard_alone_reaches_the_files_and_edits_a_cell(open_page, served, faulty):
    page = opened(open_page(served[0]))
    page.get_by_role("button", name="Choose files").focus()
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(faulty / "book.csv")
    expect(page.locator("#inputs-preview-title")).to_contain_text("1 of")
    expect(cell(page, 2, "c2")).to_have_text("eighteen")
    cell(page, 2, "c2").focus()
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    expect(page.locator("#inputs-preview-title")).to_contain_text("no fault")
    expect(page.locator("#inputs-confirm")).to_be_enabled()
