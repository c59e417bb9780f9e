"""Other instruments taken, a frontier, strategies and plans of every model, made by hand for the run by hand."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.domain.instruments import InstrumentChoice, InstrumentTerms, Offer
from hedgedesk.domain.plan import LimitUse
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.strategies import (
    Frontier,
    FrontierPoint,
    LayeredHistory,
    ModelPlans,
    Strategies,
    StrategyLine,
)

STRESSES = ("Price war", "Peak pricing")


def with_choices(run: HedgeRun) -> HedgeRun:
    """The run whose plan takes two of three other instruments, and knows what its limits are worth."""
    cap = Offer("winter cap", "cap", "Mtok", 0.0, 20_000.0, contract="2027-02", premium_per_unit=0.4)
    batch = Offer("night batch", "batch", "share", 0.0, 0.3)
    choices = (
        InstrumentChoice(cap, 12_000.0, 12_000.0, 4_800.0, 120.0, 0.0, 900.0, 12_000.0, "lowers the tail of 2027-02"),
        InstrumentChoice(batch, 0.25, 0.25, 0.0, 0.0, 0.0, 51_000.0, 0.0, "saves more than it costs"),
    )
    terms = tuple(InstrumentTerms(name, kind) for name, kind in (("winter cap", "cap"), ("night batch", "batch")))
    terms = (*terms, InstrumentTerms("spring floor", "floor"))
    program = dataclasses.replace(
        run.plan.program, terms=terms, instruments=("futures", "winter cap", "night batch", "spring floor")
    )
    plan = dataclasses.replace(run.plan, program=program, choices=choices, limits=valued(run.plan.limits))
    return dataclasses.replace(run, plan=plan)


def with_options(run: HedgeRun) -> HedgeRun:
    """The run whose plan takes a cap and a collar of its first contract, with what their premiums rest on."""
    contract, price = run.plan.contracts[0], float(run.plan.price_per_mtok[0])
    known = {"financing_rate": 0.03, "model_volatility": 0.5, "gamma": 0.2, "vega": 1.5, "theta": -0.9}
    cap = {"strike": 1.1 * price, "premium_per_mtok": 0.31, "delta": 0.4}
    collar = {"floor_strike": 0.9 * price, "strike": 1.2 * price, "premium_per_mtok": 0.02, "delta": 0.6}
    taken = (("winter cap", "cap", cap, "scenarios"), ("belt", "collar", collar, "quote"))
    choices = tuple(
        InstrumentChoice(
            Offer(
                name,
                kind,
                "lots",
                0.0,
                9.0,
                contract=contract.code,
                numbers=known | numbers,
                words={"premium_from": source},
            ),
            *(2.0, 2.0, 9.0, 1.0, 0.0, -3.0, 4_000.0, ""),
        )
        for name, kind, numbers, source in taken
    )
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, choices=choices))


def history(months: int = 3) -> LayeredHistory:
    """So many delivery months that are over, in four ways."""
    steps = np.arange(months, dtype=float)
    paid = np.array([9.0 + steps, 10.0 + 0.0 * steps, 9.5 + steps / 2.0, 9.4 + steps / 2.0])
    cover = np.array([0.0, 1.0, 0.75, 0.5])[:, None] * np.ones(months)
    over = np.datetime64("2026-02", "M") + 2 * np.arange(months)
    ways = ("nothing", "everything", "layered", "triggered")
    return LayeredHistory("CNY", "stu", "bands", over, ways, paid, cover)


def valued(limits: tuple[LimitUse, ...]) -> tuple[LimitUse, ...]:
    """The limits with a value for more room: what binds is worth something."""
    worth = {"band_min": 0.9, "credit_line": 1.5}
    uses = []
    for use in limits:
        more = 0.3 if use.where == "2027-07" else 0.0
        value = worth.get(use.rule, 0.0) + more if use.binds else 0.0
        uses.append(dataclasses.replace(use, shadow_value=value))
    return tuple(uses)


def point(weight: float | None, mean: float, tail: float, lots: float) -> FrontierPoint:
    """A point that holds all its lots in the first contract."""
    return FrontierPoint(weight, mean * 1e6, tail * 1e6, 1.1e6, lots, 116.4 * lots, (lots, 0.0))


def frontier(shift: float = 0.0) -> Frontier:
    """Five points; the plan near them, the book off the curve, no hedge far from it."""
    weights = (0.0, 0.2, 1.0, 5.0, None)
    means, tails = (10.84, 10.86, 10.89, 10.94, 11.02), (16.4, 16.0, 15.6, 15.4, 15.35)
    points = tuple(
        point(weight, mean + shift, tail + shift, 1_000.0 + 500 * k)
        for k, (weight, mean, tail) in enumerate(zip(weights, means, tails, strict=True))
    )
    proposed = dataclasses.replace(points[2], mean=(10.9 + shift) * 1e6)
    book = point(None, 10.86 + shift, 16.9 + shift, 360.0)
    return Frontier("CNY", 0.95, points, proposed, book, point(None, 11.0 + shift, 21.5 + shift, 0.0))


def strategies() -> Strategies:
    """Five ways under two shocks."""
    rows = (
        ("nothing", 11.00, 17.92, 0.0, 0.20, (0.0, 0.0), True, ""),
        ("everything", 10.95, 14.10, 5_900.0, 1.00, (6.4e6, -2.0e6), False, "outside credit line"),
        ("layered", 10.93, 15.90, 2_500.0, 0.52, (2.9e6, -1.5e6), True, "the programme's own bands"),
        ("minimum_variance", 10.94, 15.30, 3_300.0, 0.61, (3.4e6, -1.8e6), True, ""),
        ("proposed", 10.90, 15.54, 2_944.0, 0.58, (3.1e6, -1.7e6), True, ""),
    )
    lines = tuple(
        StrategyLine(
            name=name,
            mean=mean * 1e6,
            standard_deviation=tail * 1e5,
            p95=tail * 0.93e6,
            var=tail * 0.93e6,
            cvar=tail * 1e6,
            budget_at_risk=tail * 0.93e6 - 11.6e6,
            initial_margin=lots * 116.4,
            lots=lots,
            cover=cover,
            regret=regret,
            keeps_rules=keeps,
            note=note,
        )
        for name, mean, tail, lots, cover, regret, keeps, note in rows
    )
    return Strategies("CNY", 0.95, 20_000, STRESSES, lines)


def model_plans() -> ModelPlans:
    """Three models' plans, the two over all of them, and the proposed one."""
    objective = np.array(
        [
            [10.00, 12.60, 9.40],
            [10.70, 12.00, 9.90],
            [10.20, 12.90, 9.00],
            [10.25, 12.30, 9.30],
            [10.60, 12.05, 9.60],
            [10.00, 12.55, 9.42],
        ]
    )
    plans = ("TwoFactor", "Regimes", "RandomWalk", "minimax_regret", "robust", "proposed")
    positions = np.linspace(100.0, 800.0, 12).reshape(6, 2)
    refused = {"Bootstrap": "Bootstrap needs 60 weekly changes; 34 are there"}
    return ModelPlans(plans[:3], plans, ("2026-12", "2027-01"), positions, objective * 1e6, refused)
