"""Whether a point of the likelihood is its maximum, and how sharply: Hessian, refusals, covariance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import NotConverged
from hedgedesk.domain.values import Floats

if TYPE_CHECKING:
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

STILL_TO_GAIN = 0.01
"""Log-likelihood that a Newton step may at most still promise at an accepted optimum."""
SCALED_CURVATURE = 1e-4
"""Least eigenvalue of the negative Hessian scaled to a unit diagonal that counts as curved: estimates correlated by
0.9999 say one thing, not two. Panels that identify the model are above 0.04."""
RHO_BOUND = 0.9995
LOOSEST = 1.0
"""Largest standard error of ln kappa, ln sigma_chi and ln sigma_xi: beyond, it exceeds the parameter itself."""
SCALES = ("kappa", "sigma_chi", "sigma_xi")

Mask = NDArray[np.bool_]


def covariance_at(model: SchwartzSmith, point: Floats, free: Mask) -> Floats:
    """Covariance of the free search-space parameters: inverse negative Hessian, checked to be an optimum's.

    Raises
    ------
    NotConverged
        The Hessian is not negative definite, a scale is not known to its own size, rho is 1, or the gradient is not 0.
    """
    _require_two_shocks(model, point)
    names = [name for name, is_free in zip(model.param_names, free, strict=True) if is_free]
    curvature = -_hessian(model, point, free)
    flat = _flat_parameter(curvature, names)
    if flat is not None:
        raise NotConverged(
            "TwoFactor is not identified: at the highest likelihood found the Hessian is not negative definite, "
            f"{flat} has no interior maximum; it needs a longer history or quotes of more maturities"
        )
    covariance = np.asarray(np.linalg.inv(curvature))
    loose = [name for name, v in zip(names, np.diag(covariance), strict=True) if name in SCALES and v > LOOSEST**2]
    if loose:
        raise NotConverged(
            f"TwoFactor is not identified: the standard error of {' and '.join(loose)} exceeds the estimate itself; "
            "it needs a longer history or quotes of more maturities"
        )
    _require_arrival(model, point, free, covariance)
    return covariance


def _flat_parameter(curvature: Floats, names: Sequence[str]) -> str | None:
    """Name the parameter along which the likelihood is not curved down; None where it is in every direction."""
    diagonal = np.diag(curvature)
    if not np.all(diagonal > 1e-12):
        return names[int(np.argmin(diagonal))]
    scale = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(curvature / np.outer(scale, scale))
    return None if values[0] >= SCALED_CURVATURE else names[int(np.argmax(np.abs(vectors[:, 0])))]


def _require_arrival(model: SchwartzSmith, point: Floats, free: Mask, covariance: Floats) -> None:
    gradient = model.gradient_at(point, free)
    promised = 0.5 * gradient @ covariance @ gradient
    if promised > STILL_TO_GAIN:
        raise NotConverged(f"TwoFactor did not converge: the search stopped {promised:.2g} of log-likelihood too early")


def _require_two_shocks(model: SchwartzSmith, point: Floats) -> None:
    rho = float(model.transform_params(point)[3])
    if abs(rho) > RHO_BOUND:
        raise NotConverged(
            f"TwoFactor is not identified: rho ran to {rho:+.4f}, one shock moves both factors; it needs a longer "
            "history or quotes of more maturities"
        )


def _hessian(model: SchwartzSmith, point: Floats, free: Mask, step: float = 1e-4) -> Floats:
    columns = []
    for k in np.flatnonzero(free):
        up, down = point.copy(), point.copy()
        up[k] += step
        down[k] -= step
        columns.append((model.gradient_at(up, free) - model.gradient_at(down, free)) / (2 * step))
    hessian = np.array(columns)
    return 0.5 * (hessian + hessian.T)
