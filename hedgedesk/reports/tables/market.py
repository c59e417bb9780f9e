"""Prices as tables: quantiles by month, the curve, the fitted parameters and the largest moves of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, price_model, say
from hedgedesk.reports.tables import criteria, parameters_table
from hedgedesk.reports.tables.table import Cell, Column, Table
from hedgedesk.reports.tables.twins import price_fan

if TYPE_CHECKING:
    from hedgedesk.domain.results import ModelSummary
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import PriceFan

MOST_MOVES = 10


def quantiles_table(fan: PriceFan) -> Table:
    """One row a month: quantiles and mean of its simulated average price, and today's curve."""
    from dataclasses import replace

    found = price_fan(fan)
    columns = (replace(found.columns[0], width=90), *(replace(column, width=80) for column in found.columns[1:]))
    return replace(found, name="quantiles", columns=columns)


def curve_table(fan: PriceFan) -> Table:
    """One row a contract: today's price, against the index, and the mean of the scenarios for that month."""
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    unit = fmt.per_unit(fan.currency, fan.unit)
    columns = (
        Column("contract", say("curve.column.contract"), "text", 90),
        Column("price", say("curve.column.price"), "number", 80, unit),
        Column("index", say("curve.column.index"), "number", 90),
        Column("mean", say("curve.column.mean"), "number", 100, unit),
    )
    mean = dict(zip(fan.months.tolist(), fan.mean_per_mtok.tolist(), strict=True))
    spot = float(fan.history_per_mtok[-1])
    rows = []
    for month, price in zip(fan.curve.delivery_months, fan.curve.price_per_mtok.tolist(), strict=True):
        expected = mean.get(month.item())
        rows.append(
            {
                "contract": Cell(fmt.month(month), str(month)),
                "price": Cell(fmt.price(price, decimals), price),
                "index": Cell(_percent(price / spot - 1.0), price / spot - 1.0),
                "mean": Cell("" if expected is None else fmt.price(expected, decimals), expected),
            }
        )
    return Table("curve", columns, tuple(rows))


def moves_table(fan: PriceFan) -> Table:
    """The largest moves of the index from one observation to the next, the largest first."""
    decimals = fmt.price_decimals(fan.history_per_mtok)
    unit = fmt.per_unit(fan.currency, fan.unit)
    columns = tuple(
        Column(key, say(f"moves.column.{key}"), kind, width, of)
        for key, kind, width, of in (
            ("until", "text", 96, ""),
            ("days", "number", 60, ""),
            ("before", "number", 76, unit),
            ("after", "number", 76, unit),
            ("change", "number", 84, ""),
        )
    )
    moves = fan.moves
    largest = [k for k in np.argsort(-np.abs(moves), kind="stable")[:MOST_MOVES] if moves[k] != 0.0]
    return Table("moves", columns, tuple(_move(fan, int(k), float(moves[k]), decimals) for k in largest))


def _move(fan: PriceFan, k: int, change: float, decimals: int) -> dict[str, Cell]:
    days = int((fan.history_dates[k + 1] - fan.history_dates[k]).astype(np.int64))
    before, after = (float(fan.history_per_mtok[place]) for place in (k, k + 1))
    return {
        "until": Cell(fmt.day(fan.history_dates[k + 1]), str(fan.history_dates[k + 1])),
        "days": Cell(fmt.number(days), float(days)),
        "before": Cell(fmt.price(before, decimals), before),
        "after": Cell(fmt.price(after, decimals), after),
        "change": Cell(_percent(change), change, tone="under" if change > 0 else "accent" if change < 0 else ""),
    }


def _percent(change: float) -> str:
    return f"{fmt.number(100.0 * change, 1, signed=True)}%"


def meaning_table(model: ModelSummary) -> Table:
    """Fitted parameters and standard errors, each with its unit and what it means."""
    known = parameters_table(model)
    columns = (
        Column("name", say("model.column.name"), "text", 128),
        Column("value", say("model.column.value"), "number", 76),
        Column("error", say("model.column.error"), "number", 76),
        *(column for column in known.columns if column.key == "own"),
        Column("meaning", say("model.column.meaning"), "text", 220),
    )
    rows = tuple({**row, "meaning": meaning_of(row["name"].text)} for row in known.rows)
    return Table("parameters", columns, rows)


def model_notes(model: ModelSummary) -> tuple[str, ...]:
    """Why the model was chosen and what it assumes."""
    why = (say("market.why", reason=model.chosen_because),) if model.chosen_because else ()
    return (*why, *model.assumptions)


def model_words(model: ModelSummary) -> str:
    """Which model, and why it was chosen."""
    name = price_model(model.name)
    return say("market.chosen", model=name, reason=model.chosen_because) if model.chosen_because else name


def parameters_unit(model: ModelSummary) -> str:
    """Which model, on how much."""
    told = say("market.parameters_unit", model=price_model(model.name), observations=fmt.number(model.observations))
    return " · ".join((told, *criteria(model)))


def moves_unit(fan: PriceFan) -> str:
    """Of which index the moves are, and in what."""
    return say("market.moves_unit", name=fan.index, unit=fmt.per_unit(fan.currency, fan.unit))


def quantiles_unit(run: HedgeRun) -> str:
    """What the quantiles are in, and of how many scenarios."""
    unit = fmt.per_unit(run.fan.currency, run.fan.unit)
    return say("market.quantiles_unit", unit=unit, scenarios=fmt.number(run.report.scenarios))


def meaning_of(name: str) -> Cell:
    """What a parameter is, with its unit; numbered ones share their words."""
    words = catalogue().get(f"parameter.{name.rstrip('0123456789').rstrip('_')}", "")
    return Cell(words, words, words)
