"""Certified plans of the measured hedge beside the programme with a row a scenario, as cvxpy and a solver answer it."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.benchmark.instance import instance
from hedgedesk.benchmark.protocol import Row, taken
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.cvar import CvarSolution, certified
from hedgedesk.hedging.lots import TOLERANCE, WholeLots, whole_lots
from hedgedesk.hedging.solver.problem import CvarProblem

MANY, MOST, FEW = 100_000, 1_000_000, 10_000
"""Scenarios of the plans, of the largest plan, and of whole lots."""
MONTHS = 24
ROUNDS, ROUNDS_OF_MOST = 5, 3
PROVED = 1e-6
"""Gap of the plans."""
AGREED = 1e-5
"""Two solvers' objectives may differ by this share: the others promise no more."""

RATIOS: dict[str, tuple[str, str, float]] = {
    "cvar100k_vs_clarabel": ("direct", "CLARABEL", 500.0),
    "cvar100k_vs_piqp": ("direct", "PIQP", 300.0),
    "cvar100k_dpp_vs_clarabel": ("cvxpy", "CLARABEL", 250.0),
    "cvar100k_dpp_vs_piqp": ("cvxpy", "PIQP", 150.0),
}
"""Row to our master, the other solver and the target."""
PASSES = {"cvar1m_passes": ("direct", 12.0), "cvar1m_dpp_passes": ("cvxpy", 20.0)}
"""Row to our master and the target."""


@dataclass(frozen=True)
class Rival:
    """What a programme with a row a scenario took, and what it found."""

    seconds: float
    status: str
    objective: float


def ratio_rows(names: Sequence[str]) -> list[Row]:
    """The rows with these names of :data:`RATIOS`; each slow solver runs once."""
    problem = instance(MANY, MONTHS)
    masters = sorted({RATIOS[name][0] for name in names})
    ours = {master: _timed_plans(problem, master, ROUNDS) for master in masters}
    rivals = {solver: _rival(problem, solver) for solver in sorted({RATIOS[name][1] for name in names})}
    return [_ratio_row(name, ours, rivals) for name in names]


def _ratio_row(name: str, ours: dict[str, tuple[list[float], CvarSolution]], rivals: dict[str, Rival]) -> Row:
    master, solver, target = RATIOS[name]
    seconds, found = ours[master]
    unit = f"CPU of the cvxpy programme of {MANY:,} x {MONTHS} by {solver}, once / ours, certified to {PROVED:g}"
    unit += "" if master == "direct" else ", master in cvxpy"
    return compared(name, target, unit, rivals[solver], seconds, found.objective)


def compared(name: str, target: float, unit: str, rival: Rival, seconds: Sequence[float], objective: float) -> Row:
    """The rival's time over ours; no ratio where it did not find what we found."""
    if rival.status != "optimal":
        return Row(name, None, target, "higher", unit, None, f"the other solver ended {rival.status}")
    apart = abs(rival.objective - objective) / max(abs(objective), 1e-300)
    if apart > AGREED:
        return Row(name, None, target, "higher", unit, None, f"the two objectives differ by {apart:.1e}")
    each = [rival.seconds / second for second in seconds]
    return Row(name, statistics.median(each), target, "higher", unit, max(each) - min(each))


def _timed_plans(problem: CvarProblem, master: str, rounds: int) -> tuple[list[float], CvarSolution]:
    """CPU seconds of each round after a first that warms up, and the plan."""
    kept: list[CvarSolution] = []

    def plan() -> int:
        kept[:] = [certified(problem, PROVED, solver="bundle", master=master)]
        return 1

    return taken({master: plan}, rounds)[master], kept[0]


def _rival(problem: CvarProblem, solver: str) -> Rival:
    from hedgedesk.hedging.solver.monolith import solve

    began = time.process_time()
    answer = solve(problem, solver)
    seconds = time.process_time() - began
    objective = problem.objective(answer.position) if answer.status == "optimal" else np.nan
    return Rival(seconds, answer.status, objective)


def passes_rows(names: Sequence[str]) -> list[Row]:
    """The rows with these names of :data:`PASSES`: a plan's time in that of one evaluation."""
    problem = instance(MOST, MONTHS)
    works: dict[str, Callable[[], int]] = {"pass": _evaluation(problem)}
    for name in names:
        works[name] = _plan_work(problem, PASSES[name][0])
    seconds = taken(works, ROUNDS_OF_MOST)
    return [_passes_row(name, seconds) for name in names]


def _plan_work(problem: CvarProblem, master: str) -> Callable[[], int]:
    def plan() -> int:
        certified(problem, PROVED, solver="bundle", master=master)
        return 1

    return plan


