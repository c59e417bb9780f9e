"""Which rules contradict one another, and by how much each would have to give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import Infeasible, Shortfall
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.rule import BOUGHT, FIXED, POSITION, Rule
from hedgedesk.hedging.solver.concessions import least_concessions


def contradiction(rules: Sequence[Rule], columns: Columns, *, whole: bool) -> Infeasible | None:
    """The error that names which rules contradict one another and by how much each would have to give.

    Each kind of rule that could make a plan possible by giving alone is told with what it would have to give while all
    others are kept; where none can, the least that several kinds would have to give together. None: the rules agree.
    """
    kinds = [name for name in dict.fromkeys(rule.name for rule in rules) if name not in FIXED]
    lots = "whole lots" if whole else "lots"
    if _shortfalls(rules, columns, set(), whole=whole) is not None:
        return None
    found = (_shortfalls(rules, columns, {name}, whole=whole) for name in kinds)
    alone = [shortfalls for shortfalls in found if shortfalls is not None]
    if alone:
        told = [short for shortfalls in sorted(alone, key=len) for short in shortfalls]
        count = "the following" if len(alone) == 1 else f"any one of these {len(alone)} kinds of rule"
        message = f"no plan in {lots} keeps every rule; one becomes possible when {count} gives:"
        return Infeasible(message, told, together=False)
    together = _shortfalls(rules, columns, set(kinds), whole=whole)
    return Infeasible(
        f"no plan in {lots} keeps every rule; the least that would have to give together:", together or []
    )


def _shortfalls(rules: Sequence[Rule], columns: Columns, movable: set[str], *, whole: bool) -> list[Shortfall] | None:
    """What the ``movable`` kinds of rules would have to give while the others are kept; None: they cannot mend it."""
    lower, upper = _bounds(columns)
    gaps = least_concessions(
        np.array([_split(rule) for rule in rules]),
        np.array([rule.limit - _of_held(rule, columns) for rule in rules]),
        lower,
        upper,
        movable=np.array([rule.name in movable for rule in rules]),
        whole=np.tile(columns.whole, 2) if whole else False,
    )
    if gaps is None:
        return None
    return [rule.shortfall(float(gap)) for rule, gap in zip(rules, gaps, strict=True) if gap > 0]


def _split(rule: Rule) -> NDArray[np.float64]:
    """(2 n,) the rule over what is bought and what is sold."""
    sold = -rule.row if rule.over == POSITION else np.zeros_like(rule.row) if rule.over == BOUGHT else rule.row
    return np.concatenate([rule.row, sold])


def _of_held(rule: Rule, columns: Columns) -> float:
    return float(rule.row @ columns.held) if rule.over == POSITION else 0.0


def _bounds(columns: Columns) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of what is bought and what is sold; an offer that must be taken is bought at least so much."""
    least = np.concatenate([np.maximum(columns.lower, 0.0), np.maximum(-columns.upper, 0.0)])
    return least, np.concatenate([np.maximum(columns.upper, 0.0), np.maximum(-columns.lower, 0.0)])
