"""A fitted model's own mean price by month, with what its parameters' uncertainty makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.fan import date_ticks, spread
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelFit, ModelStudy

ROOM = 0.12
"""Of the span of prices, above and below."""
WIDEST_HALF = 0.06
"""As of today's curve: a curve flatter than this either way is drawn in that span."""


def model_curve(study: ModelStudy, fit: ModelFit, beside: ModelFit | None = None) -> Chart:
    """The model's curve in its 90% band (teal), the index today (slate), another model's curve (slate, dashed)."""
    unit, decimals = fits.unit(study), fits.decimals(study)
    low, high = _span(study, fit, beside)
    first, last = fit.months[0], fit.months[-1]
    words = _words(study, fit, beside, decimals)
    places = spread([word[0] for word in words], 0.085 * (high - low), (low, high))
    labels = (Label(text, 1.0, y, "edge", "left", bold=bold) for y, (_, text, bold) in zip(places, words, strict=True))
    return Chart(
        "fan",
        say("figure.model_curve.title"),
        say("figure.model_curve.unit", unit=unit),
        _alt(study, fit, unit, decimals),
        tuple(_marks(study, fit, beside, decimals)),
        tuple(labels),
        x=Axis(f"{first}-01", _ends(fit)[-1], date_ticks(first, last), dates=True),
        y=Axis(low, high, ticks(low, high)),
        right=118,
    )


def _ends(fit: ModelFit) -> list[str]:
    """Last day of each month."""
    days = (fit.months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return [str(day) for day in days]


def _span(study: ModelStudy, fit: ModelFit, beside: ModelFit | None) -> tuple[float, float]:
    other = [] if beside is None else [beside.curve_per_mtok]
    prices = np.concatenate([[fits.spot(study)], _band(fit)[0], _band(fit)[1], *other])
    low, high = float(prices.min()), float(prices.max())
    middle = (low + high) / 2
    half = max((high - low) / 2 * (1 + 2 * ROOM), WIDEST_HALF * middle)
    return max(0.0, middle - half), middle + half


def _band(fit: ModelFit) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the band; where parameters have no distribution, the curve itself."""
    low, high = fit.curve_low_per_mtok, fit.curve_high_per_mtok
    return np.where(np.isnan(low), fit.curve_per_mtok, low), np.where(np.isnan(high), fit.curve_per_mtok, high)


def _marks(study: ModelStudy, fit: ModelFit, beside: ModelFit | None, decimals: int) -> list[Mark]:
    x: list[object] = list(_ends(fit))
    low, high = (end.tolist() for end in _band(fit))
    spot = fits.spot(study)
    curve = fit.curve_per_mtok.tolist()
    told = [
        say(
            "figure.model_curve.told",
            price=fmt.price(p, decimals),
            low=fmt.price(a, decimals),
            high=fmt.price(b, decimals),
        )
        for p, a, b in zip(curve, low, high, strict=True)
    ]
    marks = [
        Mark("fill", say("figure.model_curve.band"), x, list(high), "teal", base=low, strength=0.16),
        Mark("line", say("figure.curve.index"), [f"{fit.months[0]}-01", x[-1]], [spot, spot], "slate", width=1.2),
        Mark("line", price_model(fit.summary.name), x, list(curve), "teal", told=told, width=2.0),
    ]
    if beside is not None:
        values = beside.curve_per_mtok.tolist()
        other: list[object] = list(_ends(beside))
        told = [fmt.price(value, decimals) for value in values]
        marks.append(Mark("line", price_model(beside.summary.name), other, values, "slate", told=told, dash="dash"))
    return marks


def _words(study: ModelStudy, fit: ModelFit, beside: ModelFit | None, decimals: int) -> list[tuple[float, str, bool]]:
    last, spot = float(fit.curve_per_mtok[-1]), fits.spot(study)
    low, high = (float(end[-1]) for end in _band(fit))
    words = [
        (last, say("chart.mean", price=fmt.price(last, decimals)), True),
        (spot, say("chart.index", price=fmt.price(spot, decimals)), False),
    ]
    if high > low:
        words += [
            (low, say("chart.quantile", level=fmt.share(fits.LOW), price=fmt.price(low, decimals)), False),
            (high, say("chart.quantile", level=fmt.share(fits.HIGH), price=fmt.price(high, decimals)), False),
        ]
    if beside is not None:
        other = float(beside.curve_per_mtok[-1])
        words.append((other, say("figure.model_curve.other", price=fmt.price(other, decimals)), False))
    return sorted(words)


def _alt(study: ModelStudy, fit: ModelFit, unit: str, decimals: int) -> str:
    low, high = _band(fit)
    return say(
        "figure.model_curve.alt",
        model=price_model(fit.summary.name),
        unit=unit,
        first=fmt.month(fit.months[0]),
        near=fmt.price(float(fit.curve_per_mtok[0]), decimals),
        last=fmt.month(fit.months[-1]),
        far=fmt.price(float(fit.curve_per_mtok[-1]), decimals),
        low=fmt.price(float(low[-1]), decimals),
        high=fmt.price(float(high[-1]), decimals),
        spot=fmt.price(fits.spot(study), decimals),
    )
