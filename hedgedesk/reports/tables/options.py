"""What the options of a plan cost, by two more ways of reckoning, and how they move: a table, per Mtok."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.hedging.options.premium_check import PremiumCheck, premium_checks
from hedgedesk.hedging.options.premiums import GREEKS
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun

DIGITS = 4
"""Decimals of a price per Mtok."""
_COLUMNS = (
    ("name", "text", 120),
    ("contract", "text", 76),
    ("premium", "number", 84),
    ("source", "text", 108),
    ("formula", "number", 84),
    ("simulated", "number", 88),
    ("error", "number", 84),
    ("volatility", "number", 92),
    *((name, "number", 92) for name in GREEKS),
)


def options_table(run: HedgeRun) -> Table:
    """One row an option structure taken; money in the contract's currency for one Mtok, bought less sold."""
    columns = tuple(
        Column(key, say(f"options.column.{key}"), kind, width, help=say(f"options.help.{key}"))
        for key, kind, width in _COLUMNS
    )
    return Table("options", columns, tuple(_row(check) for check in premium_checks(run.plan, run.fan.as_of)))


def options_unit(run: HedgeRun) -> str:
    """What the numbers are in."""
    plan = run.plan
    native = plan.contracts[0].spec.currency if plan.contracts else plan.program.currency
    return say("options.unit", price=fmt.per_unit(native, run.fan.unit))


def _row(check: PremiumCheck) -> dict[str, Cell]:
    offer = check.offer
    prices = {"premium": check.premium, "formula": check.formula, "simulated": check.simulated}
    prices |= {name: offer.numbers[name] for name in GREEKS}
    return {
        "name": Cell(offer.name, full=offer.code),
        "contract": Cell(fmt.month(offer.contract), offer.contract),
        "source": Cell(say(f"options.source.{offer.words['premium_from']}")),
        "error": Cell(fmt.significant(check.standard_error, 2), check.standard_error),
        "volatility": Cell(fmt.share(check.volatility, 1), check.volatility),
        **{key: Cell(fmt.number(value, DIGITS), value) for key, value in prices.items()},
    }
