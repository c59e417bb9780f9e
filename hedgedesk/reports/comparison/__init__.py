"""Two runs side by side: their measures, what went into them, their trades and their costs on one axis.

It arranges and subtracts; it computes nothing else. Every difference is B less A.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hedgedesk.domain.changes import OF_THE_PRICE
from hedgedesk.reports import format as fmt
from hedgedesk.reports.comparison import difference
from hedgedesk.reports.comparison.inputs import cause
from hedgedesk.reports.figures.cost import cost_distribution
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.chart import Chart
    from hedgedesk.reports.comparison.difference import Difference

YEAR = 12


def same_scenarios(a: HedgeRun, b: HedgeRun) -> bool:
    """Whether both were judged on the same futures, so that chance plays no part in their difference."""
    return a.manifest.scenario_id == b.manifest.scenario_id


def verdict(a: HedgeRun, b: HedgeRun) -> str:
    """One sentence: what can be made of the differences."""
    if a.report.currency != b.report.currency:
        return say("compare.currencies", a=a.report.currency, b=b.report.currency)
    if same_scenarios(a, b):
        return say("compare.same")
    return say("compare.grown" if _same_draws(a, b) else "compare.different")


def _same_draws(a: HedgeRun, b: HedgeRun) -> bool:
    """Whether both grew from the scenarios of one run, so that they differ by the growth of the volume alone."""
    slow = set(OF_THE_PRICE)
    roots = {run.manifest.causes.get("based_on", run.manifest.run_id) for run in (a, b)}
    return len(roots) == 1 and not any(slow & set(cause(run, "changes")) for run in (a, b))


def measures_table(a: HedgeRun, b: HedgeRun) -> Table:
    """One row a measure: A, B, the difference and its direction in words."""
    columns = (
        Column("measure", say("compare.column.measure"), "text", 206),
        Column("a", say("compare.column.a"), "number", 90),
        Column("b", say("compare.column.b"), "number", 90),
        Column("difference", say("compare.column.difference"), "number", 112),
        Column("direction", say("compare.column.direction"), "text", 76),
    )
    return Table("compare", columns, (*_costs(a, b), *_chances(a, b), *_plans(a, b)))


def measures_in_full(a: HedgeRun, b: HedgeRun) -> Table:
    """The measures as a file has them: numbers whole, so each row names its unit."""
    table = measures_table(a, b)
    unit = Column("unit", say("report.lane.unit"), "text", 60)
    return dataclasses.replace(table, columns=(table.columns[0], unit, *table.columns[1:]))


def _row(measure: str, a: Cell, b: Cell, change: Difference, unit: str) -> dict[str, Cell]:
    return {
        "measure": Cell(measure),
        "unit": Cell(unit),
        "a": a,
        "b": b,
        "difference": Cell(change.text, change.value, tone=change.tone),
        "direction": Cell(change.word, tone=change.tone),
    }


def _costs(a: HedgeRun, b: HedgeRun) -> Iterator[dict[str, Cell]]:
    level = fmt.share(a.report.level)
    rows = (
        ("mean", True),
        ("standard_error", None),
        ("p05", True),
        ("p50", True),
        ("p95", True),
        ("var", True),
        ("cvar", True),
        ("cvar_standard_error", None),
    )
    for name, better in rows:
        if name in ("var", "cvar", "cvar_standard_error") and a.report.level != b.report.level:
            continue  # the mean of the worst 5% and of the worst 1% are two measures
        now, then = (getattr(run.report.hedged, name) for run in (b, a))
        scale = page_scale(a.report) if better else fmt.money_scale(now, then)
        yield _money_row(say(f"compare.{name}", level=level), (a, b), (then, now), scale, better)


def _money_row(
    measure: str, runs: tuple[HedgeRun, HedgeRun], amounts: tuple[float, float], scale: fmt.Scale, better: bool | None
) -> dict[str, Cell]:
    cells = [_amount(v, run.report.currency, scale) for run, v in zip(runs, amounts, strict=True)]
    comparable = runs[0].report.currency == runs[1].report.currency
    before, after = amounts
    change = difference.money(after, before if comparable else None, runs[1].report.currency, lower_is_better=better)
    units = dict.fromkeys(run.report.currency for run in runs)
    return _row(measure, cells[0], cells[1], change, ", ".join(units))


def _amount(amount: float, currency: str, scale: fmt.Scale) -> Cell:
    return Cell(scale.full(amount, currency), amount, fmt.money(amount, currency))


def _chances(a: HedgeRun, b: HedgeRun) -> Iterator[dict[str, Cell]]:
    before, after = (run.report.hedged.probability_over_budget for run in (a, b))
    cells = [Cell(fmt.chance(v), v, fmt.share(v, 2)) for v in (before, after)]
    yield _row(say("compare.chance"), cells[0], cells[1], difference.points(after, before), say("sheet.share"))
    covers = [_cover(run) for run in (a, b)]
    cells = [Cell(fmt.share(v), v, fmt.share(v, 2)) for v in covers]
    change = difference.points(covers[1], covers[0], lower_is_better=None)
    yield _row(say("compare.cover", months=YEAR), cells[0], cells[1], change, say("sheet.share"))


def _cover(run: HedgeRun) -> float:
    return run.report.months.cover_of_first(min(YEAR, run.report.months.months.size))[0]


def _plans(a: HedgeRun, b: HedgeRun) -> Iterator[dict[str, Cell]]:
    lots = [float(run.plan.lots.sum()) for run in (a, b)]
    cells = [Cell(fmt.number(v, signed=True), v) for v in lots]
    yield _row(say("compare.lots"), cells[0], cells[1], difference.count(lots[1], lots[0]), say("sheet.lots"))
    amounts = {
        "margin": [run.report.margin.initial for run in (a, b)],
        "cost_of_trading": [float(run.plan.transaction_cost.sum()) for run in (a, b)],
        "rounding": [run.plan.rounding_cost for run in (a, b)],
    }
    for name, (before, after) in amounts.items():
        yield _money_row(say(f"compare.{name}"), (a, b), (before, after), fmt.money_scale(before, after), True)
    gaps = [run.plan.certificate.gap for run in (a, b)]
    proved = [Cell(say("compare.gap_below") if 0 <= v < 1e-5 else fmt.share(v, 3), v) for v in gaps]
    # Below what is shown of a gap, two of them are alike: what is left is the solver's last digits.
    shown = [0.0 if 0 <= v < 1e-5 else v for v in gaps]
    yield _row(say("compare.gap"), proved[0], proved[1], difference.points(shown[1], shown[0]), say("sheet.share"))


def trades_table(a: HedgeRun, b: HedgeRun) -> Table:
    """One row a contract of either run: lots to trade and price, A and B, and the lots' difference."""
    columns = (
        Column("contract", say("plan.column.contract"), "text", 84),
        Column("lots_a", say("compare.column.lots_a"), "number", 76),
        Column("lots_b", say("compare.column.lots_b"), "number", 80),
        Column("difference", say("compare.column.difference"), "number", 90),
        Column("price_a", say("compare.column.price_a"), "number", 84, _price_unit(a)),
        Column("price_b", say("compare.column.price_b"), "number", 84, _price_unit(b)),
    )
    found = [_trades(run) for run in (a, b)]
    decimals = 0 if {a.plan.program.lots, b.plan.program.lots} == {"whole"} else 2
    months = sorted({*found[0], *found[1]})
    rows = tuple(_trade(month, found[0].get(month), found[1].get(month), decimals) for month in months)
    totals = [sum(lots for lots, _ in trades.values()) for trades in found]
    return Table("trades", columns, rows, _total(totals[0], totals[1], decimals) if rows else {})


