"""The tables behind the charts of what is open: every unit at once, so that they do not depend on the one shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.open_volume import MONEY, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import MODEL, TEAM, measure_unit, measures, open_rows
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
    return open_map(run, MODEL)


def open_by_model_and_team(run: HedgeRun) -> Table:
    """The months of every model, and of every team where the forecast names teams."""
    if not run.exposure.teams:
        return open_by_model(run)
    by_model, by_team = open_map(run, MODEL), open_map(run, TEAM)
    kind = Column("by", say("usage.share.by"), "text")
    name = Column("name", say("usage.share.name"), "name")
    rows = [
        {"by": Cell(say(f"exposure.by.{table.name}")), "name": row[table.name], **row}
        for table in (by_model, by_team)
        for row in table.rows
    ]
    return Table("map", (kind, name, *by_model.columns[1:]), tuple(rows))


def open_map(run: HedgeRun, by: str) -> Table:
    """One row a model or team (``by``) and month."""
    kinds = measures(run)
    columns = (
        Column(by, say(f"exposure.by.{by}"), "name"),
        Column("month", say("twin.month"), "text"),
        *(Column(kind, say("exposure.twin", what=say("twin.open"), unit=measure_unit(run, kind))) for kind in kinds),
    )
    found = {kind: open_rows(run, kind, by) for kind in kinds}
    rows = []
    for k, (name, _) in enumerate(found[kinds[0]]):
        amounts = {kind: found[kind][k][1].tolist() for kind in kinds}
        for t, month in enumerate(run.report.months.months):
            cells = {kind: Cell(fmt.number(values[t]), values[t]) for kind, values in amounts.items()}
            rows.append({by: Cell(name, name), "month": Cell(fmt.month(month), str(month)), **cells})
    return Table(by, columns, tuple(rows))
