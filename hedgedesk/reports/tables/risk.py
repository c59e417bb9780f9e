"""What could still hurt as tables: the months' costs, the horizon's, and the change under each stress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.precise import precise_rows
from hedgedesk.reports.tables import amount_cell, months_scale, page_scale
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.results import CostRisk, RiskReport, StressResult

MEASURES = ("mean", "standard_deviation", "p05", "p50", "p95", "var", "cvar", "budget_at_risk", "expected_overrun")


def sorted_changes(report: RiskReport) -> list[tuple[StressResult, float]]:
    """Stresses with the change of the plan's expected cost, the largest change first."""
    changes = [(stress, stress.total_cost - report.hedged.mean) for stress in report.stresses]
    return sorted(changes, key=lambda pair: -abs(pair[1]))


def month_costs_table(report: RiskReport) -> Table:
    """One row a month: mean without hedges, mean and quantiles with the plan, budget, what is at risk beyond it."""
    m, money = report.months, report.currency
    levels = [(f"q{k}", fmt.share(float(level))) for k, level in enumerate(m.levels)]
    columns = (
        Column("month", say("month_cost.column.month"), "text", 82),
        Column("unhedged", say("month_cost.column.unhedged"), "number", 92, money),
        Column("unhedged_p95", say("month_cost.column.unhedged_p95"), "number", 108, money),
        Column("hedged", say("month_cost.column.hedged"), "number", 92, money),
        *(Column(key, words, "number", 76, money) for key, words in levels),
        *([Column("budget", say("month_cost.column.budget"), "number", 84, money)] if _budgeted(report) else []),
        Column("at_risk", say("month_cost.column.at_risk", level=fmt.share(report.level)), "number", 124, money),
    )
    return Table("month_costs", columns, tuple(_month(report, t) for t in range(m.months.size)))


def months_unit(report: RiskReport) -> str:
    """What the months' costs are in."""
    return say("risk.months_unit", unit=months_scale(report).unit(report.currency), level=fmt.share(report.level))


def _month(report: RiskReport, t: int) -> dict[str, Cell]:
    m, scale = report.months, months_scale(report)
    amounts = {
        "unhedged": m.unhedged_mean[t],
        "unhedged_p95": m.unhedged_p95[t],
        "hedged": m.hedged_mean[t],
        **{f"q{k}": m.hedged_quantile[k, t] for k in range(m.levels.size)},
        "at_risk": m.cash_flow_at_risk[t],
    }
    cells = {key: amount_cell(float(value), scale, report.currency) for key, value in amounts.items()}
    if _budgeted(report):
        budget = float(m.budget[t])
        cells["budget"] = Cell("") if fmt.missing(budget) else amount_cell(budget, scale, report.currency)
    cells["month"] = Cell(fmt.month(m.months[t]), str(m.months[t]))
    return cells


def _budgeted(report: RiskReport) -> bool:
    """Whether any month has a budget of its own."""
    return not all(fmt.missing(budget) for budget in report.months.budget.tolist())


def costs_table(report: RiskReport) -> Table:
    """One row a measure of the horizon's cost: without hedges, with the plan, and the difference."""
    scale, money = page_scale(report), report.currency
    columns = (
        Column("measure", say("costs.column.measure"), "text", 148),
        *(Column(key, say(f"costs.column.{key}"), "number", 60, money) for key in ("unhedged", "hedged", "change")),
    )
    shown = [name for name in MEASURES if getattr(report.hedged, name) is not None]
    rows = (*(_measure(report, name, scale) for name in shown), *_precise(report))
    return Table("costs", columns, rows)


def costs_unit(report: RiskReport) -> str:
    """What the costs are in."""
    return page_scale(report).unit(report.currency)


