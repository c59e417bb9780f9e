"""The programme's rules as rows over lots, each with a name to report it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import Infeasible, Shortfall
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.results import LimitUse
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import million_of
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.concessions import least_concessions
from hedgedesk.market.margin import initial_margin_per_lot

LOW_VOLUME = 0.10
"""Quantile of a month's volume that the over-hedge rule measures against."""
BINDS = 1e-6
"""A limit binds when what is left of it is below this share of it."""
SHORT = {
    "band_min": "band floor",
    "band_max": "band ceiling",
    "over_hedge": "over-hedge limit",
    "open_volume": "open volume",
    "position_limit": "position limit",
    "credit_line": "credit line",
}
"""The rules in as few words as a table has room for."""
TITLES = {
    "band_min": "policy band, least cover",
    "band_max": "policy band, most cover",
    "over_hedge": "over-hedge limit",
    "open_volume": "hedge above the expected open volume",
    "position_limit": "position limit",
    "no_short": "no short position",
    "credit_line": "credit line for initial margin",
}


@dataclass(frozen=True, eq=False)
class Rule(ArrayHolder):
    """row @ lots <= limit, over the lots after trading."""

    name: str
    where: str
    """YYYY-MM of the month or contract; empty: the whole plan."""
    row: Floats
    """(K,)."""
    limit: float
    unit: str
    least: bool = False
    """True: the rule is a floor, written with both sides negated."""

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"{TITLES[self.name]} {self.where}".rstrip()

    @property
    def sign(self) -> float:
        """-1 for a floor: turns row and limit back to how the programme states them."""
        return -1.0 if self.least else 1.0

    def use(self, position: Floats, *, whole: bool) -> LimitUse:
        """How much of its limit ``position`` (K,) uses; in whole lots it binds when one more would not fit."""
        used = float(self.row @ position)
        size = max(abs(self.limit), float(np.abs(self.row) @ np.abs(position)))
        one_lot = float(np.abs(self.row[self.row != 0]).min()) * (1.0 - BINDS) if whole else 0.0
        binds = self.limit - used <= max(BINDS * size, one_lot)
        return LimitUse(self.name, self.where, self.sign * used, self.sign * self.limit, self.unit, binds)

    def shortfall(self, gap: float) -> Shortfall:
        """What the rule would have to be to give by ``gap``; a hair from 0 is 0."""
        needed = self.limit + gap
        if abs(needed) < BINDS * abs(self.limit):
            needed = 0.0
        return Shortfall(self.title, self.sign * self.limit, self.sign * needed, self.unit, self.name, self.where)


def rules_of(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet) -> list[Rule]:
    """Every rule of the programme over the lots after trading.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).
    """
    return [
        *_volume_rules(program, exposure, scenarios),
        *_contract_rules(program, scenarios),
        *_credit_line(program, scenarios),
    ]


def _volume_rules(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet) -> Iterator[Rule]:
    """Bands and over-hedge, month by month where a contract covers the month."""
    unit, measure = scenarios.unit, million_of(scenarios.unit.name)
    forecast, fixed, open_volume = exposure.forecast_in(unit), exposure.fixed_in(unit), exposure.open_in(unit)
    low_volume = np.quantile(scenarios.volume_mtok, LOW_VOLUME, axis=0)
    hedge = scenarios.cover_share * scenarios.mtok_per_lot[:, None]
    for t in np.flatnonzero(scenarios.hedgeable):
        where, row = str(exposure.months[t]), hedge[:, t]
        if not row.any():
            continue  # all of the month is bought at a fixed price: no lot belongs to it
        band = program.band(int(t) + 1)
        if band is not None:
            yield Rule("band_min", where, -row, float(fixed[t] - band.min * forecast[t]), measure, least=True)
            yield Rule("band_max", where, row, max(float(band.max * forecast[t] - fixed[t]), 0.0), measure)
        yield Rule("over_hedge", where, row, program.over_hedge * float(low_volume[t]), measure)
        yield Rule("open_volume", where, row, float(open_volume[t]), measure)


def _contract_rules(program: HedgeProgram, scenarios: ScenarioSet) -> Iterator[Rule]:
    """A consumer is never short, and never above the position limit of programme or venue."""
    for k, contract in enumerate(scenarios.contracts):
        one = np.zeros(len(scenarios.contracts))
        one[k] = 1.0
        yield Rule("no_short", contract.code, -one, 0.0, "lots", least=True)
        limits = [x for x in (program.limit_of(contract.code), contract.spec.position_limit) if x is not None]
        if limits:
            yield Rule("position_limit", contract.code, one, min(limits), "lots")


def _credit_line(program: HedgeProgram, scenarios: ScenarioSet) -> Iterator[Rule]:
    if program.credit_line is not None and scenarios.contracts:
        yield Rule("credit_line", "", margin_per_lot(program, scenarios), program.credit_line, program.currency)


def margin_per_lot(program: HedgeProgram, scenarios: ScenarioSet) -> Floats:
    """(K,) initial margin of a lot today, in the programme's currency."""
    margin = initial_margin_per_lot(scenarios.contracts, scenarios.curve.price_per_mtok, scenarios.as_of)
    return np.asarray(scenarios.money_today(margin, program.currency))


def contradiction(rules: list[Rule], *, whole: bool) -> Infeasible:
    """The error that names which rules contradict one another and by how much each would have to give.

    Each kind of rule that could make a plan possible by giving alone is told with what it would have to give while all
    others are kept; where none can, the least that several kinds would have to give together.
    """
    soft = [rule for rule in rules if rule.name != "no_short"]
    lots = "whole lots" if whole else "lots"
    alone = [
        shortfalls
        for name in dict.fromkeys(rule.name for rule in soft)
        if (shortfalls := _shortfalls(soft, {name}, whole=whole)) is not None
    ]
    if alone:
        told = [short for shortfalls in sorted(alone, key=len) for short in shortfalls]
        kinds = "the following" if len(alone) == 1 else f"any one of these {len(alone)} kinds of rule"
        message = f"no plan in {lots} keeps every rule; one becomes possible when {kinds} gives:"
        return Infeasible(message, told, together=False)
    together = _shortfalls(soft, {rule.name for rule in soft}, whole=whole)
    return Infeasible(
        f"no plan in {lots} keeps every rule; the least that would have to give together:", together or []
    )


def _shortfalls(rules: list[Rule], movable: set[str], *, whole: bool) -> list[Shortfall] | None:
    """What the ``movable`` kinds of rules would have to give while the others are kept; None: they cannot mend it."""
    count = rules[0].row.size
    gaps = least_concessions(
        np.array([rule.row for rule in rules]),
        np.array([rule.limit for rule in rules]),
        np.zeros(count),
        np.full(count, np.inf),
        movable=np.array([rule.name in movable for rule in rules]),
        whole=whole,
    )
    if gaps is None:
        return None
    return [rule.shortfall(float(gap)) for rule, gap in zip(rules, gaps, strict=True) if gap > 0]
