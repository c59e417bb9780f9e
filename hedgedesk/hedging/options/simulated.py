"""Options on an average by simulated paths, with the geometric mean as control.

References
----------
Kemna and Vorst (1990), A pricing method for options based on average asset values, Journal of Banking and Finance 14.
Glasserman (2004), Monte Carlo Methods in Financial Engineering, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.options.average import Window, averaging_window, geometric_law
from hedgedesk.hedging.options.black import require, undiscounted

PILOT = 1_000
"""Paths that only find the control's coefficient, so that the estimate stays unbiased."""


@dataclass(frozen=True, slots=True)
class SimulatedValue:
    """Worth of one bought option on one unit, by simulation."""

    price: float
    standard_error: float
    plain_standard_error: float
    """Without the control."""
    coefficient: float
    """Of the control."""
    paths: int
    """That the estimate rests on, the pilot's not counted."""


def simulated_asian(
    kind: str,
    prints: Floats,
    forwards: Any,
    strike: float,
    fixing_years: Any,
    volatility: Any,
    rate: float,
    *,
    fixed: Any = (),
    expiry_years: float | None = None,
    pilot: int = PILOT,
) -> SimulatedValue:
    """Price an option on the arithmetic mean of the fixings from simulated paths of them.

    Parameters
    ----------
    prints
        (S, n) simulated prices at the open fixings, of any lognormal law: mean ``forwards``, and the covariance of
        logs that ``volatility`` says. Columns as ``fixing_years``.
    pilot
        How many of the first paths only find the control's coefficient; at most half of them are taken.

    Other parameters are those of :func:`hedgedesk.hedging.options.asian`.

    Raises
    ------
    InputError
        An argument is out of its range; fewer than four paths, or prints that are not one column a fixing.
    """
    window = averaging_window(kind, forwards, strike, fixing_years, volatility, rate, fixed, expiry_years)
    years = np.atleast_1d(np.asarray(fixing_years, dtype=float))
    prints = np.asarray(prints, dtype=float)
    require(
        (prints.ndim == 2 and prints.shape[1] == years.size, f"prints must be (S, {years.size}), found {prints.shape}"),
        (len(prints) >= 4, "a simulated price needs at least four paths"),
        (bool(np.all(np.isfinite(prints)) and np.all(prints > 0)), "every simulated price must be above 0"),
    )
    # Columns in any order make the same mean; a fixing of today is fixed at its forward, as in the window.
    payoff, control = _payoffs(kind, prints[:, years > 0], window)
    discount = exp(-rate * window.expiry)
    return _controlled(discount * payoff, discount * control, discount * _control_mean(kind, window), pilot)


def lognormal_prints(forwards: Any, fixing_years: Any, volatility: Any, paths: int, seed: int) -> Floats:
    """(S, n) prices at the fixings of a lognormal law, columns by time; arguments as of :func:`simulated_asian`.

    Raises
    ------
    InputError
        As :func:`hedgedesk.hedging.options.asian`; a fixing of today.
    """
    window = averaging_window("call", forwards, 0.0, fixing_years, volatility, 0.0, (), None)
    require((window.fixed.size == 0, "a fixing of today is not drawn"), (paths > 0, "paths must be above 0"))
    covariance = window.covariance
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normals = np.random.default_rng(seed).standard_normal((paths, window.years.size))
    prints: Floats = window.forwards * np.exp(normals @ root.T - covariance.diagonal() / 2.0)
    return prints


def _payoffs(kind: str, prints: Floats, window: Window) -> tuple[Floats, Floats]:
    """(S,) undiscounted payoff on the arithmetic and on the geometric mean of all fixings."""
    sign = 1.0 if kind == "call" else -1.0
    count = prints.shape[1] + window.fixed.size
    arithmetic = (prints.sum(axis=1) + window.fixed.sum()) / count
    geometric = np.exp((np.log(prints).sum(axis=1) + np.log(window.fixed).sum()) / count)
    one, other = (np.maximum(sign * (mean - window.strike), 0.0) for mean in (arithmetic, geometric))
    return one, other


def _control_mean(kind: str, window: Window) -> float:
    mean, deviation = geometric_law(window)
    return undiscounted(kind, exp(mean + deviation**2 / 2.0), window.strike, deviation).mean


def _controlled(payoff: Floats, control: Floats, control_mean: float, pilot: int) -> SimulatedValue:
    """Mean of the payoff, less the control's error in proportion to the coefficient that the pilot finds."""
    pilot = min(max(pilot, 2), payoff.size // 2)
    first = control[:pilot] - control[:pilot].mean()
    square = float(first @ first)
    coefficient = float(first @ payoff[:pilot]) / square if square > 0 else 0.0
    rest = payoff[pilot:]
    reduced = rest - coefficient * (control[pilot:] - control_mean)
    root = sqrt(rest.size)
    return SimulatedValue(
        price=float(reduced.mean()),
        standard_error=float(reduced.std(ddof=1)) / root,
        plain_standard_error=float(rest.std(ddof=1)) / root,
        coefficient=coefficient,
        paths=rest.size,
    )
