"""What charts, tables and headlines of fitted models share: which fit is meant, which date, how many decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import JumpRecord, ModelFit, ModelStudy, Validation, ValidationRow

YEAR = np.timedelta64(365, "D")
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95


def fit_called(study: ModelStudy, name: str | None) -> ModelFit:
    """The fit of this name, else the first."""
    return next((fit for fit in study.fits if fit.summary.name == name), study.fits[0])


def names(study: ModelStudy) -> tuple[str, ...]:
    """Models that could be fitted."""
    return tuple(fit.summary.name for fit in study.fits)


def first_shown(study: ModelStudy, validation: Validation | None, run_model: str | None) -> str:
    """Which model is shown before one is chosen: the validated one, else the run's, else the first."""
    known = names(study)
    wished = (validation.choice.model if validation is not None else None, run_model)
    return next((name for name in wished if name in known), known[0])


def quantile(fit: ModelFit, level: float) -> np.ndarray:
    """(D,) the fan's quantile nearest to ``level``."""
    row: np.ndarray = fit.fan_per_mtok[int(np.abs(fit.levels - level).argmin())]
    return row


def decimals(study: ModelStudy) -> int:
    """Decimals that show every model's prices."""
    return fmt.price_decimals(
        [*(float(fit.fan_per_mtok.max()) for fit in study.fits), float(study.history_per_mtok[-1])]
    )


def unit(study: ModelStudy) -> str:
    """What prices are quoted in."""
    return fmt.per_unit(study.currency, study.unit)


def spot(study: ModelStudy) -> float:
    """The newest price of the index."""
    return float(study.history_per_mtok[-1])


def ahead(study: ModelStudy, fit: ModelFit) -> int:
    """Place of the date a year ahead, or of the last date where the fan ends before."""
    return min(int(np.searchsorted(fit.dates, study.as_of + YEAR)), fit.dates.size - 1)


def jumps_of(study: ModelStudy, name: str | None) -> tuple[str, tuple[JumpRecord, ...]]:
    """Jumps of the model that is shown, else of the first that has found some; whose they are."""
    shown = fit_called(study, name)
    for fit in (shown, *study.fits):
        if fit.jumps:
            return fit.summary.name, tuple(sorted(fit.jumps, key=lambda jump: jump.date, reverse=True))
    return "", ()


def regimes_of(study: ModelStudy, name: str | None) -> ModelFit | None:
    """The model that is shown where it has regimes, else the first that has."""
    shown = fit_called(study, name)
    return next((fit for fit in (shown, *study.fits) if fit.regimes is not None), None)


def horizons(validation: Validation) -> tuple[int, ...]:
    """Months ahead that were judged, rising."""
    return tuple(sorted({row.horizon_months for row in validation.rows}))


def at_horizon(validation: Validation, months: int) -> tuple[ValidationRow, ...]:
    """Rows of one horizon, the best first."""
    rows = [row for row in validation.rows if row.horizon_months == months]
    return tuple(sorted(rows, key=lambda row: (fmt.missing(row.crps), row.crps)))


def main_horizon(validation: Validation) -> int | None:
    """The hedge horizon where it was judged, else the longest before it, else the shortest; None: nothing was."""
    known = horizons(validation)
    before = [months for months in known if months <= validation.hedge_horizon_months]
    return before[-1] if before else next(iter(known), None)


def judged(validation: Validation | None, model: str, months: int | None = None) -> ValidationRow | None:
    """How a model was judged at a horizon (None: the main one); None: it was not."""
    if validation is None:
        return None
    wanted = main_horizon(validation) if months is None else months
    return next((row for row in validation.rows if (row.model, row.horizon_months) == (model, wanted)), None)
