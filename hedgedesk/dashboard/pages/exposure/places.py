"""Ids of the page, in one place for its layout, its views and its callbacks."""

from __future__ import annotations

from hedgedesk.dashboard.ids import on

NAME = "exposure"

SECTION = on(NAME, "section")
"""Which part of the page is shown: open, usage or forecast."""
OPEN, USAGE, FORECAST = SECTIONS = ("open", "usage", "forecast")


def body(section: str) -> str:
    """Where a part of the page stands."""
    return on(NAME, f"{section}-body")


# What is open

UNIT = on(NAME, "unit")
BY = on(NAME, "by")
"""Rows of the map: model or team."""
MONTHS, LINES, COMMITMENTS = on(NAME, "months"), on(NAME, "lines"), on(NAME, "commitments")

# Files on their way in, as on Inputs

RECALLED, DRAFT = on(NAME, "recalled"), on(NAME, "draft")
FILES, LEAVE, EDITS, ANSWER = on(NAME, "files"), on(NAME, "leave"), on(NAME, "edits"), on(NAME, "answer")
DROP, CHOOSE = on(NAME, "drop"), on(NAME, "choose")
REFUSED, LEFT_OUT, READING = on(NAME, "refused"), on(NAME, "left-out"), on(NAME, "reading")
PREVIEW = on(NAME, "preview")
PREVIEW_TITLE, PREVIEW_NOTE = on(NAME, "preview-title"), on(NAME, "preview-note")
PREVIEW_FAULTS, PREVIEW_FILES = on(NAME, "preview-faults"), on(NAME, "preview-files")
PREVIEW_NOTICES = on(NAME, "preview-notices")
VENDOR = on(NAME, "vendor")
"""A vendor chosen for an export: file and vendor."""
BAR, BAR_WORDS, BAR_NOTE = on(NAME, "bar"), on(NAME, "bar-words"), on(NAME, "bar-note")
TITLE = on(NAME, "title")
CONFIRM, KEEP_NEW, DISCARD = on(NAME, "confirm"), on(NAME, "keep-new"), on(NAME, "discard")
SAID = on(NAME, "said")

# Usage and prices

STUDY_BUTTON = on(NAME, "study")
STATE, STATE_NOTE = on(NAME, "usage-state"), on(NAME, "usage-note")
STUDIED = on(NAME, "studied")
"""All that a study fills; hidden while there is none."""
EXPORTS, GAPS = on(NAME, "exports"), on(NAME, "gaps")
GAP_WORDS, GAP_BADGE = on(NAME, "gap-words"), on(NAME, "gap-badge")
SHARES_BY = on(NAME, "shares-by")
FORMULAS, EXPECTED = on(NAME, "formulas"), on(NAME, "expected")
UNITS = on(NAME, "units")
"""The bill in every unit."""

# The forecast

GRID, UNDO = on(NAME, "grid"), on(NAME, "undo")
TABLE_NOTE, TABLE_FAULTS = on(NAME, "table-note"), on(NAME, "table-faults")
ADOPT, ADOPT_TEAMS = on(NAME, "adopt"), on(NAME, "adopt-teams")
"""Take the forecast from usage; whose names of teams it is to have."""
GROW, GROW_TEAM, GROW_MODEL = on(NAME, "grow"), on(NAME, "grow-team"), on(NAME, "grow-model")
GROW_FIRST, GROW_LAST, GROW_PERCENT = on(NAME, "grow-first"), on(NAME, "grow-last"), on(NAME, "grow-percent")
