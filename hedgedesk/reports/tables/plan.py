"""The plan as tables: trades and limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hedgedesk.domain.units import Lots
from hedgedesk.reports import format as fmt
from hedgedesk.reports import shadow
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables import cover_cell, cover_of
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.plan import HedgePlan, LimitUse
    from hedgedesk.domain.run import HedgeRun


ISO_MONTH = re.compile(r"\b\d{4}-\d{2}\b")
_TRADE_COLUMNS = (
    ("contract", "text", 76),
    ("side", "text", 52),
    ("lots", "number", 66),
    ("mtok", "number", 110),
    ("price", "number", 54),
    ("notional", "number", 98),
    ("notional_own", "number", 98),
    ("margin", "number", 118),
    ("cost", "number", 80),
    ("held", "number", 70),
    ("cover", "cover", 130),
    ("why", "text", 224),
)


def plan_table(run: HedgeRun) -> Table:
    """One row a contract: what to trade, what it ties up and costs, and the cover it leaves."""
    plan = run.plan
    native = plan.contracts[0].spec.currency if plan.contracts else plan.program.currency
    rows = tuple(_trade(run, k) for k in range(len(plan.contracts)))
    titles = {"native": native, "ccy": plan.program.currency, "unit": fmt.volume_unit(run.fan.unit)}
    units = {"price": fmt.per_unit(native, run.fan.unit)}
    columns = tuple(
        Column(key, say(f"plan.column.{key}", **titles), kind, width, units.get(key, ""))
        for key, kind, width in _TRADE_COLUMNS
        if key != "notional_own" or _converted(plan)
    )
    return Table("plan", columns, rows, _totals(rows) if rows else {})


def plan_unit(run: HedgeRun) -> str:
    """What the plan's table is in: contracts, size of a lot, price."""
    plan = run.plan
    if not plan.contracts:
        return say("plan.no_contracts")
    lot = plan.contracts[0].spec.mtok_per_lot
    return say(
        "plan.trades_unit",
        count=len(plan.contracts),
        lot=fmt.number(lot, 0 if float(lot).is_integer() else 2),
        unit=fmt.volume_unit(run.fan.unit),
        price=fmt.per_unit(run.fan.currency, run.fan.unit),
    )


def limits_unit(plan: HedgePlan) -> str:
    """Where each rule is shown, or that none applies."""
    return say("report.limits_unit" if plan.limits else "plan.no_limits")


def _trade(run: HedgeRun, k: int) -> dict[str, Cell]:
    plan, contract = run.plan, run.plan.contracts[k]
    lots, price = Lots(float(plan.lots[k])), float(plan.price_per_mtok[k])
    decimals = 0 if plan.program.lots == "whole" else 2
    notional = contract.notional(lots, price)
    margin, cost = float(plan.initial_margin[k]), float(plan.transaction_cost[k])
    ccy = plan.program.currency
    return {
        "contract": Cell(fmt.month(contract.delivery_month), contract.code, contract.spec.name),
        "side": Cell(say("plan.buy" if lots > 0 else "plan.sell" if lots < 0 else "plan.none")),
        "lots": Cell(fmt.number(lots, decimals, signed=True), lots, _continuous(plan, k)),
        "held": Cell(fmt.number(float(plan.held_lots[k]), decimals, signed=True), float(plan.held_lots[k])),
        "price": Cell(fmt.number(price, fmt.price_decimals(plan.price_per_mtok)), price),
        "mtok": Cell(fmt.number(contract.mtok(lots)), float(contract.mtok(lots))),
        "notional": Cell(fmt.number(notional), notional, fmt.money(notional, contract.spec.currency)),
        "notional_own": _own(notional, plan),
        "margin": Cell(fmt.number(margin), margin, fmt.money(margin, ccy)),
        "cost": Cell(fmt.number(cost), cost, fmt.money(cost, ccy)),
        "cover": _delivery_cover(run, contract.delivery_month),
        "why": _why(plan, k),
    }


def _converted(plan: HedgePlan) -> bool:
    """Whether the contracts are in another currency than the programme, and today's rate is kept."""
    foreign = bool(plan.contracts) and plan.contracts[0].spec.currency != plan.program.currency
    return foreign and plan.rate_today is not None


def _own(notional: float, plan: HedgePlan) -> Cell:
    """The notional in the programme's currency at today's rate."""
    if plan.rate_today is None:
        return Cell(fmt.DASH)
    amount = notional * plan.rate_today
    return Cell(fmt.number(amount), amount, fmt.money(amount, plan.program.currency))


def _why(plan: HedgePlan, k: int) -> Cell:
    words = reason_words(plan.reasons[k] if plan.reasons else "")
    return Cell(words, full=words)


def reason_words(reason: str) -> str:
    """Why something is traded, as a sentence begins, with its months as people write them."""
    dated = with_months(reason)
    return dated[:1].upper() + dated[1:]


def with_months(text: str) -> str:
    """A text with its months as people write them."""
    return ISO_MONTH.sub(lambda found: fmt.month(found[0]), text)


def _continuous(plan: HedgePlan, k: int) -> str:
    return say("plan.before_rounding", lots=fmt.number(float(plan.continuous_lots[k]), 2, signed=True))


def _delivery_cover(run: HedgeRun, delivery: object) -> Cell:
    found = [t for t, month in enumerate(run.report.months.months) if month == delivery]
    return cover_cell(cover_of(run.report, found[0])) if found else Cell("")


