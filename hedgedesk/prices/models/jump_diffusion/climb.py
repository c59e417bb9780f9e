"""The highest likelihood of a model with jumps, and the proof that it is one, with gradients by complex steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import NotConverged
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.values import ArrayHolder, Floats

COMPLEX_STEP = 1e-20
"""Its error is its square: none."""
CURVATURE_STEP = 1e-4
STILL_TO_GAIN = 0.01
"""Log-likelihood that a Newton step may at most still promise at an accepted optimum."""
SCALED_CURVATURE = 1e-4
"""Least eigenvalue of the negative Hessian, scaled to a unit diagonal, that counts as curved."""
GRADIENT_TOLERANCE = 1e-6
"""Of the log-likelihood over its own size."""
LEAST_CURVATURE = 1.0
"""Of a start: no first step is longer than the gradient."""
USUAL_STEPS = 20
NOWHERE = -1e12
"""Stands for a log-likelihood that is no number, so that a line search turns back."""


class Flat(NotConverged):
    """The likelihood has no interior maximum along one parameter."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


Batch = NDArray[Any]
"""(B, P) parameter sets, complex ones too."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A likelihood over coordinates in which any real number is allowed."""

    names: tuple[str, ...]
    """(P,) of the natural parameters; coordinate i is mainly about parameter i."""
    natural: Callable[[Batch], Batch]
    """Coordinates to natural parameters."""
    likelihood: Callable[[Batch], Any]
    """(B,) of natural parameters (B, P); NaN where they are not allowed."""
    free: NDArray[np.bool_]
    """(P,) coordinates that are climbed in; the others are held."""
    prior_sd: Floats
    """(P,) of a normal prior around 0 of each coordinate; infinite for none."""
    at_once: int
    """Parameter sets to evaluate in one pass: as many as the memory bears."""

    def holding(self, *held: int) -> Self:
        """The same with more coordinates held."""
        free = self.free.copy()
        free[list(held)] = False
        return replace(self, free=free)

    def value(self, point: Floats) -> float:
        """Penalised log-likelihood at coordinates (P,)."""
        with np.errstate(all="ignore"):
            value = float(self._objective(point[None])[0].real)
        return value if np.isfinite(value) else NOWHERE

    def gradient(self, point: Floats) -> tuple[float, Floats]:
        """Penalised log-likelihood and its gradient in the free coordinates, in one pass over the history."""
        with np.errstate(all="ignore"):
            values = self._objective(self._stepped(point))
        slopes = np.nan_to_num(values.imag / COMPLEX_STEP, nan=0.0, posinf=0.0, neginf=0.0)
        value = float(values.real[0])
        return (value if np.isfinite(value) else NOWHERE), slopes

    def jacobian(self, point: Floats) -> Floats:
        """(F, P) derivative of every natural parameter by each free coordinate."""
        return np.asarray(self.natural(self._stepped(point)).imag / COMPLEX_STEP)

    def hessian(self, point: Floats) -> Floats:
        """(F, F) second derivatives in the free coordinates: differences of gradients, many of them in one pass."""
        free = np.flatnonzero(self.free)
        moves = np.zeros((free.size, point.size))
        moves[np.arange(free.size), free] = CURVATURE_STEP
        trials = np.concatenate([self._stepped(near) for near in (*(point + moves), *(point - moves))])
        with np.errstate(all="ignore"):
            parts = np.array_split(trials, -(-len(trials) // self.at_once))
            slopes = np.concatenate([self._objective(part).imag for part in parts]) / COMPLEX_STEP
        up, down = np.nan_to_num(slopes).reshape(2, free.size, free.size)
        hessian = (up - down) / (2 * CURVATURE_STEP)
        return np.asarray(0.5 * (hessian + hessian.T))

    def _objective(self, points: Batch) -> Any:
        return self.likelihood(self.natural(points)) - 0.5 * ((points / self.prior_sd) ** 2).sum(axis=-1)

    def _stepped(self, point: Floats) -> Batch:
        """One copy of the point for each free coordinate, with a complex step in it."""
        free = np.flatnonzero(self.free)
        trial = np.tile(point.astype(np.complex128), (free.size, 1))
        trial[np.arange(free.size), free] += 1j * COMPLEX_STEP
        return trial


@dataclass(frozen=True, eq=False)
class Summit(ArrayHolder):
    """Where the likelihood is highest."""

    point: Floats
    """(P,) coordinates."""
    values: Floats
    """(P,) natural parameters."""
    coordinate_errors: Floats
    """(P,) standard errors of the coordinates, NaN where held: of a logarithm, relative ones."""
    covariance: Floats
    """(P, P) of the natural parameters by the delta method; NaN where one was held."""
    log_likelihood: float
    """Without the prior."""
    estimated: int


def highest(surface: Surface, starts: Sequence[Floats], tick: Tick = silent) -> Floats:
    """Coordinates of the maximum that BFGS reaches from the most likely of ``starts``."""
    return climbed(surface, max(starts, key=surface.value), tick)


def climbed(surface: Surface, point: Floats, tick: Tick = silent) -> Floats:
    """Coordinates where BFGS stops, from ``point``."""
    from scipy.optimize import minimize

    steps = count(1)

    def told(_reached: Any) -> None:
        taken = next(steps)
        tick(taken / (taken + 0.5 * USUAL_STEPS), "Fitting the price model")

    scale = abs(surface.value(point)) + 1.0

    def loss(x: Any) -> tuple[float, Floats]:
        trial = point.copy()
        trial[surface.free] = x
        value, slopes = surface.gradient(trial)
        return -value / scale, -slopes / scale

    options: Any = {"gtol": GRADIENT_TOLERANCE, "maxiter": 300, "hess_inv0": scale * _metric(surface, point)}
    callback: Any = told
    with np.errstate(all="ignore"):
        found = minimize(loss, point[surface.free], jac=True, method="BFGS", options=options, callback=callback)
    arrived = point.copy()
    arrived[surface.free] = found.x
    return arrived


def _metric(surface: Surface, point: Floats) -> Floats:
    """Inverse of the curvature at a start, its signs and its flat directions mended: what BFGS measures steps by."""
    sizes, directions = np.linalg.eigh(surface.hessian(point))
    metric = (directions / np.maximum(np.abs(sizes), LEAST_CURVATURE)) @ directions.T
    return np.asarray(0.5 * (metric + metric.T))


def summit(surface: Surface, point: Floats, model: str) -> Summit:
    """What is known at the top.

    Raises
    ------
    Flat
        The likelihood is not curved down in every direction; names the parameter.
    NotConverged
        ``point`` is not where its gradient vanishes.
    """
    free = surface.free
    covariance = _covariance_at(surface, point, model)
    errors = np.full(point.size, np.nan)
    errors[free] = np.sqrt(np.diag(covariance))
    jacobian = surface.jacobian(point)
    natural = jacobian.T @ covariance @ jacobian
    # What is held at a multiple of something free moves with it, but nothing says how well that multiple is known.
    natural[~free], natural[:, ~free] = np.nan, np.nan
    values = np.asarray(surface.natural(point[None]), dtype=np.float64)
    return Summit(point, values[0], errors, natural, float(surface.likelihood(values)[0]), int(free.sum()))


def _covariance_at(surface: Surface, point: Floats, model: str) -> Floats:
    names = [name for name, free in zip(surface.names, surface.free, strict=True) if free]
    curvature = -surface.hessian(point)
    flat = _flat(curvature, names)
    if flat is not None:
        message = (
            f"{model} is not identified by this history: at the highest likelihood found {flat} has no interior "
            "maximum; it needs a longer history"
        )
        raise Flat(message, flat)
    covariance = np.asarray(np.linalg.inv(curvature))
    slopes = surface.gradient(point)[1]
    promised = float(0.5 * slopes @ covariance @ slopes)
    if promised > STILL_TO_GAIN:
        raise NotConverged(f"{model} did not converge: the search stopped {promised:.2g} of log-likelihood too early")
    return covariance


def _flat(curvature: Floats, names: Sequence[str]) -> str | None:
    """Name a parameter along which the likelihood is not curved down; None where it is in every direction."""
    diagonal = np.diag(curvature)
    if not np.all(diagonal > 1e-10):
        return names[int(np.argmin(diagonal))]
    scale = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(curvature / np.outer(scale, scale))
    return None if values[0] >= SCALED_CURVATURE else names[int(np.argmax(np.abs(vectors[:, 0])))]
