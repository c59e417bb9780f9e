"""Every table of a run that can be taken away as a file, by name: a page, a dot, and what the page calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports import tables
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import (
    choices,
    commitments,
    exposure,
    exposure_twins,
    landing,
    market,
    options,
    plan,
    risk,
    trade_list,
    twins,
)
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table

TABLES: dict[str, Callable[[HedgeRun], Table]] = {
    "overview.stress": lambda run: tables.stress_table(run.report),
    "overview.fan": lambda run: twins.price_fan(run.fan),
    "overview.distribution": lambda run: twins.cost_distribution(run.report),
    "overview.coverage": lambda run: twins.cover_by_month(run.report),
    "plan.trades": plan.plan_table,
    "plan.trade_list": trade_list.trade_list,
    "plan.choices": choices.choices_table,
    "plan.options": options.options_table,
    "plan.limits": plan.limits_in_full,
    "plan.months": tables.months_table,
    "plan.coverage": lambda run: twins.cover_by_month(run.report),
    "plan.distribution": lambda run: twins.cost_distribution(run.report),
    "exposure.months": exposure.months_table,
    "exposure.lines": exposure.lines_table,
    "exposure.open": exposure_twins.open_by_month,
    "exposure.models": exposure_twins.open_by_model,
    "exposure.map": exposure_twins.open_by_model_and_team,
    "exposure.landing": landing.landing_table,
    "exposure.commitments": commitments.commitments_table,
    "market.fan": lambda run: twins.price_fan(run.fan),
    "market.quantiles": lambda run: market.quantiles_table(run.fan),
    "market.curve": lambda run: market.curve_table(run.fan),
    "market.moves": lambda run: market.moves_table(run.fan),
    "market.parameters": lambda run: market.meaning_table(run.model),
    "risk.distribution": lambda run: twins.cost_distribution(run.report),
    "risk.stress": lambda run: tables.stress_table(run.report),
    "risk.tornado": lambda run: risk.tornado_table(run.report),
    "risk.months": lambda run: risk.month_costs_table(run.report),
    "risk.costs": lambda run: risk.costs_table(run.report),
    "risk.effectiveness": lambda run: risk.effectiveness_table(run.report),
}
"""Name to builder.

A number column's values are in the unit that its title says, or in :attr:`Column.unit` where that is given.
"""


def table(name: str, run: HedgeRun) -> Table:
    """The table called ``name`` of a run.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(TABLES, name, "table")(run)


def about(name: str, run: HedgeRun, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of the table in it: which, of which desk and run, as of when."""
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
