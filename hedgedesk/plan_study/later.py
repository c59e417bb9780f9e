"""The layers that a ladder buys later: along each path, at the futures price of the day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.plan_study.layered import Ladder, lots_covering, wanted_mtok


@dataclass(frozen=True, eq=False)
class LaterLayers(ArrayHolder):
    """What is bought after today until every month has begun."""

    lots: Floats
    """(K,) in all."""
    gain: Floats
    """(S,) to final settlement from each price paid, in the programme's currency."""
    fee: float
    """Paid for all of them."""


def later_layers(
    ladder: Ladder,
    exposure: Exposure,
    scenarios: ScenarioSet,
    today: Floats,
    currency: str,
    fee: Floats,
    *,
    whole: bool,
) -> LaterLayers | None:
    """Climb the ladder on the dates of margin; None: the scenarios keep no futures prices between today and delivery.

    What is wanted follows the forecast and fixed volume of today, and no price triggers it.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).
    today
        (K,) lots held once today's layer is bought; they are never sold.
    fee
        (K,) of a lot.
    whole
        Lots rounded down.
    """
    futures, dates = scenarios.futures_per_mtok, scenarios.margin_dates
    if futures is None or dates is None:
        return None
    elapsed = (dates.astype("datetime64[M]") - scenarios.as_of.astype("datetime64[M]")).astype(np.int64)
    held, wanted = np.array(today), wanted_mtok(ladder, exposure, scenarios)
    gain = np.zeros(scenarios.count)
    worth = scenarios.mtok_per_lot * scenarios.rate_at_delivery(currency)
    for d, months in enumerate(elapsed.tolist()):
        wanted = np.maximum(wanted, wanted_mtok(ladder, exposure, scenarios, elapsed=months))
        lots = lots_covering(wanted, scenarios)
        more = np.maximum((np.floor(lots) if whole else lots) - held, 0.0)
        if more.any():
            gain += ((scenarios.settlement_per_mtok - futures[:, d]) * worth) @ more
            held += more
    return LaterLayers(held - today, gain, float(fee @ (held - today)))
