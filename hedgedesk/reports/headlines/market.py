"""The five numbers of what prices may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.headlines import Headline, arrow
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.domain.results import ModelSummary
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import PriceFan

QUARTER, FOUR_WEEKS = 91, 28
"""Days."""
YEAR = 12
"""Months."""
VOLATILITIES = ("sigma", "sigma_chi")
"""Names of the parameter that says how much the price moves a year: of the random walk, of the two-factor model."""
LONG_TERM = "sigma_xi"
ONE_FACTOR = {"RandomWalk": "kpi.one_factor", "Bootstrap": "kpi.one_factor", "JumpDiffusion": "kpi.between_jumps"}
"""What is to be said of models with one volatility."""


def market_headlines(run: HedgeRun) -> dict[str, Headline]:
    """Index, curve a year ahead, volatility, slope of the curve, history."""
    return {
        "index": _index(run.fan),
        "ahead": _ahead(run.fan),
        "volatility": _volatility(run.model),
        "slope": _slope(run.fan),
        "history": _history(run),
    }


def _arrow(change: float) -> tuple[str, str]:
    """A relative change as arrow and percentage, and its tone; empty where nothing is known."""
    return ("", "") if fmt.missing(change) else arrow(change, fmt.share(abs(change), 1))


def _index(fan: PriceFan) -> Headline:
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    spot, newest = float(fan.history_per_mtok[-1]), fan.history_dates[-1]
    quarter, weeks = fan.change_over(QUARTER), fan.change_over(FOUR_WEEKS)
    delta, tone = _arrow(quarter)
    note = say("kpi.index_short") if fmt.missing(quarter) else say("kpi.quarter")
    more = "" if fmt.missing(weeks) else say("kpi.four_weeks", change=fmt.share(weeks, 1, signed=True))
    unit = fmt.per_unit(fan.currency, fan.unit)
    full = f"{fmt.significant(spot, 6)}{fmt.SPACE}{unit}"
    return Headline(
        say("kpi.index", date=fmt.day(newest)), fmt.price(spot, decimals), unit, full, delta, tone, note, more
    )


def _ahead(fan: PriceFan) -> Headline:
    """Price on today's curve a year ahead, or as far as contracts and months reach."""
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    t = min(YEAR, fan.months.size) - 1
    month, unit = fan.months[t], fmt.per_unit(fan.currency, fan.unit)
    low, high = (fmt.price(float(fan.quantile_per_mtok[q, t]), decimals) for q in (0, -1))
    inside = fmt.share(float(fan.levels[-1] - fan.levels[0]))
    more = say("kpi.inside_range", share=inside, low=low, high=high)
    label = say("kpi.ahead", month=fmt.month(month))
    price = float(fan.curve.price_of(fan.months[t : t + 1])[0])
    if fmt.missing(price):
        return Headline(label, fmt.DASH, note=say("kpi.no_contract"), more=more)
    delta, tone = _arrow(price / float(fan.history_per_mtok[-1]) - 1.0)
    return Headline(label, fmt.price(price, decimals), unit, "", delta, tone, say("kpi.against_index"), more)


def _volatility(model: ModelSummary) -> Headline:
    """What is drawn with: the user's own value with the estimate beside it, else the estimate with its error."""
    name = next((name for name in VOLATILITIES if name in model.parameters), None)
    if name is None:
        return Headline(say("kpi.volatility"), fmt.DASH, note=say("kpi.no_volatility", model=price_model(model.name)))
    two = LONG_TERM in model.parameters
    label = say("kpi.volatility_short" if two else "kpi.volatility")
    value, note = _drawn(model, name)
    more = _long_term(model) if two else say(ONE_FACTOR[model.name]) if model.name in ONE_FACTOR else ""
    return Headline(label, fmt.share(value, 1), say("kpi.a_year"), fmt.share(value, 2), note=note, more=more)


def _drawn(model: ModelSummary, name: str) -> tuple[float, str]:
    """A volatility as it is drawn with, and where it comes from."""
    if name in model.view:
        return model.view[name], say("kpi.own_view", estimate=fmt.share(model.parameters[name], 1))
    return model.parameters[name], _error(model.standard_errors.get(name))


def _long_term(model: ModelSummary) -> str:
    value, note = _drawn(model, LONG_TERM)
    return say("kpi.long_term", value=fmt.share(value, 1), error=note)


def _error(error: float | None) -> str:
    return say("kpi.no_error") if fmt.missing(error) else say("kpi.error", amount=fmt.share(error, 1))


def _slope(fan: PriceFan) -> Headline:
    label, slope = say("kpi.slope"), fan.slope
    if fmt.missing(slope):
        return Headline(label, fmt.DASH, note=say("kpi.no_slope"))
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    months, price = fan.curve.delivery_months, fan.curve.price_per_mtok
    shape = say("kpi.flat") if abs(slope) < 0.0005 else say("kpi.falling" if slope < 0 else "kpi.rising")
    ends = say(
        "kpi.from_to",
        near=fmt.price(float(price[0]), decimals),
        far=fmt.price(float(price[-1]), decimals),
        months=int((months[-1] - months[0]).astype(np.int64)),
    )
    return Headline(label, fmt.share(slope, 1, signed=True), say("kpi.a_year"), "", note=shape, more=ends)


def _history(run: HedgeRun) -> Headline:
    fan = run.fan
    dates = fan.history_dates
    step = int(np.median(np.diff(dates).astype(np.int64))) if dates.size > 1 else 0
    often = {0: "", 1: say("kpi.daily"), 7: say("kpi.weekly")}.get(step, say("kpi.every", days=step))
    return Headline(
        say("kpi.history"),
        fmt.number(dates.size),
        say("kpi.prices"),
        "",
        note=say("kpi.since", first=fmt.day(dates[0]), often=often).rstrip(", "),
        more=say("kpi.fitted", observations=fmt.number(run.model.observations)),
    )
