"""What a price has to do with the index: beta, basis and ratio, each with how well it is known."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from hedgedesk.domain.study import PriceFormula
from hedgedesk.domain.values import Floats

ENOUGH = 24
"""Observations below which beta is flagged."""
FEWEST = 4
"""Observations below which no slope is estimated."""
NAN = float("nan")


def price_formula(paid: Floats, index: Floats, *, model: str = "") -> PriceFormula:
    """Estimate P = beta I + basis + e, and the ratio P / I.

    beta is the slope of the changes of the paid price on the changes of the index (levels that both fall would show a
    beta without any link); basis is the mean of P - beta I; ratio is the mean of P / I, which is what the column
    ``beta`` of consumption.csv takes. Standard errors are robust to heteroscedasticity and autocorrelation (Newey and
    West 1987, lag 4 (n / 100)^(2/9)); that of the basis has beta's own in it, at the mean of the index, and is mostly
    made of it: the basis is where the line from the index's level back to 0 ends.

    Parameters
    ----------
    paid
        (T,) currency per Mtok of the unit, NaN where there was no use; months of equal distance.
    index
        (T,) currency per Mtok, above 0, or NaN.
    model
        Whose price it is.
    """
    paid, index = np.asarray(paid, dtype=np.float64), np.asarray(index, dtype=np.float64)
    known = np.isfinite(paid) & np.isfinite(index) & (index > 0)
    count = int(known.sum())
    if not count:
        return PriceFormula(model, NAN, NAN, NAN, NAN, NAN, NAN, 0, "no month has both a paid price and an index")
    ratio, ratio_error = mean_with_error(paid[known] / index[known])
    moves = known[1:] & known[:-1]
    refused = _refusal(np.diff(index)[moves], count)
    if refused:
        return PriceFormula(model, NAN, NAN, NAN, NAN, ratio, ratio_error, count, refused)
    beta, beta_error = slope_with_error(np.diff(paid)[moves], np.diff(index)[moves])
    basis, mean_error = mean_with_error(paid[known] - beta * index[known])
    basis_error = float(np.hypot(mean_error, beta_error * index[known].mean()))
    note = f"{count} observations, fewer than {ENOUGH}: beta is weak, take the ratio" if count < ENOUGH else ""
    return PriceFormula(model, beta, beta_error, basis, basis_error, ratio, ratio_error, count, note)


def slope_with_error(changes: Floats, of_index: Floats) -> tuple[float, float]:
    """Slope of an ordinary regression with a constant, and its HAC standard error."""
    fit = _fit(changes, np.column_stack([np.ones(of_index.size), of_index]))
    return float(fit.params[1]), float(fit.bse[1])


def mean_with_error(values: Floats) -> tuple[float, float]:
    """Mean and its HAC standard error; NaN for a single value."""
    if values.size < 2:
        return float(values.mean()), NAN
    fit = _fit(values, np.ones((values.size, 1)))
    return float(fit.params[0]), float(fit.bse[0])


def _fit(values: Floats, columns: Floats) -> Any:
    from statsmodels.regression.linear_model import OLS

    lags = min(int(4.0 * (values.size / 100.0) ** (2.0 / 9.0)), values.size - 1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return OLS(values, columns).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})


def _refusal(moves: Floats, count: int) -> str:
    if moves.size < FEWEST - 1:
        return f"{count} observations: beta needs at least {FEWEST} months in a row, take the ratio"
    if np.ptp(moves) <= 1e-12 * max(float(np.abs(moves).max()), 1.0):
        return "the index did not move, or moved by the same step each month: beta cannot be told, take the ratio"
    return ""
