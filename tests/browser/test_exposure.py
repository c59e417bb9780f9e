"""The Exposure page as a treasurer meets it: what is open, usage in and explained, the forecast by month."""

from __future__ import annotations

import re
import shutil
import threading

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
expect.set_options(timeout=30_000)
STUDY_MS = 120_000


@pytest.fixture
def served(tmp_path, make_folder):
    """Address of a small desk of the user's own folder without usage, with an own place for what is kept; the desk."""
    from werkzeug.serving import make_server

    folder = make_folder()
    shutil.rmtree(folder / "usage", ignore_errors=True)
    desk = Desk(folder, tmp_path / "kept")
    server = make_server("127.0.0.1", 0, create_app(desk, desk_room.assets()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/exposure", desk
    desk.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def exports(tmp_path):
    """A plain export of three months of two models, and a file that is none."""
    rows = [
        f"2026-{month:02d}-{day:02d},{model},{1_000_000 * day},{200_000 * day},{day * 1.5}"
        for month in (8, 9, 10)
        for day in range(1, 29)
        for model in ("gpt-5", "claude-sonnet-4-5")
    ]
    header = "date,model,uncached_input_tokens,output_tokens,cost_usd"
    good, odd = tmp_path / "team-usage.csv", tmp_path / "notes.csv"
    good.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    odd.write_text("a,b\n1,2\n", encoding="utf-8")
    return good, odd


def opened(page):
    expect(page.locator("#exposure-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def choose_part(page, name):
    page.locator("#exposure-section").get_by_text(name, exact=True).click()


def cell(page, row, column):
    return page.locator(f"#exposure-grid .ag-center-cols-container [row-id='{row}'] [col-id='{column}']")


def test_exports_are_shown_file_by_file_kept_and_studied(open_page, served, exports, accessible):
    address, desk = served
    page = opened(open_page(f"{address}?section=usage"))
    expect(page.locator("#exposure-usage-state")).to_have_text("No usage export is loaded yet")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import usage exports").click()
    chooser.value.set_files(list(exports))
    files = page.locator("#exposure-preview-files tbody tr")
    expect(files).to_have_count(2)
    expect(files.first).to_contain_text("168")
    expect(page.get_by_role("combobox", name="Vendor of team-usage.csv")).to_have_value("generic")
    expect(page.locator("#exposure-confirm")).to_be_disabled()

    page.get_by_role("button", name="Leave notes.csv out").click()
    expect(files).to_have_count(1)
    page.locator("#exposure-confirm").click()
    expect(page.locator("#exposure-said")).to_contain_text("is kept with its usage")
    expect(page.locator("#exposure-studied")).to_be_visible(timeout=STUDY_MS)
    expect(page.locator("#exposure-gap-words")).to_contain_text("billed")
    expect(page.locator("#exposure-gaps [role='row']", has_text="gpt-5").first).to_be_visible()
    expect(page.locator("#exposure-units [role='row']", has_text="Output only").first).to_be_visible()
    accessible(page)
    assert desk.usages.study().files[0].rows == 168


def test_a_wrong_vendor_is_named_and_taken_back(open_page, served, exports):
    address, _ = served
    page = opened(open_page(f"{address}?section=usage"))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import usage exports").click()
    chooser.value.set_files(exports[0])
    vendor = page.get_by_role("combobox", name="Vendor of team-usage.csv")
    expect(vendor).to_have_value("generic")
    vendor.select_option("azure")
    expect(page.locator("#exposure-confirm")).to_be_disabled()
    expect(page.locator("#exposure-preview-faults")).to_contain_text("azure")
    vendor.select_option(label="as recognised")
    expect(page.locator("#exposure-confirm")).to_be_enabled()
    expect(vendor).to_have_value("generic")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#exposure-preview")).to_be_hidden()


def test_the_forecast_is_edited_by_month_multiplied_and_taken_back(open_page, served):
    address, desk = served
    page = opened(open_page(address))
    choose_part(page, "Forecast")
    first = cell(page, "r0", "m0")
    expect(first).to_be_visible()
    before = first.inner_text()
    first.dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(first).to_have_class(re.compile("hd-cell-fault"))
    expect(page.locator("#exposure-table-faults")).to_contain_text("a number of at least 0")
    expect(page.locator("#exposure-confirm")).to_be_disabled()
    page.keyboard.press("Control+Z")
    expect(first).to_have_text(before)
    expect(page.locator("#exposure-bar")).to_be_hidden()

    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#exposure-said")).to_contain_text("cells changed by +10%")
    expect(first).not_to_have_text(before)
    page.locator("#exposure-undo").click()
    expect(first).to_have_text(before)
    page.get_by_role("button", name="Apply").click()
    expect(first).not_to_have_text(before)
    page.locator("#exposure-confirm").click()
    expect(page.locator("#exposure-said")).to_contain_text("is kept and open")
    assert len(desk.desks()) == 1


PASTE = """(text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }));
}"""


def test_a_block_from_excel_fills_the_months_in_one_step_to_undo(open_page, served):
    page = opened(open_page(f"{served[0]}?section=forecast"))
    cells = [cell(page, row, month) for row in ("r0", "r1") for month in ("m1", "m2")]
    expect(cells[0]).to_be_visible()
    before = [found.inner_text() for found in cells]
    cells[0].click()
    page.evaluate(PASTE, "1500\t2500.5\r\n3500\t45\r\n")
    for found, text in zip(cells, ("1,500", "2,500.5", "3,500", "45"), strict=True):
        expect(found).to_have_text(text)
    expect(page.locator("#exposure-bar")).to_contain_text("1 change, not saved")
    page.keyboard.press("Control+Z")
    for found, text in zip(cells, before, strict=True):
        expect(found).to_have_text(text)
    expect(page.locator("#exposure-bar")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 1024])
def test_every_part_is_accessible_in_both_themes(open_page, small_desk, accessible, width):
    page = opened(open_page(f"{small_desk}/exposure", width=width))
    expect(page.locator("#exposure-map .heatmaplayer")).not_to_have_count(0)
    accessible(page)
    for part, shown in (("Usage and prices", "#exposure-drop"), ("Forecast", "#exposure-grid")):
        choose_part(page, part)
        expect(page.locator(shown)).to_be_visible()
        accessible(page)


def test_the_parts_and_the_map_are_reached_by_keyboard(open_page, small_desk):
    page = opened(open_page(f"{small_desk}/exposure"))
    page.get_by_role("radio", name="Model").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#exposure-map-title")).to_have_text("Open by month and team")
    page.get_by_role("radio", name="Open", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#exposure-usage-body")).to_be_visible()
    expect(page.locator("#exposure-open-body")).to_be_hidden()
