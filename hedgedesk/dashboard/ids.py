"""Every component id, in the form ``page-thing``. Nothing else spells one."""

from __future__ import annotations

JOB = "session-job"
RUN = "session-run"

PROVIDER = "shell-provider"
FRAME = "shell-main"
BANNER_LEAD = "shell-banner-lead"
BANNER = "shell-banner"
RUN_BUTTON = "shell-run"
CANCEL = "shell-cancel"
THEME = "shell-theme"
HELP = "shell-help"
HELP_PANEL = "shell-keys"
POLL = "shell-poll"
TRAY = "shell-tray"
BAR = "shell-bar"
TRACK = "shell-track"
PERCENT = "shell-percent"
LEFT = "shell-left"
UNITS = "shell-units"
SAID = "shell-said"
FAULT = "shell-fault"
SILENT = "shell-silent"
"""Shown by the browser alone, when the server does not answer."""
ARRIVED = "shell-arrived"
LOCATION = "_pages_location"
"""Dash's own."""


def nav(page: str) -> str:
    """Link of a page in the rail."""
    return f"nav-{page}"


def on(page: str, thing: str) -> str:
    """``page-thing``."""
    return f"{page}-{thing}"
