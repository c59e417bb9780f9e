"""Runs: two of them compared, a link to the comparison, names, manifest and removal."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def address(serve, make_folder):
    """A desk of its own: these tests name and remove its runs."""
    return serve(make_folder(seed=22))


@pytest.fixture
def runs_page(open_page, address, turn):
    """The Runs page of a desk with one run and one saved what-if."""
    page = open_page(f"{address}/runs")
    expect(page.locator("#runs-context")).to_contain_text("seed")
    expect(page.locator("#runs-stored-unit")).to_contain_text(re.compile(r"\d run"))
    expect(page.locator("#runs-stored .ag-center-cols-container .ag-row").first).to_be_visible()
    if "Less volume" not in page.locator("#runs-stored").inner_text():
        page.locator("#nav-plan").click()
        expect(page.locator("#plan-what-state")).to_contain_text("As in run")
        turn(page, "Volume growth", "ArrowLeft", 10)
        expect(page.locator("#plan-what-state")).to_contain_text("What if")
        page.locator("#plan-save").click()
        page.locator("#plan-run-name").fill("Less volume")
        page.locator("#plan-keep").click()
        expect(page.locator("#plan-what-state")).to_contain_text("Saved")
        page.locator("#nav-runs").click()
    expect(page.locator("#runs-stored")).to_contain_text("Less volume")
    return page


def select(page, *names):
    rows = page.locator("#runs-stored .ag-pinned-left-cols-container [role='row']")
    for name in names:
        rows.filter(has_text=name).get_by_role("checkbox").check()


def compared(page):
    select(page, "Less volume", "not named")
    page.locator("#runs-compare").click()
    expect(page.locator("#runs-names")).to_contain_text("B: Less volume")
    return page


def test_two_runs_are_compared_side_by_side_and_their_difference_has_a_direction(runs_page):
    page = compared(runs_page)
    expect(page.locator("#runs-compare-title")).to_be_focused()
    expect(page.locator("#runs-verdict")).to_contain_text("Same scenarios of price, volumes grown")
    first = page.locator("#runs-measures .ag-row").first
    expect(first).to_contain_text("Mean cost")
    expect(page.locator("#runs-measures .ag-center-cols-container [col-id='direction']").first).to_have_text("better")
    expect(page.locator("#runs-inputs")).to_contain_text("Volume growth")
    expect(page.locator("#runs-trades")).to_contain_text("Total")
    for side in "ab":
        expect(page.locator(f"#runs-cost-{side} .bars path")).not_to_have_count(0)


def test_a_link_to_a_comparison_restores_it_in_a_fresh_browser(runs_page, open_page):
    page = compared(runs_page)
    assert re.search(r"/runs\?a=[0-9a-f]{16}&b=[0-9a-f]{16}$", page.url)
    fresh = open_page(page.url)
    expect(fresh.locator("#runs-names")).to_contain_text("B: Less volume")
    expect(fresh.locator("#runs-measures .ag-row").first).to_contain_text("Mean cost")
    fresh.locator("#runs-swap").click()
    expect(fresh.locator("#runs-names")).to_contain_text("A: Less volume")
    fresh.locator("#runs-apart").click()
    expect(fresh.locator("#runs-both")).to_be_hidden()
    assert fresh.url.endswith("/runs")


def test_a_comparison_is_accessible(runs_page, accessible):
    page = compared(runs_page)
    expect(page.locator("#runs-stored .ag-checkbox-input").first).to_be_visible()
    accessible(page)


def test_a_link_to_a_run_that_is_gone_says_so(open_page, address):
    page = open_page(f"{address}/runs?a=0000000000000000&b=1111111111111111")
    expect(page.locator("#runs-verdict")).to_contain_text("0000000000000000")
    expect(page.locator("#runs-found")).to_be_hidden()


def test_the_manifest_of_a_run_opens_by_its_button_and_closes_by_escape(runs_page):
    select(runs_page, "Less volume")
    runs_page.locator("#runs-manifest").click()
    sheet = runs_page.locator("#runs-sheet")
    expect(sheet).to_contain_text("Where Less volume comes from")
    expect(sheet).to_contain_text("program.toml = ")
    expect(runs_page.locator("#runs-sheet-drawer-close")).to_be_focused()
    runs_page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(runs_page.locator("#runs-manifest")).to_be_focused()


def test_a_run_is_opened_from_the_list_on_every_page(runs_page):
    select(runs_page, "Less volume")
    runs_page.locator("#runs-open").click()
    state = runs_page.locator("#runs-stored [col-id='state'].ag-cell").first
    expect(state).to_have_text("shown")
    runs_page.locator("#nav-plan").click()
    expect(runs_page.locator("#plan-what-state")).to_have_text("Saved: Less volume")
    expect(runs_page.locator("#plan-volume-shown")).to_have_text("−10%")


def test_a_run_is_named_and_removed_only_after_a_question(runs_page):
    select(runs_page, "Less volume")
    runs_page.locator("#runs-rename").click()
    field = runs_page.locator("#runs-name")
    expect(field).to_have_value("Less volume")
    field.fill("A tenth less")
    runs_page.keyboard.press("Enter")
    expect(runs_page.locator("#runs-stored")).to_contain_text("A tenth less")
    select(runs_page, "A tenth less")
    runs_page.locator("#runs-remove").click()
    runs_page.locator("#runs-keep").click()
    expect(runs_page.locator("#runs-stored")).to_contain_text("A tenth less")
    runs_page.locator("#runs-remove").click()
    runs_page.locator("#runs-remove-now").click()
    expect(runs_page.locator("#runs-stored")).not_to_contain_text("A tenth less")
    expect(runs_page.locator("#runs-log")).to_contain_text("Removed a run")
