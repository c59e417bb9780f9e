"""A fitted model's fan against the history it was fitted to, with its paths, and another model beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.fan import date_ticks, fills, spread
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelFit, ModelStudy
    from hedgedesk.domain.values import Dates

PAST_DAYS = 400
"""At least so much of the history is drawn, and as much as there is future."""
TAME = 1.6
"""The axis is one for all models, unless another reaches higher than so many times what is shown."""


def model_fan(study: ModelStudy, fit: ModelFit, beside: ModelFit | None = None, *, paths: bool = False) -> Chart:
    """History (ink), quantiles of the model (teal) or some of its paths; of ``beside`` the ends and middle (slate)."""
    unit, decimals = fits.unit(study), fits.decimals(study)
    start = _start(study, fit)
    low, high = _span(study, fit, beside, start)
    name = price_model(fit.summary.name)
    key = "figure.model_fan.unit_beside" if beside is not None else "figure.model_fan.unit"
    other = "" if beside is None else price_model(beside.summary.name)
    end = max(str(each.dates[-1]) for each in (fit, beside) if each is not None)
    return Chart(
        "fan",
        say("figure.model_fan.title", model=name),
        say(key, unit=unit, other=other),
        _alt(study, fit, unit, decimals),
        (*_fills(fit, pale=paths), *_beside(beside, decimals), *_lines(study, fit, start, decimals, paths=paths)),
        (*_ends(fit, (low, high), decimals), _today(study, start, end, high)),
        (Rule(str(study.as_of), "control"),),
        x=Axis(str(start), end, date_ticks(start.astype("datetime64[M]"), np.datetime64(end, "M")), dates=True),
        y=Axis(low, high, ticks(low, high)),
        right=98,
    )


def _start(study: ModelStudy, fit: ModelFit) -> np.datetime64:
    """First date that is drawn."""
    room = max(PAST_DAYS, int((fit.dates[-1] - study.as_of).astype(int)))
    wanted = study.as_of - np.timedelta64(room, "D")
    return max(wanted, study.history_dates[0]) if study.history_dates.size > 1 else wanted


def _span(study: ModelStudy, fit: ModelFit, beside: ModelFit | None, start: np.datetime64) -> tuple[float, float]:
    past = study.history_per_mtok[study.history_dates >= start]
    shown = [each for each in (fit, beside) if each is not None]
    own = max(float(past.max(initial=fits.spot(study))), *(float(each.fan_per_mtok.max()) for each in shown))
    every = max(float(each.fan_per_mtok.max()) for each in study.fits)
    least = min(float(past.min(initial=fits.spot(study))), *(float(each.fan_per_mtok.min()) for each in study.fits))
    high = max(own, every) if every <= TAME * own else own
    return max(0.0, least - 0.05 * (high - least)), high + 0.1 * (high - least)


def _fills(fit: ModelFit, *, pale: bool) -> list[Mark]:
    return fills(fit.levels, _texts(fit.dates), fit.fan_per_mtok.tolist(), pairs=1 if pale else None)


def _beside(beside: ModelFit | None, decimals: int) -> list[Mark]:
    if beside is None:
        return []
    name, x = price_model(beside.summary.name), _texts(beside.dates)
    marks = []
    for level, dash in ((fits.LOW, "dash"), (fits.MIDDLE, "dot"), (fits.HIGH, "dash")):
        values = fits.quantile(beside, level).tolist()
        told = [fmt.price(value, decimals) for value in values]
        label = say("figure.model_fan.beside", model=name, level=fmt.share(level))
        marks.append(Mark("line", label, x, values, "slate", told=told, dash=dash, width=1.4))
    return marks


def _lines(study: ModelStudy, fit: ModelFit, start: np.datetime64, decimals: int, *, paths: bool) -> list[Mark]:
    marks = [_paths(fit)] if paths and fit.paths_per_mtok.size else []
    middle = fits.quantile(fit, fits.MIDDLE).tolist()
    marks.append(
        Mark(
            "line",
            say("figure.model_fan.median"),
            _texts(fit.dates),
            middle,
            "teal",
            told=_reach(fit, decimals),
            dash="dot",
        )
    )
    keep = study.history_dates >= start
    past = study.history_per_mtok[keep].tolist()
    told = [fmt.price(value, decimals) for value in past]
    marks.append(
        Mark("line", say("figure.model_fan.history"), _texts(study.history_dates[keep]), past, "ink", told=told)
    )
    return [*marks, *_jumps(study, fit, start)]


def _paths(fit: ModelFit) -> Mark:
    """All paths as one line with gaps: one trace is drawn far faster than many."""
    dates: list[object] = [*_texts(fit.dates), None]
    x: list[object] = []
    y: list[float | None] = []
    for path in fit.paths_per_mtok.tolist():
        x += dates
        y += [*path, None]
    return Mark("line", say("figure.model_fan.paths"), x, y, "teal", width=0.8)


def _jumps(study: ModelStudy, fit: ModelFit, start: np.datetime64) -> list[Mark]:
    """Where on the history the model has found jumps, up (amber) and down (teal)."""
    marks = []
    for name, tone, up in (("jump_up", "amber", True), ("jump_down", "teal", False)):
        found = [jump for jump in fit.jumps if (jump.log_size > 0) is up and jump.date >= start]
        if found:
            x: list[object] = [part for jump in found for part in (str(jump.date), None)]
            y = [part for jump in found for part in (_price_on(study, jump.date), None)]
            told = [text for jump in found for text in (fmt.share(float(np.expm1(jump.log_size)), signed=True), "")]
            marks.append(Mark("dots", say(f"figure.model_fan.{name}"), x, y, tone, told=told))
    return marks


def _price_on(study: ModelStudy, date: np.datetime64) -> float:
    place = int(np.searchsorted(study.history_dates, date, side="right")) - 1
    return float(study.history_per_mtok[max(place, 0)])


def _reach(fit: ModelFit, decimals: int) -> list[str]:
    inside = fmt.share(float(fit.levels[-1] - fit.levels[0]))
    low, high = fit.fan_per_mtok[0].tolist(), fit.fan_per_mtok[-1].tolist()
    return [
        say(
            "chart.reach",
            price=fmt.price(middle, decimals),
            share=inside,
            low=fmt.price(least, decimals),
            high=fmt.price(most, decimals),
        )
        for middle, least, most in zip(fits.quantile(fit, fits.MIDDLE).tolist(), low, high, strict=True)
    ]


def _ends(fit: ModelFit, span: tuple[float, float], decimals: int) -> list[Label]:
    words: list[tuple[float, str]] = []
    for level in (fits.LOW, 0.25, fits.MIDDLE, 0.75, fits.HIGH):
        price = float(fits.quantile(fit, level)[-1])
        text = fmt.price(price, decimals)
        words.append(
            (
                price,
                say("chart.median", price=text)
                if level == fits.MIDDLE
                else say("chart.quantile", level=fmt.share(level), price=text),
            )
        )
    words.sort()
    places = spread([price for price, _ in words], 0.068 * (span[1] - span[0]), span)
    return [Label(text, 1.0, y, "edge", "left") for y, (_, text) in zip(places, words, strict=True)]


def _today(study: ModelStudy, start: np.datetime64, end: str, high: float) -> Label:
    first, last = start.astype("datetime64[D]"), np.datetime64(end, "D")
    early = (study.as_of - first).astype(float) < 0.2 * (last - first).astype(float)
    return Label(fmt.day(study.as_of), str(study.as_of), high, anchor="left" if early else "right", lift=-8)


def _texts(dates: Dates) -> list[object]:
    return list(np.datetime_as_string(dates, unit="D").tolist())


def _alt(study: ModelStudy, fit: ModelFit, unit: str, decimals: int) -> str:
    ends = {level: fmt.price(float(fits.quantile(fit, level)[-1]), decimals) for level in (0.05, 0.5, 0.95)}
    return say(
        "figure.model_fan.alt",
        model=price_model(fit.summary.name),
        index=study.index,
        unit=unit,
        as_of=fmt.day(study.as_of),
        spot=fmt.price(fits.spot(study), decimals),
        last=fmt.day(fit.dates[-1]),
        low=ends[0.05],
        median=ends[0.5],
        high=ends[0.95],
        jumps=len(fit.jumps),
    )
