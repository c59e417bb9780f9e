"""Two hundred random programmes: each is proved to a millionth or proved impossible, whoever solves it."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import Infeasible, SolverInaccurate
from hedgedesk.hedging import cvar

from . import independent, programmes

MILLIONTH = 1e-6
SEEDS = range(200)
NARROW = 12
"""Positions up to which the bundle alone must prove what it is given; a tail of five scenarios is few for more."""


def checked(problem, found):
    """The answer keeps every rule and its own bound, over all scenarios."""
    scale = max(abs(found.objective), float(problem.cost.std()))
    h = found.position
    assert found.objective == pytest.approx(problem.objective(h), rel=1e-12)
    assert found.objective - found.lower_bound <= MILLIONTH * scale
    sizes = np.abs(problem.A) @ np.abs(h) + np.abs(problem.b)
    assert np.all(problem.A @ h - problem.b <= MILLIONTH * sizes)
    assert np.all(np.abs(problem.E @ h - problem.e) <= MILLIONTH * (np.abs(problem.E) @ np.abs(h) + np.abs(problem.e)))
    assert np.all((problem.lower <= h) & (h <= problem.upper))
    for tail in problem.tails:
        size = abs(tail.limit) + np.abs(tail.base).max() + np.abs(tail.slope @ h).max()
        assert tail.tail_mean(h) - tail.limit <= MILLIONTH * size
    return scale


@pytest.mark.parametrize("seed", SEEDS)
def test_every_programme_is_certified_as_another_solver_answers_it_or_proved_impossible(seed):
    problem, wrong = programmes.programme(seed)
    other = independent.solved(problem)
    if wrong:
        assert other.status == "infeasible"
        with pytest.raises(Infeasible) as raised:
            cvar.certified(problem, MILLIONTH)
        assert raised.value.shortfalls
        return
    found = cvar.certified(problem, MILLIONTH)
    scale = checked(problem, found)
    assert abs(found.objective - other.objective) <= MILLIONTH * scale


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_the_bundle_alone_gives_the_same_answer_or_none(seed):
    problem, wrong = programmes.programme(seed)
    try:
        found = cvar.certified(problem, MILLIONTH, solver="bundle")
    except Infeasible:
        assert wrong
        return
    except SolverInaccurate:
        assert problem.lower.size > NARROW
        return
    assert not wrong
    scale = checked(problem, found)
    assert abs(found.objective - independent.solved(problem).objective) <= MILLIONTH * scale
