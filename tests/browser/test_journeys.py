"""What a treasurer does: open the desk, read it, change page, theme and files, cancel, meet a fault."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.reports import format as fmt
from hedgedesk.reports.headlines import headlines
from hedgedesk.reports.tables.plan import plan_table

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect


REPO = Path(__file__).resolve().parents[2]
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


def finished(page):
    """Wait until the page shows a run."""
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def shown_run(page):
    return re.search(r"Run\s([0-9a-f]{8})", page.locator(".hd-context").inner_text()).group(1)


def test_the_first_visit_of_the_sample_desk_shows_progress_and_then_its_numbers(open_page, serve, gate):
    gate.shut()
    page = open_page(serve(None))
    expect(page.locator("#shell-track")).to_be_visible()
    expect(page.locator("#shell-cancel")).to_be_visible()
    expect(page.locator("#overview-mean-value")).to_have_text("–")
    gate.open()
    finished(page)
    expect(page.locator("#shell-track")).to_be_hidden()
    expect(page.locator(".hd-banner")).to_contain_text("Not listed. Indicative curve")
    for name in ("mean", "tail", "chance", "cover", "margin"):
        expect(page.locator(f"#overview-{name}-value")).to_contain_text(re.compile(r"\d"))
    assert page.locator(".js-plotly-plot .bars path, .js-plotly-plot .point path").count() > 60


def test_the_screen_shows_the_numbers_of_the_run(open_page, serve, make_folder):
    folder = make_folder(seed=11)
    page = finished(open_page(serve(folder)))
    run = Desk(folder).run()
    assert shown_run(page) == run.manifest.run_id[:8]
    for name, headline in headlines(run).items():
        expect(page.locator(f"#overview-{name}-value")).to_have_text(headline.value)
    page.locator("#nav-plan").click()
    cells = page.locator("#plan-trades .ag-center-cols-container [col-id='lots']")
    expect(cells).to_have_text([row["lots"].text for row in plan_table(run).rows])
    expect(page.locator("#plan-trades .ag-floating-bottom [col-id='lots']")).to_have_text(
        plan_table(run).total["lots"].text
    )


def test_pages_change_by_mouse_and_by_keyboard_and_keep_the_run(open_page, small_desk):
    page = finished(open_page(small_desk))
    run = shown_run(page)
    page.locator("#nav-plan").click()
    expect(page.get_by_role("heading", name="What would we trade?")).to_be_focused()
    expect(page).to_have_title("Plan · HedgeDesk")
    finished(page)
    assert shown_run(page) == run
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Where do we stand?")).to_be_focused()
    expect(page.locator("#nav-overview")).to_have_attribute("aria-current", "page")
    finished(page)
    page.go_back()
    expect(page.get_by_role("heading", name="What would we trade?")).to_be_visible()


def test_a_page_opened_by_its_address_shows_the_run(open_page, small_desk):
    page = finished(open_page(f"{small_desk}/plan"))
    expect(page.locator("#plan-trades .ag-center-cols-container .ag-row").first).to_be_visible()


def test_the_theme_is_dark_at_once_and_remembered(open_page, small_desk):
    page = finished(open_page(small_desk))
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(243, 245, 247)"
    page.locator("#shell-theme").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    assert page.evaluate(background) == "rgb(13, 17, 22)"
    ink = "getComputedStyle(document.querySelector('#overview-fan [class*=traceink] path.js-line')).stroke"
    assert page.evaluate(ink) == "rgb(230, 234, 239)"
    page.reload()
    finished(page)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.keyboard.press("Tab")
    page.locator("#shell-theme").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")


def test_the_systems_dark_theme_is_taken_where_none_was_chosen(open_page, small_desk):
    page = finished(open_page(small_desk, scheme="dark"))
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_a_run_can_be_cancelled_and_run_again(open_page, serve, make_folder, gate):
    gate.shut()
    page = open_page(serve(make_folder()))
    page.locator("#shell-cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled")
    expect(page.locator("#shell-tray")).to_have_text("Run cancelled")
    expect(page.locator("#shell-track")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#shell-track")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text("The run was cancelled")
    gate.open()
    page.locator("#shell-run").click()
    finished(page)


def test_the_same_files_give_the_stored_result_and_changed_files_a_new_run(open_page, serve, make_folder, gate):
    folder = make_folder()
    page = finished(open_page(serve(folder)))
    first = shown_run(page)
    page.locator("#shell-run").click()
    expect(page.locator("#shell-run")).to_be_enabled()
    finished(page)
    assert shown_run(page) == first
    (folder / "settings.toml").write_text('scenarios = 1000\nseed = 5\nmodel = "RandomWalk"\n', encoding="utf-8")
    gate.shut()
    page.locator("#shell-run").click()
    expect(page.locator(".hd-stale-badge")).to_be_visible()
    assert shown_run(page) == first
    gate.open()
    expect(page.locator(".hd-stale-badge")).to_be_hidden()
    finished(page)
    expect(page.locator(".hd-context")).to_contain_text("seed\u00a05")
    assert shown_run(page) != first


def test_leaving_the_page_during_a_run_loses_nothing(open_page, serve, make_folder, gate):
    gate.shut()
    page = open_page(serve(make_folder(seed=3)))
    expect(page.locator("#shell-track")).to_be_visible()
    page.locator("#nav-plan").click()
    expect(page.get_by_role("heading", name="What would we trade?")).to_be_visible()
    gate.open()
    finished(page)
    page.locator("#nav-overview").click()
    finished(page)


def test_faults_of_the_files_stand_in_a_table_and_a_mended_file_runs(open_page, serve, make_folder):
    folder = make_folder()
    good = (folder / "consumption.csv").read_text(encoding="utf-8")
    lines = good.splitlines()
    lines[4] = lines[4].rsplit(",", 1)[0] + ",abc"
    (folder / "consumption.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = open_page(serve(folder))
    fault = page.get_by_role("alert")
    expect(fault.get_by_role("heading")).to_have_text("One fault in the files of this desk")
    expect(fault.get_by_role("cell", name="abc")).to_be_visible()
    expect(fault.get_by_role("cell", name="consumption.csv")).to_be_visible()
    expect(page.locator("#overview-mean-value")).to_have_text("–")
    (folder / "consumption.csv").write_text(good, encoding="utf-8")
    page.locator("#shell-run").click()
    finished(page)
    expect(fault).to_be_empty()


def test_a_programme_that_no_plan_can_keep_names_its_rules(open_page, serve, make_folder):
    folder = make_folder()
    program = (folder / "program.toml").read_text(encoding="utf-8")
    tight = re.sub(r"credit_line = [\d_.]+", "credit_line = 1_000.0", program)
    (folder / "program.toml").write_text(tight, encoding="utf-8")
    page = open_page(serve(folder))
    expect(page.get_by_role("alert")).to_contain_text("credit line")
    expect(page.get_by_role("alert")).to_contain_text("There is no result to show yet")


def test_how_it_was_computed_opens_beside_the_page_and_escape_closes_it(open_page, small_desk):
    page = finished(open_page(small_desk))
    page.get_by_role("button", name="How computed").click()
    drawer = page.locator("#overview-drawer")
    expect(drawer).to_be_visible()
    expect(page.get_by_role("button", name="How computed")).to_have_attribute("aria-expanded", "true")
    expect(drawer.get_by_role("button", name="Close")).to_be_focused()
    for words in ("Formula", "CVaR", "seed", "consumption.csv", "s.e."):
        expect(drawer).to_contain_text(re.compile(words, re.IGNORECASE))
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="How computed")).to_be_focused()


def test_behind_every_chart_is_a_table(open_page, small_desk):
    page = finished(open_page(small_desk))
    table, figure = page.locator("#overview-fan-table"), page.locator("#overview-fan-figure")
    page.locator("#overview-fan-twin").click()
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Month", "5%", "15%", "25%", "50%", "75%", "85%", "95%", "Mean", "Curve"]
    )
    expect(table.get_by_role("row")).to_have_count(25)
    expect(figure).to_be_hidden()
    page.locator("#overview-fan-twin").click()
    expect(figure).to_be_visible()


@pytest.mark.parametrize(
    ("path", "chart"), [("/", "overview-fan"), ("/", "overview-coverage"), ("/plan", "plan-distribution")]
)
def test_the_table_behind_a_chart_takes_the_charts_place_and_scrolls_inside(open_page, small_desk, path, chart):
    page = finished(open_page(small_desk + path))
    card = page.locator(f".hd-card:has(#{chart}-figure)")
    before = card.bounding_box()["height"]
    page.locator(f"#{chart}-twin").click()
    expect(page.locator(f"#{chart}-table")).to_be_visible()
    expect(page.locator(f"#{chart}-twin")).to_have_attribute("aria-pressed", "true")
    assert card.bounding_box()["height"] == pytest.approx(before, abs=1)
    assert page.locator(f"#{chart}-table").evaluate("e => e.scrollHeight > e.clientHeight")


def test_a_server_that_is_gone_is_said_on_the_screen(open_page, tmp_path, make_folder):
    command = [sys.executable, "app.py", "--no-browser", "--port", "0", "--data", str(tmp_path), str(make_folder())]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = re.search(r"http://\S+?(?=/ )", server.stderr.readline()).group()
            page = finished(open_page(address, forgiven="ERR_CONNECTION_REFUSED|server did not respond"))
            said = page.locator("#shell-silent")
            expect(said).to_be_hidden()
        finally:
            server.terminate()
            server.communicate()
    page.locator("#shell-run").click()
    expect(said).to_be_visible()
    expect(said).to_contain_text("The desk's server does not answer.")


def test_an_open_dialog_keeps_the_keys_to_itself(open_page, small_desk):
    page = finished(open_page(small_desk))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile(rf"^{small_desk}/(\?|$)"))


def test_the_keys_are_told_by_the_question_mark(open_page, small_desk):
    page = finished(open_page(small_desk))
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Help and keys")
    expect(told).to_be_visible()
    expect(told).to_contain_text("Run the desk")
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/plan"])
def test_nothing_spills_over_the_window(open_page, small_desk, path):
    page = finished(open_page(small_desk + path))
    for width in (1440, 1024, 800):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.locator("#shell-main").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_page_says_what_its_numbers_are_in(open_page, small_desk):
    page = finished(open_page(small_desk))
    expect(page.locator(".hd-status")).to_contain_text("Budget currency USD")
    expect(page.locator("#overview-fan-unit")).to_contain_text("CNY per M\u00a0STU")
    expect(page.locator("#overview-mean-unit")).to_have_text(f"USD{fmt.SPACE}m")
