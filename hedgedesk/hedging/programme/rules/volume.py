"""Rules on the volume whose price is settled: policy bands, over-hedge, open volume."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import million_of
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.rule import Rule

LOW_VOLUME = 0.10
"""Quantile of a month's volume that the over-hedge rule measures against."""


def volume_rules(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """Bands where a contract covers the month; over-hedge and open volume where anything does."""
    unit, measure = scenarios.unit, million_of(scenarios.unit.name)
    forecast, fixed, open_volume = exposure.forecast_in(unit), exposure.fixed_in(unit), exposure.open_in(unit)
    low_volume = np.quantile(scenarios.volume_mtok, LOW_VOLUME, axis=0)
    for t, hedgeable in enumerate(scenarios.hedgeable):
        where, row = str(exposure.months[t]), columns.cover_mtok[:, t]
        if not row.any():
            continue  # all of the month is bought at a fixed price: no lot belongs to it
        band = program.band(t + 1) if hedgeable else None
        if band is not None:
            yield Rule("band_min", where, -row, float(fixed[t] - band.min * forecast[t]), measure, least=True)
            yield Rule("band_max", where, row, max(float(band.max * forecast[t] - fixed[t]), 0.0), measure)
        yield Rule("over_hedge", where, row, program.over_hedge * float(low_volume[t]), measure)
        yield Rule("open_volume", where, row, float(open_volume[t]), measure)
