"""What a plan is set beside in a report: the frontier, other ways to hedge, plans under every price model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.domain.strategies import Frontier, LayeredHistory, ModelPlans, Strategies
from hedgedesk.reports.messages import say
from hedgedesk.reports.report.section import Exhibit, Listing

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun


@dataclass(frozen=True, slots=True)
class PlanStudies:
    """The studies of a run's plan that there are; without any, a report says nothing of them."""

    frontier: Frontier | None = None
    strategies: Strategies | None = None
    models: ModelPlans | None = None
    history: LayeredHistory | None = None

    @property
    def any(self) -> bool:
        """Whether there is at least one."""
        return any(each is not None for each in (self.frontier, self.strategies, self.models, self.past))

    @property
    def past(self) -> LayeredHistory | None:
        """The ladder on the past, where there is a month to judge it on."""
        return None if self.history is None or not self.history.months.size else self.history


def exhibits(studies: PlanStudies) -> tuple[Exhibit, ...]:
    """The frontier with its points."""
    from hedgedesk.reports.figures.frontier import frontier_chart
    from hedgedesk.reports.tables.strategies import frontier_table

    found = studies.frontier
    return () if found is None else (Exhibit(frontier_chart(found), frontier_table(found)),)


def regret(studies: PlanStudies) -> tuple[Listing, ...]:
    """What every way would cost were a shock to come the day after."""
    from hedgedesk.reports.tables.strategies import regret_table, regret_unit

    found = studies.strategies
    if found is None or not found.stresses:
        return ()
    return (Listing(say("plan.regret"), regret_unit(found), regret_table(found)),)


def listings(studies: PlanStudies, run: HedgeRun) -> tuple[Listing, ...]:
    """Other ways to hedge, the ladder on the past, and the plans of every model."""
    from hedgedesk.reports.tables import model_plans, past, strategies

    told = []
    if (ways := studies.strategies) is not None:
        table = strategies.strategies_table(ways)
        told.append(Listing(say("plan.strategies"), strategies.strategies_unit(ways), table))
    if studies.past is not None:
        told.append(Listing(say("plan.past"), past.past_unit(studies.past), past.past_table(studies.past)))
    if (models := studies.models) is not None:
        currency = run.plan.program.currency
        table = model_plans.models_table(models, currency)
        told.append(Listing(say("plan.models"), model_plans.models_unit(models, currency), table))
    return tuple(told)


def words(studies: PlanStudies, run: HedgeRun) -> tuple[str, ...]:
    """What the tables come to, in sentences."""
    from hedgedesk.reports.tables.model_plans import models_words
    from hedgedesk.reports.tables.past import past_words
    from hedgedesk.reports.tables.strategies import regret_words

    told = [] if studies.strategies is None else [regret_words(studies.strategies)]
    if studies.past is not None:
        told.append(past_words(studies.past))
    if studies.models is not None:
        told.append(models_words(studies.models, run.plan.program.currency))
    elif studies.any:
        told.append(say("model_plans.not_yet"))
    return tuple(text for text in told if text)
