"""Options on the arithmetic mean of a price's fixings, by its first two moments; geometric mean in closed form.

The mean of lognormal prices is not lognormal, but nearly: its first two moments are matched by a lognormal amount,
which Black's formula then prices.

References
----------
Levy (1992), Pricing European average rate currency options, Journal of International Money and Finance 11.
Turnbull and Wakeman (1991), A quick algorithm for pricing European average options, JFQA 26.
Kemna and Vorst (1990), A pricing method for options based on average asset values, Journal of Banking and Finance 14.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Any

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.options.black import KINDS, OptionValue, require, undiscounted

ROUNDING = 1e-9
"""A covariance may miss symmetry and a positive spectrum by this much of its largest entry."""


@dataclass(frozen=True, eq=False)
class Window(ArrayHolder):
    """An averaging window as it stands: what is fixed, what is still open."""

    forwards: Floats
    """(n,) of the open fixings, by time."""
    years: Floats
    """(n,) rising."""
    law: Floats
    """() a volatility, or (n, n) the covariance of the log prices at the open fixings."""
    fixed: Floats
    """(j,) prices already fixed."""
    strike: float
    expiry: float
    """Years to payment."""

    @property
    def share_open(self) -> float:
        """Of all fixings."""
        return self.years.size / (self.years.size + self.fixed.size)

    @property
    def strike_left(self) -> float:
        """Strike of an option on the mean of the open fixings alone, of which ``share_open`` units are held."""
        count = self.years.size + self.fixed.size
        return (count * self.strike - float(self.fixed.sum())) / self.years.size

    @property
    def covariance(self) -> Floats:
        """(n, n) of the log prices at the open fixings."""
        if self.law.ndim == 2:
            return self.law
        return float(self.law) ** 2 * np.minimum(self.years[:, None], self.years)


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of the log of the mean of the open fixings, as two moments give it, and how it moves."""

    variance: float
    by_volatility: float
    by_time: float
    """Per year that passes; at most 0."""


def asian(
    kind: str,
    forwards: Any,
    strike: float,
    fixing_years: Any,
    volatility: Any,
    rate: float,
    *,
    fixed: Any = (),
    expiry_years: float | None = None,
) -> OptionValue:
    """Price and greeks of an option on the arithmetic mean of a price's fixings, two moments matched.

    Parameters
    ----------
    kind
        ``call`` or ``put``.
    forwards
        (n,) or one number: what the price of each open fixing is traded at today.
    strike
        Of the mean over all fixings, at least 0.
    fixing_years
        (n,) from today to each open fixing; one that is made today counts as fixed at its forward.
    volatility
        Per year, or the (n, n) covariance of the log prices at the open fixings. With a covariance, vega is per 1.00
        of a factor on all volatilities, and theta lets the variance of the first fixing pass evenly.
    rate
        Continuously compounded, per year.
    fixed
        (j,) prices already fixed; n = 0 is possible, then ``expiry_years`` may be 0.
    expiry_years
        To payment; None: the last fixing.

    Raises
    ------
    InputError
        An argument is out of its range, or a covariance is none; every fault at once.

    Notes
    -----
    With j of N fixings made at a mean of A, the rest is worth (N - j)/N options on the mean of the open ones, struck at
    (N K - j A)/(N - j); where that is not above 0, a call is a forward.
    """
    window = averaging_window(kind, forwards, strike, fixing_years, volatility, rate, fixed, expiry_years)
    discount = exp(-rate * window.expiry)
    if window.years.size == 0:
        left = float(window.fixed.mean()) - strike
        price = discount * max(left if kind == "call" else -left, 0.0)
        return OptionValue(price, 0.0, 0.0, 0.0, rate * price)
    spread, share = spread_of(window), discount * window.share_open
    deviation = sqrt(spread.variance)
    option = undiscounted(kind, float(window.forwards.mean()), window.strike_left, deviation)
    by_variance = option.by_deviation / (2.0 * deviation) if deviation > 0 else 0.0
    return OptionValue(
        price=share * option.mean,
        delta=share * option.slope,
        gamma=share * option.curvature,
        vega=share * by_variance * spread.by_volatility,
        theta=share * (rate * option.mean + by_variance * spread.by_time),
    )


def geometric_asian(
    kind: str,
    forwards: Any,
    strike: float,
    fixing_years: Any,
    volatility: Any,
    rate: float,
    *,
    fixed: Any = (),
    expiry_years: float | None = None,
) -> float:
    """Price of an option on the geometric mean of the fixings, exactly; arguments as of :func:`asian`.

    Raises
    ------
    InputError
        As :func:`asian`.
    """
    window = averaging_window(kind, forwards, strike, fixing_years, volatility, rate, fixed, expiry_years)
    mean, deviation = geometric_law(window)
    forward = exp(mean + deviation**2 / 2.0)
    return exp(-rate * window.expiry) * undiscounted(kind, forward, strike, deviation).mean


def log_deviation(forwards: Any, fixing_years: Any, volatility: Any) -> float:
    """Standard deviation of the log of the fixings' mean, as two moments give it; arguments as of :func:`asian`.

    Three weekly fixings that end in half a year have 0.94460 of the variance of the last one alone.

    Raises
    ------
    InputError
        As :func:`asian`.
    """
    window = averaging_window("call", forwards, 0.0, fixing_years, volatility, 0.0, (), None)
    return sqrt(spread_of(window).variance) if window.years.size else 0.0


