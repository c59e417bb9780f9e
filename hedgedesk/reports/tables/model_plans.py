"""How the plans of every price model fare under every other, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, price_model, say, with_model_names
from hedgedesk.reports.tables.strategies import PROPOSED, regret_cell
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.strategies import ModelPlans

LEAST_REGRET = "minimax_regret"
NOTHING = 1e-6
"""Regret below this share of the objective is within the proof of the plans."""


def plan_name(name: str) -> str:
    """A plan in words: the model it is best for, or how it was chosen over all of them."""
    return catalogue().get(f"model_plans.plan.{name}") or say("model_plans.best_for", model=price_model(name))


def models_scale(found: ModelPlans) -> fmt.Scale:
    """One scale for every regret."""
    return fmt.money_scale(*(float(each) for each in found.worst_regret))


def models_unit(found: ModelPlans, currency: str) -> str:
    """What regret is here, and in what."""
    return say("model_plans.unit", unit=models_scale(found).unit(currency))


def models_table(found: ModelPlans, currency: str) -> Table:
    """One row a plan: its objective above the best plan's, under each model and at worst."""
    scale = models_scale(found)
    columns = (
        Column("plan", say("model_plans.column.plan"), "text", 190),
        Column("worst", say("model_plans.column.worst"), "number", 90, currency),
        *(Column(f"model{m}", price_model(name), "number", 92, currency) for m, name in enumerate(found.models)),
    )
    regret, worst = found.regret.tolist(), found.worst_regret.tolist()
    rows = []
    for name, highest, row in zip(found.plans, worst, regret, strict=True):
        cells = {f"model{m}": regret_cell(value, scale, currency) for m, value in enumerate(row)}
        shown = Cell(plan_name(name), name, tone="accent" if name == PROPOSED else "")
        rows.append({"plan": shown, "worst": regret_cell(highest, scale, currency), **cells})
    return Table("models", columns, tuple(rows))


def positions_table(found: ModelPlans) -> Table:
    """One row a contract or other instrument: what each plan holds of it, in fractions of lots."""
    plans = tuple(Column(f"plan{p}", plan_name(name), "number", 110) for p, name in enumerate(found.plans))
    rows = []
    for k, name in enumerate(found.columns):
        held = (float(found.positions[p, k]) for p in range(len(found.plans)))
        rows.append({"column": Cell(name)} | {f"plan{p}": Cell(fmt.number(x, 2), x) for p, x in enumerate(held)})
    return Table(
        "positions", (Column("column", say("model_plans.column.instrument"), "text", 130), *plans), tuple(rows)
    )


def models_words(found: ModelPlans, currency: str) -> str:
    """How wrong the proposed plan can be, and the plan that is least bad over all models."""
    told = [_at_worst(found, name, currency) for name in (PROPOSED, LEAST_REGRET) if name in found.plans]
    return " ".join(told)


def _at_worst(found: ModelPlans, name: str, currency: str) -> str:
    row = found.regret[found.plans.index(name)]
    worst, where = float(row.max()), found.models[int(row.argmax())]
    size = float(abs(found.objective).max())
    if worst <= NOTHING * size:
        return say(f"model_plans.words.{name}_none", count=len(found.models))
    amount = fmt.money_scale(worst).full(worst, currency)
    return say(f"model_plans.words.{name}", amount=amount, model=price_model(where), count=len(found.models))


def refusals(found: ModelPlans) -> tuple[str, ...]:
    """Models that could not be had, with what they would need."""
    return tuple(
        say("model_plans.refused", model=price_model(name), why=with_model_names(why))
        for name, why in found.refused.items()
    )
