"""A plan under every price model: each model's own best, and the plans that are least bad over all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from hedgedesk.domain.errors import Infeasible, ModelError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import MODELS, HedgeRun, RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.strategies import ModelPlans
from hedgedesk.domain.values import Floats
from hedgedesk.hedging.cvar import certified, least_bad
from hedgedesk.hedging.programme.rules import tail_limits
from hedgedesk.hedging.programme.statement import Statement
from hedgedesk.hedging.solver.problem import CvarProblem
from hedgedesk.market.instruments import gain_by_month
from hedgedesk.market.instruments.kind import Setting
from hedgedesk.plan_study.judged import solver_of, statement_of, trades_of
from hedgedesk.prices.registry import model_called
from hedgedesk.prices.simulate import simulate

FITTED = 0.6
"""Share of a model's time that its fit takes; the rest is its scenarios and its plan."""
DRAWN = 0.9
"""Share of the whole after which every model has its plan."""


def across_models(
    run: HedgeRun, market: MarketSnapshot, *, names: Sequence[str] = MODELS, tick: Tick = silent
) -> ModelPlans:
    """Each model's best plan judged under every model; minimax regret and the robust plan; and the plan proposed.

    All models draw as many scenarios as the run has, with its seed, and obey its rules, which are worked out from the
    scenarios of its own model. Where nobody quotes futures, each model trades at the curve that it implies itself: no
    model is then beaten by another's opinion of today.

    Parameters
    ----------
    run
        Its exposure, programme, book, plan and settings.
    market
        That the run was made of.
    names
        Of the models; the run's own is always among them.
    tick
        Told the progress.

    Raises
    ------
    ModelError
        The run's own model cannot be fitted any more.
    SolverInaccurate
        No solver's answer is proved.

    References
    ----------
    Savage (1951), The theory of statistical decision, JASA 46: minimax regret. Zhu and Fukushima (2009), Worst-case
    conditional value-at-risk with application to robust portfolio management, Operations Research 57: the robust plan.
    """
    own = run.model.name
    asked = (own, *(name for name in names if name != own))
    found, refused = _Found(solver_of(run)), dict[str, str]()
    for number, name in enumerate(asked):
        part = _part(tick, DRAWN * number / len(asked), DRAWN * (number + 1) / len(asked), name)
        try:
            found.take(name, run, _drawn(name, run, market, part))
        except (ModelError, Infeasible) as error:
            if name == own:
                raise
            refused[name] = str(error)
    tick(DRAWN, "Finding the plans that are least bad")
    return found.judged(run, refused)


def _drawn(name: str, run: HedgeRun, market: MarketSnapshot, tick: Tick) -> ScenarioSet:
    """The scenarios of a model; the user's own values are of the run's own model alone."""
    settings = RunSettings(**run.manifest.causes["settings"])
    settings = dataclasses.replace(settings, scenarios=run.report.scenarios, relative_error=None)
    model = model_called(name).fit(market, tick=lambda fraction, text: tick(FITTED * fraction, text))
    if name == run.model.name:
        model = model.with_view(settings.view)
    return simulate(
        model, market, run.exposure, settings, tick=lambda done, text: tick(FITTED + (1.0 - FITTED) * done, text)
    )


class _Found:
    """The models that have a plan, one by one."""

    def __init__(self, solver: str) -> None:
        self._solver = solver
        self._names: list[str] = []
        self._problems: list[CvarProblem] = []
        self._best: list[Floats] = []
        self._statement: Statement | None = None

    def take(self, name: str, run: HedgeRun, scenarios: ScenarioSet) -> None:
        """State and solve the programme under a model; the first is the run's own, whose rules all obey."""
        if self._statement is None:
            self._statement = statement_of(run, scenarios)
            problem = self._statement.problem
        else:
            problem = under(self._statement, run, scenarios)
        self._best.append(certified(problem, solver=self._solver).position)
        self._problems.append(problem)
        self._names.append(name)

    def judged(self, run: HedgeRun, refused: dict[str, str]) -> ModelPlans:
        """Every plan under every model."""
        if self._statement is None:
            raise ModelError("no price model has a plan")
        least = np.array([p.objective(h) for p, h in zip(self._problems, self._best, strict=True)])
        regretful = least_bad(self._problems, least.tolist(), solver=self._solver)
        robust = least_bad(self._problems, [0.0] * least.size, solver=self._solver)
        trades = [*self._best, regretful.position, robust.position, trades_of(run.plan, self._statement)]
        return ModelPlans(
            models=tuple(self._names),
            plans=(*self._names, "minimax_regret", "robust", "proposed"),
            columns=self._statement.columns.names,
            positions=np.array(trades) + self._statement.columns.held,
            objective=np.array([[p.objective(h) for p in self._problems] for h in trades]),
            refused=refused,
        )


def under(statement: Statement, run: HedgeRun, scenarios: ScenarioSet) -> CvarProblem:
    """The programme as ``statement`` says it, with the costs and payoffs of other scenarios.

    Offers, their premiums and every rule that is a row stay: they are facts of today, whichever model is right. A tail
    is of the scenarios.
    """
    program, columns = statement.program, statement.columns
    exposure = run.exposure.after(scenarios.as_of)
    setting = Setting(exposure, scenarios, program.currency)
    of_offers = [gain_by_month(offer, setting).sum(axis=1) for offer in columns.offers]
    payoff = np.column_stack([scenarios.gain_per_lot(program.currency), *of_offers])
    cost = scenarios.cost_by_month(exposure, program.currency).sum(axis=1)
    cost = cost - payoff @ columns.held - run.plan.held_gain
    columns = dataclasses.replace(columns, payoff=payoff)
    tails = tail_limits(program, exposure, scenarios, columns, cost)
    return dataclasses.replace(statement.problem, cost=cost, payoff=payoff, tails=tuple(limit.tail for limit in tails))


def _part(tick: Tick, start: float, end: float, name: str) -> Tick:
    """A tick of one model within the whole, in the model's name."""
    return lambda fraction, _text: tick(start + (end - start) * fraction, f"Planning under {name}")
