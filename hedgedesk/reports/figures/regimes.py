"""How likely each regime was, date by date, stacked to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.fan import date_ticks, spread
from hedgedesk.reports.messages import catalogue, say

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import RegimePath

TONES = {"price war": ("teal", 0.85), "calm": ("slate", 0.22), "shortage": ("amber", 0.85)}
"""Falling prices are better for a buyer, rising ones worse; calm is neither."""
OTHER = ("violet", 0.85)
HALVES = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))


def regime_path(path: RegimePath) -> Chart:
    """Price war (teal) below, calm (grey), shortage (amber) on top."""
    x: list[object] = list(np.datetime_as_string(path.dates, unit="D").tolist())
    tops = np.cumsum(path.probability, axis=1)
    floors = tops - path.probability
    marks = []
    for k, name in enumerate(path.names):
        tone, strength = TONES.get(name, OTHER)
        top, floor = tops[:, k].tolist(), floors[:, k].tolist()
        told = [fmt.chance(p) for p in path.probability[:, k].tolist()]
        marks.append(Mark("fill", _named(name), x, list(top), tone, base=floor, strength=strength))
        marks.append(Mark("line", _named(name), x, list(top), tone, told=told, width=0.0))
    first, last = path.dates[0].astype("datetime64[M]"), path.dates[-1].astype("datetime64[M]")
    return Chart(
        "fan",
        say("figure.regimes.title"),
        say("figure.regimes.unit"),
        _alt(path),
        tuple(marks),
        _labels(path),
        x=Axis(str(path.dates[0]), str(path.dates[-1]), date_ticks(first, last), dates=True),
        y=Axis(0.0, 1.0, HALVES),
        right=118,
    )


def _named(name: str) -> str:
    return catalogue().get(f"regime.{name.replace(' ', '_')}", name)


def _labels(path: RegimePath) -> tuple[Label, ...]:
    now = path.probability[-1]
    middles = (np.cumsum(now) - now / 2).tolist()
    places = spread(middles, 0.1, (0.04, 0.96))
    return tuple(
        Label(
            f"{_named(name)} {fmt.chance(float(now[k]))}",
            1.0,
            places[k],
            "edge",
            "left",
            TONES.get(name, OTHER)[0],
        )
        for k, name in enumerate(path.names)
    )


def _alt(path: RegimePath) -> str:
    now = ", ".join(
        f"{_named(name)} {fmt.chance(float(p))}" for name, p in zip(path.names, path.probability[-1], strict=True)
    )
    likeliest = path.probability.argmax(axis=1)
    shares = ", ".join(
        f"{_named(name)} {fmt.share(float((likeliest == k).mean()))}" for k, name in enumerate(path.names)
    )
    return say(
        "figure.regimes.alt",
        first=fmt.day(path.dates[0]),
        last=fmt.day(path.dates[-1]),
        now=now,
        shares=shares,
    )
