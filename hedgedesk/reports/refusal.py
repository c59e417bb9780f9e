"""Why no plan keeps every rule, in sentences: the rule that stops it, by how much, and what would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.errors import Infeasible, Shortfall

MONTH = 7
"""Characters of YYYY-MM."""


def sentences(error: Infeasible) -> tuple[str, ...]:
    """What stops a plan: how the rules below belong together, then one sentence a kind of rule."""
    kinds: dict[str, list[Shortfall]] = {}
    for short in error.shortfalls:
        kinds.setdefault(short.name or short.rule, []).append(short)
    if not kinds:
        return (str(error),)
    several = "refusal.together" if error.together else "refusal.any"
    lead = say("refusal.one" if len(kinds) == 1 else several)
    return (lead, *(_sentence(found) for found in kinds.values()))


def _sentence(found: Sequence[Shortfall]) -> str:
    worst = max(found, key=lambda short: abs(short.needed - short.limit))
    gap = worst.needed - worst.limit
    told = {
        "rule": catalogue().get(f"limits.rule.{worst.name}", worst.rule),
        "where": f" {say('refusal.at', place=_place(worst.where))}" if worst.where else "",
        "count": len(found),
        "limit": _amount(worst.limit, worst.unit),
        "needed": _amount(worst.needed, worst.unit),
        "gap": _amount(abs(gap), worst.unit),
        "way": say("difference.more" if gap > 0 else "difference.less"),
    }
    return say("refusal.rule" if len(found) == 1 else "refusal.rules", **told)


def _place(where: str) -> str:
    return fmt.month(np.datetime64(where, "M")) if len(where) == MONTH else where


def _amount(amount: float, unit: str) -> str:
    shown = fmt.number(amount) if abs(amount) >= 100 or float(amount).is_integer() else fmt.significant(amount)
    return f"{shown}{fmt.SPACE}{unit}".rstrip(fmt.SPACE)
