"""``consumption.csv``: what we expect to use, by month, model and meter."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hedgedesk.domain.errors import MissingMonths
from hedgedesk.domain.exposure import ConsumptionForecast, ForecastLine
from hedgedesk.domain.units import METERS
from hedgedesk.domain.values import Months
from hedgedesk.files.columns import VOLUME, Columns, Rule, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import Wanted

WANTED = Wanted(("month", "model", "meter", "mtok"), ("team", "spread", "index", "beta"))
_SPREAD = Rule("a relative standard deviation from 0 to 5 (0.15 is 15%)", lambda x: 0 <= x <= 5, optional=True)
_BETA = Rule("a ratio above 0 and up to 1,000 (1.2: 20% dearer than the index)", lambda x: 0 < x <= 1000, optional=True)


def read_consumption(path: Place) -> ConsumptionForecast:
    """Read a consumption forecast, CSV or Excel; volumes are Mtok of raw tokens.

    Raises
    ------
    InputError
        Every fault of the file; :class:`MissingMonths` when all that is wrong is a hole between the months.
    """
    return read_alone(path, lambda place, report: (parse_consumption(place, report) or (None, None))[0])


def parse_consumption(path: Path, report: FileFindings) -> tuple[ConsumptionForecast | None, Months | None] | None:
    """Read the good lines and report the others.

    Returns
    -------
    The forecast of the good lines, and the months of all lines, datetime64[M]; None where there is none.
    """
    columns = open_columns(path, WANTED, ("mtok", "spread", "beta"), report)
    if columns is None:
        return None
    months = columns.months("month")
    models, meters = columns.texts("model"), columns.texts("meter", METERS)
    volumes, spreads = columns.numbers("mtok", VOLUME), columns.numbers("spread", _SPREAD)
    betas = columns.numbers("beta", _BETA)
    teams, indices = columns.texts("team", optional=True), columns.texts("index", optional=True)
    known = np.array([month for month in months if month is not None], dtype="datetime64[M]")
    if known.size:
        _require_every_month(columns, known)
    keys = [
        None if month is None or model is None or meter is None else (month, model, meter, team or "")
        for month, model, meter, team in zip(months, models, meters, teams, strict=True)
    ]
    once = columns.require_once(keys, "month", "each month, model, meter and team once")
    lines = tuple(
        ForecastLine(key[0], key[1], key[2], volume, key[3], spread, index or "", 1.0 if beta is None else beta)
        for key, volume, spread, index, beta, first in zip(keys, volumes, spreads, indices, betas, once, strict=True)
        if key is not None and volume is not None and first
    )
    return ConsumptionForecast(lines) if lines else None, known if known.size else None


def _require_every_month(columns: Columns, known: Months) -> None:
    first, last = known.min(), known.max()
    for missing in np.setdiff1d(np.arange(first, last), known):
        expected = f"every month from {first} to {last}"
        columns.fault(None, "month", f"no row for {missing}", expected, MissingMonths)
