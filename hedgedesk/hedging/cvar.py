"""The mean-CVaR programme of Rockafellar and Uryasev, solved and certified.

The problem: choose h to minimise ``mean(L) + w CVaR(L) + tc |h|`` with ``L = cost - payoff @ h``, inside bounds and
linear rules. The solver's word is not taken: objective and bound are both computed again, over all scenarios.

References
----------
Rockafellar and Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), equations 4-9.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.errors import Infeasible, PlanError, Shortfall, SolverInaccurate
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.hedging.certificate import implied_box, lagrangian_bound
from hedgedesk.hedging.concessions import least_concessions
from hedgedesk.hedging.cuts import Cuts
from hedgedesk.hedging.problem import CvarProblem, Rules, cvar_problem

SOLVERS = ("CLARABEL", "HIGHS")
"""Tried in this order; the second only when the first is not proved accurate."""
MANY = 5_000
"""From this many scenarios the level bundle is tried before the programme with a row a scenario."""


@dataclass(frozen=True, eq=False)
class CvarSolution(ArrayHolder):
    """A certified position."""

    position: Floats
    """(n,)."""
    objective: float
    """mean + w CVaR + transaction cost at ``position``, over all scenarios."""
    lower_bound: float
    """No position within the rules has a lower objective."""
    gap: float
    """(objective - lower_bound) / abs(objective); 0 when both are 0."""
    var: float
    """Of ``cost - payoff @ position``, without transaction cost."""
    cvar: float
    solver: str
    status: str
    cuts: Cuts | None = None
    """Underestimates of the objective found on the way; None: the solver makes none."""


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
    return certified(problem, tolerance)


def certified(problem: CvarProblem, tolerance: float = 1e-6) -> CvarSolution:
    """Solve a checked problem and prove the answer; raises as :func:`minimise_cvar`."""
    if problem.payoff.shape[1] == 0:
        return _solution(problem, np.empty(0), problem.objective(np.empty(0)), "none", "optimal")
    bundled = _bundled(problem, tolerance) if problem.cost.size >= MANY else None
    return bundled or _monolithic(problem, tolerance)


def _bundled(problem: CvarProblem, tolerance: float) -> CvarSolution | None:
    """The level bundle's answer where it is proved; None: positions have no bounds, or the proof falls short."""
    box = implied_box(problem)
    if box is None:
        return None
    from hedgedesk.hedging import bundle

    answer = bundle.solve(problem, *box, tolerance)
    if answer == "infeasible":
        raise _infeasible(problem)
    if isinstance(answer, str):
        return None
    found = _solution(problem, answer.position, answer.lower_bound, "level bundle", "optimal")
    return dataclasses.replace(found, cuts=answer.cuts) if _proved(problem, found, tolerance) else None


def _monolithic(problem: CvarProblem, tolerance: float) -> CvarSolution:
    """The answer of the programme with a row a scenario."""
    from hedgedesk.hedging.monolith import solve  # cvxpy: a second to import, only when something is solved

    told = []
    for solver in SOLVERS:
        answer = solve(problem, solver)
        if answer.status == "infeasible":
            raise _infeasible(problem)
        if answer.status == "unbounded":
            raise PlanError("the loss falls without end: give the positions bounds")
        if answer.status != "optimal":
            told.append(f"{solver}: {answer.status}")
            continue
        position = np.clip(answer.position, problem.lower, problem.upper)
        bound = lagrangian_bound(problem, position, answer)
        found = _solution(problem, position, bound, solver, answer.status)
        if _proved(problem, found, tolerance):
            return found
        told.append(f"{solver}: gap {found.gap:.1e}, rules kept to {_worst_violation(problem, position):.1e}")
    raise SolverInaccurate(f"no answer is proved to {tolerance:g} ({'; '.join(told)})")


def _proved(problem: CvarProblem, found: CvarSolution, tolerance: float) -> bool:
    scale = max(abs(found.objective), float(problem.cost.std()))
    gap = found.objective - found.lower_bound
    return gap <= tolerance * scale and _worst_violation(problem, found.position) <= tolerance


def _infeasible(problem: CvarProblem) -> Infeasible:
    return Infeasible("no position keeps all bounds and rules", row_shortfalls(problem))


def _solution(problem: CvarProblem, position: Floats, bound: float, solver: str, status: str) -> CvarSolution:
    objective = problem.objective(position)
    bound = min(bound, objective)
    loss = problem.cost - problem.payoff @ position
    weights = problem.tail_weights(loss)
    return CvarSolution(
        position=position,
        objective=objective,
        lower_bound=bound,
        gap=0.0 if objective == bound else (objective - bound) / max(abs(objective), np.finfo(float).tiny),
        var=_quantile(loss, problem.level),
        cvar=float(weights @ loss),
        solver=solver,
        status=status,
    )


def _quantile(loss: Floats, level: float) -> float:
    """The k-th smallest loss, k = ceil(level S); a level that is whole but for binary rounding counts as whole."""
    k = max(1, int(np.ceil(level * loss.size * (1.0 - 1e-12))))
    return float(np.partition(loss, k - 1)[k - 1])


def _worst_violation(problem: CvarProblem, position: Floats) -> float:
    """Largest break of a rule relative to the size of its own terms."""
    over = np.maximum(problem.A @ position - problem.b, 0.0)
    off = np.abs(problem.E @ position - problem.e)
    size = np.abs(problem.A) @ np.abs(position) + np.abs(problem.b) + 1e-300
    size_equal = np.abs(problem.E) @ np.abs(position) + np.abs(problem.e) + 1e-300
    return float(max([0.0, *(over / size), *(off / size_equal)]))


def row_shortfalls(problem: CvarProblem) -> list[Shortfall]:
    """The smallest total concession, relative to each rule's size, that would make the rules agree."""
    both = np.vstack([problem.A, problem.E, -problem.E])
    right = np.concatenate([problem.b, problem.e, -problem.e])
    names = [f"inequality {i}" for i in range(problem.b.size)]
    names += [f"equality {i}" for i in range(problem.e.size)] * 2
    gaps = least_concessions(both, right, problem.lower, problem.upper)
    if gaps is None:  # pragma: no cover - every rule may move, and crossed bounds were refused before
        return []
    sign = np.concatenate([np.ones(problem.b.size + problem.e.size), -np.ones(problem.e.size)])
    return [
        Shortfall(names[i], float(sign[i] * right[i]), float(sign[i] * (right[i] + gap)), "")
        for i, gap in enumerate(gaps)
        if gap > 0
    ]
