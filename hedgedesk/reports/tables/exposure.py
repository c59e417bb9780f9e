"""What is open as tables: by month, and by model and meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.open_volume import MEASURES, MONEY, STANDARD, TOKENS, line_weights, open_by_line, open_value
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import measure_unit, measures
from hedgedesk.reports.tables import cover_cell, cover_of
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.run import HedgeRun

LOW, HIGH = 0.10, 0.90
"""Levels of the forecast's range."""


def months_table(run: HedgeRun) -> Table:
    """One row a month: the forecast and its range, what is fixed and hedged, and what is open in all three units."""
    unit, money = fmt.volume_unit(run.fan.unit), run.report.currency
    columns = tuple(
        Column(key, say(f"exposure.column.{key}", unit=unit, money=money), kind, width, volume)
        for key, kind, width, volume in (
            ("month", "text", 82, ""),
            ("forecast", "number", 84, unit),
            ("p10", "number", 76, unit),
            ("p90", "number", 76, unit),
            ("fixed", "number", 84, unit),
            ("held", "number", 98, unit),
            ("hedged", "number", 88, unit),
            ("tokens", "number", 92, ""),
            ("standard", "number", 104, ""),
            ("money", "number", 104, ""),
            ("cover", "cover", 140, ""),
            ("state", "state", 112, ""),
        )
        if key != STANDARD or STANDARD in measures(run)
    )
    factors = run.exposure.volume_factor(LOW), run.exposure.volume_factor(HIGH)
    pairs = enumerate(zip(*(factor.tolist() for factor in factors), strict=True))
    rows = tuple(_month(run, t, low, high) for t, (low, high) in pairs)
    return Table("exposure", columns, rows, _sums(rows))


def _month(run: HedgeRun, t: int, low: float, high: float) -> dict[str, Cell]:
    m, cover = run.report.months, cover_of(run.report, t)
    value = float(open_value(m)[t])
    volumes = {
        "forecast": m.forecast_mtok[t],
        "p10": m.forecast_mtok[t] * low,
        "p90": m.forecast_mtok[t] * high,
        "fixed": m.fixed_mtok[t],
        "held": m.held_mtok[t],
        "hedged": m.hedged_mtok[t],
        "tokens": m.raw_open_mtok[t],
        "standard": m.open_mtok[t],
    }
    words = cover.words if m.hedgeable[t] else say("cover.out_of_reach")
    return {
        "month": Cell(fmt.month(m.months[t]), str(m.months[t])),
        **{key: Cell(fmt.number(float(v)), float(v)) for key, v in volumes.items()},
        "money": Cell(fmt.number(value), None if fmt.missing(value) else value, fmt.money(value, run.report.currency)),
        "cover": cover_cell(cover),
        "state": Cell(words, cover.state, "", cover.state),
    }


def _sums(rows: tuple[dict[str, Cell], ...]) -> dict[str, Cell]:
    total = {"month": Cell(say("plan.total"))}
    for key in ("forecast", "fixed", "held", "hedged", "tokens", "standard", "money"):
        values = [row[key].value for row in rows]
        if all(isinstance(value, float) for value in values):
            whole = float(sum(float(value) for value in values if value is not None))
            total[key] = Cell(fmt.number(whole), whole)
    return total


def lines_table(run: HedgeRun) -> Table:
    """One row a model and meter, the largest open volume first: forecast, fixed, open, its share of all."""
    unit = measure_unit(run, STANDARD)
    columns = tuple(
        Column(key, say(f"lines.column.{key}", unit=unit, money=run.report.currency), kind, width)
        for key, kind, width in (
            ("model", "text", _wide_enough(run.exposure.models)),
            ("meter", "text", 116),
            ("forecast", "number", 104),
            ("fixed", "number", 88),
            ("of_forecast", "number", 120),
            ("months", "text", 144),
            ("open", "number", 88),
            ("weight", "number", 64),
            ("standard", "number", 100),
            ("money", "number", 88),
            ("share", "number", 96),
        )
        if (key not in ("weight", STANDARD) or STANDARD in measures(run))
        and (key not in ("fixed", "of_forecast", "months") or run.exposure.fixed_mtok.any())
    )
    amounts = {measure: open_by_line(run, measure).sum(axis=0) for measure in MEASURES}
    weights = line_weights(run)
    order = np.argsort(-amounts[STANDARD], kind="stable")
    rows = tuple(_line(run, int(j), amounts, float(weights[j])) for j in order)
    return Table("lines", columns, rows)


def _wide_enough(names: Sequence[str]) -> int:
    """Pixels for names whose ends often tell them apart; past the most, the tooltip has them whole."""
    return min(max(150, 16 + 7 * max(map(len, names), default=0)), 320)


def lines_unit(run: HedgeRun) -> str:
    """Which months the lines are summed over, and what is committed."""
    months = run.report.months.months
    return say("exposure.lines_unit", span=fmt.span(months[0], months[-1]), committed=_committed(run))


def _line(run: HedgeRun, j: int, amounts: dict[str, np.ndarray], weight: float) -> dict[str, Cell]:
    use, total = run.exposure, float(amounts[STANDARD].sum())
    share = float(amounts[STANDARD][j]) / total if total > 0 else 0.0
    volumes = {
        "forecast": float(use.forecast_mtok[:, j].sum()),
        "fixed": float(use.fixed_mtok[:, j].sum()),
        "open": float(amounts[TOKENS][j]),
        "standard": float(amounts[STANDARD][j]),
        "money": float(amounts[MONEY][j]),
    }
    return {
        "model": Cell(use.models[j], use.models[j], use.models[j]),
        "meter": Cell(say(f"meter.{use.meters[j]}"), use.meters[j]),
        **{key: Cell(fmt.number(value), value) for key, value in volumes.items()},
        **_commitment(run, j),
        "weight": Cell(fmt.significant(weight), weight),
        "share": Cell(fmt.share(share, 1), share),
    }


def _commitment(run: HedgeRun, j: int) -> dict[str, Cell]:
    """Months in which a line has a fixed price, and how much of their forecast that is; empty where it has none."""
    use = run.exposure
    bought = use.fixed_mtok[:, j] > 0
    if not bought.any():
        return {"months": Cell(""), "of_forecast": Cell("")}
    first, last = (use.months[bought][k] for k in (0, -1))
    forecast = float(use.forecast_mtok[bought, j].sum())
    share = float(use.fixed_mtok[:, j].sum()) / forecast if forecast > 0 else float("nan")
    value = None if fmt.missing(share) else share
    return {
        "months": Cell(fmt.span(first, last), f"{first}/{last}"),
        "of_forecast": Cell(fmt.share(share), value, tone="over" if share > 1 else ""),
    }


def _committed(run: HedgeRun) -> str:
    """What all commitments cost together."""
    use = run.exposure
    if not use.commitment_currency:
        return say("exposure.nothing_committed")
    total = float(use.committed_cost.sum())
    scale = fmt.money_scale(total)
    return say("exposure.committed", amount=scale.full(total, use.commitment_currency))
