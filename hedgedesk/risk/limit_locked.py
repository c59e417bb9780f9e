"""What a plan loses, and has called, while the market is locked at its daily price limit against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.values import Floats
from hedgedesk.market.price_limits import STEPS, limit_rate, locked_calls, locked_prices


@dataclass(frozen=True, slots=True)
class DaysLocked:
    """A plan on consecutive days at the limit, in the contracts' currency."""

    lost: Floats
    """(:data:`STEPS`,) variation by each clearing since the day before; below 0 a gain."""
    called: Floats
    """(:data:`STEPS`,) that, and what initial margin has grown by."""


def can_lock(contracts: tuple[FuturesContract, ...]) -> bool:
    """Whether any contract has a daily price limit."""
    return any(contract.spec.price_limit is not None for contract in contracts)


def days_locked(plan: HedgePlan, as_of: np.datetime64) -> DaysLocked:
    """Lock every contract that has a limit from ``as_of`` on, against the side of the plan on which more money is.

    What lots of the other side gain is taken off. 642 lots of 50 Mtok, long at 900 with 12% of margin and a limit of
    10%, lose 2,889,000 on the first day and 9,662,100 by the third.

    Parameters
    ----------
    as_of
        The day before the first locked one.
    """
    up = float(plan.position @ (plan.price_per_mtok * plan.mtok_per_lot)) < 0
    lost, called = np.zeros(STEPS), np.zeros(STEPS)
    for contract, price, lots in zip(plan.contracts, plan.price_per_mtok, plan.position, strict=True):
        if contract.spec.price_limit is None or lots == 0:
            continue
        settled = locked_prices(contract.spec, float(price), up=up)
        loss: Floats = lots * contract.spec.mtok_per_lot * (price - settled)
        lost += loss
        # A call counts the move as a loss: lots that gain from it have it back, and once more.
        called += abs(lots) * locked_calls(contract, float(price), as_of, up=up) + loss - np.abs(loss)
    return DaysLocked(lost, called)


def told_of_locks(contracts: tuple[FuturesContract, ...]) -> str:
    """What is said of such days, with the limits and where they come from; one contract at least :func:`can_lock`."""
    spec = next(contract.spec for contract in contracts if contract.spec.price_limit is not None)
    limits = ", ".join(f"{100.0 * limit_rate(spec, day):.4g}%" for day in range(STEPS))
    return f"{STEPS} days at the limit against the lots ({limits}: the contract's terms), then closed; bill unchanged"
