"""Take the README's pictures of the sample desk: ``python tests/browser/pictures.py`` writes them to ``.readme/``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from conftest import FLAGS, candidates
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from hedgedesk.desk import sample

REPO = Path(__file__).resolve().parents[2]
PICTURES = REPO / ".readme"
expect.set_options(timeout=60_000)


def finished(page: Page) -> None:
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#shell-tray")).to_have_text("No jobs running")
    expect(page.locator("[data-dash-is-loading]")).to_have_count(0)


def charts(page: Page) -> None:
    finished(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def own_index(page: Page) -> None:
    """The half of Market that is not shown at first."""
    finished(page)
    expect(page.locator("#market-own .main-svg").first).to_be_visible()
    expect(page.locator("#market-constituents .ag-row").first).to_be_visible()
    finished(page)


def fitted(page: Page) -> None:
    """Every model fitted, the one with jumps shown."""
    finished(page)
    page.locator("#market-fit").click()
    expect(page.locator("#market-compared .ag-center-cols-container .ag-row").first).to_be_visible()
    page.locator("#market-model").get_by_text("Two-factor with jumps", exact=True).click()
    expect(page.locator("#market-model-fan-title")).to_have_text("Two-factor with jumps")
    finished(page)
    expect(page.locator("#market-model-fan .main-svg").first).to_be_visible()


def what_if(page: Page) -> None:
    """A fifth less volume, answered."""
    charts(page)
    page.get_by_role("slider", name="Volume growth").focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#plan-volume-shown")).to_have_text("−20%")
    expect(page.locator("#plan-what-state")).to_contain_text("What if")
    page.evaluate("document.activeElement.blur()")
    charts(page)


def ways(page: Page) -> None:
    """The plan beside other ways to hedge, and the frontier."""
    charts(page)
    expect(page.locator("#plan-strategies .ag-center-cols-container .ag-row")).to_have_count(5)
    expect(page.locator("#plan-frontier .main-svg").first).to_be_visible()
    finished(page)
    page.locator("#plan-strategies").evaluate(
        "grid => { grid.style.scrollMarginTop = '64px'; grid.scrollIntoView({ block: 'start' }); }"
    )
    expect(page.locator("[data-dash-is-loading]")).to_have_count(0)


def faults(page: Page) -> None:
    """A folder with two faults, one of them in the table that is shown."""
    finished(page)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "Larkspur"
        shutil.copytree(sample(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for name, old, new in (("consumption.csv", "uncached_input", "cached"), ("book.csv", ",18,", ",eighteen,")):
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose a folder").click()
        chooser.value.set_files(folder)
        expect(page.locator("#inputs-preview-title")).to_contain_text("2 of")
        expect(page.locator("#inputs-grid .hd-cell-fault").first).to_be_visible()
    page.locator("#inputs-preview-title").scroll_into_view_if_needed()


def comparison(page: Page) -> None:
    """The what-if, saved, beside the run it is against."""
    page.goto(page.url.replace("/runs", "/plan"))
    what_if(page)
    page.locator("#plan-save").click()
    page.locator("#plan-run-name").fill("A fifth less volume")
    page.locator("#plan-run-name").press("Enter")
    expect(page.locator("#plan-what-state")).to_have_text("Saved: A fifth less volume")
    page.locator("#nav-runs").click()
    rows = page.locator("#runs-stored .ag-pinned-left-cols-container [role='row']")
    expect(rows).to_have_count(2)
    for row in rows.all():
        row.get_by_role("checkbox").check()
    page.locator("#runs-compare").click()
    expect(page.locator("#runs-names")).to_contain_text("B: A fifth less volume")
    for side in "ab":
        expect(page.locator(f"#runs-cost-{side} .bars path")).not_to_have_count(0)
    finished(page)
    page.locator("#runs-compare-title").evaluate(
        "title => { title.style.scrollMarginTop = '48px'; title.scrollIntoView({ block: 'start' }); }"
    )


SHOTS: tuple[tuple[str, str, str, Callable[[Page], None]], ...] = (
    ("overview-light", "/", "light", charts),
    ("exposure-light", "/exposure", "light", charts),
    ("market-index-light", "/market?part=index", "light", own_index),
    ("market-models-light", "/market?part=models", "light", fitted),
    ("plan-light", "/plan", "light", what_if),
    ("plan-ways-light", "/plan", "light", ways),
    ("risk-dark", "/risk", "dark", charts),
    ("inputs-light", "/inputs", "light", faults),
    ("compare-light", "/runs", "light", comparison),
)


def launch(playwright: Playwright) -> Browser:
    for way in candidates():
        try:
            return playwright.chromium.launch(args=FLAGS, **way)
        except Error:
            continue
    raise SystemExit("no browser found")


def take(browser: Browser, address: str, wanted: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, path, scheme, arrange in SHOTS:
        if wanted and name not in wanted:
            continue
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
        page.set_default_timeout(60_000)
        page.goto(address + path)
        arrange(page)
        page.mouse.move(0, 0)
        page.evaluate("document.fonts.ready")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()


def main() -> None:
    command = [sys.executable, "app.py", "--no-browser", "--port", "0", "--data", tempfile.mkdtemp()]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as server:
        address = re.search(r"http://\S+?(?=/ )", server.stderr.readline()).group()
        try:
            with sync_playwright() as playwright:
                take(launch(playwright), address, sys.argv[1:])
        finally:
            server.terminate()
            server.communicate()


if __name__ == "__main__":
    main()
