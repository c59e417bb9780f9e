"""Every table of the studies of a plan that can be taken away as a file, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import model_plans, past, shelf, strategies
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table

TABLES: dict[str, tuple[str, Callable[[Any, str], Table]]] = {
    "frontier": ("frontier", lambda found, _currency: strategies.frontier_table(found)),
    "strategies": ("strategies", lambda found, _currency: strategies.strategies_table(found)),
    "regret": ("strategies", lambda found, _currency: strategies.regret_table(found)),
    "past": ("history", lambda found, _currency: past.past_table(found)),
    "models": ("models", model_plans.models_table),
    "positions": ("models", lambda found, _currency: model_plans.positions_table(found)),
}
"""Name to the study that it is of (frontier, strategies, history or models) and its builder."""


def study_of(name: str) -> str:
    """Which study the table called ``name`` is of.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(TABLES, name, "table of a plan's studies")[0]


def table(name: str, found: object, run: HedgeRun) -> Table:
    """The table called ``name`` of a study of ``run``'s plan."""
    return named(TABLES, name, "table of a plan's studies")[1](found, run.plan.program.currency)


def about(name: str, run: HedgeRun, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of the table in it."""
    return (*shelf.about(f"plans.{name}", run, desk), (say("plans.lots"), say("plans.fractions")))
