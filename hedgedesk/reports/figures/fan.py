"""The index's past, today's curve and the fan of simulated futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.scenarios import PriceFan
    from hedgedesk.domain.values import Floats

STRENGTHS = (0.13, 0.13, 0.20)
"""Of the areas, from the outermost inward."""


def price_fan(fan: PriceFan) -> Chart:
    """The index's past and today's curve (ink) in the quantiles of the simulated monthly averages (teal)."""
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    unit = fmt.per_unit(fan.currency, fan.unit)
    key = "figure.fan.unit_indicative" if fan.curve.indicative else "figure.fan.unit"
    today, months = str(fan.as_of)[:10], [_middle(m) for m in fan.months]
    past = _recent(fan)
    spot = past[-1][1]
    quantiles = [[spot, *row] for row in fan.quantile_per_mtok.tolist()]
    x: list[object] = [today, *months]
    marks = [*fills(fan.levels, x, quantiles), *_fan_lines(fan, x, quantiles, past, decimals)]
    low, high = _price_range(fan, past)
    ends = [(float(fan.levels[q]), quantiles[q][-1]) for q in range(fan.levels.size)]
    chart_labels = _fan_labels(fan, ends, (low, high), decimals)
    start, end = past[0][0], str(x[-1])
    return Chart(
        "fan",
        say("figure.fan.title"),
        say(key, unit=unit),
        _fan_alt(fan, spot, ends, decimals, unit),
        tuple(marks),
        (
            *chart_labels,
            Label(fmt.day(fan.as_of), today, high, anchor=_side(start, today, end), lift=-8),
            Label(
                say("chart.index", price=fmt.price(spot, decimals)),
                today,
                _beneath(past),
                anchor="right",
                bold=True,
                lift=-11,
            ),
        ),
        (Rule(today, "control"),),
        x=Axis(start, end, date_ticks(np.datetime64(start, "M"), np.datetime64(end, "M")), dates=True),
        y=Axis(low, high, ticks(low, high)),
        right=98,
    )


def _side(start: str, today: str, end: str) -> str:
    """Where words beside today's rule end (right) or begin (left): past the rule where it stands by the price axis."""
    first, now, last = (np.datetime64(day, "D").astype(float) for day in (start, today, end))
    return "left" if now - first < 0.2 * (last - first) else "right"


def _middle(month: np.datetime64) -> str:
    """A month's average stands at its middle."""
    return f"{str(month)[:7]}-15"


def _recent(fan: PriceFan) -> list[tuple[str, float]]:
    """As much of the past as there is future, at least a year."""
    start = fan.as_of.astype("datetime64[M]") - np.timedelta64(max(12, fan.months.size), "M")
    keep = fan.history_dates >= start.astype("datetime64[D]")
    if int(keep.sum()) < 2:
        keep[-2:] = True
    dates = np.datetime_as_string(fan.history_dates[keep], unit="D").tolist()
    return list(zip(dates, fan.history_per_mtok[keep].tolist(), strict=True))


