"""The programme's rules as rows over lots and quantities, each with a name to report it by; one module a family."""

from __future__ import annotations

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.cash import cash_rules
from hedgedesk.hedging.programme.rules.conflict import contradiction
from hedgedesk.hedging.programme.rules.rule import SHORT, TITLES, Rule, TailLimit
from hedgedesk.hedging.programme.rules.state import state_rules
from hedgedesk.hedging.programme.rules.tails import tail_limits
from hedgedesk.hedging.programme.rules.venue import capacity_rules, venue_rules
from hedgedesk.hedging.programme.rules.volume import volume_rules

__all__ = ["SHORT", "TITLES", "Rule", "TailLimit", "contradiction", "rules_of", "tail_limits"]


def rules_of(program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet, columns: Columns) -> tuple[Rule, ...]:
    """Every rule of the programme over the columns.

    Parameters
    ----------
    exposure
        Already cut to the scenarios' months (:meth:`Exposure.after`).
    """
    return (
        *volume_rules(program, exposure, scenarios, columns),
        *venue_rules(program, scenarios, columns),
        *state_rules(program, exposure, scenarios, columns),
        *cash_rules(program, scenarios, columns),
        *capacity_rules(columns),
    )
