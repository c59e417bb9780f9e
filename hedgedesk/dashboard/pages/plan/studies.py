"""Leaf props of what a plan is set beside: the frontier, other ways to hedge, their regret. Pure but for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgedesk.dashboard import grids
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.plan import places
from hedgedesk.dashboard.pages.plan.places import NAME
from hedgedesk.domain.errors import HedgeDeskError, NeedsScenarios
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.strategies import Frontier, Strategies

TOLD = (f"{places.STRATEGIES}-unit.children", f"{places.REGRET}-unit.children", f"{places.REGRET_TOLD}.children")
LEAVES = (
    *leaves.chart_leaves(NAME, places.FRONTIER),
    *leaves.grid_leaves(places.STRATEGIES),
    *leaves.grid_leaves(places.REGRET),
    *TOLD,
    f"{places.NOT_NOW}.children",
    f"{places.REDRAW}-place.hidden",
    f"{places.STUDIES_OF}.data",
    *leaves.grid_leaves(places.PAST),
    f"{places.PAST}-unit.children",
    f"{places.PAST_TOLD}.children",
)


def answer(desk: Desk, run_id: str) -> leaves.Leaves:
    """Every leaf for a run; where its scenarios are gone, why nothing can be worked out."""
    return {**_found(desk, run_id), f"{places.STUDIES_OF}.data": run_id}


def _found(desk: Desk, run_id: str) -> leaves.Leaves:
    found = desk.what_ifs.base_of(run_id)
    base = run_id if found is None else found[0]
    try:
        frontier, strategies = desk.plans.frontier(run_id), desk.plans.strategies(run_id)
    except HedgeDeskError as error:
        return without(str(error), redraw=isinstance(error, NeedsScenarios)) | past(desk, run_id)
    return view(frontier, strategies, _beside(desk, base)) | past(desk, run_id)


def past(desk: Desk, run_id: str) -> leaves.Leaves:
    """Leaves of the ladder on the past, which needs no scenarios; where there is none to judge it on, why."""
    from hedgedesk.reports.tables.past import past_table, past_unit, past_words

    told, words = f"{places.PAST}-unit.children", f"{places.PAST_TOLD}.children"
    try:
        found = desk.plans.history(run_id)
    except HedgeDeskError as error:
        why = say("plans.not_now", why=str(error).rstrip("."))
        return {**empty_grid(places.PAST), told: "", words: why}
    shown = grids.grid_leaves(places.PAST, past_table(found)) if found.months.size else empty_grid(places.PAST)
    return {**shown, told: past_unit(found), words: past_words(found)}


def _beside(desk: Desk, base: str) -> Frontier | None:
    """The frontier whose axes are kept; none where the run it started from is gone."""
    try:
        return desk.plans.frontier(base)
    except HedgeDeskError:
        return None


def view(frontier: Frontier, strategies: Strategies, beside: Frontier | None = None) -> leaves.Leaves:
    """Every leaf of frontier, strategies and regret.

    Parameters
    ----------
    frontier, strategies
        Of the run that is shown.
    beside
        Frontier of the run that the strip started from: its axes stay while a slider moves.
    """
    from hedgedesk.reports.figures.frontier import frontier_chart
    from hedgedesk.reports.tables import strategies as tables

    told = (tables.strategies_unit(strategies), tables.regret_unit(strategies), tables.regret_words(strategies))
    return {
        **leaves.chart(NAME, places.FRONTIER, frontier_chart(frontier, beside)),
        **grids.grid_leaves(places.STRATEGIES, tables.strategies_table(strategies)),
        **grids.grid_leaves(places.REGRET, tables.regret_table(strategies)),
        **dict(zip(TOLD, told, strict=True)),
        f"{places.NOT_NOW}.children": "",
        f"{places.REDRAW}-place.hidden": True,
    }


def without(why: str, *, redraw: bool) -> leaves.Leaves:
    """The leaves of :func:`view` where there is nothing to show, why, and whether scenarios drawn again would help."""
    from hedgedesk.reports.paint import blank

    words = say("plans.not_now", why=why.rstrip("."))
    chart: tuple[Any, ...] = (blank(words), say("plan.frontier"), "", words)
    return {
        **dict(zip(leaves.chart_leaves(NAME, places.FRONTIER), chart, strict=True)),
        **empty_grid(places.STRATEGIES),
        **empty_grid(places.REGRET),
        **dict.fromkeys(TOLD, ""),
        f"{places.NOT_NOW}.children": words,
        f"{places.REDRAW}-place.hidden": not redraw,
    }


def empty_grid(place: str) -> leaves.Leaves:
    """A grid with neither columns nor rows."""
    values: tuple[Any, ...] = ([], [], grids.options())
    return dict(zip(leaves.grid_leaves(place), values, strict=True))
