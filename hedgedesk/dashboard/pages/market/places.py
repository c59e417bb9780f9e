"""Ids of the index's half of the page."""

from __future__ import annotations

from hedgedesk.dashboard.ids import on

NAME = "market"
PART = "index"
"""Of the page's two halves, this one."""
SHOWN = on(NAME, "part")
SECTION, FOUND, EMPTY, WHY = (on(NAME, f"index-{name}") for name in ("section", "found", "empty", "why"))
METHOD, FREQUENCY, SCREENS = (on(NAME, f"index-{name}") for name in ("method", "frequency", "screens"))
SETTLES, MEANING = on(NAME, "index-settles"), on(NAME, "index-meaning")
METHODS = ("matched_list", "quality_constant", "realised")
FREQUENCIES = ("week", "month")
"""As ``domain.price_index`` has them, which would bring numpy to the first page."""
CHART = "own"
"""The chart's name on the page."""
CONSTITUENTS, DATE, CHECKS = on(NAME, "constituents"), on(NAME, "print"), on(NAME, "iosco")
AUDIT, OPEN_AUDIT = on(NAME, "audit"), on(NAME, "audit-open")
DRAWER, CLOSE_AUDIT = on(NAME, "audit-sheet"), on(NAME, "audit-drawer-close")
BLANKS = {
    "newest": "kpi.own_index_blank",
    "moved": "kpi.last_move",
    "largest": "kpi.largest_company",
    "stale": "kpi.stale_share",
    "companies": "kpi.companies",
}
