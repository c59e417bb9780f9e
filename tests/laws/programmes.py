"""Random programmes: heavy tails, ties, one to 36 positions, tight, loose and impossible limits, fees, any currency."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.hedging.solver.problem import CvarProblem, TailRule

SHAPES = ("normal", "pareto", "cauchy", "rounded", "one factor")
WEIGHTS = (None, 0.0, 0.3, 1.0, 4.0, 40.0)
IMPOSSIBLE = ("tail", "rules", "equality")


def scenarios(random, shape, many, n):
    """Cost (S,) and payoff (S, n), before any scaling."""
    payoff = random.standard_normal((many, n))
    if shape == "one factor":
        payoff = random.standard_normal((many, 1)) + 0.3 * np.cumsum(payoff, axis=1)
    noise = {"pareto": lambda: random.pareto(1.8, many), "cauchy": lambda: _cauchy(random, many)}.get(
        shape, lambda: random.standard_normal(many)
    )()
    cost = payoff @ random.uniform(-1.0, 3.0, n) + noise
    return (np.round(cost), np.round(payoff)) if shape == "rounded" else (cost, payoff)


def _cauchy(random, many):
    return np.clip(random.standard_cauchy(many), -1e3, 1e3)


def tail_rule(random, cost, payoff, inside, number, tight):
    """A tail rule that ``inside`` (n,) keeps: by nothing to speak of where it is tight."""
    many, n = payoff.shape
    dates = int(random.choice([1, 1, 3]))
    steps = random.standard_normal((many, dates, n))
    slope = 0.7 * payoff[:, None, :] * np.linspace(0.4, 1.0, dates)[:, None] + 0.3 * steps
    base = random.choice([0.0, 1.0]) * cost[:, None] * np.linspace(0.4, 1.0, dates)
    rule = TailRule(
        f"tail {number}",
        base,
        slope.astype(np.float32) if dates > 1 else slope,
        float(random.choice([0.8, 0.95, 0.975])),
        0.0,
        0.0 if dates > 1 else -np.inf,
        random.choice([0.0, 0.1], n) if number else None,
    )
    side = rule.tail_mean(inside)
    return dataclasses.replace(rule, limit=side + (1e-3 if tight else 1.0) * (abs(side) + 0.1 * cost.std()))


def programme(seed: int, *, whole: bool = False) -> tuple[CvarProblem, str]:
    """The programme, and what makes it impossible; empty: a position that keeps everything was drawn with it.

    ``whole``: in the size of lots and of few scenarios, for whole numbers.
    """
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 9)) if whole else int(random.choice([1, 2, 3, 5, 8, 12, 24, 36]))
    cost, payoff = scenarios(random, SHAPES[seed % 5], int(random.choice([100, 160, 300])), n)
    if n > 2 and seed % 7 == 0:
        payoff[:, 0] = payoff[:, 1]  # two contracts that are one
    lower, upper = random.choice([0.0, -1.0, 0.5], n), random.uniform(1.0, 4.0, n)
    if whole:
        lower, upper = np.floor(3.0 * lower), np.ceil(3.0 * upper)
    inside = random.uniform(lower, upper)
    inside = np.round(inside) if whole else inside
    problem = CvarProblem(
        cost=cost,
        payoff=payoff,
        level=float(random.choice([0.5, 0.9, 0.95, 0.987])),
        mean_weight=0.0 if WEIGHTS[seed % 6] is None else 1.0,
        cvar_weight=1.0 if WEIGHTS[seed % 6] is None else WEIGHTS[seed % 6],
        lower=lower,
        upper=upper,
        transaction_cost=random.choice([0.0, 0.02, 0.2], n),
        **_rules(random, n, inside, equal=seed % 6 == 1 and n > 2 and not whole),
        tails=tuple(
            tail_rule(random, cost, payoff, inside, number, tight=seed % 2 == 0)
            for number in range(int(random.choice([0, 0, 1, 2])))
        ),
        variance=seed % 11 == 5,
    )
    wrong = IMPOSSIBLE[seed // 9 % 3] if seed % 9 == 8 and not whole else ""
    problem = impossible(problem, wrong) if wrong else problem
    return (problem if whole else rescaled(problem, random)), wrong


def _rules(random, n, inside, *, equal):
    left = random.uniform(-0.2, 1.0, (int(random.integers(0, 3)), n))
    ruled = {"A": left, "b": left @ inside + random.choice([0.0, 0.3, 5.0], len(left))}
    E = random.uniform(0.1, 1.0, (int(equal), n))
    ruled |= {"E": E, "e": E @ inside}
    if random.uniform() < 0.4:
        bought, sold = random.uniform(0.0, 1.0, (2, 1, n))
        used = bought @ np.maximum(inside, 0.0) + sold @ np.maximum(-inside, 0.0)
        ruled |= {"bought": bought, "sold": sold, "traded": used + random.choice([0.0, 0.5])}
    return ruled


def impossible(problem: CvarProblem, wrong: str) -> CvarProblem:
    """The programme with a rule that nothing within the bounds keeps."""
    n = problem.lower.size
    if wrong == "rules":
        most = float(problem.upper.sum())
        return dataclasses.replace(
            problem, A=np.vstack([problem.A, -np.ones(n)]), b=np.append(problem.b, -most - 0.1 * (1.0 + abs(most)))
        )
    if wrong == "equality":
        return dataclasses.replace(
            problem, E=np.vstack([problem.E, np.ones(n)]), e=np.append(problem.e, problem.upper.sum() + 1.0)
        )
    # No CVaR is below its mean, and the mean is least at a corner of the box.
    slope = problem.payoff.mean(axis=0)
    least = problem.cost.mean() - np.maximum(slope * problem.lower, slope * problem.upper).sum()
    rule = TailRule(
        "budget",
        problem.cost[:, None],
        problem.payoff[:, None, :],
        0.9,
        least - 0.1 * (abs(least) + problem.cost.std()),
    )
    return dataclasses.replace(problem, tails=(*problem.tails, rule))


def rescaled(problem: CvarProblem, random) -> CvarProblem:
    """The same programme in another currency and with lots of very different sizes."""
    money, size = 10.0 ** float(random.integers(-3, 8)), 10.0 ** random.uniform(-2, 2, problem.lower.size)
    turned = {} if problem.bought is None else {"bought": problem.bought * size, "sold": problem.sold * size}
    tails = tuple(
        dataclasses.replace(
            tail,
            base=money * tail.base,
            slope=(money * tail.slope * size).astype(tail.slope.dtype),
            limit=money * tail.limit,
            floor=money * tail.floor,
            fee=None if tail.fee is None else money * tail.fee * size,
        )
        for tail in problem.tails
    )
    return dataclasses.replace(
        problem,
        cost=money * problem.cost,
        payoff=money * problem.payoff * size,
        lower=problem.lower / size,
        upper=problem.upper / size,
        transaction_cost=money * problem.transaction_cost * size,
        A=problem.A * size,
        E=problem.E * size,
        tails=tails,
        **turned,
    )
