"""The first sheet: amounts and shares of the run, and its cost without hedges beside that with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports.messages import say
from hedgedesk.reports.workbook import Content, Lane, Live
from hedgedesk.reports.xlsx.cells import AMOUNTS, AT, FIRST, Block, Leaf, given, number, ref, sheet_name

if TYPE_CHECKING:
    from hedgedesk.reports.report.model import ReportModel


def summary(model: ReportModel) -> Leaf:
    """Amounts first, because other sheets refer to them; then shares and costs."""
    amounts = _amounts(model)
    shares = _shares(model)
    row = FIRST + len(amounts.rows) + 2 + len(shares.rows) + 2
    return Leaf("summary", sheet_name("summary"), "", (amounts, shares, _costs(model, row)), model.title)


def _amounts(model: ReportModel) -> Block:
    values = _amount_values(model)
    money = model.totals.currency
    lanes = (Lane(say("report.lane.amount"), "text", 46), Lane(f"{say('report.lane.value')}, {money}", "money", 25))
    shown = AMOUNTS if model.totals.liquidity_at_risk is not None else AMOUNTS[:-1]
    return Block(lanes, tuple((say(f"report.amount.{key}", level=model.level), values[key]) for key in shown))


def _amount_values(model: ReportModel) -> dict[str, Content]:
    whole, rows, contracts = model.totals, model.table("months").rows, len(model.lot_mtok)
    aside = bool(whole.in_no_month or whole.unhedged_in_no_month)
    months_total = FIRST + len(rows) + aside
    trades_total = FIRST + contracts
    room = None if whole.budget is None else Live(f"={AT['budget']}-{AT['mean']}", whole.budget - whole.hedged_mean)
    left = None
    if whole.credit_line is not None:
        left = Live(f"={AT['credit_line']}-{AT['initial_margin']}", whole.credit_line - whole.initial_margin)
    margin, fees = (_added(model, key) for key in ("margin", "cost"))
    return {
        "budget": whole.budget,
        "mean": Live(f"={ref('months', f'M{months_total}')}", whole.hedged_mean),
        "unhedged_mean": Live(f"={ref('months', f'L{months_total}')}", whole.unhedged_mean),
        "budget_room": room,
        "hedge_cost": Live(f"={AT['mean']}-{AT['unhedged_mean']}", whole.hedge_cost),
        "cvar": whole.hedged_cvar,
        "unhedged_cvar": whole.unhedged_cvar,
        "tail_taken": Live(f"={AT['unhedged_cvar']}-{AT['cvar']}", whole.unhedged_cvar - whole.hedged_cvar),
        "transaction_cost": _of_trades("K", trades_total, contracts, whole.transaction_cost, fees),
        "initial_margin": _of_trades("J", trades_total, contracts, whole.initial_margin, margin),
        "credit_line": whole.credit_line,
        "margin_room": left,
        "liquidity_at_risk": whole.liquidity_at_risk,
    }


def _added(model: ReportModel, key: str) -> float:
    """Sum of a column of the trades."""
    return sum(number(row[key]) or 0.0 for row in model.table("plan").rows)


def _of_trades(column: str, row: int, contracts: int, value: float, added: float) -> Live | float:
    return given(f"={ref('trades', f'{column}{row}')}", value, added) if contracts else value


def _shares(model: ReportModel) -> Block:
    whole, last = model.totals, FIRST + model.totals.cover_months - 1
    parts = {column: f"SUM({ref('months', f'{column}{FIRST}')}:{column}{last})" for column in "CDF"}
    cover = Live(f"=IF({parts['C']}>0,({parts['D']}+{parts['F']})/{parts['C']},0)", whole.cover)
    use = None
    if whole.credit_line:
        use = Live(f"={AT['initial_margin']}/{AT['credit_line']}", whole.initial_margin / whole.credit_line)
    rows: tuple[tuple[str, Content], ...] = (
        (say("report.share.hedged_chance"), whole.hedged_chance),
        (say("report.share.unhedged_chance"), whole.unhedged_chance),
        (say("report.share.cover", months=whole.cover_months), cover),
        (say("report.share.margin_use"), use),
    )
    return Block((Lane(say("report.lane.share")), Lane(say("report.lane.value"), "share")), rows)


def _costs(model: ReportModel, first: int) -> Block:
    """The costs table; what the plan takes away is a difference, the means come from the months."""
    table, money = model.table("costs"), model.totals.currency
    lanes = (
        Lane(say("report.column.measure"), "text", 46),
        *(Lane(f"{say(f'report.column.{key}')}, {money}", "money", 25) for key in ("unhedged", "hedged", "benefit")),
    )
    rows: list[tuple[Content, ...]] = []
    for k, row in enumerate(table.rows):
        pair: tuple[Content, Content] = (number(row["unhedged"]), number(row["hedged"]))
        if row["measure"].value == "mean":
            pair = (
                Live(f"={AT['unhedged_mean']}", model.totals.unhedged_mean),
                Live(f"={AT['mean']}", model.totals.hedged_mean),
            )
        less = number(row["benefit"])
        benefit = None if less is None else Live(f"=B{first + k}-C{first + k}", less)
        rows.append((row["measure"].text, *pair, benefit))
    return Block(lanes, tuple(rows))
