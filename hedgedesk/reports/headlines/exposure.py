"""The five numbers of what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.open_volume import MONEY, STANDARD, TOKENS, open_by_line, open_in, open_value, open_volume
from hedgedesk.reports import format as fmt
from hedgedesk.reports.headlines import Headline, change, headlines
from hedgedesk.reports.messages import say
from hedgedesk.reports.open_volume import measure_unit, measures, volume_scale, volume_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.study import Landing


def exposure_headlines(run: HedgeRun) -> dict[str, Headline]:
    """Open volume, its value, cover, what has a fixed price, the largest model, where the year lands."""
    return {
        "volume": _volume(run),
        "value": _value(run),
        "cover": headlines(run)["cover"],
        "fixed": _fixed(run),
        "largest": _largest(run),
        "landing": _landing(run.report.landing),
    }


def _volume(run: HedgeRun) -> Headline:
    m = run.report.months
    raw, standard = float(m.raw_open_mtok.sum()), float(m.open_mtok.sum())
    unit = measure_unit(run, TOKENS)
    scale = volume_scale(raw)
    forecast = float(m.raw_forecast_mtok.sum())
    share = say("kpi.of_forecast", share=fmt.share(raw / forecast)) if forecast > 0 else say("kpi.no_forecast")
    own = volume_scale(standard)
    told = f"{own.text(standard)}{fmt.SPACE}{volume_text(own, measure_unit(run, STANDARD))}"
    return Headline(
        say("kpi.open", months=m.months.size),
        scale.text(raw),
        volume_text(scale, unit),
        f"{fmt.number(raw)}{fmt.SPACE}{unit}",
        note=share,
        more=told if STANDARD in measures(run) else "",
    )


def _value(run: HedgeRun) -> Headline:
    currency = run.report.currency
    value = float(open_value(run.report.months).sum())
    if fmt.missing(value):
        return Headline(say("kpi.value"), fmt.DASH, note=say("volume.unknown"))
    scale = fmt.money_scale(value)
    left = float(open_volume(run, MONEY).left.sum())
    return Headline(
        say("kpi.value"),
        scale.text(value),
        scale.unit(currency),
        fmt.money(value, currency),
        note=say("kpi.percent_move", amount=_percent_move(value, currency)),
        more=say("kpi.left", amount=scale.text(left)),
    )


def _percent_move(value: float, currency: str) -> str:
    """What a percent on the curve costs."""
    scale = fmt.money_scale(value / 100.0)
    return scale.full(value / 100.0, currency)


def _fixed(run: HedgeRun) -> Headline:
    m, use = run.report.months, run.exposure
    forecast, fixed = float(m.forecast_mtok.sum()), float(m.fixed_mtok.sum())
    if forecast <= 0:
        return Headline(say("kpi.fixed"), fmt.DASH, note=say("kpi.no_forecast"))
    share, label = fixed / forecast, say("kpi.fixed")
    if not use.fixed_mtok.any():
        return Headline(label, fmt.share(0.0), note=say("kpi.nothing_committed"))
    cost, raw = float(use.committed_cost.sum()), float(use.fixed_mtok.sum())
    scale = fmt.money_scale(cost)
    paid = cost / raw
    price = fmt.price(paid, fmt.price_decimals([paid]))
    return Headline(
        label,
        fmt.share(share),
        "",
        fmt.share(share, 2),
        note=say("kpi.committed", amount=scale.full(cost, use.commitment_currency)),
        more=say("kpi.paid", price=price, unit=fmt.per_unit(use.commitment_currency, "tokens")),
    )


def _largest(run: HedgeRun) -> Headline:
    """The model with most of the open volume, counted in the contract's unit."""
    label = say("kpi.largest")
    models = list(dict.fromkeys(run.exposure.models))
    by_line = open_by_line(run, STANDARD).sum(axis=0)
    volumes = [float(by_line[[m == model for m in run.exposure.models]].sum()) for model in models]
    total = sum(volumes)
    if total <= 0:
        return Headline(label, fmt.DASH, note=say("kpi.nothing_open"))
    most = max(range(len(models)), key=lambda k: volumes[k])
    return Headline(
        label,
        fmt.share(volumes[most] / total),
        "",
        f"{models[most]}, {fmt.share(volumes[most] / total, 2)}",
        note=models[most],
        more=say("kpi.spread", share=_spread(run, open_in(run, STANDARD))),
    )


def _landing(landing: Landing | None) -> Headline:
    """The year's cost in one number with its band, against the budget where the year has one."""
    if landing is None:
        return Headline(say("figure.landing.blank"), fmt.DASH, note=say("figure.landing.none"))
    scale = fmt.money_scale(landing.mean, landing.high)
    delta, tone, note = "", "", say("kpi.landing_paid", amount=scale.text(landing.paid))
    if landing.year_budget is not None:
        delta, tone = change(landing.mean, landing.year_budget, scale)
        note = say("kpi.landing_budget", amount=scale.text(landing.year_budget))
    more = say("kpi.landing_range", low=scale.text(landing.low), high=scale.text(landing.high))
    return Headline(
        say("kpi.landing", year=landing.year),
        scale.text(landing.mean),
        scale.unit(landing.currency),
        fmt.money(landing.mean, landing.currency),
        delta,
        tone,
        note,
        more if not landing.missing else f"{more}, {say('kpi.landing_missing', months=_months(landing.missing))}",
    )


def _months(names: Sequence[str]) -> str:
    return ", ".join(fmt.month_name(np.datetime64(name, "M")) for name in names)


def _spread(run: HedgeRun, weights: np.ndarray) -> str:
    """Mean relative deviation of a month's volume, weighed by what is open."""
    total = float(weights.sum())
    return fmt.share(float(weights @ run.exposure.spread) / total) if total > 0 else fmt.DASH
