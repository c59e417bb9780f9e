"""Rules on what must be paid today or stand ready today, and on how much is traded for it."""

from __future__ import annotations

from collections.abc import Iterator

from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import million_of
from hedgedesk.hedging.programme.columns import Columns
from hedgedesk.hedging.programme.rules.rule import TRADED, Rule


def cash_rules(program: HedgeProgram, scenarios: ScenarioSet, columns: Columns) -> Iterator[Rule]:
    """Initial margin, premium, turnover."""
    if program.credit_line is not None and columns.margin.any():
        yield Rule("credit_line", "", columns.margin, program.credit_line, program.currency)
    if program.premium_budget is not None and columns.premium.any():
        yield Rule("premium_budget", "", columns.premium, program.premium_budget, program.currency)
    if program.turnover_mtok is not None and columns.mtok_per_unit.any():
        measure = million_of(scenarios.unit.name)
        yield Rule("turnover", "", columns.mtok_per_unit, program.turnover_mtok, measure, over=TRADED)
