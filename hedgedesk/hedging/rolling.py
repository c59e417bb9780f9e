"""A hedge judged on the past as it would have been lived: estimated on a window, held on what came next, rolled on.

Nothing that a ratio is judged on was seen when it was estimated. Every rule faces the same changes, so their
differences are measured far more sharply than each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.hedging.ratios import FEWEST_CHANGES
from hedgedesk.hedging.solver.problem import tail_weights

Rule = Callable[[Floats, Floats], Floats]
"""From the window's changes of spot (w,) and futures (w, n) to the units of each futures (n,) held per unit bought."""

LARGEST_RATIO = 3.0
"""Most units of each futures that an optimised hedge holds per unit bought; it sells none."""
COVERAGE = 0.95
"""Of the confidence intervals."""


@dataclass(frozen=True, eq=False)
class RollingHedge(ArrayHolder):
    """What each rule held and what it left open, out of sample; a buyer's: a rise of the spot costs."""

    rules: tuple[str, ...]
    """(R,)."""
    starts: NDArray[np.int64]
    """(B,) number of the first change that each estimate was held for."""
    ratios: Floats
    """(B, R, n) units of futures per unit bought."""
    open_cost: Floats
    """(N,) change of the spot, currency per unit."""
    hedged_cost: Floats
    """(N, R) less what the futures gained."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its confidence interval at :data:`COVERAGE`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule took away, out of sample."""

    rule: str
    mean_ratio: float
    """Units of futures, of all contracts together, per unit bought; mean over the estimates."""
    mean_cost: float
    """Per period, currency per unit; it holds what futures earned or lost on average."""
    standard_deviation: float
    cvar: float
    variance_reduction: Estimate
    """1 - Var(hedged) / Var(open)."""
    cvar_reduction: Estimate
    """1 - CVaR(hedged) / CVaR(open)."""
    variance_against_reference: Estimate
    """Variance reduction less that of the reference rule."""
    cvar_against_reference: Estimate
    """CVaR reduction less that of the reference rule."""


def nothing(spot: Floats, futures: Floats) -> Floats:
    """Stay open."""
    return np.zeros(futures.shape[1])


def everything(spot: Floats, futures: Floats) -> Floats:
    """One unit of the first futures for each unit bought."""
    return np.append(1.0, np.zeros(futures.shape[1] - 1))


def least_variance(spot: Floats, futures: Floats) -> Floats:
    """Regression of spot changes on futures changes: the least variance over the window."""
    centred = futures - futures.mean(axis=0)
    ratios: Floats = np.linalg.lstsq(centred, spot - spot.mean(), rcond=None)[0]
    return ratios


def alone(rule: Rule) -> Rule:
    """The same rule, of the first futures only."""

    def first(spot: Floats, futures: Floats) -> Floats:
        return np.append(rule(spot, futures[:, :1]), np.zeros(futures.shape[1] - 1))

    return first


def least_cvar(level: float, risk_weight: float | None = None) -> Rule:
    """The optimiser's rule, the window's changes its scenarios: least CVaR, or mean + ``risk_weight`` x CVaR."""

    def rule(spot: Floats, futures: Floats) -> Floats:
        found = minimise_cvar(spot, futures, level=level, risk_weight=risk_weight, lower=0.0, upper=LARGEST_RATIO)
        return found.position

    return rule


