"""The frame as a user meets it: permalinks, two windows, jobs that outlive a reload, what a card hands over."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
expect.set_options(timeout=60_000)
REPO = Path(__file__).resolve().parents[2]


def finished(page):
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def shown_run(page):
    return page.locator("#shell-frame").get_attribute("data-run")


def test_the_address_is_a_permalink_that_another_browser_opens(open_page, small_desk):
    page = finished(open_page(f"{small_desk}/plan"))
    expect(page).to_have_url(re.compile(r"/plan\?run=[0-9a-f]{16}$"))
    other = open_page(page.url)
    expect(other.locator(".hd-context")).to_contain_text("seed")
    assert shown_run(other) == shown_run(page)


def test_a_permalink_to_an_unknown_run_is_told_in_its_place(open_page, small_desk):
    page = open_page(f"{small_desk}/?run=abcdef1234567890")
    expect(page.get_by_role("alert").get_by_role("heading")).to_have_text("This link names a run that is not kept here")
    page.get_by_role("link", name="Open Runs").click()
    expect(page).to_have_url(re.compile("/runs"))


def test_an_unknown_address_shows_the_frame_and_the_way_back(open_page, small_desk):
    page = open_page(f"{small_desk}/nowhere", forgiven="404")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("link", name="Open Overview").click()
    finished(page)


def test_a_reload_during_a_run_goes_on_where_it_was(open_page, serve, make_folder, gate):
    gate.shut()
    page = open_page(serve(make_folder()))
    expect(page.locator("#shell-track")).to_be_visible()
    page.reload()
    expect(page.locator("#shell-cancel")).to_be_visible()
    page.locator("#shell-jobs-open").click()
    row = page.locator(".hd-job")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled")
    expect(row.locator(".hd-job-state")).to_have_text("cancelled")


def test_a_slow_server_is_asked_for_its_jobs_once_at_a_time(open_page, serve, make_folder, gate):
    """Dash drops an answer once the same is asked again: asked faster than it answers, it would never be heard."""
    gate.shut()
    page = open_page(serve(make_folder()))
    expect(page.locator("#shell-tray")).to_have_text("Held by the test")
    looks, held = [], []

    def hold(route):
        if "shell-tray.children" not in (route.request.post_data or ""):
            route.continue_()
            return
        looks.append(route.request)
        if held:
            route.continue_()
        else:
            held.append(route)

    with page.expect_request(lambda request: "shell-tray.children" in (request.post_data or "")):
        page.route(re.compile("_dash-update-component"), hold)
    assert page.evaluate("dash_clientside.desk.tick(1) === dash_clientside.no_update")
    assert len(looks) == 1
    gate.open()
    held[0].continue_()
    finished(page)
    assert len(looks) > 1


def test_two_windows_do_not_disturb_each_other(open_page, serve, make_folder):
    folder = make_folder()
    address = serve(folder)
    one, two = finished(open_page(address)), finished(open_page(f"{address}/plan"))
    first = shown_run(one)
    assert shown_run(two) == first
    (folder / "settings.toml").write_text('scenarios = 1000\nseed = 5\nmodel = "RandomWalk"\n', encoding="utf-8")
    one.locator("#shell-run").click()
    expect(one.locator(".hd-context")).to_contain_text("seed\u00a05")
    finished(one)
    assert shown_run(one) != first
    two.evaluate("dispatchEvent(new Event('focus'))")
    expect(two.locator(".hd-stale-badge")).to_be_visible()
    assert shown_run(two) == first
    expect(two.locator("#plan-trades .ag-center-cols-container .ag-row").first).to_be_visible()


def test_a_card_hands_over_pictures_and_tables(open_page, small_desk):
    page = finished(open_page(small_desk))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = page.locator(".hd-card:has(#overview-fan-figure)")
    opener = card.get_by_role("button", name="Take away: Token price")
    starts = {"Picture as PNG": b"\x89PNG", "Picture as SVG": b"<svg", "Table as Excel": b"PK"}
    for name, start in starts.items():
        opener.click()
        with page.expect_download() as download:
            card.get_by_role("menuitem", name=name).click()
        assert shown_run(page)[:8] in download.value.suggested_filename
        assert download.value.path().read_bytes().startswith(start)
    opener.click()
    card.get_by_role("menuitem", name="Copy table").click()
    expect(card.locator(".hd-told")).to_have_text("Copied, 24 rows")
    expect(page.locator("#shell-told")).to_have_text("Copied, 24 rows")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Month\t")


def test_a_menu_is_walked_by_keys_and_escape_gives_the_focus_back(open_page, small_desk):
    page = finished(open_page(small_desk))
    opener = page.get_by_role("button", name="Take away: Token price")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Picture as PNG")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Picture as SVG")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_density_is_changed_at_once_and_remembered(open_page, small_desk):
    page = finished(open_page(small_desk))
    row = page.locator("#overview-stress-grid .ag-row").first
    assert row.bounding_box()["height"] == pytest.approx(24, abs=0.5)
    page.locator("#shell-density").click()
    expect(page.locator("html")).to_have_attribute("data-density", "comfortable")
    page.reload()
    finished(page)
    expect(row).to_be_visible()
    assert row.bounding_box()["height"] == pytest.approx(28, abs=0.5)


def test_ctrl_s_opens_no_dialog_and_leaves_the_page_as_it_is(open_page, small_desk):
    page = finished(open_page(small_desk))
    stopped = page.evaluate(
        "!document.body.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 's', ctrlKey: true, bubbles: true, cancelable: true}))"
    )
    assert stopped
    finished(page)


def test_what_is_too_large_is_told_in_its_place(open_page, sample_address):
    page = open_page(sample_address, forgiven="413")
    send = "fetch('/_dash-update-component', {method: 'POST', headers: {'Content-Type': 'application/json'}, "
    page.evaluate(send + "body: JSON.stringify('a'.repeat(17 * 1024 * 1024))}).then(answer => answer.status)")
    expect(page.locator("#shell-large")).to_contain_text("larger than 16 MB")
    expect(page.locator("#shell-silent")).to_be_hidden()


@pytest.fixture
def sample_address(tmp_path):
    """``python app.py`` as a user starts it: its server takes a large request whole before it refuses it."""
    command = [sys.executable, "app.py", "--no-browser", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as server:
        yield re.search(r"http://\S+?(?=/ )", server.stderr.readline()).group()
        server.terminate()
        server.communicate()
