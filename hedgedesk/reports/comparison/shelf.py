"""Every table of two compared runs that can be taken away as a file, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.reports import comparison
from hedgedesk.reports.comparison.inputs import inputs_table
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table


def table(name: str, a: HedgeRun, b: HedgeRun) -> Table:
    """The table called ``name`` of two runs.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(TABLES, name, "table of two runs")(a, b)


def about(name: str, a: HedgeRun, b: HedgeRun) -> tuple[tuple[str, str], ...]:
    """What a file says of the table in it: which, of which runs, as of when, and what chance does to it."""
    from hedgedesk.reports import format as fmt

    def of(run: HedgeRun) -> str:
        return say("sheet.of_run", run=run.manifest.run_id, as_of=fmt.day(run.fan.as_of))

    return (
        (say("sheet.table"), name),
        (say("compare.column.a"), of(a)),
        (say("compare.column.b"), of(b)),
        (say("compare.column.difference"), comparison.verdict(a, b)),
    )


def _cost_a(a: HedgeRun, _b: HedgeRun) -> Table:
    return _costs(a)


def _cost_b(_a: HedgeRun, b: HedgeRun) -> Table:
    return _costs(b)


def _costs(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import cost_distribution

    return cost_distribution(run.report)


TABLES: dict[str, Callable[[HedgeRun, HedgeRun], Table]] = {
    "measures": comparison.measures_in_full,
    "inputs": inputs_table,
    "trades": comparison.trades_table,
    "cost-a": _cost_a,
    "cost-b": _cost_b,
}
