"""The mean-CVaR programme of Rockafellar and Uryasev, solved and certified.

The problem: choose h to minimise ``mean(L) + w CVaR(L) + tc |h|`` with ``L = cost - payoff @ h``, inside bounds, linear
rules and limits on the tails of further losses. The solver's word is not taken: objective and bound are both computed
again, over all scenarios.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hedgedesk.domain.errors import InputError, SolverInaccurate
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.solver.asked import Asked, CvarSolution
from hedgedesk.hedging.solver.bundle.start import Warm
from hedgedesk.hedging.solver.problem import CvarProblem, Rules, check_limits, cvar_problem
from hedgedesk.hedging.solver.ways import bundled, monolithic

__all__ = ["CvarSolution", "Warm", "certified", "least_bad", "minimise_cvar"]

SOLVERS = ("auto", "bundle", "clarabel", "highs", "piqp")
"""``auto`` takes the bundle for many scenarios, the direct statement for few, and each where the other fails."""
MASTERS = ("direct", "cvxpy")
"""Who solves the bundle's quadratic programme."""
DIRECT = ("CLARABEL", "HIGHS")
"""Tried in this order; the second only when the first is not proved accurate."""
MANY = 5_000
"""From so many scenarios and dates of them the level bundle is tried before the programme with a row for each."""
TOO_MANY = 300_000
"""A programme of more such rows takes minutes: it is solved only where a solver is asked for by name."""


def minimise_cvar(
    cost: Floats,
    payoff: Floats,
    *,
    level: float,
    risk_weight: float | None = None,
    lower: Any = None,
    upper: Any = None,
    transaction_cost: Any = 0.0,
    inequalities: Rules = None,
    equalities: Rules = None,
    tolerance: float = 1e-6,
    solver: str = "auto",
    master: str = "direct",
) -> CvarSolution:
    """Minimise mean + risk_weight x CVaR of ``cost - payoff @ h`` plus ``transaction_cost`` per unit of abs(h).

    Parameters
    ----------
    cost
        (S,) cost of each scenario without any position.
    payoff
        (S, n) gain of one unit of each position.
    level
        Tail level alpha of CVaR, between 0 and 1.
    risk_weight
        Weight of CVaR beside the mean; None: CVaR alone.
    lower, upper
        Bounds of h; scalars broadcast, None is no bound.
    inequalities, equalities
        (A, b) with ``A @ h <= b``; (E, e) with ``E @ h == e``.
    tolerance
        Largest gap accepted, relative to the larger of the objective and the cost's standard deviation.
    solver, master
        As in :func:`certified`.

    Returns
    -------
    CvarSolution

    Raises
    ------
    InputError
        Shapes do not fit, a number is not finite, bounds cross.
    Infeasible
        No position keeps bounds and rules; names the rows and by how much.
    PlanError
        The loss falls without end.
    SolverInaccurate
        No solver's answer is proved to ``tolerance``.
    """
    problem = cvar_problem(cost, payoff, level, risk_weight, lower, upper, transaction_cost, inequalities, equalities)
    return certified(problem, tolerance, solver=solver, master=master)


def certified(
    problem: CvarProblem,
    tolerance: float = 1e-6,
    *,
    start: Warm | None = None,
    solver: str = "auto",
    master: str = "direct",
) -> CvarSolution:
    """Solve a checked problem and prove the answer.

    Parameters
    ----------
    tolerance
        Largest gap accepted, relative to the larger of the objective and the cost's standard deviation; beside a
        certain cost no less than 1e-5 of the largest payoff of one unit.
    start
        ``warm`` of an earlier answer: the bundle starts there. Its cuts are used again where cost and payoffs are the
        same, whatever the risk weight, bounds, fees, rules and limits are now.
    solver
        One of :data:`SOLVERS`.
    master
        One of :data:`MASTERS`: the bundle's quadratic programme directly, or stated in cvxpy and compiled once.

    Raises
    ------
    InputError
        No such solver or master, or a limit is not a finite number.
    Infeasible, PlanError, SolverInaccurate
        As :func:`minimise_cvar`; a tail rule that cannot be kept is named with the limit that it would need.
    """
    return _certified([problem], [0.0], tolerance, start, solver, master)


def least_bad(
    problems: Sequence[CvarProblem],
    offsets: Sequence[float],
    *,
    tolerance: float = 1e-6,
    start: Warm | None = None,
    solver: str = "auto",
    master: str = "direct",
) -> CvarSolution:
    """The position whose worst ``objective_m(h) - offset_m`` over ``problems`` is least, certified.

    With each problem's own best objective as offset it is the plan of minimax regret; with 0 the plan that is robust
    over the price models. Bounds, linear rules and rules on what is traded are the first problem's; the tail rules of
    every problem hold. ``objective`` and ``lower_bound`` of the answer are of the largest difference; ``var`` and
    ``cvar`` are of the problem that makes it. Tolerance, start and errors as in :func:`certified`.
    """
    if len(problems) != len(offsets) or not problems:
        raise InputError(f"every problem needs its offset, found {len(problems)} and {len(offsets)}")
    sizes = {problem.lower.size for problem in problems}
    if len(sizes) > 1:
        raise InputError(f"the problems must have the same positions, found {sorted(sizes)} of them")
    return _certified(list(problems), [float(offset) for offset in offsets], tolerance, start, solver, master)


def _certified(
    problems: list[CvarProblem],
    offsets: list[float],
    tolerance: float,
    start: Warm | None,
    solver: str,
    master: str,
) -> CvarSolution:
    asked = Asked(tuple(problems), tuple(offsets), tolerance)
    if solver.lower() not in SOLVERS:
        raise InputError(f"solver must be one of {', '.join(SOLVERS)}, found {solver!r}")
    if master.lower() not in MASTERS:
        raise InputError(f"master must be one of {', '.join(MASTERS)}, found {master!r}")
    for problem in problems:
        check_limits(problem)
    if asked.problem.lower.size == 0:
        return asked.without_positions()
    told = []
    for way in _ways(asked, start, solver.lower(), master.lower()):
        found = way()
        if isinstance(found, CvarSolution):
            return found
        told.append(found)
    raise SolverInaccurate(f"no answer is proved to {tolerance:g} ({'; '.join(told)})")


def _ways(asked: Asked, start: Warm | None, solver: str, master: str) -> list[Callable[[], CvarSolution | str]]:
    """Ways to an answer, in the order in which they are tried."""

    def by_bundle() -> CvarSolution | str:
        return bundled(asked, start, master)

    def directly() -> CvarSolution | str:
        return monolithic(asked, DIRECT if solver == "auto" else (solver.upper(),))

    if solver == "bundle":
        return [by_bundle]
    if solver != "auto":
        return [directly]
    if asked.rows > TOO_MANY:
        return [by_bundle]
    return [by_bundle, directly] if asked.rows >= MANY else [directly, by_bundle]
