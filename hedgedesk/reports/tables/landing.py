"""The landing of the year month by month: paid, expected, range, budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.study import Landing

PARTS = ("actual", "expected", "p05", "p95", "budget")


def landing_table(run: HedgeRun) -> Table:
    """One row a month of the year; without a landing one that says so."""
    landing, money = run.report.landing, run.report.currency
    columns = (
        Column("month", say("twin.month"), "text"),
        *(Column(part, say(f"landing.column.{part}", money=money)) for part in PARTS),
    )
    if landing is None:
        return Table("landing", columns, ({"month": Cell(say("landing.none"))},))
    months = tuple(_month(landing, t) for t in range(landing.months.size))
    return Table("landing", columns, (*months, _year(landing)))


def _month(landing: Landing, t: int) -> dict[str, Cell]:
    amounts = {part: float(getattr(landing, part)[t]) for part in PARTS}
    return {
        "month": Cell(fmt.month(landing.months[t]), str(landing.months[t])),
        **{part: _amount(value) for part, value in amounts.items()},
    }


def _year(landing: Landing) -> dict[str, Cell]:
    """Paid and expected together, with the range of the whole; its quantiles are no sums of the months'."""
    return {
        "month": Cell(say("landing.year", year=landing.year)),
        "actual": _amount(landing.paid),
        "expected": _amount(landing.mean),
        "p05": _amount(landing.low),
        "p95": _amount(landing.high),
        "budget": _amount(landing.year_budget),
    }


def _amount(value: float | None) -> Cell:
    return Cell("") if fmt.missing(value) else Cell(fmt.number(value), value)