def roll(
    spot_changes: Floats, futures_changes: Floats, rules: Mapping[str, Rule], *, window: int, hold: int = 1
) -> RollingHedge:
    """Estimate each rule on the last ``window`` changes, hold it for the next ``hold``, and so on to the end.

    Parameters
    ----------
    spot_changes, futures_changes
        (N + window,) and (N + window, n) changes over the same periods, in one currency per one unit.
    rules
        By name.
    window
        Changes that an estimate rests on, at least 24.
    hold
        Periods for which an estimate is held.

    Raises
    ------
    InputError
        Changes of different lengths or not finite, a window too short or as long as the history, or no rule.
    """
    spot, futures = np.asarray(spot_changes, dtype=float), np.asarray(futures_changes, dtype=float)
    if spot.ndim != 1 or futures.ndim != 2 or len(futures) != spot.size:
        raise InputError(f"changes must be (T,) and (T, n), found {spot.shape} and {futures.shape}")
    if not (np.all(np.isfinite(spot)) and np.all(np.isfinite(futures))):
        raise InputError("a rolling hedge needs changes that are finite numbers")
    if not rules or hold < 1 or not FEWEST_CHANGES <= window < spot.size:
        raise InputError(
            f"a rolling hedge needs a rule, a hold of at least 1 and a window from {FEWEST_CHANGES} to "
            f"{spot.size - 1} changes, found {len(rules)} rules, {hold} and {window}"
        )
    starts = np.arange(window, spot.size, hold)
    ratios = np.array(
        [[rule(spot[t - window : t], futures[t - window : t]) for rule in rules.values()] for t in starts]
    )
    held = np.repeat(ratios, hold, axis=0)[: spot.size - window]
    gains = np.einsum("trn,tn->tr", held, futures[window:])
    cost = spot[window:]
    return RollingHedge(tuple(rules), starts, ratios, cost, cost[:, None] - gains)


def judge(
    rolled: RollingHedge,
    *,
    reference: str,
    level: float = 0.95,
    mean_block: int = 13,
    draws: int = 2_000,
    seed: int = 1,
) -> tuple[Judgement, ...]:
    """Realised reduction of variance and CVaR of every rule, with confidence intervals.

    The intervals are percentiles of the stationary bootstrap: blocks of geometric length are drawn of all rules
    together, so that volatility that clusters stays clustered and rules stay paired.

    Parameters
    ----------
    reference
        The rule that differences are taken from.
    level
        Of the CVaR.
    mean_block
        Mean length of a block, in periods.

    References
    ----------
    Politis and Romano (1994), The stationary bootstrap, Journal of the American Statistical Association 89.
    """
    costs = np.column_stack([rolled.open_cost, rolled.hedged_cost])
    rows = stationary_rows(len(costs), mean_block, draws, seed)
    found = _reductions(costs, level)
    drawn = np.array([_reductions(costs[each], level) for each in rows])
    base = rolled.rules.index(reference)
    return tuple(
        Judgement(
            rule=name,
            mean_ratio=float(rolled.ratios[:, r].sum(axis=1).mean()),
            mean_cost=float(costs[:, r + 1].mean()),
            standard_deviation=float(costs[:, r + 1].std(ddof=1)),
            cvar=_cvar(costs[:, r + 1], level),
            variance_reduction=_estimate(found[0, r], drawn[:, 0, r]),
            cvar_reduction=_estimate(found[1, r], drawn[:, 1, r]),
            variance_against_reference=_estimate(found[0, r] - found[0, base], drawn[:, 0, r] - drawn[:, 0, base]),
            cvar_against_reference=_estimate(found[1, r] - found[1, base], drawn[:, 1, r] - drawn[:, 1, base]),
        )
        for r, name in enumerate(rolled.rules)
    )


def stationary_rows(count: int, mean_block: int, draws: int, seed: int) -> NDArray[np.int64]:
    """(draws, count) numbers of the periods that make each resample: runs of geometric length, around the end."""
    random = np.random.default_rng(seed)
    fresh = random.random((draws, count)) < 1.0 / mean_block
    fresh[:, 0] = True
    begin = random.integers(0, count, (draws, count))
    place = np.arange(count)
    last = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)
    rows: NDArray[np.int64] = (np.take_along_axis(begin, last, axis=1) + place - last) % count
    return rows


def _reductions(costs: Floats, level: float) -> Floats:
    """(2, R) reduction of variance and of CVaR against the first column."""
    variance = costs.var(axis=0)
    tail = np.array([_cvar(column, level) for column in costs.T])
    return np.array([1.0 - variance[1:] / variance[0], 1.0 - tail[1:] / tail[0]])


def _cvar(cost: Floats, level: float) -> float:
    return float(tail_weights(cost, level) @ cost)


def _estimate(value: float, drawn: Floats) -> Estimate:
    low, high = np.quantile(drawn, [(1.0 - COVERAGE) / 2.0, (1.0 + COVERAGE) / 2.0])
    return Estimate(float(value), float(low), float(high))
