"""Initial margin of a contract."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.values import Floats


def margin_rate(spec: ContractSpec, today: np.datetime64, last_trading_day: np.datetime64) -> float:
    """Rate in force after the clearing of ``today``, a fraction of notional.

    A step is booked at the clearing of the day before it takes effect, so the trading days left are counted from the
    next one. Weekdays stand in for trading days until the desk has an exchange calendar.
    """
    tomorrow = today.astype("datetime64[D]") + np.timedelta64(1, "D")
    days_left = int(np.busday_count(tomorrow, last_trading_day.astype("datetime64[D]"))) + 1
    rate = 0.0
    for step in spec.margin_schedule:
        if step.days_before_last is None or days_left <= step.days_before_last + 1:
            rate = step.rate
    return rate


def initial_margin_per_lot(
    contracts: tuple[FuturesContract, ...], price_per_mtok: Floats, today: np.datetime64
) -> Floats:
    """(K,) initial margin of one lot of either side, in the contract's currency: rate x price x Mtok per lot."""
    rates = [margin_rate(c.spec, today, c.last_trading_day) for c in contracts]
    sizes = [c.spec.mtok_per_lot for c in contracts]
    margin: Floats = np.array(rates) * price_per_mtok * np.array(sizes)
    return margin
