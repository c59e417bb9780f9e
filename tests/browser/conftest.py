"""One browser for the session, one page a test; every test fails on what goes wrong unseen."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hedgedesk import desk as desk_room
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk, run_folder

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
GATE = "HEDGEDESK_TEST_GATE"
"""Where a child finds the port of the gate: it inherits the environment."""

Serve = Callable[..., str]


def run_behind_the_gate(spec: dict[str, Any], tick: Callable[[float, str], None]) -> dict[str, Any]:
    """Job target: the desk's own, once the gate is open."""
    tick(0.25, "Held by the test")
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(os.environ[GATE]))) as gate:
        gate.recv(1)
    return run_folder(spec, tick)


class Gate:
    """Holds the runs of a test's desks while it is shut, so that a run is under way for as long as a test needs."""

    def __init__(self) -> None:
        self._listener: socket.socket | None = None

    def shut(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        os.environ[GATE] = str(self._listener.getsockname()[1])

    def open(self) -> None:
        """Let every run pass, those that wait and those to come: nobody listens any more."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate before every run that the test starts; open at first."""
    made = Gate()
    made.shut()
    made.open()
    monkeypatch.setattr(desk_room, "run_folder", run_behind_the_gate)
    yield made
    made.open()
    del os.environ[GATE]


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

    ``folder`` None is the sample; ``data`` is the user's own folder, None: a new one.
    """
    import logging

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    stops: list[Callable[[], None]] = []

    def start(folder: Path | None, data: Path | None = None) -> str:
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


class Contexts:
    """Browser contexts to be had again: a page in one that has shown the app before loads without fetching it anew.

    Two at once are two browsers. What a test wrote goes with it: cookies, permissions, local storage; a page has its
    own session storage and its own routes.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._free: dict[tuple[str, int, int], list[Any]] = {}

    def take(self, scheme: str, width: int, height: int) -> Any:
        free = self._free.get((scheme, width, height))
        if free:
            return free.pop()
        size = {"width": width, "height": height}
        return self._browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")

    def give_back(self, context: Any, scheme: str, width: int, height: int) -> None:
        try:
            for page in context.pages:
                page.evaluate("localStorage.clear()")
                page.close()
            context.clear_cookies()
            context.clear_permissions()
        except playwright_api.Error:  # the test closed it, or left it where there is nothing to clear
            context.close()
            return
        self._free.setdefault((scheme, width, height), []).append(context)


@pytest.fixture(scope="session")
def contexts(browser: object) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts) -> Iterator[Callable[..., object]]:
    """Open an address in a browser of its own; at the end, nothing must have gone wrong unseen."""
    opened: list[tuple[Any, ...]] = []
    wrong: list[str] = []

    def start(
        address: str, *, scheme: str = "light", width: int = 1440, height: int = 900, forgiven: str = ""
    ) -> object:
        """``forgiven`` is what the console may complain of: a test that stops the server says so."""
        context = contexts.take(scheme, width, height)
        opened.append((context, scheme, width, height))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        listen(page, urlsplit(address).netloc, wrong, forgiven)
        page.goto(address)
        return page

    yield start
    faults = list(wrong)
    for taken in opened:
        contexts.give_back(*taken)
    assert faults == []


def listen(page: Any, host: str, wrong: list[str], forgiven: str) -> None:
    """Write down what goes wrong on a page: complaints, errors, requests that leave the server."""

    def complain(kind: str, text: str) -> None:
        if not (forgiven and re.search(forgiven, text)):
            wrong.append(f"{kind}: {text}")

    def watch(request: Any) -> None:
        if outside(request.url, host):
            wrong.append(f"outside: {request.url}")

    page.on("console", lambda m: None if m.type not in ("error", "warning") else complain(m.type, m.text))
    page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
    page.on("request", watch)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => "
        "console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
    )


def outside(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.netloc != host


DIALS = ("Volume growth", "Price drift", "Volatility", "Risk weight", "Policy band", "Credit line")


@pytest.fixture
def turn() -> Callable[..., str | None]:
    """Turn a dial of the what-if strip by the keyboard and wait for the answer to where it then rests; its run id.

    A slow machine asks on the way as well, and the page shows those answers first. None: new scenarios are needed, or
    there is no answer.
    """

    def turned(page: Any, name: str, key: str, times: int = 1) -> str | None:
        dial, at = page.get_by_role("slider", name=name), DIALS.index(name)
        step = {"ArrowRight": times, "ArrowLeft": -times}.get(key)
        goal = 0 if step is None else int(dial.get_attribute("aria-valuenow")) + step
        with page.expect_response(lambda response: wish(response.request)[at : at + 1] == [goal]) as answer:
            dial.focus()
            for _ in range(times):
                page.keyboard.press(key)
        run = answer.value.json()["response"].get("session-run", {}).get("data")
        if run is not None:
            expect = playwright_api.expect
            expect(page.locator("#shell-frame")).to_have_attribute("data-run", run)
            expect(page.locator(".hd-context")).to_contain_text(run[:8])
        return run

    return turned


def wish(request: Any) -> list[int]:
    """Where the dials stand by a question that the strip posts; empty: it is another request."""
    if "plan-wish" not in (request.post_data or ""):
        return []
    asked = next((i for i in json.loads(request.post_data)["inputs"] if i["id"] == "plan-wish"), {})
    return (asked.get("value") or {}).get("places", [])


@pytest.fixture(scope="session")
def accessible() -> Callable[[Any], None]:
    """Let axe look at a page as it stands, in the theme it has and in the other, whatever panel is open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the test extra is not installed").Axe()

    def look(page: Any) -> None:
        expect = playwright_api.expect
        expect(page.locator("[data-dash-is-loading]")).to_have_count(0)
        for rules in (
            {},
            {"runOnly": ["color-contrast", "link-in-text-block"]},
        ):  # the other theme has other colours and nothing else
            found = axe.run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
            scheme = page.evaluate("document.documentElement.dataset.mantineColorScheme")
            told = [f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']][:3]}" for v in found]
            assert told == [], f"{page.url} in {scheme}"
            other = "light" if scheme == "dark" else "dark"
            page.evaluate(SWITCH, other)
            expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", other)

    return look


SWITCH = """(scheme) => {
  document.documentElement.dataset.agThemeMode = scheme;
  dash_clientside.set_props("shell-provider", { forceColorScheme: scheme });
}"""
"""What the button in the bar does; a press of it would close an open menu."""
