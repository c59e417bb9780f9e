"""What a plan takes of the instruments beside the futures, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.plan import reason_words
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.instruments import InstrumentChoice
    from hedgedesk.domain.plan import HedgePlan
    from hedgedesk.domain.run import HedgeRun

MONEY = ("premium", "cost", "margin", "gain")
SUMMED = (*MONEY, "covers")
_COLUMNS = (
    ("name", "text", 120),
    ("kind", "text", 116),
    ("contract", "text", 72),
    ("quantity", "number", 84),
    ("unit", "text", 92),
    ("covers", "number", 96),
    ("premium", "number", 98),
    ("cost", "number", 80),
    ("margin", "number", 84),
    ("gain", "number", 112),
    ("why", "text", 200),
)


def choices_table(run: HedgeRun) -> Table:
    """One row an instrument taken: how much, what it costs today and ties up, what it settles, what it pays."""
    plan = run.plan
    titles = {"ccy": plan.program.currency, "unit": fmt.volume_unit(run.fan.unit)}
    columns = tuple(Column(key, say(f"choices.column.{key}", **titles), kind, width) for key, kind, width in _COLUMNS)
    rows = tuple(_row(choice, plan) for choice in plan.choices)
    return Table("choices", columns, rows, _totals(rows) if len(rows) > 1 else {})


def choices_words(plan: HedgePlan) -> str:
    """Which of the instruments that may be traded are not taken; empty: every one is."""
    left = untaken(plan)
    if not left:
        return ""
    key = "choices.untaken" if plan.choices else "choices.none_taken"
    return say(key, names=", ".join(left))


def untaken(plan: HedgePlan) -> tuple[str, ...]:
    """Names of the instruments that the programme allows and the plan takes nothing of."""
    taken = {choice.offer.name for choice in plan.choices}
    program = plan.program
    return tuple(terms.name for terms in program.terms if program.allows(terms.name) and terms.name not in taken)


def trading_cost(plan: HedgePlan) -> float:
    """Transaction cost of all that is traded, in the programme's currency."""
    return float(sum(plan.transaction_cost.tolist())) + sum(choice.transaction_cost for choice in plan.choices)


def kind_words(kind: str) -> str:
    """A kind of instrument in words."""
    return catalogue().get(f"instrument.kind.{kind}", kind.replace("_", " "))


def quantity_text(choice: InstrumentChoice, quantity: float | None = None) -> str:
    """How much of it, in its unit: whole where it is traded in whole units or the amount is large."""
    amount = choice.quantity if quantity is None else quantity
    whole = choice.offer.whole or abs(amount) >= 1_000
    if choice.offer.unit == "share":
        return fmt.share(amount, 1)
    return fmt.number(amount, 0 if whole else 2)


def amounts(choice: InstrumentChoice) -> dict[str, float]:
    """The choice's money by the keys of the table's columns, and the volume it settles."""
    return {
        "premium": choice.premium,
        "cost": choice.transaction_cost,
        "margin": choice.initial_margin,
        "gain": choice.mean_gain,
        "covers": choice.cover_mtok,
    }


def _row(choice: InstrumentChoice, plan: HedgePlan) -> dict[str, Cell]:
    offer, currency = choice.offer, plan.program.currency
    before = say("choices.before_rounding", quantity=quantity_text(choice, choice.continuous), unit=offer.unit)
    month = fmt.month(offer.contract) if offer.contract else ""
    money = {key: _money(key, value, currency) for key, value in amounts(choice).items()}
    return {
        "name": Cell(offer.name, full=offer.code),
        "kind": Cell(kind_words(offer.kind), offer.kind),
        "contract": Cell(month, offer.contract or None),
        "quantity": Cell(quantity_text(choice), choice.quantity, before),
        "unit": Cell(offer.unit),
        **money,
        "why": Cell(words := reason_words(choice.reason), full=words),
    }


def _money(key: str, amount: float, currency: str) -> Cell:
    if key == "covers":
        return Cell(fmt.number(amount), amount)
    return Cell(fmt.number(amount), amount, fmt.money(amount, currency))


def _totals(rows: tuple[dict[str, Cell], ...]) -> dict[str, Cell]:
    sums = {key: sum(float(row[key].value or 0.0) for row in rows) for key in SUMMED}
    return {"name": Cell(say("plan.total"))} | {key: Cell(fmt.number(value), value) for key, value in sums.items()}
