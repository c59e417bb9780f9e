"""What is allowed: the hedge programme a board or a bank has set."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.values import Floats, Months

FUTURES = "futures"
"""What ``instruments`` calls the listed contracts."""
OBJECTIVES = ("mean_cvar", "variance", "cheapest")
"""mean + weight x CVaR (CVaR alone without a weight); the least variance; the cheapest within ``budget_at_risk``."""
LOT_WORDS = ("whole", "fractional")
"""What ``lots`` may say."""


@dataclass(frozen=True, slots=True)
class Band:
    """Least and most cover (share of the month's forecast) for a range of months ahead, both ends included."""

    first_month_ahead: int
    last_month_ahead: int
    min: float
    max: float

    def overlaps(self, other: Band) -> bool:
        """Whether both rule a month."""
        return self.first_month_ahead <= other.last_month_ahead and other.first_month_ahead <= self.last_month_ahead


@dataclass(frozen=True, slots=True)
class StateRules:
    """Rules of a state-owned enterprise (SASAC 2020 No. 8), checked live."""

    annual_share: float = 0.90
    """New hedge volume of a calendar year at most this share of its physical volume; 0.80 trading, 0.50 new or
    loss-hit programmes."""
    tenor_months: int = 12
    """A position is held at most this long: nothing is opened in a contract delivered later."""
    rolls_count: bool = False
    """Whether a roll counts as new volume (assumption: no)."""
    traded_mtok: dict[str, float] = field(default_factory=dict)
    """New volume already hedged, by calendar year YYYY of the trade, Mtok of the contract's unit."""


@dataclass(frozen=True, slots=True)
class HedgeProgram:
    """Rules of the programme; money in ``currency``."""

    currency: str
    budget: float | None = None
    """Of the whole horizon; None: not set, or set by month."""
    budget_by_month: dict[str, float] = field(default_factory=dict)
    """YYYY-MM to money."""
    level: float = 0.95
    """Tail level of VaR and CVaR."""
    risk_weight: float | None = None
    """Weight of CVaR beside the mean; None: minimum CVaR."""
    over_hedge: float = 1.0
    """Omega: hedged volume of a month stays below omega x the 10% quantile of its volume."""
    credit_line: float | None = None
    """Cash for initial margin; None: no limit."""
    position_limit: float | None = None
    """Lots of every contract; None: no limit of the programme's."""
    position_limit_by_month: dict[str, float] = field(default_factory=dict)
    """YYYY-MM of the contract to lots."""
    transaction_cost_per_mtok: float = 0.0
    """Paid on every Mtok traded, in ``currency``."""
    lots: str = "whole"
    """whole or fractional."""
    instruments: tuple[str, ...] = (FUTURES,)
    """Which may be traded: futures, and names of ``terms``."""
    bands: tuple[Band, ...] = ()
    terms: tuple[InstrumentTerms, ...] = ()
    """Instruments beside the futures, allowed or not."""
    objective: str = "mean_cvar"
    """One of :data:`OBJECTIVES`."""
    budget_at_risk: float | None = None
    """Most by which CVaR at ``level`` may exceed the budget; a limit under every objective that names it."""
    credit_line_level: float | None = None
    """Margin calls along the path: CVaR at this level of the most cash a path needs, initial margin included, stays
    within the credit line; None: only today's initial margin does."""
    premium_budget: float | None = None
    """Most premium paid today, premiums received taken off."""
    turnover_mtok: float | None = None
    """Most Mtok of the contract's unit bought and sold now, together."""
    quota: float | None = None
    """Approved hedging quota of every contract, lots; None: none asked for."""
    quota_by_month: dict[str, float] = field(default_factory=dict)
    """YYYY-MM of the contract to lots."""
    nearby_quota: float | None = None
    """Quota approved anew for the nearby month of every contract, lots; None: none asked for, so that the smaller of
    quota and the venue's nearby limit rules."""
    nearby_quota_by_month: dict[str, float] = field(default_factory=dict)
    """YYYY-MM of the contract to lots."""
    common_control_lots: dict[str, float] = field(default_factory=dict)
    """Lots that accounts under common control hold, YYYY-MM of the contract: they use up limit and quota too."""
    trading_days: int | None = None
    """Days within which the plan must be traded; None: depth is no limit."""
    depth_share: float = 0.05
    """Largest share of a contract's average daily volume that we trade in a day."""
    average_daily_lots: float | None = None
    """Average daily volume of a contract; None: not known."""
    state_rules: StateRules | None = None

    def total_budget(self, months: Months) -> float | None:
        """Budget of ``months``: the horizon's, or the sum of the months' where every one has its own; else None."""
        if self.budget is not None or not self.budget_by_month:
            return self.budget
        parts = [self.budget_by_month.get(str(month)) for month in months]
        return None if any(part is None for part in parts) else float(sum(part for part in parts if part is not None))

    def month_budgets(self, months: Months) -> Floats:
        """(T,) budget of each month, NaN where it has none of its own."""
        return np.array([self.budget_by_month.get(str(month), np.nan) for month in months])

    def band(self, months_ahead: int) -> Band | None:
        """The band that rules the month ``months_ahead`` (1 = first month of the exposure); None: no band."""
        fitting = (b for b in self.bands if b.first_month_ahead <= months_ahead <= b.last_month_ahead)
        return next(fitting, None)

    def allows(self, instrument: str) -> bool:
        """Whether ``instrument`` (futures, or a name of ``terms``) may be traded."""
        return instrument in self.instruments

    def quota_of(self, contract: str) -> float | None:
        """Approved quota of the contract YYYY-MM in lots; None: none asked for."""
        return self.quota_by_month.get(contract, self.quota)

    def nearby_quota_of(self, contract: str) -> float | None:
        """Quota approved anew for the nearby month of the contract YYYY-MM in lots; None: none asked for."""
        return self.nearby_quota_by_month.get(contract, self.nearby_quota)

    def limit_of(self, contract: str) -> float | None:
        """Position limit of the contract YYYY-MM in lots; None: no limit of the programme's."""
        return self.position_limit_by_month.get(contract, self.position_limit)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two keys of a programme that cannot both stand as they are."""

    key: str
    needs: str
    """The other key."""
    found: str
    expected: str


def contradictions(program: HedgeProgram) -> tuple[Contradiction, ...]:
    """Every key that another one contradicts or that lacks one it needs; empty: the programme makes sense."""
    p = program
    found = [*_unknown_instruments(p), *_crossed_bands(p)]
    if p.budget_at_risk is not None and p.budget is None and not p.budget_by_month:
        found.append(
            Contradiction("budget_at_risk", "budget", f"{p.budget_at_risk:g} without a budget", "a budget too")
        )
    if p.objective == "cheapest" and p.budget_at_risk is None:
        told = "cheapest without budget_at_risk", "budget_at_risk: what the cheapest plan may risk above the budget"
        found.append(Contradiction("objective", "budget_at_risk", *told))
    if p.credit_line_level is not None and p.credit_line is None:
        told = f"{p.credit_line_level:g} without a credit line", "a credit_line too"
        found.append(Contradiction("credit_line_level", "credit_line", *told))
    return tuple(found)


def _unknown_instruments(program: HedgeProgram) -> list[Contradiction]:
    known = [FUTURES, *(terms.name for terms in program.terms)]
    expected = f"one of {', '.join(known)}; another one needs its table [instrument.NAME]"
    return [
        Contradiction("instruments", "instrument", name, expected) for name in program.instruments if name not in known
    ]


def _crossed_bands(program: HedgeProgram) -> list[Contradiction]:
    """Bands whose floor is above their ceiling, and bands that rule the same month."""
    found = []
    for i, band in enumerate(program.bands, start=1):
        if band.min > band.max:
            told = f"{band.min:g}", f"at most the band's max, {band.max:g}"
            found.append(Contradiction(f"bands[{i}].min", "bands", *told))
        for j, other in enumerate(program.bands[: i - 1], start=1):
            if band.overlaps(other):
                months = f"[{band.first_month_ahead}, {band.last_month_ahead}]"
                told = months, f"months outside those of bands[{j}]"
                found.append(Contradiction(f"bands[{i}].months_ahead", "bands", *told))
    return found
