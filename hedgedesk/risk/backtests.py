"""Tests of how often losses broke a bound that they should break with a known chance, with the power each one has.

Both are likelihood ratio tests (Kupiec 1995, Christoffersen 1998). On short records they see little: the power is
counted exactly, over every record that there can be, and belongs beside every p-value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.values import Floats

SIZE = 0.05
"""Of the tests whose power is stated."""
CRITICAL = {1: 3.841458820694124, 2: 5.991464547107979}
"""95% points of chi-squared by degrees of freedom."""
HIDDEN = 1e-9
"""How far below a critical value a statistic may lie by rounding alone."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A likelihood ratio test."""

    statistic: float
    p_value: float
    """By the chi-squared limit, which a short record reaches only roughly."""


@dataclass(frozen=True, slots=True)
class Kupiec:
    """Whether a bound was broken as often as its level says."""

    statistic: float
    p_value: float
    power: float
    """Exact chance that the test at 5% rejects when the true rate is twice the expected one."""
    size: float
    """Exact chance that it rejects when the rate is right: 5% only in the limit."""


@dataclass(frozen=True, slots=True)
class Christoffersen:
    """Whether violations come alone or in clusters, and, jointly, whether they are as many as they should be."""

    independence: LikelihoodRatio
    coverage: LikelihoodRatio
    joint: LikelihoodRatio
    power: float
    """Exact chance that the joint test at 5% rejects independent violations of twice the expected rate."""
    size: float
    """Exact chance that it rejects independent violations of the right rate."""


def kupiec(violations: int, trials: int, level: float) -> Kupiec:
    """Proportion of failures: LR = -2 ln[(1-p)^(n-x) p^x / ((1-x/n)^(n-x) (x/n)^x)], chi-squared(1), 0 ln 0 = 0.

    Example: 7 violations in 30 trials at 99% give 32.338; 4 in 60 at 95% give 0.3191.

    Parameters
    ----------
    violations
        x, how often the loss was above the bound.
    trials
        n; they must not overlap in time, or they are fewer than they seem.
    level
        Confidence of the bound; the expected rate is p = 1 - level.

    Raises
    ------
    InputError
        No trials, more violations than trials, or a level outside (0, 1).

    References
    ----------
    Kupiec (1995), Techniques for verifying the accuracy of risk measurement models, J. Derivatives 3(2).
    """
    rate = _rate(level)
    if trials < 1 or not 0 <= violations <= trials:
        raise InputError(f"a coverage test needs trials and 0 to as many violations, found {violations} of {trials}")
    statistic = float(_coverage_ratio(np.array([violations]), trials, rate)[0])
    return Kupiec(statistic, _p_value(statistic, 1), *_kupiec_chances(trials, rate))


def christoffersen(hits: ArrayLike, level: float) -> Christoffersen:
    """Independence from the first-order transitions of n - 1 pairs, coverage as :func:`kupiec`, and both jointly.

    Example: violations at places 18, 19, 20 and 42 of 60 give an independence statistic of 6.524.

    Parameters
    ----------
    hits
        (n,) in order of time: whether the loss was above its bound.
    level
        Confidence of the bound.

    Raises
    ------
    InputError
        Fewer than 2 trials, or a level outside (0, 1).

    References
    ----------
    Christoffersen (1998), Evaluating interval forecasts, International Economic Review 39(4).
    """
    broken, rate = np.asarray(hits, dtype=np.bool_), _rate(level)
    if broken.ndim != 1 or broken.size < 2:
        raise InputError("a test of independence needs at least 2 trials in a row")
    pairs = 2 * broken[:-1].astype(np.int64) + broken[1:]
    independence = float(_independence_ratio(*(np.array([np.sum(pairs == kind)]) for kind in range(4)))[0])
    coverage = float(_coverage_ratio(np.array([int(broken.sum())]), broken.size, rate)[0])
    power, size = _joint_chances(broken.size, rate)
    return Christoffersen(
        independence=LikelihoodRatio(independence, _p_value(independence, 1)),
        coverage=LikelihoodRatio(coverage, _p_value(coverage, 1)),
        joint=LikelihoodRatio(independence + coverage, _p_value(independence + coverage, 2)),
        power=power,
        size=size,
    )


def _rate(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise InputError(f"the level of a bound lies between 0 and 1, found {level:g}")
    return 1.0 - level


def _p_value(statistic: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))


