"""Ids of the page, in one place for its layout, its views and its callbacks."""

from __future__ import annotations

from hedgedesk.dashboard.ids import on

NAME = "inputs"

RECALLED = on(NAME, "recalled")
"""The draft that this window worked on when it was last here, from the browser's session storage."""
DRAFT = on(NAME, "draft")
"""The draft that the page shows, as :class:`~hedgedesk.dashboard.pages.inputs.drafting.Held` in JSON."""
FILES = on(NAME, "files")
"""Files on their way from the browser to the server."""
LEAVE = on(NAME, "leave")
"""A file that is to be left out of the draft."""
EDITS = on(NAME, "edits")
ANSWER = on(NAME, "answer")
"""Number of the edits last answered; the browser then sends the next."""
MARKS = on(NAME, "marks")
VENDOR = on(NAME, "vendor")
"""A vendor chosen for an export: file and vendor."""

DESK_NAME = on(NAME, "desk-name")
DESK_KIND = on(NAME, "desk-kind")
DESK_WHERE = on(NAME, "desk-where")
DESK_AS_OF = on(NAME, "desk-as-of")
DESK_UNDO = on(NAME, "desk-undo")
DESK_SAMPLE = on(NAME, "desk-sample")
DESK_KEPT = on(NAME, "desk-kept")

DROP = on(NAME, "drop")
CHOOSE = on(NAME, "choose")
CHOOSE_FOLDER = on(NAME, "choose-folder")
REFUSED = on(NAME, "refused")
LEFT_OUT = on(NAME, "left-out")
READING = on(NAME, "reading")

PREVIEW = on(NAME, "preview")
PREVIEW_TITLE = on(NAME, "preview-title")
PREVIEW_NOTE = on(NAME, "preview-note")
PREVIEW_FAULTS = on(NAME, "preview-faults")
PREVIEW_FILES = on(NAME, "preview-files")
PREVIEW_NOTICES = on(NAME, "preview-notices")

TAB = on(NAME, "tab")
GRID = on(NAME, "grid")
TABLE_NOTE = on(NAME, "table-note")
TABLE_FAULTS = on(NAME, "table-faults")
ADD = on(NAME, "add")
REMOVE = on(NAME, "remove")
UNDO = on(NAME, "undo")

BAR = on(NAME, "bar")
BAR_WORDS = on(NAME, "bar-words")
BAR_NOTE = on(NAME, "bar-note")
DESK_TITLE = on(NAME, "title")
"""The field for the name of the desk."""
CONFIRM = on(NAME, "confirm")
KEEP_NEW = on(NAME, "keep-new")
DISCARD = on(NAME, "discard")
SAID = on(NAME, "said")
"""What has just been done, for the eye and for screen readers."""
