"""Likelihood of regimes at many points at once, by products of matrices in pairs.

The likelihood of Hamilton's filter is 1' M_n ... M_2 M_1 p with M_t = diag(density of change t) P. Multiplied in pairs,
the n products take log2(n) rounds of whole arrays instead of n steps, so a gradient costs hardly more than a value.
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.regimes.coordinates import Coordinates

ROOT_TAU = float(np.sqrt(2.0 * np.pi))
NOTHING = 1e-300
"""A product that is smaller is lost; its likelihood counts as 0."""
SCALED_EVERY = 3
"""Rounds between scalings: eight densities are far from the end of float64's range, once the largest is taken out."""


def log_likelihoods(coordinates: Coordinates, points: Floats, changes: Floats) -> Floats:
    """Log-likelihood (m,) at ``points`` (m, p) of ``changes`` (n,); the first regime is in its long run.

    The same as MarkovRegression's of statsmodels, at many points.
    """
    transition = coordinates.transitions(points)
    mean, log_sd = coordinates.laws(points)
    shape = -0.5 * ((changes[None, :, None] - mean[:, None, :]) / np.exp(log_sd)[:, None, :]) ** 2 - log_sd[:, None, :]
    # The largest density of each change is taken out, so that far changes do not vanish.
    top = shape.max(axis=2)
    density = np.exp(shape - top[:, :, None])
    total = top.sum(axis=1) - changes.size * np.log(ROOT_TAU)
    products = density[..., None] * transition[:, None]
    rounds = 0
    while products.shape[1] > 1:
        products, rounds = _halved(products), rounds + 1
        if rounds % SCALED_EVERY == 0:
            total += _scaled(products)
    ended = products[:, 0] @ _long_run(transition)[..., None]
    return np.asarray(total + np.log(np.maximum(ended.sum(axis=(1, 2)), NOTHING)))


def _halved(products: Floats) -> Floats:
    """Neighbours multiplied, later ones from the left."""
    count = products.shape[1]
    pairs = products[:, 1::2] @ products[:, 0 : count - 1 : 2]
    return np.concatenate([pairs, products[:, -1:]], axis=1) if count % 2 else pairs


def _scaled(products: Floats) -> Floats:
    """Scale all in place to a largest entry of 1, and give the logarithm of what that took out, (m,)."""
    size = np.maximum(products.max(axis=(2, 3)), NOTHING)
    products /= size[..., None, None]
    return np.asarray(np.log(size).sum(axis=1))


def _long_run(transition: Floats) -> Floats:
    """(m, k) probabilities that the transition leaves as they are."""
    size = transition.shape[-1]
    system = np.eye(size) - transition
    system[:, -1, :] = 1.0
    return np.asarray(np.linalg.solve(system, np.eye(size)[:, -1:])[..., 0])


def slope(coordinates: Coordinates, point: Floats, changes: Floats, *, exact: bool) -> tuple[float, Floats]:
    """Log-likelihood at ``point`` (p,) and its gradient (p,), by central or (not ``exact``) forward steps."""
    step = 1e-5 if exact else 1e-7
    moves = step * np.eye(point.size)
    points = [point[None], point + moves] + ([point - moves] if exact else [])
    found = log_likelihoods(coordinates, np.vstack(points), changes)
    up = found[1 : point.size + 1]
    gradient = (up - found[point.size + 1 :]) / (2.0 * step) if exact else (up - found[0]) / step
    return float(found[0]), np.asarray(gradient)


def curvature(coordinates: Coordinates, point: Floats, changes: Floats, step: float = 1e-3) -> Floats:
    """(p, p) second derivatives of the log-likelihood at ``point`` (p,), by central differences."""
    size = point.size
    first, second = (row.ravel() for row in np.indices((size, size)))
    move, other = step * np.eye(size)[first], step * np.eye(size)[second]
    corners = [point + a * move + b * other for a in (1, -1) for b in (1, -1)]
    found = log_likelihoods(coordinates, np.vstack(corners), changes).reshape(4, size, size)
    return np.asarray((found[0] - found[1] - found[2] + found[3]) / (4.0 * step**2))
