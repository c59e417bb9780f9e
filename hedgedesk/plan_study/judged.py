"""The programme of a run as its plan stated it, and any trades judged in it."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.run import HedgeRun, RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.strategies import FrontierPoint
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.programme.columns import Held
from hedgedesk.hedging.programme.statement import Statement, stated
from hedgedesk.hedging.solver.problem import CvarProblem, tail_weights


def statement_of(run: HedgeRun, scenarios: ScenarioSet) -> Statement:
    """The programme of ``run`` on its scenarios and with its book."""
    held = Held(run.plan.held_lots, run.plan.held_gain)
    return stated(run.exposure, scenarios, run.plan.program, held)


def solver_of(run: HedgeRun) -> str:
    """The solver that the settings of ``run`` ask for."""
    return RunSettings(**run.manifest.causes["settings"]).solver


def trades_of(plan: HedgePlan, statement: Statement) -> Floats:
    """(n,) what ``plan`` trades, in the columns of ``statement``."""
    taken = {choice.offer.code: choice.quantity for choice in plan.choices}
    offers = [taken.get(offer.code, 0.0) for offer in statement.columns.offers]
    return np.concatenate([plan.lots, offers])


def weighted(statement: Statement, risk_weight: float | None) -> CvarProblem:
    """The same rules with mean + ``risk_weight`` x CVaR as the objective; None: CVaR alone.

    A fee is certain, so it counts in mean and tail alike.
    """
    mean, tail = (0.0, 1.0) if risk_weight is None else (1.0, risk_weight)
    return dataclasses.replace(
        statement.problem,
        mean_weight=mean,
        cvar_weight=tail,
        transaction_cost=(mean + tail) * statement.columns.fee,
        variance=False,
    )


def point(statement: Statement, trades: Floats, risk_weight: float | None) -> FrontierPoint:
    """Mean, tail and margin of ``trades`` (n,) on top of the book."""
    columns, problem = statement.columns, statement.problem
    fee = float(columns.fee @ np.abs(trades))
    position = columns.held + trades
    return _point(statement, problem.cost - problem.payoff @ trades + fee, position, risk_weight)


def unhedged(statement: Statement, cost: Floats) -> FrontierPoint:
    """No hedge at all, as if the book had never been; ``cost`` (S,)."""
    return _point(statement, cost, np.zeros(statement.columns.count), None)


def _point(statement: Statement, loss: Floats, position: Floats, risk_weight: float | None) -> FrontierPoint:
    columns = statement.columns
    return FrontierPoint(
        risk_weight=risk_weight,
        mean=float(loss.mean()),
        cvar=float(tail_weights(loss, statement.program.level) @ loss),
        standard_deviation=float(loss.std(ddof=1)) if loss.size > 1 else 0.0,
        lots=float(position[: columns.futures].sum()),
        initial_margin=float(columns.margin @ np.abs(position)),
        position=tuple(float(each) for each in position),
    )
