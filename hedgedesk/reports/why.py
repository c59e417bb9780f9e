"""Why a plan is what it is, in sentences with its numbers: what it aims at, what it gives, what stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports import shadow
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale
from hedgedesk.reports.tables.choices import quantity_text, trading_cost, untaken
from hedgedesk.reports.tables.plan import place, rule_title, tightest, used_of_limit, with_months

if TYPE_CHECKING:
    from hedgedesk.domain.instruments import InstrumentChoice
    from hedgedesk.domain.plan import HedgePlan, LimitUse
    from hedgedesk.domain.results import MonthlyRisk
    from hedgedesk.domain.run import HedgeRun

MOST_LIMITS = 4
"""Limits that are told one by one; the table has them all."""


def why(run: HedgeRun) -> tuple[str, ...]:
    """The sentences, in the order in which they are asked for."""
    return (
        _aim(run),
        _given(run),
        *_budget(run),
        _traded(run),
        *(_taken(choice, run.plan.program.currency) for choice in run.plan.choices),
        *_left(run.plan),
        *_stopped(run.plan),
        _proved(run),
    )


def _aim(run: HedgeRun) -> str:
    report, program, scale = run.report, run.plan.program, page_scale(run.report)
    unit = scale.unit(report.currency)
    level = {"level": fmt.share(report.level), "tail_share": fmt.share(1.0 - report.level)}
    if program.objective == "variance":
        pair = (report.hedged.standard_deviation, report.unhedged.standard_deviation)
        return _pair("why.variance", pair, scale, unit)
    if program.objective == "cheapest":
        at_risk = fmt.DASH if program.budget_at_risk is None else scale.full(program.budget_at_risk, report.currency)
        return _pair("why.cheapest", (report.hedged.mean, report.unhedged.mean), scale, unit, limit=at_risk, **level)
    if program.risk_weight is None:
        return _pair("why.tail", (report.hedged.cvar, report.unhedged.cvar), scale, unit, **level)
    weight = program.risk_weight
    pair = (report.hedged.mean + weight * report.hedged.cvar, report.unhedged.mean + weight * report.unhedged.cvar)
    return _pair("why.both", pair, scale, unit, **level, weight=fmt.significant(weight, 3))


def _pair(key: str, amounts: tuple[float, float], scale: fmt.Scale, unit: str, **more: str) -> str:
    hedged, unhedged = map(scale.text, amounts)
    return say(key, hedged=hedged, unhedged=unhedged, unit=unit, **more)


def _given(run: HedgeRun) -> str:
    """What the plan takes off the tail, and what that costs on average."""
    report, currency = run.report, run.report.currency
    tail, mean = report.unhedged.cvar - report.hedged.cvar, report.hedged.mean - report.unhedged.mean
    fees = trading_cost(run.plan)
    told = {"tail": _money(abs(tail), currency), "mean": _money(abs(mean), currency), "fees": _money(fees, currency)}
    told["tail_share"] = fmt.share(1.0 - report.level)
    key = "why.off_tail" if tail >= 0 else "why.on_tail"
    return say(key, way=say("why.costs" if mean >= 0 else "why.saves", **told), **told)


def _budget(run: HedgeRun) -> tuple[str, ...]:
    before, after = run.report.unhedged.probability_over_budget, run.report.hedged.probability_over_budget
    if before is None or after is None:
        return ()
    return (say("why.budget", before=fmt.chance(before), after=fmt.chance(after)),)


def _traded(run: HedgeRun) -> str:
    lots = run.plan.lots
    decimals = 0 if run.plan.program.lots == "whole" else 1
    bought, sold = float(lots[lots > 0].sum()), float(-lots[lots < 0].sum())
    cover = _covers(run.report.months)
    if not bought and not sold:
        return say("why.no_trade", after=cover[1])
    parts = [("why.bought", bought)] * bool(bought) + [("why.sold", sold)] * bool(sold)
    told = say("why.and").join(say(key, lots=fmt.number(amount, decimals)) for key, amount in parts)
    return say("why.traded", what=told, before=cover[0], after=cover[1])


def _covers(months: MonthlyRisk) -> tuple[str, str]:
    """Share of the forecast of the months within reach whose price is settled, before and after trading."""
    reach = months.hedgeable
    forecast = float(months.forecast_mtok[reach].sum())
    settled = (months.fixed_mtok + months.held_mtok, months.fixed_mtok + months.hedged_mtok)
    before, after = (fmt.share(float(each[reach].sum()) / forecast) if forecast > 0 else fmt.DASH for each in settled)
    return before, after


def _taken(choice: InstrumentChoice, currency: str) -> str:
    told = {
        "name": with_months(choice.offer.code),
        "quantity": quantity_text(choice),
        "unit": "" if choice.offer.unit == "share" else f" {choice.offer.unit}",
        "gain": _money(abs(choice.mean_gain), currency),
        "premium": _money(abs(choice.premium), currency),
    }
    paid = say("why.paid" if choice.premium > 0 else "why.received", **told) if choice.premium else ""
    key = "why.taken_gains" if choice.mean_gain >= 0 else "why.taken_costs"
    return say(key, paid=paid, **told)


def _left(plan: HedgePlan) -> tuple[str, ...]:
    names = untaken(plan)
    return (say("why.untaken", names=", ".join(names)),) if names else ()


def _stopped(plan: HedgePlan) -> tuple[str, ...]:
    """What binds, the dearest limit first, and what more room would save."""
    groups: dict[str, list[LimitUse]] = {}
    for use in plan.limits:
        if use.binds and use.rule != "no_short":
            groups.setdefault(use.rule, []).append(use)
    if not groups:
        return (say("why.free"),) if plan.contracts else ()
    worst = sorted((tightest(uses) for uses in groups.values()), key=shadow.of_a_step, reverse=True)
    told = tuple(_limit(use, len(groups[use.rule]), plan.program.currency) for use in worst[:MOST_LIMITS])
    rest = tuple(rule_title(use.rule) for use in worst[MOST_LIMITS:])
    return (*told, say("why.more_bind", names=", ".join(rest))) if rest else told


def _limit(use: LimitUse, places: int, currency: str) -> str:
    where = f"{say('why.at', place=place(use.where))}" if use.where else ""
    others = "" if places == 1 else say("why.other_places" if places > 2 else "why.other_place", count=places - 1)
    told = say("why.binds", rule=rule_title(use.rule), where=where, others=others, used=used_of_limit(use))
    if use.shadow_value is None:
        return f"{told}."
    if not shadow.of_a_step(use):
        return f"{told}: {say('why.room_saves_nothing')}"
    key = "why.less_saves" if use.rule in shadow.FLOORS else "why.more_saves"
    return f"{told}: {say(key, step=shadow.step(use).words, amount=shadow.amount(use, currency))}"


def _proved(run: HedgeRun) -> str:
    from hedgedesk.reports.proof import gap_text

    plan = run.plan
    gap = gap_text(plan.certificate.gap)
    if plan.program.lots != "whole":
        return say("why.proved", gap=gap)
    return say("why.proved_whole", gap=gap, rounding=_money(plan.rounding_cost, plan.program.currency))


def _money(amount: float, currency: str) -> str:
    return fmt.money_scale(amount).full(amount, currency).replace(fmt.SPACE, " ")
