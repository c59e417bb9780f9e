"""How much is still open, in one of three measures: raw tokens, the contract's unit, or money at today's curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.domain.values import ArrayHolder, Floats

if TYPE_CHECKING:
    from hedgedesk.domain.results import MonthlyRisk
    from hedgedesk.domain.run import HedgeRun

TOKENS, STANDARD, MONEY = MEASURES = ("tokens", "standard", "money")
"""What open volume can be counted in."""


@dataclass(frozen=True, eq=False)
class OpenVolume(ArrayHolder):
    """The months' volume in one measure; every array is (T,). Fixed is 0 where the measure is money."""

    measure: str
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
        total: Floats = self.fixed + np.maximum(self.held + self.bought + self.left, self.held + self.sold)
        return total


def open_volume(run: HedgeRun, measure: str) -> OpenVolume:
    """The months of a run in ``measure``: a hedge takes the same share of a month's open volume in any of them."""
    m = run.report.months
    kept = open_in(run, measure)
    amount = np.nan_to_num(kept)
    per_unit = np.divide(amount, m.open_mtok, out=np.zeros_like(amount), where=m.open_mtok > 0)
    fixed = np.zeros_like(amount)
    if measure != MONEY:
        fixed = (m.raw_forecast_mtok - m.raw_open_mtok) if measure == TOKENS else m.fixed_mtok
    held, hedged = np.maximum(m.held_mtok, 0.0), np.maximum(m.hedged_mtok, 0.0)
    return OpenVolume(
        measure=measure,
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
    weighted = raw * use.beta * line_weights(run)
    if measure == STANDARD:
        return weighted
    total = weighted.sum(axis=1)
    price = np.divide(np.nan_to_num(open_value(run.report.months)), total, out=np.zeros_like(total), where=total > 0)
    value: Floats = weighted * price[:, None]
    return value


def open_by_team(run: HedgeRun, measure: str) -> Floats:
    """(T, G) open volume of each team of :attr:`Exposure.teams`; what is fixed counts for each by its share of use."""
    if not run.exposure.teams:
        return np.empty((run.exposure.months.size, 0))
    by_team: Floats = np.einsum("tl,tlg->tg", open_by_line(run, measure), run.exposure.team_share)
    return by_team


def line_weights(run: HedgeRun) -> Floats:
    """(L,) what one Mtok of each line counts in the contract's unit."""
    contracts = run.plan.contracts
    unit = contracts[0].spec.unit if contracts else STANDARD_UNITS.get(run.fan.unit, STANDARD_UNITS["tokens"])
    return run.exposure.weights(unit)
