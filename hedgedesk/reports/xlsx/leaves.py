"""The sheets of the workbook as rows: numbers from the model, formulas where a number follows from others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import shadow
from hedgedesk.reports.tables.market import meaning_of
from hedgedesk.reports.workbook import Content, Lane, Live
from hedgedesk.reports.xlsx import ways
from hedgedesk.reports.xlsx.cells import AT, BUDGET, FIRST, Block, Leaf, given, lane, number, ref, sheet_name
from hedgedesk.reports.xlsx.volumes import lines, months, trades

if TYPE_CHECKING:
    from hedgedesk.reports.report.model import ReportModel
    from hedgedesk.reports.tables.table import Cell

FLOORS = (*shadow.FLOORS, "no_short")
"""Rules that ask for at least their limit."""


def leaves(model: ReportModel) -> tuple[Leaf, ...]:
    """Every sheet but the summary and the method."""
    return (
        months(model),
        lines(model),
        trades(model),
        *ways.choices(model),
        limits(model),
        *ways.ways(model),
        stresses(model),
        distribution(model),
        prices(model),
        fitted(model),
    )


def limits(model: ReportModel) -> Leaf:
    """Every rule at every place, and the room it leaves."""
    lanes = (
        lane("rule", "text", 22),
        lane("where", "text", 14),
        lane("used", "money", 16),
        lane("limit", "money", 16),
        lane("unit", "text", 12),
        lane("room", "money", 16),
        lane("saves", "price", 18, model.totals.currency),
        lane("state", "text", 10),
    )
    rows = tuple(_limit(row, FIRST + k) for k, row in enumerate(model.table("limits_in_full").rows))
    return Leaf("limits", sheet_name("limits"), "", (Block(lanes, rows),))


def _limit(row: dict[str, Cell], r: int) -> tuple[Content, ...]:
    used, limit = number(row["used"]) or 0.0, number(row["limit"]) or 0.0
    room = Live(f"=D{r}-C{r}", limit - used)
    if row["rule"].value in FLOORS:
        room = Live(f"=C{r}-D{r}", used - limit)
    return (
        row["rule"].text,
        row["where"].text,
        used,
        limit,
        row["unit"].text,
        room,
        number(row["saves"]),
        row["state"].text,
    )


def stresses(model: ReportModel) -> Leaf:
    """The same plan under shocks: total, excess and regret follow from tokens, gain and trading cost."""
    money = model.totals.currency
    keys = ("physical", "gain", "cost", "total", "over", "call", "regret")
    lanes = (lane("stress", "text", 22), lane("shock", "text", 52), *(lane(k, "money", 16, money) for k in keys))
    rows = tuple(_stress(model, row, FIRST + k) for k, row in enumerate(model.table("stress").rows))
    return Leaf("stress", sheet_name("stress"), "", (Block(lanes, rows),))


def _stress(model: ReportModel, row: dict[str, Cell], r: int) -> tuple[Content, ...]:
    totals = model.totals
    physical, gain, total, regret = (number(row[key]) or 0.0 for key in ("physical", "gain", "total", "regret"))
    cost = Live(f"={ref('summary', AT['transaction_cost'])}", totals.transaction_cost)
    over = (
        None
        if totals.budget is None
        else given(f"=F{r}-{ref('summary', BUDGET)}", number(row["over"]) or 0.0, total - totals.budget)
    )
    return (
        row["name"].text,
        row["shock"].text,
        physical,
        gain,
        cost,
        given(f"=C{r}-D{r}+E{r}", total, physical - gain + totals.transaction_cost),
        over,
        number(row["call"]),
        given(f"=F{r}-C{r}", regret, total - physical),
    )


def distribution(model: ReportModel) -> Leaf:
    """Shares of the scenarios by cost, and added up."""
    table = model.table("distribution")
    unit = table.columns[0].title.rpartition(", ")[2]
    lanes = (
        *(lane(key, "price", 12, unit) for key in ("from", "to", "middle")),
        *(lane(key, "share", 14) for key in ("with_plan", "without", "up_to_with", "up_to_without")),
    )
    rows: list[tuple[Content, ...]] = []
    sums = [0.0, 0.0]
    for k, row in enumerate(table.rows):
        r = FIRST + k
        low, high, plan, without = (number(row[key]) or 0.0 for key in ("from", "to", "plan", "unhedged"))
        sums = [sums[0] + plan, sums[1] + without]
        added = (f"=SUM(D${FIRST}:D{r})", f"=SUM(E${FIRST}:E{r})")
        middle = Live(f"=(A{r}+B{r})/2", (low + high) / 2)
        rows.append((low, high, middle, plan, without, *(Live(f, v) for f, v in zip(added, sums, strict=True))))
    return Leaf("distribution", sheet_name("distribution"), "", (Block(lanes, tuple(rows)),))


def prices(model: ReportModel) -> Leaf:
    """Quantiles and mean of each month's average price, and today's curve."""
    table = model.table("fan")
    first, *others = table.columns
    lanes = (Lane(first.title, "month", 11), *(Lane(column.title, "price", 11) for column in others))
    rows = tuple((str(row[first.key].value), *(number(row.get(c.key)) for c in others)) for row in table.rows)
    return Leaf("prices", sheet_name("prices"), model.price_unit, (Block(lanes, rows),))


def fitted(model: ReportModel) -> Leaf:
    """Parameters with their standard errors, the user's own values where there are any, and how well they fit."""
    table = model.table("parameters")
    own = any(column.key == "own" for column in table.columns)
    lanes = (
        lane("parameter", "text", 26),
        lane("value", "parameter", 14),
        lane("error", "parameter", 14),
        lane("ratio", "money", 14),
        *((lane("own", "parameter", 14),) if own else ()),
        lane("meaning", "text", 84),
    )
    rows = tuple(_parameter(row, FIRST + k, own=own) for k, row in enumerate(table.rows))
    quality = Block((lane("fit", "text", 26), lane("value", "number", 14)), model.quality)
    return Leaf("model", sheet_name("model"), "", (Block(lanes, rows), quality))


def _parameter(row: dict[str, Cell], r: int, *, own: bool) -> tuple[Content, ...]:
    value, error = number(row["value"]), number(row["error"])
    ratio = Live(f"=B{r}/C{r}", value / error) if value is not None and error else None
    chosen = (number(row["own"]),) if own else ()
    return (row["name"].text, value, error, ratio, *chosen, meaning_of(row["name"].text).text)