def _totals(rows: Sequence[dict[str, Cell]]) -> dict[str, Cell]:
    total = {"contract": Cell(say("plan.total"))}
    for key in ("lots", "held", "mtok", "notional", "notional_own", "margin", "cost"):
        whole = sum(float(row[key].value or 0.0) for row in rows)
        decimals = 0 if all("." not in row[key].text for row in rows) else 2
        total[key] = Cell(fmt.number(whole, decimals, signed=key in ("lots", "held")), whole)
    return total


def limits_table(plan: HedgePlan) -> Table:
    """Every rule once, at the place where it is tightest: used of limit, and how many places bind."""
    told = any(use.shadow_value is not None for use in plan.limits)
    columns = (
        Column("rule", say("limits.column.rule"), "text", 150),
        Column("where", say("limits.column.where"), "text", 120),
        Column("used", say("limits.column.used"), "number", 190),
        *((Column("saves", say("limits.column.saves"), "number", 190, help=say("limits.saves_help")),) if told else ()),
        Column("state", say("limits.column.state"), "state", 76),
    )
    groups: dict[str, list[LimitUse]] = {}
    for use in plan.limits:
        groups.setdefault(use.rule, []).append(use)
    return Table("limits", columns, tuple(_limit(uses, plan.program.currency) for uses in groups.values()))


def _limit(uses: list[LimitUse], currency: str) -> dict[str, Cell]:
    if uses[0].rule == "no_short":  # binds wherever nothing is bought, which is no news
        words = {"rule": rule_title("no_short"), "where": say("limits.every"), "used": say("limits.kept")}
        words |= {"saves": ""}
        return {key: Cell(text) for key, text in words.items()} | {"state": Cell(say("limits.inside"), tone="in")}
    binding = [use for use in uses if use.binds]
    shown = tightest(uses)
    where = place(shown.where)
    if len(binding) > 1:
        where = say("limits.places", count=len(binding))
    state = say("limits.binds") if binding else say("limits.inside")
    return {
        "rule": Cell(rule_title(shown.rule), shown.rule),
        "where": Cell(where),
        "used": Cell(used_of_limit(shown), shown.used),
        "saves": _saves(shown, currency, told_where=len(binding) > 1),
        "state": Cell(state, tone="under" if binding else "in"),
    }


def tightest(uses: Sequence[LimitUse]) -> LimitUse:
    """Of one rule, the place where more room saves most; where none is known, the one with least room.

    A place that is tight in fractions may have room in whole lots: it saves no less for that.
    """
    binding = [use for use in uses if use.binds or shadow.of_a_step(use)] or list(uses)
    return min(binding, key=lambda use: (-shadow.of_a_step(use), abs(use.limit - use.used)))


def _saves(use: LimitUse, currency: str, *, told_where: bool) -> Cell:
    """What a step more room saves: ``CNY 1,240 per lot``; of several places, at which."""
    if use.shadow_value is None:
        return Cell(fmt.DASH)
    if not shadow.of_a_step(use):
        return Cell(say("limits.saves_nothing"), 0.0)
    words = say("limits.saves", amount=shadow.amount(use, currency), step=shadow.step(use).per)
    return Cell(f"{words}, {place(use.where)}" if told_where else words, use.shadow_value)


def limits_in_full(run: HedgeRun) -> Table:
    """Every rule at every place, as :class:`LimitUse` has it: for files, where nothing has to be left out."""
    kinds = dict.fromkeys(("used", "limit", "saves"), "number")
    keys = ("rule", "where", "used", "limit", "unit", "saves", "state")
    titles = {key: say(f"limits.full.{key}", ccy=run.plan.program.currency) for key in keys}
    columns = tuple(Column(key, titles[key], kinds.get(key, "text")) for key in keys)
    rows = tuple(
        {
            "rule": Cell(rule_title(use.rule), use.rule),
            "where": Cell(place(use.where), use.where or None),
            "used": Cell(fmt.number(use.used, 2), use.used),
            "limit": Cell(fmt.number(use.limit, 2), use.limit),
            "unit": Cell(use.unit),
            "saves": Cell(fmt.significant(use.shadow_value), use.shadow_value),
            "state": Cell(say("limits.binds" if use.binds else "limits.inside"), tone="under" if use.binds else "in"),
        }
        for use in run.plan.limits
    )
    return Table("limits", columns, rows)


def place(where: str) -> str:
    """Month or contract of a rule in words."""
    return with_months(where) if where else say("limits.whole_plan")


def rule_title(rule: str) -> str:
    """Name of a rule in words."""
    return catalogue().get(f"limits.rule.{rule}", rule.replace("_", " "))


def used_of_limit(use: LimitUse) -> str:
    """``9.50 of 9.50 CNY m``: limit and value together."""
    if use.unit in ("share", "share of forecast", ""):
        return say("limits.used", used=fmt.share(use.used), limit=fmt.share(use.limit), unit="").strip()
    key = "limits.floor" if use.rule in shadow.FLOORS else "limits.used"
    decimals = 0 if abs(use.limit) >= 100 or float(use.limit).is_integer() else 2
    used, limit = fmt.number(use.used, decimals), fmt.number(use.limit, decimals)
    return say(key, used=used, limit=limit, unit=use.unit).strip()
