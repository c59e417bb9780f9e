"""Start the dashboard: ``python app.py [FOLDER]``. Light on purpose: every job's process imports this file again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def main(arguments: list[str] | None = None) -> None:
    """Open a desk and serve it."""
    options = _options(arguments)
    from hedgedesk.dashboard import serve
    from hedgedesk.desk import Desk
    from hedgedesk.domain.errors import HedgeDeskError

    desk = Desk(options.folder, options.data)
    try:
        desk.require_store()
        serve(desk, options.port, not options.no_browser, options.dev)
    except (HedgeDeskError, OSError) as error:  # the folder of the desk's own files is damaged or closed to us
        raise SystemExit(str(error)) from None


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="app.py", description="Open the HedgeDesk dashboard in the browser.")
    parser.add_argument("folder", nargs="?", type=Path, help="the desk folder; left out: the one open last")
    parser.add_argument("--port", type=int, default=8050, help="port on this computer (8050)")
    parser.add_argument("--data", type=Path, help="folder for the desk's own files")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--dev", action="store_true", help="show Dash's developer tools")
    return parser.parse_args(arguments)


def __getattr__(name: str) -> Any:
    """``server``, the WSGI application on the sample desk, made when it is asked for."""
    if name != "server":
        raise AttributeError(name)
    from hedgedesk.dashboard import create_app
    from hedgedesk.desk import Desk, assets

    return create_app(Desk(), assets()).server


if __name__ == "__main__":
    main()
