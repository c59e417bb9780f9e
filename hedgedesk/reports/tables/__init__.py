"""Results as typed tables: cells with the number and its text, columns with their units.

Here: what several pages share, such as months, stresses, parameters and faults. Beside: one module a page (``plan``,
``exposure``, ``market``, ``risk``, ``inputs``, ``runs``); ``twins`` and ``exposure_twins``, the numbers behind charts;
``shelf``, every table that can be taken away as a file, by name, and ``fields``, its columns; ``table``, the nouns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Cover, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.errors import Fault
    from hedgedesk.domain.results import ModelSummary, RiskReport
    from hedgedesk.domain.run import HedgeRun


def cover_of(report: RiskReport, t: int) -> Cover:
    """Cover of month ``t`` against its band."""
    months = report.months
    low, high = float(months.band_min[t]), float(months.band_max[t])
    banded = not (fmt.missing(low) or fmt.missing(high))
    return Cover(float(months.coverage[t]), low if banded else None, high if banded else None)


def page_scale(report: RiskReport) -> fmt.Scale:
    """One scale for every amount of a run, so that numbers on one page can be compared at sight."""
    return fmt.money_scale(report.hedged.mean, report.hedged.budget)


def cover_cell(cover: Cover) -> Cell:
    """A cover as a cell: the share, and the words beside it."""
    return Cell(fmt.share(cover.share), cover.share, cover.words, cover.state, cover)


def months_scale(report: RiskReport) -> fmt.Scale:
    """One scale for the amounts of single months."""
    return fmt.money_scale(*report.months.hedged_p95.tolist())


def months_unit(run: HedgeRun) -> str:
    """What the months' table is in."""
    money = months_scale(run.report).unit(run.report.currency)
    return say("plan.months_unit", unit=fmt.volume_unit(run.fan.unit), money=money)


def months_table(run: HedgeRun) -> Table:
    """One row a month: forecast, what is fixed, held, hedged and open, cover against its band, and cost."""
    report, scale = run.report, months_scale(run.report)
    volume = dict.fromkeys(("forecast", "fixed", "held", "hedged", "open"), fmt.volume_unit(run.fan.unit))
    units = volume | dict.fromkeys(("unhedged", "cost", "p95"), report.currency)
    columns = tuple(
        Column(key, say(f"months.column.{key}"), kind, width, units.get(key, ""))
        for key, kind, width in (
            ("month", "text", 82),
            ("raw", "number", 92),
            ("forecast", "number", 92),
            ("fixed", "number", 82),
            ("held", "number", 82),
            ("hedged", "number", 92),
            ("open", "number", 132),
            ("cover", "cover", 148),
            ("state", "state", 112),
            ("unhedged", "number", 96),
            ("cost", "number", 96),
            ("p95", "number", 96),
        )
    )
    return Table("months", columns, tuple(_month(report, t, scale) for t in range(report.months.months.size)))


def _month(report: RiskReport, t: int, scale: fmt.Scale) -> dict[str, Cell]:
    m = report.months
    volumes = {
        "raw": m.raw_forecast_mtok,
        "forecast": m.forecast_mtok,
        "fixed": m.fixed_mtok,
        "held": m.held_mtok,
        "hedged": m.hedged_mtok,
        "open": m.open_mtok,
    }
    amounts = {"unhedged": m.unhedged_mean, "cost": m.hedged_mean, "p95": m.hedged_p95}
    cells = {key: Cell(fmt.number(float(v[t])), float(v[t])) for key, v in volumes.items()}
    for key, v in amounts.items():
        cells[key] = Cell(scale.text(float(v[t])), float(v[t]), fmt.money(float(v[t]), report.currency))
    cover = cover_of(report, t)
    words = cover.words if m.hedgeable[t] else say("cover.out_of_reach")
    cells["cover"] = cover_cell(cover)
    cells["state"] = Cell(words, cover.state, "", cover.state)
    cells["month"] = Cell(fmt.month(m.months[t]), str(m.months[t]))
    return cells


def stress_table(report: RiskReport) -> Table:
    """One row a shock: what the same plan costs then, and what has to be paid at once."""
    scale = page_scale(report)
    numbers = ("physical", "gain", "total", "over", "call", "regret")
    wide = ("gain", "over", "call")  # their titles
    amounts_of = ((key, "number", 88 if key in wide else 70) for key in numbers)
    keys = (("name", "text", 120), ("shock", "text", 336), *amounts_of)
    columns = tuple(
        Column(key, say(f"stress.column.{key}"), kind, width, report.currency if kind == "number" else "")
        for key, kind, width in keys
    )
    rows = []
    for stress in report.stresses:
        amounts = {
            "physical": stress.physical_cost,
            "gain": stress.hedge_gain,
            "total": stress.total_cost,
            "over": stress.over_budget,
            "call": stress.margin_call,
            "regret": stress.regret,
        }
        cells = {key: amount_cell(value, scale, report.currency) for key, value in amounts.items()}
        rows.append({"name": Cell(stress.name), "shock": Cell(stress.shock, full=stress.shock), **cells})
    return Table("stress", columns, tuple(rows))


def amount_cell(value: float | None, scale: fmt.Scale, currency: str) -> Cell:
    """Money in ``scale``, in parentheses and marked below zero; the full amount for the tooltip."""
    text = fmt.bracketed(scale.text(value), value)
    tone = "breach" if value is not None and text.startswith("(") else ""
    return Cell(text, value, fmt.money(value, currency), tone)


def parameters_table(model: ModelSummary) -> Table:
    """Fitted parameters and their standard errors, and the user's own values where there are any."""
    own = (Column("own", say("model.column.own"), "number", 90),) if model.view else ()
    columns = (
        Column("name", say("model.column.name"), "text", 150),
        Column("value", say("model.column.value"), "number", 110),
        Column("error", say("model.column.error"), "number", 110),
        *own,
    )
    rows = tuple(
        {
            "name": Cell(name),
            "value": Cell(fmt.significant(value), value),
            "error": Cell(fmt.significant(model.standard_errors.get(name), 2), model.standard_errors.get(name)),
            "own": Cell(fmt.significant(model.view[name]), model.view[name], tone="under")
            if name in model.view
            else Cell("", None),
        }
        for name, value in model.parameters.items()
    )
    return Table("parameters", columns, rows)


def criteria(model: ModelSummary) -> tuple[str, ...]:
    """AIC and BIC of a model with a likelihood."""
    pairs = (("AIC", model.aic), ("BIC", model.bic))
    return tuple(f"{name}{fmt.SPACE}{fmt.number(value, 1)}" for name, value in pairs if value is not None)


def faults_table(faults: Sequence[Fault]) -> Table:
    """Everything that is wrong with the files: where, what was found, what would be right."""
    columns = tuple(
        Column(key, say(f"faults.column.{key}"), kind, width)
        for key, kind, width in (
            ("file", "name", 150),
            ("row", "number", 56),
            ("column", "name", 110),
            ("found", "text", 200),
            ("expected", "text", 280),
        )
    )
    rows = tuple(
        {
            "file": Cell(fault.file),
            "row": Cell("" if fault.row is None else fmt.number(fault.row), fault.row),
            "column": Cell(fault.column or ""),
            "found": Cell(fault.found, tone="breach"),
            "expected": Cell(fault.expected),
        }
        for fault in faults
    )
    return Table("faults", columns, rows)
