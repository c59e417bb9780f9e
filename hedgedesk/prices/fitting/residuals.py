"""Whether what is left over when a price model has had its say is noise."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats

LEAST_RESIDUALS = 20
"""Fewer say nothing."""
MOST_LAGS = 10


@dataclass(frozen=True, slots=True)
class ResidualTests:
    """p-values; a model that has understood its history leaves Ljung-Box and KPSS large and ADF small."""

    ljung_box: float
    """Of no autocorrelation over the first lags."""
    ljung_box_squares: float
    """The same of the squares: of spells of larger moves."""
    adf: float
    """Augmented Dickey-Fuller, of a unit root."""
    kpss: float
    """Of stationarity; tabulated within [0.01, 0.10] only."""


def residual_tests(residuals: Floats) -> ResidualTests | None:
    """Ljung-Box, ADF and KPSS side by side on ``residuals`` (n,) in order of time.

    The number of lags of Ljung-Box is n // 5, at most 10. Series of steps break ADF and KPSS both, which is why normal
    scores of randomised transforms belong here, and not changes of a price that stands still.

    Returns
    -------
    None below 20 residuals, or where all are equal.

    References
    ----------
    Ljung and Box (1978); Said and Dickey (1984); Kwiatkowski, Phillips, Schmidt and Shin (1992).
    """
    if residuals.size < LEAST_RESIDUALS or not np.ptp(residuals):
        return None
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.tools.sm_exceptions import InterpolationWarning
    from statsmodels.tsa.stattools import adfuller, kpss

    lags = min(MOST_LAGS, residuals.size // 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)  # KPSS is outside its table: the docstring says so
        return ResidualTests(
            ljung_box=float(acorr_ljungbox(residuals, lags=[lags])["lb_pvalue"].iloc[0]),
            ljung_box_squares=float(acorr_ljungbox(residuals**2, lags=[lags])["lb_pvalue"].iloc[0]),
            adf=float(adfuller(residuals, result_object=True).pvalue),
            kpss=float(kpss(residuals, regression="c", nlags="auto", result_object=True).pvalue),
        )