def _coverage_ratio(violations: NDArray[np.int64], trials: int, rate: float) -> Floats:
    """LR of coverage, of any number of records at once."""
    from scipy.special import xlog1py, xlogy

    kept = trials - violations
    seen = violations / trials
    free = xlog1py(kept, -seen) + xlogy(violations, seen)
    return np.asarray(np.maximum(2.0 * (free - xlog1py(kept, -rate) - xlogy(violations, rate)), 0.0))


def _independence_ratio(
    quiet: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], stays: NDArray[np.int64]
) -> Floats:
    """LR of independence from the counts of 0 to 0, 0 to 1, 1 to 0 and 1 to 1."""
    after_quiet, after_hit = quiet + starts, ends + stays
    free = _binomial(starts, after_quiet) + _binomial(stays, after_hit)
    return np.maximum(2.0 * (free - _binomial(starts + stays, after_quiet + after_hit)), 0.0)


def _binomial(hits: NDArray[np.int64], trials: NDArray[np.int64]) -> Floats:
    """Log-likelihood of ``hits`` among ``trials`` at its own maximum; 0 where there are no trials."""
    from scipy.special import xlog1py, xlogy

    share = np.divide(hits, trials, out=np.zeros(hits.shape), where=trials > 0)
    return np.asarray(xlogy(hits, share) + xlog1py(trials - hits, -share))


@cache
def _kupiec_chances(trials: int, rate: float) -> tuple[float, float]:
    """Exact power at twice the rate, and exact size, of the test at 5%."""
    counts = np.arange(trials + 1)
    rejected = _coverage_ratio(counts, trials, rate) > CRITICAL[1] - HIDDEN
    log_ways = _log_splits(np.full(trials + 1, trials + 1), counts + 1)
    return _both(rate, lambda true: _chance(counts[rejected], log_ways[rejected], trials, true))


@cache
def _joint_chances(trials: int, rate: float) -> tuple[float, float]:
    """The same of the joint test."""
    violations, statistic, log_ways = _records(trials, rate)
    rejected = statistic > CRITICAL[2] - HIDDEN
    return _both(rate, lambda true: _chance(violations[rejected], log_ways[rejected], trials, true))


def _records(trials: int, rate: float) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Every kind of record: its violations, its joint statistic, and the logarithm of how many records are so.

    With x violations in r runs, whether the first and the last trial are violations says how many runs the others
    make, s = r + 1 - first - last, and all four transitions. Such records number C(x-1, r-1) C(n-x-1, s-1).
    """
    grid = np.meshgrid(np.arange(trials + 1), np.arange(trials // 2 + 2), [0, 1], [0, 1], indexing="ij")
    x, runs, first, last = (part.ravel() for part in grid)
    rest, gaps = trials - x, runs + 1 - first - last
    possible = _can_be_split(x, runs) & _can_be_split(rest, gaps) & (runs >= np.maximum(first, last))
    x, runs, first, last, rest, gaps = (part[possible] for part in (x, runs, first, last, rest, gaps))
    independence = _independence_ratio(rest - gaps, runs - first, runs - last, x - runs)
    log_ways = np.where(x > 0, _log_splits(x, runs), 0.0) + np.where(rest > 0, _log_splits(rest, gaps), 0.0)
    return x, _coverage_ratio(x, trials, rate) + independence, log_ways


def _can_be_split(count: NDArray[np.int64], parts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether ``count`` trials can make ``parts`` runs, none of them empty."""
    possible: NDArray[np.bool_] = (parts <= count) & ((parts > 0) == (count > 0)) & (parts >= 0)
    return possible


def _log_splits(count: NDArray[np.int64], parts: NDArray[np.int64]) -> Floats:
    """Logarithm of C(count - 1, parts - 1), in how many ways ``count`` can be cut into ``parts``."""
    from scipy.special import gammaln

    whole, cuts = np.maximum(count, 1), np.maximum(parts, 1)
    found: Floats = gammaln(whole) - gammaln(cuts) - gammaln(whole - cuts + 1)
    return found


def _chance(violations: NDArray[np.int64], log_ways: Floats, trials: int, rate: float) -> float:
    """Chance of a set of records where violations are independent, each with ``rate``."""
    from scipy.special import xlog1py, xlogy

    return float(np.exp(log_ways + xlogy(violations, rate) + xlog1py(trials - violations, -rate)).sum())


def _both(rate: float, chance: Callable[[float], float]) -> tuple[float, float]:
    return chance(min(2.0 * rate, 1.0)), chance(rate)
