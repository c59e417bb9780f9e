"""What stays and what leaves: a run found again after a restart, reports taken from the page and read back."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.reports.messages import say

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
expect.set_options(timeout=60_000)

REPO = Path(__file__).resolve().parents[2]


@contextmanager
def started(data, *folder):
    """``python app.py`` as a user starts it; its address."""
    command = [sys.executable, "app.py", "--no-browser", "--port", "0", "--data", str(data), *map(str, folder)]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://\S+?(?=/ )", server.stderr.readline()).group()
        finally:
            server.terminate()
            server.communicate()


def finished(page):
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    return page


def shown_run(page):
    return page.locator("#shell-frame").get_attribute("data-run")


def test_a_restarted_server_shows_the_run_it_made_before_without_running(open_page, tmp_path, make_folder):
    folder = make_folder(seed=21)
    with started(tmp_path, folder) as address:
        page = finished(open_page(address))
        run_id, mean = shown_run(page), page.locator("#overview-mean-value").inner_text()
        page.context.close()
    with started(tmp_path, folder) as address:
        page = finished(open_page(address))
        assert shown_run(page) == run_id
        assert page.locator("#overview-mean-value").inner_text() == mean
        page.locator("#shell-jobs-open").click()
        expect(page.locator(".hd-job")).to_have_count(0)
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("u")
        expect(page.locator("#runs-stored .ag-pinned-left-cols-container .ag-row")).to_have_count(1)
        page.context.close()


@pytest.fixture
def handed_over(open_page, serve, make_folder, tmp_path):
    """Reports of a run, fetched from the page by its menu: content by ending, and the run."""
    page = finished(open_page(serve(make_folder(seed=22), tmp_path)))
    content = {}
    for ending, item in (("html", say("app.report_html")), ("xlsx", say("app.report_xlsx"))):
        page.locator("#shell-report").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        assert download.value.suggested_filename == f"hedgedesk-report-{shown_run(page)[:8]}.{ending}"
        content[ending] = download.value.path().read_bytes()
        finished(page)
    desk = Desk(data=tmp_path)
    return content, desk.result(shown_run(page)), page


def test_reports_from_the_page_say_what_the_run_says_to_the_cent(handed_over, open_page, tmp_path):
    content, run, _ = handed_over
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content["xlsx"]), data_only=True)
    numbers = [c.value for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, float | int)]
    text = re.sub(r"\s", " ", re.sub(r"<[^>]+>", " ", content["html"].decode("utf-8"))).replace("\u00a0", " ")
    cost = run.report
    for amount in (cost.hedged.mean, cost.unhedged.mean, cost.hedged.cvar, cost.margin.initial):
        assert min(abs(number - amount) for number in numbers) < 0.005
        assert f"{amount:,.2f}" in text
    assert [sheet.title for sheet in book if sheet.freeze_panes] != []


def test_the_html_report_opens_from_the_disk_and_asks_nothing_of_anybody(handed_over, browser, tmp_path):
    content, run, _ = handed_over
    file = tmp_path / "report.html"
    file.write_bytes(content["html"])
    context = browser.new_context()
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert run.manifest.run_id in page.content()
    assert page.locator("svg[role=img]").count() >= 3
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert wrong == []
