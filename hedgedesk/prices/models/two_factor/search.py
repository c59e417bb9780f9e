"""Maximum likelihood of the two-factor model: several starts, one polished optimum, and the proof that it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.models.two_factor.curvature import covariance_at
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.starts import starting_points

if TYPE_CHECKING:
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

TRIED = 3
"""Starts that are followed for a few steps; only the best of them is polished."""
FIRST_STEPS = 12
GRADIENT_TOLERANCE = 1e-6
"""Of the mean log-likelihood per date."""
USUAL_STEPS = 25
"""Of the polish; only the progress bar believes in it."""
FITTING = "Fitting the price model"
LOSS_AT_FLOOR = 0.01
"""Log-likelihood given up at most when a measurement error is put at its floor: far below the 1.92 of a 95% test."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TwoFactorFit(ArrayHolder):
    """The two-factor model at its maximum likelihood."""

    parameters: dict[str, Any]
    """The seven of :class:`TwoFactorParameters` by name, and ``measurement_sd`` (K,) in log price."""
    standard_errors: dict[str, Any]
    """Likewise; NaN where a parameter was held: a measurement error at its floor of 1e-6, an input."""
    log_likelihood: float
    states: Floats
    """(T, 2) filtered chi and xi: each row knows the quotes up to its own date and none after."""
    state_covariance: Floats
    """(2, 2) of the last row."""
    observations: int
    """Quotes used."""
    covariance: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """(P, P) of all parameters in the order of ``parameters``, measurement errors last; NaN where one was held."""

    @property
    def model_parameters(self) -> TwoFactorParameters:
        """The seven parameters without the measurement errors."""
        return TwoFactorParameters(**{name: v for name, v in self.parameters.items() if name != "measurement_sd"})


def fit_panel(
    log_futures: Floats, maturities_years: Floats, dt_years: float | Floats, tick: Tick = silent
) -> TwoFactorFit:
    """Fit a panel of log futures prices; see :meth:`TwoFactor.fit_panel`."""
    from hedgedesk.prices.models.two_factor.kalman import SchwartzSmith

    prices, maturities = _panel(log_futures, maturities_years)
    model = SchwartzSmith(prices, maturities, dt_years)
    starts = starting_points(prices, maturities, model.steps)
    return maximise(model, starts, np.ones(len(model.param_names), dtype=bool), tick)


def maximise(model: SchwartzSmith, starts: Sequence[Floats], free: Mask, tick: Tick = silent) -> TwoFactorFit:
    """Climb from the best of ``starts`` (natural parameters) in the ``free`` ones; the others stay where they are.

    Raises
    ------
    NotConverged
        The climb ends where the Hessian is not negative definite in the free parameters, or at abs(rho) = 1.
    """
    best = _best_climb(model, starts, free, tick)
    told = _Steps(tick, 0.5, 0.8, USUAL_STEPS)
    top, free = _polished(model, best, free, told)
    tick(0.9, FITTING)
    covariance = covariance_at(model, top.point, free)
    tick(1.0, FITTING)
    return _result(model, top.point, free, covariance)


def _panel(log_futures: Floats, maturities_years: Floats) -> tuple[Floats, Floats]:
    prices = np.array(log_futures, dtype=np.float64)
    if prices.ndim != 2 or prices.shape[1] < 2 or prices.shape[0] < 3:
        raise ValueError(f"log_futures must be (dates, maturities), at least 3 x 2, not {prices.shape}")
    maturities = np.array(maturities_years, dtype=np.float64)
    if maturities.shape not in ((prices.shape[1],), prices.shape):
        raise ValueError(f"maturities {maturities.shape} do not fit log prices {prices.shape}")
    quoted = np.isfinite(prices)
    if not quoted.any(axis=0).all():
        raise ValueError("every maturity needs at least one quote")
    if maturities.ndim == 2:
        # What is not quoted is never read, but a NaN in the design would spread.
        maturities = np.where(quoted, maturities, 1.0)
    if not np.all(maturities >= 0):
        raise ValueError("maturities must be at least 0 wherever there is a quote")
    prices[~quoted] = np.nan
    return prices, maturities


@dataclass(frozen=True, eq=False)
class _Climb:
    """Where BFGS stopped in search space, and its inverse Hessian of the mean loss there, to go on from."""

    point: Floats
    inverse: Floats


class _Steps:
    """Tells each step of a climb: of a stretch of the whole, ever less the longer the climb takes."""

    def __init__(self, tick: Tick, start: float, end: float, usual: int) -> None:
        self._tick, self._start, self._end, self._usual = tick, start, end, usual
        self._taken = 0

    def __call__(self, _reached: Floats) -> None:
        """Tell one step more."""
        self._taken += 1
        share = self._taken / (self._taken + 0.5 * self._usual)
        self._tick(self._start + (self._end - self._start) * share, FITTING)