def _passes_row(name: str, seconds: dict[str, list[float]]) -> Row:
    master, target = PASSES[name]
    each = [plan / one for plan, one in zip(seconds[name], seconds["pass"], strict=True)]
    unit = f"CPU of a plan of {MOST:,} x {MONTHS}, certified to {PROVED:g} / evaluating objective and credit line once"
    unit += "" if master == "direct" else ", master in cvxpy"
    return Row(name, statistics.median(each), target, "lower", unit, max(each) - min(each))


def _evaluation(problem: CvarProblem) -> Callable[[], int]:
    """Objective and credit line of one position: two products with the scenarios and two partitions."""
    position = np.clip(0.3 * problem.upper, problem.lower, problem.upper)
    margin: Floats = np.ascontiguousarray(problem.tails[0].slope[:, 0, :], dtype=np.float64)
    rank = problem.cost.size - int(np.ceil((1.0 - problem.level) * problem.cost.size))

    def evaluate() -> int:
        for loss in (problem.cost - problem.payoff @ position, -(margin @ position)):
            np.partition(loss, rank)
        return 1

    return evaluate


def memory_row() -> Row:
    """Most memory that numpy's arrays take while the largest plan is made, the scenarios included."""
    tracemalloc.start()
    problem = instance(MOST, MONTHS)
    tracemalloc.reset_peak()
    certified(problem, PROVED, solver="bundle")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    unit = f"peak memory of a plan of {MOST:,} x {MONTHS}, all that it is given included / the payoff matrix"
    return Row("cvar1m_peak_memory", peak / problem.payoff.nbytes, 3.0, "lower", unit, 0.0)


def lots_row() -> Row:
    """Whole lots at the same certified gap: the integer programme with a row a scenario over ours."""
    problem = instance(FEW, MONTHS)
    found: list[WholeLots] = []

    def plan() -> int:
        continuous = certified(problem, PROVED, solver="bundle")
        whole = whole_lots(problem, continuous.position, continuous.cuts)
        found[:] = [] if whole is None else [whole]
        return 1

    seconds = taken({"ours": plan}, ROUNDS)["ours"]
    unit = f"CPU of HiGHS' integer programme of {FEW:,} x {MONTHS}, once / ours, both to a gap of {TOLERANCE:g}"
    rival = _whole_rival(problem)
    wrong = _judged(found, rival)
    if wrong:
        return Row("lots10k_vs_milp", None, 200.0, "higher", unit, None, wrong)
    each = [rival.seconds / second for second in seconds]
    return Row("lots10k_vs_milp", statistics.median(each), 200.0, "higher", unit, max(each) - min(each))


def _judged(found: Sequence[WholeLots], rival: Rival) -> str:
    """Why the two may not be compared; empty: they may."""
    if not found or found[0].objective - found[0].lower_bound > TOLERANCE * found[0].objective:
        return "ours is not certified"
    if rival.status != "optimal":
        return f"HiGHS ended {rival.status}"
    # A plan of theirs below our bound would show the bound to be false; they keep the credit line to six digits.
    below = rival.objective < found[0].lower_bound * (1.0 - PROVED)
    return "HiGHS' plan is below our bound" if below else ""


def _whole_rival(problem: CvarProblem) -> Rival:
    """HiGHS on the integer programme as one would write it, its gap told of the whole objective as ours is."""
    import cvxpy as cp

    tail, many = problem.tails[0], problem.cost.size
    cap = 1.0 / ((1.0 - problem.level) * many)
    h = cp.Variable(MONTHS, integer=True)
    (z, u), (z_line, u_line) = ((cp.Variable(), cp.Variable(many, nonneg=True)) for _ in range(2))
    objective = problem.cost.mean() - problem.payoff.mean(axis=0) @ h + problem.transaction_cost @ cp.abs(h)
    objective += problem.cvar_weight * (z + cap * cp.sum(u))
    rules = [
        u >= problem.cost - problem.payoff @ h - z,
        u_line >= -(tail.slope[:, 0, :] @ h) - z_line,
        z_line + cap * cp.sum(u_line) <= tail.limit,
        h >= problem.lower,
        h <= problem.upper,
        problem.A @ h <= problem.b,
    ]
    programme = cp.Problem(cp.Minimize(objective), rules)
    began = time.process_time()
    programme.solve(solver="HIGHS", mip_rel_gap=TOLERANCE, threads=1)
    seconds = time.process_time() - began
    if programme.status != cp.OPTIMAL:
        return Rival(seconds, str(programme.status), np.nan)
    return Rival(seconds, "optimal", problem.objective(np.round(h.value)))