def _beneath(past: list[tuple[str, float]]) -> float:
    """A place below the newest stretch of the index, where a label of it crosses no line."""
    return min(price for _, price in past[-max(2, len(past) // 3) :])


def fills(levels: Floats, x: list[object], quantiles: list[list[float]], *, pairs: int | None = None) -> list[Mark]:
    """The areas between pairs of quantiles, the outermost first.

    Parameters
    ----------
    levels
        (Q,) of the quantiles, rising.
    x
        Dates.
    quantiles
        Q rows, a price for each date.
    pairs
        How many; None: all.
    """
    return [
        Mark(
            "fill",
            f"{fmt.share(float(levels[q]))} {fmt.DASH} {fmt.share(float(levels[-1 - q]))}",
            x,
            list(quantiles[-1 - q]),
            "teal",
            base=quantiles[q],
            strength=STRENGTHS[min(q, 2)],
        )
        for q in range(levels.size // 2 if pairs is None else pairs)
    ]


def _fan_lines(
    fan: PriceFan, x: list[object], quantiles: list[list[float]], past: list[tuple[str, float]], decimals: int
) -> list[Mark]:
    def told(values: list[float]) -> list[str]:
        return [fmt.price(v, decimals) for v in values]

    middle = quantiles[fan.levels.size // 2]
    inside = fmt.share(float(fan.levels[-1] - fan.levels[0]))
    reach = [
        say(
            "chart.reach",
            price=fmt.price(m, decimals),
            share=inside,
            low=fmt.price(a, decimals),
            high=fmt.price(b, decimals),
        )
        for m, a, b in zip(middle, quantiles[0], quantiles[-1], strict=True)
    ]
    curve = fan.curve.price_per_mtok.tolist()
    places: list[object] = [_middle(m) for m in fan.curve.delivery_months]
    return [
        Mark("line", say("chart.median", price="").strip(), x, list(middle), "teal", told=reach, dash="dot"),
        Mark(
            "line",
            say("chart.index", price="").strip(),
            [d for d, _ in past],
            [p for _, p in past],
            "ink",
            told=told([p for _, p in past]),
        ),
        Mark("dots", say("chart.curve", price="").strip(), places, list(curve), "ink", told=told(curve), width=2.0),
    ]


def _price_range(fan: PriceFan, past: list[tuple[str, float]]) -> tuple[float, float]:
    drawn = [*(p for _, p in past), *fan.curve.price_per_mtok.tolist()]
    low = min(float(fan.quantile_per_mtok[0].min()), *drawn)
    high = max(float(fan.quantile_per_mtok[-1].max()), *drawn)
    room = 0.08 * (high - low)
    return max(0.0, low - room), high + 1.5 * room


def _fan_labels(
    fan: PriceFan, ends: list[tuple[float, float]], span: tuple[float, float], decimals: int
) -> list[Label]:
    words: list[tuple[float, str, bool]] = []
    for level, price in ends:
        if level in (0.05, 0.25, 0.75, 0.95):
            words.append(
                (price, say("chart.quantile", level=fmt.share(level), price=fmt.price(price, decimals)), False)
            )
        elif level == 0.5:
            words.append((price, say("chart.median", price=fmt.price(price, decimals)), False))
    curve = fan.curve.price_per_mtok.tolist()
    told = say("chart.curve", price=fmt.price(curve[-1], decimals)) if curve else ""
    reaches = bool(curve) and fan.curve.delivery_months[-1] >= fan.months[-1]
    if reaches:
        words.append((curve[-1], told, True))
    words.sort()
    places = spread([w[0] for w in words], 0.068 * (span[1] - span[0]), span)
    labels = [Label(text, 1.0, y, "edge", "left", bold=b) for y, (_, text, b) in zip(places, words, strict=True)]
    if curve and not reaches:
        labels.append(Label(told, _middle(fan.curve.delivery_months[-1]), curve[-1], bold=True, lift=12))
    return labels


def spread(places: list[float], gap: float, span: tuple[float, float]) -> list[float]:
    """Rising ``places`` pushed apart to at least ``gap``, kept inside ``span`` as far as there is room."""
    out: list[float] = []
    for place in places:
        out.append(place if not out else max(place, out[-1] + gap))
    for k in reversed(range(len(out))):
        above = out[k + 1] - gap if k + 1 < len(out) else span[1]
        out[k] = min(out[k], above)
    # Half of what was pushed up is given back downwards, so that a cluster stays centred on its lines.
    for k, place in enumerate(places):
        floor = out[k - 1] + gap if k else span[0]
        out[k] = max(floor, min(out[k], (out[k] + place) / 2))
    return out


def date_ticks(first: np.datetime64, last: np.datetime64) -> tuple[tuple[object, str], ...]:
    """Quarters (half years over three years) with the year under the first tick and every January."""
    count = int((last - first).astype(int)) + 1
    step = 3 if count <= 30 else 6 if count <= 60 else 12
    ticks: list[tuple[object, str]] = []
    for month in np.arange(first, last + np.timedelta64(1, "M")):
        if (int(str(month)[5:7]) - 1) % step == 0:
            year = not ticks or fmt.month_name(month) == "Jan"
            ticks.append((f"{month}-01", fmt.month_name(month) + (f"\n{fmt.year_of(month)}" if year else "")))
    return tuple(ticks)


def _fan_alt(fan: PriceFan, spot: float, ends: list[tuple[float, float]], decimals: int, unit: str) -> str:
    at = {level: fmt.price(price, decimals) for level, price in ends}
    return say(
        "figure.fan.alt",
        index=fan.index,
        as_of=fmt.day(fan.as_of),
        spot=fmt.price(spot, decimals),
        unit=unit,
        first=fmt.month(fan.months[0]),
        last=fmt.month(fan.months[-1]),
        median=at.get(0.5, fmt.DASH),
        low=at.get(0.05, fmt.DASH),
        high=at.get(0.95, fmt.DASH),
        curve=fmt.price(float(fan.curve.price_per_mtok[-1]) if fan.curve.price_per_mtok.size else None, decimals),
    )