def _measure(report: RiskReport, name: str, scale: fmt.Scale) -> dict[str, Cell]:
    def value(cost: CostRisk) -> float:
        return float(getattr(cost, name))

    before, after = value(report.unhedged), value(report.hedged)
    return {
        "measure": Cell(say(f"costs.{name}", level=fmt.share(report.level)), name),
        "unhedged": amount_cell(before, scale, report.currency),
        "hedged": amount_cell(after, scale, report.currency),
        "change": _change(after - before, scale, report.currency),
    }


def _precise(report: RiskReport) -> Iterator[dict[str, Cell]]:
    """The sharper measures; an error far below the page's scale has its own decimals."""
    scale = page_scale(report)
    for row in precise_rows(report):
        own = replace(scale, decimals=scale.decimals + 2) if row.is_error else scale
        change = Cell("", None) if row.is_error else _change(row.hedged - row.unhedged, scale, report.currency)
        yield {
            "measure": Cell(row.label, row.name),
            "unhedged": amount_cell(row.unhedged, own, report.currency),
            "hedged": amount_cell(row.hedged, own, report.currency),
            "change": change,
        }


def _change(change: float, scale: fmt.Scale, currency: str) -> Cell:
    text = scale.text(change, signed=True)
    tone = "" if fmt.reads_as_nothing(text) else "under" if change > 0 else "accent"
    return Cell(text, change, fmt.money(change, currency), tone)


def tornado_table(report: RiskReport) -> Table:
    """The stresses by how much they move the expected cost with the plan."""
    scale = page_scale(report)
    unit = scale.unit(report.currency)
    columns = (
        Column("name", say("stress.column.name"), "text"),
        Column("shock", say("stress.column.shock"), "text"),
        Column("change", say("tornado.column.change", unit=unit)),
        Column("total", say("tornado.column.total", unit=unit)),
    )
    rows = tuple(
        {
            "name": Cell(stress.name),
            "shock": Cell(stress.shock),
            "change": Cell(scale.text(change, signed=True), scale.of(change)),
            "total": Cell(scale.text(stress.total_cost), scale.of(stress.total_cost)),
        }
        for stress, change in sorted_changes(report)
    )
    return Table("tornado", columns, rows)


def effectiveness_facts(report: RiskReport) -> tuple[tuple[str, str], ...]:
    """How much of the variance the hedge takes away, in the scenarios and on real changes, and what that says."""
    e = report.effectiveness
    facts = [(say("effectiveness.in_sample"), fmt.share(e.in_sample, 1))]
    if e.out_of_sample is not None:
        facts.append((say("effectiveness.out_of_sample"), fmt.share(e.out_of_sample, 1)))
        facts.append((say("effectiveness.changes"), fmt.number(e.changes)))
    if e.ratio is not None:
        error = fmt.number(e.ratio_standard_error, 2)
        facts.append((say("effectiveness.ratio"), say("effectiveness.pair", ratio=fmt.number(e.ratio, 2), error=error)))
    return tuple(facts)


def effectiveness_words(report: RiskReport) -> str:
    """What both shares mean, and on what they rest."""
    e = report.effectiveness
    note = f"{e.note[:1].upper()}{e.note[1:].rstrip('.')}." if e.note else ""
    return say("effectiveness.only_in" if e.out_of_sample is None else "effectiveness.both", note=note).strip()


def effectiveness_table(report: RiskReport) -> Table:
    """Both shares as a table for a file."""
    e = report.effectiveness
    columns = (
        Column("what", say("effectiveness.column.what"), "text"),
        Column("value", say("effectiveness.column.value")),
    )
    pairs = (
        ("in_sample", e.in_sample),
        ("out_of_sample", e.out_of_sample),
        ("changes", float(e.changes)),
        ("ratio", e.ratio),
        ("ratio_error", e.ratio_standard_error),
    )
    rows = tuple(
        {"what": Cell(say(f"effectiveness.{key}"), key), "value": Cell(fmt.significant(value), value)}
        for key, value in pairs
    )
    return Table("effectiveness", columns, rows)
