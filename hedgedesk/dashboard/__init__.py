"""The dashboard: a Dash app over the desk's verbs. It shows and formats; it computes nothing."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dash import Dash

    from hedgedesk.desk import Desk

HOST = "127.0.0.1"
PORT = 8050
THREADS = 8
LOG_FILE = "hedgedesk.log"
LARGEST_LOG = 1024 * 1024
"""Bytes."""

log = logging.getLogger(__name__)


def create_app(desk: Desk, assets: Path) -> Dash:
    """The whole app on one desk.

    Parameters
    ----------
    assets
        Folder of styles and scripts (inside a package Dash would look in the package).
    """
    import dash

    from hedgedesk.dashboard import downloads, security, shell
    from hedgedesk.dashboard.pages import exposure, inputs, lost, market, overview, plan, risk, runs
    from hedgedesk.reports.messages import say

    dash.page_registry.clear()  # process-wide in Dash: an app made before must not lend this one its pages
    app = dash.Dash(
        "hedgedesk",
        assets_folder=str(assets.resolve()),
        assets_ignore=r"theme\.js",
        use_pages=True,
        pages_folder="",
        suppress_callback_exceptions=True,
        include_pages_meta=False,
        enable_mcp=False,
        update_title="",
        title=say("app.name"),
        index_string=INDEX,
        on_error=shell.tell,
    )
    pages = (overview, market, exposure, plan, risk, inputs, runs)
    for page in pages:
        name = say(page.PAGE["name"])
        dash.register_page(
            page.NAME,
            path=page.PAGE["path"],
            name=name,
            title=f"{name} · {say('app.name')}",
            order=page.PAGE["order"],
            layout=partial(page.layout, desk),
        )
        page.register(app, desk)
    dash.register_page(
        lost.NAME, path=f"/{lost.NAME}", title=f"{say('lost.name')} · {say('app.name')}", layout=lost.layout
    )
    app.layout = shell.layout([(page.NAME, page.PAGE) for page in pages])
    shell.register(app, desk)
    paths = [str(page.PAGE["path"]) for page in pages]
    security.protect(app, paths)
    downloads.register(app.server, desk)
    _start_with_the_first_page(app, desk, paths)
    return app


def _start_with_the_first_page(app: Dash, desk: Desk, paths: list[str]) -> None:
    """Start the first run when a page is asked for: it then works while the browser still reads the scripts.

    A request that is refused (its host is not ours), that another site made, or that names a run starts nothing; nor
    does a desk that has a run already.
    """
    from flask import request

    from hedgedesk.dashboard.security import OWN_VISITS

    def start() -> None:
        ours = request.routing_exception is None and request.headers.get("Sec-Fetch-Site") in OWN_VISITS
        page = request.method == "GET" and request.path in paths and "run" not in request.args
        if ours and page and desk.newest() is None:
            desk.start_run(retry=False)

    app.server.before_request(start)


INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/theme.js"></script>
{%css%}
</head>
<body>
{%app_entry%}
{%config%}{%scripts%}{%renderer%}
</body>
</html>"""


def serve(desk: Desk, port: int = PORT, open_browser: bool = True, dev: bool = False) -> None:
    """Serve the desk on this computer until Ctrl+C.

    The socket listens before the heavy imports, so that the browser starts up meanwhile.

    Parameters
    ----------
    port
        Taken already: a free one is used instead, and said.
    dev
        Dash's developer tools, with tracebacks in the browser.
    """
    listener = listen(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    print(f"HedgeDesk at {address} (Ctrl+C ends it)", file=sys.stderr, flush=True)
    _log_to(desk.data)
    if open_browser:
        webbrowser.open(address)
    from waitress.server import create_server

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a browser asks for many files at once

    from hedgedesk.desk import assets

    app = create_app(desk, assets())
    if dev:
        app.enable_dev_tools(debug=True, dev_tools_hot_reload=False, dev_tools_disable_version_check=True)
    server = create_server(
        app.server, sockets=[listener], threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # ends the jobs too, as Ctrl+C does
    try:
        server.run()
    finally:
        desk.close()
        server.close()


def _log_to(folder: Path) -> None:
    """Keep what goes wrong, tracebacks included, in a small file that starts over; a screen shows only references."""
    from logging.handlers import RotatingFileHandler

    folder.mkdir(parents=True, exist_ok=True)
    keeper = RotatingFileHandler(folder / LOG_FILE, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8")
    keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger("hedgedesk").addHandler(keeper)


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback at ``port``, or at a free port where that one is taken."""
    for wanted in (port, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
        except OSError:
            listener.close()
            if wanted == 0:
                raise
            print(f"port {wanted} is taken, so a free one is used", file=sys.stderr)
            continue
        listener.listen(128)
        return listener
    raise OSError(f"no port is free on {HOST}")
