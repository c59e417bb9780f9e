"""The open volume in one of three units: raw tokens, the contract's unit, or money at today's curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.results import MonthlyRisk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.values import Floats

TOKENS, STANDARD, MONEY = MEASURES = ("tokens", "standard", "money")
"""What open volume can be counted in."""
THOUSAND, MILLION = 1e5, 1e6
"""Volumes from here on are shown in thousands or millions of Mtok."""


@dataclass(frozen=True, slots=True)
class OpenVolume:
    """The months' volume in one unit; every array is (T,). Fixed and forecast are 0 where the unit is money."""

    measure: str
    unit: str
    """As told beside a number, after ``scale``."""
    scale: fmt.Scale
    fixed: Floats
    held: Floats
    """Open volume that lots in the book hedge and go on hedging after the trades."""
    bought: Floats
    sold: Floats
    left: Floats
    """Open and not hedged after the trades."""
    known: bool = True
    """False: the record of the run was made before its value was kept, and all is shown as 0."""

    @property
    def whole(self) -> Floats:
        """(T,) everything together."""
        return self.fixed + np.maximum(self.held + self.bought + self.left, self.held + self.sold)

    def text(self, amount: float) -> str:
        """An amount with its unit."""
        return f"{self.scale.text(amount)}{fmt.SPACE}{self.unit}"


def open_volume(run: HedgeRun, measure: str) -> OpenVolume:
    """The months of a run in ``measure``: a hedge takes the same share of a month's open volume in any unit."""
    m = run.report.months
    kept = open_in(run, measure)
    amount = np.nan_to_num(kept)
    per_unit = np.divide(amount, m.open_mtok, out=np.zeros_like(amount), where=m.open_mtok > 0)
    fixed = np.zeros_like(amount)
    if measure != MONEY:
        fixed = (m.raw_forecast_mtok - m.raw_open_mtok) if measure == TOKENS else m.fixed_mtok
    held, hedged = np.maximum(m.held_mtok, 0.0), np.maximum(m.hedged_mtok, 0.0)
    scale, unit = _cut(run, measure, amount + fixed)
    return OpenVolume(
        measure=measure,
        unit=unit,
        scale=scale,
        fixed=fixed,
        held=per_unit * np.minimum(held, hedged),
        bought=per_unit * np.maximum(hedged - held, 0.0),
        sold=per_unit * np.maximum(held - hedged, 0.0),
        left=per_unit * np.maximum(m.open_mtok - hedged, 0.0),
        known=bool(np.isfinite(kept).all()),
    )


def open_in(run: HedgeRun, measure: str) -> Floats:
    """(T,) volume that has no fixed price."""
    m = run.report.months
    return {TOKENS: m.raw_open_mtok, STANDARD: m.open_mtok, MONEY: open_value(m)}[measure]


def open_value(months: MonthlyRisk) -> Floats:
    """(T,) value at today's curve; NaN in a record made before it was kept."""
    return months.open_value if months.open_value.size else np.full(months.months.size, np.nan)


def open_by_line(run: HedgeRun, measure: str) -> Floats:
    """(T, L) open volume of each model and meter."""
    use = run.exposure
    raw = np.maximum(use.forecast_mtok - use.fixed_mtok, 0.0)
    if measure == TOKENS:
        return raw
    weighted = raw * line_weights(run)
    if measure == STANDARD:
        return weighted
    total = weighted.sum(axis=1)
    price = np.divide(np.nan_to_num(open_value(run.report.months)), total, out=np.zeros_like(total), where=total > 0)
    value: Floats = weighted * price[:, None]
    return value


def line_weights(run: HedgeRun) -> Floats:
    """(L,) what one Mtok of each line counts in the contract's unit."""
    contracts = run.plan.contracts
    unit = contracts[0].spec.unit if contracts else STANDARD_UNITS.get(run.fan.unit, STANDARD_UNITS["tokens"])
    return run.exposure.weights(unit)


def measures(run: HedgeRun) -> tuple[str, ...]:
    """The measures that differ: a contract in raw tokens has no other standard."""
    same = measure_unit(run, TOKENS) == measure_unit(run, STANDARD)
    return tuple(measure for measure in MEASURES if not (same and measure == STANDARD))


def measure_unit(run: HedgeRun, measure: str) -> str:
    """Unit of a measure before it is cut: Mtok, M STU, USD."""
    if measure == MONEY:
        return run.report.currency
    return fmt.volume_unit("tokens" if measure == TOKENS else run.fan.unit)


def _cut(run: HedgeRun, measure: str, amounts: Floats) -> tuple[fmt.Scale, str]:
    unit = measure_unit(run, measure)
    if measure == MONEY:
        scale = fmt.money_scale(*amounts.tolist())
        return scale, scale.unit(unit)
    scale = volume_scale(float(np.max(amounts, initial=0.0)))
    return scale, volume_text(scale, unit)


def volume_scale(largest: float) -> fmt.Scale:
    """How volumes up to ``largest`` Mtok are cut for a chart or a headline."""
    for least, divisor, letter in ((MILLION, 1e6, "million"), (THOUSAND, 1e3, "thousand")):
        if largest >= least:
            return fmt.Scale(divisor, letter, 1 if largest / divisor >= 100 else 2)
    return fmt.Scale(1.0, "", 0 if largest >= 100 else 1)


def volume_text(scale: fmt.Scale, unit: str) -> str:
    """``thousand Mtok``, or ``Mtok`` for volumes shown whole."""
    return say(f"volume.{scale.letter}", unit=unit) if scale.letter else unit
