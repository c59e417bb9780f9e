"""Which fields the form has: the keys of ``program.toml`` in groups, with kind and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgedesk.domain.program import LOT_WORDS, OBJECTIVES
from hedgedesk.domain.program_form import BY_MONTH, CHOICE, MONTH, NUMBER, SHARE, SPAN, SWITCH, WORD
from hedgedesk.market.instruments.kind import Term


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a field before anything is typed into it."""

    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str = ""


GROUPS: dict[str, dict[str, Known]] = {
    "objective": {
        "objective": Known(CHOICE, choices=OBJECTIVES, required=True),
        "risk_weight": Known(NUMBER),
        "level": Known(SHARE, "share", required=True),
        "budget": Known(BY_MONTH, "money"),
        "budget_at_risk": Known(NUMBER, "money"),
        "lots": Known(CHOICE, choices=LOT_WORDS, required=True),
    },
    "cover": {"over_hedge": Known(SHARE, "share", default="100")},
    "venue": {
        "position_limit": Known(BY_MONTH, "lots"),
        "quota": Known(BY_MONTH, "lots"),
        "nearby_quota": Known(BY_MONTH, "lots"),
        "common_control_lots": Known(BY_MONTH, "lots"),
        "trading_days": Known(NUMBER, "days"),
        "average_daily_lots": Known(NUMBER, "lots"),
        "depth_share": Known(SHARE, "share", default="5"),
    },
    "cash": {
        "credit_line": Known(NUMBER, "money"),
        "credit_line_level": Known(SHARE, "share"),
        "premium_budget": Known(NUMBER, "money"),
        "turnover_mtok": Known(NUMBER, "mtok"),
        "transaction_cost_per_mtok": Known(NUMBER, "money_per_mtok", default="0"),
    },
    "state": {
        "state_rules.annual_share": Known(SHARE, "share"),
        "state_rules.tenor_months": Known(NUMBER, "months"),
        "state_rules.rolls_count": Known(SWITCH),
        "state_rules.traded_mtok": Known(BY_MONTH, "mtok_by_year"),
    },
}
"""Group to keys; an empty field takes the rule out."""
BAND = {"months_ahead": Known(SPAN, "months_ahead"), "min": Known(SHARE, "share"), "max": Known(SHARE, "share")}
"""Of each band."""
BAND_KEY = re.compile(r"bands\[([1-9][0-9]{0,2})\]\.(months_ahead|min|max)")
TERM_KEY = re.compile(r"instrument\.(.+)\.([a-z_]+)", re.DOTALL)


def of_term(term: Term) -> Known:
    """The field of an instrument's term."""
    return Known(_kind(term), term.unit, term.choices, term.required, _default(term))


def _kind(term: Term) -> str:
    if term.choices:
        return CHOICE
    if term.unit == "month":
        return MONTH
    if term.word:
        return WORD
    return SHARE if term.unit == "share" else NUMBER


def _default(term: Term) -> str:
    if isinstance(term.default, float):
        return f"{100.0 * term.default if _kind(term) == SHARE else term.default:g}"
    return term.default or ""
