"""One rule of a programme: a row over what is held after trading or over what is traded, or a tail that is limited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import Shortfall
from hedgedesk.domain.plan import LimitUse
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.solver.problem import TailRule

BINDS = 1e-6
"""A limit binds when what is left of it is below this share of it."""
POSITION, BOUGHT, TRADED = "position", "bought", "traded"
"""What a row is taken over: what is held after trading, what is bought now, what is bought and sold now."""
SHORT = {
    "band_min": "band floor",
    "band_max": "band ceiling",
    "over_hedge": "over-hedge limit",
    "open_volume": "open volume",
    "position_limit": "position limit",
    "quota": "hedging quota",
    "opening": "opening limit",
    "depth": "market depth",
    "annual_share": "annual share",
    "tenor": "longest tenor",
    "net_position": "physical exposure",
    "credit_line": "credit line",
    "liquidity": "credit line along the path",
    "premium_budget": "premium budget",
    "turnover": "turnover limit",
    "budget_at_risk": "budget-at-risk",
    "capacity": "capacity",
    "allowed": "allowed instruments",
}
"""The rules in as few words as a table has room for."""
TITLES = {
    "band_min": "policy band, least cover",
    "band_max": "policy band, most cover",
    "over_hedge": "over-hedge limit",
    "open_volume": "hedge above the expected open volume",
    "position_limit": "position limit",
    "quota": "approved hedging quota",
    "no_short": "no short position",
    "opening": "opening limit of the venue over the days of trading",
    "depth": "share of the daily volume over the days of trading",
    "annual_share": "new hedge volume of the calendar year",
    "tenor": "new position beyond the longest tenor",
    "net_position": "net position above the physical exposure",
    "credit_line": "credit line for initial margin",
    "liquidity": "credit line for margin along the path",
    "premium_budget": "premium budget",
    "turnover": "turnover limit",
    "budget_at_risk": "tail of the cost above the budget (CVaR, which is never below the VaR)",
    "capacity": "most of an instrument that can be had",
    "allowed": "futures are not among the allowed instruments",
}
FIXED = ("no_short", "allowed", "capacity")
"""Not the programme's to give: what a consumer may never do, and what cannot be had."""


@dataclass(frozen=True, eq=False)
class Rule(ArrayHolder):
    """``row @ amounts <= limit``, where ``over`` says which amounts."""

    name: str
    where: str
    """YYYY-MM of the month or contract, code of an offer; empty: the whole plan."""
    row: Floats
    """(n,); at least 0 unless ``over`` is the position."""
    limit: float
    unit: str
    least: bool = False
    """True: the rule is a floor, written with both sides negated."""
    over: str = POSITION

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"{TITLES[self.name]} {self.where}".rstrip()

    @property
    def sign(self) -> float:
        """-1 for a floor: turns row and limit back to how the programme states them."""
        return -1.0 if self.least else 1.0

    def used(self, held: Floats, trades: Floats) -> float:
        """Left side after ``trades`` (n,) on top of ``held`` (n,)."""
        return float(self.row @ self._amounts(held, trades))

    def _amounts(self, held: Floats, trades: Floats) -> Floats:
        if self.over == POSITION:
            return held + trades
        return np.maximum(trades, 0.0) if self.over == BOUGHT else np.abs(trades)

    def use(
        self, held: Floats, trades: Floats, whole: NDArray[np.bool_], shadow_value: float | None = None
    ) -> LimitUse:
        """How much of its limit the trades use; where only ``whole`` columns count, it binds when no more fits."""
        used = self.used(held, trades)
        size = max(abs(self.limit), float(np.abs(self.row) @ np.abs(self._amounts(held, trades))))
        counts = self.row != 0
        one = float(np.abs(self.row[counts]).min()) if counts.any() and whole[counts].all() else 0.0
        binds = self.limit - used <= max(BINDS * size, one * (1.0 - BINDS))
        sign = self.sign
        return LimitUse(self.name, self.where, sign * used, sign * self.limit, self.unit, binds, shadow_value)

    def keeps(self, held: Floats, trades: Floats) -> bool:
        """Whether the trades are within the rule, to rounding."""
        size = float(np.abs(self.row) @ np.abs(self._amounts(held, trades)))
        return self.used(held, trades) - self.limit <= BINDS * max(abs(self.limit), size)

    def shortfall(self, gap: float) -> Shortfall:
        """What the rule would have to be to give by ``gap``; a hair from 0 is 0."""
        needed = self.limit + gap
        if abs(needed) < BINDS * abs(self.limit):
            needed = 0.0
        return Shortfall(self.title, self.sign * self.limit, self.sign * needed, self.unit, self.name, self.where)


@dataclass(frozen=True, eq=False)
class TailLimit(ArrayHolder):
    """A tail mean over the trades that stays within its limit."""

    name: str
    tail: TailRule
    unit: str
    where: str = ""
    offset: float = 0.0
    """Taken off both sides where they are told: the budget that a tail is measured from."""

    @property
    def title(self) -> str:
        """The rule in words."""
        return TITLES[self.name]

    def use(self, trades: Floats, shadow_value: float | None = None) -> LimitUse:
        """How much of its limit the trades use; it binds where nothing is left, or where more room would save."""
        used, limit = self.tail.tail_mean(trades), self.tail.limit
        binds = limit - used <= BINDS * max(abs(limit), abs(used)) or bool(shadow_value and shadow_value > BINDS)
        return LimitUse(self.name, "", used - self.offset, limit - self.offset, self.unit, binds, shadow_value)

    def keeps(self, trades: Floats) -> bool:
        """Whether the trades are within the rule, to rounding."""
        used = self.tail.tail_mean(trades)
        return used - self.tail.limit <= BINDS * max(abs(self.tail.limit), abs(used))

    def shortfall(self, needed: float) -> Shortfall:
        """What the rule would have to be."""
        limit = self.tail.limit - self.offset
        return Shortfall(self.title, limit, needed - self.offset, self.unit, self.name, "")
