"""The desk's own index: methods switched, the audit read, tables taken away, what is missing said."""

from __future__ import annotations

from pathlib import Path

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect


expect.set_options(timeout=60_000)


def choose(page, name):
    page.locator(".hd-switch").get_by_text(name, exact=True).click()


def shown(page, method):
    expect(page.locator("#market-own-title")).to_have_text(f"Own index: {method}")
    expect(page.locator("#market-own .js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator("[data-dash-is-loading]")).to_have_count(0)


@pytest.fixture
def index_page(open_page, small_desk):
    page = open_page(f"{small_desk}/market")
    expect(page.locator(".hd-context")).to_contain_text("seed")
    choose(page, "Index and audit")
    shown(page, "matched list")
    return page


def test_the_method_is_switched_and_each_index_says_its_unit(index_page):
    expect(index_page.locator("#market-own-unit")).to_contain_text("base 100")
    expect(index_page.locator("#market-index-settles")).to_contain_text("settles on matched-list-3")
    choose(index_page, "Realised")
    shown(index_page, "realised")
    expect(index_page.locator("#market-own-unit")).to_have_text("USD per Mtok")
    expect(index_page.locator("#market-index-meaning")).to_contain_text("and so the budget, follow this one")
    choose(index_page, "Constant quality")
    shown(index_page, "constant quality")
    choose(index_page, "Month")
    expect(index_page.locator("#market-index-section")).to_have_attribute("data-asked", "quality_constant.month.on")


def test_a_link_opens_the_index_again_and_the_scenarios_stay_one_press_away(index_page, open_page):
    assert "part=index" in index_page.url
    again = open_page(index_page.url)
    shown(again, "matched list")
    expect(again.locator("#market-fan")).to_be_hidden()
    choose(again, "Scenarios")
    expect(again.locator("#market-fan")).to_be_visible()
    expect(again.locator("#market-index-section")).to_be_hidden()
    assert "part=" not in again.url


def test_the_audit_is_opened_filtered_and_closed_by_keys(index_page):
    index_page.locator("#market-audit-open").focus()
    index_page.keyboard.press("Enter")
    sheet = index_page.locator("#market-audit-sheet")
    expect(sheet).to_be_visible()
    expect(index_page.locator("#market-audit-drawer-close")).to_be_focused()
    rows = sheet.locator(".ag-center-cols-container .ag-row")
    expect(rows).not_to_have_count(1)
    sheet.locator(".ag-floating-filter-input input").nth(1).fill("few comp")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("2 companies, 3 are asked for")
    index_page.locator("#market-audit-drawer-close").focus()
    index_page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(index_page.locator("#market-audit-open")).to_be_focused()


def test_the_audit_leaves_as_a_file_of_the_method_that_is_shown(index_page):
    choose(index_page, "Month")
    expect(index_page.locator("#market-index-section")).to_have_attribute("data-asked", "matched_list.month.on")
    index_page.locator("#market-audit-open").click()
    index_page.get_by_role("button", name="Take away: Audit of the index").click()
    with index_page.expect_download() as taken:
        index_page.get_by_role("menuitem", name="Table as CSV").click()
    assert taken.value.suggested_filename == "index-audit-matched_list.csv"
    lines = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Date,Rule,Subject,Found,Action"
    assert any(line.startswith("2025-09-30,Large move,deepseek/deepseek-reasoner output") for line in lines)


def test_the_constituents_of_an_earlier_print_are_shown(index_page):
    grid = index_page.locator("#market-constituents")
    expect(grid).to_contain_text("deepseek/deepseek-v4-flash")
    index_page.locator("#market-print").click()
    index_page.get_by_role("option", name="5 Oct 2025", exact=True).click()
    expect(grid).to_contain_text("deepseek/deepseek-reasoner")
    expect(grid).not_to_contain_text("deepseek/deepseek-v4-flash")


def test_an_index_without_its_files_says_which_are_missing(open_page, serve, make_folder):
    folder = make_folder()
    (folder / "market" / "scores.csv").unlink()
    page = open_page(f"{serve(folder)}/market?part=index")
    shown(page, "matched list")
    choose(page, "Constant quality")
    expect(page.locator("#market-index-empty")).to_contain_text("market/scores.csv")
    expect(page.locator("#market-index-found")).to_be_hidden()
    expect(page.locator("#market-audit-open")).to_be_disabled()
    expect(page.locator("#market-audit-open")).to_have_text("Open the audit")
    choose(page, "Matched list")
    expect(page.locator("#market-index-found")).to_be_visible()


def test_the_index_and_its_audit_are_accessible(index_page, accessible):
    accessible(index_page)
    index_page.locator("#market-own-twin").click()
    expect(index_page.locator("#market-own-table")).to_be_visible()
    index_page.locator("#market-audit-open").click()
    expect(index_page.locator("#market-audit .ag-row").first).to_be_visible()
    accessible(index_page)
