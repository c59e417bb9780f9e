"""What is allowed: the hedge programme a board or a bank has set."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgedesk.domain.values import Floats, Months


@dataclass(frozen=True, slots=True)
class Band:
    """Least and most cover (share of the month's forecast) for a range of months ahead, both ends included."""

    first_month_ahead: int
    last_month_ahead: int
    min: float
    max: float


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
    instruments: tuple[str, ...] = ("futures",)
    bands: tuple[Band, ...] = ()

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

    def limit_of(self, contract: str) -> float | None:
        """Position limit of the contract YYYY-MM in lots; None: no limit of the programme's."""
        return self.position_limit_by_month.get(contract, self.position_limit)