def averaging_window(
    kind: str,
    forwards: Any,
    strike: float,
    fixing_years: Any,
    volatility: Any,
    rate: float,
    fixed: Any,
    expiry_years: float | None,
) -> Window:
    """Check the arguments of :func:`asian` and put the open fixings in order of time.

    Raises
    ------
    InputError
        As told there.
    """
    years = np.atleast_1d(np.asarray(fixing_years, dtype=float))
    prices = np.asarray(forwards, dtype=float)
    law, past = np.asarray(volatility, dtype=float), np.atleast_1d(np.asarray(fixed, dtype=float))
    require(
        (kind in KINDS, f"kind must be call or put, found {kind!r}"),
        (isfinite(strike) and strike >= 0, f"strike must be at least 0, found {strike}"),
        (isfinite(rate), f"rate must be a finite number, found {rate}"),
        *_fixing_conditions(prices, years, past),
        *_law_conditions(law, years.size),
    )
    last = float(years.max(initial=0.0))
    expiry = last if expiry_years is None else float(expiry_years)
    require((isfinite(expiry) and expiry >= last, f"expiry_years must not come before the last fixing, found {expiry}"))
    prices, order = np.broadcast_to(prices, years.shape), np.argsort(years, kind="stable")
    ahead = order[years[order] > 0]
    return Window(
        forwards=prices[ahead],
        years=years[ahead],
        law=law[np.ix_(ahead, ahead)] if law.ndim == 2 else law,
        fixed=np.concatenate([past, prices[years == 0]]),
        strike=float(strike),
        expiry=expiry,
    )


def _fixing_conditions(prices: Floats, years: Floats, past: Floats) -> list[tuple[bool, str]]:
    """What forwards, times and prices already fixed must be."""
    return [
        (years.ndim == 1 and years.size + past.size > 0, "an average needs at least one fixing"),
        (prices.ndim == 0 or prices.shape == years.shape, "forwards must be one number, or one for each open fixing"),
        (bool(np.all(np.isfinite(prices)) and np.all(prices > 0)), "every forward must be above 0"),
        (bool(np.all(np.isfinite(past)) and np.all(past > 0)), "every fixed price must be above 0"),
        (bool(np.all(np.isfinite(years)) and np.all(years >= 0)), "fixing_years must be at least 0"),
    ]


def _law_conditions(law: Floats, fixings: int) -> list[tuple[bool, str]]:
    """What a volatility or a covariance must be."""
    if law.ndim == 0:
        return [(bool(np.isfinite(law) and law >= 0), f"volatility must be at least 0, found {law}")]
    if law.shape != (fixings, fixings) or not np.all(np.isfinite(law)):
        return [(False, f"volatility must be one number, or a finite ({fixings}, {fixings}) covariance of log prices")]
    slack = ROUNDING * max(float(np.abs(law).max(initial=0.0)), 1e-300)
    least = float(np.linalg.eigvalsh((law + law.T) / 2.0)[0]) if fixings else 0.0
    return [
        (bool(np.all(np.abs(law - law.T) <= slack)), "the covariance of log prices is not symmetric"),
        (least >= -slack * fixings, f"the covariance of log prices has a negative eigenvalue, {least:.3g}"),
    ]


def spread_of(window: Window) -> Spread:
    """Variance of the log of the mean of the open fixings, from its first two moments."""
    if window.law.ndim == 2:
        return _spread_of_covariance(window)
    volatility, years = float(window.law), window.years
    # With one driver the covariance of two prices is that of the earlier one: pairs are counted by it, in O(n).
    later = np.cumsum(window.forwards[::-1])[::-1] - window.forwards
    weights = window.forwards * (window.forwards + 2.0 * later)
    weights /= weights.sum()
    growth = volatility**2 * years
    variance = _log_of_mean(weights, growth)
    tilted = weights * np.exp(growth - variance)
    return Spread(variance, 2.0 * volatility * float(tilted @ years), -(volatility**2))


def _log_of_mean(weights: Floats, growth: Floats) -> float:
    """Log of the weighted mean of exp(growth): every digit where it is small, no overflow where it is large."""
    top = float(growth.max())
    if top < 1.0:
        return float(np.log1p(np.sum(weights * np.expm1(growth))))
    return top + float(np.log(np.sum(weights * np.exp(growth - top))))


def _spread_of_covariance(window: Window) -> Spread:
    weights = np.outer(window.forwards, window.forwards)
    weights /= weights.sum()
    variance = max(_log_of_mean(weights, window.law), 0.0)
    tilted = weights * np.exp(window.law - variance)
    passing = float(window.law[0, 0] / window.years[0])
    return Spread(variance, 2.0 * float(np.sum(tilted * window.law)), -passing)


def geometric_law(window: Window) -> tuple[float, float]:
    """Mean and standard deviation of the log of the geometric mean of all fixings."""
    count = window.years.size + window.fixed.size
    known = float(np.log(window.fixed).sum()) / count
    if window.years.size == 0:
        return known, 0.0
    if window.law.ndim == 2:
        own, total = window.law.diagonal(), float(window.law.sum())
    else:
        own = float(window.law) ** 2 * window.years
        pairs = 2 * np.arange(window.years.size, 0, -1) - 1
        total = float(own @ pairs)
    mean = known + float((np.log(window.forwards) - own / 2.0).sum()) / count
    return mean, sqrt(max(total, 0.0)) / count
