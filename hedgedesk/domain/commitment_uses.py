"""What was agreed with sellers, one commitment at a time, against the use it was agreed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.commitments import TIERED

if TYPE_CHECKING:
    from hedgedesk.domain.commitments import Commitment, TierUse
    from hedgedesk.domain.exposure import Exposure


@dataclass(frozen=True, slots=True)
class CommitmentUse:
    """One commitment over the months of an exposure that it covers; of a tiered price the first band."""

    commitment: Commitment
    months: int
    """Of the exposure; 0: it is over, or begins later."""
    mtok: float
    """Bought at a fixed price; of a tiered price the forecast, which stays open."""
    price: float
    """Per Mtok; of a tiered price the mean over its bands. NaN where nothing is used."""
    cost: float
    """In the commitment's currency."""
    used: float
    """Share of the forecast of its model and meter that it covers; NaN where nothing is forecast, or it fixes none."""
    over_months: int
    """Months in which all that is committed to its model and meter is more than the forecast."""


def commitment_uses(exposure: Exposure) -> tuple[CommitmentUse, ...]:
    """Every commitment of ``exposure``, those that end first before the others; a tiered price is one."""
    fixed = [_fixed(exposure, item) for item in exposure.commitments if item.fixes_volume]
    bands = {
        (item.name, item.model, item.meter): item for item in reversed(exposure.commitments) if item.kind == TIERED
    }
    tiered = [_tiered(exposure.tiers, item) for item in bands.values()]
    return tuple(sorted(fixed + tiered, key=lambda use: (use.commitment.last_month, use.commitment.name)))


def _fixed(exposure: Exposure, item: Commitment) -> CommitmentUse:
    runs = (exposure.months >= item.first_month) & (exposure.months <= item.last_month)
    pairs = list(zip(exposure.models, exposure.meters, strict=True))
    line = pairs.index((item.model, item.meter))
    forecast, fixed = exposure.forecast_mtok[runs, line], exposure.fixed_mtok[runs, line]
    count, whole = int(runs.sum()), float(forecast.sum())
    mtok = item.mtok_per_month * count
    used = mtok / whole if whole > 0 else float("nan")
    over = int(np.count_nonzero(fixed > forecast))
    return CommitmentUse(item, count, mtok, item.price_per_mtok, mtok * item.price_per_mtok, used, over)


def _tiered(tiers: tuple[TierUse, ...], item: Commitment) -> CommitmentUse:
    uses = [use for use in tiers if (use.name, use.model, use.meter) == (item.name, item.model, item.meter)]
    mtok, cost = sum(use.mtok for use in uses), sum(use.cost for use in uses)
    price = cost / mtok if mtok > 0 else float("nan")
    return CommitmentUse(item, len(uses), mtok, price, cost, float("nan"), 0)
