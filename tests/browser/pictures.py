"""Take the README's pictures of the sample desk: ``python tests/browser/pictures.py`` writes them to ``.readme/``."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import FLAGS, candidates
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

REPO = Path(__file__).resolve().parents[2]
PICTURES = REPO / ".readme"
SHOTS = (("overview-light", "/", "light"), ("overview-dark", "/", "dark"), ("plan-light", "/plan", "light"))


def launch(playwright: Playwright) -> Browser:
    for way in candidates():
        try:
            return playwright.chromium.launch(args=FLAGS, **way)
        except Error:
            continue
    raise SystemExit("no browser found")


def take(browser: Browser, address: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, path, scheme in SHOTS:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
        page.goto(address + path)
        expect(page.locator(".hd-context")).to_contain_text("seed", timeout=60_000)
        expect(page.locator("#shell-tray")).to_have_text("No jobs running", timeout=60_000)
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.evaluate("document.fonts.ready")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()


def main() -> None:
    command = [sys.executable, "app.py", "--no-browser", "--port", "0", "--data", tempfile.mkdtemp()]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as server:
        address = re.search(r"http://\S+?(?=/ )", server.stderr.readline()).group()
        try:
            with sync_playwright() as playwright:
                take(launch(playwright), address)
        finally:
            server.terminate()
            server.communicate()


if __name__ == "__main__":
    main()
