"""CPU milliseconds of each station of a what-if on the sample desk, the bundle beside a row a scenario.

Run ``python tests/benchmarks/replan.py``; it prints and never gates. Ratios of one run can be compared, absolute times
of two machines cannot.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable

import numpy as np

from hedgedesk import pipeline
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.values import to_plain
from hedgedesk.files import read_desk
from hedgedesk.files.places import sample_folder
from hedgedesk.hedging import optimise
from hedgedesk.hedging.cvar import certified
from hedgedesk.hedging.lots import whole_lots
from hedgedesk.hedging.programme.memory import Memory
from hedgedesk.hedging.solver.bundle.solve import Bundled, solve
from hedgedesk.hedging.solver.problem import CvarProblem, cvar_problem
from hedgedesk.prices.simulate import regrown
from hedgedesk.risk.assess import assess

ROUNDS = 3
VOLUME = 0.10
HARD = 10_000
"""Scenarios of the harder programme."""
ASKED = {
    "volume": Changes(volume=VOLUME),
    "risk weight": Changes(risk_weight=3.0),
    "band": Changes(band=-0.10),
    "credit line": Changes(credit_line=300_000.0),
    "all at once": Changes(volume=-0.15, risk_weight=2.0, band=-0.05, credit_line=300_000.0),
}


def cpu_and_wall(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return 1e3 * (time.process_time() - cpu), 1e3 * (time.perf_counter() - wall)


def many_contracts(scenarios: int, n: int = 24) -> CvarProblem:
    """An instance without a margin rule: the optimum lies inside, so that many cuts are needed."""
    random = np.random.default_rng(1)
    x, e, f, cost = (np.zeros(scenarios) for _ in range(4))
    payoff = np.empty((scenarios, n))
    for t in range(1, n + 1):
        z = random.standard_normal((4, scenarios))
        x = np.exp(-0.1) * x + 0.13 * z[0]
        e += 0.052 * (0.3 * z[0] + 0.954 * z[1])
        f += 0.03 * z[2]
        spot = 3.0 * np.exp(x + e)
        cost += (10.0 + 0.05 * t) * np.exp(0.15 * z[3] + 0.25 * f) * spot
        payoff[:, t - 1] = spot - 3.0 * np.exp(-0.02 * t / 12)
    upper = np.where(np.arange(n) % 5 == 0, 6.0, 13.0)
    return cvar_problem(cost, payoff, 0.95, 4.0, -2.0, upper, 0.01, (np.ones((1, n)), [0.8 * upper.sum()]), None)


def with_options(program: HedgeProgram) -> dict[str, Changes]:
    """A slider on a programme with caps, collars, a premium budget and margin limited along the path."""
    terms = (
        InstrumentTerms("cap", "cap", {"strike_share": 1.1}),
        InstrumentTerms("collar", "collar", {"strike_share": 1.15}),
    )
    rules = {"premium_budget": 50_000.0, "credit_line_level": 0.95}
    names = ("futures", *(each.name for each in terms))
    rich = dataclasses.replace(program, terms=terms, instruments=names, **rules)
    plain = to_plain(rich)
    return {
        "options and path": Changes(program=plain),
        "options and path, weight": Changes(program=plain, risk_weight=3.0),
        "options and path, line": Changes(program=plain, credit_line=300_000.0),
    }


def passes(problem: CvarProblem) -> str:
    answer = solve(problem, problem.lower, problem.upper, 1e-6)
    return (
        f"{answer.passes.whole} whole + {answer.passes.near} near passes"
        if isinstance(answer, Bundled)
        else str(answer)
    )


def stations(base: pipeline.HedgeRun) -> dict[str, Callable[[], object]]:
    """Each station by itself, then whole what-ifs."""
    drawn, program = base.scenarios, base.plan.program
    grown = base.exposure.grown(VOLUME, drawn.as_of)
    more = regrown(drawn, base.exposure, grown)
    held = optimise.Held(base.plan.held_lots, base.plan.held_gain)
    problem = optimise.stated(grown, more, program, held).problem
    found = certified(problem)
    alone = {
        "scenarios": lambda: regrown(drawn, base.exposure, grown),
        "set up the programme": lambda: optimise.stated(grown, more, program, held),
        "optimise, bundle": lambda: certified(problem, solver="bundle"),
        "optimise, monolith": lambda: certified(problem, solver="clarabel"),
        "whole lots, own cuts": lambda: whole_lots(problem, found.position),
        "whole lots, bundle's cuts": lambda: whole_lots(problem, found.position, found.cuts),
        "assess": lambda: assess(grown, base.plan, more),
    }
    remembered = Memory()
    whole = {
        f"replan, {name}": lambda asked=asked: pipeline.replan(base, drawn, asked, memory=remembered)
        for name, asked in (ASKED | with_options(program)).items()
    }
    hard = many_contracts(HARD)
    alone |= {
        "24 contracts, bundle": lambda: certified(hard, solver="bundle"),
        "24 contracts, monolith": lambda: certified(hard, solver="clarabel"),
    }
    size = f"{problem.cost.size:,} scenarios x {base.exposure.months.size} months, {problem.lower.size} contracts"
    print(f"{size}, {passes(problem)}; the harder programme of {HARD:,} scenarios and 24 contracts, {passes(hard)}")
    return alone | whole


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--scenarios", type=int, default=20_000)
    scenarios = arguments.parse_args().scenarios
    desk = read_desk(sample_folder())
    settings = dataclasses.replace(desk.settings, scenarios=scenarios, model="RandomWalk", margin_grid="monthly")
    base = pipeline.run(dataclasses.replace(desk, settings=settings))
    works = stations(base)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS + 1):  # interleaved, and the first round only warms up
        for name, work in works.items():
            taken[name].append(cpu_and_wall(work))
    cpu = {name: statistics.median(c for c, _ in times[1:]) for name, times in taken.items()}
    print(f"median of {ROUNDS} rounds, one thread")
    print(f"{'station':<28}{'CPU ms':>10}{'wall ms':>10}{'/ monolith':>12}")
    for name, times in taken.items():
        wall = statistics.median(w for _, w in times[1:])
        print(f"{name:<28}{cpu[name]:>10.1f}{wall:>10.1f}{cpu[name] / cpu['optimise, monolith']:>12.4f}")


if __name__ == "__main__":
    main()
