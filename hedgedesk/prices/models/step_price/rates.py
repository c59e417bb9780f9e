"""How often something happens a year, and how well a history shows it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.units import DAYS_PER_YEAR
from hedgedesk.domain.values import Dates, Floats, Months

OVERDISPERSED = 1.5
"""Pearson's chi-squared per degree of freedom above which counts are no Poisson counts."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per year of exposure."""

    per_year: float
    standard_error: float
    """Widened by the square root of ``dispersion`` where that is above 1; NaN without an event."""
    dispersion: float
    """Pearson's chi-squared per degree of freedom; 1 for Poisson counts."""
    log_likelihood: float
    """Of the counts."""


def rate(counts: Floats, exposure_years: Floats) -> Rate:
    """Poisson regression of ``counts`` (n,) on a constant, with the logarithm of the exposure as offset.

    Its estimate is the number of events over the exposure, n / T, and its standard error sqrt(n) / T when the counts
    are as even as Poisson's.
    """
    if counts.sum() == 0:
        return Rate(0.0, float("nan"), 1.0, 0.0)
    import statsmodels.api as sm

    with warnings.catch_warnings():
        # A perfect fit of few cells is told by a warning and is no fault of the counts.
        warnings.simplefilter("ignore")
        fit = sm.GLM(counts, np.ones((counts.size, 1)), family=sm.families.Poisson(), exposure=exposure_years).fit()
    dispersion = float(fit.pearson_chi2 / fit.df_resid) if fit.df_resid > 0 else 1.0
    per_year = float(np.exp(fit.params[0]))
    error = per_year * float(fit.bse[0]) * max(1.0, dispersion) ** 0.5
    return Rate(per_year, error, dispersion, float(fit.llf))


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What was under watch, and what happened there."""

    spans: Sequence[tuple[np.datetime64, np.datetime64]]
    """First and last day of each thing watched; what happens on the first day cannot be seen."""
    days: Dates
    """(n,) datetime64[D] of the events."""
    weights: Floats
    """(n,) how many events each of them counts."""


def monthly_cells(watches: Sequence[Watch]) -> tuple[Floats, Floats]:
    """Events and years of exposure, (m,) each, of every month of every watch in which something was watched."""
    counts, exposure = [], []
    for watch in watches:
        days = [day for span in watch.spans for day in span]
        months = np.arange(
            min(days).astype("datetime64[M]"), max(days).astype("datetime64[M]") + np.timedelta64(1, "M")
        )
        years = sum((_years_in(months, *span) for span in watch.spans), np.zeros(months.size))
        number = (watch.days.astype("datetime64[M]") - months[0]).astype(np.int64)
        counts.append(np.bincount(number, weights=watch.weights, minlength=months.size)[years > 0])
        exposure.append(years[years > 0])
    return np.concatenate(counts), np.concatenate(exposure)


def _years_in(months: Months, first: np.datetime64, last: np.datetime64) -> Floats:
    """(m,) years of each month from the day after ``first`` to ``last``."""
    day = np.timedelta64(1, "D")
    starts = np.maximum(months.astype("datetime64[D]"), first + day)
    ends = np.minimum((months + np.timedelta64(1, "M")).astype("datetime64[D]"), last + day)
    return np.asarray(np.maximum((ends - starts).astype(np.float64), 0.0) / DAYS_PER_YEAR)
