"""Ids of the Plan page, beside those of its strip."""

from __future__ import annotations

from hedgedesk.dashboard.ids import on

NAME = "plan"
TRADES, CHOICES, LIMITS, MONTHS = (on(NAME, name) for name in ("trades", "choices", "limits", "months"))
OPTIONS, OPTIONS_PLACE = on(NAME, "options"), on(NAME, "options-place")
"""Premium and greeks of the options taken."""
CHOICES_PLACE, UNTAKEN = on(NAME, "choices-place"), on(NAME, "untaken")
WHY, PROOF = on(NAME, "why"), on(NAME, "proof")

# Studies of the plan, worked out once the page is filled

STUDIED = on(NAME, "studied")
"""Run whose studies are asked for: the browser writes it once the page has shown it for a moment."""
STUDIES, STUDIES_OF = on(NAME, "studies"), on(NAME, "studies-of")
"""The studies' place, and the run whose studies stand in it: the browser marks those of another run as stale."""
FRONTIER = "frontier"
"""Name of the chart on the page."""
STRATEGIES, REGRET = on(NAME, "strategies"), on(NAME, "regret")
REGRET_TOLD, NOT_NOW, REDRAW = on(NAME, "regret-told"), on(NAME, "not-now"), on(NAME, "redraw")

PAST, PAST_TOLD = on(NAME, "past"), on(NAME, "past-told")
"""The programme's ladder on the delivery months that are over."""

# The same question under every price model

MODELS, MODELS_BODY = on(NAME, "models"), on(NAME, "models-body")
COMPARE, STATE, VERDICT, REFUSED = (on(NAME, f"models-{name}") for name in ("start", "state", "verdict", "refused"))
