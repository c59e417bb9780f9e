"""The efficient frontier: for each mean cost the least tail, on the scenarios of a run."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.strategies import Frontier, FrontierPoint
from hedgedesk.hedging.cvar import CvarSolution, Warm, certified
from hedgedesk.hedging.programme.statement import Statement
from hedgedesk.hedging.solver.problem import CvarProblem
from hedgedesk.plan_study.judged import point, solver_of, statement_of, trades_of, unhedged, weighted

POINTS = 25
"""Plans on the frontier."""
SHARP = 1e-7
"""Gap of each plan, relative to the larger of its objective and the cost's deviation."""
SAME = 1e-7
"""Points whose means or tails differ by less than this share of the cost's deviation are one."""

Straight = set[tuple[FrontierPoint, FrontierPoint]]
"""Chords that are the curve itself."""
Mix = Callable[[FrontierPoint, FrontierPoint, float], FrontierPoint]
"""The plan that lies a share of the way from one to another."""
Solve = Callable[[float | None], FrontierPoint]
"""The efficient plan for a risk weight; None: CVaR alone."""


def frontier(run: HedgeRun, scenarios: ScenarioSet, *, points: int = POINTS, tick: Tick = silent) -> Frontier:
    """Plans from the cheapest to the safest, each within every rule of the programme and certified.

    Positions are in fractions of lots. The risk weights are not laid out beforehand: the next one is the slope of the
    longest chord between two plans, so that the points spread over the curve. Where another weight finds nothing below
    a chord, the curve is that chord, and plans between its ends are mixed from both.

    Parameters
    ----------
    run
        Its exposure, programme and book.
    scenarios
        Of the run.
    points
        Most plans to work out.
    tick
        Told the progress.

    Raises
    ------
    Infeasible
        The rules contradict one another.
    SolverInaccurate
        No solver's answer is proved.

    References
    ----------
    Cohon (1978), Multiobjective Programming and Planning, ch. 6: the weights of the noninferior set estimation method.
    """
    statement, program = statement_of(run, scenarios), run.plan.program
    search = _Search(statement, solver_of(run), points, tick)
    same = SAME * float(statement.problem.cost.std())
    found, straight = _spread(search.solve, points, same)
    found = _filled(found, straight, search.mix, points)
    exposed = scenarios.cost_by_month(run.exposure.after(scenarios.as_of), program.currency).sum(axis=1)
    tick(1.0, "Done")
    return Frontier(
        currency=program.currency,
        level=program.level,
        points=efficient(found, same),
        proposed=point(statement, trades_of(run.plan, statement), program.risk_weight),
        book=point(statement, np.zeros(statement.columns.count), None),
        open=unhedged(statement, exposed),
    )


class _Search:
    """Plans for one risk weight after another, each solve started from what the one before has left."""

    def __init__(self, statement: Statement, solver: str, points: int, tick: Tick) -> None:
        self._statement, self._solver, self._points, self._tick = statement, solver, points, tick
        self._solved = 0
        self._warm: Warm | None = None

    def solve(self, risk_weight: float | None) -> FrontierPoint:
        """The efficient plan for a risk weight; None: CVaR alone."""
        found = self._certified(weighted(self._statement, risk_weight))
        self._warm = found.warm or self._warm
        self._solved += 1
        self._tick(min(1.0, self._solved / self._points), "Following the frontier")
        return point(self._statement, found.position, risk_weight)

    def _certified(self, problem: CvarProblem) -> CvarSolution:
        """Proved more sharply than a plan needs, where that can be had: neighbours on the curve differ by little."""
        try:
            return certified(problem, SHARP, start=self._warm, solver=self._solver)
        except SolverInaccurate:
            return certified(problem, start=self._warm, solver=self._solver)

    def mix(self, left: FrontierPoint, right: FrontierPoint, share: float) -> FrontierPoint:
        """The plan that lies a share of the way from one to another."""
        position = (1.0 - share) * np.array(left.position) + share * np.array(right.position)
        return point(self._statement, position - self._statement.columns.held, _slope(left, right))


def _spread(solve: Solve, points: int, same: float) -> tuple[list[FrontierPoint], Straight]:
    """Efficient plans, the cheapest first: both ends, then always inside the longest chord that may still bend."""
    found = [solve(0.0), solve(None)]
    straight: Straight = set()
    for _ in range(points - 2):
        i = _longest(found, same, without=straight)
        if i is None:
            break
        left, right = found[i], found[i + 1]
        between = solve(_slope(left, right))
        if _bends(left, between, right, same):
            found.insert(i + 1, between)
        else:
            straight.add((left, right))
    return found, straight


def _slope(left: FrontierPoint, right: FrontierPoint) -> float:
    """What a unit of tail costs along the chord: the risk weight at which both ends are as good."""
    return (right.mean - left.mean) / (left.cvar - right.cvar)


def _filled(found: list[FrontierPoint], straight: Straight, mix: Mix, points: int) -> list[FrontierPoint]:
    """Up to ``points`` plans: between the ends of each chord that is the curve, plans at equal distances on it."""
    lengths = {chord: _length(*chord, found) for chord in straight}
    room, whole = points - len(found), sum(lengths.values())
    added = list[FrontierPoint]()
    for (left, right), length in lengths.items():
        count = int(room * length / whole)
        added += [mix(left, right, (i + 1) / (count + 1)) for i in range(count)]
    return found + added


def _longest(found: list[FrontierPoint], same: float, without: Straight) -> int | None:
    """Where the longest chord begins that is not known to be the curve itself; None: there is none."""
    best, longest = None, 0.0
    for i, (left, right) in enumerate(pairwise(found)):
        if right.mean - left.mean <= same or left.cvar - right.cvar <= same or (left, right) in without:
            continue  # without a gain in the tail, or at no cost, it has no slope
        length = _length(left, right, found)
        if length > longest:
            best, longest = i, length
    return best


def _length(left: FrontierPoint, right: FrontierPoint, found: list[FrontierPoint]) -> float:
    """Of a chord, both axes scaled to the whole curve."""
    wide, high = found[-1].mean - found[0].mean, found[0].cvar - found[-1].cvar
    return float(np.hypot((right.mean - left.mean) / wide, (left.cvar - right.cvar) / high))


def _bends(left: FrontierPoint, between: FrontierPoint, right: FrontierPoint, same: float) -> bool:
    """Whether the point lies below the chord of its neighbours, and between them."""
    if not left.mean < between.mean < right.mean:
        return False
    share = (between.mean - left.mean) / (right.mean - left.mean)
    return between.cvar < left.cvar + share * (right.cvar - left.cvar) - same


def efficient(found: list[FrontierPoint], same: float) -> tuple[FrontierPoint, ...]:
    """The points that no other beats in mean and tail at once, the cheapest first."""
    kept: list[FrontierPoint] = []
    for each in sorted(found, key=lambda one: (one.mean, one.cvar)):
        if not kept or each.cvar < kept[-1].cvar - same:
            if kept and each.mean - kept[-1].mean <= same:
                kept.pop()  # as cheap, and safer
            kept.append(each)
    return tuple(kept)
