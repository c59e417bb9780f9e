"""Black's formula for an option on a forward, and the greeks of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, isfinite, log, pi, sqrt

from hedgedesk.domain.errors import InputError

KINDS = ("call", "put")


@dataclass(frozen=True, slots=True)
class OptionValue:
    """Worth of one bought option on one unit, and how it moves; money per unit of the underlying."""

    price: float
    """Paid today."""
    delta: float
    """Per 1 of the forward; of an average, per 1 of its mean forward, the forwards moving in proportion."""
    gamma: float
    """Of delta, per 1 of the forward."""
    vega: float
    """Per 1.00 of volatility, which is a hundred points of it."""
    theta: float
    """Per year that passes while forward and volatility stay; mostly below 0."""


@dataclass(frozen=True, slots=True)
class Undiscounted:
    """Mean payoff of an option on a lognormal amount, and its derivatives."""

    mean: float
    slope: float
    """By the forward."""
    curvature: float
    """By the forward, twice."""
    by_deviation: float
    """By the standard deviation of the amount's log."""


def black76(kind: str, forward: float, strike: float, years: float, volatility: float, rate: float) -> OptionValue:
    """Price and greeks of a European option on a forward or a futures price.

    Parameters
    ----------
    kind
        ``call`` or ``put``.
    forward, strike
        Money per unit; the forward above 0, the strike at least 0.
    years
        To expiry, at least 0.
    volatility
        Of the forward, per year, at least 0.
    rate
        Continuously compounded, per year.

    Raises
    ------
    InputError
        An argument is out of its range; every one that is.

    References
    ----------
    Black (1976), The pricing of commodity contracts, Journal of Financial Economics 3.
    """
    require(
        (kind in KINDS, f"kind must be call or put, found {kind!r}"),
        (isfinite(forward) and forward > 0, f"forward must be above 0, found {forward}"),
        (isfinite(strike) and strike >= 0, f"strike must be at least 0, found {strike}"),
        (isfinite(years) and years >= 0, f"years must be at least 0, found {years}"),
        (isfinite(volatility) and volatility >= 0, f"volatility must be at least 0, found {volatility}"),
        (isfinite(rate), f"rate must be a finite number, found {rate}"),
    )
    root, discount = sqrt(years), exp(-rate * years)
    option = undiscounted(kind, forward, strike, volatility * root)
    # Before expiry, time takes away deviation at the rate of half a volatility over the root of time.
    decay = option.by_deviation * volatility / (2.0 * root) if years > 0 else 0.0
    return OptionValue(
        price=discount * option.mean,
        delta=discount * option.slope,
        gamma=discount * option.curvature,
        vega=discount * option.by_deviation * root,
        theta=discount * (rate * option.mean - decay),
    )


def require(*conditions: tuple[bool, str]) -> None:
    """Raise :class:`InputError` with the text of every condition that is not met."""
    broken = [text for met, text in conditions if not met]
    if broken:
        raise InputError("; ".join(broken))


def undiscounted(kind: str, forward: float, strike: float, deviation: float) -> Undiscounted:
    """Mean payoff where the log of the amount has standard ``deviation``; a strike below 0 is never in doubt."""
    sign = 1.0 if kind == "call" else -1.0
    if strike <= 0 or deviation <= 0:
        sure = sign * (forward - strike)
        # At the strike to the digit, the slope lies half way between that of either side.
        slope = sign * (0.5 if sure == 0 else float(sure > 0))
        return Undiscounted(max(sure, 0.0), slope, 0.0, 0.0)
    d1 = log(forward / strike) / deviation + deviation / 2.0
    d2 = d1 - deviation
    density = exp(-d1 * d1 / 2.0) / sqrt(2.0 * pi)
    return Undiscounted(
        mean=max(sign * (forward * normal(sign * d1) - strike * normal(sign * d2)), 0.0),
        slope=sign * normal(sign * d1),
        curvature=density / (forward * deviation),
        by_deviation=forward * density,
    )


def normal(x: float) -> float:
    """Standard normal distribution function, exact in both tails."""
    return erfc(-x / sqrt(2.0)) / 2.0
