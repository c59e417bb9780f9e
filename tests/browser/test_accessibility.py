"""axe finds nothing on any page, light or dark, filled or empty, with a panel open or a fault in place."""

from __future__ import annotations

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect


expect.set_options(timeout=60_000)
PAGES = ("overview", "market", "exposure", "plan", "risk", "inputs", "runs")


def finished(page):
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def visit(page, name):
    page.locator(f"#nav-{name}").click()
    expect(page.locator(f"#{name}-context")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_filled_page_is_accessible(open_page, small_desk, accessible, name):
    accessible(finished(open_page(small_desk if name == "overview" else f"{small_desk}/{name}")))


def test_panels_are_accessible(open_page, small_desk, accessible):
    page = finished(open_page(small_desk))
    page.get_by_role("button", name="How computed").click()
    expect(page.locator("#overview-drawer")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator("#shell-jobs-open").click()
    expect(page.locator(".hd-job").first).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take away: Token price").click()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator("#overview-fan-twin").click()
    expect(page.locator("#overview-fan-table")).to_be_visible()
    accessible(page)
    page.locator("#shell-report").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)


def test_a_run_under_way_is_accessible(open_page, serve, make_folder, accessible, gate):
    gate.shut()
    page = open_page(serve(make_folder()))
    expect(page.locator("#shell-tray")).to_have_text("Held by the test")
    page.locator("#shell-jobs-open").click()
    expect(page.locator(".hd-job").first).to_be_visible()
    accessible(page)


def test_a_what_if_and_what_cannot_be_answered_are_accessible(open_page, small_desk, accessible, turn):
    page = finished(open_page(f"{small_desk}/plan"))
    turn(page, "Volume growth", "ArrowLeft", 10)
    expect(page.locator("#plan-what-state")).to_contain_text("What if")
    accessible(page)
    page.locator("#plan-save").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    turn(page, "Volatility", "ArrowRight", 2)
    expect(page.locator("#plan-what-state")).to_contain_text("needs new scenarios")
    accessible(page)
    turn(page, "Volatility", "ArrowLeft", 2)
    turn(page, "Credit line", "Home")
    expect(page.locator("#plan-refused")).to_contain_text("No answer to")
    accessible(page)


def test_a_fault_on_empty_pages_is_accessible(open_page, serve, make_folder, accessible):
    page = open_page(serve(make_folder(scenarios=7)))
    expect(page.get_by_role("alert").get_by_role("heading")).to_be_visible()
    for name in PAGES:
        visit(page, name)
        accessible(page)


def test_the_keyboard_meets_skip_link_desk_and_pages_in_order(open_page, small_desk):
    page = finished(open_page(small_desk))
    met = []
    for _ in range(14):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    bar = ["hd-skip", "hd-opened", "shell-density", "shell-theme", "shell-report", "shell-run"]
    pages = ["overview", "market", "exposure", "plan", "risk", "inputs", "runs"]
    assert met == [*bar, *(f"nav-{name}" for name in pages), "shell-help"]
