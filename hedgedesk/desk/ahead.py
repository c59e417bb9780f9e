"""What the first result and the first what-if need is imported while the run still goes on: no page waits for it."""

from __future__ import annotations

import importlib
import threading

NEEDED = (
    "hedgedesk.store",
    "hedgedesk.domain.run",
    "hedgedesk.reports.figures",
    "hedgedesk.reports.tables.shelf",
    "hedgedesk.reports.findings",
    "hedgedesk.reports.headlines",
    "hedgedesk.reports.method",
    "hedgedesk.reports.paint",
    "hedgedesk.desk.what_ifs",
    "hedgedesk.desk.papers",
    "hedgedesk.desk.drafts",
    "hedgedesk.pipeline",
    "hedgedesk.hedging.solver.bundle.solve",
    "hedgedesk.index",
    "hedgedesk.files.index_inputs",
    "hedgedesk.files.usage",
    "hedgedesk.reports.tables.index_shelf",
    "hedgedesk.reports.tables.usage_shelf",
)
_started = threading.Event()


def read_ahead() -> None:
    """Begin, once in a process; returns at once. The first page itself must not wait, so its callbacks call this."""
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_import_all, name="read-ahead", daemon=True).start()


def _import_all() -> None:
    for name in NEEDED:
        importlib.import_module(name)
