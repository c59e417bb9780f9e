"""The tables behind the charts of what is open: every unit at once, so that they do not depend on the one shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.open_volume import MONEY, open_by_line, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import measure_unit, measures
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun

PARTS = ("fixed", "held", "bought", "left")


def open_by_month(run: HedgeRun) -> Table:
    """One row a month: what is at a fixed price, hedged and left open, in each unit; money has no fixed part."""
    months = run.report.months.months
    volumes = {measure: open_volume(run, measure) for measure in measures(run)}
    places = [(part, measure) for measure in volumes for part in PARTS if (part, measure) != ("fixed", MONEY)]
    amounts = {f"{part}_{measure}": getattr(volumes[measure], part).tolist() for part, measure in places}
    columns = (
        Column("month", say("twin.month"), "text"),
        *(
            Column(
                f"{part}_{measure}",
                say("exposure.twin", what=say(f"figure.open.{part}"), unit=measure_unit(run, measure)),
            )
            for part, measure in places
        ),
    )
    rows = tuple(
        {
            "month": Cell(fmt.month(month), str(month)),
            **{key: Cell(fmt.number(values[t]), values[t]) for key, values in amounts.items()},
        }
        for t, month in enumerate(months)
    )
    return Table("open", columns, rows)


def open_by_model(run: HedgeRun) -> Table:
    """One row a model and month: its open volume before futures in each unit; every model by itself."""
    columns = (
        Column("model", say("lines.column.model"), "name"),
        Column("month", say("twin.month"), "text"),
        *(
            Column(measure, say("exposure.twin", what=say("twin.open"), unit=measure_unit(run, measure)))
            for measure in measures(run)
        ),
    )
    by_line = {measure: open_by_line(run, measure) for measure in measures(run)}
    rows = []
    for model in dict.fromkeys(run.exposure.models):
        own = [name == model for name in run.exposure.models]
        amounts = {measure: volume[:, own].sum(axis=1).tolist() for measure, volume in by_line.items()}
        for t, month in enumerate(run.report.months.months):
            cells = {measure: Cell(fmt.number(values[t]), values[t]) for measure, values in amounts.items()}
            rows.append({"model": Cell(model, model), "month": Cell(fmt.month(month), str(month)), **cells})
    return Table("models", columns, tuple(rows))