def trades_unit(a: HedgeRun, b: HedgeRun) -> str:
    """What the trades are in."""
    units = dict.fromkeys(_price_unit(run) for run in (a, b))
    return say("compare.trades_unit", price=", ".join(units))


def _price_unit(run: HedgeRun) -> str:
    return fmt.per_unit(run.fan.currency, run.fan.unit)


def _trades(run: HedgeRun) -> dict[str, tuple[float, float]]:
    """Lots and price by delivery month, YYYY-MM."""
    plan = run.plan
    months = (str(contract.delivery_month) for contract in plan.contracts)
    return dict(zip(months, zip(plan.lots.tolist(), plan.price_per_mtok.tolist(), strict=True), strict=True))


def _trade(
    month: str, before: tuple[float, float] | None, after: tuple[float, float] | None, decimals: int
) -> dict[str, Cell]:
    import numpy as np

    lots = [None if trade is None else trade[0] for trade in (before, after)]
    prices = [None if trade is None else trade[1] for trade in (before, after)]
    cut = fmt.price_decimals(p for p in prices if p is not None)
    # A contract that only one of the two knows is not traded in the other.
    change = difference.count(lots[1] or 0.0, lots[0] or 0.0, decimals)
    return {
        "contract": Cell(fmt.month(np.datetime64(month, "M")), month),
        "lots_a": Cell(fmt.number(lots[0], decimals, signed=True), lots[0]),
        "lots_b": Cell(fmt.number(lots[1], decimals, signed=True), lots[1]),
        "difference": Cell(change.text, change.value),
        "price_a": Cell(fmt.number(prices[0], cut), prices[0]),
        "price_b": Cell(fmt.number(prices[1], cut), prices[1]),
    }


def _total(before: float, after: float, decimals: int) -> dict[str, Cell]:
    change = difference.count(after, before, decimals)
    return {
        "contract": Cell(say("plan.total")),
        "lots_a": Cell(fmt.number(before, decimals, signed=True), before),
        "lots_b": Cell(fmt.number(after, decimals, signed=True), after),
        "difference": Cell(change.text, change.value),
    }


def distributions(a: HedgeRun, b: HedgeRun) -> tuple[Chart, Chart]:
    """Both costs on the same axes in A's unit of money; of two currencies each keeps its own."""
    charts = cost_distribution(a.report), cost_distribution(b.report)
    titles = tuple(say("compare.cost", run=name, title=c.title) for name, c in zip("AB", charts, strict=True))
    one, other = (dataclasses.replace(c, title=title) for c, title in zip(charts, titles, strict=True))
    if one.unit != other.unit:
        return one, other
    axis = dataclasses.replace(one.x, low=min(one.x.low, other.x.low), high=max(one.x.high, other.x.high))  # type: ignore[call-overload]
    high = max(one.y, other.y, key=lambda y: float(y.high))  # type: ignore[arg-type]
    return dataclasses.replace(one, x=axis, y=high), dataclasses.replace(other, x=axis, y=high)
