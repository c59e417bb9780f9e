"""Parameters drawn around their estimates, so that thin history widens what a model says of the future."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgedesk.domain.values import Floats

ScaleName = Literal["log", "logit", "atanh", "plain"]
"""On which scale an estimate is normal: log above 0, logit between 0 and 1, atanh between -1 and 1, plain anywhere."""
NEGATIVE_AT_MOST = 1e-8
"""Share of the largest eigenvalue of a correlation that rounding may push below 0."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A one-to-one map of a parameter's range onto all real numbers."""

    inside: Callable[[float], bool]
    """Whether a value can be mapped at all; one at the edge of its range cannot be drawn around."""
    forward: Callable[[float], float]
    back: Callable[[float], float]
    slope: Callable[[float], float]
    """Derivative of ``back`` as a function of the natural value."""


SCALES: dict[str, Scale] = {
    "log": Scale(
        inside=lambda v: v > 0.0,
        forward=lambda v: float(np.log(v)),
        back=lambda x: float(np.exp(x)),
        slope=lambda v: v,
    ),
    "logit": Scale(
        inside=lambda v: 0.0 < v < 1.0,
        forward=lambda v: float(np.log(v) - np.log1p(-v)),
        back=lambda x: float(0.5 * (1.0 + np.tanh(0.5 * x))),
        slope=lambda v: v * (1.0 - v),
    ),
    "atanh": Scale(
        inside=lambda v: -1.0 < v < 1.0,
        forward=lambda v: float(np.arctanh(v)),
        back=lambda x: float(np.tanh(x)),
        slope=lambda v: 1.0 - v**2,
    ),
    "plain": Scale(inside=lambda v: True, forward=float, back=float, slope=lambda v: 1.0),
}


def drawn_around(
    values: Mapping[str, float],
    covariance_or_errors: Floats | Mapping[str, float],
    scales: Mapping[str, ScaleName],
    generator: np.random.Generator,
    *,
    held: Sequence[str] = (),
) -> dict[str, float]:
    """One draw of the parameters from the distribution of their estimates.

    Normal on each parameter's own scale, around the estimate on that scale: a positive parameter is lognormal with the
    estimate as its median. Covariances are of the natural values, as a model shows them; the delta method by which a
    fit on the scale made them is undone here.

    Parameters
    ----------
    values
        Estimates by name, in natural units.
    covariance_or_errors
        (n, n) covariance of the estimates in the order of ``values``, or standard errors by name (then they are taken
        as independent). A parameter whose error is NaN, missing or 0, or whose estimate lies at the edge of its scale,
        stays at its value.
    scales
        By name; left out is plain.
    generator
        Takes one normal per parameter, held or not: holding one does not move the draws of an independent other.
    held
        Names that stay whatever their error is: those that the user's own view fixes.

    Returns
    -------
    All of ``values``, those that stay included.

    Raises
    ------
    ValueError
        The covariance does not fit ``values``, or is not one: it has a negative eigenvalue.

    Example
    -------
    sigma = 0.4 with standard error 0.1 on the log scale is 0.4 exp(0.25 z).
    """
    names = list(values)
    covariance = _covariance(names, covariance_or_errors)
    kinds = [SCALES[scales.get(name, "plain")] for name in names]
    normals = generator.standard_normal(len(names))
    free = [
        i
        for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
        if name not in held and kind.inside(values[name]) and np.isfinite(covariance[i, i]) and covariance[i, i] > 0.0
    ]
    drawn = dict(values)
    if free:
        slopes = np.array([kinds[i].slope(values[names[i]]) for i in free])
        on_scale = covariance[np.ix_(free, free)] / np.outer(slopes, slopes)
        moves = _root(on_scale, [names[i] for i in free]) @ normals[free]
        for i, move in zip(free, moves, strict=True):
            drawn[names[i]] = kinds[i].back(kinds[i].forward(values[names[i]]) + float(move))
    return drawn


def _covariance(names: Sequence[str], given: Floats | Mapping[str, float]) -> Floats:
    if isinstance(given, Mapping):
        return np.diag(np.square([float(given.get(name, np.nan)) for name in names]))
    covariance = np.asarray(given, dtype=np.float64)
    if covariance.shape != (len(names), len(names)):
        raise ValueError(f"a covariance {covariance.shape} does not fit {len(names)} parameters: {', '.join(names)}")
    return covariance


def _root(covariance: Floats, names: Sequence[str]) -> Floats:
    """A (n, n) root of a covariance, singular ones included; entries that are not known count as 0."""
    spread = np.sqrt(np.diag(covariance))
    correlation = np.where(np.isfinite(covariance), covariance, 0.0) / np.outer(spread, spread)
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        sizes, directions = np.linalg.eigh(0.5 * (correlation + correlation.T))
        if sizes[0] < -NEGATIVE_AT_MOST * sizes[-1]:
            raise ValueError(f"the covariance of {', '.join(names)} has a negative eigenvalue {sizes[0]:.3g}") from None
        root = directions * np.sqrt(np.maximum(sizes, 0.0))
    return np.asarray(spread[:, None] * root)
