"""One browser for the session, one page a test; every test fails on what goes wrong unseen."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk

playwright_api = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
CURE = "no browser found: set HEDGEDESK_BROWSER, install Chromium, or run `playwright install chromium-headless-shell`"
PATIENCE_MS = 60_000

Serve = Callable[..., str]


def candidates() -> Iterator[dict[str, object]]:
    """Ways to launch, the user's own choice first, the system's browser next, Playwright's own last."""
    chosen = os.environ.get("HEDGEDESK_BROWSER")
    if chosen:
        yield {"executable_path": chosen}
    yield from ({"executable_path": found} for found in map(shutil.which, NAMES) if found)
    yield {"channel": "chrome"}
    yield {"channel": "msedge"}
    yield {}


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless browser; none found fails in CI and skips loudly elsewhere."""
    with playwright_api.sync_playwright() as playwright:
        for way in candidates():
            try:
                started = playwright.chromium.launch(args=FLAGS, **way)
            except playwright_api.Error:
                continue
            yield started
            started.close()
            return
    if os.environ.get("CI"):
        pytest.fail(CURE)
    pytest.skip(CURE)


@pytest.fixture(scope="session")
def make_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Copies of the sample desk with few scenarios."""

    def make(**settings: object) -> Path:
        folder = tmp_path_factory.mktemp("desks") / "desk"
        shutil.copytree(desk_room.sample(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        chosen = {"scenarios": 1000, "model": '"RandomWalk"', **settings}
        lines = [f"{name} = {value}" for name, value in chosen.items() if value is not None]
        (folder / "settings.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve the whole app on a folder, in this process, at a free port of the loopback; its address.

    ``data`` is the user's own folder; None: a new one.
    """
    import logging

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    stops: list[Callable[[], None]] = []

    def start(folder: Path, data: Path | None = None) -> str:
        desk = Desk(folder, data if data is not None else tmp_path_factory.mktemp("data"))
        server = make_server("127.0.0.1", 0, create_app(desk, desk_room.assets()).server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def stop() -> None:
            desk.close()
            server.shutdown()
            server.server_close()
            thread.join()

        stops.append(stop)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for stop in stops:
        stop()


@pytest.fixture(scope="session")
def small_desk(serve: Serve, make_folder: Callable[..., Path]) -> str:
    """Address of a desk that runs in a moment; shared by the tests that only look."""
    return serve(make_folder())


@pytest.fixture
def open_page(browser: object) -> Iterator[Callable[..., object]]:
    """Open an address in a fresh browser context; at the end, nothing must have gone wrong unseen."""
    opened: list[tuple[object, list[str]]] = []

    def start(
        address: str, *, scheme: str = "light", width: int = 1440, height: int = 900, forgiven: str = ""
    ) -> object:
        """``forgiven`` is what the console may complain of: a test that stops the server says so."""
        context = browser.new_context(  # type: ignore[attr-defined]
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        page, wrong = context.new_page(), []
        page.set_default_timeout(PATIENCE_MS)
        host = urlsplit(address).netloc

        def complain(kind: str, text: str) -> None:
            if not (forgiven and re.search(forgiven, text)):
                wrong.append(f"{kind}: {text}")

        page.on("console", lambda m: None if m.type not in ("error", "warning") else complain(m.type, m.text))
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on(
            "request", lambda request: wrong.append(f"outside: {request.url}") if outside(request.url, host) else None
        )
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => "
            "console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        opened.append((context, wrong))
        page.goto(address)
        return page

    yield start
    faults = [fault for _, wrong in opened for fault in wrong]
    for context, _ in opened:
        context.close()
    assert faults == []


def outside(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.netloc != host
