"""Coordinates in which jumps are searched for.

Each sign has three: the logarithm of its rate, that of its mean size, and where its spread lies between 0 and half of
the mean size. So a jump down is down in 98 cases of 100, and heavy tails of both signs cannot pass for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.uncertainty import ScaleName, drawn_around
from hedgedesk.prices.models.jump_diffusion.climb import Batch
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps

JUMPS = ("lambda_down", "m_down", "s_down", "lambda_up", "m_up", "s_up")
SPREAD_PRIOR = 1.5
"""Standard deviation of the prior of a spread's coordinate: two spreads of three within 0.09 and 0.41 of the mean.

A handful of jumps may look all alike or as uneven as can be, and the likelihood alone would go to the edge."""
WIDEST = 0.5
"""Largest spread of the sizes of one sign, over their mean size."""
SIGNS = (-1.0, 1.0)


def natural_jumps(points: Batch) -> Batch:
    """(B, 6) parameters of :data:`JUMPS` at coordinates (B, 6)."""
    values = points.copy()
    for first, sign in zip((0, 3), SIGNS, strict=True):
        rate, size, spread = first, first + 1, first + 2
        values[:, rate] = np.exp(points[:, rate])
        values[:, size] = sign * np.exp(points[:, size])
        values[:, spread] = WIDEST * np.exp(points[:, size]) / (1.0 + np.exp(-points[:, spread]))
    return values


def coordinates_of(jumps: SignedJumps) -> Floats:
    """(6,) coordinates of parameters; a spread at an edge comes back a little inside."""
    points = []
    for rate, mean, spread in jumps.sides:
        share = np.clip(spread / (WIDEST * abs(mean)), 0.005, 0.995)
        points += [np.log(rate), np.log(abs(mean)), np.log(share / (1 - share))]
    return np.array(points, dtype=np.float64)


def drawn(
    values: Mapping[str, float],
    covariance: Floats,
    scales: Mapping[str, ScaleName],
    generator: np.random.Generator,
    held: Mapping[str, float],
) -> dict[str, float]:
    """One draw of parameters around their estimates; jumps on the scales on which they are searched.

    ``values`` and the (P, P) ``covariance`` end with :data:`JUMPS`; ``scales`` are those of the others.
    """
    sign = np.array([-1.0 if name == "m_down" else 1.0 for name in values])
    turned = {name: s * v for (name, v), s in zip(values.items(), sign, strict=True)}
    logs: dict[str, ScaleName] = dict.fromkeys(JUMPS, "log")
    around = drawn_around(turned, covariance * np.outer(sign, sign), {**scales, **logs}, generator, held=list(held))
    return {name: s * v for (name, v), s in zip(around.items(), sign, strict=True)}


def priors(names: Sequence[str]) -> Floats:
    """(P,) standard deviation of the prior of each coordinate; infinite for all but the spreads."""
    return np.array([SPREAD_PRIOR if name in ("s_down", "s_up") else np.inf for name in names])
