"""What a fitted model shows as tables: its jumps, and the numbers behind its charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, price_model, say
from hedgedesk.reports.tables.models import begun, price_cell
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import JumpRecord, ModelFit, ModelStudy

JUMPS = (("date", "text", 100), ("size", "number", 72), ("kind", "text", 90), ("record", "text", 150))


def jumps_table(jumps: tuple[JumpRecord, ...]) -> Table:
    """One row a jump, the newest first: how large, which way, whether something is on record."""
    columns = tuple(Column(key, say(f"jumps.column.{key}"), kind, width) for key, kind, width in JUMPS)
    return Table("jumps", columns, tuple(_jump(jump) for jump in jumps))


def _jump(jump: JumpRecord) -> dict[str, Cell]:
    size, up = float(np.expm1(jump.log_size)), jump.log_size > 0
    record = _first_of(jump.happened) if jump.happened else say("jumps.nothing")
    return {
        "id": Cell(str(jump.date)),
        "date": Cell(fmt.day(jump.date), str(jump.date)),
        "size": Cell(jump_size(jump), size, fmt.share(size, 2, signed=True), "under" if up else "accent"),
        "kind": Cell(say("jumps.up" if up else "jumps.down")),
        "record": Cell(record, full="\n".join(jump.happened)),
    }


def jump_size(jump: JumpRecord) -> str:
    """A jump as a change of the price: ``+20%``."""
    return fmt.share(float(np.expm1(jump.log_size)), 0, signed=True)


def _first_of(happened: tuple[str, ...]) -> str:
    more = len(happened) - 1
    first = happening(happened[0])
    return first if not more else say("jumps.more", first=first, count=more)


def happening(text: str) -> str:
    """What is on record, with its day as people write it."""
    return fmt.with_days(begun(text))


def jumps_unit(owner: str, jumps: tuple[JumpRecord, ...]) -> str:
    """How many, and which model found them."""
    if not jumps:
        return ""
    key = "jumps.unit_one" if len(jumps) == 1 else "jumps.unit"
    return say(key, count=fmt.number(len(jumps)), model=price_model(owner))


def fan_table(study: ModelStudy, fit: ModelFit) -> Table:
    """One row a date: the quantiles of the price."""
    decimals, unit = fits.decimals(study), fits.unit(study)
    levels = [fmt.share(float(level)) for level in fit.levels]
    columns = (
        Column("date", say("models.column.date"), "text"),
        *(Column(level, level, unit=unit) for level in levels),
    )
    rows = tuple(
        {
            "date": Cell(fmt.day(day), str(day)),
            **{
                level: price_cell(float(price), decimals)
                for level, price in zip(levels, fit.fan_per_mtok[:, t], strict=True)
            },
        }
        for t, day in enumerate(fit.dates)
    )
    return Table("model_fan", columns, rows)


def curve_table(study: ModelStudy, fit: ModelFit) -> Table:
    """One row a month: the model's mean price and its 90% band."""
    decimals, unit = fits.decimals(study), fits.unit(study)
    columns = (
        Column("month", say("twin.month"), "text"),
        *(Column(key, say(f"models.column.curve_{key}"), unit=unit) for key in ("low", "mean", "high")),
    )
    series = zip(fit.months, fit.curve_low_per_mtok, fit.curve_per_mtok, fit.curve_high_per_mtok, strict=True)
    rows = tuple(
        {
            "month": Cell(fmt.month(month), str(month)),
            "low": price_cell(float(low), decimals),
            "mean": price_cell(float(mean), decimals),
            "high": price_cell(float(high), decimals),
        }
        for month, low, mean, high in series
    )
    return Table("model_curve", columns, rows)


def regimes_table(fit: ModelFit) -> Table:
    """One row a date, the newest first: how likely each regime was."""
    path = fit.regimes
    if path is None:
        return Table("regimes", (Column("date", say("models.column.date"), "text"),), ())
    keys = [f"regime_{k}" for k in range(len(path.names))]
    columns = (
        Column("date", say("models.column.date"), "text"),
        *(Column(key, _regime(name)) for key, name in zip(keys, path.names, strict=True)),
    )
    rows = (
        {
            "date": Cell(fmt.day(day), str(day)),
            **{key: Cell(fmt.chance(float(p)), float(p)) for key, p in zip(keys, path.probability[t], strict=True)},
        }
        for t, day in enumerate(path.dates)
    )
    return Table("regimes", columns, tuple(reversed(list(rows))))


def _regime(name: str) -> str:
    return catalogue().get(f"regime.{name.replace(' ', '_')}", name)
