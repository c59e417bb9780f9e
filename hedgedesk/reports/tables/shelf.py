"""Every table that can be taken away as a file, by name: a page, a dot, and what the page calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.tables import page_shelf as page_tables

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table


def table(name: str, run: HedgeRun) -> Table:
    """The table called ``name`` of a run.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    if name not in TABLES:
        raise HedgeDeskError(f"no table is called {name!r}; known are {', '.join(sorted(TABLES))}")
    return TABLES[name](run)


def about(name: str, run: HedgeRun, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of the table in it: which, of which desk and run, as of when."""
    from hedgedesk.reports import format as fmt
    from hedgedesk.reports.messages import say

    return (
        (say("sheet.table"), name),
        (say("sheet.desk"), desk),
        (say("sheet.run"), run.manifest.run_id),
        (say("sheet.as_of"), fmt.day(run.fan.as_of)),
        (say("sheet.made_at"), str(run.manifest.outcomes.get("recorded_at", fmt.DASH))),
        (say("sheet.index"), f"{run.fan.index}, {fmt.per_unit(run.fan.currency, run.fan.unit)}"),
        (say("sheet.currency"), run.report.currency),
        (say("sheet.curve"), say("sheet.indicative" if run.report.indicative else "sheet.listed")),
    )


def _stresses(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables import stress_table

    return stress_table(run.report)


def _fan(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import price_fan

    return price_fan(run.fan)


def _distribution(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import cost_distribution

    return cost_distribution(run.report)


def _coverage(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import cover_by_month

    return cover_by_month(run.report)


def _trades(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.plan import plan_table

    return plan_table(run)


def _limits(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.plan import limits_in_full

    return limits_in_full(run)


def _months(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables import months_table

    return months_table(run)


TABLES: dict[str, Callable[[HedgeRun], Table]] = {
    "overview.stress": _stresses,
    "overview.fan": _fan,
    "overview.distribution": _distribution,
    "overview.coverage": _coverage,
    "plan.trades": _trades,
    "plan.limits": _limits,
    "plan.months": _months,
    "plan.coverage": _coverage,
    "plan.distribution": _distribution,
    **page_tables.TABLES,
}
"""Name to builder. A builder imports what it needs when it is called.

A number column's values are in the unit that its title says, or in :attr:`Column.unit` where that is given.
"""
