"""The five numbers of a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.headlines import Headline, arrow
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelFit, ModelStudy, Validation


def model_headlines(study: ModelStudy, fit: ModelFit, validation: Validation | None) -> dict[str, Headline]:
    """Median a year ahead, the ends of nine in ten, the curve's end with its error, how the model forecast."""
    return {
        "middle": _quantile(study, fit, "middle", fits.MIDDLE),
        "least": _quantile(study, fit, "least", fits.LOW),
        "most": _quantile(study, fit, "most", fits.HIGH),
        "mean": _mean(study, fit),
        "judged": _judged(fit, validation),
    }


def _quantile(study: ModelStudy, fit: ModelFit, name: str, level: float) -> Headline:
    t = fits.ahead(study, fit)
    price, decimals = float(fits.quantile(fit, level)[t]), fits.decimals(study)
    change = price / fits.spot(study) - 1.0
    delta, tone = arrow(change, fmt.share(abs(change)))
    return Headline(
        say(f"kpi.model_{name}", date=fmt.month(fit.dates[t])),
        fmt.price(price, decimals),
        fits.unit(study),
        fmt.significant(price, 6),
        delta,
        tone,
        say("kpi.against_index"),
        say(f"kpi.model_{name}_more", share=fmt.share(fits.LOW)),
    )


def _mean(study: ModelStudy, fit: ModelFit) -> Headline:
    """Mean price in the last month, and the band that uncertain parameters make of it."""
    decimals = fits.decimals(study)
    price, low, high = (float(row[-1]) for row in (fit.curve_per_mtok, fit.curve_low_per_mtok, fit.curve_high_per_mtok))
    note = say("kpi.model_no_band")
    if not (fmt.missing(low) or fmt.missing(high)):
        least, most = fmt.price(low, decimals), fmt.price(high, decimals)
        note = say("kpi.model_fixed") if least == most else say("kpi.model_band", low=least, high=most)
    label = say("kpi.model_mean", month=fmt.month(fit.months[-1]))
    more = say("kpi.model_mean_more")
    return Headline(
        label, fmt.price(price, decimals), fits.unit(study), fmt.significant(price, 6), note=note, more=more
    )


def _judged(fit: ModelFit, validation: Validation | None) -> Headline:
    label, row = say("kpi.model_judged"), fits.judged(validation, fit.summary.name)
    if validation is None:
        return Headline(label, fmt.DASH, note=say("kpi.model_not_judged"))
    if row is None or fmt.missing(row.crps_ratio):
        return Headline(label, fmt.DASH, note=say("kpi.model_no_forecasts"))
    itself = fit.summary.name == "RandomWalk"
    better = row.crps_ratio - 1.0
    tone = "" if itself or fmt.reads_as_nothing(fmt.share(better)) else "accent" if better < 0 else "under"
    told = say("kpi.model_itself") if itself else say("kpi.model_lower" if better < 0 else "kpi.model_higher")
    note = say("kpi.model_forecasts", months=row.horizon_months, origins=fmt.number(row.origins))
    return Headline(
        label,
        fmt.number(row.crps_ratio, 2),
        say("kpi.model_times"),
        fmt.significant(row.crps_ratio, 6),
        told,
        tone,
        note,
    )
