"""Whole lots of many columns, or beside rules on tails: rounds of a small integer programme over the cuts.

Each round proposes lots and proves a bound; the proposal is priced over all scenarios, which adds the cuts that it was
missing. Unlike a search tree it needs few rounds where many columns do nearly the same.

References
----------
Duran and Grossmann (1986), An outer-approximation algorithm for a class of mixed-integer nonlinear programs,
Mathematical Programming 36.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import SolverInaccurate
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.lots.whole import TOLERANCE, WholeLots
from hedgedesk.hedging.solver.concessions import PROVED_INFEASIBLE
from hedgedesk.hedging.solver.cuts import Cuts
from hedgedesk.hedging.solver.problem import CvarProblem

FINE = 1e-5
"""Aimed at in the first :data:`POLISH` rounds."""
POLISH, ROUNDS = 2, 16
NODES = 1_000
"""Most branches of one round: a count, so that equal inputs give equal lots."""
SHARE = 2e-2
"""Gap of one round, as a share of what whole lots cost."""
BACK = 1.5
"""Times the break of a tail rule by which later proposals are kept off it."""
KEPT = 1e-7
"""A tail rule broken by less than this share of its limit is kept."""


@dataclass(frozen=True)
class _Proposal:
    position: Floats
    bound: float


def lots_in_rounds(
    problem: CvarProblem, continuous: Floats, cuts: Cuts | None = None, *, whole: NDArray[np.bool_] | None = None
) -> WholeLots | None:
    """Best whole-number position of ``problem``; None where no whole numbers keep its rules.

    Parameters
    ----------
    continuous
        (n,) the continuous optimum.
    cuts
        Found on the way to it; None: the first ones are taken around it.
    whole
        (n,) which positions are whole; None: all.

    The bound is proved in any case; where the last round leaves it further off than :data:`TOLERANCE`, so it stays.

    Raises
    ------
    SolverInaccurate
        Nothing was found in the last round.
    """
    cuts = cuts or Cuts(problem)
    whole = np.ones(continuous.size, dtype=bool) if whole is None else whole
    centre, _ = cuts.price(continuous)
    best: Floats | None = None
    value, bound = np.inf, -np.inf
    spare = np.zeros(len(problem.tails))
    for done in range(ROUNDS):
        proposal = _proposed(cuts, centre, spare, whole)
        if proposal is None and not spare.any():
            break
        if proposal is None:  # nothing lies so far inside the rules on tails
            spare = 0.3 * spare * (spare > KEPT * _limits(problem))
            continue
        if not spare.any():
            bound = max(bound, proposal.bound)
        priced, sides = cuts.price(proposal.position)
        over = sides - _limits(problem)
        kept = bool(np.all(over <= KEPT * np.abs(_limits(problem))))
        if kept and priced < value:
            best, value = proposal.position, priced
        if value - bound <= (FINE if done < POLISH else TOLERANCE) * _size(problem, value):
            break
        # Proposals break tail rules by a little, again and again: they are kept off by more than that.
        spare = np.zeros_like(spare) if kept else spare + BACK * np.maximum(over, 0.0)
    if best is None:
        if bound == -np.inf:
            return None
        raise SolverInaccurate(f"no whole-lot plan was found in {ROUNDS} rounds")
    return WholeLots(best, problem.objective(best), min(bound, value))


def _size(problem: CvarProblem, value: float) -> float:
    return max(abs(value), float(problem.cost.std())) if np.isfinite(value) else 0.0


def _limits(problem: CvarProblem) -> Floats:
    return np.array([tail.limit for tail in problem.tails])


def _proposed(cuts: Cuts, centre: float, spare: Floats, whole: NDArray[np.bool_]) -> _Proposal | None:
    """Whole numbers of the least largest cut within the rules; None: no whole numbers keep them.

    ``spare`` (rules,) is kept off the limits of the rules on tails; the bound is then of that alone.
    """
    from scipy.optimize import Bounds, milp

    problem, n = cuts.problem, cuts.problem.lower.size
    scale = float(problem.cost.std()) or 1.0
    lower = np.where(whole, np.ceil(problem.lower - 1e-9), problem.lower)
    upper = np.where(whole, np.floor(problem.upper + 1e-9), problem.upper)
    least = np.concatenate([np.maximum(lower, 0.0), np.maximum(-upper, 0.0), [-np.inf]])
    most = np.concatenate([np.maximum(upper, 0.0), np.maximum(-lower, 0.0), [np.inf]])
    if np.any(least > most):
        return None
    found = milp(
        np.append(np.zeros(2 * n), 1.0),
        constraints=_rows(cuts, centre, scale, spare),
        bounds=Bounds(least, most),
        integrality=np.concatenate([whole, whole, [False]]).astype(np.int64),
        options={"mip_rel_gap": SHARE, "node_limit": NODES},
    )
    if found.status == PROVED_INFEASIBLE:
        return None
    if found.x is None:
        raise SolverInaccurate(f"no whole-lot plan found: {found.message}")
    position = found.x[:n] - found.x[n : 2 * n]
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return _Proposal(np.where(whole, np.round(position), position), bound * scale + centre)


def _rows(cuts: Cuts, centre: float, scale: float, spare: Floats) -> list[Any]:
    """Cuts and rules over what is bought (n,), what is sold (n,), and the scaled value."""
    from scipy.optimize import LinearConstraint

    problem = cuts.problem
    pools = cuts.pools
    constants, slopes = cuts.constants, cuts.slopes
    left = [_priced(slopes, pools[0].fee) / scale]
    right = [(centre - constants) / scale]
    value = [-np.ones(constants.size)]
    for i, tail in enumerate(problem.tails):
        held, slope = cuts.rule_cuts(i)
        size = abs(tail.limit) or 1.0
        left.append(_priced(slope, pools[1 + i].fee) / size)
        right.append((tail.limit - spare[i] - held) / size)
    plain = [(np.hstack([problem.A, -problem.A]), problem.b)]
    if problem.bought is not None and problem.sold is not None and problem.traded is not None:
        plain.append((np.hstack([problem.bought, problem.sold]), problem.traded))
    for rows, limits in plain:
        sizes = np.maximum(np.abs(rows).max(axis=1, initial=0.0), 1e-300)
        left.append(rows / sizes[:, None])
        right.append(limits / sizes)
    value += [np.zeros(part.size) for part in right[1:]]
    matrix = np.column_stack([np.vstack(left), np.concatenate(value)])
    rules = [LinearConstraint(matrix, -np.inf, np.concatenate(right))]
    if problem.e.size:
        equal = np.column_stack([problem.E, -problem.E, np.zeros(problem.e.size)])
        rules.append(LinearConstraint(equal, problem.e, problem.e))
    return rules


def _priced(slopes: Floats, fee: Floats) -> Floats:
    """(K, 2 n) slopes of cuts over what is bought and what is sold, with the fee of either."""
    return np.hstack([fee - slopes, fee + slopes])
