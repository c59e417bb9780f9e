"""Ways to hedge side by side: nothing, everything, in layers, by minimum variance, and as proposed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import StressResult
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.strategies import Strategies, StrategyLine
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.optimise import optimise
from hedgedesk.hedging.programme.columns import Held
from hedgedesk.hedging.programme.rules import SHORT
from hedgedesk.hedging.programme.statement import Statement
from hedgedesk.plan_study.judged import solver_of, statement_of, trades_of
from hedgedesk.plan_study.later import LaterLayers, later_layers
from hedgedesk.plan_study.layered import Ladder, ladder_of, layered_lots, lots_covering, percentile_of, told_of
from hedgedesk.risk.assess import cost_risk, hedged_by_month
from hedgedesk.risk.choices import covered, initial_margin, setting_of
from hedgedesk.risk.stress import shocks, stress_table

FREE = "no limit but the open volume"
"""What is said of the plan of least variance."""
UNLIMITED = 1e9
"""An over-hedge limit that never binds."""
HAIR = 1e-9
"""Of a lot: what rounding down overlooks."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A plan for today, and what follows it."""

    name: str
    plan: HedgePlan
    note: str = ""
    """How it was worked out, where that needs saying."""
    later: LaterLayers | None = None


def strategies(
    run: HedgeRun, scenarios: ScenarioSet, *, ladder: Ladder | None = None, tick: Tick = silent
) -> Strategies:
    """Every way judged by the same risk report on the same scenarios, with its regret under every stress.

    Parameters
    ----------
    run
        Its exposure, programme, book and plan.
    scenarios
        Of the run.
    ladder
        Of the layered programme; None: the programme's own bands. It is climbed along every path where the scenarios
        keep futures prices (:attr:`RunSettings.margin_grid`), else as far as today.
    tick
        Told the progress.

    Raises
    ------
    SolverInaccurate
        The plan of minimum variance is not proved.
    """
    statement = statement_of(run, scenarios)
    ways = _ways(run, scenarios, statement, ladder or ladder_of(run.plan.program))
    exposure, lines = run.exposure.after(scenarios.as_of), list[StrategyLine]()
    for number, way in enumerate(ways):
        broken = _broken(statement, way.plan)
        told = [way.note] if way.note else []
        told += [f"breaks {', '.join(broken)}"] if broken else []
        stresses = stress_table(exposure, way.plan, scenarios, None, side_by_side=True)
        line = _judged(way, exposure, scenarios, stresses)
        lines.append(dataclasses.replace(line, keeps_rules=not broken, note="; ".join(told)))
        tick((number + 1) / len(ways), "Judging every strategy")
    program = run.plan.program
    names = tuple(stress.name for stress in stresses)
    return Strategies(program.currency, program.level, scenarios.count, names, tuple(lines))


def _judged(way: _Way, exposure: Exposure, scenarios: ScenarioSet, stresses: tuple[StressResult, ...]) -> StrategyLine:
    """A strategy's risk as a report would tell it."""
    plan, program = way.plan, way.plan.program
    budget = program.total_budget(exposure.months)
    total = hedged_by_month(exposure, plan, scenarios).sum(axis=1)
    lots = plan.position
    if way.later is not None:
        total, lots = total - way.later.gain + way.later.fee, lots + way.later.lots
    cost = cost_risk(total, program.level, budget)
    return StrategyLine(
        name=way.name,
        mean=cost.mean,
        standard_deviation=cost.standard_deviation,
        p95=cost.p95,
        var=cost.var,
        cvar=cost.cvar,
        budget_at_risk=cost.budget_at_risk,
        initial_margin=initial_margin(plan),
        lots=float(lots.sum()),
        cover=_cover(plan, lots, exposure, scenarios),
        regret=_regret(way, exposure, scenarios, stresses),
        keeps_rules=True,
    )


def _regret(
    way: _Way, exposure: Exposure, scenarios: ScenarioSet, stresses: tuple[StressResult, ...]
) -> tuple[float, ...]:
    """What the way costs more than no hedge under each stress; later layers are bought at the prices it has moved."""
    if way.later is None:
        return tuple(stress.regret for stress in stresses)
    source, currency = scenarios.curve.currency, way.plan.program.currency
    moved = {
        shock.name: shock.price * float(fx_factor(shock.cny_per_usd, source, currency))
        for shock in shocks(exposure, scenarios, currency)
    }
    gain, fee = float(way.later.gain.mean()), way.later.fee
    return tuple(stress.regret - moved.get(stress.name, 1.0) * gain + fee for stress in stresses)


