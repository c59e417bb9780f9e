"""Linear underestimates of objective and tail rules: what bounds, level sets and whole lots are made of.

The tangents that price one position bound every other from below, whatever solver has proposed it.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.problem import CvarProblem
from hedgedesk.hedging.solver.tangents import Convex, Divided, TailMean, Touch, objective_of

ROOM = 64
"""Tangents that a pool has room for at first; it doubles when full."""


@dataclass(frozen=True, eq=False)
class Multipliers:
    """What a bound is mixed with; wrong ones make a weak bound, never a false one."""

    shares: tuple[Floats, ...]
    """(K_m,) of the cuts of each objective; all of them are made to add to 1."""
    limits: tuple[Floats, ...]
    """(K_i,) of the cuts of each tail rule, at least 0."""
    mu: Floats
    """(m,) of the inequalities, at least 0."""
    nu: Floats
    """(p,) of the equalities."""
    traded: Floats
    """(q,) of the rules on what is traded, at least 0."""


@dataclass(frozen=True, eq=False)
class Mixed:
    """``constant + slope @ h + long @ max(h, 0) + short @ max(-h, 0)`` bounds the objective of every h within rules."""

    constant: float
    slope: Floats
    long: Floats
    short: Floats

    def and_also(self, pool: Pool, weights: Floats, off: float) -> Mixed:
        """With the cuts of ``pool`` less ``off``, by ``weights`` (K,) at least 0."""
        constants, slopes = pool.cuts()
        total = float(weights.sum())
        constant = self.constant + float(weights @ constants) - total * off
        fee = total * pool.fee
        return Mixed(constant, self.slope - weights @ slopes, self.long + fee, self.short + fee)

    def least(self, lower: Floats, upper: Floats) -> float:
        """Its smallest value between finite ``lower`` and ``upper`` (n,)."""
        corners = np.stack([lower, upper, np.clip(np.zeros_like(lower), lower, upper)])
        values = self.slope * corners + self.long * np.maximum(corners, 0.0) + self.short * np.maximum(-corners, 0.0)
        return float(self.constant + values.min(axis=0).sum())

    def bound_prices(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """(n,) and (n,) what one unit less of the lower, or more of the upper bound saves."""
        below = self.slope + np.where(lower > 0, self.long, -self.short)
        above = self.slope + np.where(upper >= 0, self.long, -self.short)
        return np.maximum(below, 0.0), np.maximum(-above, 0.0)


class Pool:
    """Tangents of one function: ``value >= constant - slope @ h + fee @ abs(h)``."""

    def __init__(self, function: Convex, fee: Floats) -> None:
        self.function, self.fee, self.count = function, fee, 0
        self._constants, self._slopes = np.empty(ROOM), np.empty((ROOM, fee.size))

    def price(self, position: Floats, *, whole: bool) -> float:
        """Value with fees at ``position``; its tangent there joins the pool."""
        touch = self.function.whole(position) if whole else self.function.near(position)
        self.take(touch)
        return touch.value + float(self.fee @ np.abs(position))

    def take(self, touch: Touch) -> None:
        """Let a tangent join."""
        if self.count == self._constants.size:
            self._constants = np.concatenate([self._constants, np.empty(self.count + ROOM)])
            self._slopes = np.concatenate([self._slopes, np.empty((self.count + ROOM, self.fee.size))])
        self._constants[self.count], self._slopes[self.count] = touch.constant, touch.slope
        self.count += 1

    @property
    def stored(self) -> tuple[Floats, Floats]:
        """(K,) and (K, n) before lifting: they hold for every weight of mean and CVaR."""
        return self._constants[: self.count], self._slopes[: self.count]

    def divided(self, size: float) -> Pool:
        """The pool of the same function over ``size``, with the same tangents."""
        other = Pool(Divided(self.function, size), self.fee / size)
        other._constants, other._slopes, other.count = self._constants, self._slopes, self.count
        return other

    def adopt(self, stored: tuple[Floats, Floats]) -> None:
        """Take the place of the tangents held by others of the same function, as :attr:`stored` gives them."""
        self._constants, self._slopes, self.count = stored[0].copy(), stored[1].copy(), stored[0].size

    def cuts(self, first: int = 0) -> tuple[Floats, Floats]:
        """(K,) and (K, n) of the tangents from number ``first`` on."""
        return self.function.lifted(self._constants[first : self.count], self._slopes[first : self.count])


class Cuts:
    """Underestimates of the objective and of the tail rules of ``problem``, or of the largest of several problems.

    Parameters
    ----------
    problem
        Whose bounds and rules hold.
    others, offsets
        Further problems, and what is taken off the objective of each, the first included.
    rough
        Paths may be judged in float32: the cuts hold all the same, but a price may be a little too low.
    """

    def __init__(
        self,
        problem: CvarProblem,
        others: Sequence[CvarProblem] = (),
        offsets: Sequence[float] = (0.0,),
        *,
        rough: bool = False,
    ) -> None:
        every = (problem, *others)
        self.problem, self.offsets = problem, tuple(offsets)
        self.objectives = [Pool(objective_of(one), fee_of(one)) for one in every]
        self.tails = [tail for one in every for tail in one.tails]
        none = np.zeros(problem.lower.size)
        functions = (TailMean.of_rule(tail, rough=rough) for tail in self.tails)
        self.rules = [Pool(f, none if t.fee is None else t.fee) for f, t in zip(functions, self.tails, strict=True)]
        self.limits = np.array([tail.limit for tail in self.tails])

    @property
    def pools(self) -> list[Pool]:
        """Of the objectives, then of the tail rules."""
        return [*self.objectives, *self.rules]

    @property
    def count(self) -> int:
        """Cuts of the objective."""
        return sum(pool.count for pool in self.objectives)

    @property
    def constants(self) -> Floats:
        """(K,) of the objective, offsets taken off: objective >= constant - slope @ h, fees left out."""
        return np.concatenate([p.cuts()[0] - o for p, o in zip(self.objectives, self.offsets, strict=True)])

    @property
    def slopes(self) -> Floats:
        """(K, n) of the objective."""
        return np.concatenate([pool.cuts()[1] for pool in self.objectives])

    def rule_cuts(self, i: int) -> tuple[Floats, Floats]:
        """(K,) and (K, n) of tail rule ``i``: constant - slope @ h + fee @ abs(h) must stay within its limit."""
        return self.rules[i].cuts()

    def add(self, position: Floats) -> float:
        """Price ``position`` (n,) over all scenarios and add the cuts there; the objective with its fees."""
        return self.price(position)[0]

    def price(self, position: Floats, *, whole: bool = True) -> tuple[float, Floats]:
        """Objective with fees, and (rules,) the left side of each tail rule; the cuts there are added."""
        values = [p.price(position, whole=whole) - o for p, o in zip(self.objectives, self.offsets, strict=True)]
        return max(values), np.array([pool.price(position, whole=whole) for pool in self.rules])

    def violations(self, sizes: Floats) -> Cuts:
        """The cuts of another objective: the worst break of a tail rule, each relative to its size (rules,)."""
        other = copy.copy(self)
        other.offsets, other.tails, other.rules = tuple(self.limits / sizes), [], []
        other.objectives = [pool.divided(float(size)) for pool, size in zip(self.rules, sizes, strict=True)]
        other.limits = np.empty(0)
        return other

    def mixed(self, by: Multipliers) -> Mixed | None:
        """The underestimate that ``by`` makes of cuts and rules; None: every share is 0."""
        shares = [np.maximum(share, 0.0) for share in by.shares]
        total = sum(float(share.sum()) for share in shares)
        if not total > 0:
            return None
        mixed = self.ruled(by)
        for pool, share, offset in zip(self.objectives, shares, self.offsets, strict=True):
            mixed = mixed.and_also(pool, share / total, offset)
        return mixed

    def ruled(self, by: Multipliers) -> Mixed:
        """The part of that mix that linear rules and tail rules make: at most 0 wherever they are kept."""
        mixed = _ruled(self.problem, by)
        for pool, weights, limit in zip(self.rules, by.limits, self.limits, strict=True):
            mixed = mixed.and_also(pool, np.maximum(weights, 0.0), float(limit))
        return mixed


def _ruled(problem: CvarProblem, by: Multipliers) -> Mixed:
    """The rules alone, weighted."""
    mu, traded = np.maximum(by.mu, 0.0), np.maximum(by.traded, 0.0)
    constant = -float(mu @ problem.b + by.nu @ problem.e)
    slope = problem.A.T @ mu + problem.E.T @ by.nu
    none = np.zeros(slope.size)
    if problem.traded is None or problem.bought is None or problem.sold is None:
        return Mixed(constant, slope, none, none)
    return Mixed(constant - float(traded @ problem.traded), slope, traded @ problem.bought, traded @ problem.sold)


def fee_of(problem: CvarProblem) -> Floats:
    """(n,) fee in the objective of ``problem``: the deviation has none."""
    return np.zeros_like(problem.transaction_cost) if problem.variance else problem.transaction_cost
