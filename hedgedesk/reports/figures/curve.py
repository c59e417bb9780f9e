"""Today's curve beside what the scenarios expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.fan import date_ticks, spread
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.scenarios import PriceFan

ROOM = 0.12
"""Of the span of prices, above and below."""
WIDEST_HALF = 0.06
"""A curve flatter than this share of its level either way is drawn in that span: noise must not look like a slope."""


def price_curve(fan: PriceFan) -> Chart:
    """Today's price of every contract (ink), the mean of the simulated monthly averages (teal) and the index today."""
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    unit = fmt.per_unit(fan.currency, fan.unit)
    spot = float(fan.history_per_mtok[-1])
    first, last = fan.months[0], fan.months[-1]
    if fan.curve.delivery_months.size:
        first, last = min(first, fan.curve.delivery_months[0]), max(last, fan.curve.delivery_months[-1])
    low, high = _span(fan, spot)
    key = "figure.curve.unit_indicative" if fan.curve.indicative else "figure.curve.unit"
    return Chart(
        "fan",
        say("figure.curve.title"),
        say(key, unit=unit),
        _alt(fan, spot, unit, decimals),
        _lines(fan, spot, decimals, (first, last)),
        _labels(fan, spot, decimals, (low, high)),
        x=Axis(f"{first}-01", f"{last}-28", date_ticks(first, last), dates=True),
        y=Axis(low, high, ticks(low, high)),
        right=98,
    )


def _span(fan: PriceFan, spot: float) -> tuple[float, float]:
    prices = np.concatenate([[spot], fan.mean_per_mtok, fan.curve.price_per_mtok])
    low, high = float(prices.min()), float(prices.max())
    middle = (low + high) / 2
    half = max((high - low) / 2 * (1 + 2 * ROOM), WIDEST_HALF * middle)
    return max(0.0, middle - half), middle + half


def _lines(fan: PriceFan, spot: float, decimals: int, span: tuple[np.datetime64, np.datetime64]) -> tuple[Mark, ...]:
    def told(values: list[float]) -> list[str]:
        return [fmt.price(value, decimals) for value in values]

    mean, curve = fan.mean_per_mtok.tolist(), fan.curve.price_per_mtok.tolist()
    months: list[object] = [f"{month}-15" for month in fan.months]
    contracts: list[object] = [f"{month}-15" for month in fan.curve.delivery_months]
    ends: list[object] = [f"{span[0]}-01", f"{span[1]}-28"]
    marks = [
        Mark("line", say("figure.curve.index"), ends, [spot, spot], "slate", width=1.2, dash="dash"),
        Mark("line", say("figure.curve.mean"), months, list(mean), "teal", told=told(mean), dash="dot"),
    ]
    if contracts:
        name = say("figure.curve.curve")
        marks.append(Mark("dots", name, contracts, list(curve), "ink", told=told(curve), width=2.0))
    return tuple(marks)


def _labels(fan: PriceFan, spot: float, decimals: int, span: tuple[float, float]) -> tuple[Label, ...]:
    words = [
        (spot, say("chart.index", price=fmt.price(spot, decimals)), False),
        (
            float(fan.mean_per_mtok[-1]),
            say("chart.mean", price=fmt.price(float(fan.mean_per_mtok[-1]), decimals)),
            False,
        ),
    ]
    if fan.curve.price_per_mtok.size:
        last = float(fan.curve.price_per_mtok[-1])
        words.append((last, say("chart.curve", price=fmt.price(last, decimals)), True))
    words.sort()
    places = spread([word[0] for word in words], 0.075 * (span[1] - span[0]), span)
    return tuple(Label(text, 1.0, y, "edge", "left", bold=b) for y, (_, text, b) in zip(places, words, strict=True))


def _alt(fan: PriceFan, spot: float, unit: str, decimals: int) -> str:
    curve = fan.curve
    if not curve.delivery_months.size:
        return say("figure.curve.alt_none", unit=unit, spot=fmt.price(spot, decimals))
    return say(
        "figure.curve.alt",
        unit=unit,
        spot=fmt.price(spot, decimals),
        first=fmt.month(curve.delivery_months[0]),
        near=fmt.price(float(curve.price_per_mtok[0]), decimals),
        last=fmt.month(curve.delivery_months[-1]),
        far=fmt.price(float(curve.price_per_mtok[-1]), decimals),
        mean=fmt.price(float(fan.mean_per_mtok[-1]), decimals),
    )
