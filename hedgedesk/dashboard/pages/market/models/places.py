"""Ids of the models' part of the page."""

from __future__ import annotations

from hedgedesk.dashboard.ids import on

NAME = "market"
PART = "models"
"""Of the page's parts, this one."""
SHOWN = on(NAME, "part")
SECTION, FOUND, EMPTY, WHY = (on(NAME, f"models-{name}") for name in ("section", "found", "empty", "why"))
STATE, NOTE = on(NAME, "models-state"), on(NAME, "models-note")

# What is asked

FIT, RUN_WITH = on(NAME, "fit"), on(NAME, "run-with")
MODEL, BESIDE, DRAW, UNCERTAIN = (on(NAME, name) for name in ("model", "beside", "draw", "uncertain"))
RANGE, PATHS = "range", "paths"
OFF, ON = "off", "on"
NONE = "none"
OWN = on(NAME, "own-values")
"""What the user has typed, by model and parameter; kept over a change of page."""
OWN_TOLD, CLEAR, WRONG = on(NAME, "own-told"), on(NAME, "own-clear"), on(NAME, "own-wrong")

# What is shown

BLANKS = {
    "middle": "kpi.model_middle_blank",
    "least": "kpi.model_least_blank",
    "most": "kpi.model_most_blank",
    "mean": "kpi.model_mean_blank",
    "judged": "kpi.model_judged",
}
FAN, CURVE, REGIMES, PIT = "model-fan", "model-curve", "regimes", "pit"
"""Names of the charts on the page."""
COMPARED, PARAMETERS, ASSUMED = on(NAME, "compared"), on(NAME, "own-parameters"), on(NAME, "assumed")
REFUSED = on(NAME, "refused-models")
JUMPS, JUMP_TITLE, JUMP_TOLD = on(NAME, "jumps"), on(NAME, "jump-title"), on(NAME, "jump-told")

# How the models were judged

JUDGED, VALIDATE, HORIZON = on(NAME, "judged-card"), on(NAME, "validate"), on(NAME, "horizon")
BADGE, VERDICT, REMARKS = on(NAME, "judged-badge"), on(NAME, "judged-verdict"), on(NAME, "judged-remarks")
TABLE, BODY, READING = (on(NAME, f"judged-{name}") for name in ("table", "body", "reading"))
BELOW, AHEAD = on(NAME, "judged-below"), on(NAME, "judged-ahead")
"""What is hidden until something has been judged."""
