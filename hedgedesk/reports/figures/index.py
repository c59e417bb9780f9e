"""The desk's own index: its prints, what they would be without the screens, and the contract's index beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports import prints
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.fan import date_ticks, spread
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.domain.scenarios import PriceFan
    from hedgedesk.domain.values import Dates, Floats
    from hedgedesk.reports.prints import Reference

ROOM = 0.10
"""Of the span of values, above and below."""
WIDEST_HALF = 0.02
"""An index that moved less than this share of its level either way is drawn in that span: it stood still."""


def index_prints(study: IndexStudy, fan: PriceFan | None = None) -> Chart:
    """The index (teal), without the screens (amber, dotted) where they matter, the contract's index (ink).

    Carried prints are dots on the line. Of a run's ``fan`` the contract's index is drawn where the units allow it.
    """
    beside = None if fan is None else prints.reference(study, fan)
    decimals = prints.decimals_of(study)
    low, high = _span(study, beside)
    first, last = (day.astype("datetime64[M]") for day in (study.dates[0], study.dates[-1]))
    unit = prints.unit_of(study)
    if beside is not None and beside.met is not None:
        unit = say("figure.index.unit_met", unit=unit, name=beside.name, date=fmt.day(beside.met))
    return Chart(
        "fan",
        say("figure.index.title", method=prints.method_title(study).lower()),
        unit,
        _alt(study, unit, decimals),
        _marks(study, beside, decimals),
        _labels(study, beside, decimals, (low, high)),
        x=Axis(f"{first}-01", str(study.dates[-1]), date_ticks(first, last), dates=True),
        y=Axis(low, high, ticks(low, high)),
        right=128,
    )


def _span(study: IndexStudy, beside: Reference | None) -> tuple[float, float]:
    drawn = [study.values, study.unscreened, *(() if beside is None else (beside.values,))]
    low, high = (float(end) for end in (min(v.min() for v in drawn), max(v.max() for v in drawn)))
    middle = (low + high) / 2
    half = max((high - low) / 2 * (1 + 2 * ROOM), WIDEST_HALF * middle)
    return max(0.0, middle - half), middle + half


def _marks(study: IndexStudy, beside: Reference | None, decimals: int) -> tuple[Mark, ...]:
    marks = []
    if prints.is_screened(study):
        marks.append(_line("unscreened", study.dates, study.unscreened, "amber", decimals, dash="dot"))
    marks.append(_line("value", study.dates, study.values, "teal", decimals, width=2.0))
    if beside is not None:
        marks.append(_line("reference", beside.dates, beside.values, "ink", decimals, dash="dash", width=1.2))
    if (again := prints.carried(study)).any():
        marks.append(_dots(study.dates[again], study.values[again], decimals))
    return tuple(marks)


def _line(
    name: str, dates: Dates, values: Floats, tone: str, decimals: int, *, dash: str = "", width: float = 1.6
) -> Mark:
    told = [fmt.price(value, decimals) for value in values.tolist()]
    x: list[object] = [str(day) for day in dates]
    return Mark("line", say(f"figure.index.{name}"), x, values.tolist(), tone, told=told, width=width, dash=dash)


def _dots(dates: Dates, values: Floats, decimals: int) -> Mark:
    """Dots alone: a gap after each keeps them from being joined."""
    x: list[object] = [part for day in dates for part in (str(day), None)]
    y = [part for value in values.tolist() for part in (value, None)]
    told = [text for value in values.tolist() for text in (fmt.price(value, decimals), "")]
    return Mark("dots", say("figure.index.carried"), x, y, "ink", told=told)


def _labels(study: IndexStudy, beside: Reference | None, decimals: int, span: tuple[float, float]) -> tuple[Label, ...]:
    """Every line's name and newest value at the right edge."""
    words = [(float(study.values[-1]), "value", "teal", True)]
    if prints.is_screened(study):
        words.append((float(study.unscreened[-1]), "unscreened", "amber", False))
    if beside is not None:
        words.append((float(beside.values[-1]), "reference", "-ink", False))
    words.sort()
    places = spread([word[0] for word in words], 0.085 * (span[1] - span[0]), span)
    labels = [
        Label(f"{say(f'figure.index.{name}')} {fmt.price(value, decimals)}", 1.0, y, "edge", "left", key, bold)
        for y, (value, name, key, bold) in zip(places, words, strict=True)
    ]
    if prints.carried(study).any():
        labels.append(Label(say("figure.index.carried_key"), 0.0, 1.0, "corner", "left"))
    return tuple(labels)


def _alt(study: IndexStudy, unit: str, decimals: int) -> str:
    key = "figure.index.alt_screened" if prints.is_screened(study) else "figure.index.alt_same"
    screens = say(key, value=fmt.price(float(study.unscreened[-1]), decimals))
    return say(
        "figure.index.alt",
        method=prints.method_title(study),
        unit=unit,
        first=fmt.day(study.dates[0]),
        last=fmt.day(study.dates[-1]),
        start=fmt.price(float(study.values[0]), decimals),
        end=fmt.price(float(study.values[-1]), decimals),
        low=fmt.price(float(np.min(study.values)), decimals),
        high=fmt.price(float(np.max(study.values)), decimals),
        carried=int(prints.carried(study).sum()),
        screens=screens,
    )
