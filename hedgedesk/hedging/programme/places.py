"""Where each rule of a programme went in the solver's problem, so that what its unit is worth can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules import Rule
from hedgedesk.hedging.programme.rules.rule import POSITION, TRADED

if TYPE_CHECKING:
    from hedgedesk.hedging.cvar import CvarSolution

SAME = 1e-9
"""Bounds closer than this share of themselves are the same: giving one alone then saves nothing."""


@dataclass(frozen=True, eq=False)
class Places(ArrayHolder):
    """Rules of one column alone are bounds of it; the others stay rows."""

    rules: tuple[Rule, ...]
    lower: Floats
    upper: Floats
    own_lower: Floats
    own_upper: Floats
    left: Floats
    """(R,) what of each rule's limit the lots held leave."""
    rows: list[int]
    traded: list[int]

    def price(self, i: int, prices: Prices) -> float | None:
        """What one unit more of rule ``i`` saves."""
        if i in self.rows:
            return float(prices.rows[self.rows.index(i)])
        if i in self.traded:
            return float(prices.traded[self.traded.index(i)])
        return self._price_of_bound(i, prices)

    def _price_of_bound(self, i: int, prices: Prices) -> float:
        """Of a bound: shared by no other rule, or giving this one alone saves nothing."""
        saved = 0.0
        for side, k, end, size in _ends(self.rules[i], self.left[i]):
            bound = (self.upper if side > 0 else self.lower)[k]
            if abs(end - bound) <= SAME * max(1.0, abs(bound)) and self._alone(i, side, k, bound):
                saved += float((prices.upper if side > 0 else prices.lower)[k]) / size
        return saved

    def _alone(self, i: int, side: int, k: int, bound: float) -> bool:
        own = (self.own_upper if side > 0 else self.own_lower)[k]
        ends = [
            end
            for other, rule in enumerate(self.rules)
            if other != i and other not in self.rows and other not in self.traded and rule.name != "capacity"
            for at, column, end, _ in _ends(rule, self.left[other])
            if at == side and column == k
        ]
        if self.rules[i].name != "capacity":
            ends.append(float(own))
        return all(abs(end - bound) > SAME * max(1.0, abs(bound)) for end in ends)


@dataclass(frozen=True, eq=False)
class Prices(ArrayHolder):
    """What a solver says that one unit more saves: of each row, bound, rule on what is traded, and tail rule."""

    rows: Floats
    lower: Floats
    upper: Floats
    traded: Floats
    tails: list[float | None]

    @classmethod
    def of(cls, solution: CvarSolution) -> Prices | None:
        """None: the solver told none."""
        if solution.lower_prices is None or solution.upper_prices is None:
            return None
        none = np.empty(0)
        return cls(
            none if solution.rule_prices is None else solution.rule_prices,
            solution.lower_prices,
            solution.upper_prices,
            none if solution.traded_prices is None else solution.traded_prices,
            [] if solution.tail_prices is None else [float(price) for price in solution.tail_prices],
        )


def places_of(rules: tuple[Rule, ...], columns: Columns) -> Places:
    """Where each rule goes: a bound of its one column, a row over positions, or a row over what is traded."""
    left = np.array([r.limit - (r.row @ columns.held if r.over == POSITION else 0.0) for r in rules])
    lower, upper = columns.lower.copy(), columns.upper.copy()
    rows: list[int] = []
    traded: list[int] = []
    for i, rule in enumerate(rules):
        if np.count_nonzero(rule.row) > 1:
            (rows if rule.over == POSITION else traded).append(i)
            continue
        for side, k, end, _ in _ends(rule, left[i]):
            if side > 0:
                upper[k] = min(upper[k], end)
            else:
                lower[k] = max(lower[k], end)
    return Places(rules, lower, upper, columns.lower, columns.upper, left, rows, traded)


def _ends(rule: Rule, left: float) -> list[tuple[int, int, float, float]]:
    """Which ends of which column a rule of one column sets: side, column, end, size of its coefficient."""
    at = np.flatnonzero(rule.row)
    if at.size != 1:
        return []
    k = int(at[0])
    size = abs(float(rule.row[k]))
    side = 1 if rule.row[k] > 0 else -1
    ends = [(side, k, side * left / size, size)]
    if rule.over == TRADED:
        ends.append((-side, k, -side * left / size, size))
    return ends
