"""The two ways to an answer: the level bundle, and the programme with a row a scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from hedgedesk.domain.errors import Infeasible, PlanError, Shortfall
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.asked import Asked, CvarSolution, Proved, row_shortfalls
from hedgedesk.hedging.solver.bundle.start import Warm
from hedgedesk.hedging.solver.certificate import implied_ends, proof, wide_box

REACHES = (8.0, 64.0, 512.0, 4_096.0, 32_768.0, 262_144.0)
"""Ends tried for a position that nothing ends, in deviations of the cost."""
NEAR_THE_END = 0.99
DUST = 1e-6
"""A position that moves the loss by less than this share of a deviation of the cost is next to nothing."""
NO_POSITION = "no position keeps all bounds and rules"


def bundled(asked: Asked, start: Warm | None, master: str) -> CvarSolution | str:
    """The level bundle's answer where it is proved, else a word of why not; raises where there can be none."""
    lower, upper = implied_ends(asked.problem)
    if np.isfinite(lower).all() and np.isfinite(upper).all():
        return _told(asked, _bundled(asked, lower, upper, start, master))
    found = _reaching(asked, lower, upper, start, master)
    if not isinstance(found, Proved):
        return _told(asked, found)
    warm = Warm.of(found.position, asked.problems, found.cuts, found.inside)
    return _told(asked, _bundled(asked, *wide_box(asked.problem, found.position), warm, master))


def _reaching(asked: Asked, lower: Floats, upper: Floats, start: Warm | None, master: str) -> Proved | Infeasible | str:
    """The answer between ends that are moved out until it does not touch them."""
    found: Proved | Infeasible | str = ""
    for reach in REACHES:
        ends = reach * _deviations(asked)
        low = np.where(np.isinf(lower), np.minimum(-ends, upper), lower)
        high = np.where(np.isinf(upper), np.maximum(ends, low), upper)
        found = _bundled(asked, low, high, start, master)
        if isinstance(found, str):
            return found
        if isinstance(found, Proved):
            touches = (np.isinf(lower) & (found.position < NEAR_THE_END * low)) | (
                np.isinf(upper) & (found.position > NEAR_THE_END * high)
            )
            if not touches.any():
                return found
            start = Warm.of(found.position, asked.problems, found.cuts, found.inside)
    if isinstance(found, Proved):
        raise PlanError("the loss falls without end: give the positions bounds")
    return found


def _deviations(asked: Asked) -> Floats:
    """(n,) units of each position that move the loss by one deviation of the cost."""
    from hedgedesk.hedging.solver.bundle.frame import units

    return units(asked.problem)


def _bundled(asked: Asked, lower: Floats, upper: Floats, start: Warm | None, master: str) -> Proved | Infeasible | str:
    from hedgedesk.hedging.solver.bundle.masters import master_called
    from hedgedesk.hedging.solver.bundle.solve import Broken, Bundled, solve

    others, by = asked.problems[1:], master_called(master)
    found = solve(
        asked.problem, lower, upper, asked.tolerance, others=others, offsets=asked.offsets, start=start, master=by
    )
    if isinstance(found, Bundled):
        return Proved(found.position, found.lower_bound, found.cuts, found.proof, found.by, found.inside)
    if isinstance(found, Broken):
        return Infeasible(NO_POSITION, asked.broken_tails(found.position, proved=True))
    return Infeasible(NO_POSITION, row_shortfalls(asked.problem)) if found == "infeasible" else found


def _told(asked: Asked, found: Proved | Infeasible | str) -> CvarSolution | str:
    if isinstance(found, Infeasible):
        raise found
    if isinstance(found, str):
        return f"level bundle: {found}"
    solution = asked.solution(found, "level bundle")
    if asked.proved(solution):
        return solution
    # A rule whose limit is 0 may allow nothing at all, and has no size beside which a rest is small.
    solution = asked.solution(dataclasses.replace(found, position=_without_dust(asked, found.position)), "level bundle")
    return solution if asked.proved(solution) else f"level bundle: {_shortfall(asked, solution)}"


def _without_dust(asked: Asked, position: Floats) -> Floats:
    """Nothing, where that is allowed, instead of next to nothing."""
    problem = asked.problem
    next_to_nothing = np.abs(position) < DUST * _deviations(asked)
    return np.where(next_to_nothing, np.clip(0.0, problem.lower, problem.upper), position)


def _shortfall(asked: Asked, solution: CvarSolution) -> str:
    return f"gap {solution.gap:.1e}, rules kept to {asked.worst_violation(solution.position):.1e}"


def monolithic(asked: Asked, solvers: Sequence[str]) -> CvarSolution | str:
    """The proved answer of the programme with a row a scenario by the first solver that gives one, else a word."""
    from hedgedesk.hedging.solver.monolith import solve, solve_least_bad  # cvxpy: a second to import

    told = []
    for solver in solvers:
        many = len(asked.problems) > 1
        answer = solve_least_bad(asked.problems, asked.offsets, solver) if many else solve(asked.problem, solver)
        if answer.status == "infeasible":
            raise Infeasible(NO_POSITION, _shortfalls(asked))
        if answer.status == "unbounded":
            raise PlanError("the loss falls without end: give the positions bounds")
        if answer.status != "optimal":
            told.append(f"{solver}: {answer.status}")
            continue
        position = np.clip(answer.position, asked.problem.lower, asked.problem.upper)
        found = proof(asked.problems, asked.offsets, position, answer)
        if found is None:
            told.append(f"{solver}: no dual values")
            continue
        solution = asked.solution(Proved(position, found.bound, found.cuts, found.mixed, found.by), solver)
        if asked.proved(solution):
            return solution
        told.append(f"{solver}: {_shortfall(asked, solution)}")
    return "; ".join(told)


def _shortfalls(asked: Asked) -> list[Shortfall]:
    """Of the linear rules; where they agree, of the tail rules, which the bundle finds."""
    found = row_shortfalls(asked.problem)
    if found or not any(problem.tails for problem in asked.problems):
        return found
    try:
        bundled(asked, None, "direct")
    except Infeasible as told:
        return list(told.shortfalls)
    except PlanError:
        return []
    return []
