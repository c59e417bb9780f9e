"""A layered programme: cover that grows in equal steps as a month comes nearer, whatever the market seems to say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats

BUY_BELOW, PAUSE_ABOVE = 0.30, 0.80
"""Percentiles of the price, as shares, at which a triggered ladder buys ahead or waits (assumption)."""
WORDS = {"bands": "the programme's bands", "airline": "the airlines' bands"}
"""Of the ladders that are known."""
FEWEST_PRICES = 24
"""Below this many past prices a percentile triggers nothing."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Months ahead to share of the forecast: each band is climbed from ``min`` to ``max`` in equal monthly steps."""

    name: str
    bands: tuple[Band, ...]
    buy_below: float | None = None
    """Percentile, as a share: at a price that low in its history, up to ``max`` at once; None: never."""
    pause_above: float | None = None
    """Percentile, as a share: at a price that high, no more than ``min``; None: never."""

    def share(self, months_ahead: int, percentile: float | None = None) -> float:
        """Cover wanted ``months_ahead`` (1 = next month); 0 outside every band.

        Parameters
        ----------
        percentile
            Share of the past prices below today's; None: not known, so nothing is triggered.
        """
        band = next((b for b in self.bands if b.first_month_ahead <= months_ahead <= b.last_month_ahead), None)
        if band is None:
            return 0.0
        if percentile is not None and self.buy_below is not None and percentile <= self.buy_below:
            return band.max
        if percentile is not None and self.pause_above is not None and percentile >= self.pause_above:
            return band.min
        steps = band.last_month_ahead - band.first_month_ahead
        climbed = 1.0 if steps == 0 else (band.last_month_ahead - months_ahead) / steps
        return band.min + climbed * (band.max - band.min)


AIRLINE = Ladder("airline", (Band(1, 12, 0.50, 0.75), Band(13, 24, 0.25, 0.50)))
"""What fuel-hedging airlines publish: 50 to 75% of the next year, 25 to 50% of the one after."""


def ladder_of(program: HedgeProgram) -> Ladder:
    """The programme's own bands, climbed in equal steps; the airlines' where it has none."""
    return Ladder("bands", program.bands) if program.bands else AIRLINE


def triggered(ladder: Ladder) -> Ladder:
    """The same ladder that buys ahead at low prices and waits at high ones."""
    return Ladder(ladder.name, ladder.bands, BUY_BELOW, PAUSE_ABOVE)


def told_of(ladder: Ladder) -> str:
    """The ladder in words."""
    low, high = ladder.buy_below, ladder.pause_above
    ahead = "" if low is None else f", ahead at prices below the {low:.0%} quantile of the past"
    waiting = "" if high is None else f", waiting above the {high:.0%} quantile"
    return f"{WORDS.get(ladder.name, ladder.name)} in equal steps{ahead}{waiting}"


def percentile_of(past: Floats, price: float) -> float | None:
    """Share of ``past`` (n,) below ``price``; None where there are too few to say."""
    return None if past.size < FEWEST_PRICES else float((past < price).mean())


def layered_lots(ladder: Ladder, exposure: Exposure, scenarios: ScenarioSet, percentile: float | None = None) -> Floats:
    """(K,) lots, not rounded, whose cover and what is already at a fixed price make the ladder's share today.

    No month is covered beyond its expected open volume.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).
    """
    return lots_covering(wanted_mtok(ladder, exposure, scenarios, percentile=percentile), scenarios)


def wanted_mtok(
    ladder: Ladder, exposure: Exposure, scenarios: ScenarioSet, *, elapsed: int = 0, percentile: float | None = None
) -> Floats:
    """(T,) volume to cover once ``elapsed`` months are gone; 0 of the months that have begun."""
    unit = scenarios.unit
    ahead = [t + 1 - elapsed for t in range(scenarios.months.size)]
    share = np.array([ladder.share(months, percentile) if months > 0 else 0.0 for months in ahead])
    wanted: Floats = share * exposure.forecast_in(unit) - exposure.fixed_in(unit)
    return np.clip(wanted, 0.0, exposure.open_in(unit))


def lots_covering(mtok: Floats, scenarios: ScenarioSet) -> Floats:
    """(K,) lots, not rounded, that cover ``mtok`` (T,) of each month together; months past the last contract none."""
    belongs = scenarios.cover_share > 0
    lots: Floats = (belongs @ mtok) / scenarios.mtok_per_lot
    return lots
