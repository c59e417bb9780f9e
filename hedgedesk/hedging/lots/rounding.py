"""From the continuous answer to what is traded: whole lots where the programme asks for them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import Infeasible, SolverInaccurate
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.cvar import CvarSolution, certified
from hedgedesk.hedging.lots.restricted import restricted
from hedgedesk.hedging.lots.rounds import lots_in_rounds
from hedgedesk.hedging.lots.tree import whole_lots
from hedgedesk.hedging.lots.whole import WholeLots
from hedgedesk.hedging.programme.rules import contradiction
from hedgedesk.hedging.programme.statement import Statement

DUST = 1e-6
"""Trades below this share of a lot are none at all."""
FEW = 24
"""Up to so many columns the search tree is used."""


@dataclass(frozen=True, eq=False)
class Rounded(ArrayHolder):
    """What is traded, and how good it is proved to be."""

    trades: Floats
    """(n,)."""
    objective: float
    lower_bound: float
    """No plan of the same kind has a lower objective."""


def rounded(statement: Statement, continuous: CvarSolution) -> Rounded:
    """Trades of ``statement``: the continuous ones, or the best in whole lots.

    Where some columns are not whole, lots and amounts are sought together, and the amounts solved once more beside the
    lots.

    Raises
    ------
    Infeasible
        No whole lots keep every rule.
    SolverInaccurate
        None were found, or none proved.
    """
    position, whole = continuous.position, statement.columns.whole
    if statement.program.lots == "fractional" or not whole.any():
        return Rounded(_without_dust(position), continuous.objective, continuous.lower_bound)
    return _polished(statement, _required(statement, _whole(statement, continuous)))


def _whole(statement: Statement, continuous: CvarSolution) -> WholeLots | None:
    """Futures alone by the tree, to the last digit; beside tails, or options that do nearly the same, in rounds."""
    problem, position = statement.problem, continuous.position
    if problem.tails or statement.columns.offers or position.size > FEW:
        return lots_in_rounds(problem, position, continuous.cuts, whole=statement.columns.whole)
    try:
        return whole_lots(problem, position, continuous.cuts)
    except SolverInaccurate:  # more branches than it looks at
        return lots_in_rounds(problem, position, continuous.cuts)


def _polished(statement: Statement, found: WholeLots) -> Rounded:
    """The best amounts beside the lots found."""
    whole, problem = statement.columns.whole, statement.problem
    trades = _without_dust(found.position)
    if not whole.all():
        # Where limits leave next to no room, what was found stays: it keeps them.
        with suppress(Infeasible, SolverInaccurate):
            better = trades.copy()
            better[~whole] = certified(restricted(problem, ~whole, trades)).position
            trades = _without_dust(better)
    return Rounded(trades, problem.objective(trades), found.lower_bound)


def _required(statement: Statement, found: WholeLots | None) -> WholeLots:
    if found is not None:
        return found
    raise contradiction(statement.rules, statement.columns, whole=True) or _no_whole(statement)


def _without_dust(position: Floats) -> Floats:
    trades: Floats = np.where(np.abs(position) < DUST, 0.0, position) + 0.0
    return trades


def _no_whole(statement: Statement) -> Infeasible:
    names = " and ".join(tail.title for tail in statement.tails) or "what else is chosen"
    return Infeasible(f"no plan in whole lots keeps every rule: {names} leaves no whole number of lots")