def _cover(plan: HedgePlan, lots: Floats, exposure: Exposure, scenarios: ScenarioSet) -> float:
    """Share of the forecast of the hedgeable months whose price is settled, by ``lots`` (K,) of futures and others."""
    unit, reach = scenarios.unit, scenarios.hedgeable
    forecast = float(exposure.forecast_in(unit)[reach].sum())
    settled = exposure.fixed_in(unit) + (lots * plan.mtok_per_lot) @ scenarios.cover_share
    settled += covered(plan, setting_of(exposure, plan, scenarios))
    return float(settled[reach].sum()) / forecast if forecast > 0 else 0.0


def _ways(run: HedgeRun, scenarios: ScenarioSet, statement: Statement, ladder: Ladder) -> list[_Way]:
    exposure, plan = run.exposure.after(scenarios.as_of), run.plan
    open_mtok = np.where(scenarios.hedgeable, exposure.open_in(scenarios.unit), 0.0)
    return [
        _Way("nothing", _unhedged(plan)),
        _Way("everything", _holding(plan, lots_covering(open_mtok, scenarios), statement)),
        _in_layers(run, exposure, scenarios, statement, ladder),
        _Way("minimum_variance", _holding(plan, _least_variance(run, scenarios), statement), FREE),
        _Way("proposed", plan),
    ]


def _in_layers(run: HedgeRun, exposure: Exposure, scenarios: ScenarioSet, statement: Statement, ladder: Ladder) -> _Way:
    """Today's layer, and the later ones where the scenarios know the prices that they are bought at."""
    past, program = run.fan.history_per_mtok, run.plan.program
    layers = layered_lots(ladder, exposure, scenarios, percentile_of(past[:-1], float(past[-1])))
    plan = _holding(run.plan, np.maximum(layers, run.plan.held_lots), statement)
    fee = statement.columns.fee[: statement.columns.futures]
    later = later_layers(
        ladder, exposure, scenarios, plan.position, program.currency, fee, whole=program.lots == "whole"
    )
    when = "as far as climbed today" if later is None else "later layers at the prices of each path"
    return _Way("layered", plan, f"{told_of(ladder)}, {when}", later)


def _unhedged(plan: HedgePlan) -> HedgePlan:
    """No hedge at all: as if the book had never been."""
    none = np.zeros(len(plan.contracts))
    return dataclasses.replace(
        plan, lots=none, held_lots=none, held_gain=0.0, transaction_cost=none, initial_margin=none, choices=()
    )


def _holding(plan: HedgePlan, position: Floats, statement: Statement) -> HedgePlan:
    """The plan that trades from the book to ``position`` (K,) in futures, whole lots rounded down."""
    if plan.program.lots == "whole":
        position = np.floor(position + HAIR)
    trades, futures = position - plan.held_lots, slice(statement.columns.futures)
    return dataclasses.replace(
        plan,
        lots=trades,
        continuous_lots=trades,
        transaction_cost=statement.columns.fee[futures] * np.abs(trades),
        initial_margin=statement.columns.margin[futures] * np.abs(position),
        choices=(),
    )


def _least_variance(run: HedgeRun, scenarios: ScenarioSet) -> Floats:
    """(K,) lots of least variance when only the open volume limits them: the ratio of the textbooks, month by month.

    Volume and price move together in the scenarios, so it is not all of the volume.
    """
    own = run.plan.program
    free = HedgeProgram(
        currency=own.currency,
        level=own.level,
        over_hedge=UNLIMITED,
        transaction_cost_per_mtok=own.transaction_cost_per_mtok,
        lots="fractional",
        objective="variance",
    )
    held = Held(run.plan.held_lots, run.plan.held_gain)
    return optimise(run.exposure, scenarios, free, held, solver=solver_of(run)).position


def _broken(statement: Statement, plan: HedgePlan) -> tuple[str, ...]:
    """Short names of the rules that the plan does not keep, each once."""
    columns = statement.columns
    trades = trades_of(plan, statement) - columns.held
    trades[: columns.futures] += plan.held_lots
    rules = [rule.name for rule in statement.rules if not rule.keeps(columns.held, trades)]
    tails = [tail.name for tail in statement.tails if not tail.keeps(trades)]
    return tuple(SHORT.get(name, name) for name in dict.fromkeys([*rules, *tails]))
