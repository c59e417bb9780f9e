"""Ways to hedge side by side, their regret, and the frontier, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables import amount_cell
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hedgedesk.domain.strategies import Frontier, FrontierPoint, Strategies, StrategyLine

MONEY = ("mean", "deviation", "var", "tail", "at_risk", "margin")
PROPOSED, UNHEDGED = "proposed", "nothing"
_COLUMNS = (
    ("name", "text", 112),
    ("mean", "number", 70),
    ("deviation", "number", 76),
    ("var", "number", 76),
    ("tail", "number", 80),
    ("at_risk", "number", 100),
    ("cover", "number", 64),
    ("lots", "number", 70),
    ("margin", "number", 88),
    ("note", "text", 300),
    ("rules", "state", 76),
)


def strategy_name(name: str) -> str:
    """A strategy in words; the user's own as it is called."""
    return catalogue().get(f"strategy.{name}", name)


def strategies_scale(found: Strategies) -> fmt.Scale:
    """One scale for the amounts of all strategies."""
    return fmt.money_scale(*(line.cvar for line in found.lines))


def strategies_unit(found: Strategies) -> str:
    """What the strategies are in, and on how many scenarios."""
    unit = strategies_scale(found).unit(found.currency)
    return say("strategies.unit", unit=unit, scenarios=fmt.number(found.scenarios))


def strategies_table(found: Strategies) -> Table:
    """One row a strategy: cost, risk, cover, lots and margin on common scenarios."""
    scale, level = strategies_scale(found), fmt.share(found.level)
    columns = tuple(
        Column(key, say(f"strategies.column.{key}", level=level), kind, width, found.currency if key in MONEY else "")
        for key, kind, width in _COLUMNS
    )
    return Table("strategies", columns, tuple(_strategy(line, scale, found.currency) for line in found.lines))


def _strategy(line: StrategyLine, scale: fmt.Scale, currency: str) -> dict[str, Cell]:
    amounts = {
        "mean": line.mean,
        "deviation": line.standard_deviation,
        "var": line.var,
        "tail": line.cvar,
        "at_risk": line.budget_at_risk,
        "margin": line.initial_margin,
    }
    key, tone = ("keeps", "in") if line.keeps_rules else ("breaks", "breach")
    return {
        "name": _named(line),
        **{name: amount_cell(value, scale, currency) for name, value in amounts.items()},
        "cover": Cell(fmt.share(line.cover), line.cover),
        "lots": Cell(fmt.number(line.lots), line.lots),
        "note": Cell(line.note[:1].upper() + line.note[1:], full=line.note),
        "rules": Cell(say(f"strategies.{key}"), tone=tone),
    }


def _named(line: StrategyLine) -> Cell:
    return Cell(strategy_name(line.name), line.name, tone="accent" if line.name == PROPOSED else "")


def regret_table(found: Strategies) -> Table:
    """One row a shock: by how much each strategy would be dearer than no hedge, were it to come the day after."""
    scale, shown = strategies_scale(found), [line for line in found.lines if line.name != UNHEDGED]
    columns = tuple(
        Column(f"way{k}", strategy_name(line.name), "number", 92, found.currency) for k, line in enumerate(shown)
    )
    rows = tuple(
        {"stress": Cell(name)}
        | {f"way{k}": regret_cell(line.regret[at], scale, found.currency) for k, line in enumerate(shown)}
        for at, name in enumerate(found.stresses)
    )
    worst = {f"way{k}": _worst(line, scale, found.currency) for k, line in enumerate(shown)}
    first = Column("stress", say("strategies.stress"), "text", 150)
    return Table("regret", (first, *columns), rows, {"stress": Cell(say("strategies.worst"))} | worst)


def _worst(line: StrategyLine, scale: fmt.Scale, currency: str) -> Cell:
    return regret_cell(max(line.regret, default=0.0), scale, currency)


def regret_unit(found: Strategies) -> str:
    """What regret is, and in what."""
    return say("strategies.regret_unit", unit=strategies_scale(found).unit(found.currency))


def regret_words(found: Strategies) -> str:
    """What the first shock, the price war, would cost the plan and the other ways; empty without shocks."""
    lines = {line.name: line for line in found.lines}
    if not found.stresses or PROPOSED not in lines:
        return ""
    scale, first = strategies_scale(found), found.stresses[0]
    told = [_worse(line, scale, found.currency) for line in found.lines if line.name != UNHEDGED]
    return say("strategies.regret_words", stress=first, told="; ".join(told))


def _worse(line: StrategyLine, scale: fmt.Scale, currency: str) -> str:
    amount = line.regret[0]
    key = "strategies.dearer" if amount > 0 else "strategies.cheaper"
    return say(key, name=strategy_name(line.name), amount=scale.full(abs(amount), currency))


def regret_cell(amount: float, scale: fmt.Scale, currency: str) -> Cell:
    """An amount with its sign: above 0 it is dearer, which is marked."""
    text = scale.text(amount, signed=True)
    tone = "" if fmt.reads_as_nothing(text) else "under" if amount > 0 else "accent"
    return Cell(text, amount, fmt.money(amount, currency), tone)


def frontier_table(found: Frontier) -> Table:
    """Every point of the frontier, then the plan, the book as it is and no hedge at all."""
    scale = fmt.money_scale(found.open.cvar)
    money = ("mean", "tail", "deviation", "margin")
    columns = tuple(
        Column(key, say(f"frontier.column.{key}", level=fmt.share(found.level)), kind, width, unit)
        for key, kind, width, unit in (
            ("name", "text", 130, ""),
            ("weight", "number", 80, ""),
            *((key, "number", 90, found.currency) for key in money[:3]),
            ("lots", "number", 80, ""),
            ("margin", "number", 90, found.currency),
        )
    )
    rows = (_point(*told, scale, found.currency) for told in _points(found))
    return Table("frontier", columns, tuple(rows))


def _points(found: Frontier) -> Iterator[tuple[str, FrontierPoint, str]]:
    for number, point in enumerate(found.points):
        yield say("frontier.point", number=number + 1), point, weight_words(point.risk_weight)
    for name in ("proposed", "book", "open"):
        point = getattr(found, name)
        yield say(f"frontier.{name}"), point, "" if point.risk_weight is None else weight_words(point.risk_weight)


def _point(name: str, point: FrontierPoint, weight: str, scale: fmt.Scale, currency: str) -> dict[str, Cell]:
    amounts = {"mean": point.mean, "tail": point.cvar, "deviation": point.standard_deviation}
    amounts["margin"] = point.initial_margin
    return {
        "name": Cell(name),
        "weight": Cell(weight, point.risk_weight),
        **{key: amount_cell(value, scale, currency) for key, value in amounts.items()},
        "lots": Cell(fmt.number(point.lots), point.lots),
    }


def weight_words(weight: float | None) -> str:
    """A risk weight; without one the tail alone counts."""
    return say("strip.tail_only") if weight is None else fmt.significant(weight, 3)
