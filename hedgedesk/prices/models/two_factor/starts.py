"""Where the likelihood search starts: for each of a ladder of kappas, the factors that least squares sees."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats

KAPPAS = tuple(float(k) for k in np.geomspace(0.2, 12.0, 8))


def starting_points(prices: Floats, maturities: Floats, steps: Floats) -> list[Floats]:
    """Natural parameter vectors (7 + K,) for log ``prices`` (T, K), of ``maturities`` (K,) or (T, K).

    ``steps`` are (1,) or (T,) years. With kappa fixed, ln F = b chi + xi + A is linear: the average curve gives
    the premia, each date's curve its chi and xi, their changes the volatilities,
    and what is left over the measurement errors.
    """
    full = np.broadcast_to(maturities, prices.shape)
    gaps = np.broadcast_to(steps, len(prices))[:-1] if steps.size == 1 else steps[:-1]
    return [_start(kappa, prices, full, gaps) for kappa in KAPPAS]


def _start(kappa: float, prices: Floats, maturities: Floats, gaps: Floats) -> Floats:
    loadings = np.exp(-kappa * maturities)
    mu_star, premium = _premia(kappa, prices, maturities, loadings)
    level = prices - mu_star * maturities + (1 - loadings) * premium / kappa
    chi, xi = _factors(level, loadings)
    residual = level - loadings * chi[:, None] - xi[:, None]
    quotes = np.isfinite(residual)
    sd = np.sqrt((np.where(quotes, residual, 0.0) ** 2).sum(axis=0) / np.maximum(quotes.sum(axis=0), 1))
    shocks_chi = (chi[1:] - np.exp(-kappa * gaps) * chi[:-1]) / np.sqrt(gaps)
    changes_xi = np.diff(xi)
    shocks_xi = changes_xi / np.sqrt(gaps)
    both = np.isfinite(shocks_chi) & np.isfinite(shocks_xi)
    if both.sum() < 3:
        return np.array([kappa, 0.3, 0.2, 0.0, 0.0, mu_star, premium, *np.full(prices.shape[1], 0.01)])
    with np.errstate(all="ignore"):
        rho = np.nan_to_num(np.corrcoef(shocks_chi[both], shocks_xi[both])[0, 1])
    volatilities = np.clip([np.std(shocks_chi[both]), np.std(shocks_xi[both])], 0.01, 5.0)
    drift = changes_xi[both].sum() / gaps[both].sum()
    return np.array([kappa, *volatilities, np.clip(rho, -0.8, 0.8), drift, mu_star, premium, *np.clip(sd, 1e-3, 0.5)])


def _premia(kappa: float, prices: Floats, maturities: Floats, loadings: Floats) -> tuple[float, float]:
    """mu_xi_star and lambda_chi from the average curve, the mean of chi being 0."""
    quoted = np.isfinite(prices)
    count = quoted.sum(axis=0)
    average = [np.where(quoted, part, 0.0).sum(axis=0) / count for part in (prices, maturities, loadings)]
    columns = np.column_stack([np.ones(count.size), average[1], (average[2] - 1) / kappa])
    solution = np.linalg.lstsq(columns, average[0], rcond=1e-6)[0]
    return float(np.clip(solution[1], -2, 2)), float(np.clip(solution[2], -2, 2))


def _factors(level: Floats, loadings: Floats) -> tuple[Floats, Floats]:
    """Factors chi and xi (T,) of each date by least squares; NaN where less than two maturities are quoted."""
    quoted = np.isfinite(level)
    y, b = np.where(quoted, level, 0.0), np.where(quoted, loadings, 0.0)
    count = quoted.sum(axis=1)
    determinant = count * (b * b).sum(axis=1) - b.sum(axis=1) ** 2
    determinant = np.where(determinant > 1e-9, determinant, np.nan)
    chi = (count * (b * y).sum(axis=1) - b.sum(axis=1) * y.sum(axis=1)) / determinant
    xi = ((b * b).sum(axis=1) * y.sum(axis=1) - b.sum(axis=1) * (b * y).sum(axis=1)) / determinant
    return chi, xi
