"""axe finds nothing on any page, light or dark, filled or empty, with a panel open or a fault in place."""

from __future__ import annotations

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
axe_room = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the test extra is not installed")


expect.set_options(timeout=60_000)


def violations(page):
    found = axe_room.Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']][:3]}" for v in found]


def finished(page):
    expect(page.locator(".hd-context")).to_contain_text("seed")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/plan"])
def test_a_filled_page_is_accessible(open_page, small_desk, path, scheme):
    page = finished(open_page(small_desk + path, scheme=scheme))
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panels_are_accessible(open_page, small_desk, scheme):
    page = finished(open_page(small_desk, scheme=scheme))
    page.get_by_role("button", name="How computed").click()
    expect(page.locator("#overview-drawer")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#shell-jobs-open").click()
    expect(page.locator(".hd-job").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take away: Token price").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fault_on_an_empty_page_is_accessible(open_page, serve, make_folder, scheme):
    folder = make_folder(scenarios=7)
    page = open_page(serve(folder), scheme=scheme)
    expect(page.get_by_role("alert").get_by_role("heading")).to_be_visible()
    assert violations(page) == []


def test_the_keyboard_meets_skip_link_desk_and_pages_in_order(open_page, small_desk):
    page = finished(open_page(small_desk))
    met = []
    for _ in range(14):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    bar = ["hd-skip", "hd-opened", "shell-density", "shell-theme", "shell-report", "shell-run"]
    pages = ["overview", "market", "exposure", "plan", "risk", "inputs", "runs"]
    assert met == [*bar, *(f"nav-{name}" for name in pages), "shell-help"]