def _best_climb(model: SchwartzSmith, starts: Sequence[Floats], free: Mask, tick: Tick) -> _Climb:
    """The climb with the highest likelihood after a few steps from the most likely starts."""
    points = [model.untransform_params(start) for start in starts]
    points.sort(key=lambda point: -model.log_likelihood_at(point))
    part = 0.5 / TRIED
    climbed = [
        _climb(model, point, free, steps=FIRST_STEPS, told=_Steps(tick, i * part, (i + 1) * part, FIRST_STEPS))
        for i, point in enumerate(points[:TRIED])
    ]
    return max(climbed, key=lambda climb: model.log_likelihood_at(climb.point))


def _climb(
    model: SchwartzSmith,
    point: Floats,
    free: Mask,
    *,
    steps: int,
    inverse: Floats | None = None,
    told: Any = None,
) -> _Climb:
    from scipy.optimize import minimize

    def loss(x: Floats) -> tuple[float, Floats]:
        trial = point.copy()
        trial[free] = x
        value, gradient = model.value_and_gradient_at(trial, free)
        return -value / model.nobs, -gradient / model.nobs

    options: Any = {"gtol": GRADIENT_TOLERANCE, "maxiter": steps, "hess_inv0": inverse}
    with np.errstate(all="ignore"):
        found = minimize(loss, point[free], jac=True, method="BFGS", options=options, callback=told)
    arrived = point.copy()
    arrived[free] = found.x
    # Rounding may leave it a hair off symmetric, which BFGS would refuse as a start.
    reached = np.asarray(found.hess_inv)
    return _Climb(arrived, 0.5 * (reached + reached.T))


def _polished(model: SchwartzSmith, start: _Climb, free: Mask, told: Any) -> tuple[_Climb, Mask]:
    """Climb to the top; measurement errors that the likelihood wants at 0 are held at their floor on the way.

    Left free, such a one creeps on for dozens of steps after all else has arrived. One that was held too soon is let
    go again.
    """
    near = _climb(model, start.point, free, steps=USUAL_STEPS, inverse=start.inverse, told=told)
    held, still_free = _put_at_floor(model, near, free, loss=0.0)
    top = _climb(model, held.point, still_free, steps=500, inverse=held.inverse, told=told)
    released = top.point.copy()
    released[free & ~still_free] = near.point[free & ~still_free]
    if model.log_likelihood_at(released) > model.log_likelihood_at(top.point):
        top, still_free = _climb(model, released, free, steps=500, told=told), free
    held, at_last = _put_at_floor(model, top, still_free, loss=LOSS_AT_FLOOR)
    if np.array_equal(at_last, still_free):
        return top, still_free
    return _climb(model, held.point, at_last, steps=200, inverse=held.inverse, told=told), at_last


def _put_at_floor(model: SchwartzSmith, top: _Climb, free: Mask, *, loss: float) -> tuple[_Climb, Mask]:
    """Hold the measurement errors whose floor costs at most ``loss`` of log-likelihood; the rest stays where it is."""
    from hedgedesk.prices.models.two_factor.kalman import AT_FLOOR, MODEL_PARAMETERS

    floored, still_free = top.point.copy(), free.copy()
    for k in range(len(MODEL_PARAMETERS), free.size):
        trial = floored.copy()
        trial[k] = AT_FLOOR
        if free[k] and model.log_likelihood_at(trial) >= model.log_likelihood_at(floored) - loss:
            floored, still_free[k] = trial, False
    return _Climb(floored, _inverse_within(top.inverse, still_free[free])), still_free


def _inverse_within(inverse: Floats, kept: Mask) -> Floats:
    """The inverse Hessian of the ``kept`` directions alone: by the Schur complement of the others."""
    if kept.all():
        return inverse
    across = inverse[np.ix_(kept, ~kept)]
    inner = inverse[np.ix_(kept, kept)] - across @ np.linalg.solve(inverse[np.ix_(~kept, ~kept)], across.T)
    return np.asarray(0.5 * (inner + inner.T))


def _result(model: SchwartzSmith, point: Floats, free: Mask, covariance: Floats) -> TwoFactorFit:
    natural = model.transform_params(point)
    model.update(natural)
    filtered = model.ssm.filter()
    errors = np.full(free.size, np.nan)
    # Delta method: every transform acts on one parameter alone, so its Jacobian is a diagonal.
    slope = model.slope_at(point)[free]
    errors[free] = np.sqrt(np.diag(covariance)) * np.abs(slope)
    natural_covariance = np.full((free.size, free.size), np.nan)
    natural_covariance[np.ix_(free, free)] = covariance * np.outer(slope, slope)
    return TwoFactorFit(
        parameters=_named(model, natural),
        standard_errors=_named(model, errors),
        log_likelihood=float(filtered.llf),
        states=filtered.filtered_state.T,
        state_covariance=filtered.filtered_state_cov[:, :, -1],
        observations=int(np.isfinite(model.endog).sum()),
        covariance=natural_covariance,
    )


def _named(model: SchwartzSmith, values: Floats) -> dict[str, Any]:
    count = values.size - model.k_endog
    named = {name: float(v) for name, v in zip(model.param_names[:count], values[:count], strict=True)}
    return {**named, "measurement_sd": values[count:].copy()}
