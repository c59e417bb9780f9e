"""Linear underestimates of the mean-CVaR objective: what its bound, its level sets and its whole lots are made of.

CVaR is the upper envelope of linear cuts, one for each set of tail weights. The weights that price one position
therefore bound every other from below, whatever solver has proposed it.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3).
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.hedging.problem import CvarProblem


class Cuts:
    """Underestimates of the objective of ``problem`` without transaction cost: value >= constant - slope @ h."""

    def __init__(self, problem: CvarProblem) -> None:
        self.problem = problem
        self._mean_cost = float(problem.cost.mean())
        self._mean_payoff = problem.payoff.mean(axis=0)
        self._constants: list[float] = []
        self._slopes: list[Floats] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._constants)

    @property
    def constants(self) -> Floats:
        """(K,)."""
        return np.array(self._constants)

    @property
    def slopes(self) -> Floats:
        """(K, n)."""
        return np.array(self._slopes).reshape(self.count, self.problem.lower.size)

    def add(self, position: Floats) -> float:
        """Price ``position`` (n,) over all scenarios, add the cut that touches the objective there; the objective."""
        problem = self.problem
        loss = problem.cost - problem.payoff @ position
        constant, slope = problem.mean_weight * self._mean_cost, problem.mean_weight * self._mean_payoff
        if problem.cvar_weight:
            weights = problem.tail_weights(loss)
            tail = np.flatnonzero(weights)
            share = problem.cvar_weight * weights[tail]
            constant += float(share @ problem.cost[tail])
            slope = slope + share @ problem.payoff[tail]
        self._constants.append(constant)
        self._slopes.append(slope)
        return float(constant - slope @ position + problem.transaction_cost @ np.abs(position))

    def bound(self, shares: Floats, mu: Floats, nu: Floats, lower: Floats, upper: Floats) -> float:
        """Smallest Lagrangian of the mix of cuts over the box: a bound that holds for whatever multipliers are given.

        Parameters
        ----------
        shares
            (K,) of each cut; cut off at 0 and made to add to 1.
        mu, nu
            (m,) of the inequalities, cut off at 0, and (p,) of the equalities.
        lower, upper
            (n,) finite ends that hold for every position within the rules.
        """
        problem = self.problem
        shares, mu = np.maximum(shares, 0.0), np.maximum(mu, 0.0)
        if not shares.sum() > 0:
            return -np.inf
        shares = shares / shares.sum()
        constant = shares @ self.constants - mu @ problem.b - nu @ problem.e
        slope = problem.A.T @ mu + problem.E.T @ nu - shares @ self.slopes
        corners = np.stack([lower, upper, np.clip(np.zeros_like(lower), lower, upper)])
        values = slope * corners + problem.transaction_cost * np.abs(corners)
        return float(constant + values.min(axis=0).sum())
